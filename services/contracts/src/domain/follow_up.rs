//! The follow-up of a contract: evaluations (CSP D6114-7 and D6114-8) and meetings with what they decide (arrêté of
//! 3 March 2017 for the medico-social side). Nothing here has a legal effect by itself.

use std::collections::BTreeSet;

use kernel::{HumanActor, Reasons, Region};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{
    Contract, ContractId, EvaluationId, MeetingId, Person, Refusal,
    contract::State as ContractState, person::role, text::FieldDefect,
};

/// An evaluation of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    pub id: EvaluationId,
    pub contract: ContractId,
    pub region: Region,
    pub plan: EvaluationPlan,
    pub state: EvaluationState,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
}

/// What is evaluated, and by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvaluationPlan {
    pub kind: EvaluationKind,
    pub year: i32,
    pub due_date: Date,
}

/// What an evaluation covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvaluationKind {
    Annual,
    MidTerm,
    Final,
}

/// Where an evaluation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvaluationState {
    Planned,
    Reported {
        report: Report,
    },
    Concluded {
        report: Report,
        conclusion: Conclusion,
    },
}

/// The report of the holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub text: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What the agency says, objective by objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub assessments: Vec<Assessment>,
    pub text: Reasons,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What is said of one objective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// Code of the objective.
    pub objective: String,
    pub achievement: Achievement,
    pub comment: String,
}

/// How far an objective was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Achievement {
    Reached,
    Partly,
    NotReached,
    NotApplicable,
}

/// A meeting about a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub id: MeetingId,
    pub contract: ContractId,
    pub region: Region,
    pub plan: MeetingPlan,
    /// None until they are recorded.
    pub minutes: Option<Minutes>,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
}

/// Which meeting, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPlan {
    pub kind: MeetingKind,
    pub date: Date,
    pub agenda: String,
}

/// What a meeting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetingKind {
    /// Revue de contrat.
    Review,
    /// Comité de suivi.
    Committee,
}

/// What was said and decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    pub text: Reasons,
    pub attendees: Vec<String>,
    pub decisions: Vec<Decision>,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Something a meeting decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub text: String,
    /// Who does it.
    pub owner: String,
    pub due_date: Option<Date>,
    /// Day it was done; none until then.
    pub done_date: Option<Date>,
    pub note: String,
}

impl Decision {
    /// Whether its day has passed and it is not done.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.done_date.is_none() && self.due_date.is_some_and(|due| due < today)
    }
}

const AGENCY: &[&str] = &[role::CONTRACT_MANAGER, role::MANAGER];

/// Refuses what is about a contract that is not in force and never was, or is closed.
pub(super) fn followed(method: &'static str, contract: &Contract) -> Result<(), Refusal> {
    let state = &contract.state;
    if state.force().is_some() && !matches!(state, ContractState::Closed { .. }) {
        return Ok(());
    }
    Err(state.refuses(method))
}

impl Evaluation {
    /// The agency plans an evaluation of a contract that is or was in force.
    pub fn plan(
        id: EvaluationId,
        contract: &Contract,
        plan: EvaluationPlan,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        person.entitled("PlanEvaluation", AGENCY)?;
        followed("PlanEvaluation", contract)?;
        if plan.due_date < contract.text.effect_date {
            let explanation = format!(
                "must not be before the contract takes effect, {}",
                contract.text.effect_date
            );
            return Err(Refusal::DateOutOfRange(FieldDefect::new(
                "due_date",
                explanation,
            )));
        }
        Ok(Self {
            id,
            contract: contract.id,
            region: contract.region,
            plan,
            state: EvaluationState::Planned,
            version: 1,
            created_at: at,
        })
    }

    /// The holder reports.
    pub fn report(
        mut self,
        text: Reasons,
        contract: &Contract,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let method = "SubmitEvaluationReport";
        person.entitled(method, &[role::ESTABLISHMENT_DIRECTOR])?;
        if !contract.is_party(person) {
            return Err(Refusal::OutsideMandate);
        }
        if self.state != EvaluationState::Planned {
            return Err(self.state.refuses(method));
        }
        let by = person.human().clone();
        self.state = EvaluationState::Reported {
            report: Report { text, by, at },
        };
        self.version += 1;
        Ok(self)
    }

