//! What the findings of the control service do here: open a review, attach to it, leave it. These run with
//! the rights of a machine, through the machine's door of the domain.

use bus::Failure;
use store::{Fact, Unit};

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
    let (review, opened) = open(unit, target).await?;
    act(unit, review, MachineAct::AttachFinding(raised), opened).await
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
    act(
        unit,
        review,
        MachineAct::DetachFinding { finding, reason },
        None,
    )
    .await
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
    act(unit, review, amendment, None).await
}

/// The review, and the fact of its opening when it is new. The unique constraint decides between two
/// processes that would open it at the same time.
async fn open(unit: &mut Unit, target: Target) -> Result<(Review, Option<Fact>), Failure> {
    let Target {
        contract,
        campaign,
        year,
    } = target;
    if let Some(review) = rows::review::lock_of(unit.connection(), contract, campaign).await? {
        return Ok((review, None));
    }
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
    if rows::review::open(unit.connection(), &review).await? {
        let fact = published::machine_fact(&review, &MachineEvent::Opened(opening))?;
        return Ok((review, Some(fact)));
    }
    let review = rows::review::lock_of(unit.connection(), contract, campaign).await?;
    review
        .map(|review| (review, None))
        .ok_or_else(|| Failure::Retry("the review is being opened elsewhere".to_owned()))
}

async fn act(
    unit: &mut Unit,
    review: Review,
    act: MachineAct,
    opened: Option<Fact>,
) -> Result<(), Failure> {
    let events = review.by_machine(act);
    let (after, facts) = published::machine(review, &events, unit.at())?;
    if !events.is_empty() {
        rows::review::save_machine(unit.connection(), &after, &events).await?;
    }
    unit.append(opened.into_iter().chain(facts).collect())
        .await?;
    Ok(())
}
