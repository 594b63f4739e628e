//! Consents to the portal.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use sqlx::{PgConnection, Row as _};
use store::Error;

use super::{parsed, person};
use crate::domain::consent::Consent;

/// What a consent is read from.
macro_rules! columns {
    () => {
        "legal_entity, region, version, given, email, author, author_kind, author_role, \
         updated_at"
    };
}

const SELECT: &str = concat!(
    "select ",
    columns!(),
    " from delivery_consent where legal_entity = any($1) order by legal_entity"
);

/// The consents of legal entities, given or not; nothing for those that never said.
pub async fn of(
    connection: &mut PgConnection,
    entities: &BTreeSet<Finess>,
) -> Result<Vec<Consent>, Error> {
    let names: Vec<_> = entities.iter().map(ToString::to_string).collect();
    let rows = sqlx::query(SELECT)
        .bind(names)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let (kind, role) = (row.get("author_kind"), row.get("author_role"));
            Ok(Consent {
                entity: parsed("finess", row.get("legal_entity"))?,
                region: parsed("region", row.get("region"))?,
                given: row.get("given"),
                email: row.get("email"),
                by: person(row.get("author"), kind, role)?,
                version: row.get("version"),
                updated_at: row.get("updated_at"),
            })
        })
        .collect()
}

/// The region of a legal entity, as the registry says.
pub async fn region_of(
    connection: &mut PgConnection,
    entity: Finess,
) -> Result<Option<Region>, Error> {
    let row = sqlx::query("select region from legal_entity_copy where finess = $1")
        .bind(entity.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| parsed("region", row.get("region")))
        .transpose()
}

/// Writes a consent. The version of its history settles who was first.
pub async fn save(connection: &mut PgConnection, consent: &Consent) -> Result<(), Error> {
    sqlx::query(concat!(
        "insert into delivery_consent (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict on constraint delivery_consent_pkey do update set
             version = excluded.version,
             given = excluded.given,
             email = excluded.email,
             author = excluded.author,
             author_kind = excluded.author_kind,
             author_role = excluded.author_role,
             updated_at = excluded.updated_at",
    ))
    .bind(consent.entity.to_string())
    .bind(consent.region.code())
    .bind(consent.version)
    .bind(consent.given)
    .bind(&consent.email)
    .bind(consent.by.subject())
    .bind(consent.by.actor().kind.as_str())
    .bind(consent.by.role())
    .bind(consent.updated_at)
    .execute(connection)
    .await?;
    Ok(())
}
