//! How the refusals of reviews and procedures appear on the wire.

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::domain::denial::Denial;

/// What a program may want of a refusal beside its name.
pub(super) fn details(denial: &Denial, reason: Reason) -> Reason {
    match denial {
        Denial::DelayRunning { due }
        | Denial::DelayOver { due }
        | Denial::PaymentNotDue { due } => reason.with("due_date", due),
        Denial::DefenceAnswerAwaited { until } | Denial::DefenceContinuity { until, .. } => {
            reason.with("due_date", until)
        }
        Denial::ObservationsUnread { unread } => reason.with("unread", unread),
        Denial::AmountOverCap { earlier, cap, .. } => reason
            .with("cap_eur", format!("{cap:.2}"))
            .with("earlier_eur", format!("{earlier:.2}")),
        Denial::PaymentOverBalance { balance } => {
            reason.with("balance_eur", format!("{balance:.2}"))
        }
        _ => reason,
    }
}

const fn impossible_now(reason: &'static str, remedy: &'static str) -> ReasonDoc {
    ReasonDoc::new(reason, Code::FailedPrecondition, remedy)
}

const fn wrong_value(reason: &'static str, remedy: &'static str) -> ReasonDoc {
    ReasonDoc::new(reason, Code::InvalidArgument, remedy)
}

const fn not_you(reason: &'static str, remedy: &'static str) -> ReasonDoc {
    ReasonDoc::new(reason, Code::PermissionDenied, remedy)
}

