//! What stands before every handler, with real tokens of a real issuer.

mod identity;
mod support;
mod work;
