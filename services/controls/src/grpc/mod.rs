//! Thin handlers: convert, call the use case, convert.

mod campaigns;
mod controls;
pub mod convert;
mod missions;
mod peers;
pub mod pmsi;
mod policies;
pub mod population;
pub mod realisations;

pub use campaigns::{Campaigns, Means};
pub use controls::Controls;
pub use missions::Missions;
pub use peers::Peers;
pub use policies::Policies;
