//! Table `territory_dialogue`.

use sqlx::{PgConnection, PgPool, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Dated;
use crate::{
    domain::planning::{Dialogue, DialogueId, DialogueState, dialogue::Record},
    store::{stored, unknown},
};

/// What a dialogue is read from.
macro_rules! columns {
    () => {
        "id, version, region, territory, title, state, record, conclusion, created_at, updated_at"
    };
}

/// Writes a new dialogue.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    dialogue: &Dialogue,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(concat!(
        "insert into territory_dialogue (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
    ))
    .bind(dialogue.id.0)
    .bind(dialogue.version)
    .bind(dialogue.region.code())
    .bind(&dialogue.territory)
    .bind(&dialogue.title)
    .bind(dialogue.state.as_str())
    .bind(Json(&dialogue.record))
    .bind(conclusion(&dialogue.state))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a dialogue after an event. The caller holds its row since [`lock`].
pub(crate) async fn update(
    connection: &mut PgConnection,
    dialogue: &Dialogue,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "update territory_dialogue
         set
             version = $2,
             state = $3,
             record = $4,
             conclusion = $5,
             updated_at = $6
         where id = $1",
    )
    .bind(dialogue.id.0)
    .bind(dialogue.version)
    .bind(dialogue.state.as_str())
    .bind(Json(&dialogue.record))
    .bind(conclusion(&dialogue.state))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds a dialogue and holds its row until the end of the transaction.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: DialogueId,
) -> Result<Option<Dated<Dialogue>>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from territory_dialogue
         where id = $1
         for update",
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn find(pool: &PgPool, id: DialogueId) -> Result<Option<Dated<Dialogue>>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from territory_dialogue
         where id = $1",
    ))
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Which dialogues to list. What is none does not restrict.
pub(crate) struct Filter {
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) territory: Option<String>,
    pub(crate) state: Option<&'static str>,
    /// Only dialogues to which one of these was invited.
    pub(crate) invited: Option<Vec<String>>,
    pub(crate) after: Option<Uuid>,
}

/// Lists dialogues in the order of their identifiers, which is the order of their creation.
pub(crate) async fn list(
    pool: &PgPool,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Dated<Dialogue>>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from territory_dialogue
         where
             ($1::text[] is null or region = any($1))
             and ($2::text is null or territory = $2)
             and ($3::text is null or state = $3)
             and ($4::text[] is null or exists (
                 select from jsonb_array_elements(record -> 'participants') as participant
                 where participant ->> 'finess' = any($4)
             ))
             and ($5::uuid is null or id > $5)
         order by id
         limit $6",
    ))
    .bind(&filter.regions)
    .bind(&filter.territory)
    .bind(filter.state)
    .bind(&filter.invited)
    .bind(filter.after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

fn conclusion(state: &DialogueState) -> Option<&str> {
    match state {
        DialogueState::Open => None,
        DialogueState::Closed { conclusion } => Some(conclusion),
    }
}

fn read(row: &PgRow) -> Result<Dated<Dialogue>, Error> {
    let Json(record): Json<Record> = row.try_get("record")?;
    let state = match (
        row.get::<&str, _>("state"),
        row.get::<Option<String>, _>("conclusion"),
    ) {
        ("open", None) => DialogueState::Open,
        ("closed", Some(conclusion)) => DialogueState::Closed { conclusion },
        (state, _) => return Err(unknown("dialogue state", state)),
    };
    Ok(Dated {
        value: Dialogue {
            id: DialogueId(row.get("id")),
            region: stored(row.get("region"))?,
            territory: row.get("territory"),
            title: row.get("title"),
            record,
            state,
            version: row.get("version"),
        },
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}
