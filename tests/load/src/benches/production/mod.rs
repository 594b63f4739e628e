//! A made-up region: a hundred territories of eight communes, thirty activities, and what its establishments did there.

mod region;
mod upload;

pub(crate) use region::{ACTIVITIES, CaseMixFile, Region, TERRITORIES};
pub(crate) use upload::{basis, import, prepare};
