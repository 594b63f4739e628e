//! Contracts: found and listed.

use kernel::Region;
use sqlx::{AssertSqlSafe, PgConnection, QueryBuilder, Row as _, postgres::PgRow};
use store::{Error, restrict};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    After, Scope,
    contract_rows::{complete, hash, text},
    found::{FOUND, IS_FOUND},
    parsed, person, rows_after,
};
use crate::domain::{
    Contract, ContractId, ContractText, regime::RegimeKind, signature::DocumentHash,
};

pub use super::{
    contract_update::save_time,
    contract_writes::{ONE_CONTRACT_PER_SITE, insert, next_rank, save},
};

/// A contract with its current text and the document under signature.
const SELECT: &str = "
    select
        contract.id,
        contract.region,
        contract.number,
        contract.legal_regime,
        contract.version,
        contract.state,
        contract.text_version,
        contract.agreed_by,
        contract.freeze_version,
        contract.signed_at,
        contract.in_force_at,
        contract.expired_at,
        contract.abandoned_at,
        contract.abandonment_reasons,
        contract.moved_last_day,
        contract.extensions,
        contract.notice_procedure,
        contract.terminated_at,
        contract.successor,
        contract.renewed_at,
        contract.closed_at,
        contract.closure_reasons,
        contract.created_at,
        contract.updated_at,
        current.title,
        current.legal_entities,
        current.establishments,
        current.effect_date,
        current.end_date,
        current.objectives,
        current.consultations,
        current.content,
        document.target_set,
        document.sha256,
        document.frozen_at,
        moves.parties as move_parties,
        moves.joins as move_joins,
        moves.supports as move_supports,
        moves.days as move_days,
        moves.in_effect as move_in_effect
    from contract
    join contract_version as current
        on current.contract_id = contract.id and current.number = contract.text_version
    left join frozen_document as document
        on document.contract_id = contract.id and document.freeze_version = contract.freeze_version
    left join lateral (
        select
            array_agg(moved.party order by moved.effect_date, moved.number, moved.party) as parties,
            array_agg(moved.joins order by moved.effect_date, moved.number, moved.party) as joins,
            array_agg(moved.supports order by moved.effect_date, moved.number, moved.party) as supports,
            array_agg(moved.effect_date order by moved.effect_date, moved.number, moved.party) as days,
            array_agg(moved.in_effect order by moved.effect_date, moved.number, moved.party) as in_effect
        from contract_member_move as moved
        where moved.contract_id = contract.id
    ) as moves on true
    ";

/// Reads a contract.
pub async fn find(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<Contract>, Error> {
    one(connection, "where contract.id = $1", id).await
}

/// Reads a contract and keeps others from changing it until the unit of work ends.
pub async fn lock(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<Contract>, Error> {
    one(
        connection,
        "where contract.id = $1 for update of contract",
        id,
    )
    .await
}

async fn one(
    connection: &mut PgConnection,
    clause: &'static str,
    id: ContractId,
) -> Result<Option<Contract>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} {clause}")))
        .bind(id.0)
        .fetch_all(&mut *connection)
        .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// The text of a contract and the region it belongs to, without what was said of it and who signed.
pub async fn current_text(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<(Region, ContractText)>, Error> {
    let row = sqlx::query(
        "select
             contract.region,
             current.title,
             current.legal_entities,
             current.establishments,
             current.effect_date,
             current.end_date,
             current.objectives,
             current.consultations,
             current.content
         from contract
         join contract_version as current
             on current.contract_id = contract.id and current.number = contract.text_version
         where contract.id = $1",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((parsed("region", row.get("region"))?, text(&row)?)))
        .transpose()
}

/// The contracts of these identifiers, in no order.
pub async fn some(
    connection: &mut PgConnection,
    ids: &[ContractId],
) -> Result<Vec<Contract>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where contract.id = any($1)"
    )))
    .bind(ids)
    .fetch_all(&mut *connection)
    .await?;
    complete(connection, &rows).await
}

/// At most `limit` contracts after an identifier, to compute something of each again.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Contract>, Error> {
    let rows = rows_after(connection, (SELECT, "contract"), after, limit).await?;
    complete(connection, &rows).await
}

/// Which contracts. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    pub scope: Scope,
    /// Words that all begin a word of what a contract is found by.
    pub words: String,
    pub region: Option<String>,
    /// FINESS number of a party.
    pub legal_entity: Option<String>,
    pub state: Option<&'static str>,
    pub kind: Option<RegimeKind>,
    /// Code of a département with a site.
    pub department: Option<String>,
    /// Later than the last day, extensions included.
    pub ending_before: Option<Date>,
    /// Only those with an amendment that waits for a signature.
    pub amendment_to_sign: bool,
}

const OF_COUNCIL: &str = "exists (
    select from contract_council as council
    where council.contract_id = contract.id and council.department = any($1)
)";
const OF_ENTITIES: &str = "exists (
    select from contract_party as party
    where party.contract_id = contract.id and party.legal_entity = any($1)
)";
const OF_ENTITY: &str = "exists (
    select from contract_party as party
    where party.contract_id = contract.id and party.legal_entity = $1
)";
const OF_KIND: &str = "contract.legal_regime in (
    select code from legal_regime where legal_regime.kind = $1
)";
const WITH_SITE_IN: &str = "exists (
    select from establishment_copy as site
    where site.finess = any(current.establishments) and site.department = $1
)";
const WITH_AMENDMENT_TO_SIGN: &str = " and exists (
    select from amendment
    where amendment.contract_id = contract.id and amendment.state in ('READY_TO_SIGN', 'PARTIALLY_SIGNED')
)";

