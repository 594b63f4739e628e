//! Medico-social places, the rules of modulation, and who lives where.

pub(crate) mod capacity;
pub(crate) mod needs;
pub(crate) mod parameter;
