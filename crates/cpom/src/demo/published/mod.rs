//! The demonstration on published data: the registry of the SAE and the MCO activity of `ScanSanté`.
//!
//! Targets are illustrative, and say so: nobody negotiated them. They are the mean of the four years
//! before the contract, as pilot indicators, because volumes have not been opposable since 2011
//! (circulaire DGOS/R5/2011/485).

pub mod activity;
pub mod division;
pub mod means;
pub mod registry;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use kernel::{Finess, Region};
use proto::{
    targets::v1::{Absence, Baseline, IndicatorValue, Objective, ObjectiveKind, YearlyTarget},
    types::v1::Unit,
};

use self::{
    activity::{Activity, Published, Series},
    means::{Mean, REFERENCE_YEARS, mean},
    registry::{Registry, Site},
};
use super::plan::{
    CONTRACT_YEARS, CONTROLLED_YEARS, Plan, PlannedContract, RegistryFile, Tolerance, Unjoined,
    absent, number, value,
};
use crate::output::french;

const REGISTRY: &str = "registry/etablissements_sanitaires_france_sae2023.csv";
const ACTIVITY: &str = "activity/scansante_mco_2015_2024_france.csv";
const SOURCE: &str = "ScanSanté MCO (ATIH), activité publiée par établissement";

/// What the published file counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Stays,
    Sessions,
}

impl Measure {
    const ALL: [Self; 2] = [Self::Stays, Self::Sessions];

    fn indicator(self) -> &'static str {
        match self {
            Self::Stays => "MCO_STAYS",
            Self::Sessions => "MCO_SESSIONS",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Self::Stays => Unit::Stays,
            Self::Sessions => Unit::Sessions,
        }
    }

    fn of(self, activity: &Activity) -> Published {
        match self {
            Self::Stays => activity.stays,
            Self::Sessions => activity.sessions,
        }
    }

    fn french(self) -> &'static str {
        match self {
            Self::Stays => "séjours hors séances",
            Self::Sessions => "séances",
        }
    }

    fn id(self, subject: Finess) -> String {
        let kind = match self {
            Self::Stays => "stays",
            Self::Sessions => "sessions",
        };
        format!("{kind}-{subject}").to_lowercase()
    }
}

/// Plans the demonstration of a region from a folder of published files.
pub fn plan(folder: &Path, region: Region) -> Result<Plan> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))
    };
    let content = read(REGISTRY)?;
    let registry = Registry::read(&content).with_context(|| format!("{REGISTRY} is not usable"))?;
    let series =
        activity::read(&read(ACTIVITY)?).with_context(|| format!("{ACTIVITY} is not usable"))?;
    let division = division::read(folder, &content, region)?;
    let file = RegistryFile {
        name: file_name(REGISTRY),
        content,
    };
    let plan = Plan {
        division,
        ..plan_of(&registry, &series, region, file)
    };
    ensure!(
        !plan.contracts.is_empty(),
        "no establishment of region {region} ({}) is in {REGISTRY}",
        region.name()
    );
    Ok(plan)
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn plan_of(
    registry: &Registry,
    series: &BTreeMap<String, Series>,
    region: Region,
    file: RegistryFile,
) -> Plan {
    let mut by_entity: BTreeMap<Finess, Vec<&Site>> = BTreeMap::new();
    for site in registry.sites.iter().filter(|site| site.region == region) {
        by_entity.entry(site.legal_entity).or_default().push(site);
    }
    let joined = Joined::new(registry, series, region);
    let contracts = by_entity
        .iter()
        .map(|(entity, sites)| contract(*entity, sites, joined.of_entity(*entity)))
        .collect();
    let remarks = series
        .iter()
        .filter(|(finess, _)| finess.parse().is_ok_and(|finess| joined.holds(finess)))
        .flat_map(|(_, series)| remarks(series))
        .collect();
    Plan {
        region,
        scope: format!("published/{region}"),
        registry: file,
        division: None,
        contracts,
        tolerance: Tolerance {
            conforming_percent: "5",
            minor_percent: "10",
            minimum_count: "30",
            reasons: "Politique de démonstration : aucun seuil national n’existe. Jusqu’à 5 % de la cible, \
                      conforme ; jusqu’à 10 %, écart mineur ; en dessous de 30 séjours ou séances, pas de \
                      jugement.",
        },
        planning: None,
        unjoined: joined.unjoined,
        remarks,
    }
}

