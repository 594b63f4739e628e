//! Level 1: what the national council (CSP L1433-1) and an agency agree for a region, carried by the contract
//! between the State and the agency (L1433-2, five years, revisable each year).
//!
//! | state | `Replace` | `Agree` (council or agency) |
//! |---|---|---|
//! | draft, nobody agreed | draft | draft, one side agreed |
//! | draft, one side agreed | draft, nobody agreed | the other side: agreed; the same: nothing |
//! | agreed | refused: a revision is a new framework | nothing |

use std::collections::HashSet;

use kernel::{Decimal, HumanActor, Region};
use serde::{Deserialize, Serialize};

use super::{FrameworkId, PlanningRefusal};
use crate::domain::{Catalogue, Defect, Term, Unit};

/// What is agreed for a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionalFramework {
    pub id: FrameworkId,
    pub region: Region,
    /// From 1, one more for each revision.
    pub revision: i32,
    pub term: Term,
    pub lines: Vec<Line>,
    pub note: String,
    pub state: FrameworkState,
    /// Number of events so far.
    pub version: i64,
}

/// The side that agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameworkSide {
    NationalCouncil,
    Ars,
}

impl FrameworkSide {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NationalCouncil => "national_council",
            Self::Ars => "ars",
        }
    }

    /// The side of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::NationalCouncil, Self::Ars]
            .into_iter()
            .find(|side| side.as_str() == text)
    }

    /// The side that a person of this role agrees for, if any: the director general signs for the agency.
    pub fn of_role(role: &str) -> Option<Self> {
        match role {
            "national_council" => Some(Self::NationalCouncil),
            "director_general" => Some(Self::Ars),
            _ => None,
        }
    }
}

/// Where a framework stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameworkState {
    Draft {
        /// The one side that has agreed so far.
        agreed: Option<FrameworkSide>,
    },
    Agreed,
}

impl FrameworkState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Agreed => "agreed",
        }
    }

    /// The sides that have agreed to the lines as they are.
    pub fn agreed_by(self) -> Vec<FrameworkSide> {
        match self {
            Self::Draft { agreed } => agreed.into_iter().collect(),
            Self::Agreed => vec![FrameworkSide::NationalCouncil, FrameworkSide::Ars],
        }
    }
}

/// The part of an activity that a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityMode {
    All,
    Full,
    Ambulatory,
    Session,
    PartTime,
    Home,
}

/// The evolution of one major activity in one mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Grande activité.
    pub activity: String,
    pub mode: ActivityMode,
    /// Code of the indicator by which contracts are counted.
    pub indicator: String,
    pub unit: Unit,
    /// Volume of the region in the baseline year.
    pub baseline: Decimal,
    pub baseline_year: i16,
    pub target_year: i16,
    /// Percent of the baseline, over the whole span.
    pub growth_percent: Decimal,
    /// Share without a night that is aimed at, when one is.
    pub ambulatory: Option<AmbulatoryShare>,
    pub source: String,
}

/// The share of an activity that should be done without a night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbulatoryShare {
    pub percent: Decimal,
    /// Code of the indicator that counts the part without a night.
    pub indicator: String,
}

impl Line {
    /// The volume aimed at in the target year.
    pub fn target(&self) -> Decimal {
        self.baseline + self.baseline * self.growth_percent / Decimal::ONE_HUNDRED
    }
}

