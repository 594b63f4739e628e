//! What follows a finding: reviews, then the procedures that people propose.

pub(crate) mod procedure;
pub(crate) mod review;
pub(crate) mod reviews;
mod steps;
