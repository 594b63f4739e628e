//! What somebody may do next on a resource, and why not the rest.

use super::{Person, Refusal};

/// One method, and whether the guards of the domain would let this person call it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedAction {
    /// Name of the RPC.
    pub method: &'static str,
    /// None when allowed; else the refusal that the method would answer.
    pub refusal: Option<Refusal>,
}

impl AllowedAction {
    /// What a caller may do now, and why not the rest: each act with its method, as its guard answers. `person` is none
    /// for a machine, which does none of them.
    pub fn of_each<A: Copy, T>(
        acts: impl IntoIterator<Item = A>,
        named: impl Fn(A) -> &'static str,
        person: Option<&Person>,
        guard: impl Fn(A, &Person) -> Result<T, Refusal>,
    ) -> Vec<Self> {
        acts.into_iter()
            .map(|act| {
                let method = named(act);
                let refusal = match person {
                    Some(person) => guard(act, person).err(),
                    None => Some(Refusal::HumanRequired { method }),
                };
                Self { method, refusal }
            })
            .collect()
    }
}
