//! The calculation behind a result, complete enough to be done again by hand.
//!
//! CRPA R311-3-1-2: degree and mode of contribution to the decision, data and their sources, parameters
//! and where they were set, operations.

use std::fmt;

use kernel::Decimal;
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};

/// How a result was computed. Numbers are written with a decimal point, texts are in French.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationTrace {
    pub inputs: Vec<Sourced>,
    pub formula: String,
    pub parameters: Vec<Sourced>,
    pub steps: Vec<Step>,
    pub rounding: String,
    /// The sentence a person reads.
    pub conclusion: String,
    /// Degree and mode of contribution of the computation to any decision.
    pub contribution: String,
}

/// A datum or a parameter with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sourced {
    pub name: String,
    pub value: String,
    /// The resource and version it was read from, or the text that sets it.
    pub source: String,
}

/// One operation and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub expression: String,
    pub result: String,
}

/// The rule that [`rounded`] applies, as the trace states it.
pub const ROUNDING: &str = "Les pourcentages du calcul sont arrondis à 4 décimales, la demi-unité s’éloignant de zéro ; \
     ceux de la phrase qui le conclut le sont à une décimale, ou à plus s’il le faut pour rester du même côté des \
     seuils ; les comparaisons portent sur les valeurs non arrondies.";

/// What the computation contributes to a decision: nothing by itself.
pub const CONTRIBUTION: &str = "Le calcul compare une valeur à un objectif et le signale. Il n’a aucun effet juridique et ne décide \
     rien : toute suite est appréciée et motivée par une personne, après échange contradictoire.";

/// What a person established contributes to a decision: nothing by itself either.
pub const STATEMENT: &str = "Ce constat est établi par une personne, sur pièces ou sur place\u{202f}; aucun calcul n’y contribue. Il n’a aucun effet \
     juridique\u{202f}: toute suite est appréciée et motivée par une personne, après échange contradictoire.";

/// Rounds a percentage to 4 decimals, half away from zero.
pub fn rounded(percent: Decimal) -> Decimal {
    percent.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

impl CalculationTrace {
    /// A trace about to be filled.
    pub(super) fn new(formula: String) -> Self {
        Self {
            inputs: Vec::new(),
            formula,
            parameters: Vec::new(),
            steps: Vec::new(),
            rounding: ROUNDING.to_owned(),
            conclusion: String::new(),
            contribution: CONTRIBUTION.to_owned(),
        }
    }

    /// What a person states; nothing was computed.
    pub(super) fn stated(conclusion: &str) -> Self {
        Self {
            rounding: String::new(),
            conclusion: conclusion.to_owned(),
            contribution: STATEMENT.to_owned(),
            ..Self::new("sans objet".to_owned())
        }
    }

    pub(super) fn input(
        &mut self,
        name: impl Into<String>,
        value: impl fmt::Display,
        source: &str,
    ) {
        self.inputs.push(sourced(name, value, source));
    }

    pub(super) fn parameter(
        &mut self,
        name: impl Into<String>,
        value: impl fmt::Display,
        source: &str,
    ) {
        self.parameters.push(sourced(name, value, source));
    }

    pub(super) fn step(&mut self, expression: impl Into<String>, result: impl fmt::Display) {
        self.steps.push(Step {
            expression: expression.into(),
            result: result.to_string(),
        });
    }

    /// A comparison, whose result is written « vrai » or « faux ».
    pub(super) fn test(&mut self, expression: impl Into<String>, holds: bool) -> bool {
        self.step(expression, if holds { "vrai" } else { "faux" });
        holds
    }
}

fn sourced(name: impl Into<String>, value: impl fmt::Display, source: &str) -> Sourced {
    Sourced {
        name: name.into(),
        value: value.to_string(),
        source: source.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_goes_away_from_zero() {
        for (exact, expected) in [
            ("1.23445", "1.2345"),
            ("-1.23445", "-1.2345"),
            ("0.00005", "0.0001"),
        ] {
            assert_eq!(rounded(exact.parse().unwrap()).to_string(), expected);
        }
    }
}
