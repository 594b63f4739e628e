//! What the texts would make of an activity: a computed proposal, which people apply wholly, partly or not at all.
//!
//! - EHPAD (CASF R314-160 care, R314-174 dependence, arrêté of 28 September 2017): below a threshold of occupancy the
//!   allowance is reduced by a part of the gap; the care section may also rise. Exceptional situations may set it aside
//!   (4° of both articles).
//! - Contracts under L313-12-2 (R314-43-2): only what their clause says.

use kernel::{Decimal, french};

use super::MedicosocialRefusal;

/// Which section of the allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    Care,
    Dependence,
    Clause,
}

impl Section {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Care => "care",
            Self::Dependence => "dependence",
            Self::Clause => "clause",
        }
    }

    /// The section of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::Care, Self::Dependence]
            .into_iter()
            .find(|section| section.as_str() == text)
    }

    fn in_french(self) -> &'static str {
        match self {
            Self::Care => "forfait soins",
            Self::Dependence => "forfait dépendance",
            Self::Clause => "montant de la clause",
        }
    }
}

/// A dated rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub section: Section,
    pub first_year: i16,
    /// None while it lasts.
    pub last_year: Option<i16>,
    /// The rule holds where the allowance is at least this share of the equation’s result, in percent …
    pub convergence_from: Decimal,
    /// … and below this one.
    pub convergence_below: Option<Decimal>,
    /// Occupancy in percent; none for no modulation.
    pub threshold: Option<Decimal>,
    /// Percent of the allowance for each point of difference.
    pub slope: Decimal,
    pub upward: bool,
    /// Set aside for these years.
    pub neutralised: bool,
    pub source: String,
}

impl Parameter {
    fn holds(&self, section: Section, year: i16, convergence: Decimal) -> bool {
        self.section == section
            && self.first_year <= year
            && self.last_year.is_none_or(|last| year <= last)
            && self.convergence_from <= convergence
            && self
                .convergence_below
                .is_none_or(|below| convergence < below)
    }
}

/// The clause of a contract under L313-12-2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub target: Decimal,
    /// Gap that has no effect, in percent of the target.
    pub tolerance_percent: Decimal,
    /// Percent of the amount for each percent beyond the tolerance.
    pub slope: Decimal,
    /// The reduction never exceeds it, in percent.
    pub cap_percent: Decimal,
    pub amount: Decimal,
    /// Where it stands in the contract.
    pub source: String,
}

/// The proposal for one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionProposal {
    pub section: Section,
    pub parameter: Option<Parameter>,
    pub measured: Decimal,
    pub compared_with: Option<Decimal>,
    /// Percent of the amount, negative for a reduction.
    pub rate: Decimal,
    pub amount: Decimal,
    /// Euros and cents.
    pub change: Decimal,
    /// In French.
    pub explanation: String,
}

/// That nobody has decided anything, in French.
pub const NOTICE: &str = "Proposition calculée, sans effet par elle-même : l’autorité de tarification décide, après échange \
     avec le gestionnaire, d’appliquer tout, partie ou rien de la modulation, notamment en cas de situation exceptionnelle.";

/// The allowance in percent of the equation’s result, to two decimals.
///
/// # Errors
/// [`MedicosocialRefusal::NothingToCompare`].
pub fn convergence(allowance: Decimal, equation: Decimal) -> Result<Decimal, MedicosocialRefusal> {
    (allowance * Decimal::ONE_HUNDRED)
        .checked_div(equation)
        .map(to_hundredths)
        .ok_or(MedicosocialRefusal::NothingToCompare {
            what: "the result of the tariff equation",
        })
}

