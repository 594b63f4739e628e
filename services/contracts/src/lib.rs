//! Contracts between a regional health agency and the entities of its region: their life cycle, the
//! human reviews that findings open, and what a person may propose after one.

pub mod domain;
