//! What allowances are to be, years ahead, beside what they became. A gap is a figure: nothing follows from it.

use kernel::{Decimal, Finess};
use serde::{Deserialize, Serialize};

use super::statement::{Statement, Step};

/// What is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Forfait soins, in euros.
    Amount(Decimal),
    /// The allowance in percent of the result of the equation.
    Convergence(Decimal),
}

/// What the allowance of an EHPAD is to be in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceTarget {
    pub establishment: Finess,
    pub year: i16,
    pub aim: Aim,
    pub source: String,
    /// Who set it, and under which role.
    pub set_by: String,
    pub set_role: String,
}

impl Statement for AllowanceTarget {
    const KIND: &'static str = "allowance_target";

    fn subject(&self) -> String {
        self.establishment.to_string()
    }

    fn key(&self) -> String {
        self.year.to_string()
    }
}

/// A target with what was reached; none while no allowance of the year is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    pub target: AllowanceTarget,
    pub reached: Option<Decimal>,
    pub reached_convergence: Option<Decimal>,
    /// Reached minus aimed at: euros for an amount, points for a convergence.
    pub gap: Option<Decimal>,
}

/// The targets of an establishment, by year, with what its trajectory reached.
pub fn follow(mut targets: Vec<AllowanceTarget>, trajectory: &[Step]) -> Vec<Followed> {
    targets.sort_by_key(|target| target.year);
    targets
        .into_iter()
        .map(|target| {
            let step = trajectory
                .iter()
                .find(|step| step.allowance.year == target.year);
            let reached = step.map(|step| step.allowance.care);
            let reached_convergence = step.and_then(|step| step.convergence);
            let gap = match target.aim {
                Aim::Amount(amount) => reached.map(|reached| reached - amount),
                Aim::Convergence(percent) => reached_convergence.map(|reached| reached - percent),
            };
            Followed {
                target,
                reached,
                reached_convergence,
                gap,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::offer::{Allowance, statement};

    fn target(year: i16, aim: Aim) -> AllowanceTarget {
        AllowanceTarget {
            establishment: "010000040".parse().unwrap(),
            year,
            aim,
            source: "Plan de convergence".to_owned(),
            set_by: "lou".to_owned(),
            set_role: "manager".to_owned(),
        }
    }

    fn steps() -> Vec<Step> {
        let allowance = |year, care: i64| Allowance {
            establishment: "010000040".parse().unwrap(),
            year,
            care: care.into(),
            equation: 1_000_000.into(),
            dependence: None,
            decision: String::new(),
        };
        statement::trajectory(vec![allowance(2024, 930_000), allowance(2025, 960_000)])
    }

    #[test]
    fn what_was_reached_stands_beside_what_was_aimed_at() {
        let targets = vec![
            target(2026, Aim::Convergence(100.into())),
            target(2025, Aim::Convergence(97.into())),
            target(2024, Aim::Amount(925_000.into())),
        ];
        let followed = follow(targets, &steps());
        let gaps: Vec<(i16, Option<Decimal>)> = followed
            .iter()
            .map(|followed| (followed.target.year, followed.gap))
            .collect();
        let expected: [(i16, Option<Decimal>); 3] = [
            (2024, Some(5000.into())),
            (2025, Some((-1).into())),
            (2026, None),
        ];
        assert_eq!(gaps, expected);
        assert_eq!(followed[1].reached, Some(960_000.into()));
        assert_eq!(followed[1].reached_convergence, Some(96.into()));
    }

    #[test]
    fn a_target_is_read_back_as_it_was_stored() {
        for aim in [Aim::Amount(1.into()), Aim::Convergence(2.into())] {
            let target = target(2025, aim);
            let stored = serde_json::to_value(&target).unwrap();
            let read: AllowanceTarget = serde_json::from_value(stored).unwrap();
            assert_eq!(read, target);
        }
    }
}
