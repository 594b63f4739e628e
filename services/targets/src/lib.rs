//! The targets service: what each contract commits to in numbers, what establishments report, and what
//! that amounts to.

pub mod domain;
