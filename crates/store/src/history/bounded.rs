//! Pages of the history that cost no more than a bounded piece of it, whatever is asked for.
//!
//! What belongs to a contract, to a legal entity or to one resource has an index in the order of recording: it is read as it
//! is. Who acted, the establishments that are named, the outcome, the type, the role and the region have none: every command
//! would pay for each of them. What is asked for by these alone is looked for in a window of the history, and who asks is
//! told how far that went. A period has no index in that order either, but nearly is one: its ends are found by halving.

use sqlx::{PgPool, QueryBuilder};
use time::{Duration, OffsetDateTime};

use super::{COLUMNS, Filter, list, name_persons};
use crate::{Error, Stored, without_span};

/// The instant of an event is taken when its unit of work begins, by the clock of a replica, and its place when it is
/// written: two events may stand in the other order of their instants, but not when these are so far apart.
const DISORDER: Duration = Duration::days(1);

/// What a page found.
#[derive(Debug, Default)]
pub struct Found {
    pub events: Vec<Stored>,
    /// How far it looked, when it found fewer events than were asked for though there may be more.
    pub until: Option<Place>,
}

/// A place in the order of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub seq: i64,
    /// When the last event up to there was recorded.
    pub recorded_at: OffsetDateTime,
}

/// The part of the history that one page examines: after a place, up to another.
struct Window {
    after: i64,
    until: i64,
    /// Nothing that is asked for stands behind it.
    is_last: bool,
}

impl Filter {
    /// Whether reading comes to its end without a window: an index leads to what is asked for, or all of it is.
    fn ends_by_itself(&self) -> bool {
        let Self {
            root,
            aggregate,
            aggregate_kind,
            actor,
            event_type,
            type_part,
            role,
            region,
            outcome,
            establishment,
            roots,
            start,
            end,
            regions,
        } = self;
        let is_indexed = root.is_some() || aggregate.is_some() || roots.is_some();
        let texts = [
            aggregate_kind,
            actor,
            event_type,
            type_part,
            role,
            region,
            outcome,
            establishment,
        ];
        let is_everything = texts.into_iter().all(Option::is_none)
            && start.is_none()
            && end.is_none()
            && regions.is_none();
        is_indexed || is_everything
    }
}

/// At most `limit` events after the place `after`, in the order of recording. Where no index leads to them, at most `most`
/// entries are examined.
pub async fn page(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
    most: i64,
) -> Result<Found, Error> {
    if filter.ends_by_itself() {
        let events = list(pool, filter, after, limit).await?;
        return Ok(Found {
            events,
            until: None,
        });
    }
    let Some(window) = window(pool, filter, after, most).await? else {
        return Ok(Found::default());
    };
    let mut query = QueryBuilder::new("select ");
    // The limit inside is a fence: the window is read by `event_seq_key`, in its order, and what is asked for is looked
    // for among its entries alone. Without it, the planner may prefer to collect all of a period, or of a region.
    query
        .push(COLUMNS)
        .push(" from (select * from event where seq > ")
        .push_bind(window.after)
        .push(" and seq <= ")
        .push_bind(window.until)
        .push(" order by seq limit ")
        .push(most)
        .push(") as event where true");
    filter.push_to(&mut query);
    query.push(" order by event.seq limit ").push(limit);
    let mut events: Vec<Stored> = without_span(query.build_query_as().fetch_all(pool)).await?;
    name_persons(pool, &mut events).await?;
    let is_full = i64::try_from(events.len()).is_ok_and(|found| found >= limit);
    let until = if is_full || window.is_last {
        None
    } else {
        Some(place(pool, window.until).await?)
    };
    Ok(Found { events, until })
}

/// The next window; none when nothing that is asked for can stand behind `after`.
///
/// Its end is fixed before it is read, so that an event which appears in it meanwhile is not passed over.
async fn window(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    most: i64,
) -> Result<Option<Window>, Error> {
    let ends: (Option<i64>, Option<i64>) = sqlx::query_as(
        "select
             (select seq from event where seq > $1 order by seq limit 1),
             (select seq from event order by seq desc limit 1)",
    )
    .bind(after.unwrap_or_default())
    .fetch_one(pool)
    .await?;
    let (Some(first), Some(last)) = ends else {
        return Ok(None);
    };
    let mut begin = first - 1;
    // Pages after the first one are beyond it.
    if let (Some(start), None) = (filter.start, after) {
        let earlier = start.checked_sub(DISORDER).unwrap_or(start);
        begin = last_before(pool, (begin, last), earlier).await?;
    }
    let end = match filter.end {
        Some(end) => {
            let later = end.checked_add(DISORDER).unwrap_or(end);
            last_before(pool, (begin, last), later).await?
        }
        None => last,
    };
    let until = begin.saturating_add(most).min(end);
    Ok((begin < end).then_some(Window {
        after: begin,
        until,
        is_last: until == end,
    }))
}

/// A place between two others where the history passes an instant: the last event up to there is earlier, the next one is
/// not. The first of the two where none is earlier.
async fn last_before(
    pool: &PgPool,
    (low, high): (i64, i64),
    instant: OffsetDateTime,
) -> Result<i64, Error> {
    // What stands up to `low` is earlier, and what stands after `high` is not; the event in the middle decides.
    let place: i64 = sqlx::query_scalar(
        "with recursive halving (low, high) as (
             select $1::bigint, $2::bigint
             union all
             select
                 case when probe.recorded_at >= $3 then halving.low else middle.seq end,
                 case when probe.recorded_at >= $3 then probe.seq - 1 else halving.high end
             from halving
             cross join lateral (
                 select halving.low + (halving.high - halving.low + 1) / 2 as seq
             ) as middle
             left join lateral (
                 select event.seq, event.recorded_at
                 from event
                 where event.seq > halving.low and event.seq <= middle.seq
                 order by event.seq desc
                 limit 1
             ) as probe on true
             where halving.low < halving.high
         )
         select max(low) from halving",
    )
    .bind(low)
    .bind(high)
    .bind(instant)
    .fetch_one(pool)
    .await?;
    Ok(place)
}

async fn place(pool: &PgPool, seq: i64) -> Result<Place, Error> {
    let recorded_at: OffsetDateTime = sqlx::query_scalar(
        "select recorded_at from event where seq <= $1 order by seq desc limit 1",
    )
    .bind(seq)
    .fetch_one(pool)
    .await?;
    Ok(Place { seq, recorded_at })
}
