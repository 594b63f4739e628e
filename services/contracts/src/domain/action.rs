//! What somebody may do next on a resource, and why not the rest.

use super::Refusal;

/// One method, and whether the guards of the domain would let this person call it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedAction {
    /// Name of the RPC.
    pub method: &'static str,
    /// None when allowed; else the refusal that the method would answer.
    pub refusal: Option<Refusal>,
}

impl AllowedAction {
    /// What a guard says of a method.
    pub fn of(method: &'static str, guard: Result<(), Refusal>) -> Self {
        Self {
            method,
            refusal: guard.err(),
        }
    }
}
