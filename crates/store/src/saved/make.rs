//! Making an export, and deleting it when its time is over.

use proto::history::v1::{SavedExportExpired, SavedExportFinished, SavedExportRefused};
use sha2::{Digest as _, Sha256};
use sqlx::{QueryBuilder, Row as _};
use time::Duration;
use uuid::Uuid;

use super::{COLUMNS, Saved, line};
use crate::{By, Db, Error, log};

/// Events read at a time.
const BATCH: i64 = 500;
/// How long a replica that does not say anything more is believed to be at work.
const LEASE: Duration = Duration::minutes(1);
/// Exports deleted at a time.
const MOST_DELETED: i64 = 20;

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A part was kept; there may be more.
    Part,
    /// The file is ready, would be too large, or is not wanted any more.
    Ready,
}

/// Takes up an export that nobody is at work on; none when there is no such export.
pub async fn claim(db: &Db) -> Result<Option<Saved>, Error> {
    let now = db.clock().now();
    let mut query = QueryBuilder::new("update saved_export set lease_until = ");
    query
        .push_bind(now + LEASE)
        .push(
            " where id = (
                 select id from saved_export
                 where state = 'ordered' and (lease_until is null or lease_until <= ",
        )
        .push_bind(now)
        .push(") and expires_at > ")
        .push_bind(now)
        .push(" order by ordered_at limit 1 for update skip locked) returning ")
        .push(COLUMNS);
    Ok(query.build_query_as().fetch_optional(db.pool()).await?)
}

/// Keeps the next part of a file, of whole lines and about `part_bytes` at most, or ends it. A part holds what one piece of
/// the log has: where there is nothing, only how far the work has come is kept. The parts of an export follow from what it
/// covers alone: whoever makes one makes the same.
pub async fn step(db: &Db, saved: &Saved, part_bytes: usize) -> Result<Step, Error> {
    let row = sqlx::query(
        "select greatest(export.reached_leaf, coalesce(max(part.last_leaf), -1)) as reached,
             coalesce(max(part.rank), -1) as rank, coalesce(sum(part.events), 0)::bigint as events
         from saved_export as export
         left join saved_export_part as part on part.export_id = export.id
         where export.id = $1
         group by export.reached_leaf",
    )
    .bind(saved.id)
    .fetch_one(db.pool())
    .await?;
    let (rank, kept): (i64, i64) = (row.get("rank"), row.get("events"));
    let mut reached: i64 = row.get("reached");
    let (mut content, mut events, mut last) = (Vec::new(), 0_i64, reached);
    let mut is_end = false;
    'part: loop {
        let piece = log::export(db.pool(), &saved.part, reached, BATCH).await?;
        let is_full = i64::try_from(piece.leaves.len()) == Ok(BATCH);
        for leaf in &piece.leaves {
            line::write(leaf, &mut content);
            last = leaf.leaf_index;
            reached = last;
            events += 1;
            if content.len() >= part_bytes {
                break 'part;
            }
        }
        if !is_full {
            is_end = piece.next.is_none();
            reached = piece.next.unwrap_or(saved.part.tree_size - 1);
            break;
        }
    }
    if kept + events > saved.most {
        refuse(db, saved).await?;
        return Ok(Step::Ready);
    }
    if events == 0 && is_end {
        finish(db, saved).await?;
        return Ok(Step::Ready);
    }
    let mut unit = db.unit(By::service("exporter", db.clock().now())).await?;
    let lease = unit.at() + LEASE;
    // First, so that the export stays as it is until the part is kept.
    let held = sqlx::query(
        "update saved_export
         set lease_until = $2, reached_leaf = greatest(reached_leaf, $3)
         where id = $1 and state = 'ordered'",
    )
    .bind(saved.id)
    .bind(lease)
    .bind(reached)
    .execute(unit.connection())
    .await?;
    if held.rows_affected() == 0 {
        return Ok(Step::Ready);
    }
    if events > 0 {
        sqlx::query(
            "insert into saved_export_part (export_id, rank, last_leaf, events, sha256, content)
             values ($1, $2, $3, $4, sha256($5), $5)
             on conflict do nothing",
        )
        .bind(saved.id)
        .bind(rank + 1)
        .bind(last)
        .bind(events)
        .bind(&content)
        .execute(unit.connection())
        .await?;
    }
    unit.done().await?;
    Ok(Step::Part)
}

