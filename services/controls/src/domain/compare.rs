//! The comparison of one objective with what was realised in the year.

use kernel::Decimal;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    byar,
    judge::{Gravity, Judgement, Verdict, judge},
    objective::{Measure, Objective, Realised, Submitted, Target, Unit},
    quantity::Quantity,
    tolerance::{Band, ToleranceRules},
    trace::CalculationTrace,
    wording,
};

/// What a comparison gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonResult {
    Conforming,
    Below,
    Above,
    /// Counts too small to be told from chance.
    TooSmall,
    /// Masked values leave it open.
    UndecidedMasked,
    /// No value, or not all of it. It is a finding of its own, a reminder; never a zero.
    NoData,
    /// The objective has no target for the year.
    NoTarget,
    /// The policy neutralised the year.
    Neutralised,
}

impl ComparisonResult {
    /// Whether the figure departs from its target.
    pub fn deviates(self) -> bool {
        matches!(self, Self::Below | Self::Above)
    }
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A reminder.
    Info,
    Minor,
    Major,
    /// Only a person says so: no comparison does.
    Grave,
}

impl Severity {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Grave => "grave",
        }
    }
}

/// One objective compared. It carries a severity exactly when it raises a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub objective: String,
    pub title: String,
    pub result: ComparisonResult,
    pub severity: Option<Severity>,
    pub trace: CalculationTrace,
    /// The figures that were compared, to judge them by other rules; none without a target.
    #[serde(default)]
    pub basis: Option<Basis>,
}

/// The two figures of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub unit: Unit,
    pub target: Target,
    pub realised: Realised,
}

/// All that a comparison depends on.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub year: i32,
    pub objective: &'a Objective,
    /// Resource name and version of the target set.
    pub target_source: &'a str,
    pub rules: &'a ToleranceRules,
    /// Resource name of the policy.
    pub policy: &'a str,
    /// Resource name of the campaign, and the instant at which it froze the data.
    pub campaign: &'a str,
    pub freeze_time: OffsetDateTime,
    pub measure: &'a Measure,
}

/// Bounds of a value hidden by statistical secrecy.
const MASKED: (u32, u32) = (1, 10);

/// Compares one objective. Pure and total: the same question always has the same answer and trace.
///
/// Source of the method: no statutory band exists; the policy of the region is applied (see
/// [`super::tolerance`]). Masked figures are decided only when every possible value says the same.
pub fn compare(question: &Question<'_>) -> Comparison {
    let Some(target) = question.objective.target_of(question.year) else {
        let mut trace = CalculationTrace::new("sans objet".to_owned());
        trace.conclusion = wording::no_target(question);
        return answer(question, ComparisonResult::NoTarget, None, trace);
    };
    let mut trace = CalculationTrace::new(formula(target));
    state_target(question, target, &mut trace);
    state_measure(question, &mut trace);
    state_parameters(question, &mut trace);
    if let Some(reasons) = question.rules.neutralised(question.year) {
        trace.parameter("année neutralisée", question.year, question.policy);
        trace.conclusion = wording::neutralised(question, reasons);
        return answer(question, ComparisonResult::Neutralised, None, trace);
    }
    match question.measure.realised {
        Realised::Exact(value) => exact(question, target, value, trace),
        Realised::Masked { lower, upper } => masked(question, target, (lower, upper), trace),
        Realised::Incomplete { so_far } => {
            trace.conclusion = wording::incomplete(question, so_far);
            answer(
                question,
                ComparisonResult::NoData,
                Some(Severity::Info),
                trace,
            )
        }
        Realised::Missing => {
            trace.conclusion = wording::missing(question);
            answer(
                question,
                ComparisonResult::NoData,
                Some(Severity::Info),
                trace,
            )
        }
    }
}

fn exact(
    question: &Question<'_>,
    target: Target,
    value: Quantity,
    mut trace: CalculationTrace,
) -> Comparison {
    if let Some(sum) = sum_expression(question.measure, value, MASKED.0) {
        trace.step(sum, value);
    }
    let mut judgement = judge(
        target,
        value,
        question.objective.unit,
        question.band(),
        &mut trace,
    );
    let chance = chance(question, value, judgement, &mut trace);
    if question.rules.chance_excluded() && chance.is_some() {
        judgement.verdict = Verdict::Chance;
    }
    trace.conclusion = wording::exact(question, target, value, judgement, chance);
    let (result, severity) = published(judgement.verdict);
    answer(question, result, severity, trace)
}

