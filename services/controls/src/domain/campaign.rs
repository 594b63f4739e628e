//! A campaign: the control of every contract of a region for a year.
//!
//! `PLANNED → FROZEN → RUNNING → MEASURED → SHARED → CLOSED`. People plan, freeze, start, share and close;
//! the worker only reports that nothing is left to measure, and a consumer that a contract is late.

use kernel::{HumanActor, Reasons, Region};
use time::{Date, Month, OffsetDateTime};

use super::{
    CampaignId, ContractId, ControlId, PolicyId, pmsi::PmsiData, policy::Policy, refusal::Refusal,
};

mod guard;

pub use guard::{Outstanding, Situation};

/// Where a campaign stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Planned,
    /// What is compared is fixed and the population is listed.
    Frozen(Frozen),
    Running(Frozen),
    /// Every control is measured.
    Measured(Frozen),
    /// The parties were told the results.
    Shared(Frozen, Shared),
    Closed(Frozen, Shared),
}

/// What freezing fixed: the versions that the campaign compares, whatever is recorded afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Values received after this instant are not part of the campaign.
    pub freeze_time: OffsetDateTime,
    pub policy_version: i64,
    /// The PMSI data that the targets service held.
    pub pmsi: PmsiData,
    /// How many contracts were in force at least one day of the year.
    pub contracts: u64,
    /// How many of them have targets.
    pub target_sets: u64,
    /// Of the versions of the target sets: see `FrozenData.target_sets_sha256`.
    pub target_sets_sha256: [u8; 32],
}

/// That the parties were told the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    pub message: Reasons,
    pub at: OffsetDateTime,
}

impl State {
    /// The text stored in the database and told in refusals.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Frozen(_) => "frozen",
            Self::Running(_) => "running",
            Self::Measured(_) => "measured",
            Self::Shared(..) => "shared",
            Self::Closed(..) => "closed",
        }
    }

    /// What freezing fixed, once frozen.
    pub fn frozen(&self) -> Option<&Frozen> {
        match self {
            Self::Planned => None,
            Self::Frozen(frozen)
            | Self::Running(frozen)
            | Self::Measured(frozen)
            | Self::Shared(frozen, _)
            | Self::Closed(frozen, _) => Some(frozen),
        }
    }

    /// What the parties were told, once they were.
    pub fn shared(&self) -> Option<&Shared> {
        match self {
            Self::Planned | Self::Frozen(_) | Self::Running(_) | Self::Measured(_) => None,
            Self::Shared(_, shared) | Self::Closed(_, shared) => Some(shared),
        }
    }
}

/// A campaign as its history made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    pub region: Region,
    pub year: i32,
    pub policy: PolicyId,
    pub state: State,
    /// Number of events, and the etag.
    pub version: i64,
}

/// How far a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    pub contracts: u64,
    pub measured: u64,
    pub conforming: u64,
    pub deviating: u64,
    pub not_assessable: u64,
    /// Findings that stand: raised and not withdrawn.
    pub findings: u64,
    /// Contracts that became known after the data were frozen.
    pub late: u64,
}

impl Progress {
    pub fn remaining(&self) -> u64 {
        self.contracts.saturating_sub(self.measured)
    }
}

/// Why a contract was not listed with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateReason {
    /// It took effect, or that became known, after the data were frozen.
    KnownAfterFreeze,
    /// Its term changed after the data were frozen, and reaches into the year since.
    TermChanged,
}

impl LateReason {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KnownAfterFreeze => "known_after_freeze",
            Self::TermChanged => "term_changed",
        }
    }
}

/// What somebody, or the suite, asks of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// A person freezes the data. `today` is the legal day of the region.
    Freeze {
        by: &'a HumanActor,
        today: Date,
        policy: &'a Policy,
        frozen: Frozen,
    },
    /// A person starts measuring.
    Start { by: &'a HumanActor },
    /// The worker found nothing left to measure.
    ReportMeasured { progress: Progress },
    /// The copy of the contracts learnt of one that belongs to the year. `control` would measure it.
    ListLate {
        contract: ContractId,
        reason: LateReason,
        control: ControlId,
    },
    /// A person tells the parties.
    Share {
        by: &'a HumanActor,
        message: Reasons,
        at: OffsetDateTime,
        progress: Progress,
    },
    /// A person closes.
    Close {
        by: &'a HumanActor,
        progress: Progress,
        outstanding: Outstanding,
    },
}

