//! What schemes, engagements, cooperations and calls refer to: those of the names that are known.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use sqlx::{PgExecutor, Row as _};
use store::Error;
use time::Date;

use crate::{domain::offer::project_call::AnswerTime, store::stored};

/// Those of the names that are territories of the region.
pub(crate) async fn territories(
    executor: impl PgExecutor<'_>,
    region: Region,
    names: &[&str],
) -> Result<BTreeSet<String>, Error> {
    let known: Vec<String> = sqlx::query_scalar(
        "select named.name
         from territory_version as version
         join territory on territory.version = version.id
         cross join lateral (
             select 'territoryVersions/' || version.id || '/territories/' || territory.code as name
         ) as named
         where version.region = $1 and named.name = any($2)",
    )
    .bind(region.code())
    .bind(names)
    .fetch_all(executor)
    .await?;
    Ok(known.into_iter().collect())
}

/// Those of the numbers that the registry knows, in any region: one may join over its border.
pub(crate) async fn numbers(
    executor: impl PgExecutor<'_>,
    numbers: &[Finess],
) -> Result<BTreeSet<Finess>, Error> {
    let numbers: Vec<&str> = numbers.iter().map(Finess::as_str).collect();
    let known: Vec<String> =
        sqlx::query_scalar("select finess from registry_copy where finess = any($1)")
            .bind(numbers)
            .fetch_all(executor)
            .await?;
    known.iter().map(|number| stored(number)).collect()
}

/// Those of the names that are contracts of the region, and of these councils alone when some are given.
pub(crate) async fn contracts(
    executor: impl PgExecutor<'_>,
    region: Region,
    names: &[String],
    councils: Option<&[String]>,
) -> Result<BTreeSet<String>, Error> {
    let known: Vec<String> = sqlx::query_scalar(
        "select 'contracts/' || id
         from contract_copy
         where region = $1
             and 'contracts/' || id = any($2)
             and ($3::text[] is null or (councils <> '{}' and councils <@ $3))",
    )
    .bind(region.code())
    .bind(names)
    .bind(councils)
    .fetch_all(executor)
    .await?;
    Ok(known.into_iter().collect())
}

/// The acts that the places of a recording stand in; none when the region has no such recording.
pub(crate) async fn acts(
    executor: impl PgExecutor<'_>,
    region: Region,
    recording: &str,
) -> Result<BTreeSet<String>, Error> {
    let acts: Vec<String> = sqlx::query_scalar(
        "select distinct decision
         from capacity
         where region = $1 and 'capacityRecordings/' || recording = $2",
    )
    .bind(region.code())
    .bind(recording)
    .fetch_all(executor)
    .await?;
    Ok(acts.into_iter().collect())
}

/// The rule on the time to answer of calls published on a day; none before the first one.
pub(crate) async fn answer_time(
    executor: impl PgExecutor<'_>,
    day: Date,
) -> Result<Option<AnswerTime>, Error> {
    let row = sqlx::query(
        "select minimum_days, maximum_days, source
         from project_call_rule
         where valid_from <= $1
         order by valid_from desc
         limit 1",
    )
    .bind(day)
    .fetch_optional(executor)
    .await?;
    Ok(row.map(|row| AnswerTime {
        minimum_days: row.get("minimum_days"),
        maximum_days: row.get("maximum_days"),
        source: row.get("source"),
    }))
}
