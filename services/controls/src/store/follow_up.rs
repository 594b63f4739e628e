//! Table `follow_up`: what became of findings elsewhere; and the steps of a control, here and there.

use ::store::Error;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{CampaignId, ContractId, ControlId, outcome::Step};

/// An event of another service about what followed findings.
#[derive(Debug, Clone)]
pub struct FollowUp {
    pub event: Uuid,
    pub version: i64,
    /// Resource name of the review it is about, where the event says so.
    pub review: Option<String>,
    pub contract: Option<ContractId>,
    pub campaign: Option<CampaignId>,
    pub step: Step,
}

/// Records an event.
pub async fn insert(connection: &mut PgConnection, follow_up: &FollowUp) -> Result<(), Error> {
    sqlx::query(
        "insert into follow_up (
             event_id,
             resource,
             version,
             review,
             contract_id,
             campaign_id,
             type,
             at,
             actor,
             outcome
         ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict do nothing",
    )
    .bind(follow_up.event)
    .bind(&follow_up.step.resource)
    .bind(follow_up.version)
    .bind(&follow_up.review)
    .bind(follow_up.contract.map(|id| id.0))
    .bind(follow_up.campaign.map(|id| id.0))
    .bind(&follow_up.step.event)
    .bind(follow_up.step.at)
    .bind(&follow_up.step.actor)
    .bind(&follow_up.step.outcome)
    .execute(connection)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct StepRow {
    at: OffsetDateTime,
    resource: String,
    event: String,
    actor: String,
    outcome: String,
}

impl From<StepRow> for Step {
    fn from(row: StepRow) -> Self {
        Self {
            at: row.at,
            resource: row.resource,
            event: row.event,
            actor: row.actor,
            outcome: row.outcome,
        }
    }
}

/// Everything that happened to a control, to its findings, and to what followed, oldest first. At most 2,000
/// steps: a review has some tens.
pub async fn steps(
    pool: &PgPool,
    control: ControlId,
    campaign: CampaignId,
    contract: ContractId,
) -> Result<Vec<Step>, Error> {
    let rows: Vec<StepRow> = sqlx::query_as(
        "with review as (
             select distinct resource
             from follow_up
             where contract_id = $4 and campaign_id = $5 and review = resource
         ),
         resource as (
             select resource from review
             union
             select follow_up.resource from follow_up join review on follow_up.review = review.resource
         ),
         own as (
             select $1 as aggregate
             union all
             select 'findings/' || finding.id from finding where finding.control_id = $3
         )
         select event.recorded_at as at, event.aggregate as resource, type as event,
             coalesce(person.subject, event.actor) as actor, '' as outcome, seq as place
         from event
         join own using (aggregate)
         left join person on person.commitment = event.actor
         union all
         select event.recorded_at, event.aggregate, type, coalesce(person.subject, event.actor), '', seq
         from event
         left join person on person.commitment = event.actor
         where event.aggregate = $2 and type = 'cpom.controls.v1.CampaignShared'
         union all
         select at, follow_up.resource, type, actor, outcome, version
         from follow_up
         join resource using (resource)
         order by at, place
         limit 2000",
    )
    .bind(control.to_string())
    .bind(campaign.to_string())
    .bind(control.0)
    .bind(contract.0)
    .bind(campaign.0)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(Step::from).collect())
}

/// How many reviews of a campaign have observations that nobody has examined, as far as is known here.
pub async fn unread(connection: &mut PgConnection, campaign: CampaignId) -> Result<u64, Error> {
    let row: (i64,) = sqlx::query_as(
        "with review as (
             select resource
             from follow_up
             where campaign_id = $1 and review = resource
         ),
         last as (
             select
                 max(version) filter (where type like '%.ObservationsSubmitted') as submitted,
                 max(version) filter (
                     where type like any(array['%.ObservationsRead', '%.ReviewExamined', '%.ReviewConcluded'])
                 ) as read
             from follow_up
             where resource in (select resource from review)
             group by resource
         )
         select count(*) from last where submitted > coalesce(read, 0)",
    )
    .bind(campaign.0)
    .fetch_one(connection)
    .await?;
    Ok(row.0.unsigned_abs())
}
