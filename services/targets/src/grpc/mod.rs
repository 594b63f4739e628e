//! The wire: conversions and handlers, nothing else.

pub(crate) mod data;
pub(crate) mod files;
pub(crate) mod indicators;
pub(crate) mod medicosocial;
pub(crate) mod objectives;
pub(crate) mod offer;
pub(crate) mod planning;
pub(crate) mod realisations;
pub(crate) mod scalars;
pub(crate) mod target_sets;
