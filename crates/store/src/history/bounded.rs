//! Pages of the history that cost no more than a bounded piece of it, whatever is asked for, and that pass nothing.
//!
//! What belongs to a contract, to a legal entity or to one resource, or is of one kind, has an index in the order of
//! recording: it is read as it is. Who acted, the establishments that are named, the outcome, the type, the role and the
//! region have none: every command would pay for each of them. What is asked for by these alone is looked for in a window of
//! the history, and who asks is told how far that went. A period has no index in that order either, but nearly is one: its
//! ends are found by halving.
//!
//! An event takes its place when it is written, and appears when it is committed: later ones may be seen before it. A page
//! that goes on hands out nothing behind a place where something may still appear. What is sealed is complete, and each page
//! learns that with its events; only a page of the newest ones, which goes on, waits for who is writing. The last page shows
//! the newest events at once: nobody goes on from them.

use std::collections::HashMap;

use sqlx::{PgPool, QueryBuilder};
use time::{Duration, OffsetDateTime};

use super::{COLUMNS, Filter, name_persons, sealed_list};
use crate::{Error, Stored, log, without_span};

/// The instant of an event is taken when its unit of work begins, by the clock of a replica, and its place when it is
/// written: two events may stand in the other order of their instants, but not when these are so far apart.
const DISORDER: Duration = Duration::days(1);

/// What one page may cost.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub events: i64,
    /// Bytes of events. They may be more; who reads hands out no more of them, and goes on behind these.
    pub bytes: usize,
    /// Entries that are examined where no index leads to what is asked for.
    pub examined: i64,
}

/// What a page found.
#[derive(Debug, Default)]
pub struct Found {
    pub events: Vec<Stored>,
    /// Behind which place the list goes on for who takes all these events; none at its end.
    pub next: Option<i64>,
    /// How far it looked, when it found fewer events than were asked for though there may be more.
    pub until: Option<Place>,
}

/// A place in the order of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub seq: i64,
    /// When the last event up to there was recorded; none when there is none.
    pub recorded_at: Option<OffsetDateTime>,
}

/// The part of the history that one page examines: after a place, up to another.
struct Window {
    after: i64,
    until: i64,
    /// Nothing that is asked for stands behind it.
    is_last: bool,
    /// Nothing was missing up to there when its ends were read.
    sealed: i64,
}

/// A page as it was read.
#[derive(Default)]
struct Examined {
    events: Vec<Stored>,
    /// Fewer of them may be handed out, or there may be more: the list goes on behind one of them.
    is_cut: bool,
    /// As many as were asked for.
    is_full: bool,
    /// Where the window ended, unless nothing stands behind it.
    until: Option<i64>,
    /// Nothing was missing up to there.
    sealed: i64,
}

impl Examined {
    fn new(events: Vec<Stored>, until: Option<i64>, sealed: i64, bounds: Bounds) -> Self {
        let bytes: usize = events.iter().map(|event| event.canonical.len()).sum();
        let is_full = i64::try_from(events.len()).is_ok_and(|found| found >= bounds.events);
        Self {
            is_cut: is_full || bytes > bounds.bytes,
            is_full,
            until: until.filter(|_| !is_full),
            events,
            sealed,
        }
    }

    /// The last place behind which a reader may go on; none when the list ends with this page.
    fn end(&self) -> Option<i64> {
        let last = self.events.last().map(|event| event.seq);
        self.until.or(last.filter(|_| self.is_cut))
    }

    /// Without what stands behind a place, if the list goes on.
    fn up_to(mut self, complete: i64, after: Option<i64>) -> Self {
        if self.end().is_some_and(|end| end > complete) {
            self.events.retain(|event| event.seq <= complete);
            self.is_full = false;
            self.until = Some(complete.max(after.unwrap_or_default()));
        }
        self
    }

    async fn found(self, pool: &PgPool) -> Result<Found, Error> {
        let last = self.events.last().map(|event| event.seq);
        let until = match self.until {
            Some(seq) => Some(place(pool, seq).await?),
            None => None,
        };
        Ok(Found {
            next: self.until.or(last.filter(|_| self.is_full)),
            events: self.events,
            until,
        })
    }
}

impl Filter {
    /// Whether reading comes to its end without a window: an index leads to what is asked for, or all of it is.
    pub(crate) fn ends_by_itself(&self) -> bool {
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
        let is_indexed =
            root.is_some() || aggregate.is_some() || aggregate_kind.is_some() || roots.is_some();
        let texts = [
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

/// At most as many events as `bounds` say after the place `after`, in the order of recording. Where no index leads to
/// them, a bounded number of entries is examined. Whoever goes on behind what a page says, or behind one of its events where
/// there are too many or too heavy ones to hand out, sees every event exactly once.
pub async fn page(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    bounds: Bounds,
) -> Result<Found, Error> {
    let first = examine(pool, filter, after, bounds).await?;
    let sealed = first.sealed;
    if first.end().is_none_or(|end| end <= sealed) {
        return first.found(pool).await;
    }
    let complete = {
        let mut connection = pool.acquire().await?;
        log::complete_up_to(&mut connection, sealed).await?
    };
    let Some(complete) = complete else {
        return first.up_to(sealed, after).found(pool).await;
    };
    // Some of it may have appeared since.
    let again = examine(pool, filter, after, bounds).await?;
    let complete = complete.max(again.sealed);
    again.up_to(complete, after).found(pool).await
}

async fn examine(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    bounds: Bounds,
) -> Result<Examined, Error> {
    if filter.ends_by_itself() {
        let (events, sealed) = sealed_list(pool, filter, after, bounds.events).await?;
        return Ok(Examined::new(events, None, sealed, bounds));
    }
    let Some(window) = window(pool, filter, after, bounds.examined).await? else {
        return Ok(Examined::default());
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
        .push(bounds.examined)
        .push(") as event where true");
    filter.push_to(&mut query);
    query.push(" order by event.seq limit ").push(bounds.events);
    let mut events: Vec<Stored> = without_span(query.build_query_as().fetch_all(pool)).await?;
    name_persons(pool, &mut events, HashMap::new()).await?;
    let until = (!window.is_last).then_some(window.until);
    Ok(Examined::new(events, until, window.sealed, bounds))
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
    let mut query = QueryBuilder::new(
        "select
             (select seq from event order by seq desc limit 1),
             (select seq from event where seq > ",
    );
    query
        .push_bind(after.unwrap_or_default())
        .push(" order by seq limit 1), ")
        .push(log::SEALED);
    let ends: (Option<i64>, Option<i64>, i64) = query.build_query_as().fetch_one(pool).await?;
    let (Some(last), Some(first), sealed) = ends else {
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
        sealed,
    }))
}

/// A place between two others where the history passes an instant: the last event up to there is earlier, the next one is
/// not. The first of the two where none is earlier.
pub(crate) async fn last_before(
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
    let recorded_at: Option<OffsetDateTime> = sqlx::query_scalar(
        "select recorded_at from event where seq <= $1 order by seq desc limit 1",
    )
    .bind(seq)
    .fetch_optional(pool)
    .await?;
    Ok(Place { seq, recorded_at })
}
