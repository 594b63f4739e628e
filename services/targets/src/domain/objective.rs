//! Objectives: a measure, what it is held to, and what may follow from it.
//!
//! Since the end of 2011 volumes are no longer opposable: they are « indicateurs de pilotage » (circulaire
//! DGOS/R5/2011/485, guide of 21 December 2011). Opposable quantified objectives are implantations,
//! equipment and access time (CSP D6121-6 to D6121-10). [`Force`] makes a binding pilot indicator
//! impossible to write.

use std::collections::HashSet;

use kernel::{Decimal, Finess};
use serde::{Deserialize, Serialize};

use super::{Catalogue, Contract, Unit, planning::InflectionId};

/// One commitment of a target set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// Identifier within the set.
    pub id: String,
    pub title: String,
    pub force: Force,
    /// The site or legal entity whose activity is measured.
    pub subject: Finess,
    /// Code of the indicator.
    pub indicator: String,
    pub unit: Unit,
    pub baseline: Option<Baseline>,
    /// One target a year, in the order of the years once checked.
    pub yearly: Vec<YearlyTarget>,
    /// Where the figures come from, or that they are illustrative.
    pub note: String,
    /// The agreed inflection it comes from; none for a free objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inflection: Option<InflectionId>,
    /// National plans it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<String>,
    /// Steps of a person’s pathway it serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pathway_steps: Vec<PathwayStep>,
    /// Resource name of the objective of the regional scheme it answers; none for an objective of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme_objective: Option<String>,
}

/// Where in the pathway of a person an objective helps (schéma régional d’organisation médico-sociale).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathwayStep {
    /// Repérage.
    Detection,
    /// Soutien à domicile.
    Home,
    /// Répit des aidants.
    Respite,
    /// Hébergement.
    Accommodation,
    /// Fin de vie.
    EndOfLife,
}

impl PathwayStep {
    /// In the order of a life.
    pub const ALL: [Self; 5] = [
        Self::Detection,
        Self::Home,
        Self::Respite,
        Self::Accommodation,
        Self::EndOfLife,
    ];
}

/// Whether an objective binds or informs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Objectif quantifié.
    Quantified(Binding),
    /// Indicateur de pilotage: it carries no binding at all.
    Pilot,
}

/// How far a quantified objective binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    Informative,
    /// A person may rely on it against the establishment.
    Opposable,
    /// Opposable, and a person may propose a penalty for its non-execution (CSP R6114-10).
    PenaltyEligible,
}

/// The flags contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForceError {
    #[error("a pilot indicator is never opposable nor penalised (circulaire DGOS/R5/2011/485)")]
    BindingPilot,
    #[error("only an opposable objective can be eligible for a penalty")]
    PenaltyWithoutOpposability,
}

impl Force {
    /// A quantified objective.
    ///
    /// # Errors
    /// When a penalty is announced for what is not opposable.
    pub fn quantified(opposable: bool, penalty_eligible: bool) -> Result<Self, ForceError> {
        match (opposable, penalty_eligible) {
            (false, false) => Ok(Self::Quantified(Binding::Informative)),
            (true, false) => Ok(Self::Quantified(Binding::Opposable)),
            (true, true) => Ok(Self::Quantified(Binding::PenaltyEligible)),
            (false, true) => Err(ForceError::PenaltyWithoutOpposability),
        }
    }

    /// A pilot indicator.
    ///
    /// # Errors
    /// When either flag is set.
    pub fn pilot(opposable: bool, penalty_eligible: bool) -> Result<Self, ForceError> {
        if opposable || penalty_eligible {
            return Err(ForceError::BindingPilot);
        }
        Ok(Self::Pilot)
    }

    pub fn is_opposable(self) -> bool {
        matches!(
            self,
            Self::Quantified(Binding::Opposable | Binding::PenaltyEligible)
        )
    }

    pub fn is_penalty_eligible(self) -> bool {
        matches!(self, Self::Quantified(Binding::PenaltyEligible))
    }
}

/// What the objective starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    pub value: Decimal,
    /// For example `2019-2022`.
    pub period: String,
    pub source: String,
}

