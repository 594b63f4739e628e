//! The control of one contract in one campaign: what its comparisons amount to, and what they raise.

use serde::{Deserialize, Serialize};

use super::{
    FindingId,
    compare::{Comparison, ComparisonResult},
};

/// What a control established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlResult {
    Conforming,
    Deviating,
    /// No objective of the contract could be assessed.
    NotAssessable,
}

impl ControlResult {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conforming => "conforming",
            Self::Deviating => "deviating",
            Self::NotAssessable => "not_assessable",
        }
    }

    /// One deviation makes a deviating control; one conforming objective is enough to call the contract
    /// assessed. Reminders for missing data do not make a deviation.
    fn of(comparisons: &[Comparison]) -> Self {
        let any = |wanted: &[ComparisonResult]| {
            comparisons
                .iter()
                .any(|comparison| wanted.contains(&comparison.result))
        };
        if any(&[ComparisonResult::Below, ComparisonResult::Above]) {
            return Self::Deviating;
        }
        if any(&[ComparisonResult::Conforming]) {
            Self::Conforming
        } else {
            Self::NotAssessable
        }
    }
}

/// A comparison and the finding it raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    #[serde(flatten)]
    pub comparison: Comparison,
    /// Identifier of the finding, exactly when the comparison has a severity.
    pub finding: Option<uuid::Uuid>,
}

/// A control once measured. It is measured once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub result: ControlResult,
    pub comparisons: Vec<Compared>,
}

impl Measured {
    /// Concludes a control from the comparison of each objective. `next_id` names the findings.
    pub fn conclude(comparisons: Vec<Comparison>, mut next_id: impl FnMut() -> FindingId) -> Self {
        let result = ControlResult::of(&comparisons);
        let comparisons = comparisons
            .into_iter()
            .map(|comparison| Compared {
                finding: comparison.severity.map(|_| next_id().0),
                comparison,
            })
            .collect();
        Self {
            result,
            comparisons,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{compare::Severity, trace::CalculationTrace};

    fn comparison(result: ComparisonResult) -> Comparison {
        let severity = match result {
            ComparisonResult::Below | ComparisonResult::Above => Some(Severity::Minor),
            ComparisonResult::NoData => Some(Severity::Info),
            _ => None,
        };
        let trace = CalculationTrace::new(String::new());
        Comparison {
            objective: "o".into(),
            title: "O".into(),
            result,
            severity,
            trace,
            basis: None,
        }
    }

    fn conclude(results: &[ComparisonResult]) -> Measured {
        let comparisons = results.iter().copied().map(comparison).collect();
        Measured::conclude(comparisons, FindingId::generate)
    }

    #[test]
    fn the_result_of_a_control_follows_from_its_comparisons() {
        use ComparisonResult::{
            Above, Below, Conforming, NoData, NoTarget, TooSmall, UndecidedMasked,
        };
        for (results, expected) in [
            (&[][..], ControlResult::NotAssessable),
            (
                &[NoData, NoTarget, TooSmall, UndecidedMasked],
                ControlResult::NotAssessable,
            ),
            (&[Conforming, NoData], ControlResult::Conforming),
            (&[Conforming, Below], ControlResult::Deviating),
            (&[Above], ControlResult::Deviating),
        ] {
            assert_eq!(conclude(results).result, expected, "{results:?}");
        }
    }

    #[test]
    fn deviations_and_missing_data_raise_findings_and_nothing_else_does() {
        let measured = conclude(&[
            ComparisonResult::Conforming,
            ComparisonResult::Below,
            ComparisonResult::NoData,
            ComparisonResult::TooSmall,
            ComparisonResult::UndecidedMasked,
        ]);
        let raised: Vec<_> = measured
            .comparisons
            .iter()
            .map(|c| c.finding.is_some())
            .collect();
        assert_eq!(raised, [false, true, true, false, false]);
    }
}
