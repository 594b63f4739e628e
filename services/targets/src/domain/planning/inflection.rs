//! A negotiated change of activity in a territory: proposed with its evidence, discussed, agreed or dropped by people.
//!
//! | state | `RecordPosition` | `Agree` | `Drop` |
//! |---|---|---|---|
//! | proposed | proposed | agreed, once every invited establishment took a position | dropped |
//! | agreed, dropped | refused | refused | refused |

use std::collections::BTreeSet;

use kernel::{Decimal, Finess, HumanActor, Reasons, Region};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    ActivityMode, DialogueId, Evidence, InflectionId, PlanningRefusal, evidence,
    framework::check_indicator,
};
use crate::domain::{Catalogue, Defect, Objective, Unit};

/// A negotiated change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inflection {
    pub id: InflectionId,
    pub region: Region,
    pub dialogue: DialogueId,
    /// `territoryVersions/{version_id}/territories/{code}`.
    pub territory: String,
    pub proposal: Proposal,
    /// The last position of each establishment.
    pub positions: Vec<Position>,
    pub state: InflectionState,
    /// Number of events so far.
    pub version: i64,
}

/// Which way activity should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Develop,
    Moderate,
    Maintain,
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Grande activité.
    pub activity: String,
    pub mode: ActivityMode,
    pub indicator: String,
    pub unit: Unit,
    pub direction: Direction,
    /// Volume of the territory it starts from.
    pub from_value: Decimal,
    pub from_year: i16,
    /// Volume it aims at in the year of the horizon.
    pub to_value: Decimal,
    pub horizon: i16,
    pub rationale: String,
    pub evidence: Vec<Evidence>,
}

/// What an establishment says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    InFavour,
    Against,
    Abstains,
    /// Invited, and did not answer.
    Absent,
}

/// The position of one establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub finess: Finess,
    pub stance: Stance,
    pub reasons: String,
    pub recorded_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub recorded_at: OffsetDateTime,
}

/// Where an inflection stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InflectionState {
    Proposed,
    Agreed {
        by: String,
        at: OffsetDateTime,
    },
    Dropped {
        by: String,
        at: OffsetDateTime,
        reasons: String,
    },
}

impl InflectionState {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Agreed { .. } => "agreed",
            Self::Dropped { .. } => "dropped",
        }
    }
}

