//! Hashes of subtrees, and the proofs made of them.

use std::{collections::HashMap, ops::Range};

use sqlx::{PgExecutor, PgPool, Row as _};
use transparency::{
    Hash, Node,
    proof::{self},
    tree::{cover, fold, node_hash},
};

use super::STORED_EVERY;
use crate::Error;

/// The hashes of complete subtrees, in the order they are asked for; none of one that is not complete.
pub async fn subtrees(pool: &PgPool, nodes: &[Node]) -> Result<Option<Vec<Hash>>, Error> {
    let known = load(pool, nodes).await?;
    Ok(nodes.iter().map(|node| known.get(node).copied()).collect())
}

/// The hashes that prove leaf `index` to be in the tree of `size` leaves; none when it is not.
pub async fn inclusion(pool: &PgPool, index: u64, size: u64) -> Result<Option<Vec<Hash>>, Error> {
    match proof::inclusion(index, size) {
        Some(path) => over(pool, path).await.map(Some),
        None => Ok(None),
    }
}

/// The hashes that prove the tree of `first` leaves to be the beginning of the one of `second`; none when that cannot
/// be.
pub async fn consistency(
    pool: &PgPool,
    first: u64,
    second: u64,
) -> Result<Option<Vec<Hash>>, Error> {
    match proof::consistency(first, second) {
        Some(path) => over(pool, path).await.map(Some),
        None => Ok(None),
    }
}

/// The hash over each range of leaves.
async fn over(pool: &PgPool, ranges: Vec<Range<u64>>) -> Result<Vec<Hash>, Error> {
    let nodes: Vec<Node> = ranges.iter().cloned().flat_map(cover).collect();
    let known = load(pool, &nodes).await?;
    ranges
        .into_iter()
        .map(|range| {
            let lacking = format!("the log lacks leaves of {range:?}");
            fold(range, |node| known.get(&node).copied()).ok_or(Error::Inconsistent(lacking))
        })
        .collect()
}

/// The hashes of those subtrees that are complete.
pub(super) async fn load(
    executor: impl PgExecutor<'_>,
    nodes: &[Node],
) -> Result<HashMap<Node, Hash>, Error> {
    let (mut levels, mut firsts, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
    for node in nodes {
        let above = node.level % STORED_EVERY;
        levels.push(small(node.level - above)?);
        firsts.push(number(node.index << above)?);
        lasts.push(number(((node.index + 1) << above) - 1)?);
    }
    let rows = sqlx::query(
        "select part.place, node.hash
         from unnest($1::smallint[], $2::bigint[], $3::bigint[]) with ordinality
             as part (level, first, last, place)
         join merkle_node as node
             on node.level = part.level and node.index between part.first and part.last
         order by part.place, node.index",
    )
    .bind(&levels)
    .bind(&firsts)
    .bind(&lasts)
    .fetch_all(executor)
    .await?;
    let mut parts = vec![Vec::new(); nodes.len()];
    for row in rows {
        let place: i64 = row.get("place");
        let part = usize::try_from(place - 1)
            .ok()
            .and_then(|place| parts.get_mut(place))
            .ok_or_else(|| Error::Inconsistent("a place that was not asked for".to_owned()))?;
        part.push(hash(row.get("hash"))?);
    }
    Ok(nodes
        .iter()
        .zip(parts)
        .filter_map(|(node, part)| {
            let is_complete = part.len() == 1 << (node.level % STORED_EVERY);
            is_complete.then(|| (*node, root_of_complete(part)))
        })
        .collect())
}

/// The root over a power of two of hashes.
fn root_of_complete(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes
            .chunks_exact(2)
            .map(|pair| node_hash(&pair[0], &pair[1]))
            .collect();
    }
    hashes.first().copied().unwrap_or_default()
}

pub(super) fn hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes
        .try_into()
        .map_err(|_| Error::Inconsistent("hash length".to_owned()))
}

fn small(level: u32) -> Result<i16, Error> {
    i16::try_from(level).map_err(|_| Error::Inconsistent("a level beyond any log".to_owned()))
}

/// A size or a place as Postgres counts.
pub(super) fn number(count: u64) -> Result<i64, Error> {
    i64::try_from(count).map_err(|_| Error::Inconsistent("a place beyond any log".to_owned()))
}

/// A size or a place as the tree counts.
pub(super) fn count(number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Inconsistent("a negative place".to_owned()))
}
