//! Contracts in force, as anybody may read them. Nothing is selected here that is not public.

use kernel::Region;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, postgres::PgRow, types::Json};
use store::Error;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    After,
    found::{FOUND, IS_FOUND},
    regime,
};
use crate::domain::{ContractId, regime::RegimeKind};

/// A contract in force.
#[derive(Debug, Clone)]
pub struct Published {
    pub id: ContractId,
    pub number: String,
    pub region: String,
    pub title: String,
    pub kind: RegimeKind,
    pub holders: Vec<Place>,
    /// Sites it covers on the day that is asked about.
    pub sites: Vec<Place>,
    pub effect_date: Date,
    pub last_day: Date,
    pub created_at: OffsetDateTime,
}

/// An entity or a site.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    pub finess: String,
    pub title: String,
    pub department: String,
    pub commune: String,
}

/// Which contracts. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words that all begin a word of what a contract is found by.
    pub words: String,
    pub id: Option<ContractId>,
    pub region: Option<String>,
    pub department: Option<String>,
    pub kind: Option<RegimeKind>,
}

/// At most `limit` contracts in force, oldest first; `today` is the legal day of each region.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    today: &[(Region, Date)],
    after: After,
    limit: i64,
) -> Result<Vec<Published>, Error> {
    let (regions, days): (Vec<&str>, Vec<Date>) = today
        .iter()
        .map(|(region, day)| (region.code(), *day))
        .unzip();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{FOUND}
         select
             contract.id,
             contract.number,
             contract.region,
             contract.created_at,
             current.title,
             current.effect_date,
             coalesce(contract.moved_last_day, current.end_date) as last_day,
             legal_regime.kind,
             (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'finess', party.legal_entity,
                     'title', coalesce(entity.title, ''),
                     'department', '',
                     'commune', ''
                 ) order by party.legal_entity), '[]')
                 from contract_party as party
                 left join legal_entity_copy as entity on entity.finess = party.legal_entity
                 where party.contract_id = contract.id
             ) as holders,
             (
                 select coalesce(jsonb_agg(jsonb_build_object(
                     'finess', covered.establishment,
                     'title', coalesce(site.title, ''),
                     'department', coalesce(site.department, ''),
                     'commune', coalesce(site.commune, '')
                 ) order by covered.establishment), '[]')
                 from contract_site as covered
                 left join establishment_copy as site on site.finess = covered.establishment
                 where covered.contract_id = contract.id and covered.period @> today.day
             ) as sites
         from contract
         join contract_version as current
             on current.contract_id = contract.id and current.number = contract.text_version
         join legal_regime on legal_regime.code = contract.legal_regime
         join unnest($2::text[], $3::date[]) as today (region, day) on today.region = contract.region
         where contract.state in ('IN_FORCE', 'NOTICE_OF_TERMINATION')
             and {IS_FOUND}
             and ($4::uuid is null or contract.id = $4)
             and ($5::text is null or contract.region = $5)
             and ($6::text is null or exists (
                 select from contract_site as covered
                 join establishment_copy as site on site.finess = covered.establishment
                 where covered.contract_id = contract.id
                     and covered.period @> today.day
                     and site.department = $6
             ))
             and ($7::text is null or legal_regime.kind = $7)
             and ($8::timestamptz is null or (contract.created_at, contract.id) > ($8, $9))
         order by contract.created_at, contract.id
         limit $10"
    )))
    .bind(&filter.words)
    .bind(&regions)
    .bind(&days)
    .bind(filter.id.map(|id| id.0))
    .bind(&filter.region)
    .bind(&filter.department)
    .bind(filter.kind.map(RegimeKind::as_str))
    .bind(after.map(|(at, _)| at))
    .bind(after.map(|(_, id)| id))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(published).collect()
}

fn published(row: &PgRow) -> Result<Published, Error> {
    let places = |column: &str| row.get::<Json<Vec<Place>>, _>(column).0;
    Ok(Published {
        id: ContractId(row.get::<Uuid, _>("id")),
        number: row.get("number"),
        region: row.get("region"),
        title: row.get("title"),
        kind: regime::kind(row.get("kind"))?,
        holders: places("holders"),
        sites: places("sites"),
        effect_date: row.get("effect_date"),
        last_day: row.get("last_day"),
        created_at: row.get("created_at"),
    })
}
