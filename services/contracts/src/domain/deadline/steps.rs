//! The steps of commitments that are due, from the text as it stands and from what is recorded as done.

use std::collections::BTreeSet;

use super::{Deadline, Kind};
use crate::domain::{ContractText, content::Owner, step::StepKey};

/// Steps of one commitment that a rank tells apart.
const STEPS: i32 = 1_000;

/// What is left of the échéancier. The rank is that of the commitment in the text, times a thousand, plus that of the
/// step in its commitment; both from 1. What both parties owe is due for each of them.
pub fn pending_steps(text: &ContractText, done: &BTreeSet<StepKey>) -> Vec<Deadline> {
    let mut deadlines = Vec::new();
    for (commitment, place) in text.content.commitments.iter().zip(1_i32..) {
        for (step, rank) in commitment.steps.iter().zip(1_i32..) {
            if done.contains(&StepKey::of(commitment, step)) {
                continue;
            }
            let kinds: &[Kind] = match commitment.owner {
                Owner::Establishment => &[Kind::CommitmentStep],
                Owner::Ars => &[Kind::CommitmentStepArs],
                Owner::Both => &[Kind::CommitmentStep, Kind::CommitmentStepArs],
            };
            deadlines.extend(kinds.iter().map(|kind| Deadline {
                due: step.due_date,
                kind: *kind,
                rank: place * STEPS + rank,
            }));
        }
    }
    deadlines
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::{
        content::{Commitment, Step},
        fixtures,
    };

    fn commitment(code: &str, owner: Owner) -> Commitment {
        let step = |title: &str, due_date| Step {
            title: title.into(),
            due_date,
        };
        Commitment {
            code: code.into(),
            objective: String::new(),
            owner,
            text: "Ouvrir l’unité".into(),
            steps: vec![
                step("Travaux", date!(2027 - 06 - 30)),
                step("Ouverture", date!(2028 - 01 - 01)),
            ],
            indicators: Vec::new(),
            competence: None,
        }
    }

    #[test]
    fn each_side_has_its_steps_due_until_they_are_done() {
        let mut parts = fixtures::text(1, date!(2031 - 03 - 31)).into_parts();
        parts.content.commitments = vec![
            commitment("E1", Owner::Establishment),
            commitment("A1", Owner::Ars),
            commitment("B1", Owner::Both),
        ];
        let text = ContractText::new(parts).unwrap();
        let done = text.content.commitments.iter().map(|commitment| {
            let [works, _] = &commitment.steps[..] else {
                unreachable!("two steps");
            };
            StepKey::of(commitment, works)
        });
        let told: Vec<_> = pending_steps(&text, &done.collect())
            .into_iter()
            .map(|deadline| (deadline.kind, deadline.rank))
            .collect();
        assert_eq!(
            told,
            [
                (Kind::CommitmentStep, 1_002),
                (Kind::CommitmentStepArs, 2_002),
                (Kind::CommitmentStep, 3_002),
                (Kind::CommitmentStepArs, 3_002),
            ]
        );
        assert_eq!(pending_steps(&text, &BTreeSet::new()).len(), 8);
    }
}
