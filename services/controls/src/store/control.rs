//! Table `control`.

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder, Row as _, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, inconsistent};
use crate::domain::{
    Campaign, CampaignId, ContractId, ControlId, TargetSetId,
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
    pub target_set: Option<TargetSetId>,
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
            target_set: row.target_set_id.map(TargetSetId),
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
    comparisons,
    measured_at
from control
where true";

/// Lists the population of a campaign, to be measured.
pub async fn schedule(
    connection: &mut PgConnection,
    campaign: &Campaign,
    controls: &[(ControlId, ContractId)],
) -> Result<(), Error> {
    let (ids, contracts): (Vec<Uuid>, Vec<Uuid>) = controls
        .iter()
        .map(|(id, contract)| (id.0, contract.0))
        .unzip();
    sqlx::query(
        "insert into control (id, campaign_id, contract_id, region, year)
         select listed.id, $3, listed.contract_id, $4, $5
         from unnest($1::uuid[], $2::uuid[]) as listed (id, contract_id)",
    )
    .bind(&ids)
    .bind(&contracts)
    .bind(campaign.id.0)
    .bind(campaign.region.code())
    .bind(campaign.year)
    .execute(connection)
    .await?;
    Ok(())
}

/// Some controls that are still to be measured, in an order of the worker's own: several workers rarely
/// pick the same, and when they do, [`claim`] lets one of them write.
pub async fn some_scheduled(
    pool: &PgPool,
    campaign: CampaignId,
    worker: Uuid,
    limit: i64,
) -> Result<Vec<(ControlId, ContractId)>, Error> {
    let rows = sqlx::query(
        "select id, contract_id
         from control
         where campaign_id = $1 and result = 'scheduled'
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
    pub target_set: Option<TargetSetId>,
    pub measured: Measured,
}

/// Writes what was established, for a whole chunk.
pub async fn record(
    connection: &mut PgConnection,
    outcomes: &[Outcome],
    at: OffsetDateTime,
) -> Result<(), Error> {
    let mut ids = Vec::with_capacity(outcomes.len());
    let mut results = Vec::with_capacity(outcomes.len());
    let mut target_sets = Vec::with_capacity(outcomes.len());
    let mut comparisons = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        ids.push(outcome.id.0);
        results.push(outcome.measured.result.as_str());
        target_sets.push(outcome.target_set.map(|id| id.0));
        comparisons.push(Json(&outcome.measured.comparisons));
    }
    sqlx::query(
        "update control set
             result = measured.result,
             target_set_id = measured.target_set_id,
             comparisons = measured.comparisons,
             measured_at = $5
         from unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[])
             as measured (id, result, target_set_id, comparisons)
         where control.id = measured.id",
    )
    .bind(&ids)
    .bind(&results)
    .bind(&target_sets)
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
    visibility.restrict_contract(&mut query);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Control::try_from).transpose()
}

/// Which controls. None does not restrict.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub region: Option<String>,
    pub campaign: Option<CampaignId>,
    pub contract: Option<ContractId>,
    /// A result, or `scheduled`.
    pub result: Option<&'static str>,
}

/// A page of controls, the conforming ones too.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Control>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    visibility.restrict_contract(&mut query);
    if let Some(region) = &filter.region {
        query.push(" and region = ").push_bind(region);
    }
    if let Some(campaign) = filter.campaign {
        query.push(" and campaign_id = ").push_bind(campaign.0);
    }
    if let Some(contract) = filter.contract {
        query.push(" and contract_id = ").push_bind(contract.0);
    }
    if let Some(result) = filter.result {
        query.push(" and result = ").push_bind(result);
    }
    if let Some(after) = after {
        query.push(" and id > ").push_bind(after);
    }
    query.push(" order by id limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Control::try_from).collect()
}
