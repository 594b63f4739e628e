//! How each refusal of frameworks and dialogues appears on the wire.

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::{app::error::violations, domain::planning::PlanningRefusal};

impl rpc::Refusal for PlanningRefusal {
    fn reason(&self) -> Reason {
        let precondition = |reason| Reason::new(reason, Code::FailedPrecondition);
        let invalid = |reason| Reason::new(reason, Code::InvalidArgument);
        match self {
            Self::Defects(_) => invalid("PLANNING_INVALID"),
            Self::FrameworkAgreed => precondition("FRAMEWORK_AGREED"),
            Self::FrameworkDraftExists(region) => {
                Reason::new("FRAMEWORK_DRAFT_EXISTS", Code::AlreadyExists).with("region", region)
            }
            Self::FrameworkNotAfter { previous } => {
                invalid("FRAMEWORK_NOT_AFTER").with("previous", previous)
            }
            Self::NoFramework { region, day } => {
                Reason::new("NO_FRAMEWORK_IN_EFFECT", Code::NotFound)
                    .with("region", region)
                    .with("day", day)
            }
            Self::DialogueClosed => precondition("DIALOGUE_CLOSED").with("state", "closed"),
            Self::DialogueFull { limit, .. } => precondition("DIALOGUE_FULL").with("limit", limit),
            Self::InflectionsUndecided(count) => {
                precondition("INFLECTIONS_UNDECIDED").with("inflections", count)
            }
            Self::InflectionDecided { state } => {
                precondition("INFLECTION_DECIDED").with("state", state)
            }
            Self::EvidenceMissing(kind) => {
                invalid("EVIDENCE_MISSING").with("evidence", kind.in_words())
            }
            Self::NotAParticipant(finess) => {
                precondition("NOT_A_PARTICIPANT").with("finess", finess)
            }
            Self::DissentWithoutReasons => invalid("DISSENT_WITHOUT_REASONS"),
            Self::PositionsMissing(missing) => {
                precondition("POSITIONS_MISSING").with("establishments", missing.len())
            }
        }
    }
}

/// The reasons of frameworks and dialogues, for `docs/ERRORS.md`.
pub const PLANNING_REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "PLANNING_INVALID",
        Code::InvalidArgument,
        "correct the fields named in the violations",
    ),
    ReasonDoc::new(
        "FRAMEWORK_AGREED",
        Code::FailedPrecondition,
        "draft the next framework to revise an agreed one",
    ),
    ReasonDoc::new(
        "FRAMEWORK_DRAFT_EXISTS",
        Code::AlreadyExists,
        "replace the lines of the draft, or agree to it first",
    ),
    ReasonDoc::new(
        "FRAMEWORK_NOT_AFTER",
        Code::InvalidArgument,
        "choose a first day after the one named in `previous`",
    ),
    ReasonDoc::new(
        "NO_FRAMEWORK_IN_EFFECT",
        Code::NotFound,
        "choose a day on which an agreed framework is in effect, or agree to one",
    ),
    ReasonDoc::new(
        "DIALOGUE_CLOSED",
        Code::FailedPrecondition,
        "open another dialogue",
    ),
    ReasonDoc::new(
        "DIALOGUE_FULL",
        Code::FailedPrecondition,
        "close the dialogue and open another one",
    ),
    ReasonDoc::new(
        "INFLECTIONS_UNDECIDED",
        Code::FailedPrecondition,
        "agree to each proposed inflection or drop it, then close",
    ),
    ReasonDoc::new(
        "INFLECTION_DECIDED",
        Code::FailedPrecondition,
        "propose another inflection: a decided one stands",
    ),
    ReasonDoc::new(
        "EVIDENCE_MISSING",
        Code::InvalidArgument,
        "cite at least one published rate and one case-mix figure",
    ),
    ReasonDoc::new(
        "NOT_A_PARTICIPANT",
        Code::FailedPrecondition,
        "invite the establishment to the dialogue first",
    ),
    ReasonDoc::new(
        "DISSENT_WITHOUT_REASONS",
        Code::InvalidArgument,
        "give the reasons of an establishment that is against",
    ),
    ReasonDoc::new(
        "POSITIONS_MISSING",
        Code::FailedPrecondition,
        "record the position of every invited establishment, absent ones too",
    ),
];

/// What does not hold together names its fields; every other refusal is a refusal.
pub(crate) fn refused(refusal: PlanningRefusal) -> rpc::Error {
    match refusal {
        PlanningRefusal::Defects(defects) => rpc::Error::Invalid(violations(&defects)),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;
    use time::macros::date;

    use super::*;
    use crate::domain::planning::EvidenceKind;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let region: kernel::Region = "93".parse().unwrap();
        let finess: kernel::Finess = "010000040".parse().unwrap();
        let refusals = [
            PlanningRefusal::Defects(Vec::new()),
            PlanningRefusal::FrameworkAgreed,
            PlanningRefusal::FrameworkDraftExists(region),
            PlanningRefusal::FrameworkNotAfter {
                previous: date!(2024 - 01 - 01),
            },
            PlanningRefusal::NoFramework {
                region,
                day: date!(2024 - 01 - 01),
            },
            PlanningRefusal::DialogueClosed,
            PlanningRefusal::DialogueFull {
                what: "sessions",
                limit: 1,
            },
            PlanningRefusal::InflectionsUndecided(1),
            PlanningRefusal::InflectionDecided { state: "agreed" },
            PlanningRefusal::EvidenceMissing(EvidenceKind::CaseMix),
            PlanningRefusal::NotAParticipant(finess),
            PlanningRefusal::DissentWithoutReasons,
            PlanningRefusal::PositionsMissing(vec![finess]),
        ];
        assert_eq!(refusals.len(), PLANNING_REASONS.len());
        for refusal in refusals {
            let Reason { reason, code, .. } = refusal.reason();
            let documented = PLANNING_REASONS.iter().find(|doc| doc.reason == reason);
            assert_eq!(documented.map(|doc| doc.code), Some(code), "{refusal:?}");
        }
    }
}
