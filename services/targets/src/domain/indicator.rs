//! One row of a batch: what is accepted, and why the rest is not. A wrong row never refuses its batch.
//!
//! This runs for every row of every stream, several hundred thousand times a second: an accepted row
//! allocates nothing, and a rejected one only to say why.

use kernel::{Decimal, Finess, Period, finess::FinessError};

use super::{
    Catalogue, IndicatorKey, Perimeter,
    perimeter::OutsidePerimeter,
    value::{self, MAX_DECIMALS, MAX_INTEGER_DIGITS, ValueError},
};

/// A row as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    pub subject: &'a str,
    pub indicator: &'a str,
    pub period: &'a str,
    pub content: Written<'a>,
}

/// The content of a row as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'a> {
    Value(&'a str),
    Missing,
    Masked,
    /// Neither a value nor a known absence.
    Nothing,
}

/// What an indicator was. Zero, not known, and hidden are three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Not negative; zero is a value.
    Value(Decimal),
    /// Not known.
    Missing,
    /// Between 1 and 10, hidden by statistical secrecy (no cell under 11 leaves the PMSI tables).
    Masked,
}

/// A row that may be stored. It is small and owns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    pub subject: Finess,
    pub indicator: IndicatorKey,
    pub period: Period,
    pub content: Content,
    /// Place in its batch, from 0.
    pub position: u16,
}

/// Why a row was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDefect {
    Finess(FinessError),
    NotYours,
    NotInAContract,
    UnknownIndicator,
    PeriodForm,
    YearlyOnly,
    PeriodOutsideContract,
    Value(ValueError),
    NoContent,
}

/// Checks one row.
///
/// # Errors
/// The first defect, in the order subject, indicator, period, content.
pub fn validate(
    row: Row<'_>,
    position: u16,
    perimeter: &Perimeter,
    catalogue: &Catalogue,
) -> Result<Accepted, RowDefect> {
    let subject: Finess = row.subject.parse().map_err(RowDefect::Finess)?;
    let years = perimeter
        .years_of(subject)
        .map_err(|outside| match outside {
            OutsidePerimeter::NotYours => RowDefect::NotYours,
            OutsidePerimeter::NotInAContract => RowDefect::NotInAContract,
        })?;
    let (indicator, definition) = catalogue
        .find(row.indicator)
        .ok_or(RowDefect::UnknownIndicator)?;
    let period: Period = row.period.parse().map_err(|_| RowDefect::PeriodForm)?;
    if definition.yearly_only && period.month().is_some() {
        return Err(RowDefect::YearlyOnly);
    }
    if !years.contains(period.year()) {
        return Err(RowDefect::PeriodOutsideContract);
    }
    let content = match row.content {
        Written::Value(text) => Content::Value(value::parse(text).map_err(RowDefect::Value)?),
        Written::Missing => Content::Missing,
        Written::Masked => Content::Masked,
        Written::Nothing => return Err(RowDefect::NoContent),
    };
    Ok(Accepted {
        subject,
        indicator,
        period,
        content,
        position,
    })
}

impl RowDefect {
    /// Whether the contracts known to this service decided, so that a fresher copy might accept the row.
    pub fn depends_on_contracts(self) -> bool {
        matches!(
            self,
            Self::NotYours | Self::NotInAContract | Self::PeriodOutsideContract
        )
    }

    /// The field that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::Finess(_) | Self::NotYours | Self::NotInAContract => "subject",
            Self::UnknownIndicator => "indicator",
            Self::PeriodForm | Self::YearlyOnly | Self::PeriodOutsideContract => "period",
            Self::Value(_) | Self::NoContent => "value",
        }
    }

    /// Stable reason, part of the public API.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Finess(FinessError::Length(_)) => "FINESS_LENGTH",
            Self::Finess(FinessError::Format) => "FINESS_FORMAT",
            Self::Finess(FinessError::Key) => "FINESS_KEY",
            Self::Finess(FinessError::SpreadsheetDamage)
            | Self::Value(ValueError::SpreadsheetDamage) => "SPREADSHEET_DAMAGE",
            Self::NotYours => "NOT_YOUR_ESTABLISHMENT",
            Self::NotInAContract => "NOT_IN_A_CONTRACT",
            Self::UnknownIndicator => "UNKNOWN_INDICATOR",
            Self::PeriodForm => "PERIOD_FORM",
            Self::YearlyOnly => "YEARLY_INDICATOR",
            Self::PeriodOutsideContract => "PERIOD_OUTSIDE_CONTRACT",
            Self::Value(ValueError::Form) => "VALUE_FORM",
            Self::Value(ValueError::Negative) => "NEGATIVE_VALUE",
            Self::Value(ValueError::TooLarge) => "VALUE_TOO_LARGE",
            Self::Value(ValueError::TooPrecise) => "VALUE_TOO_PRECISE",
            Self::NoContent => "NO_CONTENT",
        }
    }

    /// What is wrong with this row and what to do about it.
    pub fn explain(self, row: Row<'_>) -> String {
        let shown = |text: &str| -> String { text.chars().take(40).collect() };
        match self {
            Self::Finess(error) => format!("{:?}: {error}", shown(row.subject)),
            Self::NotYours => format!(
                "{} is not a site of yours; ask the agency if it should be",
                shown(row.subject)
            ),
            Self::NotInAContract => {
                format!(
                    "{} is in no contract that is or was in force",
                    shown(row.subject)
                )
            }
            Self::UnknownIndicator => {
                format!("{:?} is not a known indicator", shown(row.indicator))
            }
            Self::PeriodForm => format!(
                "{:?} is not a period: write a year (2024) or a month (2024-05)",
                shown(row.period)
            ),
            Self::YearlyOnly => format!(
                "{} does not add up over months: report it for a whole year",
                shown(row.indicator)
            ),
            Self::PeriodOutsideContract => format!(
                "{} is outside the contracts of {}",
                shown(row.period),
                shown(row.subject)
            ),
            Self::Value(error) => explain_value(error, &shown(written(row.content))),
            Self::NoContent => {
                "give a value, or say whether it is missing or masked; nothing is not zero"
                    .to_owned()
            }
        }
    }
}

