//! The life of a tolerance policy.
//!
//! `DRAFT → SIMULATED → ADOPTED`: in effect from a day on, until another policy replaces it. Rules never
//! change, and a policy never reaches back: it takes effect today at the earliest, and a campaign that froze
//! its data keeps the policy it had then.

use kernel::{Actor, HumanActor, Region};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{PolicyId, refusal::Refusal, tolerance::ToleranceRules};

/// A policy as its history made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub id: PolicyId,
    pub region: Region,
    pub rules: ToleranceRules,
    pub reasons: String,
    pub author: Actor,
    pub created_at: OffsetDateTime,
    /// What it would have raised, by year; the latest count of each.
    pub simulations: Vec<Simulation>,
    pub state: State,
    /// Number of events, and the etag.
    pub version: i64,
}

/// Where a policy stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Draft,
    Simulated,
    Adopted(Adoption),
}

/// That a person put a policy in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// First day in effect.
    pub effect_date: Date,
    /// Day from which another policy is in effect instead.
    pub replace_date: Option<Date>,
    pub adopter: Actor,
    pub at: OffsetDateTime,
}

/// Where a policy stands on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Draft,
    Simulated,
    /// Adopted; its day of effect is to come.
    Adopted,
    InEffect,
    Replaced,
}

/// What a policy would have raised in a year that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation {
    pub year: i32,
    /// Identifier of the campaign whose measures were judged again.
    pub campaign: uuid::Uuid,
    pub contracts: u64,
    /// Findings that the campaign raised.
    pub raised: u64,
    /// Findings that the policy would have raised.
    pub would_raise: u64,
    pub added: u64,
    pub removed: u64,
    /// Raised by both, with another severity.
    pub changed: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// What happened to a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Created,
    Simulated(Vec<Simulation>),
    Adopted {
        adoption: Adoption,
        replaces: Option<PolicyId>,
    },
    Replaced {
        from: Date,
        by: PolicyId,
    },
}

/// A person puts the policy in effect.
#[derive(Debug, Clone)]
pub struct Adopt<'a> {
    pub by: &'a HumanActor,
    pub at: OffsetDateTime,
    /// The legal day of the region.
    pub today: Date,
    pub effect_date: Date,
    /// The policy it replaces from that day on.
    pub replaces: Option<&'a Policy>,
    /// Whether the region has measured a year, on which the policy could be tried.
    pub could_be_simulated: bool,
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Simulated => "simulated",
            Self::Adopted(_) => "adopted",
        }
    }

    /// The adoption, once adopted.
    pub fn adoption(&self) -> Option<&Adoption> {
        match self {
            Self::Draft | Self::Simulated => None,
            Self::Adopted(adoption) => Some(adoption),
        }
    }
}

impl Policy {
    /// Where the policy stands on a day.
    pub fn phase(&self, today: Date) -> Phase {
        match &self.state {
            State::Draft => Phase::Draft,
            State::Simulated => Phase::Simulated,
            State::Adopted(adoption) => match adoption.replace_date {
                Some(replaced) if replaced <= today => Phase::Replaced,
                _ if adoption.effect_date <= today => Phase::InEffect,
                _ => Phase::Adopted,
            },
        }
    }

