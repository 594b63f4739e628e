//! What each side said of each objective.

use kernel::HumanActor;
use sqlx::{PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::OffsetDateTime;

use super::{parsed, person, side, unexpected};
use crate::domain::{
    ContractId,
    contract::{Position, Stance},
};

/// A position, and who took it.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub position: Position,
    pub author: HumanActor,
    pub at: OffsetDateTime,
}

fn recorded(row: &PgRow) -> Result<Recorded, Error> {
    let (kind, role) = (row.get("author_kind"), row.get("author_role"));
    Ok(Recorded {
        position: Position {
            text_version: row.get("text_version"),
            objective: row.get("objective"),
            side: side(row.get("side"))?,
            council: row
                .get::<Option<String>, _>("council")
                .map(|code| parsed("council", &code))
                .transpose()?,
            stance: match row.get("stance") {
                "ACCEPTED" => Stance::Accepted,
                "RESERVED" => Stance::Reserved,
                "REFUSED" => Stance::Refused,
                other => return Err(unexpected("stance", other)),
            },
            comment: row.get("comment"),
        },
        author: person(row.get("author"), kind, role)?,
        at: row.get("recorded_at"),
    })
}

/// The last word of each side, and of each council, on each objective of a version.
pub async fn last_words(
    connection: &mut PgConnection,
    contract: ContractId,
    text_version: i32,
) -> Result<Vec<Recorded>, Error> {
    let rows = sqlx::query(
        r#"select distinct on (objective collate "C", side, council)
             text_version,
             objective,
             side,
             council,
             stance,
             comment,
             author,
             author_kind,
             author_role,
             recorded_at
         from contract_position
         where contract_id = $1 and text_version = $2
         order by objective collate "C", side, council, version desc"#,
    )
    .bind(contract.0)
    .bind(text_version)
    .fetch_all(connection)
    .await?;
    rows.iter().map(recorded).collect()
}
