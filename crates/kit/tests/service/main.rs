//! A service that has nothing of its own: what every service gets from here, seen from outside.

mod audits;
mod history;
mod life;
mod proofs;
mod saved_exports;
mod support;
