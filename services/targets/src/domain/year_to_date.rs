//! What a year amounts to from January to a month, beside the part of the target for those months.

use kernel::Decimal;

use super::{Realised, Received, Target, realisation};

/// What was submitted from January to a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDate {
    pub realised: Realised,
    /// Months, 1 to 12, of which nothing is known.
    pub missing_months: Vec<u8>,
}

/// The figure from January to `through_month`.
///
/// `current` holds the current values of one subject, indicator and year, at most one for each period. In December
/// the figure of the whole year counts, as in [`realisation::realise`]; before, and for an indicator whose months do not
/// add up, there is none.
pub fn to_date(current: &[Received], through_month: u8, yearly_only: bool) -> ToDate {
    if yearly_only || through_month == 12 {
        let (realised, used) = realisation::realise(current);
        let whole_year = used.first().is_some_and(|value| {
            value.period.month().is_none() && realisation::bounds(value.content).is_some()
        });
        let missing_months = if yearly_only || whole_year {
            Vec::new()
        } else {
            missing(current, 12)
        };
        return ToDate {
            realised,
            missing_months,
        };
    }
    let months: Vec<Received> = current
        .iter()
        .filter(|value| {
            value
                .period
                .month()
                .is_some_and(|month| month <= through_month)
        })
        .cloned()
        .collect();
    ToDate {
        realised: realisation::months(&months, through_month),
        missing_months: missing(&months, through_month),
    }
}

fn missing(current: &[Received], through_month: u8) -> Vec<u8> {
    (1..=through_month)
        .filter(|month| {
            !current.iter().any(|value| {
                value.period.month() == Some(*month) && realisation::bounds(value.content).is_some()
            })
        })
        .collect()
}

/// What is known without a gap from January on, at least, and up to which month; none when January is not known. The
/// figure of the whole year goes up to December.
pub fn without_gap(current: &[Received]) -> Option<(Decimal, u8)> {
    let of = |month: Option<u8>| {
        current
            .iter()
            .find(|value| value.period.month() == month)
            .and_then(|value| realisation::bounds(value.content))
            .map(|(lower, _)| lower)
    };
    if let Some(year) = of(None) {
        return Some((year, 12));
    }
    let known: Vec<Decimal> = (1..=12).map_while(|month| of(Some(month))).collect();
    let through_month = u8::try_from(known.len())
        .ok()
        .filter(|months| *months > 0)?;
    Some((known.into_iter().sum(), through_month))
}

/// The part of a yearly target for the months so far, in twelfths.
pub fn part(target: Target, through_month: u8) -> (Decimal, Decimal) {
    let (lower, upper) = match target {
        Target::Point(value) => (value, value),
        Target::Band { min, max } => (min, max),
    };
    let twelfths =
        |value: Decimal| (value * Decimal::from(through_month) / Decimal::from(12)).round_dp(2);
    (twelfths(lower), twelfths(upper))
}

/// What was realised, in percent of the lower end of the part of the target; none without one or the other.
pub fn progress(realised: Realised, part: (Decimal, Decimal)) -> Option<Decimal> {
    let value = match realised {
        Realised::Exact(value) => value,
        Realised::Masked { lower, .. } => lower,
        Realised::Incomplete { .. } | Realised::Missing => return None,
    };
    (value * Decimal::ONE_HUNDRED)
        .checked_div(part.0)
        .map(|percent| percent.round_dp(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Content, realisation::tests::received};

    fn months(known: &[u8]) -> Vec<Received> {
        known
            .iter()
            .map(|month| received(*month, Content::Value(100.into())))
            .collect()
    }

    #[test]
    fn the_months_so_far_add_up_and_later_ones_wait() {
        let through_may = to_date(&months(&[1, 2, 3, 4, 5, 6]), 5, false);
        assert_eq!(through_may.realised, Realised::Exact(500.into()));
        assert!(through_may.missing_months.is_empty());
    }

    #[test]
    fn a_month_that_is_not_there_or_said_to_be_missing_is_named() {
        let mut current = months(&[1, 3]);
        current.push(received(4, Content::Missing));
        let through_april = to_date(&current, 4, false);
        assert_eq!(
            through_april.realised,
            Realised::Incomplete { so_far: 200.into() }
        );
        assert_eq!(through_april.missing_months, [2, 4]);
        assert_eq!(to_date(&[], 2, false).realised, Realised::Missing);
    }

    #[test]
    fn a_masked_month_makes_an_interval() {
        let mut current = months(&[1, 2]);
        current.push(received(3, Content::Masked));
        assert_eq!(
            to_date(&current, 3, false).realised,
            Realised::Masked {
                lower: 201.into(),
                upper: 210.into()
            }
        );
    }

    #[test]
    fn the_figure_of_the_year_counts_in_december_and_for_stocks() {
        let year = [received(0, Content::Value(1300.into()))];
        assert_eq!(
            to_date(&year, 12, false),
            ToDate {
                realised: Realised::Exact(1300.into()),
                missing_months: Vec::new()
            }
        );
        assert_eq!(to_date(&year, 6, false).realised, Realised::Missing);
        assert_eq!(
            to_date(&year, 6, true).realised,
            Realised::Exact(1300.into())
        );
        assert_eq!(
            to_date(&months(&[1, 2]), 12, false).missing_months.len(),
            10
        );
    }

    #[test]
    fn months_without_a_gap_are_counted_up_to_the_gap() {
        assert_eq!(without_gap(&months(&[1, 2, 4])), Some((200.into(), 2)));
        assert_eq!(without_gap(&months(&[2, 3])), None);
        let mut current = vec![received(0, Content::Value(1300.into()))];
        current.extend(months(&[1]));
        assert_eq!(without_gap(&current), Some((1300.into(), 12)));
    }

    #[test]
    fn a_target_is_shared_in_twelfths_and_progress_needs_a_figure() {
        let band = Target::Band {
            min: 1200.into(),
            max: 1300.into(),
        };
        let so_far = part(band, 5);
        assert_eq!(so_far, (500.into(), "541.67".parse().unwrap()));
        assert_eq!(
            progress(Realised::Exact(475.into()), so_far),
            Some(95.into())
        );
        assert_eq!(progress(Realised::Missing, so_far), None);
        assert_eq!(
            progress(Realised::Exact(1.into()), part(Target::Point(0.into()), 5)),
            None
        );
    }
}
