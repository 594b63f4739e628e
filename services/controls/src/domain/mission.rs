//! A control on documents or on site: a letter, a team, two dates; then evidence, remarks and a report.
//!
//! `OPEN → REPORTED | CANCELLED`. Only the team records, and only during the mission. The report makes a
//! finding of each remark and deviation; like any finding, it has no legal effect.

use std::fmt::Write as _;

use kernel::{Actor, ActorKind, HumanActor, Reasons, Region};
use time::{Date, OffsetDateTime};

use super::{
    CampaignId, ContractId, ControlId, EvidenceId, MissionId, ProgrammeId, RemarkId,
    compare::Severity,
    objective::Objective,
    refusal::Refusal,
    tolerance::{Defect, Inconsistent},
    trace::CalculationTrace,
};

mod guard;

pub use guard::{Situation, may_open};

/// How a mission controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sur pièces.
    Documents,
    /// Sur place.
    OnSite,
}

impl Kind {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::OnSite => "on_site",
        }
    }
}

/// The letter that orders a mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub reference: String,
    pub date: Date,
    pub signatory: String,
}

/// Where a mission stands, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Open,
    Reported {
        conclusions: Reasons,
        at: OffsetDateTime,
    },
    Cancelled {
        reasons: Reasons,
        at: OffsetDateTime,
    },
}

impl State {
    /// The text stored in the database and told in refusals.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reported { .. } => "reported",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// A mission as its history made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mission {
    pub id: MissionId,
    pub region: Region,
    pub contract: ContractId,
    pub campaign: CampaignId,
    pub control: ControlId,
    pub programme: Option<ProgrammeId>,
    pub kind: Kind,
    pub letter: Letter,
    /// Subjects of the controllers.
    pub team: Vec<String>,
    /// First and last day, in the region's legal time.
    pub days: (Date, Date),
    pub state: State,
    pub created_at: OffsetDateTime,
    /// Number of events, and the etag.
    pub version: i64,
}

/// A file, whose bytes are kept under their hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub id: EvidenceId,
    pub title: String,
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: u64,
    pub sha256: [u8; 32],
}

/// What a controller noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub id: RemarkId,
    pub note: Note,
    pub text: Reasons,
    /// The objective that it concerns, if any.
    pub objective: String,
    pub opposable: bool,
    pub penalty_eligible: bool,
    pub evidence: Vec<EvidenceId>,
}

/// How much a remark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Remarque: a reminder.
    Remark,
    /// Écart: a departure from a text or a commitment.
    Deviation {
        severity: Severity,
        legal_basis: String,
    },
}

impl Note {
    /// The text stored in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Remark => "remark",
            Self::Deviation { .. } => "deviation",
        }
    }

    /// How grave the finding will be.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Remark => Severity::Info,
            Self::Deviation { severity, .. } => *severity,
        }
    }

    pub fn legal_basis(&self) -> &str {
        match self {
            Self::Remark => "",
            Self::Deviation { legal_basis, .. } => legal_basis,
        }
    }
}

/// A remark as a controller writes it, before it is checked.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    pub id: RemarkId,
    pub is_deviation: bool,
    pub text: Reasons,
    pub legal_basis: String,
    pub severity: Option<Severity>,
    pub objective: String,
    pub opposable: bool,
    pub evidence: Vec<EvidenceId>,
    /// The objectives that the control compares.
    pub objectives: &'a [Objective],
    /// The files of the mission.
    pub files: &'a [EvidenceId],
}

