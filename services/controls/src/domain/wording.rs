//! The sentences a person reads, in French, with French numbers.

use kernel::{Decimal, french as number};
use rust_decimal::RoundingStrategy;

use super::{
    byar::Interval,
    compare::Question,
    judge::{Gap, Gravity, Judgement, Verdict},
    objective::{Target, Unit},
    quantity::Quantity,
};

const NARROW_SPACE: char = '\u{202f}';

/// A number that always shows its sign.
fn signed(value: Decimal) -> String {
    let plus = if value > Decimal::ZERO { "+" } else { "" };
    format!("{plus}{}", number(value))
}

fn percent(value: Decimal) -> String {
    format!("{}{NARROW_SPACE}%", number(value))
}

/// A figure with its unit: French agrees in the plural from 2 on.
fn figure(value: Decimal, unit: Unit) -> String {
    let (one, many) = match unit {
        Unit::Stays => ("séjour", "séjours"),
        Unit::Sessions => ("séance", "séances"),
        Unit::Days => ("journée", "journées"),
        Unit::Patients => ("patient", "patients"),
        Unit::Acts => ("acte", "actes"),
        Unit::Places => ("place", "places"),
        Unit::Sites => ("implantation", "implantations"),
        Unit::Devices => ("appareil", "appareils"),
        Unit::Minutes => ("minute", "minutes"),
        Unit::Percent => return percent(value),
    };
    let noun = if value.abs() < Decimal::TWO {
        one
    } else {
        many
    };
    format!("{} {noun}", number(value))
}

fn target_in_words(target: Target, unit: Unit) -> String {
    match target {
        Target::Point(point) if point == Quantity::ZERO => "une cible nulle".to_owned(),
        Target::Point(point) => format!("une cible de {}", figure(point.value(), unit)),
        Target::Band { min, max } => format!(
            "une cible comprise entre {} et {}",
            number(min.value()),
            figure(max.value(), unit)
        ),
    }
}

fn opening(question: &Question<'_>) -> String {
    format!(
        "Objectif «{NARROW_SPACE}{}{NARROW_SPACE}», {}{NARROW_SPACE}:",
        question.objective.title, question.year
    )
}

fn gap_in_words(question: &Question<'_>, gap: Gap) -> String {
    match gap.percent {
        Some(_) if gap.difference.is_zero() => "écart nul".to_owned(),
        Some(share) => format!("écart de {}", signed_percent(readable(question, share))),
        None => format!(
            "écart de +{} (aucun pourcentage ne se calcule sur une cible nulle)",
            figure(gap.difference, question.objective.unit)
        ),
    }
}

/// A share as a sentence says it: with one decimal, or with as many as it takes to leave it on its side of the tolerances
/// and not to make nothing of it. The operations of the trace keep its four.
fn readable(question: &Question<'_>, share: Decimal) -> Decimal {
    let band = question.band();
    let limits = [Decimal::ZERO, band.conforming_percent, band.minor_percent];
    let side = |share: Decimal| limits.map(|limit| share.abs().cmp(&limit));
    let away = RoundingStrategy::MidpointAwayFromZero;
    (1..4)
        .map(|decimals| share.round_dp_with_strategy(decimals, away))
        .find(|rounded| side(*rounded) == side(share))
        .unwrap_or(share)
}

fn signed_percent(share: Decimal) -> String {
    format!("{}{NARROW_SPACE}%", signed(share))
}

fn verdict_in_words(verdict: Verdict, target: Target) -> String {
    let gravity = |gravity| match gravity {
        Gravity::Minor => "mineur",
        Gravity::Major => "majeur",
    };
    let band = matches!(target, Target::Band { .. });
    match verdict {
        Verdict::Conforming => "conforme".to_owned(),
        Verdict::TooSmall | Verdict::Chance => "non évalué".to_owned(),
        Verdict::Below(g) => format!(
            "écart {} en dessous de {}",
            gravity(g),
            if band { "la borne basse" } else { "la cible" }
        ),
        Verdict::Above(g) => format!(
            "écart {} au-dessus de {}",
            gravity(g),
            if band { "la borne haute" } else { "la cible" }
        ),
    }
}

/// Why the verdict follows from the gap.
fn tolerance_in_words(question: &Question<'_>, target: Target, judgement: Judgement) -> String {
    let (conforming, minor) = (
        question.band().conforming_percent,
        question.band().minor_percent,
    );
    let has_share = judgement.gap.is_some_and(|gap| gap.percent.is_some());
    let point = matches!(target, Target::Point(_));
    match judgement.verdict {
        Verdict::Conforming if has_share && point => {
            format!(", dans la tolérance de {}", percent(conforming))
        }
        Verdict::Below(Gravity::Minor) | Verdict::Above(Gravity::Minor) if point => format!(
            ", au-delà de la tolérance de {} et dans la limite de {}",
            percent(conforming),
            percent(minor)
        ),
        Verdict::Below(Gravity::Minor) | Verdict::Above(Gravity::Minor) => {
            format!(", dans la limite de {}", percent(minor))
        }
        Verdict::Below(Gravity::Major) | Verdict::Above(Gravity::Major) if has_share => {
            format!(", au-delà de {}", percent(minor))
        }
        _ => String::new(),
    }
}

