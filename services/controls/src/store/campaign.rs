//! Table `campaign`, and the progress that its controls amount to.

use std::collections::HashMap;

use ::store::Error;
use sqlx::{PgConnection, PgPool, QueryBuilder};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, inconsistent};
use crate::domain::{
    Campaign, CampaignId, PolicyId,
    campaign::{Progress, Start, State},
};

/// A campaign with what only its row knows.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub campaign: Campaign,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    region: String,
    year: i32,
    policy_id: Uuid,
    state: String,
    freeze_time: Option<OffsetDateTime>,
    contracts: Option<i64>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

impl TryFrom<Row> for Recorded {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let start = row
            .freeze_time
            .zip(row.contracts)
            .map(|(freeze_time, contracts)| Start {
                freeze_time,
                contracts: contracts.unsigned_abs(),
            });
        let state = match (row.state.as_str(), start) {
            ("planned", None) => State::Planned,
            ("running", Some(start)) => State::Running(start),
            ("measured", Some(start)) => State::Measured(start),
            ("closed", Some(start)) => State::Closed(start),
            (state, _) => return Err(inconsistent(format!("campaign {} {state}", row.id))),
        };
        let campaign = Campaign {
            id: CampaignId(row.id),
            region: row.region.parse().map_err(inconsistent)?,
            year: row.year,
            policy: PolicyId(row.policy_id),
            state,
            version: row.version,
        };
        Ok(Self {
            campaign,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

const SELECT: &str = "select
    id,
    version,
    region,
    year,
    policy_id,
    state,
    freeze_time,
    contracts,
    created_at,
    updated_at
from campaign
where true";

/// Records a planned campaign. Violates `campaign_open_key` when another one of the same region and year
/// is not closed.
pub async fn insert(
    connection: &mut PgConnection,
    campaign: &Campaign,
    at: OffsetDateTime,
) -> Result<(), Error> {
    sqlx::query(
        "insert into campaign (
             id,
             version,
             region,
             year,
             policy_id,
             state,
             created_at,
             updated_at
         ) values ($1, $2, $3, $4, $5, $6, $7, $7)",
    )
    .bind(campaign.id.0)
    .bind(campaign.version)
    .bind(campaign.region.code())
    .bind(campaign.year)
    .bind(campaign.policy.0)
    .bind(campaign.state.as_str())
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a campaign that was locked in this transaction. `started_by` is the event that started it,
/// given once, by the command that starts.
pub async fn update(
    connection: &mut PgConnection,
    campaign: &Campaign,
    started_by: Option<Uuid>,
    at: OffsetDateTime,
) -> Result<(), Error> {
    let mut query = QueryBuilder::new("update campaign set version = ");
    query.push_bind(campaign.version);
    query.push(", state = ").push_bind(campaign.state.as_str());
    query.push(", updated_at = ").push_bind(at);
    if let (Some(event), Some(start)) = (started_by, campaign.state.start()) {
        query.push(", freeze_time = ").push_bind(start.freeze_time);
        query
            .push(", contracts = ")
            .push_bind(start.contracts.cast_signed());
        query.push(", started_by = ").push_bind(event);
        query.push(", started_by_kind = 'human'");
    }
    query.push(" where id = ").push_bind(campaign.id.0);
    query.build().execute(connection).await?;
    Ok(())
}

/// One campaign, locked until the end of the transaction.
pub async fn lock(
    connection: &mut PgConnection,
    id: CampaignId,
) -> Result<Option<Recorded>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0).push(" for update");
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(Recorded::try_from).transpose()
}

/// One campaign.
pub async fn find(pool: &PgPool, id: CampaignId) -> Result<Option<Recorded>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(pool).await?;
    row.map(Recorded::try_from).transpose()
}

/// A page of campaigns, in the order they were planned.
pub async fn list(
    pool: &PgPool,
    visibility: &Visibility,
    region: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<Recorded>, Error> {
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
    rows.into_iter().map(Recorded::try_from).collect()
}

/// A campaign that is being measured, and the trace of the command that started it.
#[derive(Debug, Clone)]
pub struct Running {
    pub campaign: Campaign,
    pub start: Start,
    pub traceparent: Option<String>,
}

/// The campaigns that are being measured, oldest first.
pub async fn running(pool: &PgPool) -> Result<Vec<Running>, Error> {
    #[derive(sqlx::FromRow)]
    struct WithTrace {
        #[sqlx(flatten)]
        row: Row,
        traceparent: Option<String>,
    }
    let rows: Vec<WithTrace> = sqlx::query_as(
        "select
             campaign.id,
             campaign.version,
             campaign.region,
             campaign.year,
             campaign.policy_id,
             campaign.state,
             campaign.freeze_time,
             campaign.contracts,
             campaign.created_at,
             campaign.updated_at,
             event.traceparent
         from campaign
         join event on event.id = campaign.started_by
         where campaign.state = 'running'
         order by campaign.id
         limit 100",
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|WithTrace { row, traceparent }| {
            let campaign = Recorded::try_from(row)?.campaign;
            let start = campaign
                .state
                .start()
                .ok_or_else(|| inconsistent("no start"))?;
            Ok(Running {
                campaign,
                start,
                traceparent,
            })
        })
        .collect()
}

/// How far each campaign is. It is counted, not kept, so it cannot disagree with the controls.
pub async fn progress(
    executor: impl sqlx::PgExecutor<'_>,
    ids: &[CampaignId],
) -> Result<HashMap<CampaignId, Progress>, Error> {
    #[derive(sqlx::FromRow)]
    struct Count {
        campaign_id: Uuid,
        contracts: i64,
        measured: i64,
        conforming: i64,
        deviating: i64,
        not_assessable: i64,
        findings: i64,
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Count> = sqlx::query_as(
        "select
             control.campaign_id,
             count(*) as contracts,
             count(*) filter (where result <> 'scheduled') as measured,
             count(*) filter (where result = 'conforming') as conforming,
             count(*) filter (where result = 'deviating') as deviating,
             count(*) filter (where result = 'not_assessable') as not_assessable,
             (
                 select count(*)
                 from finding
                 where finding.campaign_id = control.campaign_id and finding.state = 'raised'
             ) as findings
         from control
         where control.campaign_id = any($1)
         group by control.campaign_id",
    )
    .bind(&ids)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .into_iter()
        .map(|count| {
            let progress = Progress {
                contracts: count.contracts.unsigned_abs(),
                measured: count.measured.unsigned_abs(),
                conforming: count.conforming.unsigned_abs(),
                deviating: count.deviating.unsigned_abs(),
                not_assessable: count.not_assessable.unsigned_abs(),
                findings: count.findings.unsigned_abs(),
            };
            (CampaignId(count.campaign_id), progress)
        })
        .collect())
}