/// What the dated rules would make of an occupancy.
///
/// # Errors
/// [`MedicosocialRefusal::NoModulationRule`].
pub fn of_occupancy(
    parameters: &[Parameter],
    section: Section,
    year: i16,
    convergence: Decimal,
    occupancy: Decimal,
    amount: Decimal,
) -> Result<SectionProposal, MedicosocialRefusal> {
    let rule = parameters
        .iter()
        .find(|parameter| parameter.holds(section, year, convergence))
        .ok_or(MedicosocialRefusal::NoModulationRule { year })?;
    let (rate, explanation) = match rule.threshold {
        _ if rule.neutralised => (
            Decimal::ZERO,
            format!("La modulation de {year} est neutralisée."),
        ),
        None => (
            Decimal::ZERO,
            format!(
                "Pas de modulation en {year} pour un {} à {} % du résultat de l’équation tarifaire.",
                section.in_french(),
                french(convergence)
            ),
        ),
        Some(threshold) => by_threshold(rule, threshold, occupancy),
    };
    Ok(proposal(
        section,
        Some(rule.clone()),
        occupancy,
        rule.threshold,
        rate,
        amount,
        explanation,
    ))
}

fn by_threshold(rule: &Parameter, threshold: Decimal, occupancy: Decimal) -> (Decimal, String) {
    let gap = occupancy - threshold;
    if gap.is_zero() || (gap > Decimal::ZERO && !rule.upward) {
        let explanation = format!(
            "Taux d’occupation de {} % pour un seuil de {} % : pas de modulation.",
            french(occupancy),
            french(threshold)
        );
        return (Decimal::ZERO, explanation);
    }
    let rate = to_hundredths(gap * rule.slope);
    let explanation = format!(
        "Taux d’occupation de {} % pour un seuil de {} % : écart de {} points × {} = {} %.",
        french(occupancy),
        french(threshold),
        french(gap),
        french(rule.slope),
        french(rate)
    );
    (rate, explanation)
}

/// What a clause would make of an activity: a reduction beyond the tolerance, never above the cap; never an increase.
///
/// # Errors
/// [`MedicosocialRefusal::NothingToCompare`] for a target of zero.
pub fn of_clause(
    clause: &Clause,
    measured: Decimal,
) -> Result<SectionProposal, MedicosocialRefusal> {
    let gap = ((measured - clause.target) * Decimal::ONE_HUNDRED)
        .checked_div(clause.target)
        .ok_or(MedicosocialRefusal::NothingToCompare { what: "the target" })?;
    let beyond = (-gap - clause.tolerance_percent).max(Decimal::ZERO);
    let rate = to_hundredths((beyond * clause.slope).min(clause.cap_percent));
    let explanation = format!(
        "Réalisé {} pour une cible de {} : écart de {} %, tolérance de {} %, pente {}, plafond {} % : minoration de {} % ({}).",
        french(measured),
        french(clause.target),
        french(to_hundredths(gap)),
        french(clause.tolerance_percent),
        french(clause.slope),
        french(clause.cap_percent),
        french(rate),
        clause.source
    );
    Ok(proposal(
        Section::Clause,
        None,
        measured,
        Some(clause.target),
        Decimal::ZERO - rate,
        clause.amount,
        explanation,
    ))
}

fn proposal(
    section: Section,
    parameter: Option<Parameter>,
    measured: Decimal,
    compared_with: Option<Decimal>,
    rate: Decimal,
    amount: Decimal,
    explanation: String,
) -> SectionProposal {
    SectionProposal {
        section,
        parameter,
        measured,
        compared_with,
        rate,
        amount,
        change: to_hundredths(amount * rate / Decimal::ONE_HUNDRED),
        explanation,
    }
}

/// Two decimals, half away from zero, as amounts are rounded.
pub fn to_hundredths(value: Decimal) -> Decimal {
    let hundredths = value * Decimal::ONE_HUNDRED;
    let half = if value.is_sign_negative() {
        Decimal::NEGATIVE_ONE
    } else {
        Decimal::ONE
    } / Decimal::TWO;
    (hundredths + half).trunc() / Decimal::ONE_HUNDRED
}

#[cfg(test)]
mod tests;