/// Every reason of a [`Denial`], with its code and what the caller can do.
pub(super) const DENIALS: &[ReasonDoc] = &[
    impossible_now(
        "ALREADY_RECEIVED",
        "nothing is left to do: the receipt is proven or deemed",
    ),
    impossible_now(
        "RECEIPT_BY_OTHER_SIDE",
        "let the establishment consult the portal, or the agency record the proof of a letter",
    ),
    wrong_value(
        "RECEIPT_OUT_OF_RANGE",
        "give a day from the sending to today",
    ),
    impossible_now(
        "RECEIPT_NOT_PROVEN",
        "prove the receipt first: no delay runs before it",
    ),
    impossible_now(
        "DELAY_RUNNING",
        "wait until the day after the named one: the establishment may still answer",
    ),
    impossible_now("DELAY_OVER", "go on without: the delay has ended"),
    impossible_now(
        "ALREADY_EXTENDED",
        "go on without: the delay is extended once only",
    ),
    wrong_value(
        "HEARING_OUT_OF_RANGE",
        "give a day from the sending to today",
    ),
    wrong_value("DATE_IN_FUTURE", "give the day on which it happened"),
    not_you(
        "EXAMINER_NOTIFIED",
        "let a reviewer who did not notify examine",
    ),
    impossible_now(
        "OBSERVATIONS_UNREAD",
        "read what was said: examine again, or acknowledge the observations",
    ),
    impossible_now(
        "NOTHING_TO_REOPEN",
        "leave the conclusion: no finding changed and no milestone is overdue",
    ),
    wrong_value("UNKNOWN_MILESTONE", "name a milestone of the action plan"),
    impossible_now("MILESTONE_REACHED", "nothing is left to do for it"),
    wrong_value("MILESTONE_IN_PAST", "give each milestone a day after today"),
    wrong_value(
        "OBJECTIVE_NOT_CONCERNED",
        "name objectives of the standing findings",
    ),
    impossible_now(
        "GRAVE_BREACH_REQUIRED",
        "choose a penalty, or another outcome: only a grave breach bears a termination",
    ),
    not_you(
        "DELEGATION_REQUIRED",
        "let the director general do it, or record the published delegation that covers procedures",
    ),
    not_you(
        "DECIDER_IS_PROPOSER",
        "let a director general who did not propose it do it",
    ),
    impossible_now(
        "GROUND_CHANGED",
        "drop the procedure: its finding stands no more",
    ),
    impossible_now(
        "FILE_NOT_COMMUNICATED",
        "communicate the file that was asked for first",
    ),
    impossible_now(
        "DEFENCE_NOT_CONSULTED",
        "consult the minister of defence, and record the letter, before the decision",
    ),
    impossible_now(
        "DEFENCE_ANSWER_AWAITED",
        "record the answer of the minister of defence, or wait until the day after the named one",
    ),
    impossible_now(
        "DEFENCE_CONTINUITY",
        "give the contract the named last day, or a later one",
    ),
    impossible_now(
        "DEFENCE_ALREADY_CONSULTED",
        "nothing is left to do: the consultation is recorded",
    ),
    impossible_now(
        "DEFENCE_ALREADY_ANSWERED",
        "nothing is left to do: the answer is recorded",
    ),
    impossible_now(
        "DEFENCE_NOT_CONCERNED",
        "go on without: only a termination is preceded by this consultation",
    ),
    wrong_value(
        "DEFENCE_DAY_OUT_OF_RANGE",
        "give a day from the one it is counted from",
    ),
    impossible_now("FILE_ALREADY_REQUESTED", "wait for the file"),
    impossible_now(
        "NO_FILE_REQUEST",
        "nothing is left to do: nobody waits for a file",
    ),
    impossible_now(
        "AMOUNT_OVER_CAP",
        "decide on an amount that stays within the named cap with the earlier ones of the year",
    ),
    wrong_value("AMOUNT_NOT_POSITIVE", "give an amount above zero"),
    impossible_now(
        "NO_CAP_ON_RECORD",
        "let an administrator record the figure in force and its source",
    ),
    wrong_value("TERMINATION_IN_PAST", "give today or a later day"),
    impossible_now(
        "OTHER_SANCTION",
        "decide on what was proposed, or drop the procedure",
    ),
    wrong_value("NOT_A_PARTY", "name a legal entity of the contract"),
    impossible_now(
        "REFUSAL_NOT_PENALISED",
        "go on negotiating: the regime of this contract has no such penalty",
    ),
    impossible_now(
        "REFUSAL_ALREADY_PROPOSED",
        "carry on the procedure that is under way",
    ),
    impossible_now("NOTHING_OWED", "nothing is left to do: nothing is owed"),
    wrong_value("PAYMENT_OVER_BALANCE", "record no more than is owed"),
    impossible_now("PAYMENT_NOT_DUE", "wait until the day after the named one"),
    impossible_now("ALREADY_REFERRED", "nothing is left to do: the fund has it"),
    impossible_now(
        "APPEAL_PENDING",
        "record the outcome of the pending appeal first",
    ),
    wrong_value("UNKNOWN_APPEAL", "name one of the appeals"),
    impossible_now("APPEAL_ENDED", "nothing is left to do for it"),
    wrong_value(
        "NOT_A_REDUCTION",
        "give an amount below the penalty as it stands",
    ),
    impossible_now("ALREADY_CONSENTED", "nothing is left to do"),
    impossible_now("NOT_CONSENTED", "nothing is left to do"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Decimal;
    use time::macros::date;

    use super::*;
    use crate::domain::{Refusal, fixtures::entity};

    fn one_of_each() -> Vec<Denial> {
        let (day, euros) = (date!(2026 - 03 - 10), Decimal::ONE);
        let (due, sent, today) = (day, day, day);
        vec![
            Denial::AlreadyReceived,
            Denial::ReceiptByOtherSide { channel: "PORTAL" },
            Denial::ReceiptOutOfRange { day, sent, today },
            Denial::ReceiptNotProven,
            Denial::DelayRunning { due },
            Denial::DelayOver { due },
            Denial::AlreadyExtended,
            Denial::HearingOutOfRange {
                date: day,
                sent,
                today,
            },
            Denial::DateInFuture { day, today },
            Denial::ExaminerNotified,
            Denial::ObservationsUnread { unread: 1 },
            Denial::NothingToReopen,
            Denial::UnknownMilestone { rank: 1 },
            Denial::MilestoneReached { rank: 1 },
            Denial::MilestoneInPast { due, today },
            Denial::ObjectiveNotConcerned {
                objective: "implantations".into(),
            },
            Denial::GraveBreachRequired,
            Denial::DelegationRequired { day },
            Denial::DeciderIsProposer,
            Denial::GroundChanged,
            Denial::FileNotCommunicated,
            Denial::DefenceNotConsulted,
            Denial::DefenceAnswerAwaited { until: day },
            Denial::DefenceContinuity { day, until: day },
            Denial::DefenceAlreadyConsulted,
            Denial::DefenceAlreadyAnswered,
            Denial::DefenceNotConcerned,
            Denial::DefenceDayOutOfRange { day, from: day },
            Denial::FileAlreadyRequested,
            Denial::NoFileRequest,
            Denial::AmountOverCap {
                amount: euros,
                earlier: euros,
                cap: euros,
                source_text: "CSP L6114-1".into(),
            },
            Denial::AmountNotPositive,
            Denial::NoCapOnRecord,
            Denial::TerminationInPast { day, today },
            Denial::OtherSanction { kind: "PENALTY" },
            Denial::NotAParty { entity: entity() },
            Denial::RefusalNotPenalised {
                regime: "R2020_2025".into(),
            },
            Denial::RefusalAlreadyProposed,
            Denial::NothingOwed,
            Denial::PaymentOverBalance { balance: euros },
            Denial::PaymentNotDue { due },
            Denial::AlreadyReferred,
            Denial::AppealPending,
            Denial::UnknownAppeal { rank: 1 },
            Denial::AppealEnded { rank: 1 },
            Denial::NotAReduction {
                reduced: euros,
                amount: euros,
            },
            Denial::AlreadyConsented,
            Denial::NotConsented,
        ]
    }

    #[test]
    fn every_denial_is_listed_with_its_code() {
        let denials = one_of_each();
        let answered: BTreeSet<_> = denials.iter().map(Denial::reason).collect();
        let listed: BTreeSet<_> = DENIALS.iter().map(|doc| doc.reason).collect();
        assert_eq!(answered, listed);
        assert_eq!(DENIALS.len(), listed.len(), "each reason is listed once");
        for denial in denials {
            let code = rpc::Refusal::reason(&Refusal::from(denial)).code;
            assert_ne!(code, Code::Internal);
        }
    }
}
