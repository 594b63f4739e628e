//! Published rates: written once.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgExecutor, QueryBuilder, Row as _, postgres::PgRow};
use store::{Error, restrict, without_span};
use time::{Date, OffsetDateTime};

use super::stored;
use crate::domain::{
    case_mix::{Measure, PmsiField},
    publication::{Base, Bases},
};

/// A version of a series.
#[derive(Debug, Clone)]
pub(crate) struct RateSet {
    pub(crate) series: String,
    pub(crate) version: i32,
    pub(crate) region: kernel::Region,
    pub(crate) title: String,
    /// The basis of the request as it was completed (protobuf).
    pub(crate) basis: Vec<u8>,
    pub(crate) population_year: i16,
    pub(crate) method: String,
    pub(crate) sources: String,
    pub(crate) correction: String,
    pub(crate) data_version: String,
    pub(crate) threshold: i32,
    pub(crate) rates: i64,
    pub(crate) suppressed: i64,
    pub(crate) sha256: String,
    pub(crate) published_at: OffsetDateTime,
    /// A later version exists. Not written.
    pub(crate) is_corrected: bool,
}

/// What a set is about. Publications of a field and year say more together than each of them, in whatever unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About {
    pub(crate) field: PmsiField,
    pub(crate) year: i16,
    pub(crate) measure: Measure,
}

/// One rate. What is none is not told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PublishedRow {
    pub(crate) territory: String,
    pub(crate) activity: String,
    pub(crate) territory_title: String,
    pub(crate) activity_label: String,
    pub(crate) state: String,
    pub(crate) cases: Option<i64>,
    pub(crate) population: Option<i64>,
    pub(crate) crude: Option<f64>,
    pub(crate) direct: Option<f64>,
    pub(crate) expected: Option<f64>,
    pub(crate) index: Option<f64>,
    pub(crate) index_low: Option<f64>,
    pub(crate) index_high: Option<f64>,
    pub(crate) indirect: Option<f64>,
    pub(crate) ambulatory_cases: Option<i64>,
    pub(crate) ambulatory_share: Option<f64>,
}

fn rate_set(row: &PgRow) -> Result<RateSet, Error> {
    Ok(RateSet {
        series: row.get("series"),
        version: row.get("version"),
        region: stored(row.get("region"))?,
        title: row.get("title"),
        basis: row.get("basis"),
        population_year: row.get("population_year"),
        method: row.get("method"),
        sources: row.get("sources"),
        correction: row.get("correction"),
        data_version: row.get("data_version"),
        threshold: row.get("threshold"),
        rates: row.get("rates"),
        suppressed: row.get("suppressed"),
        sha256: row.get("sha256"),
        published_at: row.get("published_at"),
        is_corrected: row.get("is_corrected"),
    })
}

/// One publication at a time: each must know all before it.
pub(crate) async fn serialise(connection: &mut PgConnection) -> Result<(), Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('cpom-published-rates'))")
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts from 1 to below this are hidden in what is published on a day.
pub(crate) async fn threshold(connection: &mut PgConnection, on: Date) -> Result<u64, Error> {
    let threshold: Option<i32> = sqlx::query_scalar(
        "select smallest_told
         from secrecy_threshold
         where valid_from <= $1
         order by valid_from desc
         limit 1",
    )
    .bind(on)
    .fetch_optional(connection)
    .await?;
    threshold
        .and_then(|threshold| threshold.try_into().ok())
        .ok_or_else(|| Error::Inconsistent(format!("no threshold of statistical secrecy on {on}")))
}

/// Which sets. What is none does not restrict.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) region: Option<String>,
    pub(crate) series: Option<String>,
    pub(crate) version: Option<i32>,
    pub(crate) after: Option<(OffsetDateTime, String, i32)>,
}

/// Sets, the latest first.
pub(crate) async fn sets(
    executor: impl PgExecutor<'_>,
    filter: Filter,
    limit: i64,
) -> Result<Vec<RateSet>, Error> {
    let after = filter.after.as_ref();
    let rows = sqlx::query(
        "select
             series, version, region, title, basis, population_year, method, sources, correction, data_version,
             threshold, rates, suppressed, sha256, published_at,
             exists (
                 select
                 from published_rate_set later
                 where later.series = published_rate_set.series and later.version > published_rate_set.version
             ) as is_corrected
         from published_rate_set
         where
             ($1::text is null or region = $1)
             and ($2::text is null or series = $2)
             and ($3::int is null or version = $3)
             and ($4::timestamptz is null or (published_at, series, version) < ($4, $5, $6))
         order by published_at desc, series desc, version desc
         limit $7",
    )
    .bind(filter.region)
    .bind(filter.series)
    .bind(filter.version)
    .bind(after.map(|(at, _, _)| *at))
    .bind(after.map(|(_, series, _)| series.as_str()))
    .bind(after.map(|(_, _, version)| *version))
    .bind(limit)
    .fetch_all(executor)
    .await?;
    rows.iter().map(rate_set).collect()
}

