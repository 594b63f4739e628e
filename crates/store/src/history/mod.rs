//! Reading the history, in the order in which it was recorded.

mod bounded;

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use sqlx::{FromRow, PgConnection, PgPool, QueryBuilder, Row as _, postgres::PgRow};
use time::OffsetDateTime;

use crate::{Error, Stored, log, person, without_span};
pub(crate) use bounded::last_before;
pub use bounded::{Bounds, Found, Place, page};

/// Which part of the history. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub root: Option<String>,
    pub aggregate: Option<String>,
    pub aggregate_kind: Option<String>,
    pub actor: Option<String>,
    pub event_type: Option<String>,
    /// What stands somewhere in the type.
    pub type_part: Option<String>,
    /// The role under which it was done.
    pub role: Option<String>,
    pub region: Option<String>,
    /// The `outcome` of what happened, where it has one.
    pub outcome: Option<String>,
    /// A resource that the event names anywhere, for example `establishments/130001647`.
    pub establishment: Option<String>,
    /// Resources under which the reader may look; none for all.
    pub roots: Option<Vec<String>>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
    /// Regions the reader may see; none for all.
    pub regions: Option<Vec<String>>,
}

impl Filter {
    pub(crate) fn push_to(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        let texts = [
            (" and event.root = ", &self.root),
            (" and event.aggregate = ", &self.aggregate),
            (" and event.aggregate_kind = ", &self.aggregate_kind),
            (" and event.type = ", &self.event_type),
            (" and event.actor_role = ", &self.role),
            (" and event.region = ", &self.region),
        ];
        for (clause, value) in texts {
            if let Some(value) = value {
                query.push(clause).push_bind(value.clone());
            }
        }
        for (text, within) in [
            // Found before any JSON is read; the bytes have no blanks.
            (
                self.outcome
                    .as_ref()
                    .map(|outcome| format!("\"outcome\":{}", Value::from(outcome.as_str()))),
                "convert_from(event.canonical, 'UTF8')",
            ),
            (self.type_part.clone(), "event.type"),
            (
                self.establishment
                    .as_ref()
                    .map(|name| format!("\"{name}\"")),
                "convert_from(event.canonical, 'UTF8')",
            ),
        ] {
            if let Some(text) = text {
                query
                    .push(" and position(")
                    .push_bind(text)
                    .push(" in ")
                    .push(within)
                    .push(") > 0");
            }
        }
        if let Some(outcome) = &self.outcome {
            query
                .push(
                    " and convert_from(event.canonical, 'UTF8')::jsonb -> 'data' ->> 'outcome' = ",
                )
                .push_bind(outcome.clone());
        }
        if let Some(roots) = &self.roots {
            query
                .push(" and event.root = any(")
                .push_bind(roots.clone())
                .push(")");
        }
        if let Some(actor) = &self.actor {
            // A person acts under a commitment, and may be asked for by either.
            query
                .push(" and event.actor in (")
                .push_bind(actor.clone())
                .push(", ");
            person::push_asked(query, actor);
            query.push(")");
        }
        if let Some(start) = self.start {
            query.push(" and event.recorded_at >= ").push_bind(start);
        }
        if let Some(end) = self.end {
            query.push(" and event.recorded_at < ").push_bind(end);
        }
        if let Some(regions) = &self.regions {
            query
                .push(" and event.region = any(")
                .push_bind(regions.clone())
                .push(")");
        }
    }
}

/// The columns of [`Stored`], from `event`: the first of a list, since they are read back by their places. Persons stand
/// there as in the bytes until [`name_persons`]: looked up for a page, instead of in each of its rows.
pub(crate) const COLUMNS: &str = "event.seq, event.id, event.aggregate_kind, event.aggregate, event.version, \
     event.type, event.root, event.region, event.actor, event.actor_kind, event.actor_role, event.reason, \
     event.request_id, event.traceparent, event.recorded_at, event.canonical, event.prev_hash, event.hash";

impl FromRow<'_, PgRow> for Stored {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        // The columns stand in one constant above: their types need no comparison in every row.
        Ok(Self {
            seq: row.try_get_unchecked(0)?,
            id: row.try_get_unchecked(1)?,
            aggregate_kind: row.try_get_unchecked(2)?,
            aggregate: row.try_get_unchecked(3)?,
            version: row.try_get_unchecked(4)?,
            event_type: row.try_get_unchecked(5)?,
            root: row.try_get_unchecked(6)?,
            region: row.try_get_unchecked(7)?,
            actor: row.try_get_unchecked(8)?,
            actor_kind: row.try_get_unchecked(9)?,
            actor_role: row.try_get_unchecked(10)?,
            reason: row.try_get_unchecked(11)?,
            request_id: row.try_get_unchecked(12)?,
            traceparent: row.try_get_unchecked(13)?,
            recorded_at: row.try_get_unchecked(14)?,
            canonical: row.try_get_unchecked(15)?,
            prev_hash: row.try_get_unchecked(16)?,
            hash: row.try_get_unchecked(17)?,
            persons: Vec::new(),
        })
    }
}

