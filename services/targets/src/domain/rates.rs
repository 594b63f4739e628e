//! Rates of hospital use by territory and activity, from cells by place of residence.

use statistics::rates::{self, Rates, Stratum};

use super::{
    case_mix::Mode,
    demography::{CLASSES, STRATA, UNCLASSED},
};

/// Code of a total.
pub const TOTAL: &str = "*";

/// Cases of the residents of one territory in one activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cases {
    by_class: [i64; CLASSES],
    /// Cases without a night.
    pub ambulatory: i64,
    /// Cases with sessions left out: what the ambulatory share is a share of.
    pub without_sessions: i64,
    /// Cells masked at the source: each adds 1 to 10.
    pub masked: i64,
}

impl Default for Cases {
    fn default() -> Self {
        Self {
            by_class: [0; CLASSES],
            ambulatory: 0,
            without_sessions: 0,
            masked: 0,
        }
    }
}

impl Cases {
    /// Adds the cells of one place of residence and mode.
    pub fn add_cells(&mut self, mode: Mode, cells: &[i32], masked: i32) {
        let mut sum = 0;
        for (class, cell) in self.by_class.iter_mut().zip(cells) {
            *class += i64::from(*cell);
            sum += i64::from(*cell);
        }
        match mode {
            Mode::Ambulatory => {
                self.ambulatory += sum;
                self.without_sessions += sum;
            }
            Mode::Full | Mode::PartTime => self.without_sessions += sum,
            Mode::Session => {}
        }
        self.masked += i64::from(masked);
    }

    pub fn add(&mut self, other: &Self) {
        for (sum, cases) in self.by_class.iter_mut().zip(&other.by_class) {
            *sum += cases;
        }
        self.ambulatory += other.ambulatory;
        self.without_sessions += other.without_sessions;
        self.masked += other.masked;
    }

    /// All known cases.
    pub fn total(&self) -> i64 {
        self.by_class.iter().sum()
    }

    /// Cases of a class.
    pub fn of_class(&self, class: usize) -> i64 {
        self.by_class.get(class).copied().unwrap_or_default()
    }

    /// Cases of unknown age or sex.
    pub fn unclassed(&self) -> i64 {
        self.by_class.get(UNCLASSED).copied().unwrap_or_default()
    }
}

/// Inhabitants by class.
pub type Inhabitants = [i64; STRATA];

/// Adds inhabitants up.
pub fn add_inhabitants(sum: &mut Inhabitants, more: &[i32]) {
    for (total, count) in sum.iter_mut().zip(more) {
        *total += i64::from(*count);
    }
}

/// What there is to say of one territory and activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    Known(Rates),
    /// Some cells are masked at the source: the cases are between the known ones and these bounds.
    Masked {
        lower: i64,
        upper: i64,
    },
    /// The reference expects no case, some of its cells are masked, or no case has a class: there is a crude rate and
    /// nothing to compare with.
    NoReference {
        crude: f64,
    },
}

/// What is compared with: a territory’s or the whole’s inhabitants and cases.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    pub inhabitants: &'a Inhabitants,
    pub cases: &'a Cases,
}

/// Cases of a class that has inhabitants.
pub fn classed(cases: &Cases, inhabitants: &Inhabitants) -> i64 {
    let classes = inhabitants.iter().enumerate();
    classes
        .filter(|(_, count)| **count > 0)
        .map(|(class, _)| cases.of_class(class))
        .sum()
}

/// Cases per 1,000 inhabitants.
pub fn crude(inhabitants: &Inhabitants, cases: &Cases) -> f64 {
    let population: i64 = inhabitants.iter().sum();
    number(cases.total()) / number(population) * 1_000.0
}

/// The rates of a territory in an activity.
///
/// Cases of unknown age or sex, and of a class in which the population has nobody, are taken to be spread over the
/// classes as the others are, here and in the reference. Were they left out, the index times the expected cases would be
/// the others, and tell how few they are.
pub fn rates(inhabitants: &Inhabitants, cases: &Cases, reference: Reference<'_>) -> Outcome {
    if cases.masked > 0 {
        let known = cases.total();
        return Outcome::Masked {
            lower: known + cases.masked,
            upper: known + 10 * cases.masked,
        };
    }
    let crude = crude(inhabitants, cases);
    let known = classed(cases, inhabitants);
    let known_there = classed(reference.cases, reference.inhabitants);
    let has_classes = known > 0 || cases.total() == 0;
    if reference.cases.masked > 0 || !has_classes {
        return Outcome::NoReference { crude };
    }
    let spread = |total: i64, classed: i64| {
        if classed > 0 {
            number(total) / number(classed)
        } else {
            1.0
        }
    };
    let spread_out = spread(cases.total(), known);
    let reference_spread = spread(reference.cases.total(), known_there);
    let strata = (0..STRATA).map(|class| {
        let at = |counts: &[i64]| number(counts.get(class).copied().unwrap_or_default());
        let (here, there) = (at(inhabitants), at(reference.inhabitants));
        Stratum {
            population: here,
            cases: if here > 0.0 {
                at(&cases.by_class) * spread_out
            } else {
                0.0
            },
            reference_population: there,
            reference_rate_per_1000: if there > 0.0 {
                at(&reference.cases.by_class) / there * 1_000.0 * reference_spread
            } else {
                0.0
            },
        }
    });
    match rates::compute(&strata.collect::<Vec<_>>()) {
        Ok(rates) => Outcome::Known(Rates { crude, ..rates }),
        Err(_) => Outcome::NoReference { crude },
    }
}