/// The target of one civil year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearlyTarget {
    pub year: i16,
    pub target: Target,
}

/// A figure, or the closed interval to stay in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Point(Decimal),
    Band { min: Decimal, max: Decimal },
}

/// Something wrong in a list of objectives: where, which rule, and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// Path from the request, for example `objectives[2].yearly[0].year`.
    pub field: String,
    /// Stable reason, for example `DUPLICATE_YEAR`.
    pub reason: &'static str,
    pub explanation: String,
}

/// Checks objectives against each other, against the catalogue and against their contract, and puts the
/// years of each in order. All defects are returned, not the first.
///
/// # Errors
/// The defects, in the order of the objectives.
pub fn check(
    mut objectives: Vec<Objective>,
    contract: &Contract,
    catalogue: &Catalogue,
) -> Result<Vec<Objective>, Vec<Defect>> {
    let mut ids = HashSet::new();
    let mut defects = Vec::new();
    for (place, objective) in objectives.iter().enumerate() {
        let mut report = |field: &str, reason, explanation| {
            defects.push(Defect {
                field: format!("objectives[{place}].{field}"),
                reason,
                explanation,
            });
        };
        if !ids.insert(&objective.id) {
            report(
                "id",
                "DUPLICATE_ID",
                format!("two objectives are called {:?}", objective.id),
            );
        }
        if !contract.covers(objective.subject) {
            let explanation = format!(
                "{} is neither a party nor a site of {}; add it to the contract first",
                objective.subject, contract.id
            );
            report("subject", "SUBJECT_OUTSIDE_CONTRACT", explanation);
        }
        match catalogue.find(&objective.indicator) {
            None => {
                let known: Vec<&str> = catalogue.codes().collect();
                let explanation = format!(
                    "{:?} is not a known indicator; known are {}",
                    objective.indicator,
                    known.join(", ")
                );
                report("indicator", "UNKNOWN_INDICATOR", explanation);
            }
            Some((_, indicator)) if indicator.unit != objective.unit => {
                let explanation = format!("{} counts {}", indicator.code, indicator.unit.as_str());
                report("unit", "UNIT_MISMATCH", explanation);
            }
            Some(_) => {}
        }
        check_years(&objective.yearly, contract, &mut report);
    }
    if !defects.is_empty() {
        return Err(defects);
    }
    for objective in &mut objectives {
        objective.yearly.sort_by_key(|yearly| yearly.year);
    }
    Ok(objectives)
}

