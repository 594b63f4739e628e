//! What a policy would have raised: measures that were taken, judged again by other rules. Nothing changes.

use time::OffsetDateTime;

use super::{
    CampaignId, PolicyId,
    compare::{Comparison, Question, Severity, compare},
    objective::{Measure, Objective, YearlyTarget},
    policy::Simulation,
    tolerance::ToleranceRules,
};

/// The rules under trial, and the year they are tried on.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    pub policy: PolicyId,
    pub rules: &'a ToleranceRules,
    pub year: i32,
    pub campaign: CampaignId,
    pub freeze_time: OffsetDateTime,
}

impl Trial<'_> {
    /// The comparison as these rules would have made it. One without a target stays as it is.
    pub fn judge(&self, recorded: &Comparison) -> Comparison {
        let Some(basis) = recorded.basis else {
            return recorded.clone();
        };
        let objective = Objective {
            id: recorded.objective.clone(),
            title: recorded.title.clone(),
            subject: String::new(),
            indicator: String::new(),
            unit: basis.unit,
            yearly: vec![YearlyTarget {
                year: self.year,
                target: basis.target,
            }],
            opposable: false,
            penalty_eligible: false,
        };
        compare(&Question {
            year: self.year,
            objective: &objective,
            target_source: "cible de la campagne",
            rules: self.rules,
            policy: &self.policy.to_string(),
            campaign: &self.campaign.to_string(),
            freeze_time: self.freeze_time,
            measure: &Measure {
                realised: basis.realised,
                inputs: Vec::new(),
            },
        })
    }

    /// A count that begins.
    pub fn tally(&self, at: OffsetDateTime) -> Simulation {
        Simulation {
            year: self.year,
            campaign: self.campaign.0,
            contracts: 0,
            raised: 0,
            would_raise: 0,
            added: 0,
            removed: 0,
            changed: 0,
            at,
        }
    }
}

impl Simulation {
    /// Counts what was raised for an objective, and what would have been.
    pub fn count(&mut self, raised: Option<Severity>, would_raise: Option<Severity>) {
        self.raised += u64::from(raised.is_some());
        self.would_raise += u64::from(would_raise.is_some());
        match (raised, would_raise) {
            (None, Some(_)) => self.added += 1,
            (Some(_), None) => self.removed += 1,
            (Some(before), Some(after)) if before != after => self.changed += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        compare::{Basis, ComparisonResult},
        objective::{Realised, Target, Unit},
        tolerance::{Band, Draft},
        trace::CalculationTrace,
    };
    use time::macros::datetime;

    const AT: OffsetDateTime = datetime!(2025-03-01 08:00 UTC);

    fn trial(rules: &ToleranceRules) -> Trial<'_> {
        Trial {
            policy: PolicyId::generate(),
            rules,
            year: 2024,
            campaign: CampaignId::generate(),
            freeze_time: AT,
        }
    }

    fn rules(conforming: i64, minor: i64) -> ToleranceRules {
        let draft = Draft {
            first_year: 2024,
            last_year: 2024,
            usual: Band {
                conforming_percent: conforming.into(),
                minor_percent: minor.into(),
                minimum_count: 0.into(),
            },
            ..Draft::default()
        };
        draft.try_into().unwrap()
    }

    fn recorded(basis: Option<Basis>) -> Comparison {
        Comparison {
            objective: "stays".into(),
            title: "Séjours".into(),
            result: ComparisonResult::Above,
            severity: Some(Severity::Major),
            trace: CalculationTrace::new(String::new()),
            basis,
        }
    }

    #[test]
    fn the_same_figures_are_judged_by_the_other_rules() {
        let basis = Basis {
            unit: Unit::Stays,
            target: Target::Point("1000".parse().unwrap()),
            realised: Realised::Exact("1200".parse().unwrap()),
        };
        let severity = |conforming, minor| {
            trial(&rules(conforming, minor))
                .judge(&recorded(Some(basis)))
                .severity
        };
        assert_eq!(severity(5, 10), Some(Severity::Major));
        assert_eq!(severity(5, 20), Some(Severity::Minor));
        assert_eq!(severity(25, 30), None);
        let without_target = recorded(None);
        assert_eq!(trial(&rules(5, 10)).judge(&without_target), without_target);
    }

    #[test]
    fn what_is_added_removed_or_changed_is_counted_once() {
        let rules = rules(5, 10);
        let mut count = trial(&rules).tally(AT);
        let (minor, major) = (Some(Severity::Minor), Some(Severity::Major));
        for (raised, would_raise) in [
            (None, None),
            (None, minor),
            (major, None),
            (major, minor),
            (minor, minor),
        ] {
            count.count(raised, would_raise);
        }
        assert_eq!((count.raised, count.would_raise), (3, 3));
        assert_eq!((count.added, count.removed, count.changed), (1, 1, 1));
    }
}
