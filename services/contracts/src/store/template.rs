//! Templates that regions published.

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow};
use store::Error;
use time::Date;

use super::{After, parsed, person, unexpected};
use crate::domain::{
    TemplateId,
    document::{Kind, Template},
};

/// What a template is read from.
macro_rules! columns {
    () => {
        "id, region, kind, number, first_day, source, author, author_kind, author_role, \
         published_at"
    };
}

const SELECT: &str = concat!("select ", columns!(), " from template");

fn template(row: &PgRow) -> Result<Template, Error> {
    let (kind, role) = (row.get("author_kind"), row.get("author_role"));
    Ok(Template {
        id: TemplateId(row.get("id")),
        region: parsed("region", row.get("region"))?,
        kind: document_kind(row.get("kind"))?,
        number: row.get("number"),
        first_day: row.get("first_day"),
        text: row.get("source"),
        author: person(row.get("author"), kind, role)?,
        published_at: row.get("published_at"),
    })
}

fn document_kind(text: &str) -> Result<Kind, Error> {
    Kind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
        .ok_or_else(|| unexpected("kind of a document", text))
}

/// Reads a template.
pub async fn find(
    connection: &mut PgConnection,
    id: TemplateId,
) -> Result<Option<Template>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(template).transpose()
}

/// The region's own template for a document of that day, if it has one.
pub async fn for_day(
    connection: &mut PgConnection,
    (region, kind): (Region, Kind),
    day: Date,
) -> Result<Option<Template>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         where region = $1 and kind = $2 and first_day <= $3
         order by number desc
         limit 1"
    )))
    .bind(region.code())
    .bind(kind.as_str())
    .bind(day)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(template).transpose()
}

/// The last version, with others kept from publishing the next one until the unit of work ends.
pub async fn lock_last(
    connection: &mut PgConnection,
    (region, kind): (Region, Kind),
) -> Result<Option<Template>, Error> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(format!("template/{region}/{}", kind.as_str()))
        .execute(&mut *connection)
        .await?;
    let row = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where region = $1 and kind = $2 order by number desc limit 1"
    )))
    .bind(region.code())
    .bind(kind.as_str())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(template).transpose()
}

/// Which templates. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub regions: Option<Vec<String>>,
    pub region: Option<String>,
    pub kind: Option<Kind>,
}

/// At most `limit` templates, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Template>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         where ($1::text[] is null or region = any($1))
             and ($2::text is null or region = $2)
             and ($3::text is null or kind = $3)
             and ($4::timestamptz is null or (published_at, id) > ($4, $5))
         order by published_at, id
         limit $6"
    )))
    .bind(&filter.regions)
    .bind(&filter.region)
    .bind(filter.kind.map(Kind::as_str))
    .bind(after.map(|(at, _)| at))
    .bind(after.map(|(_, id)| id))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(template).collect()
}

/// Writes a new version.
pub async fn insert(connection: &mut PgConnection, template: &Template) -> Result<(), Error> {
    let author = template.author.actor();
    sqlx::query(concat!(
        "insert into template (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    ))
    .bind(template.id.0)
    .bind(template.region.code())
    .bind(template.kind.as_str())
    .bind(template.number)
    .bind(template.first_day)
    .bind(&template.text)
    .bind(&author.subject)
    .bind(author.kind.as_str())
    .bind(&author.role)
    .bind(template.published_at)
    .execute(connection)
    .await?;
    Ok(())
}
