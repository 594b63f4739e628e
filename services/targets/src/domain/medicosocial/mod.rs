//! Medico-social establishments: their places, how they are occupied, what the texts would make of it, and how places
//! are spread over territories. Everything computed here is a figure or a proposal; people decide.

pub mod capacity;
pub mod comparison;
pub mod modulation;
pub mod needs;
pub mod occupancy;
pub mod refusal;
pub mod waiting;

pub use capacity::{Capacity, CapacityKind, CarePublic, ReceptionMode, Stretch};
pub use modulation::{Clause, Parameter, Section, SectionProposal};
pub use needs::{Dispersion, TerritoryNeeds};
pub use occupancy::Occupancy;
pub use refusal::MedicosocialRefusal;
pub use waiting::Waiting;

kernel::typed_id!(
    /// Capacities that were recorded together.
    CapacityRecordingId,
    "capacityRecordings"
);
