//! How refusals of the domain appear on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc, Violation};
use tonic::Code;

use super::denial_error::{DENIALS, details};
use crate::domain::{Refusal, text::FieldDefect};

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        let name = Refusal::reason(self);
        let code = REASONS
            .iter()
            .find(|doc| doc.reason == name)
            .map_or(Code::Internal, |doc| doc.code);
        let reason = Reason::new(name, code);
        match self {
            Self::WrongState { state, .. } => reason.with("state", state),
            Self::RoleNotEntitled { roles, .. } => reason.with("roles", roles.join(",")),
            // The copy of the registry follows within moments of an import.
            Self::PerimeterNotInRegistry(_) => reason.retry_after(Duration::from_millis(100)),
            Self::PerimeterOverlap(overlap) => reason
                .with("establishment", overlap.establishment)
                .with("contract", &overlap.contract),
            Self::TooManyObjectives { max, regime, .. } => {
                reason.with("max", max).with("legal_regime", regime)
            }
            Self::TermTooLong {
                last_day, regime, ..
            } => reason
                .with("last_day", last_day)
                .with("legal_regime", regime),
            Self::OpinionsMissing { bodies } => reason.with("bodies", bodies.join("; ")),
            Self::DocumentHashMismatch { expected, given } => {
                reason.with("expected", expected).with("given", given)
            }
            Self::ObservationPeriodRunning { due_date } => reason.with("due_date", due_date),
            Self::Denied(denial) => details(denial, reason),
            Self::SignatoryMissing { party, .. } => reason.with("party", party),
            Self::ImpactMoved { current } => reason.with("current", current),
            Self::AmendmentAwaitingSignature { amendment } => reason.with("amendment", amendment),
            Self::ExtensionOutOfRange { latest, .. } => reason.with("latest", latest),
            Self::ExtensionTooLate { notice_day, .. } => reason.with("notice_day", notice_day),
            _ => reason,
        }
    }
}

/// A text that is not well formed is a bad request, field by field.
pub(crate) fn malformed(defects: Vec<FieldDefect>) -> rpc::Error {
    let violations = defects
        .into_iter()
        .map(|defect| Violation::new(defect.field, defect.explanation))
        .collect();
    rpc::Error::Invalid(violations)
}

const fn doc(reason: &'static str, code: Code, remedy: &'static str) -> ReasonDoc {
    ReasonDoc {
        reason,
        code,
        remedy,
    }
}

/// Every reason of this service, with its code and what the caller can do.
pub const REASONS: &[ReasonDoc] = &joined::<{ OWN.len() + DENIALS.len() }>(OWN, DENIALS);

const fn joined<const N: usize>(
    one: &'static [ReasonDoc],
    other: &'static [ReasonDoc],
) -> [ReasonDoc; N] {
    let mut all = [one[0]; N];
    let mut place = 0;
    while place < N {
        all[place] = if place < one.len() {
            one[place]
        } else {
            other[place - one.len()]
        };
        place += 1;
    }
    all
}