/// What somebody asks of an inflection.
#[derive(Debug, Clone)]
pub enum InflectionCommand<'a> {
    RecordPosition {
        finess: Finess,
        stance: Stance,
        reasons: String,
        by: HumanActor,
        at: OffsetDateTime,
        /// The establishments that were invited to the dialogue.
        invited: &'a [Finess],
    },
    Agree {
        by: HumanActor,
        at: OffsetDateTime,
        invited: &'a [Finess],
    },
    Drop {
        by: HumanActor,
        at: OffsetDateTime,
        reasons: Reasons,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InflectionEvent {
    Proposed,
    PositionRecorded(Position),
    Agreed {
        by: String,
        at: OffsetDateTime,
    },
    Dropped {
        by: String,
        at: OffsetDateTime,
        reasons: String,
    },
}

/// Checks a proposal: its evidence, its indicator, and that its figures go the way it says.
///
/// # Errors
/// [`PlanningRefusal::EvidenceMissing`], [`PlanningRefusal::Defects`].
pub fn check(proposal: &Proposal, catalogue: &Catalogue) -> Result<(), PlanningRefusal> {
    evidence::require_both(&proposal.evidence)?;
    let mut defects = Vec::new();
    let mut report = |field: &str, reason, explanation: String| {
        defects.push(Defect {
            field: format!("proposal{field}"),
            reason,
            explanation,
        });
    };
    check_indicator(
        catalogue,
        &proposal.indicator,
        proposal.unit,
        ".indicator",
        &mut report,
    );
    if proposal.horizon <= proposal.from_year {
        report(
            ".horizon",
            "HORIZON_NOT_AFTER",
            format!("must be after {}", proposal.from_year),
        );
    }
    let (from, to) = (proposal.from_value, proposal.to_value);
    let goes_that_way = match proposal.direction {
        Direction::Develop => to > from,
        Direction::Moderate => to < from,
        Direction::Maintain => to == from,
    };
    if !goes_that_way {
        report(
            ".to_value",
            "DIRECTION_CONTRADICTED",
            format!("going from {from} to {to} is not what the direction says"),
        );
    }
    super::sound(defects)
}

/// Checks that the inflections objectives come from are among the known ones, agreed, and count the same.
///
/// # Errors
/// [`PlanningRefusal::Defects`].
pub fn check_origins(
    objectives: &[Objective],
    known: &[Inflection],
) -> Result<(), PlanningRefusal> {
    let mut defects = Vec::new();
    for (place, objective) in objectives.iter().enumerate() {
        let Some(origin) = objective.inflection else {
            continue;
        };
        let found = known.iter().find(|inflection| inflection.id == origin);
        let (reason, explanation) = match found {
            None => ("UNKNOWN_INFLECTION", format!("{origin} was not found")),
            Some(inflection) if !matches!(inflection.state, InflectionState::Agreed { .. }) => (
                "INFLECTION_NOT_AGREED",
                format!("{origin} is {}", inflection.state.as_str()),
            ),
            Some(inflection) if inflection.proposal.indicator != objective.indicator => (
                "INFLECTION_COUNTS_OTHERWISE",
                format!("{origin} counts {}", inflection.proposal.indicator),
            ),
            Some(_) => continue,
        };
        defects.push(Defect {
            field: format!("objectives[{place}].inflection"),
            reason,
            explanation,
        });
    }
    super::sound(defects)
}

impl Inflection {
    /// The positions against: dissent that stays recorded.
    pub fn dissent(&self) -> impl Iterator<Item = &Position> {
        self.positions
            .iter()
            .filter(|position| position.stance == Stance::Against)
    }

    /// What follows from a command.
    ///
    /// # Errors
    /// See the table at the head of this module.
    pub fn decide(
        &self,
        command: InflectionCommand<'_>,
    ) -> Result<Vec<InflectionEvent>, PlanningRefusal> {
        if self.state != InflectionState::Proposed {
            return Err(PlanningRefusal::InflectionDecided {
                state: self.state.as_str(),
            });
        }
        match command {
            InflectionCommand::RecordPosition {
                finess,
                stance,
                reasons,
                by,
                at,
                invited,
            } => {
                if !invited.contains(&finess) {
                    return Err(PlanningRefusal::NotAParticipant(finess));
                }
                if stance == Stance::Against && !reasons.chars().any(char::is_alphanumeric) {
                    return Err(PlanningRefusal::DissentWithoutReasons);
                }
                Ok(vec![InflectionEvent::PositionRecorded(Position {
                    finess,
                    stance,
                    reasons,
                    recorded_by: by.subject().to_owned(),
                    recorded_at: at,
                })])
            }
            InflectionCommand::Agree { by, at, invited } => {
                let spoke: BTreeSet<Finess> = self
                    .positions
                    .iter()
                    .map(|position| position.finess)
                    .collect();
                let missing: Vec<Finess> = invited
                    .iter()
                    .copied()
                    .filter(|finess| !spoke.contains(finess))
                    .collect();
                if !missing.is_empty() {
                    return Err(PlanningRefusal::PositionsMissing(missing));
                }
                Ok(vec![InflectionEvent::Agreed {
                    by: by.subject().to_owned(),
                    at,
                }])
            }
            InflectionCommand::Drop { by, at, reasons } => Ok(vec![InflectionEvent::Dropped {
                by: by.subject().to_owned(),
                at,
                reasons: reasons.into(),
            }]),
        }
    }

    /// The inflection after an event.
    #[must_use]
    pub fn evolve(mut self, event: &InflectionEvent) -> Self {
        self.version += 1;
        match event {
            InflectionEvent::Proposed => {}
            InflectionEvent::PositionRecorded(position) => {
                self.positions
                    .retain(|earlier| earlier.finess != position.finess);
                self.positions.push(position.clone());
            }
            InflectionEvent::Agreed { by, at } => {
                self.state = InflectionState::Agreed {
                    by: by.clone(),
                    at: *at,
                };
            }
            InflectionEvent::Dropped { by, at, reasons } => {
                self.state = InflectionState::Dropped {
                    by: by.clone(),
                    at: *at,
                    reasons: reasons.clone(),
                };
            }
        }
        self
    }
}

#[cfg(test)]
pub(crate) mod tests;
