//! Medico-social places, the rules of modulation and what was set aside of it, and who lives where.

pub(crate) mod capacity;
pub(crate) mod needs;
pub(crate) mod parameter;
pub(crate) mod waiver;
