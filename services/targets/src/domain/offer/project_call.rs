//! A call for projects (CASF L313-1-1): from a need to an authorisation, which a person gives and nothing else does.
//!
//! | state | what may follow |
//! |---|---|
//! | prepared | another calendar; publication, once there is one; dropped |
//! | published | candidates in time; the opinion, once the time to answer is over; dropped |
//! | examined | the authorisation of a candidate; dropped |
//! | authorised | links to the places and to the amendment that follow |
//! | dropped | nothing |

use std::collections::BTreeSet;

use kernel::{Finess, HumanActor, Reasons};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::{Life, OfferRefusal, defect, sound};
use crate::domain::medicosocial::CarePublic;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectCall {
    pub need: Need,
    pub stage: Stage,
}

/// What is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub title: String,
    /// Resource name.
    pub territory: String,
    /// FINESS category.
    pub category: String,
    pub public: CarePublic,
    pub places: i32,
    /// Resource name of what it answers, when a scheme asks for it.
    pub scheme_objective: Option<String>,
    pub rationale: String,
}

/// How far a call is, with the facts of each stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Prepared {
        calendar: Option<Calendar>,
    },
    Published(Publication),
    Examined(Publication, Opinion),
    Authorised(Publication, Opinion, Authorised),
    Dropped {
        before: Box<Stage>,
        reasons: String,
        by: String,
    },
}

/// When.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    pub publication: Date,
    /// Last day to answer.
    pub deadline: Date,
    pub commission: Date,
    /// Where it departs from the dated rule, in French.
    pub notices: Vec<String>,
}

/// What was published, and who answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    pub calendar: Calendar,
    pub specification: Specification,
    pub candidates: Vec<Candidate>,
}

/// Cahier des charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    pub title: String,
    /// Where it is published.
    pub reference: String,
    pub sha256: String,
    pub criteria: Vec<String>,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Identifier within the call.
    pub id: String,
    /// None for one that the registry does not have yet.
    pub finess: Option<Finess>,
    pub title: String,
    pub places: i32,
    pub received: Date,
}

/// What the selection commission says: it informs, it does not bind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub day: Date,
    /// Candidates, the best first; those it sets aside are not in it.
    pub ranking: Vec<String>,
    pub text: String,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorisation {
    /// Identifier of the candidate.
    pub candidate: String,
    pub places: i32,
    /// The arrêté.
    pub decision: String,
    pub reasons: String,
    pub by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// An authorisation and what followed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorised {
    pub authorisation: Authorisation,
    /// Resource names of the places that were recorded.
    pub recordings: Vec<String>,
    /// Resource name of the amendment.
    pub amendment: Option<String>,
}

/// What somebody asks.
#[derive(Debug, Clone)]
pub enum CallCommand {
    Schedule(Calendar),
    Publish(Specification),
    Register(Candidate),
    Opine(Opinion),
    Authorise {
        candidate: String,
        places: i32,
        decision: String,
        reasons: String,
        by: HumanActor,
        at: OffsetDateTime,
    },
    Drop {
        reasons: Reasons,
        by: HumanActor,
    },
    Link {
        recording: Option<String>,
        amendment: Option<String>,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEvent {
    Opened,
    Scheduled(Calendar),
    Published(Specification),
    CandidateRegistered(Candidate),
    OpinionRecorded(Opinion),
    Authorised(Authorisation),
    Dropped {
        reasons: String,
        by: String,
    },
    Linked {
        recording: Option<String>,
        amendment: Option<String>,
    },
}

/// How long candidates have to answer, from a date on: a dated figure, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTime {
    pub minimum_days: i32,
    pub maximum_days: i32,
    pub source: String,
}

impl AnswerTime {
    /// What a reader should know of a calendar that gives less or more time than the rule; it blocks nothing.
    pub fn notice(&self, publication: Date, deadline: Date) -> Option<String> {
        let days = (deadline - publication).whole_days();
        let usual = i64::from(self.minimum_days)..=i64::from(self.maximum_days);
        (!usual.contains(&days)).then(|| {
            format!(
                "Le délai de réponse est de {days}\u{202f}jours\u{202f}; {} prévoit de {} à {}\u{202f}jours.",
                self.source, self.minimum_days, self.maximum_days
            )
        })
    }
}

impl ProjectCall {
    pub fn open(need: Need) -> Self {
        Self {
            need,
            stage: Stage::Prepared { calendar: None },
        }
    }