fn masked(
    question: &Question<'_>,
    target: Target,
    (lower, upper): (Quantity, Quantity),
    mut trace: CalculationTrace,
) -> Comparison {
    let ends = [(lower, MASKED.0), (upper, MASKED.1)].map(|(value, mask)| {
        if let Some(sum) = sum_expression(question.measure, value, mask) {
            trace.step(sum, value);
        }
        judge(
            target,
            value,
            question.objective.unit,
            question.band(),
            &mut trace,
        )
    });
    // A deviation that may be chance at one end leaves open what the hidden figure says.
    let may_be_chance = question.rules.chance_excluded()
        && [lower, upper]
            .into_iter()
            .zip(ends)
            .any(|(value, judgement)| {
                interval(question, value, judgement).is_some_and(|interval| interval.contains_one())
            });
    // The least grave of the two ends is the only gravity that is certain.
    let verdict = match (ends[0].verdict, ends[1].verdict) {
        (Verdict::Below(a), Verdict::Below(b)) => Some(Verdict::Below(a.min(b))),
        (Verdict::Above(a), Verdict::Above(b)) => Some(Verdict::Above(a.min(b))),
        (a, b) => (a == b).then_some(a),
    };
    let verdict = verdict.filter(|_| !may_be_chance);
    let Some(verdict) = verdict else {
        trace.conclusion = wording::undecided(question, target, (lower, upper));
        return answer(question, ComparisonResult::UndecidedMasked, None, trace);
    };
    trace.conclusion = wording::masked(
        question,
        target,
        (lower, upper),
        (ends[0], ends[1]),
        verdict,
    );
    let (result, severity) = published(verdict);
    answer(question, result, severity, trace)
}

fn published(verdict: Verdict) -> (ComparisonResult, Option<Severity>) {
    let severity = |gravity| match gravity {
        Gravity::Minor => Severity::Minor,
        Gravity::Major => Severity::Major,
    };
    match verdict {
        Verdict::Conforming => (ComparisonResult::Conforming, None),
        Verdict::TooSmall | Verdict::Chance => (ComparisonResult::TooSmall, None),
        Verdict::Below(gravity) => (ComparisonResult::Below, Some(severity(gravity))),
        Verdict::Above(gravity) => (ComparisonResult::Above, Some(severity(gravity))),
    }
}

fn answer(
    question: &Question<'_>,
    result: ComparisonResult,
    severity: Option<Severity>,
    trace: CalculationTrace,
) -> Comparison {
    Comparison {
        objective: question.objective.id.clone(),
        title: question.objective.title.clone(),
        result,
        severity,
        trace,
        basis: question.basis(),
    }
}

impl Question<'_> {
    /// The settings that apply to this objective.
    pub(super) fn band(&self) -> &Band {
        self.rules.band(self.objective.unit)
    }

    fn basis(&self) -> Option<Basis> {
        let target = self.objective.target_of(self.year)?;
        Some(Basis {
            unit: self.objective.unit,
            target,
            realised: self.measure.realised,
        })
    }
}

/// The 95 % interval of the index of a deviation, for counts of separate events.
fn interval(
    question: &Question<'_>,
    value: Quantity,
    judgement: Judgement,
) -> Option<byar::Interval> {
    let deviates = matches!(judgement.verdict, Verdict::Below(_) | Verdict::Above(_));
    let reference = judgement.gap.filter(|_| deviates)?.reference;
    if !question.objective.unit.counts_events() {
        return None;
    }
    byar::interval(value.value(), reference.value())
}

