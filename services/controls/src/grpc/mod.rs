//! Thin handlers: convert, call the use case, convert.

mod campaigns;
mod controls;
pub mod convert;
mod policies;
pub mod population;
pub mod realisations;

pub use campaigns::Campaigns;
pub use controls::Controls;
pub use policies::Policies;
