//! Reviews: found, listed, and written through the two doors of the domain. What a machine writes and what
//! people write are different statements, on different columns, under different grants.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Finess;
use sqlx::{AssertSqlSafe, PgConnection, QueryBuilder, Row as _};
use store::{Error, restrict};
use uuid::Uuid;

pub use super::review_writes::save_human;
use super::{After, Scope, parsed, review_rows::complete, rows_after};
use crate::domain::{CampaignId, ContractId, Review, ReviewId, review::machine::MachineEvent};

const SELECT: &str = "
    select
        review.id,
        review.region,
        review.contract_id,
        review.campaign,
        review.year,
        review.version,
        review.state,
        review.notification,
        review.notified_by,
        review.notified_by_kind,
        review.notified_by_role,
        review.notified_at,
        review.channel,
        review.consented,
        review.response_months,
        review.received_on,
        review.receipt_proof,
        review.received_by,
        review.received_by_kind,
        review.received_by_role,
        review.extension_reasons,
        review.extended_by,
        review.extended_by_kind,
        review.extended_by_role,
        review.extended_at,
        review.statements,
        review.reopenings,
        review.analysis,
        review.recommended_outcome,
        review.examined_by,
        review.examined_by_kind,
        review.examined_by_role,
        review.examined_at,
        review.answers_read,
        review.outcome,
        review.reasons,
        review.concluded_by,
        review.concluded_by_kind,
        review.concluded_by_role,
        review.concluded_at,
        review.procedure_id,
        review.milestones,
        review.objectives,
        review.amendment,
        review.created_at,
        review.updated_at
    from review
    ";

/// Reads a review.
pub async fn find(connection: &mut PgConnection, id: ReviewId) -> Result<Option<Review>, Error> {
    one(connection, "where review.id = $1", id).await
}

/// Reads a review and keeps others from changing it until the unit of work ends.
pub async fn lock(connection: &mut PgConnection, id: ReviewId) -> Result<Option<Review>, Error> {
    one(connection, "where review.id = $1 for update", id).await
}

async fn one(
    connection: &mut PgConnection,
    clause: &'static str,
    id: ReviewId,
) -> Result<Option<Review>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!("{SELECT} {clause}")))
        .bind(id.0)
        .fetch_all(&mut *connection)
        .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// Reads and locks the review of a contract after a campaign.
pub async fn lock_of(
    connection: &mut PgConnection,
    contract: ContractId,
    campaign: CampaignId,
) -> Result<Option<Review>, Error> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SELECT} where review.contract_id = $1 and review.campaign = $2 for update"
    )))
    .bind(contract.0)
    .bind(campaign.0)
    .fetch_all(&mut *connection)
    .await?;
    Ok(complete(connection, &rows).await?.pop())
}

/// Which reviews. None does not restrict.
#[derive(Debug, Clone)]
pub struct Filter {
    /// A director sees the reviews of their own legal entities, once notified.
    pub scope: Scope,
    pub region: Option<String>,
    pub contract: Option<ContractId>,
    pub campaign: Option<CampaignId>,
    pub state: Option<&'static str>,
}

const TOLD_TO_ENTITIES: &str = "((review.state <> 'OPEN' or review.reopenings > 0) and exists (
    select from contract_party as party
    where party.contract_id = review.contract_id and party.legal_entity = any($1)
))";

/// At most `limit` reviews, oldest first.
pub async fn list(
    connection: &mut PgConnection,
    filter: &Filter,
    after: After,
    limit: i64,
) -> Result<Vec<Review>, Error> {
    let mut query = QueryBuilder::new(SELECT);
    query.push(" where true");
    restrict(
        &mut query,
        "review.region = any($1)",
        filter.scope.regions(),
    );
    restrict(&mut query, TOLD_TO_ENTITIES, filter.scope.legal_entities());
    restrict(&mut query, "review.region = $1", filter.region.as_ref());
    restrict(
        &mut query,
        "review.contract_id = $1",
        filter.contract.map(|id| id.0),
    );
    restrict(
        &mut query,
        "review.campaign = $1",
        filter.campaign.map(|id| id.0),
    );
    restrict(&mut query, "review.state = $1", filter.state);
    store::after(&mut query, "review.created_at, review.id", after);
    // The planner must see how few are wanted.
    query
        .push(" order by review.created_at, review.id limit ")
        .push(limit);
    let rows = query.build().fetch_all(&mut *connection).await?;
    complete(connection, &rows).await
}

/// The numbers of the contracts of some reviews, by contract.
pub async fn contract_numbers(
    connection: &mut PgConnection,
    reviews: &[Review],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let contracts: Vec<Uuid> = reviews.iter().map(|review| review.contract.0).collect();
    let rows = sqlx::query("select id, number from contract where id = any($1)")
        .bind(contracts)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .iter()
        .map(|row| (row.get("id"), row.get("number")))
        .collect())
}