/// Which legal entity each published series belongs to.
struct Joined<'a> {
    by_entity: BTreeMap<Finess, Vec<(Finess, &'a Series)>>,
    unjoined: Vec<Unjoined>,
}

impl<'a> Joined<'a> {
    /// Joins by site, else by legal entity, else reports (public hospitals publish under their legal
    /// entity, the others under their site).
    fn new(registry: &Registry, series: &'a BTreeMap<String, Series>, region: Region) -> Self {
        let sites: BTreeMap<Finess, &Site> = registry
            .sites
            .iter()
            .map(|site| (site.finess, site))
            .collect();
        let entities: BTreeSet<Finess> = registry
            .sites
            .iter()
            .map(|site| site.legal_entity)
            .collect();
        let here: BTreeSet<Finess> = registry
            .sites
            .iter()
            .filter(|site| site.region == region)
            .map(|site| site.legal_entity)
            .collect();
        let mut joined = Self {
            by_entity: BTreeMap::new(),
            unjoined: Vec::new(),
        };
        for (text, series) in series {
            let finess = text.parse::<Finess>().ok();
            let site = finess.and_then(|finess| sites.get(&finess));
            match (finess, site) {
                (Some(finess), Some(site)) if site.region == region => {
                    joined
                        .by_entity
                        .entry(site.legal_entity)
                        .or_default()
                        .push((finess, series));
                }
                (_, Some(_)) => {}
                (Some(finess), None) if here.contains(&finess) => {
                    joined
                        .by_entity
                        .entry(finess)
                        .or_default()
                        .push((finess, series));
                }
                (Some(finess), None) if entities.contains(&finess) => {}
                _ if registry.home_of(text) == Some(region) => {
                    joined.unjoined.push(Unjoined {
                        finess: text.clone(),
                        title: series.title.clone(),
                        years: series.years.keys().copied().collect(),
                    });
                }
                _ => {}
            }
        }
        joined
    }

