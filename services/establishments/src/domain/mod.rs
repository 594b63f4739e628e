//! What the registry is: legal entities, establishments, and how either may change.

pub mod entry;
pub mod geography;
pub mod registry;

pub use entry::{Change, Command, Content, Entry, Event, State};
pub use registry::{Establishment, LegalEntity, Siren};
