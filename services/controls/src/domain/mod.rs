//! What a control is, as pure functions: no clock, no I/O, and no word that means sanction.

pub mod byar;
pub mod campaign;
pub mod compare;
pub mod control;
pub mod explanation;
pub mod finding;
pub mod judge;
pub mod mission;
pub mod objective;
pub mod outcome;
pub mod peers;
pub mod pmsi;
pub mod policy;
pub mod quantity;
pub mod refusal;
pub mod simulation;
pub mod tolerance;
pub mod trace;
mod wording;

pub use campaign::Campaign;
pub use compare::{Comparison, ComparisonResult};
pub use finding::Finding;
pub use mission::Mission;
pub use policy::Policy;
pub use quantity::Quantity;
pub use refusal::Refusal;
pub use tolerance::ToleranceRules;

kernel::typed_id!(
    /// A tolerance policy.
    PolicyId,
    "tolerancePolicies"
);
kernel::typed_id!(
    /// A campaign.
    CampaignId,
    "campaigns"
);
kernel::typed_id!(
    /// The control of one contract in one campaign.
    ControlId,
    "controls"
);
kernel::typed_id!(
    /// A finding.
    FindingId,
    "findings"
);
kernel::typed_id!(
    /// A contract, which the contracts service owns.
    ContractId,
    "contracts"
);
kernel::typed_id!(
    /// A target set, which the targets service owns.
    TargetSetId,
    "targetSets"
);
kernel::typed_id!(
    /// A programme of controls.
    ProgrammeId,
    "programmes"
);
kernel::typed_id!(
    /// A control on documents or on site.
    MissionId,
    "missions"
);
kernel::typed_id!(
    /// A file that a mission rests on.
    EvidenceId,
    "evidence"
);
kernel::typed_id!(
    /// What a controller noted.
    RemarkId,
    "remarks"
);