/// Whether the interval leaves out 1: chance alone hardly explains the difference.
pub fn is_significant(rates: &Rates) -> bool {
    rates.index_low > 1.0 || rates.index_high < 1.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of people are far below 2⁵³"
)]
pub(super) fn number(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five_classes(values: [i64; 5]) -> Inhabitants {
        let mut classes = [0; STRATA];
        classes[..5].copy_from_slice(&values);
        classes
    }

    fn cases(values: [i32; 5]) -> Cases {
        let mut cases = Cases::default();
        cases.add_cells(Mode::Full, &values, 0);
        cases
    }

    /// The worked example of the method, whose reference rates come out of 66 million inhabitants.
    fn worked() -> (Inhabitants, Cases, Inhabitants, Cases) {
        (
            five_classes([18_000, 34_000, 26_000, 12_000, 10_000]),
            cases([900, 3_400, 3_900, 3_000, 3_500]),
            five_classes([12_000_000, 24_000_000, 17_000_000, 7_000_000, 6_000_000]),
            cases([540_000, 2_160_000, 2_380_000, 1_610_000, 1_980_000]),
        )
    }

    #[test]
    fn the_worked_example_holds_to_four_decimals_from_cells() {
        let (inhabitants, cases, reference_inhabitants, reference_cases) = worked();
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &reference_cases,
        };
        let Outcome::Known(rates) = rates(&inhabitants, &cases, reference) else {
            unreachable!("the example has rates");
        };
        let rounded = [
            rates.crude,
            rates.direct,
            rates.expected,
            rates.index,
            rates.indirect,
        ]
        .map(|rate| format!("{rate:.4}"));
        assert_eq!(
            rounded,
            ["147.0000", "142.4242", "13570.0000", "1.0833", "142.3025"]
        );
        assert_eq!(
            format!("{:.4} {:.4}", rates.index_low, rates.index_high),
            "1.0658 1.1009"
        );
        assert!(is_significant(&rates));
    }

    #[test]
    fn cases_without_class_are_spread_as_the_others_and_not_told_by_the_index() {
        let (inhabitants, mut cases, reference_inhabitants, reference_cases) = worked();
        cases.by_class[UNCLASSED] = 300;
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &reference_cases,
        };
        let Outcome::Known(rates) = rates(&inhabitants, &cases, reference) else {
            unreachable!("the example has rates");
        };
        // 142.4242 × 15,000 / 14,700.
        assert_eq!(
            format!("{:.4} {:.4}", rates.crude, rates.direct),
            "150.0000 145.3309"
        );
        assert_eq!(format!("{:.4}", rates.index * rates.expected), "15000.0000");
        assert_eq!(cases.unclassed(), 300);
    }

    #[test]
    fn cases_that_all_lack_a_class_have_a_crude_rate_only() {
        let (inhabitants, _, reference_inhabitants, reference_cases) = worked();
        let mut cases = Cases::default();
        cases.by_class[UNCLASSED] = 300;
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &reference_cases,
        };
        assert_eq!(
            rates(&inhabitants, &cases, reference),
            Outcome::NoReference { crude: 3.0 }
        );
    }

    #[test]
    fn a_masked_cell_leaves_bounds_and_no_rate() {
        let (inhabitants, mut cases, reference_inhabitants, reference_cases) = worked();
        cases.masked = 2;
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &reference_cases,
        };
        let outcome = rates(&inhabitants, &cases, reference);
        assert_eq!(
            outcome,
            Outcome::Masked {
                lower: 14_702,
                upper: 14_720
            }
        );
    }

    #[test]
    fn a_masked_cell_elsewhere_leaves_the_crude_rate() {
        let (inhabitants, cases, reference_inhabitants, mut reference_cases) = worked();
        reference_cases.masked = 1;
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &reference_cases,
        };
        assert_eq!(
            rates(&inhabitants, &cases, reference),
            Outcome::NoReference { crude: 147.0 }
        );
    }

    #[test]
    fn without_a_case_in_the_reference_there_is_nothing_to_compare_with() {
        let (inhabitants, cases, reference_inhabitants, _) = worked();
        let nothing = Cases::default();
        let reference = Reference {
            inhabitants: &reference_inhabitants,
            cases: &nothing,
        };
        assert_eq!(
            rates(&inhabitants, &cases, reference),
            Outcome::NoReference { crude: 147.0 }
        );
    }

    #[test]
    fn sessions_are_left_out_of_the_ambulatory_share() {
        let mut cases = Cases::default();
        cases.add_cells(Mode::Full, &[30], 0);
        cases.add_cells(Mode::Ambulatory, &[60], 0);
        cases.add_cells(Mode::PartTime, &[10], 0);
        cases.add_cells(Mode::Session, &[500], 0);
        assert_eq!(
            (cases.ambulatory, cases.without_sessions, cases.total()),
            (60, 100, 600)
        );
    }
}
