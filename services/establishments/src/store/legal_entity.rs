//! Table `legal_entity`.

use std::collections::BTreeMap;

use kernel::{Finess, Region};
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::{
    row::{self, Stored},
    scope::Scope,
};
use crate::domain::{Change, Entry, LegalEntity, Siren};

/// What a legal entity is read from.
macro_rules! columns {
    () => {
        "finess, version, state, title, region, legal_status, siren, derived, updated_at"
    };
}

const SELECT: &str = concat!("select ", columns!(), " from legal_entity where true");

fn from_row(row: &PgRow) -> Result<Stored<LegalEntity>, Error> {
    let siren: Option<&str> = row.try_get("siren")?;
    let content = LegalEntity {
        finess: row::parsed(row, "finess")?,
        title: row.try_get("title")?,
        region: row::parsed(row, "region")?,
        legal_status: row.try_get("legal_status")?,
        siren: siren.and_then(Siren::parse),
        derived: row.try_get("derived")?,
    };
    row::stored(row, content)
}

/// Records of the region, and those of these numbers wherever they are.
pub(crate) async fn known(
    connection: &mut PgConnection,
    region: Region,
    numbers: &[Finess],
) -> Result<BTreeMap<Finess, Entry<LegalEntity>>, Error> {
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

/// One record, when it is in scope.
pub(crate) async fn find(
    pool: &PgPool,
    finess: Finess,
    scope: &Scope,
) -> Result<Option<Stored<LegalEntity>>, Error> {
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

/// The next `limit` records in scope after a number, of a region and with every word in their number or title; empty words
/// do not restrict.
pub(crate) async fn list(
    pool: &PgPool,
    scope: &Scope,
    (region, words): (Option<Region>, &str),
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Stored<LegalEntity>>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    restrict(&mut query, scope);
    if let Some(region) = region {
        query.push(" and region = ").push_bind(region.code());
    }
    if !words.is_empty() {
        query
            .push(" and has_words(finess || ' ' || title, plain_words(")
            .push_bind(words)
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

/// A legal entity is in scope by itself or through one of its sites: a group has its seat in one region
/// and sites in others.
fn restrict(query: &mut QueryBuilder<Postgres>, scope: &Scope) {
    if let Some(regions) = &scope.regions {
        query.push(" and (region = any(").push_bind(regions.clone());
        query.push(
            ") or exists (select from establishment as site
                 where site.legal_entity = legal_entity.finess and site.region = any(",
        );
        query.push_bind(regions.clone()).push(")))");
    }
    if let Some(own) = &scope.finess {
        query.push(" and (finess = any(").push_bind(own.clone());
        query.push(
            ") or exists (select from establishment as site
                 where site.legal_entity = legal_entity.finess and site.finess = any(",
        );
        query.push_bind(own.clone()).push(")))");
    }
}

/// Writes what changed, in one statement.
pub(crate) async fn save(
    connection: &mut PgConnection,
    changes: impl Iterator<Item = &Change<LegalEntity>>,
    at: OffsetDateTime,
) -> Result<(), Error> {
    let after: Vec<&Entry<LegalEntity>> = changes.map(|change| &change.after).collect();
    let column = |read: fn(&LegalEntity) -> Option<&str>| -> Vec<Option<&str>> {
        after.iter().map(|entry| read(&entry.content)).collect()
    };
    let versions: Vec<i64> = after.iter().map(|entry| entry.version).collect();
    let states: Vec<&str> = after.iter().map(|entry| entry.state.as_str()).collect();
    let derived: Vec<bool> = after.iter().map(|entry| entry.content.derived).collect();
    let written = sqlx::query(concat!(
        "insert into legal_entity (",
        columns!(),
        ")
         select changed.*, $9
         from unnest(
             $1::text[],
             $2::bigint[],
             $3::text[],
             $4::text[],
             $5::text[],
             $6::text[],
             $7::text[],
             $8::boolean[]
         ) as changed
         on conflict (finess) do update set
             version = excluded.version,
             state = excluded.state,
             title = excluded.title,
             region = excluded.region,
             legal_status = excluded.legal_status,
             siren = excluded.siren,
             derived = excluded.derived,
             updated_at = excluded.updated_at
         where legal_entity.version = excluded.version - 1",
    ))
    .bind(column(|e| Some(e.finess.as_str())))
    .bind(versions)
    .bind(states)
    .bind(column(|e| Some(&e.title)))
    .bind(column(|e| Some(e.region.code())))
    .bind(column(|e| e.legal_status.as_deref()))
    .bind(column(|e| e.siren.as_ref().map(Siren::as_str)))
    .bind(derived)
    .bind(at)
    .execute(connection)
    .await?;
    row::all_written(written.rows_affected(), after.len())
}
