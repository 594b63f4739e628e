//! Which step a person may take now. This is the one place: [`Campaign::decide`] and [`Campaign::steps`] both ask here.

use time::Date;

use super::{Campaign, Progress, State, require_all_measured};
use crate::domain::{
    policy::{Phase, Policy},
    refusal::Refusal,
};

/// What the guards need to know beside the campaign.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The legal day of the region.
    pub today: Date,
    pub policy: &'a Policy,
    pub progress: Progress,
    pub outstanding: Outstanding,
}

/// What is left to people: a campaign is not closed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outstanding {
    /// Reviews with observations that nobody has examined.
    pub unread: u64,
    /// Missions that are neither reported nor cancelled: their findings would come into a closed campaign.
    pub missions: u64,
}

impl Campaign {
    /// Each step that a person takes, by the method that does it, in their order, and whether it can be taken now.
    pub fn steps(&self, now: &Situation<'_>) -> [(&'static str, Result<(), Refusal>); 4] {
        [
            ("FreezeCampaign", self.may_freeze(now.today, now.policy)),
            ("StartCampaign", self.may_start()),
            ("ShareCampaign", self.may_share(&now.progress)),
            (
                "CloseCampaign",
                self.may_close(&now.progress, now.outstanding),
            ),
        ]
    }

    /// The whole year must be over in the region, because an ex-post control compares whole years, and the policy in effect.
    pub(super) fn may_freeze(&self, today: Date, policy: &Policy) -> Result<(), Refusal> {
        if self.state != State::Planned {
            return Err(self.wrong_state("planned"));
        }
        if today.year() <= self.year {
            return Err(Refusal::YearNotOver {
                year: self.year,
                today,
            });
        }
        match policy.phase(today) {
            Phase::InEffect => Ok(()),
            Phase::Draft | Phase::Simulated | Phase::Adopted | Phase::Replaced => {
                Err(Refusal::PolicyNotInEffect {
                    policy: policy.id.to_string(),
                    today,
                })
            }
        }
    }

    pub(super) fn may_start(&self) -> Result<(), Refusal> {
        match self.state {
            State::Planned => Err(Refusal::DataNotFrozen { year: self.year }),
            State::Frozen(_) => Ok(()),
            _ => Err(self.wrong_state("frozen")),
        }
    }

    pub(super) fn may_share(&self, progress: &Progress) -> Result<(), Refusal> {
        match self.state {
            State::Measured(_) => require_all_measured(progress),
            _ => Err(self.wrong_state("measured")),
        }
    }

    pub(super) fn may_close(
        &self,
        progress: &Progress,
        outstanding: Outstanding,
    ) -> Result<(), Refusal> {
        match self.state {
            State::Shared(..) => {
                require_all_measured(progress)?;
                let Outstanding { unread, missions } = outstanding;
                if unread > 0 {
                    return Err(Refusal::UnreadObservations { reviews: unread });
                }
                if missions > 0 {
                    return Err(Refusal::MissionsOpen { missions });
                }
                Ok(())
            }
            _ => Err(self.wrong_state("shared")),
        }
    }
}
