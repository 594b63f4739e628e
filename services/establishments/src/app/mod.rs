//! Use cases, one a file. Nothing else opens a transaction.

pub mod establishments;
pub mod import_registry;
pub mod legal_entities;
mod limits;
pub mod refusal;
mod scope;

pub use limits::Limits;
