//! The Merkle log over the history: sealed in the background, read for proofs.
//!
//! A leaf is SHA-256(0x00 ‖ hash of the event), and the leaves stand in the order of `event.seq`. Only what never
//! changes is stored: leaves, and the complete subtrees whose level is a multiple of [`STORED_EVERY`].

mod checkpoint;
mod complete;
mod export;
mod nodes;
mod seal;

pub use checkpoint::{SignedHead, covering, heads, latest, of_size};
pub(crate) use complete::{SEALED, complete_up_to, writers_have_ended};
pub use export::{Count, Export, Leaf, Piece, count, export, leaf_of, size_of};
pub use nodes::{consistency, inclusion, subtrees};
pub use seal::{Sealed, seal};

/// Subtrees of every eighth level are stored; one in between is computed from at most 128 of those.
const STORED_EVERY: u32 = 8;