/// Ends an export that would hold more events than it may: what was made of it is deleted.
async fn refuse(db: &Db, saved: &Saved) -> Result<(), Error> {
    let mut unit = db.unit(By::service("exporter", db.clock().now())).await?;
    let now = unit.at();
    let ended = sqlx::query(
        "update saved_export
         set version = version + 1, state = 'too_large', lease_until = null, finished_at = $2
         where id = $1 and state = 'ordered'",
    )
    .bind(saved.id)
    .bind(now)
    .execute(unit.connection())
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(());
    }
    sqlx::query("delete from saved_export_part where export_id = $1")
        .bind(saved.id)
        .execute(unit.connection())
        .await?;
    let message = SavedExportRefused {
        max_events: saved.most,
    };
    unit.record(vec![next(saved).fact(&message)?]).await?;
    unit.done().await
}

/// Ends a file: its hash is that of all its parts, read again. Of two that end it, one does.
async fn finish(db: &Db, saved: &Saved) -> Result<(), Error> {
    let (mut hash, mut bytes, mut rank) = (Sha256::new(), 0_i64, 0);
    while let Some(part) = super::part(db.pool(), saved.id, rank).await? {
        hash.update(&part);
        bytes += i64::try_from(part.len()).unwrap_or(i64::MAX);
        rank += 1;
    }
    let sha256: [u8; 32] = hash.finalize().into();
    let mut unit = db.unit(By::service("exporter", db.clock().now())).await?;
    let now = unit.at();
    let events: Option<i64> = sqlx::query_scalar(
        "update saved_export set
             version = version + 1,
             state = 'ready',
             lease_until = null,
             finished_at = $2,
             bytes = $3,
             sha256 = $4,
             events = (select coalesce(sum(part.events), 0)::bigint
                       from saved_export_part as part where part.export_id = $1)
         where id = $1 and state = 'ordered'
         returning events",
    )
    .bind(saved.id)
    .bind(now)
    .bind(bytes)
    .bind(sha256.as_slice())
    .fetch_optional(unit.connection())
    .await?;
    let Some(events) = events else {
        return Ok(());
    };
    let message = SavedExportFinished {
        events,
        size_bytes: bytes,
        sha256: line::hexadecimal(&sha256),
    };
    unit.record(vec![next(saved).fact(&message)?]).await?;
    unit.done().await
}

/// Deletes the files whose time is over; that they were made stays on record.
pub async fn expire(db: &Db) -> Result<(), Error> {
    let now = db.clock().now();
    let due: Vec<Uuid> = sqlx::query_scalar(
        "select id from saved_export where state <> 'expired' and expires_at <= $1 order by expires_at limit $2",
    )
    .bind(now)
    .bind(MOST_DELETED)
    .fetch_all(db.pool())
    .await?;
    for id in due {
        let mut unit = db.unit(By::service("exporter", now)).await?;
        let mut query = QueryBuilder::new(
            "update saved_export set version = version + 1, state = 'expired', lease_until = null where id = ",
        );
        query
            .push_bind(id)
            .push(" and state <> 'expired' returning ")
            .push(COLUMNS);
        let expired: Option<Saved> = query
            .build_query_as()
            .fetch_optional(unit.connection())
            .await?;
        let Some(expired) = expired else { continue };
        sqlx::query("delete from saved_export_part where export_id = $1")
            .bind(id)
            .execute(unit.connection())
            .await?;
        unit.record(vec![expired.fact(&SavedExportExpired {})?])
            .await?;
        unit.done().await?;
    }
    Ok(())
}

/// The export with the number of its next event.
fn next(saved: &Saved) -> Saved {
    Saved {
        version: saved.version + 1,
        ..saved.clone()
    }
}
