//! What a year amounts to, from the values that were received for it.
//!
//! - A figure for the whole year, exact or masked, is the figure: the producer closed its year (PMSI
//!   transmissions are cumulative and the last validated one counts). Months are then ignored, whenever they
//!   came. A year that is explicitly missing decides nothing, and its months are looked at.
//! - Twelve known months add up. Each masked month is between 1 and 10, so the year is an interval.
//! - With fewer than twelve known months there is no yearly figure: a missing month is not a zero.

use kernel::{Decimal, Finess, Period};
use time::OffsetDateTime;

use super::{Content, SubmissionId};

/// What a masked cell can be: no cell under 11 leaves the PMSI tables, and zero is shown as zero.
pub const MASKED: (Decimal, Decimal) = (Decimal::ONE, Decimal::TEN);

/// A value as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub subject: Finess,
    pub indicator: String,
    pub period: Period,
    pub content: Content,
    pub submission: SubmissionId,
    /// Batch of the submission.
    pub sequence: i64,
    pub received_at: OffsetDateTime,
}

/// The figure of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realised {
    Exact(Decimal),
    /// Closed interval.
    Masked {
        lower: Decimal,
        upper: Decimal,
    },
    /// Some months are not known; what the others amount to at least.
    Incomplete {
        so_far: Decimal,
    },
    /// Nothing is known.
    Missing,
}

/// The figure of a year and the values it was computed from.
///
/// `current` holds the current values of one subject, indicator and year, at most one for each period, in
/// the order of their periods (the whole year first).
pub fn realise(current: &[Received]) -> (Realised, &[Received]) {
    if let Some(first) = current.first()
        && first.period.month().is_none()
        && let Some((lower, upper)) = bounds(first.content)
    {
        return (figure(lower, upper), &current[..1]);
    }
    (months(current, 12), current)
}

/// What the months of a year add up to when `expected` of them are wanted; the whole year is not looked at.
pub fn months(current: &[Received], expected: u8) -> Realised {
    let known: Vec<(Decimal, Decimal)> = current
        .iter()
        .filter(|value| value.period.month().is_some())
        .filter_map(|value| bounds(value.content))
        .collect();
    let lower: Decimal = known.iter().map(|(lower, _)| lower).sum();
    let upper: Decimal = known.iter().map(|(_, upper)| upper).sum();
    match known.len() {
        0 => Realised::Missing,
        all if all == usize::from(expected) => figure(lower, upper),
        _ => Realised::Incomplete { so_far: lower },
    }
}

/// The interval of a content; none when nothing is known.
pub fn bounds(content: Content) -> Option<(Decimal, Decimal)> {
    match content {
        Content::Value(value) => Some((value, value)),
        Content::Masked => Some(MASKED),
        Content::Missing => None,
    }
}

fn figure(lower: Decimal, upper: Decimal) -> Realised {
    if lower == upper {
        return Realised::Exact(lower);
    }
    Realised::Masked { lower, upper }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A value of a month of 2024, or of the year for the month 0.
    pub(crate) fn received(month: u8, content: Content) -> Received {
        Received {
            subject: "010000040".parse().unwrap(),
            indicator: "MCO_STAYS".to_owned(),
            period: Period::month_of(2024, month).unwrap_or(Period::year_of(2024)),
            content,
            submission: SubmissionId(uuid::Uuid::from_u128(1)),
            sequence: 1,
            received_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn exactly(value: i64) -> Content {
        Content::Value(value.into())
    }

    #[test]
    fn a_yearly_figure_is_the_figure_whatever_the_months_say() {
        let mut values = vec![received(0, exactly(1200))];
        values.extend((1..=12).map(|month| received(month, exactly(1))));
        let (realised, inputs) = realise(&values);
        assert_eq!(realised, Realised::Exact(1200.into()));
        assert_eq!(inputs, &values[..1]);
    }

    #[test]
    fn a_year_of_zero_is_a_figure_and_a_masked_year_an_interval() {
        assert_eq!(
            realise(&[received(0, exactly(0))]).0,
            Realised::Exact(0.into())
        );
        assert_eq!(
            realise(&[received(0, Content::Masked)]).0,
            Realised::Masked {
                lower: 1.into(),
                upper: 10.into()
            }
        );
    }

    #[test]
    fn a_year_said_to_be_missing_lets_the_months_speak() {
        let mut values = vec![received(0, Content::Missing)];
        assert_eq!(realise(&values).0, Realised::Missing);
        values.extend((1..=12).map(|month| received(month, exactly(10))));
        assert_eq!(
            realise(&values),
            (Realised::Exact(120.into()), values.as_slice())
        );
    }

    #[test]
    fn twelve_months_add_up_and_eleven_do_not() {
        let months: Vec<_> = (1..=12)
            .map(|month| received(month, exactly(100)))
            .collect();
        assert_eq!(realise(&months).0, Realised::Exact(1200.into()));
        assert_eq!(
            realise(&months[..11]).0,
            Realised::Incomplete {
                so_far: 1100.into()
            }
        );
        assert_eq!(realise(&[]).0, Realised::Missing);
    }

    #[test]
    fn a_missing_month_is_not_a_zero_and_a_masked_month_is_neither() {
        let mut months: Vec<_> = (1..=11)
            .map(|month| received(month, exactly(100)))
            .collect();
        for (content, expected) in [
            (exactly(0), Realised::Exact(1100.into())),
            (
                Content::Missing,
                Realised::Incomplete {
                    so_far: 1100.into(),
                },
            ),
            (
                Content::Masked,
                Realised::Masked {
                    lower: 1101.into(),
                    upper: 1110.into(),
                },
            ),
        ] {
            months.push(received(12, content));
            assert_eq!(realise(&months).0, expected);
            months.pop();
        }
    }

    proptest! {
        /// Hide any months of a known year: the truth stays inside what is announced.
        #[test]
        fn the_truth_is_always_inside_the_interval(
            months in prop::collection::vec((1i64..=10, any::<bool>()), 12),
        ) {
            let truth: i64 = months.iter().map(|(value, _)| value).sum();
            let values: Vec<_> = (1u8..=12)
                .zip(&months)
                .map(|(month, (value, hidden))| {
                    received(month, if *hidden { Content::Masked } else { exactly(*value) })
                })
                .collect();
            match realise(&values).0 {
                Realised::Exact(value) => prop_assert_eq!(value, Decimal::from(truth)),
                Realised::Masked { lower, upper } => {
                    prop_assert!(lower <= truth.into() && upper >= truth.into());
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
