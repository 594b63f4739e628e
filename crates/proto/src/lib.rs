//! The wire: messages, clients and servers generated from `proto/`, their validation, and their JSON.
//!
//! Nothing here is written by hand but the paths and three helpers: [`json`] (proto3 JSON mapping, for
//! events and for the command line), [`content`] (what the hashed bytes of an event say) and
//! [`FILE_DESCRIPTOR_SET`] (for reflection and for the tests that walk every RPC).

pub mod content;
pub mod json;

pub use prost_protovalidate::{Validate, ValidationError};

include!(concat!(env!("OUT_DIR"), "/packages.rs"));

// `impl Validate` for every message that has `buf.validate` rules.
include!(concat!(env!("OUT_DIR"), "/validate_impl.rs"));

/// Every message and service of the suite, with the field constraints.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// `cpom.type` ; `type` is a word of the language.
pub use cpom::r#type as types;
pub use cpom::{contracts, controls, establishments, history, targets};
