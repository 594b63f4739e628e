//! Medico-social capacities and needs: conversions and handlers.

pub(crate) mod capacities;
pub(crate) mod capacity_service;
pub(crate) mod modulation;
pub(crate) mod needs;
pub(crate) mod needs_service;
