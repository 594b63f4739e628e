//! Contracts in force, as anybody may read them. Nothing is selected here that is not public.

use kernel::Region;
use serde::Deserialize;
use sqlx::{PgConnection, QueryBuilder, Row as _, postgres::PgRow, types::Json};
use store::{Error, restrict};
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

const SELECT: &str = "
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
    join legal_regime on legal_regime.code = contract.legal_regime";
const IS_IN_FORCE: &str = " where contract.state in ('IN_FORCE', 'NOTICE_OF_TERMINATION')";
const WITH_SITE_IN: &str = "exists (
    select from contract_site as covered
    join establishment_copy as site on site.finess = covered.establishment
    where covered.contract_id = contract.id
        and covered.period @> today.day
        and site.department = $1
)";

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
    // What is looked for comes first: `$1` is the words. It restricts the join that stands before the days.
    let mut query = QueryBuilder::new(if filter.words.is_empty() { "" } else { FOUND });
    query.push(SELECT);
    if !filter.words.is_empty() {
        restrict(&mut query, IS_FOUND, Some(&filter.words));
    }
    query.push(" join unnest(").push_bind(&regions);
    query.push("::text[], ").push_bind(&days);
    query.push("::date[]) as today (region, day) on today.region = contract.region");
    query.push(IS_IN_FORCE);
    restrict(&mut query, "contract.id = $1", filter.id.map(|id| id.0));
    restrict(&mut query, "contract.region = $1", filter.region.as_ref());
    restrict(&mut query, WITH_SITE_IN, filter.department.as_ref());
    let kind = filter.kind.map(RegimeKind::as_str);
    restrict(&mut query, "legal_regime.kind = $1", kind);
    store::after(&mut query, "contract.created_at, contract.id", after);
    // The planner must see how few are wanted.
    query
        .push(" order by contract.created_at, contract.id limit ")
        .push(limit);
    let rows = query.build().fetch_all(connection).await?;
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