    /// The agency concludes once the report has come, on objectives of the contract and on each at most once.
    pub fn conclude(
        mut self,
        assessments: Vec<Assessment>,
        text: Reasons,
        contract: &Contract,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let method = "ConcludeEvaluation";
        person.entitled(method, AGENCY)?;
        let EvaluationState::Reported { report } = self.state else {
            return Err(self.state.refuses(method));
        };
        let mut known: BTreeSet<&str> = contract
            .text
            .objectives
            .iter()
            .map(|objective| objective.code.as_str())
            .collect();
        for assessment in &assessments {
            if !known.remove(assessment.objective.as_str()) {
                return Err(Refusal::UnknownElement {
                    what: "objective left to assess",
                    code: assessment.objective.clone(),
                });
            }
        }
        let conclusion = Conclusion {
            assessments,
            text,
            by: person.human().clone(),
            at,
        };
        self.state = EvaluationState::Concluded { report, conclusion };
        self.version += 1;
        Ok(self)
    }

    /// Whether its day has passed and it is not concluded.
    pub fn is_overdue(&self, today: Date) -> bool {
        !matches!(self.state, EvaluationState::Concluded { .. }) && self.plan.due_date < today
    }
}

impl Meeting {
    /// The agency plans a meeting about a contract that is or was in force.
    pub fn plan(
        id: MeetingId,
        contract: &Contract,
        plan: MeetingPlan,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        person.entitled("PlanMeeting", AGENCY)?;
        followed("PlanMeeting", contract)?;
        Ok(Self {
            id,
            contract: contract.id,
            region: contract.region,
            plan,
            minutes: None,
            version: 1,
            created_at: at,
        })
    }

    /// Minutes are recorded once, on the day of the meeting or later.
    pub fn record(
        mut self,
        (text, attendees, decisions): (Reasons, Vec<String>, Vec<Decision>),
        person: &Person,
        today: Date,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let method = "RecordMinutes";
        person.entitled(method, AGENCY)?;
        if self.minutes.is_some() {
            return Err(Refusal::WrongState {
                method,
                resource: "meeting",
                state: "RECORDED",
            });
        }
        if today < self.plan.date {
            let explanation = format!(
                "is {}: minutes are recorded from that day on",
                self.plan.date
            );
            return Err(Refusal::DateOutOfRange(FieldDefect::new(
                "date",
                explanation,
            )));
        }
        let by = person.human().clone();
        self.minutes = Some(Minutes {
            text,
            attendees,
            decisions,
            by,
            at,
        });
        self.version += 1;
        Ok(self)
    }

    /// A decision, by its rank from 1, is done.
    pub fn complete(
        mut self,
        rank: usize,
        done_date: Date,
        note: String,
        person: &Person,
        today: Date,
    ) -> Result<Self, Refusal> {
        let method = "CompleteDecision";
        person.entitled(method, AGENCY)?;
        if done_date > today {
            let defect = FieldDefect::new("done_date", "must not be after today");
            return Err(Refusal::DateOutOfRange(defect));
        }
        let decisions = self.minutes.as_mut().map(|minutes| &mut minutes.decisions);
        let decision = rank
            .checked_sub(1)
            .and_then(|place| decisions?.get_mut(place))
            .ok_or_else(|| Refusal::UnknownElement {
                what: "decision",
                code: rank.to_string(),
            })?;
        if decision.done_date.is_some() {
            return Err(Refusal::WrongState {
                method,
                resource: "decision",
                state: "DONE",
            });
        }
        decision.done_date = Some(done_date);
        decision.note = note;
        self.version += 1;
        Ok(self)
    }
}

impl EvaluationState {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "PLANNED",
            Self::Reported { .. } => "REPORTED",
            Self::Concluded { .. } => "CONCLUDED",
        }
    }

    /// The report, once it has come.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Planned => None,
            Self::Reported { report } | Self::Concluded { report, .. } => Some(report),
        }
    }

    /// The conclusion, once there is one.
    pub fn conclusion(&self) -> Option<&Conclusion> {
        match self {
            Self::Concluded { conclusion, .. } => Some(conclusion),
            Self::Planned | Self::Reported { .. } => None,
        }
    }

    fn refuses(&self, method: &'static str) -> Refusal {
        Refusal::WrongState {
            method,
            resource: "evaluation",
            state: self.as_str(),
        }
    }
}

impl EvaluationKind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annual => "ANNUAL",
            Self::MidTerm => "MID_TERM",
            Self::Final => "FINAL",
        }
    }
}

impl MeetingKind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Review => "REVIEW",
            Self::Committee => "COMMITTEE",
        }
    }
}
