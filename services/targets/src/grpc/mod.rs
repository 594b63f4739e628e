//! The wire: conversions and handlers, nothing else.

pub(crate) mod indicators;
pub(crate) mod objectives;
pub(crate) mod scalars;
pub(crate) mod target_sets;