/// For a deviation of separate events: whether chance alone may explain it. The policy says whether that
/// changes the result; the person who reviews is told in any case.
fn chance(
    question: &Question<'_>,
    value: Quantity,
    judgement: Judgement,
    trace: &mut CalculationTrace,
) -> Option<byar::Interval> {
    let interval = interval(question, value, judgement)?;
    let reference = judgement.gap?.reference;
    trace.parameter(
        "z",
        byar::z(),
        "loi normale, intervalle à 95 %, approximation de Byar",
    );
    trace.step(
        format!("Byar({value} ÷ {reference})"),
        format!("[{:.4} ; {:.4}]", interval.lower, interval.upper),
    );
    Some(interval).filter(byar::Interval::contains_one)
}

fn formula(target: Target) -> String {
    match target {
        Target::Point(point) if point == Quantity::ZERO => {
            "cible nulle : conforme si réalisé = 0, sinon écart = réalisé − cible".to_owned()
        }
        Target::Point(_) => "écart (%) = (réalisé − cible) ÷ cible × 100".to_owned(),
        Target::Band { .. } => "conforme si borne basse ≤ réalisé ≤ borne haute ; sinon écart (%) = (réalisé − borne franchie) \
             ÷ borne franchie × 100"
            .to_owned(),
    }
}

fn state_target(question: &Question<'_>, target: Target, trace: &mut CalculationTrace) {
    let source = format!(
        "{}, objectif {}, année {}",
        question.target_source, question.objective.id, question.year
    );
    match target {
        Target::Point(point) => trace.input("cible", point, &source),
        Target::Band { min, max } => {
            trace.input("borne basse", min, &source);
            trace.input("borne haute", max, &source);
        }
    }
}

fn state_measure(question: &Question<'_>, trace: &mut CalculationTrace) {
    let source = format!(
        "réalisation de l’objectif {} en {}, établie par le service des cibles",
        question.objective.id, question.year
    );
    match question.measure.realised {
        Realised::Exact(value) => trace.input("réalisé", value, &source),
        Realised::Masked { lower, upper } => {
            trace.input("réalisé minimal", lower, &source);
            trace.input("réalisé maximal", upper, &source);
        }
        Realised::Incomplete { so_far } => trace.input("réalisé partiel", so_far, &source),
        Realised::Missing => trace.input("réalisé", "absent", &source),
    }
    for submitted in &question.measure.inputs {
        let value = match submitted.content {
            Submitted::Number(number) => number.to_string(),
            Submitted::Masked => "masqué".to_owned(),
            Submitted::Missing => "manquant".to_owned(),
        };
        trace.input(submitted.name.clone(), value, &submitted.source);
    }
}

fn state_parameters(question: &Question<'_>, trace: &mut CalculationTrace) {
    let band = question.band();
    trace.parameter("tolérance (%)", band.conforming_percent, question.policy);
    trace.parameter("écart mineur (%)", band.minor_percent, question.policy);
    if question.objective.unit.counts_activity() {
        trace.parameter("effectif minimal", band.minimum_count, question.policy);
    }
    if let Ok(instant) = question.freeze_time.format(&Rfc3339) {
        trace.parameter("données arrêtées le", instant, question.campaign);
    }
    let is_masked = |input: &super::objective::SubmittedValue| input.content == Submitted::Masked;
    if question.measure.inputs.iter().any(is_masked) {
        trace.parameter(
            "valeur masquée",
            "de 1 à 10",
            "secret statistique (moins de 11)",
        );
    }
}

/// The submitted values as a sum, each masked one taken as `mask`; none when they do not sum to `total`
/// (a yearly percentage is no sum of months).
fn sum_expression(measure: &Measure, total: Quantity, mask: u32) -> Option<String> {
    let terms: Vec<Decimal> = measure
        .inputs
        .iter()
        .filter_map(|input| match input.content {
            Submitted::Number(number) => Some(number.value()),
            Submitted::Masked => Some(mask.into()),
            Submitted::Missing => None,
        })
        .collect();
    let sum = terms
        .iter()
        .try_fold(Decimal::ZERO, |sum, term| sum.checked_add(*term))?;
    if terms.is_empty() || sum != total.value() {
        return None;
    }
    Some(
        terms
            .iter()
            .map(|term| term.normalize().to_string())
            .collect::<Vec<_>>()
            .join(" + "),
    )
}

#[cfg(test)]
mod recomputation;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod tests;
