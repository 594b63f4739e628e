//! Reading the history, in the order in which it was recorded.

use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::OffsetDateTime;

use crate::{Error, Stored};

/// Which part of the history. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub root: Option<String>,
    pub aggregate: Option<String>,
    pub aggregate_kind: Option<String>,
    pub actor: Option<String>,
    pub event_type: Option<String>,
    /// From this instant.
    pub start: Option<OffsetDateTime>,
    /// Before this instant.
    pub end: Option<OffsetDateTime>,
    /// Regions the reader may see; none for all.
    pub regions: Option<Vec<String>>,
}

impl Filter {
    fn push_to(&self, query: &mut QueryBuilder<sqlx::Postgres>) {
        let texts = [
            (" and root = ", &self.root),
            (" and aggregate = ", &self.aggregate),
            (" and aggregate_kind = ", &self.aggregate_kind),
            (" and actor = ", &self.actor),
            (" and type = ", &self.event_type),
        ];
        for (clause, value) in texts {
            if let Some(value) = value {
                query.push(clause).push_bind(value.clone());
            }
        }
        if let Some(start) = self.start {
            query.push(" and recorded_at >= ").push_bind(start);
        }
        if let Some(end) = self.end {
            query.push(" and recorded_at < ").push_bind(end);
        }
        if let Some(regions) = &self.regions {
            query
                .push(" and region = any(")
                .push_bind(regions.clone())
                .push(")");
        }
    }
}

const COLUMNS: &str = "seq, id, aggregate_kind, aggregate, version, type, root, region, actor, actor_kind, \
                       actor_role, reason, request_id, traceparent, recorded_at, canonical, prev_hash, hash";

/// At most `limit` events after the place `after`. The steps of one aggregate come in their order, whatever the
/// clocks of the replicas said.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<i64>,
    limit: i64,
) -> Result<Vec<Stored>, Error> {
    let mut query = QueryBuilder::new("select ");
    query.push(COLUMNS).push(" from event where true");
    filter.push_to(&mut query);
    if let Some(after) = after {
        query.push(" and seq > ").push_bind(after);
    }
    query.push(" order by seq limit ").push_bind(limit);
    Ok(query.build_query_as().fetch_all(pool).await?)
}

/// Queues events for publication once more. Those who applied them ignore them; those who missed them do not.
pub async fn publish_again(connection: &mut PgConnection, filter: &Filter) -> Result<u64, Error> {
    let mut query =
        QueryBuilder::new("insert into outbox (event_id) select id from event where true");
    filter.push_to(&mut query);
    query.push(" order by seq");
    Ok(query.build().execute(connection).await?.rows_affected())
}
