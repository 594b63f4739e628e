//! The wire: handlers convert, call a use case, and convert.

mod contracts;
pub mod convert;
mod procedures;
mod reviews;

pub(crate) use contracts::Contracts;
pub(crate) use procedures::Procedures;
pub(crate) use reviews::Reviews;
