//! Table `establishment`.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Decimal, Finess, Region, Siret};
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::{
    row::{self, Stored},
    scope::Scope,
};
use crate::domain::{Change, Entry, Establishment, registry::Location};

/// What an establishment is read from.
macro_rules! columns {
    () => {
        "finess, version, state, legal_entity, title, region, department, commune_code, \
         commune, category, category_title, siret, tariff_mode, latitude, longitude, \
         updated_at"
    };
}

const SELECT: &str = concat!("select ", columns!(), " from establishment where true");

/// Restrictions asked for, beside those of the scope.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter<'a> {
    pub(crate) region: Option<Region>,
    pub(crate) legal_entity: Option<Finess>,
    /// Words that all begin a word of the number, that of the legal entity, the title or the commune; empty for all.
    pub(crate) words: &'a str,
}

fn from_row(row: &PgRow) -> Result<Stored<Establishment>, Error> {
    let latitude: Option<Decimal> = row.try_get("latitude")?;
    let longitude: Option<Decimal> = row.try_get("longitude")?;
    let content = Establishment {
        finess: row::parsed(row, "finess")?,
        legal_entity: row::parsed(row, "legal_entity")?,
        title: row.try_get("title")?,
        region: row::parsed(row, "region")?,
        department: row.try_get("department")?,
        commune_code: row.try_get("commune_code")?,
        commune: row.try_get("commune")?,
        category: row.try_get("category")?,
        category_title: row.try_get("category_title")?,
        siret: row::parsed_or_none::<Siret>(row, "siret")?,
        tariff_mode: row.try_get("tariff_mode")?,
        location: latitude
            .zip(longitude)
            .and_then(|(lat, lon)| Location::new(lat, lon)),
    };
    row::stored(row, content)
}

/// Records of the region, and those of these numbers wherever they are.
pub(crate) async fn known(
    connection: &mut PgConnection,
    region: Region,
    numbers: &[Finess],
) -> Result<BTreeMap<Finess, Entry<Establishment>>, Error> {
    let numbers: Vec<&str> = numbers.iter().map(Finess::as_str).collect();
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and (region = ").push_bind(region.code());
    query
        .push(" or finess = any(")
        .push_bind(numbers)
        .push("))");
    let rows = query.build().fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let entry = from_row(row)?.entry;
            Ok((entry.content.finess, entry))
        })
        .collect()
}

/// Legal entities of the region that have an open site outside it.
pub(crate) async fn entities_open_outside(
    connection: &mut PgConnection,
    region: Region,
) -> Result<BTreeSet<Finess>, Error> {
    let rows = sqlx::query(
        "select distinct legal_entity.finess
         from legal_entity
         join establishment on establishment.legal_entity = legal_entity.finess
         where legal_entity.region = $1
             and establishment.region <> $1
             and establishment.state = 'OPEN'",
    )
    .bind(region.code())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row::parsed(row, "finess")).collect()
}

/// One record, when it is in scope.
pub(crate) async fn find(
    pool: &PgPool,
    finess: Finess,
    scope: &Scope,
) -> Result<Option<Stored<Establishment>>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and finess = ").push_bind(finess.as_str());
    restrict(&mut query, scope);
    query
        .build()
        .fetch_optional(pool)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The next `limit` records in scope after a number.
pub(crate) async fn list(
    pool: &PgPool,
    scope: &Scope,
    filter: &Filter<'_>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Stored<Establishment>>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    restrict(&mut query, scope);
    if let Some(region) = filter.region {
        query.push(" and region = ").push_bind(region.code());
    }
    if let Some(legal_entity) = &filter.legal_entity {
        query
            .push(" and legal_entity = ")
            .push_bind(legal_entity.as_str());
    }
    if !filter.words.is_empty() {
        query
            .push(
                " and has_words(
                     finess || ' ' || legal_entity || ' ' || title || ' ' || coalesce(commune, ''),
                     plain_words(",
            )
            .push_bind(filter.words)
            .push("))");
    }
    if let Some(after) = after {
        query.push(" and finess > ").push_bind(after);
    }
    query.push(" order by finess limit ").push_bind(limit);
    query
        .build()
        .fetch_all(pool)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Who acts for a legal entity acts for its sites.
fn restrict(query: &mut QueryBuilder<Postgres>, scope: &Scope) {
    if let Some(regions) = &scope.regions {
        query
            .push(" and region = any(")
            .push_bind(regions.clone())
            .push(")");
    }
    if let Some(own) = &scope.finess {
        query.push(" and (finess = any(").push_bind(own.clone());
        query
            .push(") or legal_entity = any(")
            .push_bind(own.clone())
            .push("))");
    }
}

/// Writes what changed, in one statement.
pub(crate) async fn save(
    connection: &mut PgConnection,
    changes: &[Change<Establishment>],
    at: OffsetDateTime,
) -> Result<(), Error> {
    let after: Vec<&Entry<Establishment>> = changes.iter().map(|change| &change.after).collect();
    let column = |read: fn(&Establishment) -> Option<&str>| -> Vec<Option<&str>> {
        after.iter().map(|entry| read(&entry.content)).collect()
    };
    let degrees = |read: fn(Location) -> Decimal| -> Vec<Option<Decimal>> {
        after
            .iter()
            .map(|entry| entry.content.location.map(read))
            .collect()
    };
    let versions: Vec<i64> = after.iter().map(|entry| entry.version).collect();
    let states: Vec<&str> = after.iter().map(|entry| entry.state.as_str()).collect();
    let written = sqlx::query(concat!(
        "insert into establishment (",
        columns!(),
        ")
         select changed.*, $16
         from unnest(
             $1::text[],
             $2::bigint[],
             $3::text[],
             $4::text[],
             $5::text[],
             $6::text[],
             $7::text[],
             $8::text[],
             $9::text[],
             $10::text[],
             $11::text[],
             $12::text[],
             $13::text[],
             $14::numeric[],
             $15::numeric[]
         ) as changed
         on conflict (finess) do update set
             version = excluded.version,
             state = excluded.state,
             legal_entity = excluded.legal_entity,
             title = excluded.title,
             region = excluded.region,
             department = excluded.department,
             commune_code = excluded.commune_code,
             commune = excluded.commune,
             category = excluded.category,
             category_title = excluded.category_title,
             siret = excluded.siret,
             tariff_mode = excluded.tariff_mode,
             latitude = excluded.latitude,
             longitude = excluded.longitude,
             updated_at = excluded.updated_at
         where establishment.version = excluded.version - 1",
    ))
    .bind(column(|e| Some(e.finess.as_str())))
    .bind(versions)
    .bind(states)
    .bind(column(|e| Some(e.legal_entity.as_str())))
    .bind(column(|e| Some(&e.title)))
    .bind(column(|e| Some(e.region.code())))
    .bind(column(|e| e.department.as_deref()))
    .bind(column(|e| e.commune_code.as_deref()))
    .bind(column(|e| e.commune.as_deref()))
    .bind(column(|e| e.category.as_deref()))
    .bind(column(|e| e.category_title.as_deref()))
    .bind(column(|e| e.siret.as_ref().map(Siret::as_str)))
    .bind(column(|e| e.tariff_mode.as_deref()))
    .bind(degrees(Location::latitude))
    .bind(degrees(Location::longitude))
    .bind(at)
    .execute(connection)
    .await?;
    row::all_written(written.rows_affected(), after.len())
}
