//! Table `campaign`, and the progress that its controls amount to.

use std::collections::HashMap;

use ::store::Error;
use kernel::{Actor, Region};
use sqlx::{PgConnection, PgPool, QueryBuilder, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{After, Visibility, inconsistent, listing, person};
use crate::domain::{
    Campaign, CampaignId, PolicyId,
    campaign::{Frozen, Progress, Shared, State},
    pmsi::{PmsiData, PmsiImport},
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
    policy_version: Option<i64>,
    pmsi_version: Option<String>,
    pmsi_imports: Json<Vec<PmsiImport>>,
    target_sets: Option<i64>,
    target_sets_sha256: Option<Vec<u8>>,
    shared_at: Option<OffsetDateTime>,
    share_message: Option<String>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

impl Row {
    fn frozen(&self) -> Result<Option<Frozen>, Error> {
        let (Some(freeze_time), Some(sha256)) = (self.freeze_time, &self.target_sets_sha256) else {
            return Ok(None);
        };
        Ok(Some(Frozen {
            freeze_time,
            policy_version: self.policy_version.unwrap_or_default(),
            pmsi: PmsiData {
                version: self.pmsi_version.clone().unwrap_or_default(),
                imports: self.pmsi_imports.0.clone(),
            },
            contracts: self.contracts.unwrap_or_default().unsigned_abs(),
            target_sets: self.target_sets.unwrap_or_default().unsigned_abs(),
            target_sets_sha256: sha256
                .as_slice()
                .try_into()
                .map_err(|_| inconsistent("a hash of another length"))?,
        }))
    }

    fn shared(&self) -> Result<Option<Shared>, Error> {
        let (Some(at), Some(message)) = (self.shared_at, &self.share_message) else {
            return Ok(None);
        };
        let message = message.clone().try_into().map_err(inconsistent)?;
        Ok(Some(Shared { message, at }))
    }
}

impl TryFrom<Row> for Recorded {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state = match (row.state.as_str(), row.frozen()?, row.shared()?) {
            ("planned", None, None) => State::Planned,
            ("frozen", Some(frozen), None) => State::Frozen(frozen),
            ("running", Some(frozen), None) => State::Running(frozen),
            ("measured", Some(frozen), None) => State::Measured(frozen),
            ("shared", Some(frozen), Some(shared)) => State::Shared(frozen, shared),
            ("closed", Some(frozen), Some(shared)) => State::Closed(frozen, shared),
            (state, ..) => return Err(inconsistent(format!("campaign {} {state}", row.id))),
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
    policy_version,
    pmsi_version,
    pmsi_imports,
    target_sets,
    target_sets_sha256,
    shared_at,
    share_message,
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

/// Which act of a person an update rests on: the event that recorded it.
#[derive(Debug, Clone)]
pub enum Act {
    Froze(Uuid),
    Started(Uuid, Actor),
    Shared(Uuid),
    /// Nothing but the state and the version changes.
    Other,
}

/// Writes a campaign that was locked in this transaction.
pub async fn update(
    connection: &mut PgConnection,
    campaign: &Campaign,
    act: Act,
    at: OffsetDateTime,
) -> Result<(), Error> {
    let mut query = QueryBuilder::new("update campaign set version = ");
    query.push_bind(campaign.version);
    query.push(", state = ").push_bind(campaign.state.as_str());
    query.push(", updated_at = ").push_bind(at);
    match (act, campaign.state.frozen(), campaign.state.shared()) {
        (Act::Froze(event), Some(frozen), _) => {
            query.push(", freeze_time = ").push_bind(frozen.freeze_time);
            query
                .push(", contracts = ")
                .push_bind(frozen.contracts.cast_signed());
            query
                .push(", policy_version = ")
                .push_bind(frozen.policy_version);
            query
                .push(", pmsi_version = ")
                .push_bind(frozen.pmsi.version.clone());
            query
                .push(", pmsi_imports = ")
                .push_bind(Json(frozen.pmsi.imports.clone()));
            query
                .push(", target_sets = ")
                .push_bind(frozen.target_sets.cast_signed());
            query
                .push(", target_sets_sha256 = ")
                .push_bind(frozen.target_sets_sha256.to_vec());
            query.push(", frozen_by = ").push_bind(event);
            query.push(", frozen_by_kind = 'human'");
        }
        (Act::Started(event, controller), ..) => {
            query.push(", controller = ").push_bind(controller.subject);
            query
                .push(", controller_role = ")
                .push_bind(controller.role);
            query.push(", started_by = ").push_bind(event);
            query.push(", started_by_kind = 'human'");
        }
        (Act::Shared(event), _, Some(shared)) => {
            query.push(", shared_at = ").push_bind(shared.at);
            query
                .push(", share_message = ")
                .push_bind(shared.message.as_str().to_owned());
            query.push(", shared_by = ").push_bind(event);
            query.push(", shared_by_kind = 'human'");
        }
        _ => {}
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

/// The campaigns of a region over some years, each locked until the end of the transaction. They are locked
/// whatever their state, because freezing changes it: whoever comes second sees what the first one did.
pub async fn lock_of_years(
    connection: &mut PgConnection,
    region: Region,
    years: (i32, i32),
) -> Result<Vec<Campaign>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and region = ").push_bind(region.code());
    query.push(" and year between ").push_bind(years.0);
    query.push(" and ").push_bind(years.1);
    query.push(" order by id for update");
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    rows.into_iter()
        .map(|row| Ok(Recorded::try_from(row)?.campaign))
        .collect()
}

/// The campaign of a region and year that was measured last, with what it froze.
pub async fn measured(
    connection: &mut PgConnection,
    region: Region,
    year: i32,
) -> Result<Option<Campaign>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and region = ").push_bind(region.code());
    query.push(" and year = ").push_bind(year);
    query.push(" and state in ('measured', 'shared', 'closed') order by id desc limit 1");
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    row.map(|row| Ok(Recorded::try_from(row)?.campaign))
        .transpose()
}

/// One campaign.
pub async fn find(
    executor: impl sqlx::PgExecutor<'_>,
    id: CampaignId,
) -> Result<Option<Recorded>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" and id = ").push_bind(id.0);
    let row: Option<Row> = query.build_query_as().fetch_optional(executor).await?;
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
    listing::page(&mut query, after, limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(pool).await?;
    rows.into_iter().map(Recorded::try_from).collect()
}

/// A campaign that is being measured, and the command that started it.
#[derive(Debug, Clone)]
pub struct Running {
    pub campaign: Campaign,
    pub freeze_time: OffsetDateTime,
    /// Who started it.
    pub controller: Actor,
    pub traceparent: Option<String>,
}

/// The campaigns with something to measure, or to report as measured, oldest first: those that run, and those
/// that a late contract was added to since.
pub async fn running(pool: &PgPool) -> Result<Vec<Running>, Error> {
    #[derive(sqlx::FromRow)]
    struct WithTrace {
        #[sqlx(flatten)]
        row: Row,
        controller: String,
        controller_role: String,
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
             campaign.policy_version,
             campaign.pmsi_version,
             campaign.pmsi_imports,
             campaign.target_sets,
             campaign.target_sets_sha256,
             campaign.shared_at,
             campaign.share_message,
             campaign.created_at,
             campaign.updated_at,
             campaign.controller,
             campaign.controller_role,
             event.traceparent
         from campaign
         join event on event.id = campaign.started_by
         where campaign.state = 'running'
             or campaign.state in ('measured', 'shared') and exists (
                 select from control where control.campaign_id = campaign.id and result = 'scheduled'
             )
         order by campaign.id
         limit 100",
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|found| {
            let campaign = Recorded::try_from(found.row)?.campaign;
            let frozen = campaign
                .state
                .frozen()
                .ok_or_else(|| inconsistent("nothing was frozen"))?;
            Ok(Running {
                freeze_time: frozen.freeze_time,
                campaign,
                controller: person(found.controller, found.controller_role),
                traceparent: found.traceparent,
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
        late: i64,
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
             ) as findings,
             count(*) filter (where late_reason is not null) as late
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
                late: count.late.unsigned_abs(),
            };
            (CampaignId(count.campaign_id), progress)
        })
        .collect())
}