/// An exact figure against its target.
pub(super) fn exact(
    question: &Question<'_>,
    target: Target,
    value: Quantity,
    judgement: Judgement,
    chance: Option<Interval>,
) -> String {
    let unit = question.objective.unit;
    let opening = opening(question);
    let realised = figure(value.value(), unit);
    let target_text = target_in_words(target, unit);
    if judgement.verdict == Verdict::TooSmall {
        let least = number(question.band().minimum_count);
        return format!(
            "{opening} réalisé de {realised} pour {target_text}{NARROW_SPACE}; les deux sont inférieurs à {least}, \
             effectif sous lequel un écart ne s’interprète pas{NARROW_SPACE}: non évalué."
        );
    }
    let gap = judgement
        .gap
        .map(|gap| format!(", {}", gap_in_words(question, gap)))
        .unwrap_or_default();
    let tolerance = tolerance_in_words(question, target, judgement);
    let verdict = verdict_in_words(judgement.verdict, target);
    let chance = chance.map(chance_in_words).unwrap_or_default();
    format!(
        "{opening} réalisé de {realised} pour {target_text}{gap}{tolerance}{NARROW_SPACE}: {verdict}.{chance}"
    )
}

/// A reminder to the reviewer when chance alone may explain a deviation.
fn chance_in_words(interval: Interval) -> String {
    let two = |bound: Decimal| number(bound.round_dp(2));
    format!(
        " Cet écart peut relever du hasard{NARROW_SPACE}: le rapport du réalisé à la cible se situe entre {} et {} \
         (intervalle de confiance à 95{NARROW_SPACE}%).",
        two(interval.lower),
        two(interval.upper)
    )
}

/// A masked figure whose two ends say the same.
pub(super) fn masked(
    question: &Question<'_>,
    target: Target,
    (lower, upper): (Quantity, Quantity),
    judgements: (Judgement, Judgement),
    verdict: Verdict,
) -> String {
    let shares = judgements
        .0
        .gap
        .and_then(|g| g.percent)
        .zip(judgements.1.gap.and_then(|g| g.percent));
    let gap = shares.map_or_else(String::new, |(low, high)| {
        format!(
            ", écart compris entre {} et {}",
            signed_percent(readable(question, low)),
            signed_percent(readable(question, high))
        )
    });
    format!(
        "{}{gap}{NARROW_SPACE}: {}, quelles que soient les valeurs masquées.",
        masked_opening(question, target, lower, upper),
        verdict_in_words(verdict, target)
    )
}

/// A masked figure whose two ends disagree.
pub(super) fn undecided(
    question: &Question<'_>,
    target: Target,
    (lower, upper): (Quantity, Quantity),
) -> String {
    format!(
        "{}{NARROW_SPACE}; la conclusion dépend des valeurs masquées{NARROW_SPACE}: indéterminé.",
        masked_opening(question, target, lower, upper)
    )
}

fn masked_opening(
    question: &Question<'_>,
    target: Target,
    lower: Quantity,
    upper: Quantity,
) -> String {
    let unit = question.objective.unit;
    format!(
        "{} le secret statistique masque des valeurs{NARROW_SPACE}; le réalisé se situe entre {} et {} pour {}",
        opening(question),
        number(lower.value()),
        figure(upper.value(), unit),
        target_in_words(target, unit)
    )
}

/// Months are missing.
pub(super) fn incomplete(question: &Question<'_>, so_far: Quantity) -> String {
    format!(
        "{} des valeurs manquent (total des valeurs transmises{NARROW_SPACE}: {}){NARROW_SPACE}; le réalisé de l’année \
         n’est pas établi et n’est pas comparé. Une valeur manquante n’est pas un zéro{NARROW_SPACE}: les valeurs \
         restent à transmettre.",
        opening(question),
        figure(so_far.value(), question.objective.unit)
    )
}

/// Nothing was submitted.
pub(super) fn missing(question: &Question<'_>) -> String {
    format!(
        "{} aucune valeur n’a été transmise avant le gel des données. Une valeur absente n’est pas un \
         zéro{NARROW_SPACE}: les valeurs restent à transmettre.",
        opening(question)
    )
}

/// The policy does not judge this year.
pub(super) fn neutralised(question: &Question<'_>, reasons: &str) -> String {
    format!(
        "{} la politique de tolérance neutralise cette année (motif{NARROW_SPACE}: {reasons}){NARROW_SPACE}: mesuré, \
         non évalué.",
        opening(question)
    )
}

/// The objective is silent on this year.
pub(super) fn no_target(question: &Question<'_>) -> String {
    format!(
        "{} aucune cible n’est fixée pour cette année{NARROW_SPACE}: non évalué.",
        opening(question)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_plural_begins_at_two() {
        assert_eq!(figure("1.5".parse().unwrap(), Unit::Days), "1,5 journée");
        assert_eq!(figure(Decimal::ZERO, Unit::Stays), "0 séjour");
        assert_eq!(figure(Decimal::TWO, Unit::Sites), "2 implantations");
        assert_eq!(
            figure("62.5".parse().unwrap(), Unit::Percent),
            "62,5\u{202f}%"
        );
    }
}