fn written(content: Written<'_>) -> &str {
    match content {
        Written::Value(text) => text,
        Written::Missing | Written::Masked | Written::Nothing => "",
    }
}

fn explain_value(error: ValueError, text: &str) -> String {
    match error {
        ValueError::Form => format!(
            "{text:?} is not a number: write digits with a decimal point, or report it as masked or missing"
        ),
        ValueError::Negative => format!("{text} is negative; a count is zero or more"),
        ValueError::TooLarge => {
            format!("{text} has more than {MAX_INTEGER_DIGITS} digits before the point")
        }
        ValueError::TooPrecise => {
            format!("{text} has more than {MAX_DECIMALS} digits after the point")
        }
        ValueError::SpreadsheetDamage => {
            format!("a spreadsheet damaged {text:?}; export the column as text")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{catalogue::tests::some_indicators, perimeter::tests::a_perimeter};
    use proptest::prelude::*;

    const GOOD: Row<'_> = Row {
        subject: "010000040",
        indicator: "MCO_STAYS",
        period: "2024-05",
        content: Written::Value("1200"),
    };

    fn check(row: Row<'_>) -> Result<Accepted, RowDefect> {
        validate(row, 7, &a_perimeter(), &some_indicators())
    }

    #[test]
    fn a_good_row_is_read_as_written() {
        let accepted = check(GOOD).unwrap();
        assert_eq!(accepted.subject.as_str(), GOOD.subject);
        assert_eq!(some_indicators().code(accepted.indicator), GOOD.indicator);
        assert_eq!(accepted.period.to_string(), GOOD.period);
        assert_eq!(accepted.content, Content::Value(1200.into()));
        assert_eq!(accepted.position, 7);
    }

    #[test]
    fn zero_missing_and_masked_stay_different() {
        let contents = [
            (Written::Value("0"), Content::Value(0.into())),
            (Written::Missing, Content::Missing),
            (Written::Masked, Content::Masked),
        ];
        for (written, content) in contents {
            assert_eq!(
                check(Row {
                    content: written,
                    ..GOOD
                })
                .unwrap()
                .content,
                content
            );
        }
    }

    #[test]
    fn each_defect_has_its_field_and_its_reason() {
        let value = |text| Row {
            content: Written::Value(text),
            ..GOOD
        };
        for (row, field, reason) in [
            (
                Row {
                    subject: "01000004",
                    ..GOOD
                },
                "subject",
                "FINESS_LENGTH",
            ),
            (
                Row {
                    subject: "010000041",
                    ..GOOD
                },
                "subject",
                "FINESS_KEY",
            ),
            (
                Row {
                    subject: "2C0000014",
                    ..GOOD
                },
                "subject",
                "FINESS_FORMAT",
            ),
            (
                Row {
                    subject: "1,0E+08",
                    ..GOOD
                },
                "subject",
                "SPREADSHEET_DAMAGE",
            ),
            (
                Row {
                    subject: "750712184",
                    ..GOOD
                },
                "subject",
                "NOT_YOUR_ESTABLISHMENT",
            ),
            (
                Row {
                    indicator: "mco_stays",
                    ..GOOD
                },
                "indicator",
                "UNKNOWN_INDICATOR",
            ),
            (
                Row {
                    period: "05/2024",
                    ..GOOD
                },
                "period",
                "PERIOD_FORM",
            ),
            (
                Row {
                    period: "2019",
                    ..GOOD
                },
                "period",
                "PERIOD_OUTSIDE_CONTRACT",
            ),
            (
                Row {
                    indicator: "SITES_MEDICINE",
                    ..GOOD
                },
                "period",
                "YEARLY_INDICATOR",
            ),
            (value("-1"), "value", "NEGATIVE_VALUE"),
            (value("douze"), "value", "VALUE_FORM"),
            (value("1,2E+05"), "value", "SPREADSHEET_DAMAGE"),
            (value("9999999999999"), "value", "VALUE_TOO_LARGE"),
            (value("0.1234567"), "value", "VALUE_TOO_PRECISE"),
            (
                Row {
                    content: Written::Nothing,
                    ..GOOD
                },
                "value",
                "NO_CONTENT",
            ),
        ] {
            let defect = check(row).unwrap_err();
            assert_eq!(
                (defect.field(), defect.reason()),
                (field, reason),
                "{row:?}"
            );
            assert!(!defect.explain(row).is_empty());
        }
    }

    proptest! {
        #[test]
        fn no_row_makes_the_validation_panic_or_the_explanation_long(
            subject in "\\PC{0,60}", indicator in "\\PC{0,60}", period in "\\PC{0,60}", text in "\\PC{0,60}",
        ) {
            let row = Row {
                subject: &subject,
                indicator: &indicator,
                period: &period,
                content: Written::Value(&text),
            };
            if let Err(defect) = check(row) {
                prop_assert!(defect.explain(row).chars().count() < 600);
            }
            let only_text = Row { content: Written::Value(&text), ..GOOD };
            if let Err(defect) = check(only_text) {
                prop_assert!(defect.explain(only_text).chars().count() < 600);
            }
        }
    }
}
