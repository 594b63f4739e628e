//! Table `programme`.

use ::store::Error;
use kernel::Actor;
use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, listing, person};
use crate::domain::ProgrammeId;

/// What a region intends to control in a year.
#[derive(Debug, Clone)]
pub struct Programme {
    pub id: ProgrammeId,
    pub region: String,
    pub year: i32,
    pub title: String,
    pub priorities: String,
    pub author: Actor,
    pub created_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    region: String,
    year: i32,
    title: String,
    priorities: String,
    author: String,
    author_role: String,
    created_at: OffsetDateTime,
}

impl From<Row> for Programme {
    fn from(row: Row) -> Self {
        Self {
            id: ProgrammeId(row.id),
            region: row.region,
            year: row.year,
            title: row.title,
            priorities: row.priorities,
            author: person(row.author, row.author_role),
            created_at: row.created_at,
        }
    }
}

const SELECT: &str = "select
    id,
    region,
    year,
    title,
    priorities,
    author,
    author_role,
    created_at
from programme
where true";

/// Records a programme.
pub async fn insert(connection: &mut PgConnection, programme: &Programme) -> Result<(), Error> {
    sqlx::query(
        "insert into programme (id, region, year, title, priorities, author, author_role, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(programme.id.0)
    .bind(&programme.region)
    .bind(programme.year)
    .bind(&programme.title)
    .bind(&programme.priorities)
    .bind(&programme.author.subject)
    .bind(&programme.author.role)
    .bind(programme.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// One programme that the caller may see.
pub async fn find(
    pool: &PgPool,
    visibility: &Visibility,
    id: ProgrammeId,
) -> Result<Option<Programme>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    Ok(row.map(Programme::from))
}

/// A page of programmes, in the order they were recorded.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    region: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<Programme>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_region(&mut query);
    if let Some(region) = region {
        query.push(" and region = ").push_bind(region);
    }
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    Ok(rows.into_iter().map(Programme::from).collect())
}
