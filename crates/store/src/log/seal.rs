//! Sealing: from the history to the log, a moment later.
//!
//! Appending an event costs nothing more for it. One replica at a time seals, under an advisory lock; leaves,
//! subtrees and the signed checkpoint are one transaction, so that a crash leaves nothing half done.

use sqlx::{PgConnection, Row as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use transparency::{Checkpoint, Frontier, Hash, Node, SigningKey, tree::cover, tree::leaf_hash};

use super::{STORED_EVERY, complete::complete_up_to, nodes};
use crate::{By, Db, Error};

/// Events of one transaction.
const BATCH: i64 = 5_000;

/// What sealing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// Nothing new, or another replica is sealing, or writers are still at work.
    Nothing,
    /// All there was.
    All,
    /// A whole batch: there may be more.
    Batch,
}

/// Seals one batch and signs the new head with all the keys; without a key, it stays unsigned.
pub async fn seal(db: &Db, keys: &[SigningKey]) -> Result<Sealed, Error> {
    let mut unit = db.unit(By::service("sealer", db.clock().now())).await?;
    let now = unit.at();
    let connection = unit.connection();
    let leads: bool = sqlx::query_scalar("select pg_try_advisory_xact_lock(hashtext('cpom-log'))")
        .fetch_one(&mut *connection)
        .await?;
    if !leads {
        return Ok(Sealed::Nothing);
    }
    let (size, last) = end(connection).await?;
    let events = match complete_up_to(connection, last).await? {
        Some(bound) => batch(connection, last, bound).await?,
        None => Vec::new(),
    };
    if events.is_empty() && (keys.is_empty() || is_signed(connection, size).await?) {
        // Ended here and not some time after: whoever seals next leads at once.
        unit.done().await?;
        return Ok(Sealed::Nothing);
    }
    let edge = nodes::load(&mut *connection, &cover(0..size)).await?;
    let mut frontier = Frontier::restore(size, |node| edge.get(&node).copied())
        .ok_or_else(|| Error::Inconsistent("the log lacks leaves".to_owned()))?;
    if !events.is_empty() {
        write(connection, &mut frontier, &events).await?;
    }
    sign(connection, &frontier, keys, now).await?;
    unit.done().await?;
    if i64::try_from(events.len()) == Ok(BATCH) {
        Ok(Sealed::Batch)
    } else {
        Ok(Sealed::All)
    }
}

/// Number of leaves, and the event under the last one.
async fn end(connection: &mut PgConnection) -> Result<(u64, i64), Error> {
    let row = sqlx::query(
        "select index, event_seq from merkle_node where level = 0 order by index desc limit 1",
    )
    .fetch_optional(connection)
    .await?;
    match row {
        Some(row) => Ok((
            nodes::count(row.get::<i64, _>("index"))? + 1,
            row.get("event_seq"),
        )),
        None => Ok((0, 0)),
    }
}

async fn batch(
    connection: &mut PgConnection,
    last: i64,
    bound: i64,
) -> Result<Vec<(i64, Hash)>, Error> {
    let rows = sqlx::query(
        "select seq, hash from event where seq > $1 and seq <= $2 order by seq limit $3",
    )
    .bind(last)
    .bind(bound)
    .bind(BATCH)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.get("seq"), leaf_hash(row.get("hash")))))
        .collect()
}

/// Appends the leaves and the subtrees that they complete.
async fn write(
    connection: &mut PgConnection,
    frontier: &mut Frontier,
    events: &[(i64, Hash)],
) -> Result<(), Error> {
    let mut completed: Vec<(Node, Hash, Option<i64>)> = Vec::with_capacity(events.len());
    for (seq, leaf) in events {
        frontier.push(*leaf, |node, hash| {
            if node.level.is_multiple_of(STORED_EVERY) {
                completed.push((node, hash, (node.level == 0).then_some(*seq)));
            }
        });
    }
    let (mut levels, mut indexes, mut hashes, mut seqs) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (node, hash, seq) in completed {
        levels.push(i16::try_from(node.level).unwrap_or(i16::MAX));
        indexes.push(nodes::number(node.index)?);
        hashes.push(hash.to_vec());
        seqs.push(seq);
    }
    sqlx::query(
        "insert into merkle_node (level, index, hash, event_seq)
         select * from unnest($1::smallint[], $2::bigint[], $3::bytea[], $4::bigint[])",
    )
    .bind(&levels)
    .bind(&indexes)
    .bind(&hashes)
    .bind(&seqs)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the head of that size is signed; that of an empty log need not be.
async fn is_signed(connection: &mut PgConnection, size: u64) -> Result<bool, Error> {
    Ok(
        sqlx::query_scalar("select $1 = 0 or exists (select from checkpoint where tree_size = $1)")
            .bind(nodes::number(size)?)
            .fetch_one(connection)
            .await?,
    )
}

/// Signs the head with every key.
async fn sign(
    connection: &mut PgConnection,
    frontier: &Frontier,
    keys: &[SigningKey],
    now: OffsetDateTime,
) -> Result<(), Error> {
    let Some(key) = keys.first() else {
        return Ok(());
    };
    let time = now
        .replace_nanosecond(0)
        .unwrap_or(now)
        .format(&Rfc3339)
        .map_err(|e| Error::Inconsistent(e.to_string()))?;
    let root = frontier.root();
    let head = Checkpoint {
        origin: key.name().to_owned(),
        size: frontier.size(),
        root,
        time: Some(time),
    };
    sqlx::query(
        "insert into checkpoint (tree_size, root_hash, signed_at, note) values ($1, $2, $3, $4)",
    )
    .bind(nodes::number(frontier.size())?)
    .bind(root.as_slice())
    .bind(now)
    .bind(head.sign(keys))
    .execute(connection)
    .await?;
    Ok(())
}