fn check_years(
    yearly: &[YearlyTarget],
    contract: &Contract,
    report: &mut impl FnMut(&str, &'static str, String),
) {
    let term = contract.term;
    let mut years = HashSet::new();
    if yearly.is_empty() {
        report(
            "yearly",
            "NO_YEAR",
            "an objective needs the target of one year at least".to_owned(),
        );
    }
    for (place, YearlyTarget { year, target }) in yearly.iter().enumerate() {
        if !years.insert(year) {
            let explanation = format!("{year} has two targets");
            report(
                &format!("yearly[{place}].year"),
                "DUPLICATE_YEAR",
                explanation,
            );
        }
        if !term.years().contains(year) {
            let explanation = format!(
                "{year} is outside the contract, which runs from {} to {}",
                term.effect_date, term.end_date
            );
            report(
                &format!("yearly[{place}].year"),
                "YEAR_OUTSIDE_CONTRACT",
                explanation,
            );
        }
        if let Target::Band { min, max } = target
            && min > max
        {
            let explanation = format!("the lower bound {min} is above the upper bound {max}");
            report(
                &format!("yearly[{place}].band"),
                "BAND_REVERSED",
                explanation,
            );
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{
        ContractState, catalogue::tests::some_indicators, contract::tests::a_contract,
    };

    /// A pilot objective on the stays of the contract's site.
    pub(crate) fn an_objective(id: &str) -> Objective {
        Objective {
            id: id.to_owned(),
            title: "Séjours hors séances".to_owned(),
            force: Force::Pilot,
            subject: "010000040".parse().unwrap(),
            indicator: "MCO_STAYS".to_owned(),
            unit: Unit::Stays,
            baseline: None,
            yearly: vec![YearlyTarget {
                year: 2025,
                target: Target::Point(1200.into()),
            }],
            note: String::new(),
            inflection: None,
            plans: Vec::new(),
            pathway_steps: Vec::new(),
            scheme_objective: None,
        }
    }

    fn defects_of(objectives: Vec<Objective>) -> Vec<(String, &'static str)> {
        check(
            objectives,
            &a_contract(ContractState::Open),
            &some_indicators(),
        )
        .unwrap_err()
        .into_iter()
        .map(|defect| (defect.field, defect.reason))
        .collect()
    }

    #[test]
    fn a_pilot_indicator_never_binds_and_a_penalty_needs_opposability() {
        assert_eq!(Force::pilot(false, false), Ok(Force::Pilot));
        for (opposable, penalty) in [(true, false), (false, true), (true, true)] {
            assert_eq!(
                Force::pilot(opposable, penalty),
                Err(ForceError::BindingPilot)
            );
        }
        assert_eq!(
            Force::quantified(false, true),
            Err(ForceError::PenaltyWithoutOpposability)
        );
        for (opposable, penalty) in [(false, false), (true, false), (true, true)] {
            let force = Force::quantified(opposable, penalty).unwrap();
            assert_eq!(
                (force.is_opposable(), force.is_penalty_eligible()),
                (opposable, penalty)
            );
        }
        assert!(!Force::Pilot.is_opposable() && !Force::Pilot.is_penalty_eligible());
    }

    #[test]
    fn years_are_put_in_order() {
        let mut objective = an_objective("a");
        objective.yearly.push(YearlyTarget {
            year: 2024,
            target: Target::Point(1.into()),
        });
        let checked = check(
            vec![objective],
            &a_contract(ContractState::Open),
            &some_indicators(),
        )
        .unwrap();
        let years: Vec<i16> = checked[0].yearly.iter().map(|yearly| yearly.year).collect();
        assert_eq!(years, [2024, 2025]);
    }

    #[test]
    fn every_defect_is_reported_with_its_place() {
        let mut wrong = an_objective("a");
        wrong.subject = "750712184".parse().unwrap();
        wrong.unit = Unit::Days;
        wrong.yearly = vec![
            YearlyTarget {
                year: 2025,
                target: Target::Band {
                    min: 2.into(),
                    max: 1.into(),
                },
            },
            YearlyTarget {
                year: 2025,
                target: Target::Point(1.into()),
            },
            YearlyTarget {
                year: 2030,
                target: Target::Point(1.into()),
            },
        ];
        let mut unknown = an_objective("b");
        unknown.indicator = "STAYS".to_owned();
        unknown.yearly.clear();
        let found = defects_of(vec![an_objective("a"), wrong, unknown]);
        let expected = [
            ("objectives[1].id", "DUPLICATE_ID"),
            ("objectives[1].subject", "SUBJECT_OUTSIDE_CONTRACT"),
            ("objectives[1].unit", "UNIT_MISMATCH"),
            ("objectives[1].yearly[0].band", "BAND_REVERSED"),
            ("objectives[1].yearly[1].year", "DUPLICATE_YEAR"),
            ("objectives[1].yearly[2].year", "YEAR_OUTSIDE_CONTRACT"),
            ("objectives[2].indicator", "UNKNOWN_INDICATOR"),
            ("objectives[2].yearly", "NO_YEAR"),
        ];
        let expected: Vec<_> = expected
            .map(|(field, reason)| (field.to_owned(), reason))
            .into();
        assert_eq!(found, expected);
    }

    #[test]
    fn stored_objectives_are_read_back_as_they_were() {
        let mut objective = an_objective("a");
        objective.force = Force::Quantified(Binding::PenaltyEligible);
        objective.yearly[0].target = Target::Band {
            min: "10.50".parse().unwrap(),
            max: 20.into(),
        };
        let text = serde_json::to_string(&objective).unwrap();
        assert_eq!(serde_json::from_str::<Objective>(&text).unwrap(), objective);
    }
}
