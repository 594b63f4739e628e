//! A campaign: the control of every contract of a region for a year.
//!
//! `PLANNED → RUNNING → MEASURED → CLOSED`. People plan, start and close; the worker only reports that
//! nothing is left to measure.

use kernel::{HumanActor, Region};
use time::{Date, Month, OffsetDateTime};

use super::{CampaignId, PolicyId, refusal::Refusal, tolerance::ToleranceRules};

/// Where a campaign stands, with the facts of that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Planned,
    /// Data are frozen and the population is listed.
    Running(Start),
    /// Every control is measured.
    Measured(Start),
    Closed(Start),
}

/// What starting fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// Values received after this instant are not part of the campaign.
    pub freeze_time: OffsetDateTime,
    /// How many contracts were in force at least one day of the year.
    pub contracts: u64,
}

impl State {
    /// The text stored in the database and told in refusals.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running(_) => "running",
            Self::Measured(_) => "measured",
            Self::Closed(_) => "closed",
        }
    }

    /// What starting fixed, once started.
    pub fn start(&self) -> Option<Start> {
        match *self {
            Self::Planned => None,
            Self::Running(start) | Self::Measured(start) | Self::Closed(start) => Some(start),
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
}

impl Progress {
    pub fn remaining(&self) -> u64 {
        self.contracts.saturating_sub(self.measured)
    }
}

/// What somebody, or the worker, asks of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A person freezes the data. `today` is the legal day of the region.
    Start {
        by: HumanActor,
        today: Date,
        start: Start,
    },
    /// The worker found nothing left to measure.
    ReportMeasured { progress: Progress },
    /// A person closes.
    Close { by: HumanActor },
}

/// What happened to a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Planned {
        region: Region,
        year: i32,
        policy: PolicyId,
    },
    Started(Start),
    Measured {
        progress: Progress,
    },
    Closed,
}

