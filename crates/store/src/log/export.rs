//! Events with their places in the log.
//!
//! A contract has an index in the order of the log, and the whole log is one: they are read as they are. Anything else is
//! looked for piece by piece, so that no statement lasts longer the more there is: a piece may hold nothing and not be the
//! last one.

use std::collections::HashMap;

use sqlx::{PgPool, QueryBuilder, Row as _};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    Error, Stored,
    history::{self, Filter},
};

/// Leaves that one piece examines at most.
const EXAMINED: i64 = 50_000;
/// A period is looked for where the order of recording passes its ends, and so much around: an instant is that of the clock
/// of a replica, and what an export leaves out would look like what was deleted.
const AROUND: Duration = Duration::days(31);

/// An event with its place in the log.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Leaf {
    #[sqlx(flatten)]
    pub event: Stored,
    /// From 0.
    pub leaf_index: i64,
    /// As it was sealed.
    pub leaf_hash: Vec<u8>,
}

/// Which part of the log. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// Leaves below this place.
    pub tree_size: i64,
    pub root: Option<String>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
    /// What stands somewhere in the type.
    pub type_part: Option<String>,
    /// The identifier of who acted, or the commitment to it.
    pub actor: Option<String>,
    /// The `outcome` of what happened.
    pub outcome: Option<String>,
    /// None for all.
    pub regions: Option<Vec<String>>,
    /// Resources under which the reader may look; none for all.
    pub roots: Option<Vec<String>>,
}

const LOG: &str = " from merkle_node as leaf
    join event on event.seq = leaf.event_seq
    where leaf.level = 0";

impl Export {
    fn push_to(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        query
            .push(LOG)
            .push(" and leaf.index < ")
            .push_bind(self.tree_size);
        self.filter().push_to(query);
    }

    fn filter(&self) -> Filter {
        Filter {
            root: self.root.clone(),
            start: self.start,
            end: self.end,
            type_part: self.type_part.clone(),
            actor: self.actor.clone(),
            outcome: self.outcome.clone(),
            regions: self.regions.clone(),
            roots: self.roots.clone(),
            ..Filter::default()
        }
    }
}

/// A piece of a part of the log.
#[derive(Debug, Default)]
pub struct Piece {
    pub leaves: Vec<Leaf>,
    /// Behind which place the next one begins; none at the end of the part.
    pub next: Option<i64>,
}

/// How far counting a part of the log has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub events: i64,
    /// Behind which place it goes on; none when all were counted.
    pub next: Option<i64>,
}

impl Count {
    /// Nothing is counted yet.
    pub fn begin() -> Self {
        Self {
            events: 0,
            next: Some(-1),
        }
    }
}

/// Counts one piece further, and no further than `most` events in all.
pub async fn count(pool: &PgPool, part: &Export, so_far: Count, most: i64) -> Result<Count, Error> {
    let Some(after) = so_far.next.filter(|_| so_far.events < most) else {
        return Ok(so_far);
    };
    let mut query = QueryBuilder::new("select count(*) from (select 1");
    let next = if part.filter().ends_by_itself() {
        part.push_to(&mut query);
        query.push(" and leaf.index > ").push_bind(after);
        None
    } else {
        let Some(span) = span(pool, part, after).await? else {
            return Ok(Count {
                next: None,
                ..so_far
            });
        };
        span.push_to(&mut query);
        query.push(" where true");
        part.filter().push_to(&mut query);
        span.next
    };
    query
        .push(" limit ")
        .push_bind(most - so_far.events)
        .push(") as part");
    let found: i64 = query.build_query_scalar().fetch_one(pool).await?;
    Ok(Count {
        events: so_far.events + found,
        next,
    })
}

/// Number of events of a part of the log, counted no further than `most`.
pub async fn size_of(pool: &PgPool, part: &Export, most: i64) -> Result<i64, Error> {
    let mut counted = Count::begin();
    while counted.next.is_some() && counted.events < most {
        counted = count(pool, part, counted, most).await?;
    }
    Ok(counted.events)
}