/// What happened to a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Planned {
        region: Region,
        year: i32,
        policy: PolicyId,
    },
    Frozen(Frozen),
    Started,
    LateListed {
        contract: ContractId,
        reason: LateReason,
        /// None when the campaign was closed already: another one has to control the contract.
        control: Option<ControlId>,
    },
    Measured {
        progress: Progress,
    },
    Shared(Shared),
    Closed,
}

impl Campaign {
    /// Plans the campaign of a region and year under a policy of that region that covers that year.
    pub fn plan(
        _by: &HumanActor,
        region: Region,
        year: i32,
        policy: &Policy,
    ) -> Result<Event, Refusal> {
        if policy.region != region {
            return Err(Refusal::PolicyOfOtherRegion {
                policy: policy.region.to_string(),
                campaign: region.to_string(),
            });
        }
        if !policy.rules.covers(year) {
            let (first, last) = (policy.rules.first_year(), policy.rules.last_year());
            return Err(Refusal::PolicyDoesNotCover { year, first, last });
        }
        Ok(Event::Planned {
            region,
            year,
            policy: policy.id,
        })
    }

    /// The campaign that a [`Event::Planned`] begins.
    pub fn planned(id: CampaignId, region: Region, year: i32, policy: PolicyId) -> Self {
        Self {
            id,
            region,
            year,
            policy,
            state: State::Planned,
            version: 1,
        }
    }

    /// What the command makes happen, or why it may not. Pure.
    pub fn decide(&self, command: &Command<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Freeze {
                today,
                policy,
                frozen,
                ..
            } => {
                self.may_freeze(*today, policy)?;
                Ok(vec![Event::Frozen(frozen.clone())])
            }
            Command::Start { .. } => {
                self.may_start()?;
                Ok(vec![Event::Started])
            }
            Command::ReportMeasured { progress } => match self.state {
                State::Running(_) => {
                    require_all_measured(progress)?;
                    Ok(vec![Event::Measured {
                        progress: *progress,
                    }])
                }
                // Another worker reported it first: nothing more to say.
                State::Measured(_) | State::Shared(..) | State::Closed(..) => Ok(vec![]),
                State::Planned | State::Frozen(_) => Err(self.wrong_state("running")),
            },
            Command::ListLate {
                contract,
                reason,
                control,
            } => Ok(self.list_late(*contract, *reason, *control)),
            Command::Share {
                message,
                at,
                progress,
                ..
            } => {
                self.may_share(progress)?;
                Ok(vec![Event::Shared(Shared {
                    message: message.clone(),
                    at: *at,
                })])
            }
            Command::Close {
                progress,
                outstanding,
                ..
            } => {
                self.may_close(progress, *outstanding)?;
                Ok(vec![Event::Closed])
            }
        }
    }

    /// Before the data are frozen no contract is late; after the campaign is closed none can be added.
    fn list_late(
        &self,
        contract: ContractId,
        reason: LateReason,
        control: ControlId,
    ) -> Vec<Event> {
        let control = match self.state {
            State::Planned => return vec![],
            State::Closed(..) => None,
            State::Frozen(_) | State::Running(_) | State::Measured(_) | State::Shared(..) => {
                Some(control)
            }
        };
        vec![Event::LateListed {
            contract,
            reason,
            control,
        }]
    }

    fn wrong_state(&self, needed: &'static str) -> Refusal {
        Refusal::CampaignState {
            actual: self.state.as_str(),
            needed,
        }
    }

    /// The campaign after the event.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        self.state = match (event, self.state) {
            (Event::Frozen(frozen), _) => State::Frozen(frozen.clone()),
            (Event::Started, State::Frozen(frozen)) => State::Running(frozen),
            (Event::Measured { .. }, State::Running(frozen)) => State::Measured(frozen),
            (Event::Shared(shared), State::Measured(frozen)) => {
                State::Shared(frozen, shared.clone())
            }
            (Event::Closed, State::Shared(frozen, shared)) => State::Closed(frozen, shared),
            (_, state) => state,
        };
        self.version += 1;
        self
    }
}

fn require_all_measured(progress: &Progress) -> Result<(), Refusal> {
    match progress.remaining() {
        0 => Ok(()),
        remaining => Err(Refusal::NotAllMeasured { remaining }),
    }
}

/// First and last day of a civil year: a contract in force on one of its days is controlled.
pub fn days_of(year: i32) -> (Date, Date) {
    let day = |month, day| Date::from_calendar_date(year, month, day);
    (
        day(Month::January, 1).unwrap_or(Date::MIN),
        day(Month::December, 31).unwrap_or(Date::MAX),
    )
}

#[cfg(test)]
mod tests;
