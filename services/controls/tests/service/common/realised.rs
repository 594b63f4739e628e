//! What was realised of an objective.

use super::*;

/// What was realised.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Realised<'a> {
    Exact(&'a str),
    Masked(&'a str, &'a str),
    Incomplete(&'a str),
    Missing,
}

impl Realised<'_> {
    pub(super) fn of(self, objective: &str) -> targets::ObjectiveRealisation {
        let (state, value, upper) = match self {
            Self::Exact(value) => (targets::RealisedState::Exact, value, ""),
            Self::Masked(lower, upper) => (targets::RealisedState::Masked, lower, upper),
            Self::Incomplete(value) => (targets::RealisedState::Incomplete, value, ""),
            Self::Missing => (targets::RealisedState::Missing, "", ""),
        };
        let inputs = match self {
            Self::Exact(value) => vec![targets::RealisedInput {
                subject: "130786049".to_owned(),
                indicator: "MCO_STAYS".to_owned(),
                period: YEAR.to_string(),
                value: value.to_owned(),
                submission: "submissions/0198c0de-0000-7000-8000-000000000009".to_owned(),
                sequence: 3,
                receive_time: Some(kit::timestamp(datetime!(2025-02-01 10:00 UTC))),
            }],
            _ => vec![],
        };
        targets::ObjectiveRealisation {
            objective: objective.to_owned(),
            state: state.into(),
            value: value.to_owned(),
            upper: upper.to_owned(),
            inputs,
            ..Default::default()
        }
    }
}
