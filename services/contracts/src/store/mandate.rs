//! Mandates and published delegations.

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, QueryBuilder, Row as _, postgres::PgRow};
use store::{Error, restrict};
use uuid::Uuid;

use super::{After, parsed, person, unexpected};
use crate::domain::{
    ContractId, Mandate, MandateId,
    mandate::{Matter, Terms},
};

/// What a mandate is read from.
macro_rules! columns {
    () => {
        "id, region, party, matters, contract_id, subject, title, act, publication_date, \
         valid_from, valid_to, version, author, author_kind, author_role, created_at"
    };
}

const SELECT: &str = concat!("select ", columns!(), " from mandate");

fn mandate(row: &PgRow) -> Result<Mandate, Error> {
    let (kind, role) = (row.get("author_kind"), row.get("author_role"));
    Ok(Mandate {
        id: MandateId(row.get("id")),
        region: parsed("region", row.get("region"))?,
        terms: Terms {
            party: parsed("party", row.get("party"))?,
            matters: row
                .get::<Vec<String>, _>("matters")
                .iter()
                .map(|text| matter(text))
                .collect::<Result<_, _>>()?,
            contract: row.get::<Option<Uuid>, _>("contract_id").map(ContractId),
            subject: row.get("subject"),
            title: row.get("title"),
            act: row.get("act"),
            publication_date: row.get("publication_date"),
            valid_from: row.get("valid_from"),
            valid_to: row.get("valid_to"),
        },
        author: person(row.get("author"), kind, role)?,
        version: row.get("version"),
        created_at: row.get("created_at"),
    })
}

fn matter(text: &str) -> Result<Matter, Error> {
    Matter::ALL
        .into_iter()
        .find(|matter| matter.as_str() == text)
        .ok_or_else(|| unexpected("matter of a mandate", text))
}

/// The mandates of a person in a region, whatever their days.
pub async fn of_person(
    connection: &mut PgConnection,
    region: Region,
    subject: &str,
) -> Result<Vec<Mandate>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where subject = $1 and region = $2 order by created_at, id limit 100"
    )))
    .bind(subject)
    .bind(region.code())
    .fetch_all(connection)
    .await?;
    rows.iter().map(mandate).collect()
}

/// Reads a mandate.
pub async fn find(connection: &mut PgConnection, id: MandateId) -> Result<Option<Mandate>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(mandate).transpose()
}

/// Reads a mandate and keeps others from changing it until the unit of work ends.
pub async fn lock(connection: &mut PgConnection, id: MandateId) -> Result<Option<Mandate>, Error> {
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} where id = $1 for update")))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(mandate).transpose()
}

/// Which mandates. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub regions: Option<Vec<String>>,
    /// The only parties whose mandates are shown.
    pub of_parties: Option<Vec<String>>,
    pub region: Option<String>,
    pub party: Option<String>,
}

/// At most `limit` mandates, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Mandate>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where true");
    let regions = filter.regions.as_deref();
    restrict(&mut query, "region = any($1)", regions);
    restrict(&mut query, "region = $1", filter.region.as_ref());
    restrict(&mut query, "party = $1", filter.party.as_ref());
    let of_parties = filter.of_parties.as_deref();
    restrict(&mut query, "party = any($1)", of_parties);
    store::after(&mut query, "created_at, id", after);
    query.push(" order by created_at, id limit ").push(limit);
    let rows = query.build().fetch_all(connection).await?;
    rows.iter().map(mandate).collect()
}

/// Writes a new mandate.
pub async fn insert(connection: &mut PgConnection, mandate: &Mandate) -> Result<(), Error> {
    let (terms, author) = (&mandate.terms, mandate.author.actor());
    let matters: Vec<&str> = terms.matters.iter().map(|m| m.as_str()).collect();
    sqlx::query(concat!(
        "insert into mandate (",
        columns!(),
        ")
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    ))
    .bind(mandate.id.0)
    .bind(mandate.region.code())
    .bind(terms.party.to_string())
    .bind(matters)
    .bind(terms.contract.map(|id| id.0))
    .bind(&terms.subject)
    .bind(&terms.title)
    .bind(&terms.act)
    .bind(terms.publication_date)
    .bind(terms.valid_from)
    .bind(terms.valid_to)
    .bind(mandate.version)
    .bind(&author.subject)
    .bind(author.kind.as_str())
    .bind(&author.role)
    .bind(mandate.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the last day of a mandate.
pub async fn save(connection: &mut PgConnection, after: &Mandate) -> Result<(), Error> {
    sqlx::query("update mandate set valid_to = $2, version = $3 where id = $1")
        .bind(after.id.0)
        .bind(after.terms.valid_to)
        .bind(after.version)
        .execute(connection)
        .await?;
    Ok(())
}
