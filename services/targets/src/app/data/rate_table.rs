//! Everything that rates of a basis are computed from, read once.

use std::collections::{BTreeMap, HashMap};

use futures::{StreamExt as _, pin_mut};
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};

use crate::{
    app::App,
    domain::{
        DataRefusal,
        case_mix::{Measure, PmsiField},
        class_secrecy::Classes,
        demography::CLASSES,
        geography::{self, AreaKind},
        rates::{Cases, Inhabitants, Outcome, Reference, add_inhabitants, rates},
        territory::{Territory, TerritoryVersion, by_area},
    },
    grpc::{data::kinds, scalars},
    store::{case_mix, population, territory},
};

/// Activities that one table has at most.
const ACTIVITIES: usize = 200;
/// Years between inhabitants and cases, at most: the census that is known when a base closes is two years old, and an
/// estimate may lag by one more.
const LAG: u16 = 3;

/// What is asked, read and found.
pub(crate) struct Basis {
    pub(crate) field: PmsiField,
    pub(crate) year: i16,
    pub(crate) measure: Measure,
    pub(crate) version: TerritoryVersion,
    pub(crate) territories: Vec<Territory>,
    /// What the territories are compared with; none for all of them together.
    pub(crate) reference: Option<(TerritoryVersion, Vec<Territory>)>,
    population: population::Population,
    activities: Vec<String>,
}

/// Cases and inhabitants of every territory, and what they are compared with.
pub(crate) struct RateTable {
    pub(crate) basis: Basis,
    /// In the order of their codes.
    pub(crate) activities: Vec<String>,
    pub(crate) inhabitants: Vec<Inhabitants>,
    pub(crate) reference_inhabitants: Inhabitants,
    /// By territory, then by activity.
    pub(crate) cases: Vec<Vec<Cases>>,
    pub(crate) reference_cases: Vec<Cases>,
    pub(crate) cases_elsewhere: i64,
    pub(crate) cases_without_class: i64,
    pub(crate) data_version: String,
    pub(crate) population_year: i16,
    /// Cases by activity and place of residence within the territories or the reference, with those without a night
    /// among them.
    pub(crate) places: Places,
    /// The same by class, when they are asked for: a publication is judged by them.
    pub(crate) classes: Classes,
}

/// Cases and those without a night, by activity and residence.
pub(crate) type Places = BTreeMap<String, BTreeMap<String, (i64, i64)>>;

impl Basis {
    pub(crate) async fn read(app: &App, call: &Call, basis: &pb::RateBasis) -> Result<Self, Error> {
        let field = kinds::field(basis.field())
            .ok_or_else(|| Error::invalid("basis.field", "is not a field of the PMSI"))?;
        let measure = kinds::measure(basis.unit())
            .ok_or_else(|| Error::invalid("basis.unit", "is not a unit of case-mix"))?;
        let year =
            i16::try_from(basis.year).map_err(|error| Error::invalid("basis.year", error))?;
        let (version, territories) = division(app, &basis.territory_version).await?;
        call.caller
            .require_region(version.region, &call.permission)?;
        let reference = match basis.reference.as_str() {
            "" => None,
            name => Some(division(app, name).await?),
        };
        let id = scalars::id_of(&basis.population);
        let population = population::find(app.db.pool(), id)
            .await?
            .ok_or_else(|| DataRefusal::PopulationUnknown(basis.population.clone()))?;
        if population.year.abs_diff(year) > LAG {
            return Err(DataRefusal::PopulationWrongYear {
                population_year: population.year,
                year,
            }
            .into());
        }
        let of_communes = |version: &TerritoryVersion| version.composed_of == AreaKind::Commune;
        let fine = of_communes(&version) || reference.as_ref().is_some_and(|(v, _)| of_communes(v));
        if fine && population.areas == AreaKind::Department {
            return Err(DataRefusal::PopulationTooCoarse.into());
        }
        Ok(Self {
            field,
            year,
            measure,
            version,
            territories,
            reference,
            population,
            activities: basis.activities.clone(),
        })
    }

