//! Table `tolerance_policy`.

use ::store::Error;
use kernel::{Actor, ActorKind, Decimal, Region};
use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, inconsistent};
use crate::domain::{PolicyId, ToleranceRules, tolerance::Draft};

/// A policy as it was recorded.
#[derive(Debug, Clone)]
pub struct Policy {
    pub id: PolicyId,
    pub region: Region,
    pub rules: ToleranceRules,
    pub reasons: String,
    pub author: Actor,
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    region: String,
    first_year: i32,
    last_year: i32,
    conforming_percent: Decimal,
    minor_percent: Decimal,
    minimum_count: Decimal,
    reasons: String,
    author: String,
    author_role: String,
    created_at: OffsetDateTime,
}

impl TryFrom<Row> for Policy {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let rules = Draft {
            first_year: row.first_year,
            last_year: row.last_year,
            conforming_percent: row.conforming_percent,
            minor_percent: row.minor_percent,
            minimum_count: row.minimum_count,
        };
        Ok(Self {
            id: PolicyId(row.id),
            region: row.region.parse().map_err(inconsistent)?,
            rules: rules.try_into().map_err(inconsistent)?,
            reasons: row.reasons,
            author: Actor {
                subject: row.author,
                kind: ActorKind::Human,
                role: row.author_role,
            },
            created_at: row.created_at,
        })
    }
}

const SELECT: &str = "select
    id,
    region,
    first_year,
    last_year,
    conforming_percent,
    minor_percent,
    minimum_count,
    reasons,
    author,
    author_role,
    created_at
from tolerance_policy
where true";

/// Records a policy; `created_by` is the event that did.
pub async fn insert(
    connection: &mut PgConnection,
    policy: &Policy,
    created_by: Uuid,
) -> Result<(), Error> {
    sqlx::query(
        "insert into tolerance_policy (
             id,
             region,
             first_year,
             last_year,
             conforming_percent,
             minor_percent,
             minimum_count,
             reasons,
             author,
             author_role,
             created_by,
             created_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(policy.id.0)
    .bind(policy.region.code())
    .bind(policy.rules.first_year())
    .bind(policy.rules.last_year())
    .bind(policy.rules.conforming_percent())
    .bind(policy.rules.minor_percent())
    .bind(policy.rules.minimum_count())
    .bind(&policy.reasons)
    .bind(&policy.author.subject)
    .bind(&policy.author.role)
    .bind(created_by)
    .bind(policy.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// One policy.
pub async fn find(connection: &mut PgConnection, id: PolicyId) -> Result<Option<Policy>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Policy::try_from).transpose()
}

/// A page of policies, in the order they were recorded.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    region: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<Policy>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    if let Some(region) = region {
        query.push(" and region = ").push_bind(region);
    }
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Policy::try_from).collect()
}