    fn refused(&self, action: &'static str) -> OfferRefusal {
        OfferRefusal::CallState {
            state: self.state(),
            action,
        }
    }
}

impl Stage {
    /// What was known before a call was dropped, or what is known.
    pub fn facts(&self) -> &Self {
        match self {
            Self::Dropped { before, .. } => before.facts(),
            Self::Prepared { .. }
            | Self::Published(_)
            | Self::Examined(..)
            | Self::Authorised(..) => self,
        }
    }

    pub fn calendar(&self) -> Option<&Calendar> {
        match self.facts() {
            Self::Prepared { calendar } => calendar.as_ref(),
            facts => facts.publication().map(|publication| &publication.calendar),
        }
    }

    pub fn publication(&self) -> Option<&Publication> {
        match self.facts() {
            Self::Published(publication)
            | Self::Examined(publication, _)
            | Self::Authorised(publication, ..) => Some(publication),
            Self::Prepared { .. } | Self::Dropped { .. } => None,
        }
    }

    pub fn opinion(&self) -> Option<&Opinion> {
        match self.facts() {
            Self::Examined(_, opinion) | Self::Authorised(_, opinion, _) => Some(opinion),
            Self::Prepared { .. } | Self::Published(_) | Self::Dropped { .. } => None,
        }
    }

    pub fn authorised(&self) -> Option<&Authorised> {
        match self.facts() {
            Self::Authorised(_, _, authorised) => Some(authorised),
            Self::Prepared { .. }
            | Self::Published(_)
            | Self::Examined(..)
            | Self::Dropped { .. } => None,
        }
    }
}

impl Life for ProjectCall {
    type Command = CallCommand;
    type Event = CallEvent;
    const COLLECTION: &'static str = "projectCalls";

    fn state(&self) -> &'static str {
        match self.stage {
            Stage::Prepared { .. } => "prepared",
            Stage::Published(_) => "published",
            Stage::Examined(..) => "examined",
            Stage::Authorised(..) => "authorised",
            Stage::Dropped { .. } => "dropped",
        }
    }

    fn decide(&self, command: CallCommand) -> Result<CallEvent, OfferRefusal> {
        match (command, &self.stage) {
            (CallCommand::Schedule(calendar), Stage::Prepared { .. }) => {
                in_order(&calendar)?;
                Ok(CallEvent::Scheduled(calendar))
            }
            (CallCommand::Publish(specification), Stage::Prepared { calendar }) => {
                if calendar.is_none() {
                    return Err(OfferRefusal::CallWithoutCalendar);
                }
                Ok(CallEvent::Published(specification))
            }
            (CallCommand::Register(candidate), Stage::Published(publication)) => {
                publication.may_register(&candidate)?;
                Ok(CallEvent::CandidateRegistered(candidate))
            }
            (CallCommand::Opine(opinion), Stage::Published(publication)) => {
                publication.may_be_judged(&opinion)?;
                Ok(CallEvent::OpinionRecorded(opinion))
            }
            (
                CallCommand::Authorise {
                    candidate,
                    places,
                    decision,
                    reasons,
                    by,
                    at,
                },
                Stage::Examined(publication, opinion),
            ) => {
                publication.require(&candidate)?;
                let is_first = opinion.ranking.first() == Some(&candidate);
                if !is_first && reasons.trim().is_empty() {
                    return Err(OfferRefusal::ChoiceWithoutReasons(candidate));
                }
                Ok(CallEvent::Authorised(Authorisation {
                    candidate,
                    places,
                    decision,
                    reasons,
                    by: by.subject().to_owned(),
                    at,
                }))
            }
            (
                CallCommand::Drop { reasons, by },
                Stage::Prepared { .. } | Stage::Published(_) | Stage::Examined(..),
            ) => Ok(CallEvent::Dropped {
                reasons: reasons.into(),
                by: by.subject().to_owned(),
            }),
            (
                CallCommand::Link {
                    recording,
                    amendment,
                },
                Stage::Authorised(..),
            ) => {
                if recording.is_none() && amendment.is_none() {
                    let why = "name the places, the amendment, or both";
                    sound(vec![defect("capacity_recording", "NOTHING_TO_LINK", why)])?;
                }
                Ok(CallEvent::Linked {
                    recording,
                    amendment,
                })
            }
            (CallCommand::Schedule(_), _) => Err(self.refused("another calendar")),
            (CallCommand::Publish(_), _) => Err(self.refused("publication")),
            (CallCommand::Register(_), _) => Err(self.refused("a candidate")),
            (CallCommand::Opine(_), _) => Err(self.refused("the opinion of the commission")),
            (CallCommand::Authorise { .. }, _) => Err(self.refused("an authorisation")),
            (CallCommand::Drop { .. }, _) => Err(self.refused("dropping it")),
            (CallCommand::Link { .. }, _) => Err(self.refused("linking what followed")),
        }
    }

