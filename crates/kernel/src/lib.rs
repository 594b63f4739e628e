//! Value types that every `domain/` module may use. No I/O, no runtime, no noun of the trade beyond
//! the public identifiers (FINESS, SIRET, region) that the whole field shares.

pub mod actor;
pub mod calendar;
pub mod clock;
pub mod department;
pub mod finess;
mod french;
pub mod id;
pub mod legal_time;
pub mod luhn;
pub mod period;
pub mod region;
pub mod siret;
pub mod text;

pub use actor::{Actor, ActorKind, HumanActor};
pub use clock::Clock;
pub use department::Department;
pub use finess::Finess;
pub use french::french;
pub use id::new_id;
pub use period::Period;
pub use region::Region;
pub use rust_decimal::Decimal;
pub use siret::Siret;
pub use text::Reasons;
