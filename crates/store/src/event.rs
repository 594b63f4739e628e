//! Events: written once, chained by hash, queued for publication.

use std::collections::{BTreeSet, HashMap};

use kernel::{ActorKind, Region, new_id};
use proto::json;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, Row as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::{By, Error, person};

/// Something that happened to an aggregate, before it is written.
#[derive(Debug, Clone)]
pub struct Fact {
    kind: &'static str,
    aggregate: String,
    version: i64,
    root: String,
    region: &'static str,
    reason: Option<String>,
    event_type: String,
    data: Value,
}

/// The region of what concerns no region more than another.
const EVERYWHERE: &str = "*";

impl Fact {
    /// A fact about `aggregate` (a resource name) of the kind `kind`, that brings it to `version`.
    /// `root` is the resource under which an auditor looks for it.
    ///
    /// # Errors
    /// When the message has no JSON, which is a bug.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "ids are Copy, and read better without `&`"
    )]
    pub fn new<M: prost::Message + prost::Name>(
        kind: &'static str,
        aggregate: impl ToString,
        version: i64,
        root: impl ToString,
        region: Region,
        message: &M,
    ) -> Result<Self, Error> {
        Ok(Self {
            kind,
            aggregate: aggregate.to_string(),
            version,
            root: root.to_string(),
            region: region.code(),
            reason: None,
            event_type: M::full_name(),
            data: json::to_value(message, false)?,
        })
    }

    /// The one fact about an aggregate that belongs to no region.
    ///
    /// # Errors
    /// When the message has no JSON, which is a bug.
    pub(crate) fn of_no_region<M: prost::Message + prost::Name>(
        kind: &'static str,
        aggregate: &str,
        message: &M,
    ) -> Result<Self, Error> {
        Ok(Self {
            kind,
            aggregate: aggregate.to_owned(),
            version: 1,
            root: aggregate.to_owned(),
            region: EVERYWHERE,
            reason: None,
            event_type: M::full_name(),
            data: json::to_value(message, false)?,
        })
    }

    /// The same fact as the event of that number in the history of its aggregate.
    #[must_use]
    pub(crate) fn with_version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// The reason a person gave.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// An event as it stands in the history.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Place in the order of recording; gaps mean nothing.
    pub seq: i64,
    pub id: Uuid,
    pub aggregate_kind: String,
    pub aggregate: String,
    pub version: i64,
    pub event_type: String,
    pub root: String,
    pub region: String,
    /// Who acted. A person’s identifier is looked up; once it is erased, the commitment stands here.
    pub actor: String,
    pub actor_kind: String,
    pub actor_role: String,
    pub reason: Option<String>,
    pub request_id: Option<Uuid>,
    pub traceparent: Option<String>,
    pub recorded_at: OffsetDateTime,
    pub canonical: Vec<u8>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
    /// Who stands behind the commitments in the bytes.
    pub persons: Vec<person::Named>,
}

impl Stored {
    /// Where it is published.
    pub fn subject(&self) -> String {
        subject(&self.aggregate_kind, &self.aggregate, &self.event_type)
    }
}

/// Where an event is published: `cpom.<service>.v1.<aggregate>.<id>.<event>`.
pub fn subject(kind: &str, aggregate: &str, event_type: &str) -> String {
    let (package, name) = event_type.rsplit_once('.').unwrap_or_default();
    let id = aggregate.rsplit_once('/').map_or(aggregate, |(_, id)| id);
    format!("{package}.{kind}.{id}.{}", snake_case(name))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (place, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The link of the hash chain: SHA-256 over the previous hash and the exact bytes of the event.
pub fn chain_hash(previous: &[u8; 32], canonical: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"cpom-event/v1\0");
    hash.update(previous);
    hash.update(
        u64::try_from(canonical.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    hash.update(canonical);
    hash.finalize().into()
}

/// The `CloudEvents` 1.0 JSON of a fact. Keys are sorted, so the bytes depend on the content alone. `actor` is the
/// identifier of a machine, or the commitment to that of a person.
fn canonical(id: Uuid, by: &By, actor: &str, fact: &Fact) -> Result<Vec<u8>, Error> {
    let service = fact.event_type.split('.').nth(1).unwrap_or_default();
    let time = by
        .at
        .format(&Rfc3339)
        .map_err(|e| Error::Inconsistent(e.to_string()))?;
    let mut event = json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("/cpom/{service}"),
        "type": fact.event_type,
        "subject": fact.aggregate,
        "time": time,
        "datacontenttype": "application/json",
        "aggregatekind": fact.kind,
        "aggregateversion": fact.version.to_string(),
        "root": fact.root,
        "region": fact.region,
        "actor": actor,
        "actorkind": by.actor.kind.as_str(),
        "actorrole": by.actor.role,
        "data": fact.data,
    });
    if let Some(reason) = &fact.reason {
        event["reason"] = json!(reason);
    }
    if let Some(request_id) = by.request_id {
        event["requestid"] = json!(request_id);
    }
    if let Some(traceparent) = &by.traceparent {
        event["traceparent"] = json!(traceparent);
    }
    serde_json::to_vec(&event).map_err(|e| Error::Inconsistent(e.to_string()))
}

/// The last step of a history.
#[derive(Clone, Copy, Default)]
struct Head {
    version: i64,
    hash: [u8; 32],
}

/// Columns of a batch, as `unnest` takes them.
#[derive(Default)]
struct Columns {
    ids: Vec<Uuid>,
    kinds: Vec<&'static str>,
    aggregates: Vec<String>,
    versions: Vec<i64>,
    types: Vec<String>,
    roots: Vec<String>,
    regions: Vec<&'static str>,
    reasons: Vec<Option<String>>,
    canonicals: Vec<Vec<u8>>,
    prev_hashes: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
}

/// Below the usual limit of a NATS message (1 MiB with its headers): an event that cannot be published
/// would keep all later ones in the outbox.
const MAX_BYTES: usize = 1_000_000;

/// The persons whom facts name in their data.
pub(crate) fn subjects(facts: &[Fact]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for fact in facts {
        person::subjects(&fact.data, &mut found);
    }
    found
}

/// Whether others are told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Whoever consumes the stream of the service.
    Everybody,
    /// Those who read its history.
    Auditors,
}

