//! Table `regional_framework`.

use kernel::Region;
use sqlx::{PgConnection, PgExecutor, PgPool, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::Dated;
use crate::{
    domain::{
        Term,
        planning::{FrameworkId, FrameworkSide, FrameworkState, Line, RegionalFramework},
    },
    store::{stored, unknown},
};

/// What a framework is read from.
macro_rules! columns {
    () => {
        "id, version, region, revision, state, agreed_side, effect_date, end_date, lines, note, created_at, updated_at"
    };
}

/// Writes a new framework.
///
/// # Errors
/// A violation of `regional_framework_draft_key` or `regional_framework_revision_key` when another draft came first.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    framework: &RegionalFramework,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(concat!(
        "insert into regional_framework (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
    ))
    .bind(framework.id.0)
    .bind(framework.version)
    .bind(framework.region.code())
    .bind(framework.revision)
    .bind(framework.state.as_str())
    .bind(agreed_side(framework.state))
    .bind(framework.term.effect_date)
    .bind(framework.term.end_date)
    .bind(Json(&framework.lines))
    .bind(&framework.note)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a framework after its events. The caller holds its row since [`lock`].
pub(crate) async fn update(
    connection: &mut PgConnection,
    framework: &RegionalFramework,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "update regional_framework
         set
             version = $2,
             state = $3,
             agreed_side = $4,
             lines = $5,
             note = $6,
             updated_at = $7
         where id = $1",
    )
    .bind(framework.id.0)
    .bind(framework.version)
    .bind(framework.state.as_str())
    .bind(agreed_side(framework.state))
    .bind(Json(&framework.lines))
    .bind(&framework.note)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Finds a framework and holds its row until the end of the transaction.
pub(crate) async fn lock(
    connection: &mut PgConnection,
    id: FrameworkId,
) -> Result<Option<Dated<RegionalFramework>>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from regional_framework
         where id = $1
         for update",
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn find(
    pool: &PgPool,
    id: FrameworkId,
) -> Result<Option<Dated<RegionalFramework>>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from regional_framework
         where id = $1",
    ))
    .bind(id.0)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(read).transpose()
}

/// The latest framework of a region, whatever its state.
pub(crate) async fn latest(
    connection: &mut PgConnection,
    region: Region,
) -> Result<Option<RegionalFramework>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from regional_framework
         where region = $1
         order by revision desc
         limit 1",
    ))
    .bind(region.code())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(|row| Ok(read(row)?.value)).transpose()
}

/// The agreed framework that counts on a day: the latest revision that has begun and not ended.
pub(crate) async fn in_effect(
    executor: impl PgExecutor<'_>,
    region: Region,
    day: Date,
) -> Result<Option<RegionalFramework>, Error> {
    let row = sqlx::query(concat!(
        "select ",
        columns!(),
        " from regional_framework
         where region = $1 and state = 'agreed' and effect_date <= $2 and $2 <= end_date
         order by revision desc
         limit 1",
    ))
    .bind(region.code())
    .bind(day)
    .fetch_optional(executor)
    .await?;
    row.as_ref().map(|row| Ok(read(row)?.value)).transpose()
}

/// Lists frameworks in the order of their identifiers, which is the order of their creation.
pub(crate) async fn list(
    pool: &PgPool,
    regions: Option<&[String]>,
    state: Option<&str>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Dated<RegionalFramework>>, Error> {
    let rows = sqlx::query(concat!(
        "select ",
        columns!(),
        " from regional_framework
         where
             ($1::text[] is null or region = any($1))
             and ($2::text is null or state = $2)
             and ($3::uuid is null or id > $3)
         order by id
         limit $4",
    ))
    .bind(regions)
    .bind(state)
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(read).collect()
}

fn agreed_side(state: FrameworkState) -> Option<&'static str> {
    match state {
        FrameworkState::Draft { agreed } => agreed.map(FrameworkSide::as_str),
        FrameworkState::Agreed => None,
    }
}

fn read(row: &PgRow) -> Result<Dated<RegionalFramework>, Error> {
    let Json(lines): Json<Vec<Line>> = row.try_get("lines")?;
    let agreed = row
        .get::<Option<&str>, _>("agreed_side")
        .map(|side| FrameworkSide::from_text(side).ok_or_else(|| unknown("side", side)))
        .transpose()?;
    let state = match row.get("state") {
        "draft" => FrameworkState::Draft { agreed },
        "agreed" => FrameworkState::Agreed,
        other => return Err(unknown("framework state", other)),
    };
    Ok(Dated {
        value: RegionalFramework {
            id: FrameworkId(row.get("id")),
            region: stored(row.get("region"))?,
            revision: row.get("revision"),
            term: Term {
                effect_date: row.get("effect_date"),
                end_date: row.get("end_date"),
            },
            lines,
            note: row.get("note"),
            state,
            version: row.get("version"),
        },
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}
