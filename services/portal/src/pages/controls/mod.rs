//! Controls: the campaigns, the missions, what they find, and the tolerances by which figures are judged.

pub(crate) mod campaigns;
pub(crate) mod findings;
mod frozen_data;
pub(crate) mod mission;
pub(crate) mod missions;
pub(crate) mod policies;
mod policy_past;