/// At most `limit` events of a part of the log, after the place `after`, in the order of the log.
pub async fn export(pool: &PgPool, part: &Export, after: i64, limit: i64) -> Result<Piece, Error> {
    let mut query = QueryBuilder::new("select ");
    query
        .push(history::COLUMNS)
        .push(", leaf.index as leaf_index, leaf.hash as leaf_hash");
    let end = if part.filter().ends_by_itself() {
        part.push_to(&mut query);
        query
            .push(" and leaf.index > ")
            .push_bind(after)
            .push(" order by leaf.index limit ")
            .push_bind(limit);
        None
    } else {
        let Some(span) = span(pool, part, after).await? else {
            return Ok(Piece::default());
        };
        span.push_to(&mut query);
        // Fenced: looked up by key for what was found, whatever the planner knew of the table.
        query.push(
            " cross join lateral (
                 select node.index, node.hash
                 from merkle_node as node
                 where node.event_seq = event.seq
                 offset 0
             ) as leaf
             where true",
        );
        part.filter().push_to(&mut query);
        query.push(" order by event.seq limit ").push(limit);
        span.next
    };
    let mut leaves: Vec<Leaf> = query.build_query_as().fetch_all(pool).await?;
    let events = leaves.iter_mut().map(|leaf| &mut leaf.event);
    history::name_persons(pool, events, HashMap::new()).await?;
    let is_full = i64::try_from(leaves.len()).is_ok_and(|found| found >= limit);
    let last = leaves.last().map(|leaf| leaf.leaf_index);
    Ok(Piece {
        next: if is_full { last } else { end },
        leaves,
    })
}

/// What one piece examines: the events after a place of the history, up to another.
struct Span {
    after: i64,
    until: i64,
    /// The place in the log where it ends; none when nothing that is asked for stands behind it.
    next: Option<i64>,
}

impl Span {
    fn push_to(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        // The limit is a fence, as in the pages of the history.
        query
            .push(" from (select * from event where seq > ")
            .push_bind(self.after)
            .push(" and seq <= ")
            .push_bind(self.until)
            .push(" order by seq limit ")
            .push(EXAMINED)
            .push(") as event");
    }
}

/// The next one after a place in the log; none at the end of the part.
async fn span(pool: &PgPool, part: &Export, after: i64) -> Result<Option<Span>, Error> {
    let last = part.tree_size - 1;
    if after >= last {
        return Ok(None);
    }
    let bounds = (event_at(pool, after).await?, event_at(pool, last).await?);
    let (mut first, mut end) = (after, last);
    // Pieces after the first one are beyond it.
    if let (Some(start), true) = (part.start, after < 0) {
        let earlier = start.checked_sub(AROUND).unwrap_or(start);
        first = leaf_at(pool, history::last_before(pool, bounds, earlier).await?).await?;
    }
    if let Some(instant) = part.end {
        let later = instant.checked_add(AROUND).unwrap_or(instant);
        end = leaf_at(pool, history::last_before(pool, bounds, later).await?).await?;
    }
    if first >= end {
        return Ok(None);
    }
    let until = first.saturating_add(EXAMINED).min(end);
    Ok(Some(Span {
        after: event_at(pool, first).await?,
        until: event_at(pool, until).await?,
        next: (until < end).then_some(until),
    }))
}

/// The event under a leaf; 0 before the first one.
async fn event_at(pool: &PgPool, leaf: i64) -> Result<i64, Error> {
    if leaf < 0 {
        return Ok(0);
    }
    let seq: Option<i64> =
        sqlx::query_scalar("select event_seq from merkle_node where level = 0 and index = $1")
            .bind(leaf)
            .fetch_optional(pool)
            .await?;
    seq.ok_or_else(|| Error::Inconsistent(format!("the log lacks leaf {leaf}")))
}

/// The last leaf up to a place of the history; -1 before the first one.
async fn leaf_at(pool: &PgPool, seq: i64) -> Result<i64, Error> {
    let leaf: Option<i64> = sqlx::query_scalar(
        "select index from merkle_node where event_seq <= $1 order by event_seq desc limit 1",
    )
    .bind(seq)
    .fetch_optional(pool)
    .await?;
    Ok(leaf.unwrap_or(-1))
}

/// One event, with its place once it is sealed.
pub async fn leaf_of(pool: &PgPool, id: Uuid) -> Result<Option<(Stored, Option<i64>)>, Error> {
    let mut query = QueryBuilder::new("select ");
    query
        .push(history::COLUMNS)
        .push(", (select index from merkle_node where event_seq = event.seq) as leaf_index")
        .push(" from event where event.id = ")
        .push_bind(id);
    let Some(row) = query.build().fetch_optional(pool).await? else {
        return Ok(None);
    };
    let mut event = <Stored as sqlx::FromRow<_>>::from_row(&row)?;
    history::name_persons(pool, [&mut event], HashMap::new()).await?;
    Ok(Some((event, row.get("leaf_index"))))
}
