//! Level 3: the agency and all establishments of a territory confront published rates and case-mix with needs.
//!
//! | state | `Invite`, `RecordSession`, `RecordDiagnosis`, `RetainProjection` | `Close` |
//! |---|---|---|
//! | open | open | closed, once no inflection is left proposed |
//! | closed | refused | refused |

use std::collections::HashSet;

use kernel::{Finess, HumanActor, Reasons, Region};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{
    DialogueId, Evidence, PlanningRefusal, Projection, ProjectionInput, projection::project,
};
use crate::domain::Defect;

/// The dialogue of one territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    pub id: DialogueId,
    pub region: Region,
    /// `territoryVersions/{version_id}/territories/{code}`: figures are comparable within one version only.
    pub territory: String,
    pub title: String,
    pub record: Record,
    pub state: DialogueState,
    /// Number of events so far.
    pub version: i64,
}

/// What a dialogue has gathered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub participants: Vec<Participant>,
    pub sessions: Vec<Session>,
    pub diagnosis: Vec<Finding>,
    pub projections: Vec<RetainedProjection>,
}

/// Whether a dialogue goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogueState {
    Open,
    Closed { conclusion: String },
}

impl DialogueState {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed { .. } => "closed",
        }
    }
}

/// Somebody invited: an establishment, or another body (elected members, users) that gives advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// None for a body that is not an establishment.
    pub finess: Option<Finess>,
    pub title: String,
}

/// A sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub date: Date,
    pub subject: String,
    /// Compte rendu.
    pub minutes: String,
    pub present: Vec<Finess>,
}

/// Something the diagnosis says, and the figures it cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub statement: String,
    pub evidence: Vec<Evidence>,
}

/// A projection that people retained, with the parameters they set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainedProjection {
    pub input: ProjectionInput,
    pub result: Projection,
    pub reasons: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

impl RetainedProjection {
    /// Computes a projection that a person retains.
    ///
    /// # Errors
    /// [`PlanningRefusal::Defects`], as [`project`].
    pub fn of(
        input: ProjectionInput,
        reasons: Reasons,
        by: &HumanActor,
        at: OffsetDateTime,
    ) -> Result<Self, PlanningRefusal> {
        Ok(Self {
            result: project(&input)?,
            input,
            reasons: reasons.into(),
            by: by.subject().to_owned(),
            at,
        })
    }
}