/// At most `limit` contracts, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Contract>, Error> {
    // What is looked for comes first: `$1` is the words.
    let mut query = QueryBuilder::new(if filter.words.is_empty() { "" } else { FOUND });
    query.push(SELECT).push(" where true");
    if !filter.words.is_empty() {
        restrict(&mut query, IS_FOUND, Some(&filter.words));
    }
    match &filter.scope {
        Scope::Departments(departments) => restrict(&mut query, OF_COUNCIL, Some(departments)),
        scope => restrict(&mut query, "contract.region = any($1)", scope.regions()),
    }
    restrict(&mut query, OF_ENTITIES, filter.scope.legal_entities());
    restrict(&mut query, "contract.region = $1", filter.region.as_ref());
    restrict(&mut query, OF_ENTITY, filter.legal_entity.as_ref());
    restrict(&mut query, "contract.state = $1", filter.state);
    restrict(&mut query, OF_KIND, filter.kind.map(RegimeKind::as_str));
    restrict(&mut query, WITH_SITE_IN, filter.department.as_ref());
    restrict(
        &mut query,
        "coalesce(contract.moved_last_day, current.end_date) < $1",
        filter.ending_before,
    );
    if filter.amendment_to_sign {
        query.push(WITH_AMENDMENT_TO_SIGN);
    }
    store::after(&mut query, "contract.created_at, contract.id", after);
    // The planner must see how few are wanted.
    query
        .push(" order by contract.created_at, contract.id limit ")
        .push(limit);
    let rows = query.build().fetch_all(&mut *connection).await?;
    complete(connection, &rows).await
}

/// Contracts that the passing of time changes, each region by its own legal day. Those that another
/// replica is at work on are left to it.
pub async fn lock_due(
    connection: &mut PgConnection,
    today: &[(Region, Date)],
    limit: i64,
) -> Result<Vec<Contract>, Error> {
    let (regions, days): (Vec<&str>, Vec<Date>) = today
        .iter()
        .map(|(region, day)| (region.code(), *day))
        .unzip();
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT}
         join unnest($1::text[], $2::date[]) as today (region, day) on today.region = contract.region
         where (contract.state = 'SIGNED' and current.effect_date <= today.day)
             or (
                 contract.state in ('IN_FORCE', 'NOTICE_OF_TERMINATION')
                 and coalesce(contract.moved_last_day, current.end_date) < today.day
                 -- Silence renewed it: it goes on until a person has confirmed its new term.
                 and not exists (
                     select from renewal where renewal.contract_id = contract.id and renewal.state = 'TACIT'
                 )
             )
         order by contract.id
         limit $3
         for update of contract skip locked"
    )))
    .bind(&regions)
    .bind(&days)
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    complete(connection, &rows).await
}

/// A version of the text, as it was proposed.
#[derive(Debug, Clone)]
pub struct Version {
    pub number: i32,
    pub text: ContractText,
    pub comment: String,
    pub author: kernel::HumanActor,
    pub created_at: OffsetDateTime,
}

const VERSION: &str = "
    select
        number,
        title,
        legal_entities,
        establishments,
        effect_date,
        end_date,
        objectives,
        consultations,
        content,
        comment,
        author,
        author_kind,
        author_role,
        created_at
    from contract_version
    ";

fn version(row: &PgRow) -> Result<Version, Error> {
    let (kind, role) = (row.get("author_kind"), row.get("author_role"));
    Ok(Version {
        number: row.get("number"),
        text: text(row)?,
        comment: row.get("comment"),
        author: person(row.get("author"), kind, role)?,
        created_at: row.get("created_at"),
    })
}

/// The versions of a text, oldest first.
pub async fn versions(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Vec<Version>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{VERSION} where contract_id = $1 order by number"
    )))
    .bind(id.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(version).collect()
}

/// Some versions of a text, by their numbers.
pub async fn some_versions(
    connection: &mut PgConnection,
    id: ContractId,
    numbers: &[i32],
) -> Result<Vec<Version>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{VERSION} where contract_id = $1 and number = any($2)"
    )))
    .bind(id.0)
    .bind(numbers)
    .fetch_all(connection)
    .await?;
    rows.iter().map(version).collect()
}

/// The document under signature, and its hash.
pub async fn document(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<(Vec<u8>, DocumentHash)>, Error> {
    let row = sqlx::query(
        "select
             document.content,
             document.sha256
         from contract
         join frozen_document as document
             on document.contract_id = contract.id
             and document.freeze_version = contract.freeze_version
         where contract.id = $1",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((row.get("content"), hash(row.get("sha256"))?)))
        .transpose()
}

/// The region of a contract, if there is such a contract.
pub async fn region(
    connection: &mut PgConnection,
    id: ContractId,
) -> Result<Option<Region>, Error> {
    let row = sqlx::query("select region from contract where id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(|row| parsed("region", row.get("region")))
        .transpose()
}