    fn of_entity(&self, entity: Finess) -> &[(Finess, &'a Series)] {
        self.by_entity.get(&entity).map_or(&[], Vec::as_slice)
    }

    fn holds(&self, subject: Finess) -> bool {
        self.by_entity
            .values()
            .flatten()
            .any(|(finess, _)| *finess == subject)
    }
}

fn contract(entity: Finess, sites: &[&Site], series: &[(Finess, &Series)]) -> PlannedContract {
    let objectives: Vec<Objective> = series
        .iter()
        .flat_map(|(subject, series)| Measure::ALL.map(|measure| (*subject, *series, measure)))
        .filter_map(|(subject, series, measure)| objective(subject, series, measure))
        .collect();
    let targeted: BTreeSet<(String, String)> = objectives
        .iter()
        .map(|o| (o.subject.clone(), o.indicator.clone()))
        .collect();
    let values = series
        .iter()
        .flat_map(|(subject, series)| values(*subject, series, &targeted))
        .collect();
    let name = sites
        .iter()
        .map(|site| site.entity_title.as_str())
        .find(|title| !title.is_empty())
        .or_else(|| sites.first().map(|site| site.title.as_str()))
        .unwrap_or_default();
    let note = if objectives.is_empty() {
        "Aucune activité MCO publiée ne permet de fixer une cible illustrative : le contrat est contrôlé \
         sans objectif chiffré."
            .to_owned()
    } else {
        String::new()
    };
    PlannedContract {
        legal_entity: entity,
        title: format!("CPOM 2023-2027 de {name} (cibles illustratives)"),
        establishments: sites.iter().map(|site| site.finess).collect(),
        is_public: sites.iter().any(|site| site.is_public),
        objectives,
        note,
        values,
    }
}

/// The illustrative objective of one published series, or none when no mean can be computed.
fn objective(subject: Finess, series: &Series, measure: Measure) -> Option<Objective> {
    let mean = mean(|year| series.years.get(&year).map(|activity| measure.of(activity)))?;
    let title = format!("{} de {}", capitalised(measure.french()), series.title);
    Some(Objective {
        id: measure.id(subject),
        title: title.chars().take(300).collect(),
        kind: ObjectiveKind::Pilot.into(),
        subject: subject.to_string(),
        indicator: measure.indicator().to_owned(),
        unit: measure.unit().into(),
        baseline: Some(Baseline {
            value: mean.value().to_string(),
            period: format!("{}-{}", REFERENCE_YEARS.start(), REFERENCE_YEARS.end()),
            source: SOURCE.to_owned(),
        }),
        yearly: CONTRACT_YEARS
            .map(|year| YearlyTarget {
                year,
                point: mean.rounded().to_string(),
                band: None,
            })
            .collect(),
        opposable: false,
        penalty_eligible: false,
        note: note(&mean, measure),
        ..Default::default()
    })
}

/// Says that the target is illustrative and how it was computed, so that it can be computed again.
fn note(mean: &Mean, measure: Measure) -> String {
    let years = mean
        .years
        .iter()
        .map(|(year, count)| format!("{year} : {}", french(count.cast_signed())));
    let left_out = mean
        .left_out
        .iter()
        .map(|(year, reason)| format!("{year} ({})", reason.french()));
    let mut text = format!(
        "Cible illustrative, moyenne 2019-2022 des {} publié{} (ScanSanté MCO, ATIH), arrondie à l’unité : {}.",
        measure.french(),
        if measure == Measure::Stays { "s" } else { "es" },
        years.collect::<Vec<_>>().join(" ; "),
    );
    if !mean.left_out.is_empty() {
        text.push_str(" Années écartées de la moyenne : ");
        text.push_str(&left_out.collect::<Vec<_>>().join(", "));
        text.push('.');
    }
    text.push_str(" Indicateur de pilotage, non opposable.");
    text
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// The two controlled years, as published. A year that is absent, or published for some months only, is
/// missing: it is neither zero nor the yearly figure.
fn values(
    subject: Finess,
    series: &Series,
    targeted: &BTreeSet<(String, String)>,
) -> Vec<IndicatorValue> {
    let mut values = Vec::new();
    for year in CONTROLLED_YEARS {
        let activity = series.years.get(&year);
        for measure in Measure::ALL {
            let key = (subject.to_string(), measure.indicator().to_owned());
            let content = match activity.map(|activity| measure.of(activity)) {
                Some(Published::Number(count)) => number(count.to_string()),
                Some(Published::Masked) => absent(Absence::Masked),
                Some(Published::Incomplete) => absent(Absence::Missing),
                None if targeted.contains(&key) => absent(Absence::Missing),
                None => continue,
            };
            values.push(value(
                subject,
                measure.indicator(),
                &year.to_string(),
                content,
            ));
        }
    }
    values
}

/// What was not taken as it stands in the file.
fn remarks(series: &Series) -> Vec<String> {
    let incomplete = series.years.iter().filter(|(year, activity)| {
        activity.stays == Published::Incomplete
            && (REFERENCE_YEARS.contains(year) || CONTROLLED_YEARS.contains(year))
    });
    incomplete
        .map(|(year, activity)| {
            format!(
                "{} ({}) : {year} publié pour une partie de l’année seulement (période « {} »), traité \
                 comme manquant",
                series.title, series.finess, activity.period
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
