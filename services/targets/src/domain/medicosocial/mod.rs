//! Medico-social establishments: their places, how they are occupied, what the texts would make of it, and how places
//! are spread over territories. Everything computed here is a figure or a proposal; people decide.

pub mod capacity;
pub mod comparison;
pub mod equation;
pub mod home_care;
pub mod modulation;
pub mod needs;
pub mod occupancy;
pub mod refusal;
pub mod territory_occupancy;
pub mod waiting;
pub mod waiver;

pub use capacity::{Capacity, CapacityKind, CarePublic, ReceptionMode, Stretch};
pub use equation::EquationParameter;
pub use home_care::HomeCareParameter;
pub use modulation::{Clause, Parameter, Section, SectionProposal};
pub use needs::{Dispersion, TerritoryNeeds};
pub use occupancy::Occupancy;
pub use refusal::MedicosocialRefusal;
pub use territory_occupancy::TerritoryOccupancy;
pub use waiting::Waiting;
pub use waiver::{Waiver, WaiverReason};

kernel::typed_id!(
    /// Capacities that were recorded together.
    CapacityRecordingId,
    "capacityRecordings"
);
kernel::typed_id!(
    /// A decision to set aside all or part of a computed modulation.
    ModulationWaiverId,
    "modulationWaivers"
);