/// Writes events and queues them for their audience, in one statement for a whole batch. `persons` are the commitments
/// to whoever acts and is named, by identifier.
pub(crate) async fn append(
    connection: &mut PgConnection,
    by: &By,
    persons: &HashMap<String, String>,
    facts: Vec<Fact>,
    audience: Audience,
) -> Result<Vec<Uuid>, Error> {
    let actor = match by.actor.kind {
        ActorKind::Human => persons.get(&by.actor.subject),
        ActorKind::System | ActorKind::Service => None,
    };
    let actor = actor.unwrap_or(&by.actor.subject).as_str();
    let mut heads = heads(connection, &facts).await?;
    let mut columns = Columns::default();
    for mut fact in facts {
        person::conceal(&mut fact.data, persons);
        let id = new_id();
        let canonical = canonical(id, by, actor, &fact)?;
        if canonical.len() > MAX_BYTES {
            return Err(Error::Inconsistent(format!(
                "{} of {} bytes is larger than the broker carries",
                fact.event_type,
                canonical.len()
            )));
        }
        let head = heads.entry(fact.aggregate.clone()).or_default();
        if fact.version != head.version + 1 {
            return Err(Error::Inconsistent(format!(
                "{} cannot go from version {} to {}",
                fact.aggregate, head.version, fact.version
            )));
        }
        let hash = chain_hash(&head.hash, &canonical);
        columns.prev_hashes.push(head.hash.to_vec());
        columns.hashes.push(hash.to_vec());
        *head = Head {
            version: fact.version,
            hash,
        };
        columns.ids.push(id);
        columns.kinds.push(fact.kind);
        columns.aggregates.push(fact.aggregate);
        columns.versions.push(fact.version);
        columns.types.push(fact.event_type);
        columns.roots.push(fact.root);
        columns.regions.push(fact.region);
        columns.reasons.push(fact.reason);
        columns.canonicals.push(canonical);
    }
    sqlx::query(
        "with fact as (
             select
                 id, aggregate_kind, aggregate, version, type, root, region, reason, canonical,
                 prev_hash, hash, place
             from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                 $8::text[], $9::bytea[], $10::bytea[], $11::bytea[]) with ordinality
                 as fact (id, aggregate_kind, aggregate, version, type, root, region, reason, canonical,
                     prev_hash, hash, place)
         ),
         appended as (
             insert into event (id, aggregate_kind, aggregate, version, type, root, region, reason, canonical,
                 prev_hash, hash, actor, actor_kind, actor_role, request_id, traceparent, recorded_at)
             select id, aggregate_kind, aggregate, version, type, root, region, reason, canonical,
                 prev_hash, hash, $12, $13, $14, $15, $16, $17
             from fact
             order by place
         )
         insert into outbox (event_id)
         select id from fact where $18 order by place",
    )
    .bind(&columns.ids)
    .bind(&columns.kinds)
    .bind(&columns.aggregates)
    .bind(&columns.versions)
    .bind(&columns.types)
    .bind(&columns.roots)
    .bind(&columns.regions)
    .bind(&columns.reasons)
    .bind(&columns.canonicals)
    .bind(&columns.prev_hashes)
    .bind(&columns.hashes)
    .bind(actor)
    .bind(by.actor.kind.as_str())
    .bind(&by.actor.role)
    .bind(by.request_id)
    .bind(&by.traceparent)
    .bind(by.at)
    .bind(audience == Audience::Everybody)
    .execute(connection)
    .await?;
    Ok(columns.ids)
}

/// The last step of each aggregate that already has a history.
async fn heads(
    connection: &mut PgConnection,
    facts: &[Fact],
) -> Result<HashMap<String, Head>, Error> {
    let mut first: HashMap<&str, i64> = HashMap::new();
    for fact in facts {
        first.entry(&fact.aggregate).or_insert(fact.version);
    }
    let (names, versions): (Vec<&str>, Vec<i64>) = first
        .into_iter()
        .filter(|(_, version)| *version > 1)
        .map(|(name, version)| (name, version - 1))
        .unzip();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(
        "select head.aggregate, head.version, event.hash
         from unnest($1::text[], $2::bigint[]) as head (aggregate, version)
         -- Fenced: looked up by key whatever the planner knew of the table.
         cross join lateral (
             select hash
             from event
             where event.aggregate = head.aggregate and event.version = head.version
             offset 0
         ) as event",
    )
    .bind(&names)
    .bind(&versions)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let hash: [u8; 32] = row
                .get::<&[u8], _>("hash")
                .try_into()
                .map_err(|_| Error::Inconsistent("hash length".to_owned()))?;
            Ok((
                row.get("aggregate"),
                Head {
                    version: row.get("version"),
                    hash,
                },
            ))
        })
        .collect()
}
