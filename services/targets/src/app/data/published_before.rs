//! What was published before about the same cases, read back for the publication that is judged beside it.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;
use proto::targets::v1 as pb;
use rpc::Error;
use sqlx::PgConnection;

use crate::{
    domain::{
        DataRefusal,
        case_mix::Measure,
        class_secrecy::{Classes, Line, Sheet},
        geography,
        publication::{Bases, Place, Published, Release, Subject},
        rates::{Inhabitants, TOTAL},
        territory::{Territory, TerritoryVersion, by_area},
    },
    grpc::data::kinds,
    store::{
        published_classes,
        published_rates::{self as store_rates, About, PublishedRow},
        territory,
    },
};

/// What is out about the same cases, read back as it was told, with what its rates were computed from.
pub(crate) async fn published_before(
    connection: &mut PgConnection,
    about: About,
) -> Result<(Vec<Published>, Vec<Kept>), Error> {
    let (mut before, mut kept) = (Vec::new(), Vec::new());
    for (set, bases, rows) in store_rates::about(connection, about).await? {
        let basis = pb::RateBasis::decode(set.basis.as_slice()).map_err(Error::internal)?;
        let (version, territories) = division(connection, &basis.territory_version).await?;
        let reference = match basis.reference.as_str() {
            "" => None,
            name => {
                let (version, territories) = division(connection, name).await?;
                let of = residences(&territories, version.composed_of, &bases);
                Some(of.into_iter().flatten().collect())
            }
        };
        let measure = kinds::measure(basis.unit()).unwrap_or(about.measure);
        let release = Release {
            territories: residences(&territories, version.composed_of, &bases),
            reference,
            activities: basis.activities.clone(),
            bases,
            tells_ambulatory: measure == Measure::Stays,
        };
        let told = rows
            .iter()
            .flat_map(|row| told_by(row, &release, &territories))
            .collect();
        let lines = rows.iter().filter(|row| row.direct.is_some());
        let lines = lines.filter_map(|row| line_of(row, &release, &territories));
        kept.push(Kept {
            measure,
            lines: lines.collect(),
            inhabitants: published_classes::inhabitants(connection, &set).await?,
            classes: published_classes::classes(connection, &set).await?,
            territories: territories.into_iter().map(|known| known.code).collect(),
        });
        before.push(Published { release, told });
    }
    Ok((before, kept))
}

/// What the rates of an earlier publication were computed from.
pub(crate) struct Kept {
    measure: Measure,
    /// The lines with standardised rates.
    lines: BTreeSet<Line>,
    /// By territory, the reference under no code.
    inhabitants: BTreeMap<String, Inhabitants>,
    classes: Classes,
    territories: Vec<String>,
}

/// The earlier publications that told of classes; none when one of them did and what it was computed from was not kept.
pub(crate) fn earlier_sheets<'a>(
    before: &'a [Published],
    kept: &'a [Kept],
) -> Option<Vec<Sheet<'a>>> {
    let told = before.iter().zip(kept);
    let told = told.filter(|(_, kept)| !kept.lines.is_empty());
    told.map(|(published, kept)| {
        let people = |code: &str| kept.inhabitants.get(code).copied();
        let inhabitants = kept.territories.iter().map(|code| people(code));
        let reference = match published.release.reference {
            Some(_) => Some(people(published_classes::REFERENCE)?),
            None => None,
        };
        Some(Sheet {
            release: &published.release,
            measure: kept.measure,
            classes: &kept.classes,
            inhabitants: inhabitants.collect::<Option<_>>()?,
            reference,
            lines: kept.lines.clone(),
        })
    })
    .collect()
}

async fn division(
    connection: &mut PgConnection,
    name: &str,
) -> Result<(TerritoryVersion, Vec<Territory>), Error> {
    let id = crate::grpc::scalars::id_of(name);
    let imported = territory::find(&mut *connection, id)
        .await?
        .ok_or_else(|| DataRefusal::TerritoryVersionUnknown(name.to_owned()))?;
    let territories = territory::all(&mut *connection, id).await?;
    Ok((imported.version, territories))
}

/// The line of a row; none when its territory is not among these.
fn line_of(row: &PublishedRow, release: &Release, territories: &[Territory]) -> Option<Line> {
    let place = match row.territory.as_str() {
        TOTAL => None,
        code => {
            let mut known = territories.iter();
            Some(known.position(|territory| territory.code == code)?)
        }
    };
    let mut codes = release.activities.iter();
    Some((place, codes.position(|code| *code == row.activity)))
}

/// What a published line tells: its cases, those without a night, and by its index the cases of the reference.
fn told_by(row: &PublishedRow, release: &Release, territories: &[Territory]) -> Vec<Subject> {
    let Some((territory, activity)) = line_of(row, release, territories) else {
        return Vec::new();
    };
    let subject = |ambulatory| Subject {
        place: territory.map_or(Place::All, Place::Territory),
        activity,
        ambulatory,
    };
    let cases = row.cases.map(|_| subject(false));
    let ambulatory = row.ambulatory_cases.map(|_| subject(true));
    let reference = row.index.map(|_| release.compared_with(activity));
    [cases, ambulatory, reference]
        .into_iter()
        .flatten()
        .collect()
}

/// The places of residence that were counted in each territory.
pub(crate) fn residences(
    territories: &[Territory],
    kind: geography::AreaKind,
    bases: &Bases,
) -> Vec<Vec<String>> {
    let places = by_area(territories);
    let mut residences = vec![BTreeSet::new(); territories.len()];
    for residence in bases.values().flat_map(BTreeMap::keys) {
        let area = geography::area(residence, kind);
        let place = area.and_then(|area| places.get(area)).copied();
        if let Some(territory) = place.and_then(|place| residences.get_mut(place)) {
            territory.insert(residence.clone());
        }
    }
    residences
        .into_iter()
        .map(|residences| residences.into_iter().collect())
        .collect()
}
