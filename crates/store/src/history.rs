//! Reading the history.

use sqlx::{PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Error, Stored};

/// Which part of the history. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub root: Option<String>,
    pub aggregate: Option<String>,
    pub actor: Option<String>,
    pub event_type: Option<String>,
    pub start: Option<OffsetDateTime>,
    pub end: Option<OffsetDateTime>,
    /// Regions the reader may see; none for all.
    pub regions: Option<Vec<String>>,
}

const COLUMNS: &str = "id, aggregate_kind, aggregate, version, type, root, region, actor, actor_kind, actor_role, \
                       reason, request_id, traceparent, recorded_at, canonical, prev_hash, hash";

/// At most `limit` events after the keyset position `after`, in the order they were recorded.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<(OffsetDateTime, Uuid)>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from event where true");
    let texts = [
        (" and root = ", &filter.root),
        (" and aggregate = ", &filter.aggregate),
        (" and actor = ", &filter.actor),
        (" and type = ", &filter.event_type),
    ];
    for (clause, value) in texts {
        if let Some(value) = value {
            query.push(clause).push_bind(value);
        }
    }
    if let Some(start) = filter.start {
        query.push(" and recorded_at >= ").push_bind(start);
    }
    if let Some(end) = filter.end {
        query.push(" and recorded_at < ").push_bind(end);
    }
    if let Some(regions) = &filter.regions {
        query.push(" and region = any(").push_bind(regions).push(")");
    }
    if let Some((at, id)) = after {
        query.push(" and (recorded_at, id) > (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" order by recorded_at, id limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// The next events of one kind of aggregate, in an order that keeps each aggregate's own.
/// `UUIDv7` ids grow with time, so `after` pages through all that was there when the replay began.
pub async fn replay(
    pool: &PgPool,
    kind: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from event where aggregate_kind = ").push_bind(kind);
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}
