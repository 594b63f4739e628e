//! A log that nobody can rewrite unseen.
//!
//! - [`tree`]: the Merkle tree of RFC 6962, over the hashes of complete subtrees wherever they are kept.
//! - [`frontier`]: the right edge of a tree that grows, from which its root follows.
//! - [`proof`]: what an outsider checks: inclusion of one leaf, consistency of two trees.
//! - [`note`]: texts signed with Ed25519 as C2SP `signed-note` writes them.
//! - [`checkpoint`]: the signed tree head of C2SP `tlog-checkpoint`.
//!
//! Everything here is a function of its arguments, so that the services that build the log and the command that
//! verifies an export offline share it.

pub mod checkpoint;
pub mod frontier;
pub mod note;
pub mod proof;
pub mod tree;

pub use checkpoint::Checkpoint;
pub use frontier::Frontier;
pub use note::{SigningKey, VerifyingKey};
pub use tree::{Hash, Node};
