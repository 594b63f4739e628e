//! The copy of the registry.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Finess, Region};
use sqlx::{PgConnection, PgExecutor, Row as _};
use store::Error;

use super::stored;

/// A site or legal entity.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) finess: Finess,
    pub(crate) is_site: bool,
    pub(crate) legal_entity: Option<Finess>,
    pub(crate) region: Region,
    pub(crate) commune: Option<String>,
    pub(crate) is_open: bool,
}

pub(crate) async fn save(connection: &mut PgConnection, known: &Known) -> Result<(), Error> {
    sqlx::query(
        "insert into registry_copy (finess, is_site, legal_entity, region, commune, is_open)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint registry_copy_pkey do update set
             is_site = excluded.is_site,
             legal_entity = excluded.legal_entity,
             region = excluded.region,
             commune = excluded.commune,
             is_open = excluded.is_open",
    )
    .bind(known.finess.as_str())
    .bind(known.is_site)
    .bind(known.legal_entity.as_ref().map(Finess::as_str))
    .bind(known.region.code())
    .bind(&known.commune)
    .bind(known.is_open)
    .execute(connection)
    .await?;
    Ok(())
}

/// Every number of a region, open or closed: past years name closed establishments.
pub(crate) async fn of_region(
    executor: impl PgExecutor<'_>,
    region: Region,
) -> Result<BTreeSet<Finess>, Error> {
    let numbers: Vec<String> =
        sqlx::query_scalar("select finess from registry_copy where region = $1")
            .bind(region.code())
            .fetch_all(executor)
            .await?;
    numbers.iter().map(|number| stored(number)).collect()
}

/// The communes where a region has establishments, open or closed.
pub(crate) async fn communes_of(
    executor: impl PgExecutor<'_>,
    region: Region,
) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "select distinct commune from registry_copy where region = $1 and commune is not null",
    )
    .bind(region.code())
    .fetch_all(executor)
    .await?)
}

/// The communes of establishments. A legal entity is where its sites are, if all are in one commune.
pub(crate) async fn communes(
    executor: impl PgExecutor<'_>,
    numbers: &[String],
) -> Result<BTreeMap<String, String>, Error> {
    let rows = sqlx::query(
        "select
             asked.finess,
             min(site.commune) as commune
         from unnest($1::text[]) as asked (finess)
         join registry_copy site
             on (site.finess = asked.finess or site.legal_entity = asked.finess) and site.commune is not null
         group by asked.finess
         having count(distinct site.commune) = 1 or bool_or(site.finess = asked.finess)",
    )
    .bind(numbers)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get("finess"), row.get("commune")))
        .collect())
}

/// The open sites of legal entities, in the order of their numbers.
pub(crate) async fn sites_of(
    executor: impl PgExecutor<'_>,
    legal_entities: &[String],
) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "select finess
         from registry_copy
         where is_site and is_open and legal_entity = any($1)
         order by finess",
    )
    .bind(legal_entities)
    .fetch_all(executor)
    .await?)
}

/// The region of a number and the legal entity it belongs to.
pub(crate) async fn find(
    executor: impl PgExecutor<'_>,
    finess: Finess,
) -> Result<Option<(Region, Option<Finess>)>, Error> {
    let row = sqlx::query("select region, legal_entity from registry_copy where finess = $1")
        .bind(finess.as_str())
        .fetch_optional(executor)
        .await?;
    row.map(|row| {
        let legal_entity: Option<&str> = row.get("legal_entity");
        Ok((
            stored(row.get("region"))?,
            legal_entity.map(stored).transpose()?,
        ))
    })
    .transpose()
}