/// What somebody asks of a framework.
#[derive(Debug, Clone)]
pub enum FrameworkCommand<'a> {
    Replace {
        lines: Vec<Line>,
        note: String,
        catalogue: &'a Catalogue,
    },
    Agree {
        side: FrameworkSide,
        by: HumanActor,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameworkEvent {
    Drafted,
    LinesReplaced { lines: Vec<Line>, note: String },
    AgreedBySide(FrameworkSide),
    Agreed,
}

impl RegionalFramework {
    /// Drafts the framework that follows `previous` in a region.
    ///
    /// # Errors
    /// [`PlanningRefusal::Defects`], [`PlanningRefusal::FrameworkNotAfter`].
    pub fn draft(
        id: FrameworkId,
        region: Region,
        term: Term,
        lines: Vec<Line>,
        note: String,
        previous: Option<&Self>,
        catalogue: &Catalogue,
    ) -> Result<Self, PlanningRefusal> {
        check(&lines, term, catalogue)?;
        if let Some(previous) = previous
            && term.effect_date <= previous.term.effect_date
        {
            return Err(PlanningRefusal::FrameworkNotAfter {
                previous: previous.term.effect_date,
            });
        }
        Ok(Self {
            id,
            region,
            revision: previous.map_or(1, |previous| previous.revision + 1),
            term,
            lines,
            note,
            state: FrameworkState::Draft { agreed: None },
            version: 1,
        })
    }

    /// What follows from a command.
    ///
    /// # Errors
    /// See the table at the head of this module.
    pub fn decide(
        &self,
        command: FrameworkCommand<'_>,
    ) -> Result<Vec<FrameworkEvent>, PlanningRefusal> {
        match (command, self.state) {
            (
                FrameworkCommand::Replace {
                    lines,
                    note,
                    catalogue,
                },
                FrameworkState::Draft { .. },
            ) => {
                check(&lines, self.term, catalogue)?;
                Ok(vec![FrameworkEvent::LinesReplaced { lines, note }])
            }
            (FrameworkCommand::Replace { .. }, FrameworkState::Agreed) => {
                Err(PlanningRefusal::FrameworkAgreed)
            }
            (FrameworkCommand::Agree { side, .. }, FrameworkState::Draft { agreed: None }) => {
                Ok(vec![FrameworkEvent::AgreedBySide(side)])
            }
            (
                FrameworkCommand::Agree { side, .. },
                FrameworkState::Draft {
                    agreed: Some(other),
                },
            ) if side != other => Ok(vec![
                FrameworkEvent::AgreedBySide(side),
                FrameworkEvent::Agreed,
            ]),
            (FrameworkCommand::Agree { .. }, _) => Ok(Vec::new()),
        }
    }

    /// The framework after an event.
    #[must_use]
    pub fn evolve(self, event: &FrameworkEvent) -> Self {
        let version = self.version + 1;
        match event {
            FrameworkEvent::Drafted => Self { version, ..self },
            FrameworkEvent::LinesReplaced { lines, note } => Self {
                lines: lines.clone(),
                note: note.clone(),
                state: FrameworkState::Draft { agreed: None },
                version,
                ..self
            },
            FrameworkEvent::AgreedBySide(side) => Self {
                state: FrameworkState::Draft {
                    agreed: Some(*side),
                },
                version,
                ..self
            },
            FrameworkEvent::Agreed => Self {
                state: FrameworkState::Agreed,
                version,
                ..self
            },
        }
    }
}

/// Checks the lines against each other, the dates and the catalogue: all defects, not the first.
fn check(lines: &[Line], term: Term, catalogue: &Catalogue) -> Result<(), PlanningRefusal> {
    let mut defects = Vec::new();
    if term.effect_date > term.end_date {
        defects.push(Defect {
            field: "end_date".to_owned(),
            reason: "DATES_REVERSED",
            explanation: "the last day is before the first".to_owned(),
        });
    }
    let mut seen = HashSet::new();
    for (place, line) in lines.iter().enumerate() {
        let mut report = |field: &str, reason, explanation: String| {
            defects.push(Defect {
                field: format!("lines[{place}]{field}"),
                reason,
                explanation,
            });
        };
        if !seen.insert((&line.activity, line.mode)) {
            let explanation = format!(
                "{} stands twice in this mode; an activity and mode have one line",
                line.activity
            );
            report("", "LINE_TWICE", explanation);
        }
        if line.target_year <= line.baseline_year {
            report(
                ".target_year",
                "TARGET_NOT_AFTER_BASELINE",
                format!("must be after {}", line.baseline_year),
            );
        }
        if line.growth_percent < -Decimal::ONE_HUNDRED {
            report(
                ".growth_percent",
                "BELOW_ZERO",
                "an activity cannot lose more than all of it".to_owned(),
            );
        }
        check_indicator(
            catalogue,
            &line.indicator,
            line.unit,
            ".indicator",
            &mut report,
        );
        if let Some(share) = &line.ambulatory {
            if share.percent > Decimal::ONE_HUNDRED {
                report(
                    ".ambulatory_share_percent",
                    "ABOVE_ALL",
                    "a share is 100 % at most".to_owned(),
                );
            }
            check_indicator(
                catalogue,
                &share.indicator,
                line.unit,
                ".ambulatory_indicator",
                &mut report,
            );
        }
    }
    super::sound(defects)
}

/// Checks that an indicator is known and counts in this unit.
pub(super) fn check_indicator(
    catalogue: &Catalogue,
    code: &str,
    unit: Unit,
    field: &str,
    report: &mut impl FnMut(&str, &'static str, String),
) {
    match catalogue.find(code) {
        None => {
            let known: Vec<&str> = catalogue.codes().collect();
            let explanation = format!(
                "{code:?} is not a known indicator; known are {}",
                known.join(", ")
            );
            report(field, "UNKNOWN_INDICATOR", explanation);
        }
        Some((_, indicator)) if indicator.unit != unit => {
            let explanation = format!("{code} counts {}", indicator.unit.as_str());
            report(field, "UNIT_MISMATCH", explanation);
        }
        Some(_) => {}
    }
}

#[cfg(test)]
pub(crate) mod tests;
