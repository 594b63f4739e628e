//! Table `document_names`: what the registry called the entities and sites of a document when it was made.
//!
//! The names are not in the text that is signed, whose hash never moves, and not read from the registry when the document is
//! set: the same document would then be other bytes after every import. They are recorded once, with the freeze, the notice
//! or the decision, and enter the edition from here.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Finess;
use sqlx::{PgConnection, Row as _, types::Json};
use store::Error;
use uuid::Uuid;

use super::perimeter;
use crate::domain::{AmendmentId, document::Kind};

/// Titles by FINESS number.
pub type Names = BTreeMap<String, String>;

/// The document that names are kept with.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    pub kind: Kind,
    /// Name of the resource it shows.
    pub subject: &'a str,
    /// The freeze that it is of; 0 for what is made once.
    pub version: i64,
}

/// Records what our copy of the registry calls these entities and sites now. The first record of a document stays.
pub async fn record(
    connection: &mut PgConnection,
    made: Made<'_>,
    entities: &BTreeSet<Finess>,
    sites: &BTreeSet<Finess>,
) -> Result<(), Error> {
    let names = perimeter::names(connection, entities, sites).await?;
    sqlx::query(
        "insert into document_names (kind, subject, version, names)
         values ($1, $2, $3, $4)
         on conflict do nothing",
    )
    .bind(made.kind.as_str())
    .bind(made.subject)
    .bind(made.version)
    .bind(Json(&names))
    .execute(connection)
    .await?;
    Ok(())
}

/// What was recorded with a document; none for one that was made before names were.
pub async fn of(connection: &mut PgConnection, made: Made<'_>) -> Result<Option<Names>, Error> {
    let row = sqlx::query(
        "select names
         from document_names
         where subject = $1 and kind = $2 and version = $3",
    )
    .bind(made.subject)
    .bind(made.kind.as_str())
    .bind(made.version)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let names: Json<Names> = row.get("names");
        names.0
    }))
}

/// What was recorded with a contract and these amendments, the later one counting; none when nothing was.
pub async fn consolidated(
    connection: &mut PgConnection,
    contract: Made<'_>,
    amendments: &[AmendmentId],
) -> Result<Option<Names>, Error> {
    let mut names = of(connection, contract).await?;
    let ids: Vec<Uuid> = amendments.iter().map(|id| id.0).collect();
    let rows = sqlx::query(
        "select recorded.names
         from unnest($1::uuid[]) with ordinality as applied (id, place)
         join amendment on amendment.id = applied.id
         join document_names as recorded
             on recorded.subject = 'amendments/' || amendment.id::text
             and recorded.kind = 'AMENDMENT'
             and recorded.version = amendment.freeze_version
         order by applied.place",
    )
    .bind(&ids)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let later: Json<Names> = row.get("names");
        names.get_or_insert_default().extend(later.0);
    }
    Ok(names)
}
