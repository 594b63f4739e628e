//! What a case-mix file must stand up to before it is applied.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Decimal, Finess};

use super::case_mix::{CaseMix, Figure, Measure, figures};

/// Examples that a gate names.
const EXAMPLES: usize = 20;

/// A check that a file did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Stable reason.
    pub reason: &'static str,
    pub explanation: String,
    /// A person may let it pass.
    pub acceptable: bool,
    pub examples: Vec<String>,
}

/// From when on a file does not pass; see `case_mix_threshold`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Share of stays in error groups, in percent.
    pub error_groups: Decimal,
    /// Distance of the monthly mean to the year before, in percent.
    pub jump: Decimal,
    /// Cases of the year before under which a jump says nothing.
    pub jump_smallest: Decimal,
}

/// What is known before the import.
#[derive(Debug, Default)]
pub struct Known {
    /// Establishments and legal entities of the region.
    pub registry: BTreeSet<Finess>,
    /// The last month that is current, by establishment and year.
    pub months: BTreeMap<(Finess, i16), u8>,
    /// Current figures of the years before, by establishment, year and measure.
    pub figures: BTreeMap<(Finess, i16, Measure), Figure>,
}

pub const UNKNOWN_ESTABLISHMENT: &str = "UNKNOWN_ESTABLISHMENT";
pub const ERROR_GROUPS: &str = "ERROR_GROUPS";
pub const JUMP_AGAINST_LAST_YEAR: &str = "JUMP_AGAINST_LAST_YEAR";
pub const EARLIER_MONTH: &str = "EARLIER_MONTH";
pub const MONTH_MISSING: &str = "MONTH_MISSING";
pub const CUMULATIVE_FALL: &str = "CUMULATIVE_FALL";

