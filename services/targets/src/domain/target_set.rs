//! The life of a target set: drafted, agreed by both sides, in effect with its contract, ended with it.
//!
//! | state | `Replace` | `Agree` (ARS or establishment) | `TakeEffect` | `End` |
//! |---|---|---|---|---|
//! | draft, nobody agreed | draft | draft, one side agreed | refused | ended |
//! | draft, one side agreed | draft, nobody agreed | the other side: agreed; the same: nothing | refused | ended |
//! | agreed | draft, nobody agreed | nothing | in effect | ended |
//! | in effect | refused | refused | nothing | ended |
//! | ended | refused | refused | refused | nothing |
//!
//! `EndOn` ends a set in effect on a day before its term, when the set of an amendment follows it; in any other state it
//! does nothing.
//!
//! Besides, `Replace` and `Agree` are refused as soon as the document that carries the targets is frozen
//! (guard C5 of the contract): what the parties sign stands still. The set of an amendment is prepared while the contract
//! is in force, until the document of the amendment is frozen.

use kernel::HumanActor;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    AmendmentId, Catalogue, Contract, ContractId, ContractState, Objective, Refusal, TargetSetId,
    Term, objective,
};

/// The objectives of one contract and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetSet {
    pub id: TargetSetId,
    pub region: kernel::Region,
    pub contract: ContractId,
    pub carrier: Carrier,
    pub objectives: Vec<Objective>,
    /// Why there is no objective, when there is none.
    pub note: String,
    pub state: State,
    /// Number of events so far.
    pub version: i64,
}

/// The document that carries a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Carrier {
    /// 1 for the contract as signed, one more for each set that follows.
    pub sequence: i32,
    /// None for the contract itself.
    pub amendment: Option<AmendmentId>,
}

impl Carrier {
    /// The contract as signed.
    pub const CONTRACT: Self = Self {
        sequence: 1,
        amendment: None,
    };
}

/// The side that agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Ars,
    Establishment,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ars => "ars",
            Self::Establishment => "establishment",
        }
    }

    /// The side that a person of this role agrees for, if any.
    pub fn of_role(role: &str) -> Option<Self> {
        match role {
            "contract_manager" | "manager" => Some(Self::Ars),
            "establishment_director" => Some(Self::Establishment),
            _ => None,
        }
    }
}

/// Where a target set stands, with the facts of that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Draft {
        /// The one side that has agreed so far.
        agreed: Option<Side>,
    },
    Agreed,
    InEffect(Term),
    Ended {
        /// The dates it was in effect, unless the contract was abandoned before.
        was_in_effect: Option<Term>,
    },
}

impl State {
    /// For messages and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Agreed => "agreed",
            Self::InEffect(_) => "in_effect",
            Self::Ended { .. } => "ended",
        }
    }

    /// The sides that have agreed to the objectives as they are.
    pub fn agreed_by(self) -> &'static [Side] {
        const BOTH: &[Side] = &[Side::Ars, Side::Establishment];
        match self {
            Self::Draft { agreed: None }
            | Self::Ended {
                was_in_effect: None,
            } => &[],
            Self::Draft {
                agreed: Some(Side::Ars),
            } => &[Side::Ars],
            Self::Draft {
                agreed: Some(Side::Establishment),
            } => &[Side::Establishment],
            Self::Agreed
            | Self::InEffect(_)
            | Self::Ended {
                was_in_effect: Some(_),
            } => BOTH,
        }
    }
}

/// What somebody, or the life of the contract, asks of a target set.
#[derive(Debug, Clone)]
pub enum Command<'a> {
    /// Replaces the objectives; agreements given so far lapse.
    Replace {
        objectives: Vec<Objective>,
        note: String,
        contract: &'a Contract,
        catalogue: &'a Catalogue,
    },
    /// A person agrees for one side.
    Agree {
        side: Side,
        by: HumanActor,
        contract: &'a Contract,
        catalogue: &'a Catalogue,
    },
    /// The contract is in force.
    TakeEffect(Term),
    /// The contract has ended, or will never be signed.
    End,
    /// Another set follows: this one ends on this day.
    EndOn(Date),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Drafted {
        objectives: Vec<Objective>,
        note: String,
    },
    ObjectivesReplaced {
        objectives: Vec<Objective>,
        note: String,
    },
    AgreedBySide(Side),
    Agreed,
    TookEffect(Term),
    Ended,
    EndedOn(Date),
}

impl TargetSet {
    /// Starts the target set of a contract whose document is not frozen yet, or of an amendment to one in force.
    ///
    /// # Errors
    /// [`Refusal::ContractNotOpen`], [`Refusal::ContractNotInForce`], [`Refusal::NoteRequired`],
    /// [`Refusal::Objectives`].
    pub fn draft(
        id: TargetSetId,
        carrier: Carrier,
        objectives: Vec<Objective>,
        note: String,
        contract: &Contract,
        catalogue: &Catalogue,
    ) -> Result<(Self, Event), Refusal> {
        let objectives = checked(carrier, objectives, &note, contract, catalogue)?;
        let set = Self {
            id,
            region: contract.region,
            contract: contract.id,
            carrier,
            objectives: objectives.clone(),
            note: note.clone(),
            state: State::Draft { agreed: None },
            version: 1,
        };
        Ok((set, Event::Drafted { objectives, note }))
    }

