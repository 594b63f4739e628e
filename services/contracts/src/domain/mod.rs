//! The rules, and nothing else: no I/O, no clock, no identifiers made here.

pub mod action;
pub mod contract;
#[cfg(test)]
mod fixtures;
pub mod perimeter;
pub mod person;
pub mod procedure;
pub mod refusal;
pub mod regime;
pub mod review;
pub mod signature;
pub mod text;

pub use action::AllowedAction;
pub use contract::Contract;
pub use person::{Person, Side};
pub use procedure::Procedure;
pub use refusal::Refusal;
pub use regime::LegalRegime;
pub use review::Review;
pub use text::ContractText;

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
    /** A procedure that a person proposes to the director general. */
    ProcedureId, "procedures"
);