    /// Reads cases and inhabitants, with the classes of each place of residence for a publication.
    pub(crate) async fn load(self, app: &App, keeps_classes: bool) -> Result<RateTable, Error> {
        let classes = population::classes(app.db.pool(), &self.population.id).await?;
        let inhabitants = inhabitants(
            &self.version,
            &self.territories,
            &classes,
            self.population.areas,
        )?;
        let mut reference_inhabitants = [0; crate::domain::demography::STRATA];
        let of_reference = match &self.reference {
            None => inhabitants.clone(),
            Some((version, territories)) => {
                self::inhabitants(version, territories, &classes, self.population.areas)?
            }
        };
        for territory in &of_reference {
            for (sum, count) in reference_inhabitants.iter_mut().zip(territory) {
                *sum += count;
            }
        }
        let mut gathered = self.gather(app, keeps_classes).await?;
        let activities: Vec<String> = gathered.by_activity.keys().cloned().collect();
        if activities.is_empty() {
            return Err(DataRefusal::NoCases {
                field: self.field,
                year: self.year,
            }
            .into());
        }
        if activities.len() > ACTIVITIES {
            return Err(DataRefusal::TooManyActivities {
                count: activities.len(),
                limit: ACTIVITIES,
            }
            .into());
        }
        let mut cases: Vec<Vec<Cases>> = vec![Vec::new(); self.territories.len()];
        let mut reference_cases = Vec::new();
        for of_activity in std::mem::take(&mut gathered.by_activity).into_values() {
            reference_cases.push(of_activity.reference);
            for (row, cell) in cases.iter_mut().zip(of_activity.territories) {
                row.push(cell);
            }
        }
        let cases_without_class = cases.iter().flatten().map(Cases::unclassed).sum();
        Ok(RateTable {
            data_version: self.data_version(app).await?,
            population_year: self.population.year,
            activities,
            inhabitants,
            reference_inhabitants,
            cases,
            reference_cases,
            cases_elsewhere: gathered.elsewhere,
            cases_without_class,
            places: gathered.places,
            classes: gathered.classes,
            basis: self,
        })
    }

    async fn gather(&self, app: &App, keeps_classes: bool) -> Result<Gathered, Error> {
        let here = by_area(&self.territories);
        let there = self
            .reference
            .as_ref()
            .map(|(version, territories)| (version.composed_of, by_area(territories)));
        let mut found: HashMap<String, (Option<usize>, bool)> = HashMap::new();
        let mut gathered = Gathered {
            keeps_classes,
            ..Gathered::default()
        };
        let rows = case_mix::profiles(
            app.db.pool(),
            self.field,
            self.year,
            self.measure,
            &self.activities,
        );
        pin_mut!(rows);
        while let Some(row) = rows.next().await {
            let row = row?;
            if !self.measure.counts(row.mode) {
                continue;
            }
            let known = found.get(&row.residence).copied();
            let (place, is_reference) = known.unwrap_or_else(|| {
                let area = geography::area(&row.residence, self.version.composed_of);
                let place = area.and_then(|area| here.get(area)).copied();
                let is_reference = match &there {
                    None => place.is_some(),
                    Some((kind, areas)) => geography::area(&row.residence, *kind)
                        .is_some_and(|area| areas.contains_key(area)),
                };
                found.insert(row.residence.clone(), (place, is_reference));
                (place, is_reference)
            });
            gathered.take(&row, place, is_reference, self.territories.len());
        }
        Ok(gathered)
    }

    /// The imports that are current and the population: what a table computed again would have to find unchanged.
    async fn data_version(&self, app: &App) -> Result<String, Error> {
        let imports = case_mix::current_imports(app.db.pool(), self.field, self.year).await?;
        let mut hash = Sha256::new();
        for import in imports {
            hash.update(import.0.as_bytes());
        }
        hash.update(&self.population.sha256);
        let digest = hex::encode(hash.finalize());
        let short = digest.get(..16).unwrap_or_default();
        Ok(format!(
            "{}-{}-{short}",
            self.field.as_str().to_lowercase(),
            self.year
        ))
    }
}