    fn evolve(self, event: &CallEvent) -> Self {
        let stage = match (event.clone(), self.stage) {
            (CallEvent::Scheduled(calendar), Stage::Prepared { .. }) => Stage::Prepared {
                calendar: Some(calendar),
            },
            (
                CallEvent::Published(specification),
                Stage::Prepared {
                    calendar: Some(calendar),
                },
            ) => Stage::Published(Publication {
                calendar,
                specification,
                candidates: Vec::new(),
            }),
            (CallEvent::CandidateRegistered(candidate), Stage::Published(mut publication)) => {
                publication.candidates.push(candidate);
                Stage::Published(publication)
            }
            (CallEvent::OpinionRecorded(opinion), Stage::Published(publication)) => {
                Stage::Examined(publication, opinion)
            }
            (CallEvent::Authorised(authorisation), Stage::Examined(publication, opinion)) => {
                let authorised = Authorised {
                    authorisation,
                    recordings: Vec::new(),
                    amendment: None,
                };
                Stage::Authorised(publication, opinion, authorised)
            }
            (CallEvent::Dropped { reasons, by }, before) => Stage::Dropped {
                before: Box::new(before),
                reasons,
                by,
            },
            (
                CallEvent::Linked {
                    recording,
                    amendment,
                },
                Stage::Authorised(publication, opinion, mut authorised),
            ) => {
                authorised.recordings.extend(recording);
                authorised.recordings.sort();
                authorised.recordings.dedup();
                authorised.amendment = amendment.or(authorised.amendment);
                Stage::Authorised(publication, opinion, authorised)
            }
            // What `decide` never gives changes nothing.
            (_, stage) => stage,
        };
        Self { stage, ..self }
    }
}

fn in_order(calendar: &Calendar) -> Result<(), OfferRefusal> {
    let mut defects = Vec::new();
    if calendar.deadline < calendar.publication {
        let why = "is before the publication";
        defects.push(defect("calendar.deadline", "DATES_REVERSED", why));
    }
    if calendar.commission <= calendar.deadline {
        let why = "the commission sits once the time to answer is over";
        defects.push(defect("calendar.commission", "DATES_REVERSED", why));
    }
    sound(defects)
}

impl Publication {
    fn may_register(&self, candidate: &Candidate) -> Result<(), OfferRefusal> {
        if self.candidates.iter().any(|known| known.id == candidate.id) {
            let why = format!("{} has answered already", candidate.id);
            sound(vec![defect("candidate.id", "CANDIDATE_TWICE", why)])?;
        }
        let Calendar {
            publication,
            deadline,
            ..
        } = self.calendar;
        if (publication..=deadline).contains(&candidate.received) {
            return Ok(());
        }
        Err(OfferRefusal::CandidateOutOfTime {
            received: candidate.received,
            publication,
            deadline,
        })
    }

    fn may_be_judged(&self, opinion: &Opinion) -> Result<(), OfferRefusal> {
        if opinion.day <= self.calendar.deadline {
            let why = format!("candidates may answer until {}", self.calendar.deadline);
            sound(vec![defect("opinion.day", "BEFORE_DEADLINE", why)])?;
        }
        let mut seen = BTreeSet::new();
        for candidate in &opinion.ranking {
            self.require(candidate)?;
            if !seen.insert(candidate) {
                let why = format!("{candidate} is ranked twice");
                sound(vec![defect("opinion.ranking", "RANKED_TWICE", why)])?;
            }
        }
        Ok(())
    }

    fn require(&self, candidate: &str) -> Result<(), OfferRefusal> {
        if self.candidates.iter().any(|known| known.id == candidate) {
            return Ok(());
        }
        Err(OfferRefusal::CandidateUnknown(candidate.to_owned()))
    }
}

#[cfg(test)]
mod tests;