/// Reasons of what contracts refuse.
const OWN: &[ReasonDoc] = &[
    doc(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the resource: its allowed_actions say what is possible",
    ),
    doc(
        "ROLE_NOT_ENTITLED",
        Code::PermissionDenied,
        "let a person with one of the named roles do it",
    ),
    doc(
        "HUMAN_REQUIRED",
        Code::PermissionDenied,
        "let a person do it: no machine ever can",
    ),
    doc(
        "OUTSIDE_MANDATE",
        Code::PermissionDenied,
        "let somebody who directs a party to the contract do it",
    ),
    doc(
        "PERIMETER_NOT_IN_REGISTRY",
        Code::FailedPrecondition,
        "correct the entities and sites that are named, or import them into the registry first",
    ),
    doc(
        "PERIMETER_OVERLAP",
        Code::FailedPrecondition,
        "change the dates or the perimeter: the named contract covers the site",
    ),
    doc(
        "PERIMETER_EMPTY",
        Code::FailedPrecondition,
        "name at least one establishment",
    ),
    doc(
        "NO_OBJECTIVE",
        Code::FailedPrecondition,
        "write at least one strategic objective",
    ),
    doc(
        "TOO_MANY_OBJECTIVES",
        Code::FailedPrecondition,
        "propose a version with no more objectives than the regime allows",
    ),
    doc(
        "TERM_TOO_LONG",
        Code::FailedPrecondition,
        "propose a version that ends on the named day at the latest",
    ),
    doc(
        "ALREADY_AGREED",
        Code::FailedPrecondition,
        "wait for the other side, or propose another version",
    ),
    doc(
        "UNKNOWN_CONSULTATION",
        Code::InvalidArgument,
        "name one of the consultations of the text",
    ),
    doc(
        "OPINION_ALREADY_RECORDED",
        Code::FailedPrecondition,
        "nothing is left to do for this body",
    ),
    doc(
        "OPINION_IN_FUTURE",
        Code::InvalidArgument,
        "give the day on which the body gave its opinion",
    ),
    doc(
        "OPINIONS_MISSING",
        Code::FailedPrecondition,
        "record the opinions of the named bodies first",
    ),
    doc(
        "TARGETS_NOT_AGREED",
        Code::FailedPrecondition,
        "let both sides agree to a target set of this contract first",
    ),
    doc(
        "FOREIGN_TARGET_SET",
        Code::FailedPrecondition,
        "agree on a target set of this contract",
    ),
    doc(
        "UNKNOWN_PARTY",
        Code::InvalidArgument,
        "sign for one of the required_signatories",
    ),
    doc(
        "ALREADY_SIGNED",
        Code::FailedPrecondition,
        "wait for the other parties",
    ),
    doc(
        "WRONG_SIGNATORY",
        Code::PermissionDenied,
        "let the director general sign for the agency, and each legal entity's director for it",
    ),
    doc(
        "DOCUMENT_HASH_MISMATCH",
        Code::FailedPrecondition,
        "read the frozen document again and sign that one",
    ),
    doc(
        "EXAMINER_IS_CONTROLLER",
        Code::PermissionDenied,
        "let a reviewer who had no part in the campaign examine",
    ),
    doc(
        "OBSERVATION_PERIOD_RUNNING",
        Code::FailedPrecondition,
        "wait for the observations, or until the day after the due date",
    ),
    doc(
        "NO_SANCTIONABLE_FINDING",
        Code::FailedPrecondition,
        "choose another outcome: no attached finding can bear a sanction",
    ),
    doc(
        "SECOND_PERSON_REQUIRED",
        Code::PermissionDenied,
        "let somebody else than the examiner propose the sanction",
    ),
    doc(
        "SIGNATORY_MISSING",
        Code::FailedPrecondition,
        "add the named departmental council to the text: the category of the site needs its signature",
    ),
    doc(
        "DATE_OUT_OF_RANGE",
        Code::InvalidArgument,
        "give a day within the range that the message says",
    ),
    doc(
        "OWN_MANDATE",
        Code::PermissionDenied,
        "let a colleague record it",
    ),
    doc(
        "VERSION_REPLACED",
        Code::Aborted,
        "read the current version, then decide again",
    ),
    doc(
        "UNKNOWN_ELEMENT",
        Code::InvalidArgument,
        "name an element that the text or the resource has",
    ),
    doc(
        "NO_EXTENSION",
        Code::FailedPrecondition,
        "prepare a renewal or another contract: the regime knows no extension",
    ),
    doc(
        "EXTENSIONS_EXHAUSTED",
        Code::FailedPrecondition,
        "negotiate another contract: no extension is left",
    ),
    doc(
        "EXTENSION_TOO_LATE",
        Code::FailedPrecondition,
        "negotiate another contract: the day to announce an extension has passed",
    ),
    doc(
        "EXTENSION_OUT_OF_RANGE",
        Code::InvalidArgument,
        "choose a last day within the range that the message says",
    ),
    doc(
        "FINAL_EVALUATION_MISSING",
        Code::FailedPrecondition,
        "conclude the final evaluation first",
    ),
    doc(
        "NO_RENEWAL",
        Code::FailedPrecondition,
        "prepare another contract: the regime knows no request for renewal",
    ),
    doc(
        "NOT_A_SUCCESSOR",
        Code::FailedPrecondition,
        "name a signed contract of the same parties that takes effect later",
    ),
    doc(
        "EVALUATION_PLANNED",
        Code::AlreadyExists,
        "use the evaluation that is planned",
    ),
    doc(
        "RENEWAL_STANDS",
        Code::AlreadyExists,
        "use the request that stands",
    ),
    doc(
        "AMENDMENT_EMPTY",
        Code::FailedPrecondition,
        "revise the amendment: it changes nothing yet",
    ),
    doc(
        "AMENDED_TEXT_MALFORMED",
        Code::FailedPrecondition,
        "correct the changes: with them the text contradicts itself where the message says",
    ),
    doc(
        "AMENDMENT_CHANGES_HOLDER",
        Code::FailedPrecondition,
        "keep the holders; another holder takes another contract",
    ),
    doc(
        "OWN_PROPOSAL",
        Code::PermissionDenied,
        "let the other side answer",
    ),
    doc(
        "NOT_YOUR_PROPOSAL",
        Code::PermissionDenied,
        "reject it, or let the side that proposed it withdraw it",
    ),
    doc(
        "IMPACT_NOT_ACKNOWLEDGED",
        Code::FailedPrecondition,
        "read GetImpactReview and acknowledge it first",
    ),
    doc(
        "IMPACT_MOVED",
        Code::Aborted,
        "read GetImpactReview again and acknowledge what it says now",
    ),
    doc(
        "NO_SIGNING_PROVIDER",
        Code::FailedPrecondition,
        "ask the operator to configure a provider of electronic signatures",
    ),
    doc(
        "AMENDMENT_AWAITING_SIGNATURE",
        Code::FailedPrecondition,
        "sign or withdraw the named amendment first",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        TargetSetId,
        perimeter::Overlap,
        signature::{DocumentHash, Party},
    };

    fn one_of_each() -> Vec<Refusal> {
        let day = date!(2026 - 03 - 10);
        let hash = DocumentHash([0; 32]);
        let method = "SignContract";
        let party = Party::Ars;
        let body = || "Conseil de surveillance".to_owned();
        let regime = || "R2020_2025".to_owned();
        let establishment = "130783293".parse().unwrap();
        let contract = "93-2026-0001".to_owned();
        let overlap = Overlap {
            establishment,
            contract,
            effect_date: day,
            end_date: day,
        };
        vec![
            Refusal::WrongState {
                method,
                resource: "contract",
                state: "DRAFT",
            },
            Refusal::RoleNotEntitled {
                method,
                roles: &["director_general"],
            },
            Refusal::HumanRequired { method },
            Refusal::OutsideMandate,
            Refusal::PerimeterNotInRegistry(vec![]),
            Refusal::PerimeterOverlap(overlap),
            Refusal::PerimeterEmpty,
            Refusal::NoObjective,
            Refusal::TooManyObjectives {
                objectives: 11,
                max: 10,
                regime: regime(),
            },
            Refusal::TermTooLong {
                end_date: day,
                last_day: day,
                max_months: 60,
                regime: regime(),
            },
            Refusal::AlreadyAgreed { version: 1 },
            Refusal::UnknownConsultation { body: body() },
            Refusal::OpinionAlreadyRecorded { body: body() },
            Refusal::OpinionInFuture { date: day },
            Refusal::OpinionsMissing {
                bodies: vec![body()],
            },
            Refusal::TargetsNotAgreed {
                explanation: String::new(),
            },
            Refusal::ForeignTargetSet {
                target_set: TargetSetId(Uuid::nil()),
            },
            Refusal::UnknownParty { party },
            Refusal::AlreadySigned { party },
            Refusal::WrongSignatory { party },
            Refusal::DocumentHashMismatch {
                expected: hash,
                given: hash,
            },
            Refusal::ExaminerIsController,
            Refusal::ObservationPeriodRunning { due_date: day },
            Refusal::NoSanctionableFinding,
            Refusal::SecondPersonRequired,
        ]
    }

    #[test]
    fn refusals_are_listed_once_and_have_a_code() {
        let refusals = one_of_each();
        let answered: BTreeSet<_> = refusals.iter().map(Refusal::reason).collect();
        let listed: BTreeSet<_> = OWN.iter().map(|doc| doc.reason).collect();
        let missing: Vec<_> = answered.difference(&listed).collect();
        assert!(missing.is_empty(), "not listed: {missing:?}");
        assert_eq!(OWN.len(), listed.len(), "each reason is listed once");
        for refusal in &refusals {
            let code = rpc::Refusal::reason(refusal).code;
            assert_ne!(code, Code::Internal, "{refusal}");
        }
    }
}
