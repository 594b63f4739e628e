//! Reading uploaded files: pure functions from bytes to records and to what is wrong, line by line.
//!
//! Every file is UTF-8 with `;` between fields and a header line, but for outlines, which are GeoJSON. A file in which
//! anything is wrong is not used at all, so readers go on after a defect only to tell as many as possible at once.

pub(crate) mod case_mix;
mod count;
mod defect;
pub(crate) mod finances;
pub(crate) mod nomenclature;
pub(crate) mod outlines;
pub(crate) mod population;
#[cfg(test)]
mod real_files;
mod sheet;
pub(crate) mod territories;

pub(crate) use defect::{Defect, Defects};

/// A file that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Read<T> {
    pub(crate) content: T,
    /// Lines read, the header included.
    pub(crate) lines: u64,
    /// Lines left out on purpose.
    pub(crate) skipped: u64,
    pub(crate) defects: Defects,
}
