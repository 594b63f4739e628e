//! The rules, and nothing else: no I/O, no clock, no identifiers made here.

pub mod action;
pub mod amendment;
pub mod communication;
pub mod competence;
pub mod consent;
pub mod consultation;
pub mod content;
pub mod contract;
pub mod deadline;
pub mod delivery;
pub mod denial;
pub mod diff;
pub mod document;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod follow_up;
pub mod mandate;
pub mod mark;
pub mod perimeter;
pub mod person;
pub mod procedure;
pub mod programming;
pub mod refusal;
pub mod regime;
pub mod reminder;
pub mod renewal;
pub mod review;
pub mod signature;
pub mod statement;
pub mod step;
pub mod task;
pub mod text;
pub mod withdrawal;

pub use action::AllowedAction;
pub use amendment::Amendment;
pub use contract::Contract;
pub use mandate::Mandate;
pub use person::{Person, Side};
pub use procedure::Procedure;
pub use programming::Programming;
pub use refusal::Refusal;
pub use regime::LegalRegime;
pub use renewal::Renewal;
pub use review::Review;
pub use task::Task;
pub use text::ContractText;
pub use withdrawal::Withdrawal;

kernel::typed_id!(
    /** A contract between the agency and one or more legal entities. */
    ContractId, "contracts"
);
kernel::typed_id!(
    /** The targets a contract commits to, kept by the targets service. */
    TargetSetId, "targetSets"
);
kernel::typed_id!(
    /** The human review of one contract after one campaign. */
    ReviewId, "reviews"
);
kernel::typed_id!(
    /** A yearly campaign of the controls service. */
    CampaignId, "campaigns"
);
kernel::typed_id!(
    /** A finding of the controls service. */
    FindingId, "findings"
);
kernel::typed_id!(
    /** A control of the controls service: one contract in one campaign. */
    ControlId, "controls"
);
kernel::typed_id!(
    /** A procedure that a person proposes to the director general. */
    ProcedureId, "procedures"
);
kernel::typed_id!(
    /** A mandate or published delegation to sign for a party. */
    MandateId, "mandates"
);
kernel::typed_id!(
    /** An amendment of a contract. */
    AmendmentId, "amendments"
);
kernel::typed_id!(
    /** Something on a contract for a person to look at. */
    TaskId, "tasks"
);
kernel::typed_id!(
    /** A request for the renewal of a contract. */
    RenewalId, "renewals"
);
kernel::typed_id!(
    /** A member’s notice that it leaves the single contract of its group. */
    WithdrawalId, "withdrawals"
);
kernel::typed_id!(
    /** An evaluation of a contract. */
    EvaluationId, "evaluations"
);
kernel::typed_id!(
    /** A meeting about a contract. */
    MeetingId, "meetings"
);
kernel::typed_id!(
    /** A step of a commitment that is done. */
    StepId, "steps"
);
kernel::typed_id!(
    /** A decision that programs medico-social contracts. */
    ProgrammingId, "programmings"
);
kernel::typed_id!(
    /** A version of a region's own template of documents. */
    TemplateId, "templates"
);
