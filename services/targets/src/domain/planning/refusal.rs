//! What the rules of frameworks and dialogues do not allow.

use kernel::{Finess, Region};
use time::Date;

use super::EvidenceKind;
use crate::domain::Defect;

/// A command that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanningRefusal {
    #[error("the request does not hold together; each violation names its field")]
    Defects(Vec<Defect>),
    #[error(
        "this framework is agreed and stands as it is; draft the next one to revise it (CSP L1433-2)"
    )]
    FrameworkAgreed,
    #[error("region {0} has a framework in draft already; replace its lines instead")]
    FrameworkDraftExists(Region),
    #[error("a revision takes effect after the framework it revises, which began on {previous}")]
    FrameworkNotAfter { previous: Date },
    #[error("no agreed framework of region {region} is in effect on {day}")]
    NoFramework { region: Region, day: Date },
    #[error("the dialogue is closed; open another one to go on")]
    DialogueClosed,
    #[error("the dialogue holds {limit} {what} at most; close it and open another one")]
    DialogueFull { what: &'static str, limit: usize },
    #[error("{0} inflections are still proposed: agree to each or drop it before closing")]
    InflectionsUndecided(i64),
    #[error("the inflection is {state} and stands as it is")]
    InflectionDecided { state: &'static str },
    #[error(
        "an inflection rests on evidence: cite at least one {}; level 3 confronts published rates and the PMSI case-mix with needs (circulaire DGOS/R5/2011/74)",
        .0.in_words()
    )]
    EvidenceMissing(EvidenceKind),
    #[error("{0} was not invited to this dialogue; invite it first")]
    NotAParticipant(Finess),
    #[error("dissent is recorded with its reasons: say why the establishment is against")]
    DissentWithoutReasons,
    #[error(
        "every invited establishment takes a position first, or is recorded as absent; missing: {}",
        join(.0)
    )]
    PositionsMissing(Vec<Finess>),
}

fn join(numbers: &[Finess]) -> String {
    numbers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
