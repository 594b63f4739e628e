//! What the findings of the control service do here: open a review, attach to it, leave it. These run with
//! the rights of a machine, through the machine's door of the domain.

use bus::Failure;
use store::Unit;

use crate::{
    domain::{
        CampaignId, ContractId, FindingId, Review, ReviewId,
        review::machine::{Corrected, MachineAct, MachineEvent, Opening, RaisedFinding},
    },
    events::published_reviews as published,
    store as rows,
};

/// Whose review it is.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub contract: ContractId,
    pub campaign: CampaignId,
    pub year: i32,
}

/// Attaches a finding to the review of its contract and campaign, and opens that review if it is the first.
pub async fn attach(unit: &mut Unit, target: Target, raised: RaisedFinding) -> Result<(), Failure> {
    let Target {
        contract, campaign, ..
    } = target;
    let found = rows::review::lock_of(unit.connection(), contract, campaign).await?;
    let review = if let Some(review) = found {
        review
    } else if open(unit, target, raised.clone()).await? {
        return Ok(());
    } else {
        let opened = rows::review::lock_of(unit.connection(), contract, campaign).await?;
        opened.ok_or_else(|| Failure::Retry("the review is being opened elsewhere".to_owned()))?
    };
    act(unit, review, MachineAct::AttachFinding(raised)).await
}

/// Takes a withdrawn finding off its review. After the conclusion it is recorded, and people are told.
pub async fn detach(
    unit: &mut Unit,
    (contract, campaign): (ContractId, CampaignId),
    finding: FindingId,
    reason: String,
) -> Result<(), Failure> {
    let review = rows::review::lock_of(unit.connection(), contract, campaign)
        .await?
        .ok_or_else(|| Failure::Reject(format!("{contract} has no review after {campaign}")))?;
    act(unit, review, MachineAct::DetachFinding { finding, reason }).await
}

/// Takes note that a finding was corrected. After the conclusion people are told; what was concluded stays.
pub async fn amend(
    unit: &mut Unit,
    (contract, campaign): (ContractId, CampaignId),
    finding: FindingId,
    (corrected, reason): (Corrected, String),
) -> Result<(), Failure> {
    let review = rows::review::lock_of(unit.connection(), contract, campaign)
        .await?
        .ok_or_else(|| Failure::Reject(format!("{contract} has no review after {campaign}")))?;
    let amendment = MachineAct::AmendFinding {
        finding,
        corrected,
        reason,
    };
    act(unit, review, amendment).await
}

/// Opens the review with its first finding. False when another process opened it meanwhile: the unique constraint
/// decides between two.
async fn open(unit: &mut Unit, target: Target, raised: RaisedFinding) -> Result<bool, Failure> {
    let Target {
        contract,
        campaign,
        year,
    } = target;
    let region = rows::contract::region(unit.connection(), contract)
        .await?
        .ok_or_else(|| Failure::Reject(format!("{contract} is not known here")))?;
    let opening = Opening {
        region,
        contract,
        campaign,
        year,
    };
    let review = Review::opened(ReviewId::generate(), &opening, unit.at());
    let opened = published::machine_fact(&review, &MachineEvent::Opened(opening))?;
    let events = review.by_machine(MachineAct::AttachFinding(raised));
    let (after, facts) = published::machine(review, &events, unit.at())?;
    if !rows::review::open(unit.connection(), &after, &events).await? {
        return Ok(false);
    }
    unit.append([opened].into_iter().chain(facts).collect())
        .await?;
    Ok(true)
}

async fn act(unit: &mut Unit, review: Review, act: MachineAct) -> Result<(), Failure> {
    let events = review.by_machine(act);
    let (after, facts) = published::machine(review, &events, unit.at())?;
    if !events.is_empty() {
        rows::review::save_machine(unit.connection(), &after, &events).await?;
    }
    unit.append(facts).await?;
    Ok(())
}
