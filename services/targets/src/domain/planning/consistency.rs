//! What does not fit between the targets of a contract and the levels above. Warnings: none prevents anything.

use kernel::{Decimal, french};

use super::{
    Direction, Inflection, InflectionId, InflectionState, Line, RegionalFramework, SetInEffect,
    cascade,
};
use crate::domain::Objective;

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// The objective, when it is about one.
    pub objective: String,
    /// The inflection or framework it does not fit with.
    pub reference: String,
    pub figure: Option<Decimal>,
    pub compared_with: Option<Decimal>,
    /// In French.
    pub explanation: String,
}

/// What a set is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Levels<'a> {
    /// The inflections that the objectives come from.
    pub inflections: &'a [Inflection],
    /// The framework of the region, when one is in effect.
    pub framework: Option<&'a RegionalFramework>,
    /// The target sets in effect of the other contracts of the region.
    pub others: &'a [SetInEffect],
}

/// The warnings of a set: objective by objective, then those that speak of the whole.
pub fn warnings(set: &SetInEffect, levels: Levels<'_>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = set
        .objectives
        .iter()
        .filter_map(|objective| Some((objective, objective.inflection?)))
        .flat_map(|(objective, id)| of_objective(objective, id, levels.inflections))
        .collect();
    for inflection in levels.inflections {
        warnings.extend(shares(inflection, set, levels.others));
    }
    if let Some(framework) = levels.framework {
        for line in &framework.lines {
            warnings.extend(of_line(framework, line, set, levels.others));
        }
    }
    warnings
}

fn of_objective(objective: &Objective, id: InflectionId, known: &[Inflection]) -> Vec<Warning> {
    let about = |code, figure, compared_with, explanation| Warning {
        code,
        objective: objective.id.clone(),
        reference: id.to_string(),
        figure,
        compared_with,
        explanation,
    };
    let Some(inflection) = known.iter().find(|inflection| inflection.id == id) else {
        return Vec::new();
    };
    let proposal = &inflection.proposal;
    let mut found = Vec::new();
    if !matches!(inflection.state, InflectionState::Agreed { .. }) {
        found.push(about(
            "INFLECTION_NOT_AGREED",
            None,
            None,
            "L’inflexion dont cet objectif est issu n’est pas retenue.".to_owned(),
        ));
    }
    let aimed = cascade::bounds_of(objective, proposal.horizon);
    let Some((lower, upper)) = aimed else {
        found.push(about(
            "HORIZON_NOT_COVERED",
            None,
            None,
            format!(
                "L’objectif n’a pas de cible pour {}, l’horizon de l’inflexion.",
                proposal.horizon
            ),
        ));
        return found;
    };
    if let Some(baseline) = &objective.baseline {
        let goes_against = match proposal.direction {
            Direction::Develop => upper < baseline.value,
            Direction::Moderate => lower > baseline.value,
            Direction::Maintain => false,
        };
        if goes_against {
            let aimed = (lower + upper) / Decimal::TWO;
            found.push(about(
                "AGAINST_INFLECTION",
                Some(aimed),
                Some(baseline.value),
                format!(
                    "La cible {} va à l’encontre de l’inflexion : le point de départ est {}.",
                    french(aimed),
                    french(baseline.value)
                ),
            ));
        }
    }
    found
}

/// What all contracts take of an inflection, beside what it aims at.
fn shares(inflection: &Inflection, set: &SetInEffect, others: &[SetInEffect]) -> Option<Warning> {
    let proposal = &inflection.proposal;
    let bounds: Vec<(Decimal, Decimal)> = others
        .iter()
        .chain([set])
        .flat_map(|set| &set.objectives)
        .filter(|objective| objective.inflection == Some(inflection.id))
        .filter_map(|objective| cascade::bounds_of(objective, proposal.horizon))
        .collect();
    let lower: Decimal = bounds.iter().map(|(lower, _)| lower).sum();
    let upper: Decimal = bounds.iter().map(|(_, upper)| upper).sum();
    if bounds.is_empty() || (lower..=upper).contains(&proposal.to_value) {
        return None;
    }
    let sum = (lower + upper) / Decimal::TWO;
    Some(Warning {
        code: "SHARES_DIFFER_FROM_INFLECTION",
        objective: String::new(),
        reference: inflection.id.to_string(),
        figure: Some(sum),
        compared_with: Some(proposal.to_value),
        explanation: format!(
            "Les contrats qui déclinent l’inflexion totalisent {} pour une cible de territoire de {}.",
            french(sum),
            french(proposal.to_value)
        ),
    })
}

fn of_line(
    framework: &RegionalFramework,
    line: &Line,
    set: &SetInEffect,
    others: &[SetInEffect],
) -> Vec<Warning> {
    let Some((own_lower, own_upper)) = cascade::total(set, &line.indicator, line.target_year)
    else {
        return Vec::new();
    };
    let about = |code, figure: Decimal, compared_with: Decimal, explanation| Warning {
        code,
        objective: String::new(),
        reference: framework.id.to_string(),
        figure: Some(figure.round_dp(2)),
        compared_with: Some(compared_with),
        explanation,
    };
    let mut found = Vec::new();
    let lowest: Decimal = others
        .iter()
        .filter_map(|other| cascade::total(other, &line.indicator, line.target_year))
        .map(|(lower, _)| lower)
        .sum::<Decimal>()
        + own_lower;
    if lowest > line.target() {
        found.push(about(
            "FRAMEWORK_EXCEEDED",
            lowest,
            line.target(),
            format!(
                "Avec cet ensemble, les contrats de la région totalisent {} en {} ; le cadre régional prévoit {} ({}).",
                french(lowest),
                line.target_year,
                french(line.target()),
                line.activity
            ),
        ));
    }
    if let Some(share) = &line.ambulatory
        && let Some((lower, upper)) = cascade::total(set, &share.indicator, line.target_year)
        && let Some(reached) =
            ((lower + upper) * Decimal::ONE_HUNDRED).checked_div(own_lower + own_upper)
        && reached < share.percent
    {
        found.push(about(
            "AMBULATORY_SHARE_BELOW_FRAMEWORK",
            reached,
            share.percent,
            format!(
                "La part ambulatoire visée est de {} % ; le cadre régional vise {} % ({}).",
                french(reached.round_dp(2)),
                french(share.percent),
                line.activity
            ),
        ));
    }
    found
}

#[cfg(test)]
mod tests;
