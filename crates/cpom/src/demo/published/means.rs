//! The mean of the years before the contract.
//!
//! Only years published as a number for twelve months enter it: a masked year (1 to 10) and a year of a
//! few months would both pull it to a value nobody had. At least two such years are required, else there
//! is no target; a mean of zero gives none either, since nothing was ever done.

use std::ops::RangeInclusive;

use kernel::Decimal;

use super::activity::Published;

/// Years whose mean is the target.
pub const REFERENCE_YEARS: RangeInclusive<i32> = 2019..=2022;

const LEAST_YEARS: usize = 2;

/// A mean and what it was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mean {
    pub years: Vec<(i32, u64)>,
    pub left_out: Vec<(i32, LeftOut)>,
}

/// Why a year is not in the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    Absent,
    Masked,
    Incomplete,
}

impl LeftOut {
    /// As a person reads it.
    pub fn french(self) -> &'static str {
        match self {
            Self::Absent => "non publiée",
            Self::Masked => "masquée",
            Self::Incomplete => "incomplète",
        }
    }
}

/// The mean of what `published` says of the reference years, or none.
pub fn mean(published: impl Fn(i32) -> Option<Published>) -> Option<Mean> {
    let mut mean = Mean {
        years: Vec::new(),
        left_out: Vec::new(),
    };
    for year in REFERENCE_YEARS {
        match published(year) {
            Some(Published::Number(count)) => mean.years.push((year, count)),
            Some(Published::Masked) => mean.left_out.push((year, LeftOut::Masked)),
            Some(Published::Incomplete) => mean.left_out.push((year, LeftOut::Incomplete)),
            None => mean.left_out.push((year, LeftOut::Absent)),
        }
    }
    (mean.years.len() >= LEAST_YEARS && mean.sum() > 0).then_some(mean)
}

impl Mean {
    fn sum(&self) -> u64 {
        self.years.iter().map(|(_, count)| count).sum()
    }

    /// To two decimals.
    pub fn value(&self) -> Decimal {
        (Decimal::from(self.sum()) / Decimal::from(self.years.len()))
            .round_dp(2)
            .normalize()
    }

    /// To the nearest whole, halves upwards: one does not aim at half a stay.
    pub fn rounded(&self) -> u64 {
        let years = self.years.len() as u64;
        (2 * self.sum() + years) / (2 * years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Published::{Incomplete, Masked, Number};

    fn of(years: [Option<Published>; 4]) -> Option<Mean> {
        mean(|year| years[usize::try_from(year - REFERENCE_YEARS.start()).unwrap()])
    }

    #[test]
    fn the_mean_is_over_the_years_that_are_numbers() {
        let mean = of([
            Some(Number(100)),
            Some(Masked),
            Some(Number(101)),
            Some(Incomplete),
        ])
        .unwrap();
        assert_eq!(mean.value().to_string(), "100.5");
        assert_eq!(mean.rounded(), 101);
        assert_eq!(
            mean.left_out,
            [(2020, LeftOut::Masked), (2022, LeftOut::Incomplete)]
        );
    }

    #[test]
    fn one_year_is_not_a_mean_and_masks_do_not_count() {
        assert_eq!(
            of([Some(Number(100)), None, Some(Masked), Some(Masked)]),
            None
        );
        assert_eq!(of([None; 4]), None);
    }

    #[test]
    fn nothing_ever_done_is_no_target_but_a_zero_among_numbers_counts() {
        assert_eq!(of([Some(Number(0)); 4]), None);
        let mean = of([
            Some(Number(0)),
            Some(Number(0)),
            Some(Number(0)),
            Some(Number(10)),
        ])
        .unwrap();
        assert_eq!(
            (mean.value().to_string().as_str(), mean.rounded()),
            ("2.5", 3)
        );
    }

    #[test]
    fn thirds_are_rounded_to_two_decimals_and_to_the_nearest_whole() {
        let mean = of([Some(Number(1)), Some(Number(1)), Some(Number(2)), None]).unwrap();
        assert_eq!(
            (mean.value().to_string().as_str(), mean.rounded()),
            ("1.33", 1)
        );
    }
}