/// The files of a version.
pub(crate) struct Files<'a> {
    pub(crate) csv: &'a [u8],
    pub(crate) json: &'a [u8],
}

pub(crate) async fn insert(
    connection: &mut PgConnection,
    set: &RateSet,
    about: About,
    files: Files<'_>,
) -> Result<(), Error> {
    sqlx::query(
        "insert into published_rate_set (
             series, version, region, title, field, year, unit, basis, population_year, method, sources, correction,
             data_version, threshold, rates, suppressed, csv, json, sha256, published_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(&set.series)
    .bind(set.version)
    .bind(set.region.code())
    .bind(&set.title)
    .bind(about.field.as_str())
    .bind(about.year)
    .bind(about.measure.as_str())
    .bind(&set.basis)
    .bind(set.population_year)
    .bind(&set.method)
    .bind(&set.sources)
    .bind(&set.correction)
    .bind(&set.data_version)
    .bind(set.threshold)
    .bind(set.rates)
    .bind(set.suppressed)
    .bind(files.csv)
    .bind(files.json)
    .bind(&set.sha256)
    .bind(set.published_at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn insert_rates(
    connection: &mut PgConnection,
    set: &RateSet,
    rates: &[PublishedRow],
) -> Result<(), Error> {
    macro_rules! column {
        ($field:ident) => {
            rates
                .iter()
                .map(|rate| rate.$field.clone())
                .collect::<Vec<_>>()
        };
    }
    sqlx::query(
        "insert into published_rate (
             series, version, territory, activity, territory_title, activity_label, state, cases, population, crude,
             direct, expected, index_value, index_low, index_high, indirect, ambulatory_cases, ambulatory_share
         )
         select
             $1, $2, r.territory, r.activity, r.territory_title, r.activity_label, r.state, r.cases, r.population,
             r.crude, r.direct, r.expected, r.index_value, r.index_low, r.index_high, r.indirect, r.ambulatory_cases,
             r.ambulatory_share
         from unnest(
             $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::float8[],
             $11::float8[], $12::float8[], $13::float8[], $14::float8[], $15::float8[], $16::float8[], $17::bigint[],
             $18::float8[]
         ) as r (
             territory, activity, territory_title, activity_label, state, cases, population, crude, direct, expected,
             index_value, index_low, index_high, indirect, ambulatory_cases, ambulatory_share
         )",
    )
    .bind(&set.series)
    .bind(set.version)
    .bind(column!(territory))
    .bind(column!(activity))
    .bind(column!(territory_title))
    .bind(column!(activity_label))
    .bind(column!(state))
    .bind(column!(cases))
    .bind(column!(population))
    .bind(column!(crude))
    .bind(column!(direct))
    .bind(column!(expected))
    .bind(column!(index))
    .bind(column!(index_low))
    .bind(column!(index_high))
    .bind(column!(indirect))
    .bind(column!(ambulatory_cases))
    .bind(column!(ambulatory_share))
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps the counts behind a publication.
pub(crate) async fn insert_bases(
    connection: &mut PgConnection,
    set: &RateSet,
    bases: &Bases,
) -> Result<(), Error> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    for (activity, places) in bases {
        let residences: Vec<&String> = places.keys().collect();
        let cases: Vec<i64> = places.values().map(|base| number(base.cases)).collect();
        let ambulatory: Vec<i64> = places
            .values()
            .map(|base| number(base.ambulatory))
            .collect();
        sqlx::query(
            "insert into published_base (series, version, activity, residences, cases, ambulatory)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&set.series)
        .bind(set.version)
        .bind(activity)
        .bind(residences)
        .bind(cases)
        .bind(ambulatory)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Everything that was published about the same cases, whatever its series and unit: where every patient had one stay,
/// patients tell stays.
pub(crate) async fn about(
    connection: &mut PgConnection,
    about: About,
) -> Result<Vec<(RateSet, Bases, Vec<PublishedRow>)>, Error> {
    let sets = sqlx::query(
        "select
             series, version, region, title, basis, population_year, method, sources, correction, data_version,
             threshold, rates, suppressed, sha256, published_at, false as is_corrected
         from published_rate_set
         where field = $1 and year = $2
         order by published_at, series, version",
    )
    .bind(about.field.as_str())
    .bind(about.year)
    .fetch_all(&mut *connection)
    .await?;
    let mut published = Vec::with_capacity(sets.len());
    for row in &sets {
        let set = rate_set(row)?;
        let bases = bases(connection, &set).await?;
        let place = Place {
            series: &set.series,
            version: set.version,
        };
        let rates = rates(&mut *connection, place, RateFilter::default(), i64::MAX).await?;
        published.push((set, bases, rates));
    }
    Ok(published)
}

async fn bases(connection: &mut PgConnection, set: &RateSet) -> Result<Bases, Error> {
    let rows = sqlx::query(
        "select activity, residences, cases, ambulatory
         from published_base
         where series = $1 and version = $2",
    )
    .bind(&set.series)
    .bind(set.version)
    .fetch_all(connection)
    .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(rows
        .iter()
        .map(|row| {
            let residences: Vec<String> = row.get("residences");
            let cases: Vec<i64> = row.get("cases");
            let ambulatory: Vec<i64> = row.get("ambulatory");
            let places: BTreeMap<String, Base> = residences
                .into_iter()
                .zip(cases.into_iter().zip(ambulatory))
                .map(|(residence, (cases, ambulatory))| {
                    let base = Base {
                        cases: count(cases),
                        ambulatory: count(ambulatory),
                    };
                    (residence, base)
                })
                .collect();
            (row.get("activity"), places)
        })
        .collect())
}

/// Which version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) series: &'a str,
    pub(crate) version: i32,
}

/// Which rates of a version. What is none does not restrict.
#[derive(Default)]
pub(crate) struct RateFilter<'a> {
    pub(crate) territory: Option<&'a str>,
    pub(crate) activity: Option<&'a str>,
    pub(crate) after: Option<(String, String)>,
}

/// Rates by territory and activity.
pub(crate) async fn rates(
    executor: impl PgExecutor<'_>,
    place: Place<'_>,
    filter: RateFilter<'_>,
    limit: i64,
) -> Result<Vec<PublishedRow>, Error> {
    let mut query = QueryBuilder::new(
        "select
             territory, activity, territory_title, activity_label, state, cases, population, crude, direct, expected,
             index_value, index_low, index_high, indirect, ambulatory_cases, ambulatory_share
         from published_rate
         where series = ",
    );
    query.push_bind(place.series);
    restrict(&mut query, "version = $1", Some(place.version));
    restrict(&mut query, "territory = $1", filter.territory);
    restrict(&mut query, "activity = $1", filter.activity);
    store::after(&mut query, "territory, activity", filter.after);
    // The planner must see how few are wanted: of a parameter it supposes a tenth of the table.
    query
        .push(" order by territory, activity limit ")
        .push(limit);
    let rows = without_span(query.build().fetch_all(executor)).await?;
    // By their places: by name, each column would be looked up in every row.
    let rate = |row: &PgRow| PublishedRow {
        territory: row.get(0),
        activity: row.get(1),
        territory_title: row.get(2),
        activity_label: row.get(3),
        state: row.get(4),
        cases: row.get(5),
        population: row.get(6),
        crude: row.get(7),
        direct: row.get(8),
        expected: row.get(9),
        index: row.get(10),
        index_low: row.get(11),
        index_high: row.get(12),
        indirect: row.get(13),
        ambulatory_cases: row.get(14),
        ambulatory_share: row.get(15),
    };
    Ok(rows.iter().map(rate).collect())
}

/// Which of the files of a version.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FileKind {
    Csv,
    Json,
}

/// The bytes of a file of a version.
pub(crate) async fn file(
    executor: impl PgExecutor<'_>,
    place: Place<'_>,
    kind: FileKind,
) -> Result<Option<Vec<u8>>, Error> {
    let query = match kind {
        FileKind::Csv => "select csv from published_rate_set where series = $1 and version = $2",
        FileKind::Json => "select json from published_rate_set where series = $1 and version = $2",
    };
    Ok(sqlx::query_scalar(query)
        .bind(place.series)
        .bind(place.version)
        .fetch_optional(executor)
        .await?)
}