impl Remark {
    /// Checks a remark; every defect is told with its field. Whether it binds is what its objective says; a
    /// deviation from no objective binds where the controller says so, and never leads to a penalty.
    pub fn check(draft: Draft<'_>) -> Result<Self, Inconsistent> {
        let mut defects = Vec::new();
        let mut wrong = |field: &str, explanation: &str| {
            defects.push(Defect {
                field: field.to_owned(),
                explanation: explanation.to_owned(),
            });
        };
        let says = |text: &str| text.chars().any(char::is_alphanumeric);
        let note = match (draft.is_deviation, draft.severity) {
            (true, Some(severity)) if severity > Severity::Info => Note::Deviation {
                severity,
                legal_basis: draft.legal_basis.clone(),
            },
            (true, _) => {
                wrong("severity", "a deviation is minor, major or grave");
                Note::Remark
            }
            (false, Some(_)) => {
                wrong("severity", "a remark has none: record a deviation");
                Note::Remark
            }
            (false, None) => Note::Remark,
        };
        if draft.is_deviation && !says(&draft.legal_basis) {
            wrong(
                "legal_basis",
                "a deviation names the text or clause it departs from",
            );
        }
        let objective = draft.objectives.iter().find(|o| o.id == draft.objective);
        if objective.is_none() && !draft.objective.is_empty() {
            wrong(
                "objective",
                "is not an objective of the controlled target set",
            );
        }
        if draft.evidence.iter().any(|id| !draft.files.contains(id)) {
            wrong("evidence", "names a file that is not of this mission");
        }
        if draft.opposable && !draft.is_deviation {
            wrong(
                "opposable",
                "only a deviation can be held against the establishment",
            );
        }
        if draft.opposable && objective.is_some_and(|objective| !objective.opposable) {
            wrong(
                "opposable",
                "the objective is a pilot indicator: it binds nobody",
            );
        }
        if !defects.is_empty() {
            return Err(Inconsistent(defects));
        }
        let binds = |of: fn(&Objective) -> bool| draft.is_deviation && objective.is_some_and(of);
        Ok(Self {
            id: draft.id,
            note,
            text: draft.text,
            opposable: draft.opposable || binds(|objective| objective.opposable),
            penalty_eligible: binds(|objective| objective.opposable && objective.penalty_eligible),
            objective: draft.objective,
            evidence: draft.evidence,
        })
    }

    /// How the finding explains itself: nothing was computed, files show it.
    pub fn trace(
        &self,
        mission: MissionId,
        letter: &Letter,
        files: &[Evidence],
    ) -> CalculationTrace {
        let mut trace = CalculationTrace::stated(self.text.as_str());
        let shown = files.iter().filter(|file| self.evidence.contains(&file.id));
        for file in shown {
            let hash = hexadecimal(&file.sha256);
            trace.input(file.title.clone(), hash, &format!("{}, SHA-256", file.id));
        }
        trace.parameter("lettre de mission", &letter.reference, &mission.to_string());
        if !self.note.legal_basis().is_empty() {
            trace.parameter(
                "fondement",
                self.note.legal_basis(),
                "relevé par le contrôleur",
            );
        }
        trace
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// A mission to be opened.
#[derive(Debug, Clone)]
pub struct Opening {
    pub letter: Letter,
    pub days: (Date, Date),
}

impl Opening {
    /// What is wrong with the dates.
    pub fn defects(&self) -> Vec<Defect> {
        let (first, last) = self.days;
        let mut defects = Vec::new();
        if last < first {
            defects.push(Defect {
                field: "end_date".to_owned(),
                explanation: format!("{last} is before the first day, {first}"),
            });
        }
        if self.letter.date > first {
            defects.push(Defect {
                field: "letter.date".to_owned(),
                explanation: format!("the letter orders the mission: it is not after {first}"),
            });
        }
        defects
    }
}

/// Most files, and most remarks, of one mission.
pub const MOST: usize = 200;

impl Mission {
    /// Ends the mission with its conclusions: from its first day on, also after its last.
    pub fn report(
        &self,
        by: &HumanActor,
        today: Date,
        conclusions: Reasons,
        at: OffsetDateTime,
    ) -> Result<State, Refusal> {
        self.may_report(by.subject(), today)?;
        Ok(State::Reported { conclusions, at })
    }

    /// Ends the mission without findings.
    pub fn cancel(
        &self,
        _by: &HumanActor,
        reasons: Reasons,
        at: OffsetDateTime,
    ) -> Result<State, Refusal> {
        self.may_cancel()?;
        Ok(State::Cancelled { reasons, at })
    }

    /// Who controls: they do not review what they find.
    pub fn controllers(&self) -> Vec<Actor> {
        let controller = |subject: &String| Actor {
            subject: subject.clone(),
            kind: ActorKind::Human,
            role: "controller".to_owned(),
        };
        self.team.iter().map(controller).collect()
    }

    /// The mission one event later.
    #[must_use]
    pub fn next(self, state: State) -> Self {
        Self {
            state,
            version: self.version + 1,
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
