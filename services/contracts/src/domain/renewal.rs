//! Renewal (CSP L6114-1): the holder asks, the director general answers within some months, and silence renews. Guards
//! C14 to C17.

use kernel::{
    HumanActor, Reasons, Region,
    legal_time::{add_months, legal_day},
};
use time::{Date, OffsetDateTime};

use super::{
    Contract, ContractId, LegalRegime, Person, Refusal, RenewalId,
    contract::{State as ContractState, term::notice_day},
    person::role,
    text::FieldDefect,
};

/// A request for renewal and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    pub id: RenewalId,
    pub contract: ContractId,
    pub region: Region,
    pub request: Reasons,
    pub requested_by: HumanActor,
    /// Day of receipt, from which the months of the agency run.
    pub receipt_date: Date,
    /// After the day the regime asks for. A late request is taken all the same.
    pub late: bool,
    /// Last day for an answer.
    pub answer_due_date: Date,
    pub state: State,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

/// Where a renewal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Requested,
    Granted {
        successor: ContractId,
        decision: Decision,
    },
    Refused {
        decision: Decision,
    },
    /// The law renewed; the length of the new term is for a person to confirm.
    Tacit,
    TacitConfirmed {
        new_end_date: Date,
        decision: Decision,
    },
}

/// Who decided, why and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub reasons: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// An answer to a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// `successor` is a contract of the same parties.
    Grant {
        successor: Box<Contract>,
    },
    Refuse,
    ConfirmTacit {
        end_date: Date,
    },
}

/// C14: the holder asks. `id` is the new renewal's.
pub fn request(
    id: RenewalId,
    contract: &Contract,
    regime: &LegalRegime,
    request: Reasons,
    person: &Person,
    at: OffsetDateTime,
) -> Result<Renewal, Refusal> {
    const ROLES: &[&str] = &[role::ESTABLISHMENT_DIRECTOR];
    let method = "RequestRenewal";
    person.entitled(method, ROLES)?;
    if !contract.is_party(person) {
        return Err(Refusal::OutsideMandate);
    }
    if !matches!(contract.state, ContractState::InForce(_)) {
        return Err(contract.state.refuses(method));
    }
    let rule = regime.renewal.ok_or_else(|| Refusal::NoRenewal {
        regime: regime.code.clone(),
    })?;
    let receipt_date = legal_day(at, contract.region);
    let months = i32::try_from(rule.answer_months).unwrap_or(i32::MAX);
    Ok(Renewal {
        id,
        contract: contract.id,
        region: contract.region,
        request,
        requested_by: person.human().clone(),
        receipt_date,
        late: receipt_date > notice_day(contract.last_day(), rule.notice_months),
        answer_due_date: add_months(receipt_date, months),
        state: State::Requested,
        version: 1,
        created_at: at,
        updated_at: at,
    })
}

impl Renewal {
    /// C15 to C17: a person answers. An answer after the silence has renewed is too late; the term is then confirmed.
    pub fn answer(
        mut self,
        answer: Answer,
        reasons: Reasons,
        contract: &Contract,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        const ROLES: &[&str] = &[role::DIRECTOR_GENERAL];
        let method = answer.method();
        person.entitled(method, ROLES)?;
        let decision = Decision {
            reasons,
            by: person.human().clone(),
            at,
        };
        self.state = match (&self.state, answer) {
            (State::Requested, _) if self.is_silent(at) => {
                return Err(wrong_state(method, "TACIT"));
            }
            (State::Requested, Answer::Grant { successor }) => {
                check_successor(contract, &successor)?;
                State::Granted {
                    successor: successor.id,
                    decision,
                }
            }
            (State::Requested, Answer::Refuse) => State::Refused { decision },
            (State::Tacit, Answer::ConfirmTacit { end_date }) => {
                if end_date <= contract.last_day() {
                    let explanation =
                        format!("must be after the last day, {}", contract.last_day());
                    let defect = FieldDefect::new("end_date", explanation);
                    return Err(Refusal::DateOutOfRange(defect));
                }
                State::TacitConfirmed {
                    new_end_date: end_date,
                    decision,
                }
            }
            (state, _) => return Err(wrong_state(method, state.as_str())),
        };
        self.version += 1;
        self.updated_at = at;
        Ok(self)
    }

    /// C17: the day after the last one for an answer, the law has renewed. None when it has not.
    pub fn pass_time(&self, now: OffsetDateTime) -> Option<Self> {
        let is_due = self.state == State::Requested && self.is_silent(now);
        is_due.then(|| Self {
            state: State::Tacit,
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        })
    }

    fn is_silent(&self, now: OffsetDateTime) -> bool {
        legal_day(now, self.region) > self.answer_due_date
    }
}

fn wrong_state(method: &'static str, state: &'static str) -> Refusal {
    Refusal::WrongState {
        method,
        resource: "renewal",
        state,
    }
}

fn check_successor(contract: &Contract, successor: &Contract) -> Result<(), Refusal> {
    let is_another = successor.id != contract.id;
    let same_parties = successor.text.legal_entities == contract.members();
    let follows = successor.text.effect_date > contract.text.effect_date;
    if is_another && same_parties && follows && successor.state.binds() {
        Ok(())
    } else {
        Err(Refusal::NotASuccessor {
            successor: successor.id,
        })
    }
}

impl Answer {
    /// The RPC that gives it.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Grant { .. } => "GrantRenewal",
            Self::Refuse => "RefuseRenewal",
            Self::ConfirmTacit { .. } => "ConfirmTacitRenewal",
        }
    }
}

impl State {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Requested => "REQUESTED",
            Self::Granted { .. } => "GRANTED",
            Self::Refused { .. } => "REFUSED",
            Self::Tacit => "TACIT",
            Self::TacitConfirmed { .. } => "TACIT_CONFIRMED",
        }
    }

    /// Who decided, when somebody did.
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Granted { decision, .. }
            | Self::Refused { decision }
            | Self::TacitConfirmed { decision, .. } => Some(decision),
            Self::Requested | Self::Tacit => None,
        }
    }
}