/// What somebody asks of a dialogue.
#[derive(Debug, Clone)]
pub enum DialogueCommand {
    Invite(Vec<Participant>),
    RecordSession(Session),
    RecordDiagnosis(Finding),
    RetainProjection(Box<RetainedProjection>),
    Close {
        conclusion: String,
        /// Inflections that are still proposed.
        undecided: i64,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogueEvent {
    Opened,
    Invited(Vec<Participant>),
    SessionRecorded(Session),
    DiagnosisRecorded(Finding),
    ProjectionRetained(Box<RetainedProjection>),
    Closed { conclusion: String },
}

/// Participants of a dialogue, at most.
const MAX_PARTICIPANTS: usize = 400;
/// Sittings and findings of a dialogue, at most.
const MAX_RECORDS: usize = 200;
/// Retained projections of a dialogue, at most.
const MAX_PROJECTIONS: usize = 40;

impl Dialogue {
    /// Opens the dialogue of a territory.
    ///
    /// # Errors
    /// [`PlanningRefusal::Defects`] when a participant stands twice.
    pub fn open(
        id: DialogueId,
        region: Region,
        territory: String,
        title: String,
        participants: Vec<Participant>,
    ) -> Result<Self, PlanningRefusal> {
        check_participants(&[], &participants)?;
        Ok(Self {
            id,
            region,
            territory,
            title,
            record: Record {
                participants,
                ..Record::default()
            },
            state: DialogueState::Open,
            version: 1,
        })
    }

    /// The establishments that were invited: each takes a position on every inflection.
    pub fn invited(&self) -> Vec<Finess> {
        self.record
            .participants
            .iter()
            .filter_map(|participant| participant.finess)
            .collect()
    }

    /// Refuses what comes after the end.
    ///
    /// # Errors
    /// [`PlanningRefusal::DialogueClosed`].
    pub fn require_open(&self) -> Result<(), PlanningRefusal> {
        match self.state {
            DialogueState::Open => Ok(()),
            DialogueState::Closed { .. } => Err(PlanningRefusal::DialogueClosed),
        }
    }

    /// What follows from a command.
    ///
    /// # Errors
    /// See the table at the head of this module; [`PlanningRefusal::DialogueFull`] beyond the limits.
    pub fn decide(&self, command: DialogueCommand) -> Result<DialogueEvent, PlanningRefusal> {
        self.require_open()?;
        let record = &self.record;
        match command {
            DialogueCommand::Invite(participants) => {
                let all = record.participants.len() + participants.len();
                refuse_beyond(MAX_PARTICIPANTS, all, "participants")?;
                check_participants(&record.participants, &participants)?;
                Ok(DialogueEvent::Invited(participants))
            }
            DialogueCommand::RecordSession(session) => {
                refuse_beyond(MAX_RECORDS, record.sessions.len() + 1, "sessions")?;
                let invited = self.invited();
                match session
                    .present
                    .iter()
                    .find(|finess| !invited.contains(finess))
                {
                    Some(stranger) => Err(PlanningRefusal::NotAParticipant(*stranger)),
                    None => Ok(DialogueEvent::SessionRecorded(session)),
                }
            }
            DialogueCommand::RecordDiagnosis(finding) => {
                refuse_beyond(MAX_RECORDS, record.diagnosis.len() + 1, "findings")?;
                Ok(DialogueEvent::DiagnosisRecorded(finding))
            }
            DialogueCommand::RetainProjection(projection) => {
                refuse_beyond(MAX_PROJECTIONS, record.projections.len() + 1, "projections")?;
                Ok(DialogueEvent::ProjectionRetained(projection))
            }
            DialogueCommand::Close { undecided, .. } if undecided > 0 => {
                Err(PlanningRefusal::InflectionsUndecided(undecided))
            }
            DialogueCommand::Close { conclusion, .. } => Ok(DialogueEvent::Closed { conclusion }),
        }
    }

    /// The dialogue after an event.
    #[must_use]
    pub fn evolve(mut self, event: &DialogueEvent) -> Self {
        self.version += 1;
        let record = &mut self.record;
        match event {
            DialogueEvent::Opened => {}
            DialogueEvent::Invited(participants) => {
                record.participants.extend(participants.iter().cloned());
            }
            DialogueEvent::SessionRecorded(session) => record.sessions.push(session.clone()),
            DialogueEvent::DiagnosisRecorded(finding) => record.diagnosis.push(finding.clone()),
            DialogueEvent::ProjectionRetained(projection) => {
                record.projections.push((**projection).clone());
            }
            DialogueEvent::Closed { conclusion } => {
                self.state = DialogueState::Closed {
                    conclusion: conclusion.clone(),
                };
            }
        }
        self
    }
}

fn refuse_beyond(limit: usize, count: usize, what: &'static str) -> Result<(), PlanningRefusal> {
    if count > limit {
        return Err(PlanningRefusal::DialogueFull { what, limit });
    }
    Ok(())
}

fn check_participants(
    known: &[Participant],
    invited: &[Participant],
) -> Result<(), PlanningRefusal> {
    let mut seen: HashSet<Finess> = known.iter().filter_map(|known| known.finess).collect();
    let defects: Vec<Defect> = invited
        .iter()
        .enumerate()
        .filter_map(|(place, participant)| Some((place, participant.finess?)))
        .filter(|(_, finess)| !seen.insert(*finess))
        .map(|(place, finess)| Defect {
            field: format!("participants[{place}].finess"),
            reason: "PARTICIPANT_TWICE",
            explanation: format!("{finess} is invited already"),
        })
        .collect();
    super::sound(defects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn establishment(finess: &str) -> Participant {
        Participant {
            finess: Some(finess.parse().unwrap()),
            title: "CH".to_owned(),
        }
    }

    fn users() -> Participant {
        Participant {
            finess: None,
            title: "Représentants des usagers".to_owned(),
        }
    }

    fn opened(participants: Vec<Participant>) -> Result<Dialogue, PlanningRefusal> {
        Dialogue::open(
            DialogueId::generate(),
            "93".parse().unwrap(),
            "territoryVersions/zones-93-2023/territories/83-TOULON".to_owned(),
            "Var".to_owned(),
            participants,
        )
    }

    fn session(present: &str) -> DialogueCommand {
        DialogueCommand::RecordSession(Session {
            date: date!(2024 - 03 - 12),
            subject: "Diagnostic".to_owned(),
            minutes: "Échanges".to_owned(),
            present: vec![present.parse().unwrap()],
        })
    }

    #[test]
    fn an_establishment_is_invited_once_and_other_bodies_as_often_as_there_are() {
        let dialogue = opened(vec![establishment("010000040"), users(), users()]).unwrap();
        assert_eq!(dialogue.invited().len(), 1);
        let again =
            DialogueCommand::Invite(vec![establishment("750712184"), establishment("010000040")]);
        let Err(PlanningRefusal::Defects(defects)) = dialogue.decide(again) else {
            panic!("accepted");
        };
        assert_eq!(
            (defects[0].field.as_str(), defects[0].reason),
            ("participants[1].finess", "PARTICIPANT_TWICE")
        );
    }

    #[test]
    fn only_who_was_invited_can_have_been_there() {
        let dialogue = opened(vec![establishment("010000040")]).unwrap();
        assert!(dialogue.decide(session("010000040")).is_ok());
        assert_eq!(
            dialogue.decide(session("750712184")),
            Err(PlanningRefusal::NotAParticipant(
                "750712184".parse().unwrap()
            ))
        );
    }

    #[test]
    fn a_dialogue_closes_once_every_inflection_is_decided_and_stays_closed() {
        let close = |undecided| DialogueCommand::Close {
            conclusion: "Deux inflexions retenues.".to_owned(),
            undecided,
        };
        let dialogue = opened(vec![establishment("010000040")]).unwrap();
        assert_eq!(
            dialogue.decide(close(1)),
            Err(PlanningRefusal::InflectionsUndecided(1))
        );
        let event = dialogue.decide(close(0)).unwrap();
        let closed = dialogue.evolve(&event);
        assert_eq!(
            closed.decide(session("010000040")),
            Err(PlanningRefusal::DialogueClosed)
        );
    }

    #[test]
    fn what_is_stored_is_read_back_as_it_was() {
        let mut dialogue = opened(vec![establishment("010000040"), users()]).unwrap();
        let event = dialogue.decide(session("010000040")).unwrap();
        dialogue = dialogue.evolve(&event);
        let text = serde_json::to_string(&dialogue.record).unwrap();
        assert_eq!(
            serde_json::from_str::<Record>(&text).unwrap(),
            dialogue.record
        );
    }
}