#[derive(Default)]
struct Gathered {
    by_activity: BTreeMap<String, OfActivity>,
    elsewhere: i64,
    places: Places,
    keeps_classes: bool,
    classes: Classes,
}

struct OfActivity {
    territories: Vec<Cases>,
    reference: Cases,
}

impl Gathered {
    fn take(
        &mut self,
        row: &case_mix::ProfileRow,
        place: Option<usize>,
        is_reference: bool,
        territories: usize,
    ) {
        let cells = || row.cells.as_slice();
        let sum = || cells().iter().map(|cell| i64::from(*cell)).sum::<i64>();
        if place.is_none() {
            self.elsewhere += sum();
        }
        if place.is_none() && !is_reference {
            return;
        }
        let of_activity = match self.by_activity.get_mut(&row.activity) {
            Some(known) => known,
            None => self
                .by_activity
                .entry(row.activity.clone())
                .or_insert_with(|| OfActivity {
                    territories: vec![Cases::default(); territories],
                    reference: Cases::default(),
                }),
        };
        if is_reference {
            of_activity
                .reference
                .add_cells(row.mode, cells(), row.masked);
        }
        if let Some(cases) = place.and_then(|place| of_activity.territories.get_mut(place)) {
            cases.add_cells(row.mode, cells(), row.masked);
        }
        let places = self.places.entry(row.activity.clone()).or_default();
        let (all, ambulatory) = places.entry(row.residence.clone()).or_default();
        *all += sum();
        if row.mode == crate::domain::case_mix::Mode::Ambulatory {
            *ambulatory += sum();
        }
        if self.keeps_classes {
            let places = self.classes.entry(row.activity.clone()).or_default();
            let classes = places.entry(row.residence.clone());
            let classes = classes.or_insert_with(|| vec![0; CLASSES]);
            for (sum, cell) in classes.iter_mut().zip(cells()) {
                *sum += *cell;
            }
        }
    }
}

impl RateTable {
    /// The outcome of a territory and an activity, by their places.
    pub(crate) fn outcome(&self, territory: usize, activity: usize) -> Option<Outcome> {
        let reference = Reference {
            inhabitants: &self.reference_inhabitants,
            cases: self.reference_cases.get(activity)?,
        };
        let cases = self.cases.get(territory)?.get(activity)?;
        Some(rates(self.inhabitants.get(territory)?, cases, reference))
    }
}

async fn division(app: &App, name: &str) -> Result<(TerritoryVersion, Vec<Territory>), Error> {
    let id = scalars::id_of(name);
    let imported = territory::find(app.db.pool(), id)
        .await?
        .ok_or_else(|| DataRefusal::TerritoryVersionUnknown(name.to_owned()))?;
    let territories = territory::all(app.db.pool(), id).await?;
    Ok((imported.version, territories))
}

/// Inhabitants of each territory.
fn inhabitants(
    version: &TerritoryVersion,
    territories: &[Territory],
    classes: &BTreeMap<String, Vec<i32>>,
    areas: AreaKind,
) -> Result<Vec<Inhabitants>, Error> {
    let mut by_area: BTreeMap<&str, Inhabitants> = BTreeMap::new();
    for (area, counts) in classes {
        let area = match (areas, version.composed_of) {
            (AreaKind::Commune, AreaKind::Department) => geography::department(area),
            _ => area,
        };
        let sum = by_area
            .entry(area)
            .or_insert([0; crate::domain::demography::STRATA]);
        add_inhabitants(sum, counts);
    }
    territories
        .iter()
        .map(|territory| {
            let mut sum = [0; crate::domain::demography::STRATA];
            for area in &territory.areas {
                let known = by_area
                    .get(area.as_str())
                    .ok_or_else(|| DataRefusal::PopulationIncomplete { area: area.clone() })?;
                for (total, count) in sum.iter_mut().zip(known) {
                    *total += count;
                }
            }
            Ok(sum)
        })
        .collect()
}