impl Campaign {
    /// Plans the campaign of a region and year under a policy of that region that covers that year.
    pub fn plan(
        _by: &HumanActor,
        region: Region,
        year: i32,
        policy: (PolicyId, Region, &ToleranceRules),
    ) -> Result<Event, Refusal> {
        let (policy, policy_region, rules) = policy;
        if policy_region != region {
            return Err(Refusal::PolicyOfOtherRegion {
                policy: policy_region.to_string(),
                campaign: region.to_string(),
            });
        }
        if !rules.covers(year) {
            let (first, last) = (rules.first_year(), rules.last_year());
            return Err(Refusal::PolicyDoesNotCover { year, first, last });
        }
        Ok(Event::Planned {
            region,
            year,
            policy,
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
    ///
    /// Starting needs the whole year to be over in the region, because an ex-post control compares whole years.
    pub fn decide(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let wrong_state = |needed| Refusal::CampaignState {
            actual: self.state.as_str(),
            needed,
        };
        match (command, &self.state) {
            (Command::Start { today, start, .. }, State::Planned) => {
                if today.year() <= self.year {
                    return Err(Refusal::YearNotOver {
                        year: self.year,
                        today: *today,
                    });
                }
                Ok(vec![Event::Started(*start)])
            }
            (Command::Start { .. }, _) => Err(wrong_state("planned")),
            (Command::ReportMeasured { progress }, State::Running(start)) => {
                if progress.measured < start.contracts {
                    let remaining = start.contracts - progress.measured;
                    return Err(Refusal::NotAllMeasured { remaining });
                }
                Ok(vec![Event::Measured {
                    progress: *progress,
                }])
            }
            // Another worker reported it first: nothing more to say.
            (Command::ReportMeasured { .. }, State::Measured(_) | State::Closed(_)) => Ok(vec![]),
            (Command::ReportMeasured { .. }, State::Planned) => Err(wrong_state("running")),
            (Command::Close { .. }, State::Measured(_)) => Ok(vec![Event::Closed]),
            (Command::Close { .. }, _) => Err(wrong_state("measured")),
        }
    }

    /// The campaign after the event.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        self.state = match (event, self.state) {
            (Event::Started(start), _) => State::Running(*start),
            (Event::Measured { .. }, State::Running(start)) => State::Measured(start),
            (Event::Closed, State::Measured(start)) => State::Closed(start),
            (Event::Planned { .. } | Event::Measured { .. } | Event::Closed, state) => state,
        };
        self.version += 1;
        self
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
mod tests {
    use super::*;
    use kernel::{Actor, ActorKind, Decimal};
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    fn controller() -> HumanActor {
        let actor = Actor {
            subject: "c".into(),
            kind: ActorKind::Human,
            role: "controller".into(),
        };
        actor.as_human().unwrap()
    }

    const START: Start = Start {
        freeze_time: datetime!(2025-03-01 08:00 UTC),
        contracts: 2,
    };

    fn campaign(state: State) -> Campaign {
        let region = "93".parse().unwrap();
        let campaign =
            Campaign::planned(CampaignId::generate(), region, 2024, PolicyId::generate());
        Campaign { state, ..campaign }
    }

    fn start_on(today: Date) -> Command {
        Command::Start {
            by: controller(),
            today,
            start: START,
        }
    }

    fn report(measured: u64) -> Command {
        Command::ReportMeasured {
            progress: Progress {
                contracts: 2,
                measured,
                ..Progress::default()
            },
        }
    }

    fn close() -> Command {
        Command::Close { by: controller() }
    }

    #[test]
    fn every_state_answers_every_command() {
        let (planned, running) = (State::Planned, State::Running(START));
        let (measured, closed) = (State::Measured(START), State::Closed(START));
        let start = start_on(date!(2025 - 03 - 01));
        let needs = |state: State, needed| {
            Err(Refusal::CampaignState {
                actual: state.as_str(),
                needed,
            })
        };
        let done = Progress {
            contracts: 2,
            measured: 2,
            ..Progress::default()
        };
        for (state, command, expected) in [
            (planned, &start, Ok(vec![Event::Started(START)])),
            (planned, &report(2), needs(planned, "running")),
            (planned, &close(), needs(planned, "measured")),
            (running, &start, needs(running, "planned")),
            (
                running,
                &report(1),
                Err(Refusal::NotAllMeasured { remaining: 1 }),
            ),
            (
                running,
                &report(2),
                Ok(vec![Event::Measured { progress: done }]),
            ),
            (running, &close(), needs(running, "measured")),
            (measured, &start, needs(measured, "planned")),
            (measured, &report(2), Ok(vec![])),
            (measured, &close(), Ok(vec![Event::Closed])),
            (closed, &start, needs(closed, "planned")),
            (closed, &report(2), Ok(vec![])),
            (closed, &close(), needs(closed, "measured")),
        ] {
            assert_eq!(
                campaign(state).decide(command),
                expected,
                "{state:?} {command:?}"
            );
        }
    }

    #[test]
    fn a_year_is_controlled_once_it_is_over() {
        let planned = campaign(State::Planned);
        assert!(planned.decide(&start_on(date!(2024 - 12 - 31))).is_err());
        assert!(planned.decide(&start_on(date!(2025 - 01 - 01))).is_ok());
    }

    #[test]
    fn a_campaign_needs_a_policy_of_its_region_and_year() {
        let rules = ToleranceRules::try_from(super::super::tolerance::Draft {
            first_year: 2023,
            last_year: 2024,
            conforming_percent: Decimal::from(5),
            minor_percent: Decimal::from(10),
            minimum_count: Decimal::from(30),
        })
        .unwrap();
        let (paca, corse) = ("93".parse().unwrap(), "94".parse().unwrap());
        let id = PolicyId::generate();
        let plan = |region, year| Campaign::plan(&controller(), region, year, (id, paca, &rules));
        assert!(plan(paca, 2024).is_ok());
        assert!(matches!(
            plan(paca, 2025),
            Err(Refusal::PolicyDoesNotCover { .. })
        ));
        assert!(matches!(
            plan(corse, 2024),
            Err(Refusal::PolicyOfOtherRegion { .. })
        ));
    }

    fn any_command() -> impl Strategy<Value = Command> {
        prop_oneof![
            (2023i32..2027).prop_map(|year| start_on(days_of(year).0)),
            (0u64..4).prop_map(report),
            Just(close()),
        ]
    }

    proptest! {
        /// Whatever is asked in whatever order: refusals change nothing, each event is one version, the
        /// campaign is measured at most once, and what starting fixed never changes.
        #[test]
        fn any_sequence_of_commands_keeps_the_order_of_states(
            commands in prop::collection::vec(any_command(), 0..30)
        ) {
            let mut campaign = campaign(State::Planned);
            let mut history = Vec::new();
            for command in &commands {
                for event in campaign.decide(command).unwrap_or_default() {
                    let before = campaign.clone();
                    campaign = campaign.evolve(&event);
                    prop_assert_eq!(campaign.version, before.version + 1);
                    if before.state.start().is_some() {
                        prop_assert_eq!(campaign.state.start(), before.state.start());
                    }
                    history.push(campaign.state.as_str());
                }
            }
            prop_assert!(["running", "measured", "closed"].starts_with(&history), "{history:?}");
        }
    }
}
