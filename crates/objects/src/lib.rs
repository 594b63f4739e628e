//! Files that people add to records: kept outside the database under the hash of their bytes, so that a record
//! which names the hash proves the file, and the same file is kept once.
//!
//! The store is a folder, or an S3 bucket in programs built with the feature `s3`; its address says which.
//! [`MediaType`] says which types of files are accepted, and whether bytes are what their type says.

mod folder;
mod media;
mod store;

pub use media::{MediaError, MediaType};
pub use store::{Objects, ObjectsError, Sha256Hash, hash};

/// Largest accepted file: 25 MiB.
pub const LARGEST_FILE: usize = 25 * 1024 * 1024;
