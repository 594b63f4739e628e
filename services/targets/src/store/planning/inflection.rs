//! Table `inflection`.

use kernel::Region;
use sqlx::{PgConnection, PgExecutor, PgPool, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Dated;
use crate::{
    domain::planning::{DialogueId, Inflection, InflectionId, InflectionState, Position, Proposal},
    store::{stored, unknown},
};

/// What an inflection is read from.
macro_rules! columns {
    () => {
        "id, version, region, dialogue, territory, proposal, positions, state, decided_by, decided_at, drop_reasons, created_at, updated_at"
    };
}

/// Writes a new inflection.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    inflection: &Inflection,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into inflection (
             id,
             version,
             region,
             dialogue,
             territory,
             indicator,
             proposal,
             positions,
             state,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
    )
    .bind(inflection.id.0)
    .bind(inflection.version)
    .bind(inflection.region.code())
    .bind(inflection.dialogue.0)
    .bind(&inflection.territory)
    .bind(&inflection.proposal.indicator)
    .bind(Json(&inflection.proposal))
    .bind(Json(&inflection.positions))
    .bind(inflection.state.as_str())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes an inflection after its events. The caller holds its row since [`lock`].
pub(crate) async fn update(
    connection: &mut PgConnection,
    inflection: &Inflection,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let (by, at, reasons) = match &inflection.state {
        InflectionState::Proposed => (None, None, None),
        InflectionState::Agreed { by, at } => (Some(by), Some(*at), None),
        InflectionState::Dropped { by, at, reasons } => (Some(by), Some(*at), Some(reasons)),
    };
    sqlx::query(
        "update inflection
         set
             version = $2,
             positions = $3,
             state = $4,
             decided_by = $5,
             decided_at = $6,
             drop_reasons = $7,
             updated_at = $8
         where id = $1",
    )
    .bind(inflection.id.0)
    .bind(inflection.version)
    .bind(Json(&inflection.positions))
    .bind(inflection.state.as_str())
    .bind(by)
    .bind(at)
    .bind(reasons)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds an inflection and holds its row until the end of the transaction.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: InflectionId,
) -> Result<Option<Dated<Inflection>>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from inflection
         where id = $1
         for update",
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

/// Finds inflections by their names; what is not there is left out.
pub(crate) async fn find_all(
    executor: impl PgExecutor<'_>,
    ids: &[InflectionId],
) -> Result<Vec<Dated<Inflection>>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from inflection
         where id = any($1)
         order by id",
    ))
    .bind(ids)
    .fetch_all(executor)
    .await?;
    rows.iter().map(read).collect()
}

/// The inflections of a region that were agreed before an instant.
pub(crate) async fn agreed_before(
    pool: &PgPool,
    region: Region,
    before: OffsetDateTime,
) -> Result<Vec<Inflection>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from inflection
         where region = $1 and state = 'agreed' and decided_at < $2
         order by id",
    ))
    .bind(region.code())
    .bind(before)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// How many inflections of a dialogue are still proposed.
pub(crate) async fn count_proposed(
    connection: &mut PgConnection,
    dialogue: DialogueId,
) -> Result<i64, Error> {
    let count = sqlx::query_scalar(
        "select count(*) from inflection where dialogue = $1 and state = 'proposed'",
    )
    .bind(dialogue.0)
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// Which inflections to list. What is none does not restrict.
pub(crate) struct Filter {
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) dialogue: Option<DialogueId>,
    pub(crate) state: Option<&'static str>,
    /// Only inflections of dialogues to which one of these was invited.
    pub(crate) invited: Option<Vec<String>>,
    pub(crate) after: Option<Uuid>,
}

/// Lists inflections in the order of their identifiers, which is the order of their creation.
pub(crate) async fn list(
    pool: &PgPool,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Dated<Inflection>>, Error> {
    let rows = sqlx::query(
        "select
             inflection.id,
             inflection.version,
             inflection.region,
             inflection.dialogue,
             inflection.territory,
             inflection.proposal,
             inflection.positions,
             inflection.state,
             inflection.decided_by,
             inflection.decided_at,
             inflection.drop_reasons,
             inflection.created_at,
             inflection.updated_at
         from inflection
         where
             ($1::text[] is null or inflection.region = any($1))
             and ($2::uuid is null or inflection.dialogue = $2)
             and ($3::text is null or inflection.state = $3)
             and ($4::text[] is null or exists (
                 select
                 from
                     territory_dialogue as dialogue,
                     jsonb_array_elements(dialogue.record -> 'participants') as participant
                 where dialogue.id = inflection.dialogue and participant ->> 'finess' = any($4)
             ))
             and ($5::uuid is null or inflection.id > $5)
         order by inflection.id
         limit $6",
    )
    .bind(&filter.regions)
    .bind(filter.dialogue.map(|dialogue| dialogue.0))
    .bind(filter.state)
    .bind(&filter.invited)
    .bind(filter.after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

fn read(row: &PgRow) -> Result<Dated<Inflection>, Error> {
    let Json(proposal): Json<Proposal> = row.try_get("proposal")?;
    let Json(positions): Json<Vec<Position>> = row.try_get("positions")?;
    let decided = row
        .get::<Option<String>, _>("decided_by")
        .zip(row.get::<Option<OffsetDateTime>, _>("decided_at"));
    let reasons: Option<String> = row.get("drop_reasons");
    let state = match (row.get::<&str, _>("state"), decided, reasons) {
        ("proposed", None, None) => InflectionState::Proposed,
        ("agreed", Some((by, at)), None) => InflectionState::Agreed { by, at },
        ("dropped", Some((by, at)), Some(reasons)) => InflectionState::Dropped { by, at, reasons },
        (state, _, _) => return Err(unknown("inflection state", state)),
    };
    Ok(Dated {
        value: Inflection {
            id: InflectionId(row.get("id")),
            region: stored(row.get("region"))?,
            dialogue: DialogueId(row.get("dialogue")),
            territory: row.get("territory"),
            proposal,
            positions,
            state,
            version: row.get("version"),
        },
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}
