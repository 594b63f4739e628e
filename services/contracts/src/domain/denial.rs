//! What the contradictory part of the trade refuses: receipts, delays, examinations, procedures and money.

use kernel::{Decimal, Finess};
use time::Date;

/// A refusal, as [`Refusal`](super::Refusal) carries it: what is wrong, and which rule says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    #[error(
        "the receipt is already proven, or deemed after fifteen days on the portal (CRPA R112-20)"
    )]
    AlreadyReceived,
    #[error(
        "what was sent by {channel} is received otherwise: the portal by the establishment that consults it, a \
         letter by the agency that holds its proof"
    )]
    ReceiptByOtherSide { channel: &'static str },
    #[error("a receipt on {day} is not between the sending, {sent}, and today, {today}")]
    ReceiptOutOfRange { day: Date, sent: Date, today: Date },
    #[error("the delay has not begun: no receipt is proven or deemed")]
    ReceiptNotProven,
    #[error("the delay runs until {due}; act from the day after (CSP R6114-9, R6114-10)")]
    DelayRunning { due: Date },
    #[error("the delay ended on {due}: it cannot be given again")]
    DelayOver { due: Date },
    #[error("the delay was extended once, and can be only once (CSP R6114-9, R6114-10)")]
    AlreadyExtended,
    #[error("a hearing on {date} is not between the sending, {sent}, and today, {today}")]
    HearingOutOfRange { date: Date, sent: Date, today: Date },
    #[error("{day} is after today, {today}")]
    DateInFuture { day: Date, today: Date },

    #[error("the person who examines cannot be the one who notified")]
    ExaminerNotified,
    #[error(
        "{unread} observations or hearings came after the examination or were not read: they must be before closing \
         (CRPA L121-1)"
    )]
    ObservationsUnread { unread: usize },
    #[error("nothing has changed since the conclusion, and no milestone is overdue")]
    NothingToReopen,
    #[error("the action plan has no milestone {rank}")]
    UnknownMilestone { rank: usize },
    #[error("milestone {rank} is already reached")]
    MilestoneReached { rank: usize },
    #[error("a milestone due on {due} is not after today, {today}")]
    MilestoneInPast { due: Date, today: Date },
    #[error("no standing finding is about the objective {objective:?}")]
    ObjectiveNotConcerned { objective: String },

    #[error("a termination rests on a grave breach (CSP R6114-9): no standing finding is grave")]
    GraveBreachRequired,
    #[error(
        "on {day} no published delegation in force lets you act in place of the director general (CSP L1432-2)"
    )]
    DelegationRequired { day: Date },
    #[error(
        "whoever proposed the procedure cannot also open or decide it: another director general must (CRPA L100-2, impartiality)"
    )]
    DeciderIsProposer,
    #[error(
        "the finding on which the procedure rests was withdrawn or corrected: drop the procedure"
    )]
    GroundChanged,
    #[error("the establishment has asked for its file and has not received it (CRPA L122-2)")]
    FileNotCommunicated,
    #[error(
        "the contract bears on the health support of the armed forces: the minister of defence is consulted before it is \
         terminated (CSP L1435-3-1, L6114-1-1)"
    )]
    DefenceNotConsulted,
    #[error("the answer of the minister of defence is awaited until {until} (CSP L1435-3-1)")]
    DefenceAnswerAwaited { until: Date },
    #[error(
        "the contract cannot end on {day}: the mission of the armed forces health service needs it until {until} \
         (CSP L1435-3-1)"
    )]
    DefenceContinuity { day: Date, until: Date },
    #[error("the minister of defence was already consulted about this procedure")]
    DefenceAlreadyConsulted,
    #[error("the answer of the minister of defence is already recorded")]
    DefenceAlreadyAnswered,
    #[error("the minister of defence is consulted before a termination, and before no penalty")]
    DefenceNotConcerned,
    #[error("{day} is before {from}, from which it is counted")]
    DefenceDayOutOfRange { day: Date, from: Date },
    #[error("the file was asked for and is being prepared")]
    FileAlreadyRequested,
    #[error("nobody has asked for the file")]
    NoFileRequest,
    #[error(
        "{amount} euros, with {earlier} euros already decided that year, exceed the cap of {cap} euros ({source_text})"
    )]
    AmountOverCap {
        amount: Decimal,
        earlier: Decimal,
        cap: Decimal,
        source_text: String,
    },
    #[error("a penalty is more than zero")]
    AmountNotPositive,
    #[error("no cap is on record for this procedure on that day")]
    NoCapOnRecord,
    #[error("a contract cannot be terminated on {day}, before today, {today}")]
    TerminationInPast { day: Date, today: Date },
    #[error("the procedure is a {kind}: decide on that, or drop it")]
    OtherSanction { kind: &'static str },
    #[error("legalEntities/{entity} is not a party to the contract")]
    NotAParty { entity: Finess },
    #[error("a refusal to sign is not penalised under the regime {regime} (CASF L313-12, IV ter)")]
    RefusalNotPenalised { regime: String },
    #[error("a procedure for the refusal to sign this contract is already under way")]
    RefusalAlreadyProposed,

    #[error("nothing is owed")]
    NothingOwed,
    #[error("{balance} euros are owed, not more")]
    PaymentOverBalance { balance: Decimal },
    #[error("the penalty may be paid until {due} (CSP R6114-10)")]
    PaymentNotDue { due: Date },
    #[error("the penalty was already handed to the fund")]
    AlreadyReferred,
    #[error("an appeal of that kind is pending")]
    AppealPending,
    #[error("there is no appeal {rank}")]
    UnknownAppeal { rank: usize },
    #[error("appeal {rank} has ended")]
    AppealEnded { rank: usize },
    #[error("{reduced} euros are not less than the penalty of {amount} euros")]
    NotAReduction { reduced: Decimal, amount: Decimal },

    #[error("the legal entity has already consented to the portal, with that address")]
    AlreadyConsented,
    #[error("the legal entity has not consented to the portal")]
    NotConsented,
}

