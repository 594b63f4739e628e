//! Classes of age and sex behind published rates: kept, never served.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};
use store::Error;

use super::published_rates::RateSet;
use crate::domain::{
    class_secrecy::Classes,
    demography::{CLASSES, STRATA},
    rates::Inhabitants,
};

/// What territories are compared with, among territories.
pub(crate) const REFERENCE: &str = "";

/// What standardised rates were computed from.
pub(crate) struct Behind<'a> {
    /// By territory.
    pub(crate) inhabitants: Vec<(String, Inhabitants)>,
    /// Of what they are compared with, when that is not all of them.
    pub(crate) reference: Option<Inhabitants>,
    pub(crate) classes: &'a Classes,
}

/// Keeps it.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    set: &RateSet,
    behind: Behind<'_>,
) -> Result<(), Error> {
    let reference = behind
        .reference
        .map(|people| (REFERENCE.to_owned(), people));
    for (territory, people) in behind.inhabitants.into_iter().chain(reference) {
        sqlx::query(
            "insert into published_inhabitants (series, version, territory, classes)
             values ($1, $2, $3, $4)",
        )
        .bind(&set.series)
        .bind(set.version)
        .bind(territory)
        .bind(people.to_vec())
        .execute(&mut *connection)
        .await?;
    }
    for (activity, places) in behind.classes {
        let residences: Vec<&String> = places.keys().collect();
        let cells: Vec<i32> = places.values().flatten().copied().collect();
        sqlx::query(
            "insert into published_class (series, version, activity, residences, cells)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(&set.series)
        .bind(set.version)
        .bind(activity)
        .bind(residences)
        .bind(cells)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Inhabitants by territory; none for a publication of which they were not kept.
pub(crate) async fn inhabitants(
    connection: &mut PgConnection,
    set: &RateSet,
) -> Result<BTreeMap<String, Inhabitants>, Error> {
    let rows = sqlx::query(
        "select territory, classes
         from published_inhabitants
         where series = $1 and version = $2",
    )
    .bind(&set.series)
    .bind(set.version)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let classes: Vec<i64> = row.get("classes");
            let mut people: Inhabitants = [0; STRATA];
            for (known, count) in people.iter_mut().zip(classes) {
                *known = count;
            }
            (row.get("territory"), people)
        })
        .collect())
}

/// Cases by activity, residence and class.
pub(crate) async fn classes(
    connection: &mut PgConnection,
    set: &RateSet,
) -> Result<Classes, Error> {
    let rows = sqlx::query(
        "select activity, residences, cells
         from published_class
         where series = $1 and version = $2",
    )
    .bind(&set.series)
    .bind(set.version)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let residences: Vec<String> = row.get("residences");
            let cells: Vec<i32> = row.get("cells");
            let places = residences
                .into_iter()
                .zip(cells.chunks(CLASSES).map(<[i32]>::to_vec));
            (row.get("activity"), places.collect())
        })
        .collect())
}
