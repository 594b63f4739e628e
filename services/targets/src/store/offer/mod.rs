//! Schemes, credits, cooperations, calls for projects, and the figures people supply.

pub(crate) mod axis;
pub(crate) mod category;
pub(crate) mod committed;
pub(crate) mod kept;
pub(crate) mod reference;
pub(crate) mod statement;

pub(crate) use kept::Table;
