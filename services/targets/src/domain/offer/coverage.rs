//! What a scheme sets beside what contracts commit to: objectives without a contract, and the other way round.

use std::collections::BTreeSet;

use super::{Kept, Scheme};
use crate::domain::{ContractId, Objective, PathwayStep, TargetSetId};

/// The objectives of a contract that are in effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    pub contract: ContractId,
    pub target_set: TargetSetId,
    pub objectives: Vec<Objective>,
}

/// How many answer something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub contracts: usize,
    pub objectives: usize,
}

/// The name of an objective of a scheme.
pub fn objective_name(scheme: &Kept<Scheme>, id: &str) -> String {
    format!("{}/objectives/{id}", scheme.name())
}

/// Those that satisfy a condition.
pub fn count(committed: &[Committed], is_meant: impl Fn(&Objective) -> bool) -> Count {
    let mut contracts = BTreeSet::new();
    let mut objectives = 0;
    for set in committed {
        let meant = set.objectives.iter().filter(|one| is_meant(one)).count();
        if meant > 0 {
            contracts.insert(set.contract);
            objectives += meant;
        }
    }
    Count {
        contracts: contracts.len(),
        objectives,
    }
}

/// Whether an objective answers something in this scheme.
pub fn answers(scheme: &Kept<Scheme>, objective: &Objective) -> bool {
    let prefix = format!("{}/objectives/", scheme.name());
    objective
        .scheme_objective
        .as_ref()
        .and_then(|name| name.strip_prefix(&prefix))
        .is_some_and(|id| scheme.value.objective(id).is_some())
}

/// Every step, with what serves it, and how many objectives serve none.
pub fn by_step(committed: &[Committed]) -> (Vec<(PathwayStep, Count)>, usize) {
    let steps = PathwayStep::ALL
        .into_iter()
        .map(|step| {
            (
                step,
                count(committed, |one| one.pathway_steps.contains(&step)),
            )
        })
        .collect();
    let none = count(committed, |one| one.pathway_steps.is_empty());
    (steps, none.objectives)
}