/// The legal entities that are parties to a contract.
pub async fn parties(
    connection: &mut PgConnection,
    contract: ContractId,
) -> Result<BTreeSet<Finess>, Error> {
    let rows = sqlx::query("select legal_entity from contract_party where contract_id = $1")
        .bind(contract.0)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| parsed("finess", row.get("legal_entity")))
        .collect()
}

/// A page of every review, for the list of deadlines.
pub async fn all_after(
    connection: &mut PgConnection,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Review>, Error> {
    let rows = rows_after(connection, (SELECT, "review"), after, limit).await?;
    complete(connection, &rows).await
}

/// Subjects of those who planned or conducted the campaign of a review, as far as its events told.
pub async fn controllers(
    connection: &mut PgConnection,
    review: &Review,
) -> Result<BTreeSet<String>, Error> {
    let rows = sqlx::query("select subject from campaign_controller_copy where campaign = $1")
        .bind(review.campaign.0)
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(|row| row.get("subject")).collect())
}

/// Notes that a person conducted a campaign.
pub async fn copy_controller(
    connection: &mut PgConnection,
    campaign: CampaignId,
    subject: &str,
) -> Result<(), Error> {
    sqlx::query(
        "insert into campaign_controller_copy (campaign, subject)
         values ($1, $2)
         on conflict do nothing",
    )
    .bind(campaign.0)
    .bind(subject)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a review that a finding opens, as it is with that finding. False when another process opened it meanwhile.
pub async fn open(
    connection: &mut PgConnection,
    review: &Review,
    events: &[MachineEvent],
) -> Result<bool, Error> {
    let written = sqlx::query(
        "insert into review (
             id,
             region,
             contract_id,
             campaign,
             year,
             version,
             state,
             created_at,
             updated_at
         )
         values ($1, $2, $3, $4, $5, $6, 'OPEN', $7, $7)
         on conflict on constraint review_contract_campaign_key do nothing",
    )
    .bind(review.id.0)
    .bind(review.region.code())
    .bind(review.contract.0)
    .bind(review.campaign.0)
    .bind(review.year)
    .bind(review.version)
    .bind(review.created_at)
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    save_findings(connection, review, events).await?;
    Ok(true)
}

/// Writes what a machine's act changed.
pub async fn save_machine(
    connection: &mut PgConnection,
    after: &Review,
    events: &[MachineEvent],
) -> Result<(), Error> {
    save_findings(connection, after, events).await?;
    sqlx::query("update review set version = $2, updated_at = $3 where id = $1")
        .bind(after.id.0)
        .bind(after.version)
        .bind(after.updated_at)
        .execute(connection)
        .await?;
    Ok(())
}

async fn save_findings(
    connection: &mut PgConnection,
    after: &Review,
    events: &[MachineEvent],
) -> Result<(), Error> {
    for event in events {
        match event {
            MachineEvent::Opened(_) => {}
            MachineEvent::FindingAttached(raised) => {
                sqlx::query(
                    "insert into review_finding (
                         review_id,
                         finding,
                         objective,
                         summary,
                         severity,
                         opposable,
                         penalty_eligible,
                         attached_at,
                         control
                     )
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                )
                .bind(after.id.0)
                .bind(raised.finding.0)
                .bind(&raised.objective)
                .bind(&raised.summary)
                .bind(raised.severity.as_str())
                .bind(raised.opposable)
                .bind(raised.penalty_eligible)
                .bind(after.updated_at)
                .bind(raised.control.map(|id| id.0))
                .execute(&mut *connection)
                .await?;
            }
            MachineEvent::FindingAmended {
                finding,
                corrected,
                reason,
            } => {
                sqlx::query(
                    "update review_finding set
                         summary = $3,
                         severity = $4,
                         opposable = $5,
                         penalty_eligible = $6,
                         corrected_at = $7,
                         correction_reason = $8
                     where review_id = $1 and finding = $2",
                )
                .bind(after.id.0)
                .bind(finding.0)
                .bind(&corrected.summary)
                .bind(corrected.severity.as_str())
                .bind(corrected.opposable)
                .bind(corrected.penalty_eligible)
                .bind(after.updated_at)
                .bind(reason)
                .execute(&mut *connection)
                .await?;
            }
            MachineEvent::FindingDetached { finding, reason } => {
                sqlx::query(
                    "update review_finding
                     set withdrawn_at = $3, withdrawal_reason = $4
                     where review_id = $1 and finding = $2",
                )
                .bind(after.id.0)
                .bind(finding.0)
                .bind(after.updated_at)
                .bind(reason)
                .execute(&mut *connection)
                .await?;
            }
        }
    }
    Ok(())
}
