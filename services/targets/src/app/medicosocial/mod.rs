//! Use cases of medico-social capacities and needs. None of them decides anything.

pub(crate) mod compare_indicator;
pub(crate) mod compare_occupancy;
pub(crate) mod compute_modulation;
pub(crate) mod error;
pub(crate) mod get_needs;
pub(crate) mod get_occupancy;
pub(crate) mod read_capacities;
pub(crate) mod read_recordings;
pub(crate) mod record_capacities;
