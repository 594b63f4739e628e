//! The tables of things that have a state, an etag and a history. They have the same columns; what differs stands in
//! `record`, and in the constraints of each table.

use kernel::Region;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgExecutor, PgPool, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    domain::offer::{Cooperation, Engagement, Envelope, Kept, Life, ProjectCall, Scheme},
    store::{planning::Dated, stored},
};

/// What is asked of a table.
pub(crate) struct Statements {
    insert: &'static str,
    update: &'static str,
    lock: &'static str,
    find: &'static str,
    list: &'static str,
}

/// A thing that has its table.
pub(crate) trait Table: Life + Serialize + DeserializeOwned + Send + Sync + Unpin {
    const STATEMENTS: Statements;
}

/// The statements of a table.
macro_rules! statements {
    ($table:literal) => {
        Statements {
            insert: concat!(
                "insert into ",
                $table,
                " (id, version, region, state, record, created_at, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $6)",
            ),
            update: concat!(
                "update ",
                $table,
                " set version = $2, state = $3, record = $4, updated_at = $5
                 where id = $1",
            ),
            lock: concat!(
                "select id, version, region, record, created_at, updated_at
                 from ",
                $table,
                " where id = $1
                 for update",
            ),
            find: concat!(
                "select id, version, region, record, created_at, updated_at
                 from ",
                $table,
                " where id = $1",
            ),
            list: concat!(
                "select id, version, region, record, created_at, updated_at
                 from ",
                $table,
                " where
                     ($1::text[] is null or region = any($1))
                     and ($2::text is null or state = $2)
                     and ($3::uuid is null or id > $3)
                 order by id
                 limit $4",
            ),
        }
    };
}

impl Table for Scheme {
    const STATEMENTS: Statements = statements!("scheme");
}

impl Table for Envelope {
    const STATEMENTS: Statements = statements!("credit_envelope");
}

impl Table for Engagement {
    const STATEMENTS: Statements = statements!("credit_engagement");
}

impl Table for Cooperation {
    const STATEMENTS: Statements = statements!("cooperation");
}

impl Table for ProjectCall {
    const STATEMENTS: Statements = statements!("project_call");
}

/// Writes a new thing.
///
/// # Errors
/// A violation of a constraint of its table.
pub(crate) async fn insert<T: Table>(
    connection: &mut PgConnection,
    kept: &Kept<T>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(T::STATEMENTS.insert)
        .bind(kept.id)
        .bind(kept.version)
        .bind(kept.region.code())
        .bind(kept.value.state())
        .bind(Json(&kept.value))
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes a thing after an event. The caller holds its row since [`lock`].
///
/// # Errors
/// A violation of a constraint of its table.
pub(crate) async fn update<T: Table>(
    connection: &mut PgConnection,
    kept: &Kept<T>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(T::STATEMENTS.update)
        .bind(kept.id)
        .bind(kept.version)
        .bind(kept.value.state())
        .bind(Json(&kept.value))
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Finds a thing and holds its row until the end of the transaction.
pub(crate) async fn lock<T: Table>(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Dated<Kept<T>>>, Error> {
    let row = sqlx::query(T::STATEMENTS.lock)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn find<T: Table>(
    executor: impl PgExecutor<'_>,
    id: Uuid,
) -> Result<Option<Dated<Kept<T>>>, Error> {
    let row = sqlx::query(T::STATEMENTS.find)
        .bind(id)
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Lists things in the order of their identifiers, which is the order of their creation.
pub(crate) async fn list<T: Table>(
    executor: impl PgExecutor<'_>,
    regions: Option<&[String]>,
    state: Option<&str>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Dated<Kept<T>>>, Error> {
    let rows = sqlx::query(T::STATEMENTS.list)
        .bind(regions)
        .bind(state)
        .bind(after)
        .bind(limit)
        .fetch_all(executor)
        .await?;
    rows.iter().map(read).collect()
}

/// Everything of a region in a state, or in any.
pub(crate) async fn of_region<T: Table>(
    pool: &PgPool,
    region: Region,
    state: Option<&str>,
) -> Result<Vec<Kept<T>>, Error> {
    let regions = [region.to_string()];
    let found = list(pool, Some(&regions), state, None, i64::MAX).await?;
    Ok(found.into_iter().map(|dated| dated.value).collect())
}

fn read<T: Table>(row: &PgRow) -> Result<Dated<Kept<T>>, Error> {
    let Json(value): Json<T> = row.try_get("record")?;
    Ok(Dated {
        value: Kept {
            id: row.get("id"),
            region: stored(row.get("region"))?,
            version: row.get("version"),
            value,
        },
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
    })
}
