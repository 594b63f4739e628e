//! The registry of legal entities and establishments, and its imports.

pub mod domain;
pub mod import;