    /// What follows from a command: events, none when it changes nothing, or a refusal.
    ///
    /// # Errors
    /// See the table at the head of this module.
    pub fn decide(&self, command: Command<'_>) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Replace {
                objectives,
                note,
                contract,
                catalogue,
            } => {
                self.refuse_once_in_effect("replacing the objectives")?;
                let objectives = checked(self.carrier, objectives, &note, contract, catalogue)?;
                Ok(vec![Event::ObjectivesReplaced { objectives, note }])
            }
            Command::Agree {
                side,
                by: _,
                contract,
                catalogue,
            } => {
                self.refuse_once_in_effect("agreeing")?;
                if self.state.agreed_by().contains(&side) {
                    return Ok(Vec::new());
                }
                refuse_unless_open(self.carrier, contract)?;
                objective::check(self.objectives.clone(), contract, catalogue)
                    .map_err(Refusal::ObjectivesNoLongerFit)?;
                let mut events = vec![Event::AgreedBySide(side)];
                if !self.state.agreed_by().is_empty() {
                    events.push(Event::Agreed);
                }
                Ok(events)
            }
            Command::TakeEffect(term) => match self.state {
                State::Agreed => Ok(vec![Event::TookEffect(term)]),
                State::InEffect(_) => Ok(Vec::new()),
                State::Draft { .. } => Err(Refusal::NotAgreed(self.missing_sides())),
                State::Ended { .. } => Err(self.wrong_state("taking effect")),
            },
            Command::End => match self.state {
                State::Ended { .. } => Ok(Vec::new()),
                State::Draft { .. } | State::Agreed | State::InEffect(_) => Ok(vec![Event::Ended]),
            },
            Command::EndOn(last_day) => match self.state {
                State::InEffect(_) => Ok(vec![Event::EndedOn(last_day)]),
                State::Draft { .. } | State::Agreed | State::Ended { .. } => Ok(Vec::new()),
            },
        }
    }

    /// The set after an event.
    #[must_use]
    pub fn evolve(self, event: &Event) -> Self {
        let version = self.version + 1;
        match event {
            Event::Drafted { objectives, note }
            | Event::ObjectivesReplaced { objectives, note } => Self {
                objectives: objectives.clone(),
                note: note.clone(),
                state: State::Draft { agreed: None },
                version,
                ..self
            },
            Event::AgreedBySide(side) => Self {
                state: State::Draft {
                    agreed: Some(*side),
                },
                version,
                ..self
            },
            Event::Agreed => Self {
                state: State::Agreed,
                version,
                ..self
            },
            Event::TookEffect(term) => Self {
                state: State::InEffect(*term),
                version,
                ..self
            },
            Event::EndedOn(last_day) => {
                let was_in_effect = match self.state {
                    // A set that is followed on its own first day was never in effect.
                    State::InEffect(term) if term.effect_date <= *last_day => Some(Term {
                        end_date: term.end_date.min(*last_day),
                        ..term
                    }),
                    State::Ended { was_in_effect } => was_in_effect,
                    State::Draft { .. } | State::Agreed | State::InEffect(_) => None,
                };
                Self {
                    state: State::Ended { was_in_effect },
                    version,
                    ..self
                }
            }
            Event::Ended => {
                let was_in_effect = match self.state {
                    State::InEffect(term) => Some(term),
                    State::Ended { was_in_effect } => was_in_effect,
                    State::Draft { .. } | State::Agreed => None,
                };
                Self {
                    state: State::Ended { was_in_effect },
                    version,
                    ..self
                }
            }
        }
    }

    fn missing_sides(&self) -> Vec<Side> {
        let agreed = self.state.agreed_by();
        [Side::Ars, Side::Establishment]
            .into_iter()
            .filter(|side| !agreed.contains(side))
            .collect()
    }

    fn refuse_once_in_effect(&self, action: &'static str) -> Result<(), Refusal> {
        match self.state {
            State::Draft { .. } | State::Agreed => Ok(()),
            State::InEffect(_) | State::Ended { .. } => Err(self.wrong_state(action)),
        }
    }

    fn wrong_state(&self, action: &'static str) -> Refusal {
        Refusal::WrongState {
            state: self.state.as_str(),
            action,
        }
    }
}

fn checked(
    carrier: Carrier,
    objectives: Vec<Objective>,
    note: &str,
    contract: &Contract,
    catalogue: &Catalogue,
) -> Result<Vec<Objective>, Refusal> {
    refuse_unless_open(carrier, contract)?;
    if objectives.is_empty() && !note.chars().any(char::is_alphanumeric) {
        return Err(Refusal::NoteRequired);
    }
    objective::check(objectives, contract, catalogue).map_err(Refusal::Objectives)
}

fn refuse_unless_open(carrier: Carrier, contract: &Contract) -> Result<(), Refusal> {
    let state = contract.state.as_str();
    match (carrier.amendment, contract.state) {
        (Some(amendment), ContractState::InForce)
            if contract.amended.frozen.contains(&amendment) =>
        {
            Err(Refusal::AmendmentFrozen(amendment))
        }
        (None, ContractState::Open) | (Some(_), ContractState::InForce) => Ok(()),
        (None, _) => Err(Refusal::ContractNotOpen { state }),
        (Some(_), _) => Err(Refusal::ContractNotInForce { state }),
    }
}

#[cfg(test)]
mod tests;
