//! Table `late_contract`: contracts that became known after a campaign froze its data.

use ::store::Error;
use sqlx::{PgConnection, PgPool, Row as _};
use time::OffsetDateTime;

use super::{After, control::late_reason};
use crate::domain::{CampaignId, ContractId, ControlId, campaign::LateReason};

/// A late contract.
#[derive(Debug, Clone, Copy)]
pub struct Late {
    pub campaign: CampaignId,
    pub contract: ContractId,
    pub reason: LateReason,
    /// None when the campaign was closed already.
    pub control: Option<ControlId>,
    pub at: OffsetDateTime,
}

/// Whether the contract is listed as late already.
pub async fn is_listed(
    connection: &mut PgConnection,
    campaign: CampaignId,
    contract: ContractId,
) -> Result<bool, Error> {
    let row = sqlx::query(
        "select exists (select from late_contract where campaign_id = $1 and contract_id = $2) as listed",
    )
    .bind(campaign.0)
    .bind(contract.0)
    .fetch_one(connection)
    .await?;
    Ok(row.get("listed"))
}

/// Lists a contract as late.
pub async fn insert(connection: &mut PgConnection, late: &Late) -> Result<(), Error> {
    sqlx::query(
        "insert into late_contract (campaign_id, contract_id, reason, control_id, noticed_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(late.campaign.0)
    .bind(late.contract.0)
    .bind(late.reason.as_str())
    .bind(late.control.map(|id| id.0))
    .bind(late.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A page of the late contracts of a campaign.
pub async fn list(
    pool: &PgPool,
    campaign: CampaignId,
    after: After,
    limit: i64,
) -> Result<Vec<Late>, Error> {
    let rows = sqlx::query(
        "select contract_id, reason, control_id, noticed_at
         from late_contract
         where campaign_id = $1 and ($2::uuid is null or contract_id > $2)
         order by contract_id
         limit $3",
    )
    .bind(campaign.0)
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let control: Option<uuid::Uuid> = row.get("control_id");
            Ok(Late {
                campaign,
                contract: ContractId(row.get("contract_id")),
                reason: late_reason(row.get("reason"))?,
                control: control.map(ControlId),
                at: row.get("noticed_at"),
            })
        })
        .collect()
}
