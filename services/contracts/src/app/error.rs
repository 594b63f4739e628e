//! How refusals of the domain appear on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc, Violation};

use super::{
    denial_error::{DENIALS, details},
    reasons::{OWN, UNFIT},
};
use crate::domain::{Refusal, text::FieldDefect};

/// The copy of the registry follows within moments of an import.
const COPY_RETRY: Duration = Duration::from_millis(100);

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        let reason = Reason::listed(Refusal::reason(self), REASONS);
        match self {
            Self::WrongState { state, .. } => reason.with("state", state),
            Self::RoleNotEntitled { roles, .. } => reason.with("roles", roles.join(",")),
            Self::PerimeterNotInRegistry(_) => reason.retry_after(COPY_RETRY),
            Self::EntityNotInRegistry { entity } => {
                reason.with("legal_entity", entity).retry_after(COPY_RETRY)
            }
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
            Self::SignatoryMissing { party, .. } | Self::CouncilStillNeeded { party, .. } => {
                reason.with("party", party)
            }
            Self::LaterAmendmentConflict {
                number,
                effect_date,
                cause,
            } => reason
                .with("amendment_number", number)
                .with("effect_date", effect_date)
                .with("cause", Refusal::reason(cause)),
            Self::ProgrammingUnderWay { programming } => reason.with("programming", programming),
            Self::ImpactMoved { current } => reason.with("current", current),
            Self::AmendmentAwaitingSignature { amendment } => reason.with("amendment", amendment),
            Self::AnnexFileNotKept { code } => reason.with("annex", code),
            Self::TemplateDefective { sample, .. } => reason.with("sample", sample),
            Self::DocumentDefective { template, .. } => reason.with("template", template),
            Self::ExtensionOutOfRange { latest, .. } => reason.with("latest", latest),
            Self::ExtensionTooLate { notice_day, .. } => reason.with("notice_day", notice_day),
            Self::WithdrawalTooEarly { from, .. } => reason.with("from", from),
            Self::WithdrawalNoticeTooShort { earliest } => reason.with("earliest", earliest),
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

/// Every reason of this service, with its code and what the caller can do.
pub const REASONS: &[ReasonDoc] = &joined::<{ REFUSED.len() + UNFIT.len() }>(REFUSED, UNFIT);

/// Those of the domain.
const REFUSED: &[ReasonDoc] = &joined::<{ OWN.len() + DENIALS.len() }>(OWN, DENIALS);

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::{Date, macros::date};
    use tonic::Code;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        ContractId, ProgrammingId, TargetSetId,
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
            Refusal::OutsideCompetence {
                what: String::new(),
            },
            Refusal::AttachmentNotKept {
                file_name: "plan.pdf".into(),
            },
            Refusal::PerimeterNotInRegistry(vec![]),
            Refusal::EntityNotInRegistry {
                entity: "130786049".parse().unwrap(),
            },
            Refusal::PerimeterOverlap(overlap),
            Refusal::PerimeterEmpty,
            Refusal::NoObjective,
            Refusal::TooManyObjectives {
                objectives: 11,
                max: 10,
                regime: regime(),
                source_text: String::new(),
            },
            Refusal::TermTooLong {
                end_date: day,
                last_day: day,
                max_months: 60,
                regime: regime(),
                source_text: String::new(),
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
            Refusal::MandateNotInForce { party, day },
            Refusal::DocumentHashMismatch {
                expected: hash,
                given: hash,
            },
            Refusal::ExaminerIsController,
            Refusal::ObservationPeriodRunning { due_date: day },
            Refusal::NoSanctionableFinding,
            Refusal::SecondPersonRequired,
            Refusal::SignatoryMissing {
                establishment,
                party,
                regime: regime(),
            },
            Refusal::DateOutOfRange(defect()),
            Refusal::OwnMandate,
            Refusal::VersionReplaced {
                given: 1,
                current: 2,
            },
            Refusal::UnknownElement {
                what: "objective",
                code: "O1".into(),
            },
        ]
        .into_iter()
        .chain(of_terms(day))
        .chain(of_authorities())
        .chain(of_amendments())
        .chain(of_documents())
        .collect()
    }

    fn defect() -> FieldDefect {
        FieldDefect::new("text.end_date", "must not be before the effect date")
    }

    fn of_terms(day: Date) -> [Refusal; 14] {
        let regime = || "R2020_2025".to_owned();
        [
            Refusal::NoExtension { regime: regime() },
            Refusal::ExtensionsExhausted {
                times: 2,
                regime: regime(),
            },
            Refusal::ExtensionTooLate {
                notice_day: day,
                regime: regime(),
            },
            Refusal::ExtensionOutOfRange {
                last_day: day,
                after: day,
                latest: day,
                regime: regime(),
            },
            Refusal::FinalEvaluationMissing,
            Refusal::NoRenewal { regime: regime() },
            Refusal::NotYourCommitment {
                commitment: "E1".into(),
            },
            Refusal::StepAlreadyDone,
            Refusal::EvaluationPlanned { year: 2028 },
            Refusal::RenewalStands,
            Refusal::WithdrawalTooEarly {
                from: day,
                source_text: String::new(),
            },
            Refusal::WithdrawalNoticeTooShort { earliest: day },
            Refusal::WithdrawalStands,
            Refusal::NotASuccessor {
                successor: ContractId(Uuid::nil()),
            },
        ]
    }

    fn of_authorities() -> [Refusal; 7] {
        let party = Party::Ars;
        [
            Refusal::MandateOutOfPlace { explanation: "" },
            Refusal::NoSigningProvider,
            Refusal::GroupingNotPossible {
                explanation: String::new(),
            },
            Refusal::NotAnAuthority { party },
            Refusal::CouncilNotNamed {
                councils: vec![party],
            },
            Refusal::ApprovalsMissing {
                missing: vec![party],
            },
            Refusal::ProgrammingUnderWay {
                programming: ProgrammingId(Uuid::nil()),
            },
        ]
    }

    fn of_amendments() -> [Refusal; 11] {
        [
            Refusal::AmendmentEmpty,
            Refusal::AmendedTextMalformed(vec![defect()]),
            Refusal::AmendmentChangesHolder {
                holders: vec!["130783293".into()],
            },
            Refusal::AlreadyMember { party: Party::Ars },
            Refusal::CouncilStillNeeded {
                party: Party::Ars,
                what: "funding line F1".into(),
            },
            Refusal::LaterAmendmentConflict {
                number: 1,
                effect_date: date!(2027 - 01 - 01),
                cause: Box::new(Refusal::AmendmentEmpty),
            },
            Refusal::OwnProposal {
                method: "AgreeToAmendment",
            },
            Refusal::NotYourProposal,
            Refusal::ImpactNotAcknowledged,
            Refusal::ImpactMoved {
                current: DocumentHash([0; 32]),
            },
            Refusal::AmendmentAwaitingSignature {
                amendment: "amendments/x".into(),
            },
        ]
    }

    fn of_documents() -> [Refusal; 5] {
        [
            Refusal::AnnexFileNotKept { code: "A1".into() },
            Refusal::NoTypesetter,
            Refusal::NotCommunicable,
            Refusal::TemplateDefective {
                sample: "contract-1".into(),
                defects: String::new(),
            },
            Refusal::DocumentDefective {
                template: "contract-93-1".into(),
                defects: String::new(),
            },
        ]
    }

    #[test]
    fn every_refusal_is_listed_with_its_code() {
        let refusals = one_of_each();
        let answered: BTreeSet<_> = refusals.iter().map(Refusal::reason).collect();
        let listed: BTreeSet<_> = OWN.iter().map(|doc| doc.reason).collect();
        assert_eq!(answered, listed);
        assert_eq!(OWN.len(), listed.len(), "each reason is listed once");
        for refusal in &refusals {
            let code = rpc::Refusal::reason(refusal).code;
            assert_ne!(code, Code::Internal, "{refusal}");
        }
    }
}
