//! Table `control`.

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder, Row as _, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Filter, Visibility, contract_copy::Listed, inconsistent, listing};
use crate::domain::{
    Campaign, CampaignId, ContractId, ControlId, TargetSetId,
    campaign::LateReason,
    control::{Compared, ControlResult, Measured},
};

/// A control as it stands.
#[derive(Debug, Clone)]
pub struct Control {
    pub id: ControlId,
    pub region: String,
    pub campaign: CampaignId,
    pub contract: ContractId,
    pub year: i32,
    /// None while it is scheduled.
    pub result: Option<ControlResult>,
    /// The target set and the version of it that the campaign compares.
    pub target_set: Option<(TargetSetId, i64)>,
    pub late: Option<LateReason>,
    pub comparisons: Vec<Compared>,
    pub measured_at: Option<OffsetDateTime>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    region: String,
    campaign_id: Uuid,
    contract_id: Uuid,
    year: i32,
    result: String,
    target_set_id: Option<Uuid>,
    target_set_version: Option<i64>,
    late_reason: Option<String>,
    comparisons: Json<Vec<Compared>>,
    measured_at: Option<OffsetDateTime>,
}

impl TryFrom<Row> for Control {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let result = match row.result.as_str() {
            "scheduled" => None,
            "conforming" => Some(ControlResult::Conforming),
            "deviating" => Some(ControlResult::Deviating),
            "not_assessable" => Some(ControlResult::NotAssessable),
            unknown => return Err(inconsistent(format!("control {} {unknown}", row.id))),
        };
        Ok(Self {
            id: ControlId(row.id),
            region: row.region,
            campaign: CampaignId(row.campaign_id),
            contract: ContractId(row.contract_id),
            year: row.year,
            result,
            target_set: row
                .target_set_id
                .map(TargetSetId)
                .zip(row.target_set_version),
            late: row.late_reason.as_deref().map(late_reason).transpose()?,
            comparisons: row.comparisons.0,
            measured_at: row.measured_at,
        })
    }
}

const SELECT: &str = "select
    id,
    region,
    campaign_id,
    contract_id,
    year,
    result,
    target_set_id,
    target_set_version,
    late_reason,
    comparisons,
    measured_at
from control
where true";

/// The reason that a text of the database names.
pub(super) fn late_reason(text: &str) -> Result<LateReason, Error> {
    match text {
        "known_after_freeze" => Ok(LateReason::KnownAfterFreeze),
        "term_changed" => Ok(LateReason::TermChanged),
        unknown => Err(inconsistent(format!("late reason {unknown}"))),
    }
}

/// Lists the population of a campaign, to be measured.
pub async fn schedule(
    connection: &mut PgConnection,
    campaign: &Campaign,
    population: &[Listed],
) -> Result<(), Error> {
    let ids: Vec<Uuid> = population.iter().map(|_| ControlId::generate().0).collect();
    let contracts: Vec<Uuid> = population.iter().map(|listed| listed.contract.0).collect();
    let (sets, versions): (Vec<Option<Uuid>>, Vec<Option<i64>>) = population
        .iter()
        .map(|listed| {
            listed
                .target_set
                .map(|(id, version)| (id.0, version))
                .unzip()
        })
        .unzip();
    sqlx::query(
        "insert into control (id, campaign_id, contract_id, region, year, target_set_id, target_set_version)
         select listed.id, $5, listed.contract_id, $6, $7, listed.target_set_id, listed.target_set_version
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
             as listed (id, contract_id, target_set_id, target_set_version)",
    )
    .bind(&ids)
    .bind(&contracts)
    .bind(&sets)
    .bind(&versions)
    .bind(campaign.id.0)
    .bind(campaign.region.code())
    .bind(campaign.year)
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds a late contract to a population.
pub async fn schedule_late(
    connection: &mut PgConnection,
    campaign: &Campaign,
    (id, listed): (ControlId, Listed),
    reason: LateReason,
) -> Result<(), Error> {
    let (set, version) = listed
        .target_set
        .map(|(id, version)| (id.0, version))
        .unzip();
    sqlx::query(
        "insert into control (
             id,
             campaign_id,
             contract_id,
             region,
             year,
             target_set_id,
             target_set_version,
             late_reason
         ) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id.0)
    .bind(campaign.id.0)
    .bind(listed.contract.0)
    .bind(campaign.region.code())
    .bind(campaign.year)
    .bind(set)
    .bind(version)
    .bind(reason.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// The control of a contract in a campaign, if it is in the population.
pub async fn id_of(
    connection: &mut PgConnection,
    campaign: CampaignId,
    contract: ContractId,
) -> Result<Option<ControlId>, Error> {
    let row = sqlx::query("select id from control where campaign_id = $1 and contract_id = $2")
        .bind(campaign.0)
        .bind(contract.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| ControlId(row.get("id"))))
}

/// Gives a late control the targets of its contract, which became known after it was listed.
pub async fn give_targets(
    connection: &mut PgConnection,
    contract: ContractId,
    (set, version): (TargetSetId, i64),
) -> Result<(), Error> {
    sqlx::query(
        "update control
         set target_set_id = $2, target_set_version = $3
         where contract_id = $1 and result = 'scheduled' and late_reason is not null and target_set_id is null",
    )
    .bind(contract.0)
    .bind(set.0)
    .bind(version)
    .execute(connection)
    .await?;
    Ok(())
}

/// Some measured controls of a campaign, with their calculations.
pub async fn measured_of(
    connection: &mut PgConnection,
    campaign: CampaignId,
    after: After,
    limit: i64,
) -> Result<Vec<Control>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query
        .push(" and result <> 'scheduled' and campaign_id = ")
        .push_bind(campaign.0);
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(Control::try_from).collect()
}

