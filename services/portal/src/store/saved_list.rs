//! Searches that people keep under a name. What a search finds is asked anew each time, with the rights of whoever opens it.

use sqlx::{Row as _, postgres::PgRow, types::Uuid};
use store::{Db, Error};
use time::OffsetDateTime;

use super::Person;

/// A kept search.
#[derive(Debug, Clone)]
pub(crate) struct SavedList {
    pub(crate) id: Uuid,
    pub(crate) owner: String,
    pub(crate) owner_name: String,
    /// The region whose agents see it too.
    pub(crate) region: Option<String>,
    pub(crate) title: String,
    pub(crate) query: String,
}

/// Lists one person may keep: more is another thing than a list of names.
const MOST_OWN: i64 = 50;
/// Lists that are shown at most.
const MOST_SHOWN: i64 = 200;

/// The person's own lists and, for an agent, those that colleagues share in their regions.
pub(crate) async fn saved_lists(
    db: &Db,
    person: &Person,
    is_agent: bool,
) -> Result<Vec<SavedList>, Error> {
    let sees_all = person.regions.iter().any(|code| code == "*");
    let rows = sqlx::query(
        "select id, owner, owner_name, region, title, query
         from saved_list
         where owner = $1 or ($5 and region is not null and ($3 or region = any($2)))
         order by title, created_at
         limit $4",
    )
    .bind(&person.subject)
    .bind(&person.regions)
    .bind(sees_all)
    .bind(MOST_SHOWN)
    .bind(is_agent)
    .fetch_all(db.pool())
    .await?;
    Ok(rows.iter().map(saved_list).collect())
}

fn saved_list(row: &PgRow) -> SavedList {
    SavedList {
        id: row.get("id"),
        owner: row.get("owner"),
        owner_name: row.get("owner_name"),
        region: row.get("region"),
        title: row.get("title"),
        query: row.get("query"),
    }
}

/// Keeps a search; says whether it was kept. It is not when the person has a list of that name, or too many.
pub(crate) async fn keep_list(
    db: &Db,
    list: &SavedList,
    now: OffsetDateTime,
) -> Result<bool, Error> {
    let written = sqlx::query(
        "insert into saved_list (id, owner, owner_name, region, title, query, created_at)
         select $1, $2, $3, $4, $5, $6, $7
         where (select count(*) from saved_list where owner = $2) < $8
         on conflict do nothing",
    )
    .bind(list.id)
    .bind(&list.owner)
    .bind(&list.owner_name)
    .bind(&list.region)
    .bind(&list.title)
    .bind(&list.query)
    .bind(now)
    .bind(MOST_OWN)
    .execute(db.pool())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Whether a list is already there: a form that is sent twice is one command.
pub(crate) async fn has_list(db: &Db, id: Uuid, owner: &str) -> Result<bool, Error> {
    let row = sqlx::query("select from saved_list where id = $1 and owner = $2")
        .bind(id)
        .bind(owner)
        .fetch_optional(db.pool())
        .await?;
    Ok(row.is_some())
}

/// Takes away a list of one's own.
pub(crate) async fn drop_list(db: &Db, id: Uuid, owner: &str) -> Result<(), Error> {
    sqlx::query("delete from saved_list where id = $1 and owner = $2")
        .bind(id)
        .bind(owner)
        .execute(db.pool())
        .await?;
    Ok(())
}
