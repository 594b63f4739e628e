//! Signed heads of the log.

use sqlx::PgPool;
use time::OffsetDateTime;

use crate::Error;

/// A checkpoint as it is kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SignedHead {
    pub tree_size: i64,
    pub root_hash: Vec<u8>,
    pub signed_at: OffsetDateTime,
    /// The signed note.
    pub note: String,
}

/// The latest one.
pub async fn latest(pool: &PgPool) -> Result<Option<SignedHead>, Error> {
    Ok(sqlx::query_as(
        "select tree_size, root_hash, signed_at, note from checkpoint order by tree_size desc limit 1",
    )
    .fetch_optional(pool)
    .await?)
}

/// The first one over at least this many events.
pub async fn covering(pool: &PgPool, tree_size: i64) -> Result<Option<SignedHead>, Error> {
    Ok(sqlx::query_as(
        "select tree_size, root_hash, signed_at, note
         from checkpoint
         where tree_size >= $1
         order by tree_size
         limit 1",
    )
    .bind(tree_size)
    .fetch_optional(pool)
    .await?)
}

/// The one of exactly this size.
pub async fn of_size(pool: &PgPool, tree_size: i64) -> Result<Option<SignedHead>, Error> {
    let head = covering(pool, tree_size).await?;
    Ok(head.filter(|head| head.tree_size == tree_size))
}

/// At most `limit` of them after the size `after`, oldest first.
pub async fn heads(
    pool: &PgPool,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<SignedHead>, Error> {
    Ok(sqlx::query_as(
        "select tree_size, root_hash, signed_at, note
         from checkpoint
         where tree_size > $1
         order by tree_size
         limit $2",
    )
    .bind(after.unwrap_or_default())
    .bind(limit)
    .fetch_all(pool)
    .await?)
}