impl Denial {
    /// Stable name, part of the public interface.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::AlreadyReceived => "ALREADY_RECEIVED",
            Self::ReceiptByOtherSide { .. } => "RECEIPT_BY_OTHER_SIDE",
            Self::ReceiptOutOfRange { .. } => "RECEIPT_OUT_OF_RANGE",
            Self::ReceiptNotProven => "RECEIPT_NOT_PROVEN",
            Self::DelayRunning { .. } => "DELAY_RUNNING",
            Self::DelayOver { .. } => "DELAY_OVER",
            Self::AlreadyExtended => "ALREADY_EXTENDED",
            Self::HearingOutOfRange { .. } => "HEARING_OUT_OF_RANGE",
            Self::DateInFuture { .. } => "DATE_IN_FUTURE",
            Self::ExaminerNotified => "EXAMINER_NOTIFIED",
            Self::ObservationsUnread { .. } => "OBSERVATIONS_UNREAD",
            Self::NothingToReopen => "NOTHING_TO_REOPEN",
            Self::UnknownMilestone { .. } => "UNKNOWN_MILESTONE",
            Self::MilestoneReached { .. } => "MILESTONE_REACHED",
            Self::MilestoneInPast { .. } => "MILESTONE_IN_PAST",
            Self::ObjectiveNotConcerned { .. } => "OBJECTIVE_NOT_CONCERNED",
            Self::GraveBreachRequired => "GRAVE_BREACH_REQUIRED",
            Self::DelegationRequired { .. } => "DELEGATION_REQUIRED",
            Self::DeciderIsProposer => "DECIDER_IS_PROPOSER",
            Self::GroundChanged => "GROUND_CHANGED",
            Self::FileNotCommunicated => "FILE_NOT_COMMUNICATED",
            Self::DefenceNotConsulted => "DEFENCE_NOT_CONSULTED",
            Self::DefenceAnswerAwaited { .. } => "DEFENCE_ANSWER_AWAITED",
            Self::DefenceContinuity { .. } => "DEFENCE_CONTINUITY",
            Self::DefenceAlreadyConsulted => "DEFENCE_ALREADY_CONSULTED",
            Self::DefenceAlreadyAnswered => "DEFENCE_ALREADY_ANSWERED",
            Self::DefenceNotConcerned => "DEFENCE_NOT_CONCERNED",
            Self::DefenceDayOutOfRange { .. } => "DEFENCE_DAY_OUT_OF_RANGE",
            Self::FileAlreadyRequested => "FILE_ALREADY_REQUESTED",
            Self::NoFileRequest => "NO_FILE_REQUEST",
            Self::AmountOverCap { .. } => "AMOUNT_OVER_CAP",
            Self::AmountNotPositive => "AMOUNT_NOT_POSITIVE",
            Self::NoCapOnRecord => "NO_CAP_ON_RECORD",
            Self::TerminationInPast { .. } => "TERMINATION_IN_PAST",
            Self::OtherSanction { .. } => "OTHER_SANCTION",
            Self::NotAParty { .. } => "NOT_A_PARTY",
            Self::RefusalNotPenalised { .. } => "REFUSAL_NOT_PENALISED",
            Self::RefusalAlreadyProposed => "REFUSAL_ALREADY_PROPOSED",
            Self::NothingOwed => "NOTHING_OWED",
            Self::PaymentOverBalance { .. } => "PAYMENT_OVER_BALANCE",
            Self::PaymentNotDue { .. } => "PAYMENT_NOT_DUE",
            Self::AlreadyReferred => "ALREADY_REFERRED",
            Self::AppealPending => "APPEAL_PENDING",
            Self::UnknownAppeal { .. } => "UNKNOWN_APPEAL",
            Self::AppealEnded { .. } => "APPEAL_ENDED",
            Self::NotAReduction { .. } => "NOT_A_REDUCTION",
            Self::AlreadyConsented => "ALREADY_CONSENTED",
            Self::NotConsented => "NOT_CONSENTED",
        }
    }
}
