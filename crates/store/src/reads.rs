//! What auditors read, and what they were refused.

use kernel::{Actor, ActorKind};
use sqlx::{PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{By, Db, Error, person};

/// A call of an auditor, before it is recorded.
#[derive(Debug, Clone)]
pub struct Read {
    pub id: Uuid,
    pub actor: Actor,
    /// Empty when the token names none.
    pub mission: String,
    /// Fully qualified method.
    pub method: String,
    /// The request as text.
    pub request: String,
    pub at: OffsetDateTime,
    /// Name of the gRPC code of the answer.
    pub outcome: String,
}

/// A call as it was recorded.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Recorded {
    /// Place in the order of recording.
    pub seq: i64,
    pub id: Uuid,
    /// The identifier, or the commitment once it was erased.
    pub actor: String,
    pub actor_kind: String,
    pub actor_role: String,
    pub mission: String,
    pub method: String,
    pub request: String,
    pub read_at: OffsetDateTime,
    pub outcome: String,
}

/// Which calls. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<String>,
    pub mission: Option<String>,
    pub outcome: Option<String>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
}

/// Records a call.
pub async fn record(db: &Db, read: &Read) -> Result<(), Error> {
    let by = By {
        actor: read.actor.clone(),
        request_id: None,
        traceparent: None,
        at: read.at,
    };
    let mut unit = db.unit(by).await?;
    let subject = &read.actor.subject;
    let actor = if read.actor.kind == ActorKind::Human {
        person::commit(unit.connection(), subject, read.at).await?
    } else {
        subject.clone()
    };
    sqlx::query(
        "insert into audit_read (id, actor, actor_kind, actor_role, mission, method, request, read_at, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(read.id)
    .bind(actor)
    .bind(read.actor.kind.as_str())
    .bind(&read.actor.role)
    .bind(&read.mission)
    .bind(&read.method)
    .bind(&read.request)
    .bind(read.at)
    .bind(&read.outcome)
    .execute(unit.connection())
    .await?;
    unit.done().await
}

/// At most `limit` calls after the place `after`, in the order of recording.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
    let mut query = QueryBuilder::new(
        "select read.seq, read.id, coalesce(person.subject, read.actor) as actor, read.actor_kind,
             read.actor_role, read.mission, read.method, read.request, read.read_at, read.outcome
         from audit_read as read
         left join person on person.commitment = read.actor
         where read.seq > ",
    );
    query.push_bind(after.unwrap_or_default());
    if let Some(actor) = &filter.actor {
        query
            .push(" and read.actor in (")
            .push_bind(actor.clone())
            .push(", ");
        person::push_asked(&mut query, actor);
        query.push(")");
    }
    for (clause, value) in [
        (" and read.mission = ", &filter.mission),
        (" and read.outcome = ", &filter.outcome),
    ] {
        if let Some(value) = value {
            query.push(clause).push_bind(value.clone());
        }
    }
    if let Some(start) = filter.start {
        query.push(" and read.read_at >= ").push_bind(start);
    }
    if let Some(end) = filter.end {
        query.push(" and read.read_at < ").push_bind(end);
    }
    query.push(" order by read.seq limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}