/// The gates that the file does not pass.
pub fn gates(case_mix: &CaseMix, known: &Known, thresholds: &Thresholds) -> Vec<Gate> {
    [
        unknown_establishments(case_mix, known),
        error_groups(case_mix, thresholds),
        earlier_months(case_mix, known),
        missing_months(case_mix),
        falls(case_mix, known),
        jumps(case_mix, known, thresholds),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn gate(
    reason: &'static str,
    acceptable: bool,
    explanation: String,
    examples: Vec<String>,
) -> Gate {
    Gate {
        reason,
        explanation,
        acceptable,
        examples: examples.into_iter().take(EXAMPLES).collect(),
    }
}

fn unknown_establishments(case_mix: &CaseMix, known: &Known) -> Option<Gate> {
    let unknown: Vec<String> = case_mix
        .months()
        .keys()
        .map(|(finess, _)| *finess)
        .collect::<BTreeSet<_>>()
        .difference(&known.registry)
        .map(ToString::to_string)
        .collect();
    let count = unknown.len();
    (count > 0).then(|| {
        let words = format!(
            "{count} FINESS numbers are not in the registry of the region; import the registry first, or accept \
             that their production is in no territory"
        );
        gate(UNKNOWN_ESTABLISHMENT, true, words, unknown)
    })
}

/// CMD 90 of the classification of stays and of rehabilitation: groups of errors, whose codes begin with it.
fn error_groups(case_mix: &CaseMix, thresholds: &Thresholds) -> Option<Gate> {
    let is_error = |activity: u32| case_mix.activities.name(activity).starts_with("90");
    let by_error = figures(case_mix, |key| (key.measure, is_error(key.activity)));
    let known = |measure, error| {
        let figure: Figure = by_error.get(&(measure, error)).copied().unwrap_or_default();
        Decimal::from(figure.known)
    };
    [Measure::Stays, Measure::Days]
        .into_iter()
        .find_map(|measure| {
            let (wrong, right) = (known(measure, true), known(measure, false));
            let share = (wrong * Decimal::ONE_HUNDRED).checked_div(wrong + right)?;
            (share > thresholds.error_groups).then(|| {
                let words = format!(
                    "{wrong} {} of {} are in error groups (CMD 90): {} %, more than {} %",
                    measure.as_str(),
                    wrong + right,
                    share.round_dp(2),
                    thresholds.error_groups
                );
                let examples = figures(case_mix, |key| (is_error(key.activity), key.finess));
                let examples = examples
                    .into_iter()
                    .filter(|((error, _), _)| *error)
                    .map(|((_, finess), figure)| format!("{finess}: {}", figure.known))
                    .collect();
                gate(ERROR_GROUPS, true, words, examples)
            })
        })
}

/// A file of an earlier month than what is current would take cases away: it cannot be let pass.
fn earlier_months(case_mix: &CaseMix, known: &Known) -> Option<Gate> {
    let earlier: Vec<String> = case_mix
        .months()
        .into_iter()
        .filter_map(|(place, month)| {
            let current = known.months.get(&place)?;
            let (finess, year) = place;
            (month < *current)
                .then(|| format!("{finess}: {year}-{month:02}, {year}-{current:02} is current"))
        })
        .collect();
    let count = earlier.len();
    (count > 0).then(|| {
        let words = format!(
            "{count} establishments have figures of a later month already; figures are cumulative, so an earlier \
             month cannot replace them"
        );
        gate(EARLIER_MONTH, false, words, earlier)
    })
}

/// Months that a file with several of them jumps over.
fn missing_months(case_mix: &CaseMix) -> Option<Gate> {
    let missing = case_mix.missing_months.iter();
    let missing: Vec<String> = missing
        .map(|(finess, year, month)| format!("{finess}: {year}-{month:02}"))
        .collect();
    let count = missing.len();
    (count > 0).then(|| {
        let words = format!(
            "{count} months are missing between those that the file tells; an establishment without stays in a month \
             may have none, a transmission that failed is to be sent again"
        );
        gate(MONTH_MISSING, true, words, missing)
    })
}

/// Cumulative figures never go down, unless an earlier transmission was wrong: within the file, and against an earlier
/// month that is current.
fn falls(case_mix: &CaseMix, known: &Known) -> Option<Gate> {
    let mut fallen: Vec<String> = case_mix
        .falls
        .iter()
        .map(|fall| {
            format!(
                "{} {} {}: {} in {}-{:02}, {} before",
                fall.finess,
                case_mix.activities.name(fall.activity),
                fall.measure.as_str(),
                fall.now,
                fall.year,
                fall.month,
                fall.before
            )
        })
        .collect();
    let months = case_mix.months();
    for ((finess, year, measure), figure) in
        figures(case_mix, |key| (key.finess, key.year, key.measure))
    {
        let place = (finess, year);
        let (Some(month), Some(month_then), Some(then)) = (
            months.get(&place),
            known.months.get(&place),
            known.figures.get(&(finess, year, measure)),
        ) else {
            continue;
        };
        if month > month_then && figure.masked + then.masked == 0 && figure.known < then.known {
            fallen.push(format!(
                "{finess} {}: {} in {year}-{month:02}, {} in {year}-{month_then:02}",
                measure.as_str(),
                figure.known,
                then.known
            ));
        }
    }
    let count = fallen.len();
    (count > 0).then(|| {
        let words =
            format!("{count} cumulative figures are smaller than those of an earlier month");
        gate(CUMULATIVE_FALL, true, words, fallen)
    })
}

/// Monthly means against the year before.
fn jumps(case_mix: &CaseMix, known: &Known, thresholds: &Thresholds) -> Option<Gate> {
    let months = case_mix.months();
    let now = figures(case_mix, |key| (key.finess, key.year, key.measure));
    let mut jumped = Vec::new();
    for ((finess, year, measure), figure) in now {
        let before = (finess, year - 1, measure);
        let (Some(then), Some(month), Some(month_then)) = (
            known.figures.get(&before),
            months.get(&(finess, year)),
            known.months.get(&(finess, year - 1)),
        ) else {
            continue;
        };
        let then_total = Decimal::from(then.known);
        if then_total < thresholds.jump_smallest || figure.masked + then.masked > 0 {
            continue;
        }
        let mean = Decimal::from(figure.known) / Decimal::from(*month);
        let mean_then = then_total / Decimal::from(*month_then);
        let change = (mean - mean_then) * Decimal::ONE_HUNDRED / mean_then;
        if change.abs() > thresholds.jump {
            let sign = if change.is_sign_positive() { "+" } else { "" };
            jumped.push(format!(
                "{finess} {}: {sign}{} %",
                measure.as_str(),
                change.round_dp(1)
            ));
        }
    }
    let count = jumped.len();
    (count > 0).then(|| {
        let words = format!(
            "{count} monthly means are more than {} % away from the year before",
            thresholds.jump
        );
        gate(JUMP_AGAINST_LAST_YEAR, true, words, jumped)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case_mix::{Cell, Key, Mode};

    const THRESHOLDS: Thresholds = Thresholds {
        error_groups: Decimal::ONE,
        jump: Decimal::from_parts(25, 0, 0, false, 0),
        jump_smallest: Decimal::ONE_HUNDRED,
    };

    fn finess() -> Finess {
        "010000040".parse().unwrap()
    }

    fn file(month: u8, cells: &[(&str, u32)]) -> CaseMix {
        let mut case_mix = CaseMix::default();
        for (activity, count) in cells {
            let key = Key {
                year: 2024,
                month,
                finess: finess(),
                activity: case_mix.activities.place(activity),
                mode: Mode::Full,
                measure: Measure::Stays,
                residence: 0,
            };
            case_mix.set(key, 0, Cell::Known(*count)).unwrap();
        }
        case_mix
    }

    fn known() -> Known {
        Known {
            registry: [finess()].into(),
            months: [((finess(), 2023), 12)].into(),
            figures: [(
                (finess(), 2023, Measure::Stays),
                Figure {
                    known: 1_200,
                    masked: 0,
                },
            )]
            .into(),
        }
    }

    fn reasons(case_mix: &CaseMix, known: &Known) -> Vec<&'static str> {
        gates(case_mix, known, &THRESHOLDS)
            .iter()
            .map(|gate| gate.reason)
            .collect()
    }

    #[test]
    fn an_ordinary_file_passes() {
        assert_eq!(
            reasons(&file(6, &[("08C24", 598), ("90Z00", 5)]), &known()),
            [""; 0]
        );
    }

    #[test]
    fn unknown_numbers_error_groups_and_jumps_are_told_and_may_be_accepted() {
        let file = file(6, &[("08C24", 980), ("90Z00", 20)]);
        let mut nobody = known();
        nobody.registry.clear();
        let gates = gates(&file, &nobody, &THRESHOLDS);
        let reasons: Vec<&str> = gates.iter().map(|gate| gate.reason).collect();
        assert_eq!(
            reasons,
            [UNKNOWN_ESTABLISHMENT, ERROR_GROUPS, JUMP_AGAINST_LAST_YEAR]
        );
        assert!(gates.iter().all(|gate| gate.acceptable));
        assert_eq!(gates[2].examples, ["010000040 stays: +66.7 %"]);
    }

    #[test]
    fn an_earlier_month_never_passes() {
        let mut later = known();
        later.months.insert((finess(), 2024), 9);
        let gates = gates(&file(6, &[("08C24", 600)]), &later, &THRESHOLDS);
        assert_eq!(
            (gates[0].reason, gates[0].acceptable),
            (EARLIER_MONTH, false)
        );
    }

    #[test]
    fn a_cumulative_figure_that_falls_and_a_month_that_is_missing_are_told() {
        let mut file = file(6, &[("08C24", 600)]);
        file.missing_months.insert((finess(), 2024, 3));
        let mut current = known();
        current.months.insert((finess(), 2024), 5);
        let figure = Figure {
            known: 700,
            masked: 0,
        };
        current
            .figures
            .insert((finess(), 2024, Measure::Stays), figure);
        let found = gates(&file, &current, &THRESHOLDS);
        let told: Vec<_> = found
            .iter()
            .map(|gate| (gate.reason, gate.examples.first().map(String::as_str)))
            .collect();
        assert_eq!(
            told,
            [
                (MONTH_MISSING, Some("010000040: 2024-03")),
                (
                    CUMULATIVE_FALL,
                    Some("010000040 stays: 600 in 2024-06, 700 in 2024-05")
                ),
            ]
        );
        assert!(found.iter().all(|gate| gate.acceptable));
        // The same month again, with less, is a correction.
        current.months.insert((finess(), 2024), 6);
        file.missing_months.clear();
        assert_eq!(reasons(&file, &current), [""; 0]);
    }

    #[test]
    fn a_small_establishment_may_jump() {
        let mut small = known();
        let figure = Figure {
            known: 60,
            masked: 0,
        };
        small
            .figures
            .insert((finess(), 2023, Measure::Stays), figure);
        assert_eq!(reasons(&file(6, &[("08C24", 600)]), &small), [""; 0]);
    }
}
