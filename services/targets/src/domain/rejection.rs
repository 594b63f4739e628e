//! A value that was left out, as it is kept for those who have to correct it.

use super::{Row, RowDefect, indicator::Written};

/// Values kept of one batch, the first ones: more than a person corrects one by one, and a file that is wrong from end to
/// end is wrong everywhere for the same few reasons. How many were left out is counted without this limit.
pub const MOST_KEPT: usize = 1_000;

/// Characters kept of each text: well over the longest that can be right.
pub const MOST_CHARACTERS: usize = 100;

/// What was sent, where, and why it was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Batch of the submission.
    pub sequence: i64,
    /// Place in the batch, from 0.
    pub position: i32,
    pub subject: String,
    pub indicator: String,
    pub period: String,
    /// The number as it was written, if one was.
    pub value: Option<String>,
    /// What was said in its place, if something was.
    pub absence: Option<i32>,
    /// The field that is wrong.
    pub field: String,
    /// Stable reason.
    pub reason: String,
}

impl Rejection {
    /// The row of a batch that a defect left out; `absence` as the wire numbers it.
    pub fn of(
        sequence: i64,
        position: i32,
        row: Row<'_>,
        absence: Option<i32>,
        defect: RowDefect,
    ) -> Self {
        let value = match row.content {
            Written::Value(text) => Some(kept(text)),
            Written::Missing | Written::Masked | Written::Nothing => None,
        };
        Self {
            sequence,
            position,
            subject: kept(row.subject),
            indicator: kept(row.indicator),
            period: kept(row.period),
            value,
            absence,
            field: defect.field().to_owned(),
            reason: defect.reason().to_owned(),
        }
    }
}

/// The beginning of a text, without what no database stores.
fn kept(text: &str) -> String {
    let storable = |c: char| {
        if c == '\0' {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    let mut kept: String = text.chars().take(MOST_CHARACTERS).map(storable).collect();
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::value::ValueError;

    #[test]
    fn what_is_kept_is_what_was_sent_within_bounds() {
        let long = "9".repeat(5_000);
        let row = Row {
            subject: "01\u{0}0000040",
            indicator: "MCO_STAYS",
            period: "2024-13",
            content: Written::Value(&long),
        };
        let rejection = Rejection::of(2, 7, row, None, RowDefect::Value(ValueError::TooLarge));
        assert_eq!((rejection.sequence, rejection.position), (2, 7));
        assert_eq!(rejection.subject, "01\u{fffd}0000040");
        assert_eq!(rejection.indicator, "MCO_STAYS");
        assert_eq!(rejection.period, "2024-13");
        let value = rejection.value.unwrap_or_default();
        assert_eq!(value.chars().count(), MOST_CHARACTERS + 1);
        assert!(value.ends_with("9…"));
        assert_eq!(
            (rejection.field.as_str(), rejection.reason.as_str()),
            ("value", "VALUE_TOO_LARGE")
        );
    }

    #[test]
    fn a_text_at_the_limit_is_whole_and_an_absence_has_no_number() {
        let period = "é".repeat(MOST_CHARACTERS);
        let row = Row {
            subject: "",
            indicator: "",
            period: &period,
            content: Written::Masked,
        };
        let rejection = Rejection::of(1, 0, row, Some(2), RowDefect::PeriodForm);
        assert_eq!(rejection.period, period);
        assert_eq!((rejection.value, rejection.absence), (None, Some(2)));
    }
}