/// At most `limit` events after the place `after`. The steps of one aggregate come in their order, whatever the
/// clocks of the replicas said. What is not committed yet may still appear between them: to go on after the last one, use
/// [`page`].
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    Ok(sealed_list(pool, filter, after, limit).await?.0)
}

/// An event, the place up to which the log was sealed when it was read, and who acted, unless erased.
struct Seen {
    event: Stored,
    sealed: i64,
    subject: Option<String>,
    salt: Option<Vec<u8>>,
}

impl FromRow<'_, PgRow> for Seen {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            event: Stored::from_row(row)?,
            // Behind the columns of `Stored`.
            sealed: row.try_get_unchecked(18)?,
            subject: row.try_get_unchecked(19)?,
            salt: row.try_get_unchecked(20)?,
        })
    }
}

impl Seen {
    fn actor(&self) -> Option<person::Named> {
        let (subject, salt) = self.subject.clone().zip(self.salt.clone())?;
        Some(person::Named {
            commitment: self.event.actor.clone(),
            subject,
            salt,
        })
    }
}

/// The same, and the place up to which nothing was missing for sure when they were read; 0 when there are none.
async fn sealed_list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<Stored>, i64), Error> {
    let mut query = QueryBuilder::new("select ");
    // Looked up once, in the snapshot of the page itself; who acted comes along, since nearly all events name nobody else.
    query.push(COLUMNS).push(", ").push(log::SEALED).push(
        " as sealed, person.subject, person.salt
         from event
         left join person on person.commitment = event.actor
         where true",
    );
    filter.push_to(&mut query);
    if let Some(after) = after {
        query.push(" and event.seq > ").push_bind(after);
    }
    // The planner must see how few are wanted: of a parameter it supposes a tenth of the table.
    query.push(" order by event.seq limit ").push(limit);
    let seen: Vec<Seen> = without_span(query.build_query_as().fetch_all(pool)).await?;
    let sealed = seen.first().map_or(0, |seen| seen.sealed);
    let mut known = HashMap::new();
    for seen in &seen {
        if !known.contains_key(&seen.event.actor)
            && let Some(person) = seen.actor()
        {
            known.insert(person.commitment.clone(), person);
        }
    }
    let mut events: Vec<Stored> = seen.into_iter().map(|seen| seen.event).collect();
    name_persons(pool, &mut events, known).await?;
    Ok((events, sealed))
}

/// Says of each event who acted, and beside it who stands behind the commitments in its bytes. Who is not `known` yet is looked
/// up.
pub(crate) async fn name_persons<'a>(
    pool: &PgPool,
    events: impl IntoIterator<Item = &'a mut Stored>,
    mut known: HashMap<String, person::Named>,
) -> Result<(), Error> {
    let mut events: Vec<&mut Stored> = events.into_iter().collect();
    let named: Vec<BTreeSet<&str>> = events
        .iter()
        .map(|event| person::commitments(&event.canonical))
        .collect();
    let actors = events.iter().map(|event| event.actor.as_str());
    let asked = actors
        .filter(|actor| actor.starts_with(person::PREFIX))
        .chain(named.iter().flatten().copied())
        .filter(|commitment| !known.contains_key(*commitment))
        .collect();
    known.extend(person::named(pool, &asked).await?);
    let persons: Vec<Vec<person::Named>> = named
        .into_iter()
        .map(|commitments| {
            let of_event = commitments.into_iter();
            of_event.filter_map(|it| known.get(it).cloned()).collect()
        })
        .collect();
    for (event, persons) in events.iter_mut().zip(persons) {
        event.persons = persons;
        if let Some(person) = known.get(&event.actor) {
            event.actor.clone_from(&person.subject);
        }
    }
    Ok(())
}

/// One step of an aggregate: what it was, who took it, and when.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Step {
    pub event_type: String,
    /// As in [`Stored`].
    pub actor: String,
    pub actor_kind: String,
    pub actor_role: String,
    pub recorded_at: OffsetDateTime,
}

/// What was done to an aggregate after a version: the `most` last steps, in their order.
pub async fn since(
    connection: &mut PgConnection,
    aggregate: &str,
    version: i64,
    most: i64,
) -> Result<Vec<Step>, Error> {
    let mut steps: Vec<Step> = sqlx::query_as(
        "select
             event.type as event_type,
             coalesce(person.subject, event.actor) as actor,
             event.actor_kind,
             event.actor_role,
             event.recorded_at
         from event
         left join person on person.commitment = event.actor
         where event.aggregate = $1 and event.version > $2
         order by event.version desc
         limit $3",
    )
    .bind(aggregate)
    .bind(version)
    .bind(most)
    .fetch_all(connection)
    .await?;
    steps.reverse();
    Ok(steps)
}

/// Queues events for publication once more. Those who applied them ignore them; those who missed them do not.
pub async fn publish_again(connection: &mut PgConnection, filter: &Filter) -> Result<u64, Error> {
    let mut query =
        QueryBuilder::new("insert into outbox (event_id) select id from event where true");
    filter.push_to(&mut query);
    query.push(" order by seq");
    Ok(query.build().execute(connection).await?.rows_affected())
}
