//! The rules, without I/O: time, identifiers and actors are parameters.

pub mod activity_groups;
pub mod case_mix;
pub mod catalogue;
pub mod class_secrecy;
pub mod contract;
pub mod data_refusal;
pub mod demography;
pub mod finances;
pub mod geography;
pub mod indicator;
pub mod medicosocial;
pub mod nomenclature;
pub mod objective;
pub mod offer;
pub mod outline;
pub mod perimeter;
pub mod planning;
pub mod publication;
pub mod quality;
pub mod rates;
pub mod realisation;
pub mod refusal;
pub mod rejection;
pub mod submission;
pub mod target_set;
pub mod territory;
pub mod territory_context;
mod texts;
pub mod value;
pub mod year_to_date;

pub use catalogue::{Catalogue, Indicator, IndicatorKey, Unit};
pub use contract::{Amended, Contract, ContractState, Term};
pub use data_refusal::DataRefusal;
pub use indicator::{Accepted, Content, Row, RowDefect};
pub use objective::{
    Baseline, Binding, Defect, Force, Objective, PathwayStep, Target, YearlyTarget,
};
pub use perimeter::{Perimeter, Years};
pub use realisation::{Realised, Received};
pub use refusal::Refusal;
pub use rejection::Rejection;
pub use submission::{Arrival, Submission};
pub use target_set::{Carrier, Command, Event, Side, State, TargetSet};

kernel::typed_id!(
    /// The objectives of one contract.
    TargetSetId,
    "targetSets"
);
kernel::typed_id!(
    /// An amendment to a contract, owned by the contracts service.
    AmendmentId,
    "amendments"
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