    /// What a person may do with the policy, by the method that does it, and whether it can be done now.
    /// `could_be_simulated`: whether the region has measured a year.
    pub fn acts(&self, could_be_simulated: bool) -> [(&'static str, Result<(), Refusal>); 2] {
        [
            (
                "SimulateTolerancePolicy",
                self.may_simulate(could_be_simulated),
            ),
            ("AdoptTolerancePolicy", self.may_adopt(could_be_simulated)),
        ]
    }

    /// Whether the policy may be tried on years that the region has measured, if it has any.
    pub fn may_simulate(&self, could_be_simulated: bool) -> Result<(), Refusal> {
        self.require_not_adopted()?;
        if could_be_simulated {
            Ok(())
        } else {
            Err(Refusal::NothingMeasured)
        }
    }

    /// Whether the policy may be put in effect, from a day and in the place of a policy that its adoption names.
    fn may_adopt(&self, could_be_simulated: bool) -> Result<(), Refusal> {
        self.require_not_adopted()?;
        if self.state == State::Draft && could_be_simulated {
            return Err(Refusal::PolicyNotSimulated);
        }
        Ok(())
    }

    /// Records what the policy would have raised. Pure.
    pub fn simulate(
        &self,
        _by: &HumanActor,
        simulations: Vec<Simulation>,
    ) -> Result<Event, Refusal> {
        self.may_simulate(!simulations.is_empty())?;
        Ok(Event::Simulated(simulations))
    }

    /// Puts the policy in effect, or says why not. Pure. Whether another policy covers the same years is for
    /// the caller to look up.
    pub fn adopt(&self, command: &Adopt<'_>) -> Result<Event, Refusal> {
        self.may_adopt(command.could_be_simulated)?;
        if command.effect_date < command.today {
            return Err(Refusal::PolicyRetroactive {
                effect: command.effect_date,
                today: command.today,
            });
        }
        if let Some(replaced) = command.replaces {
            replaced.require_replaceable(self, command.effect_date)?;
        }
        Ok(Event::Adopted {
            adoption: Adoption {
                effect_date: command.effect_date,
                replace_date: None,
                adopter: command.by.actor().clone(),
                at: command.at,
            },
            replaces: command.replaces.map(|policy| policy.id),
        })
    }

    /// Whether `successor` may take its place from a day on: same region, adopted, not replaced yet, and in
    /// effect no later than that.
    fn require_replaceable(&self, successor: &Self, from: Date) -> Result<(), Refusal> {
        let replaceable = self.region == successor.region
            && self.id != successor.id
            && self.state.adoption().is_some_and(|adoption| {
                adoption.replace_date.is_none() && adoption.effect_date <= from
            });
        if replaceable {
            Ok(())
        } else {
            Err(Refusal::PolicyNotReplaceable {
                policy: self.id.to_string(),
            })
        }
    }

    fn require_not_adopted(&self) -> Result<(), Refusal> {
        match &self.state {
            State::Draft | State::Simulated => Ok(()),
            State::Adopted(adoption) => Err(Refusal::PolicyAdopted {
                effect: adoption.effect_date,
            }),
        }
    }

    /// The policy after the event.
    #[must_use]
    pub fn evolve(mut self, event: &Event) -> Self {
        match event {
            Event::Created => return self,
            Event::Simulated(simulations) => {
                let again = |known: &Simulation| simulations.iter().any(|s| s.year == known.year);
                self.simulations.retain(|known| !again(known));
                self.simulations.extend(simulations.iter().cloned());
                self.simulations.sort_by_key(|simulation| simulation.year);
                self.state = State::Simulated;
            }
            Event::Adopted { adoption, .. } => self.state = State::Adopted(adoption.clone()),
            Event::Replaced { from, .. } => {
                if let State::Adopted(adoption) = &mut self.state {
                    adoption.replace_date = Some(*from);
                }
            }
        }
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ActorKind;
    use time::macros::{date, datetime};

    const AT: OffsetDateTime = datetime!(2025-03-01 08:00 UTC);
    const TODAY: Date = date!(2025 - 03 - 01);

    fn person() -> HumanActor {
        let actor = Actor {
            subject: "m".into(),
            kind: ActorKind::Human,
            role: "manager".into(),
        };
        actor.as_human().unwrap()
    }

    fn draft() -> Policy {
        let rules = super::super::tolerance::Draft {
            first_year: 2023,
            last_year: 2025,
            ..Default::default()
        };
        Policy {
            id: PolicyId::generate(),
            region: "93".parse().unwrap(),
            rules: rules.try_into().unwrap(),
            reasons: "concertation".into(),
            author: person().actor().clone(),
            created_at: AT,
            simulations: vec![],
            state: State::Draft,
            version: 1,
        }
    }

    fn simulation(year: i32, raised: u64) -> Simulation {
        Simulation {
            year,
            campaign: uuid::Uuid::nil(),
            contracts: 1,
            raised,
            would_raise: 0,
            added: 0,
            removed: raised,
            changed: 0,
            at: AT,
        }
    }

    fn adopt<'a>(by: &'a HumanActor, effect_date: Date, replaces: Option<&'a Policy>) -> Adopt<'a> {
        Adopt {
            by,
            at: AT,
            today: TODAY,
            effect_date,
            replaces,
            could_be_simulated: true,
        }
    }

    fn simulated() -> Policy {
        let draft = draft();
        let event = draft
            .simulate(&person(), vec![simulation(2023, 4)])
            .unwrap();
        draft.evolve(&event)
    }

    fn adopted(effect_date: Date) -> Policy {
        let simulated = simulated();
        let event = simulated
            .adopt(&adopt(&person(), effect_date, None))
            .unwrap();
        simulated.evolve(&event)
    }

    #[test]
    fn a_policy_is_tried_on_past_years_before_it_takes_effect() {
        let by = person();
        assert_eq!(
            draft().adopt(&adopt(&by, TODAY, None)),
            Err(Refusal::PolicyNotSimulated)
        );
        assert!(simulated().adopt(&adopt(&by, TODAY, None)).is_ok());
        // A region that has measured nothing yet has nothing to try it on.
        let first = Adopt {
            could_be_simulated: false,
            ..adopt(&by, TODAY, None)
        };
        assert!(draft().adopt(&first).is_ok());
    }

    #[test]
    fn a_policy_never_reaches_back() {
        let yesterday = adopt(&person(), date!(2025 - 02 - 28), None).effect_date;
        assert!(matches!(
            simulated().adopt(&adopt(&person(), yesterday, None)),
            Err(Refusal::PolicyRetroactive { .. })
        ));
    }

    #[test]
    fn an_adopted_policy_is_in_effect_from_its_day_until_another_replaces_it() {
        let policy = adopted(date!(2025 - 04 - 01));
        assert_eq!(policy.phase(TODAY), Phase::Adopted);
        assert_eq!(policy.phase(date!(2025 - 04 - 01)), Phase::InEffect);

        let successor = simulated();
        let from = date!(2025 - 06 - 01);
        assert!(
            successor
                .adopt(&adopt(&person(), from, Some(&policy)))
                .is_ok()
        );
        let replaced = policy.evolve(&Event::Replaced {
            from,
            by: successor.id,
        });
        assert_eq!(replaced.phase(date!(2025 - 05 - 31)), Phase::InEffect);
        assert_eq!(replaced.phase(from), Phase::Replaced);
        // Once replaced, it cannot be replaced again; nor can a draft be.
        for not_replaceable in [&replaced, &draft()] {
            assert!(matches!(
                successor.adopt(&adopt(&person(), from, Some(not_replaceable))),
                Err(Refusal::PolicyNotReplaceable { .. })
            ));
        }
    }

    #[test]
    fn an_adopted_policy_stays_as_it_is() {
        let policy = adopted(TODAY);
        assert!(matches!(
            policy.simulate(&person(), vec![]),
            Err(Refusal::PolicyAdopted { .. })
        ));
        assert!(matches!(
            policy.adopt(&adopt(&person(), TODAY, None)),
            Err(Refusal::PolicyAdopted { .. })
        ));
    }

    #[test]
    fn what_may_be_done_is_what_the_acts_answer() {
        let by = person();
        for policy in [draft(), simulated(), adopted(TODAY)] {
            for could_be_simulated in [true, false] {
                let simulations = if could_be_simulated {
                    vec![simulation(2023, 4)]
                } else {
                    vec![]
                };
                let adoption = Adopt {
                    could_be_simulated,
                    ..adopt(&by, TODAY, None)
                };
                let done = [
                    (
                        "SimulateTolerancePolicy",
                        policy.simulate(&by, simulations).map(drop),
                    ),
                    ("AdoptTolerancePolicy", policy.adopt(&adoption).map(drop)),
                ];
                assert_eq!(policy.acts(could_be_simulated), done);
            }
        }
        let [(_, simulate), (_, adopt)] = draft().acts(false);
        assert_eq!((simulate, adopt), (Err(Refusal::NothingMeasured), Ok(())));
    }

    #[test]
    fn the_latest_simulation_of_a_year_counts() {
        let simulated = simulated();
        let again = vec![simulation(2024, 1), simulation(2023, 9)];
        let event = simulated.simulate(&person(), again).unwrap();
        let simulated = simulated.evolve(&event);
        let counts: Vec<_> = simulated
            .simulations
            .iter()
            .map(|s| (s.year, s.raised))
            .collect();
        assert_eq!(counts, [(2023, 9), (2024, 1)]);
    }
}
