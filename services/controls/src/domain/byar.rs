//! Byar's 95 % interval of a ratio observed / expected: is a deviation more than chance?
//!
//! The interval informs the person who reviews. It changes a result only where the policy of the region says
//! that deviations which chance may explain are not judged.

use kernel::Decimal;

/// Bounds of the interval of `observed / expected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub lower: Decimal,
    pub upper: Decimal,
}

impl Interval {
    /// Whether chance alone may explain that observed and expected differ.
    pub fn contains_one(&self) -> bool {
        (self.lower..=self.upper).contains(&Decimal::ONE)
    }
}

/// Quantile of the normal law for 95 %: 1.959964.
pub fn z() -> Decimal {
    Decimal::new(1_959_964, 6)
}

/// Byar's approximation, for counts of separate events (Poisson):
/// `low = O/E·(1 − 1/(9O) − z/(3√O))³`, `up = (O+1)/E·(1 − 1/(9(O+1)) + z/(3√(O+1)))³`.
/// Rounded to 4 decimals. None when `expected` is 0, when `observed` is no whole number, or beyond
/// 10^12, where chance plays no part.
pub fn interval(observed: Decimal, expected: Decimal) -> Option<Interval> {
    let limit = Decimal::from(1_000_000_000_000_i64);
    let in_range = (Decimal::ZERO..limit).contains(&observed) && expected < limit;
    if !in_range || expected < Decimal::ONE || !observed.is_integer() {
        return None;
    }
    let bound = |count: Decimal, z: Decimal| {
        if count.is_zero() {
            return Some(Decimal::ZERO);
        }
        let nine_times = Decimal::from(9).checked_mul(count)?;
        let three_roots = Decimal::from(3).checked_mul(square_root(count)?)?;
        let factor = (Decimal::ONE - Decimal::ONE.checked_div(nine_times)?)
            .checked_add(z.checked_div(three_roots)?)?
            .round_dp(12);
        let cube = factor
            .checked_mul(factor)?
            .round_dp(12)
            .checked_mul(factor)?
            .round_dp(12);
        Some(
            count
                .checked_div(expected)?
                .round_dp(12)
                .checked_mul(cube)?
                .max(Decimal::ZERO),
        )
    };
    let lower = bound(observed, -z())?;
    let upper = bound(observed + Decimal::ONE, z())?;
    Some(Interval {
        lower: super::trace::rounded(lower),
        upper: super::trace::rounded(upper),
    })
}

/// Newton's iteration from above, for numbers of at least 1.
fn square_root(number: Decimal) -> Option<Decimal> {
    let mut root = number;
    loop {
        let next = (root + number.checked_div(root)?).checked_div(Decimal::TWO)?;
        if next >= root {
            return Some(root);
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Vectors computed apart, for an index of 1.0833 on 14,700 events and of 1.44 on 18.
    #[test]
    fn known_vectors() {
        for (observed, expected, lower, upper) in [
            ("14700", "13570", "1.0658", "1.1009"),
            ("18", "12.5", "0.8530", "2.2759"),
        ] {
            let interval = interval(number(observed), number(expected)).unwrap();
            assert_eq!(
                interval,
                Interval {
                    lower: number(lower),
                    upper: number(upper)
                }
            );
        }
    }

    #[test]
    fn forty_four_percent_more_on_eighteen_stays_may_be_chance_but_eight_percent_on_many_is_not() {
        assert!(
            interval(number("18"), number("12.5"))
                .unwrap()
                .contains_one()
        );
        assert!(
            !interval(number("14700"), number("13570"))
                .unwrap()
                .contains_one()
        );
    }

    #[test]
    fn nothing_is_said_where_the_law_does_not_hold() {
        assert_eq!(interval(number("10"), number("0")), None);
        assert_eq!(interval(number("10.5"), number("12")), None);
        assert_eq!(
            interval(number("0"), number("40")).unwrap().lower,
            Decimal::ZERO
        );
    }

    proptest! {
        #[test]
        fn the_ratio_lies_in_its_interval(observed in 0i64..2_000_000_000, expected in 1i64..2_000_000_000) {
            let (observed, expected) = (Decimal::from(observed), Decimal::from(expected));
            let interval = interval(observed, expected).unwrap();
            let ratio = super::super::trace::rounded(observed / expected);
            prop_assert!(interval.lower <= ratio && ratio <= interval.upper, "{interval:?} {ratio}");
        }
    }
}
