//! Histories that an auditor takes away, and checks without any server.
//!
//! An export is a folder: `manifest.json`, and for each service its events with their exact bytes, the hashes of the
//! rest of its log, its checkpoints, and what opens the commitments to persons. `docs/AUDIT.md` describes it for those
//! who would rather write their own verifier.

pub mod export;
pub mod format;
pub mod knowledge;
mod table;
pub mod timeline;
pub mod verify;
