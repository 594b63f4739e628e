//! What the tests of the whole suite share, and the documents that are generated from it.

pub mod documents;
pub mod repository;
pub mod scenario;
pub mod suite;