/// How often each contract stands in a campaign.
pub async fn population(
    pool: &PgPool,
    campaign: CampaignId,
) -> Result<Vec<(ContractId, u64)>, Error> {
    let rows = sqlx::query(
        "select contract_id, count(*) as times
         from control
         where campaign_id = $1
         group by contract_id
         order by contract_id",
    )
    .bind(campaign.0)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let times: i64 = row.get("times");
            (ContractId(row.get("contract_id")), times.unsigned_abs())
        })
        .collect())
}

/// Some controls that are still to be measured, in an order of the worker's own: several workers rarely
/// pick the same, and when they do, [`claim`] lets one of them write. A late contract waits for its targets.
pub async fn some_scheduled(
    pool: &PgPool,
    campaign: CampaignId,
    worker: Uuid,
    limit: i64,
) -> Result<Vec<(ControlId, ContractId)>, Error> {
    let rows = sqlx::query(
        "select id, contract_id
         from control
         where campaign_id = $1
             and result = 'scheduled'
             and (target_set_id is not null or late_reason is null or not exists (
                 select from contract_copy
                 where contract_copy.id = control.contract_id and contract_copy.target_set_id is not null
             ))
         order by md5(id::text || $2)
         limit $3",
    )
    .bind(campaign.0)
    .bind(worker.to_string())
    .bind(limit)
    .fetch_all(pool)
    .await?;
    Ok(rows
        .iter()
        .map(|row| (ControlId(row.get("id")), ContractId(row.get("contract_id"))))
        .collect())
}

/// Locks those of `controls` that are still scheduled and that nobody else is writing at this moment.
pub async fn claim(
    connection: &mut PgConnection,
    controls: &[ControlId],
) -> Result<Vec<ControlId>, Error> {
    let ids: Vec<Uuid> = controls.iter().map(|id| id.0).collect();
    let rows = sqlx::query(
        "select id
         from control
         where id = any($1) and result = 'scheduled'
         for update skip locked",
    )
    .bind(&ids)
    .fetch_all(connection)
    .await?;
    Ok(rows.iter().map(|row| ControlId(row.get("id"))).collect())
}

/// What was established for a claimed control.
#[derive(Debug)]
pub struct Outcome {
    pub id: ControlId,
    pub contract: ContractId,
    pub target_set: Option<(TargetSetId, i64)>,
    pub measured: Measured,
    /// The comparisons with their calculations, as they are kept.
    pub comparisons: String,
}

/// Writes what was established, for a whole chunk.
pub async fn record(
    connection: &mut PgConnection,
    outcomes: &[Outcome],
    at: OffsetDateTime,
) -> Result<(), Error> {
    let mut ids = Vec::with_capacity(outcomes.len());
    let mut results = Vec::with_capacity(outcomes.len());
    let mut comparisons = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        ids.push(outcome.id.0);
        results.push(outcome.measured.result.as_str());
        comparisons.push(outcome.comparisons.as_str());
    }
    sqlx::query(
        "update control set
             result = measured.result,
             comparisons = measured.comparisons::json,
             measured_at = $4
         from unnest($1::uuid[], $2::text[], $3::text[]) as measured (id, result, comparisons)
         where control.id = measured.id",
    )
    .bind(&ids)
    .bind(&results)
    .bind(&comparisons)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// One control that the caller may see.
pub async fn find(
    pool: &PgPool,
    visibility: &Visibility,
    id: ControlId,
) -> Result<Option<Control>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_shared(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Control::try_from).transpose()
}

/// A page of controls, the conforming ones too. `result` is one, or `scheduled`; none does not restrict.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    filter: &Filter,
    result: Option<&'static str>,
    after: After,
    limit: i64,
) -> Result<Vec<Control>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_shared(&mut query);
    filter.restrict(&mut query);
    if let Some(result) = result {
        query.push(" and result = ").push_bind(result);
    }
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Control::try_from).collect()
}
