//! The rules, without I/O: time, identifiers and actors are parameters.

pub mod catalogue;
pub mod contract;
pub mod indicator;
pub mod objective;
pub mod perimeter;
pub mod realisation;
pub mod refusal;
pub mod submission;
pub mod target_set;
pub mod value;

pub use catalogue::{Catalogue, Indicator, IndicatorKey, Unit};
pub use contract::{Contract, ContractState, Term};
pub use indicator::{Accepted, Content, Row, RowDefect};
pub use objective::{Baseline, Binding, Defect, Force, Objective, Target, YearlyTarget};
pub use perimeter::{Perimeter, Years};
pub use realisation::{Realised, Received};
pub use refusal::Refusal;
pub use submission::{Arrival, Submission};
pub use target_set::{Command, Event, Side, State, TargetSet};

kernel::typed_id!(
    /// The objectives of one contract.
    TargetSetId,
    "targetSets"
);
kernel::typed_id!(
    /// A contract, owned by the contracts service.
    ContractId,
    "contracts"
);
kernel::typed_id!(
    /// A stream of indicator batches; its identifier is chosen by the client.
    SubmissionId,
    "submissions"
);
