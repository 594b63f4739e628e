//! One line of a submission file, as CSV or as JSON. Only its form is looked at here; what a FINESS
//! number, a period or a value may be is judged by the service, row by row.

use proto::targets::v1::{Absence, IndicatorValue, indicator_value::Content};
use serde::Deserialize;
use serde_json::Value;

/// Why a line is not a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    #[error(
        "the line has {found} columns and the header {expected}: it was cut, or a `;` is too many"
    )]
    Columns { found: usize, expected: usize },
    #[error("the line is not a JSON object with subject, indicator, period and value: {0}")]
    Json(String),
    #[error("the line is longer than {0} bytes")]
    TooLong(usize),
}

impl LineError {
    /// The stable reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Columns { .. } => "LINE_COLUMNS",
            Self::Json(_) => "LINE_JSON",
            Self::TooLong(_) => "LINE_TOO_LONG",
        }
    }
}

/// Where each column of a CSV file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    subject: usize,
    indicator: usize,
    period: usize,
    value: usize,
    columns: usize,
}

/// The header lacks a column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the first line must name the columns subject;indicator;period;value (or finess;indicateur;\
     periode;valeur) and `{missing}` is not among them"
)]
pub struct HeaderError {
    missing: &'static str,
}

impl Header {
    /// Reads the first line.
    pub fn parse(line: &str) -> Result<Self, HeaderError> {
        let names: Vec<String> = cells(line).map(str::to_lowercase).collect();
        let place = |english: &'static str, french: &[&str]| {
            names
                .iter()
                .position(|name| name == english || french.contains(&name.as_str()))
                .ok_or(HeaderError { missing: english })
        };
        Ok(Self {
            subject: place("subject", &["finess"])?,
            indicator: place("indicator", &["indicateur"])?,
            period: place("period", &["periode", "période"])?,
            value: place("value", &["valeur"])?,
            columns: names.len(),
        })
    }

    /// Reads another line.
    pub fn row(&self, line: &str) -> Result<IndicatorValue, LineError> {
        let cells = cells_below(self.columns, line)?;
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        Ok(IndicatorValue {
            subject: cell(self.subject).to_owned(),
            indicator: cell(self.indicator).to_owned(),
            period: cell(self.period).to_owned(),
            content: Some(content(cell(self.value))),
        })
    }
}

/// The fields of a line, trimmed and without quotes.
pub(super) fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split(';').map(|cell| {
        let cell = cell.trim();
        let unquoted = cell
            .strip_prefix('"')
            .and_then(|cell| cell.strip_suffix('"'));
        unquoted.unwrap_or(cell).trim()
    })
}

/// The fields of a line that has as many as its header.
pub(super) fn cells_below(columns: usize, line: &str) -> Result<Vec<&str>, LineError> {
    let cells: Vec<&str> = cells(line).collect();
    if cells.len() == columns {
        Ok(cells)
    } else {
        Err(LineError::Columns {
            found: cells.len(),
            expected: columns,
        })
    }
}

/// The three kinds of absence of a number stay different: nothing is missing, a mask is a mask, and
/// zero is a number.
pub fn content(text: &str) -> Content {
    let text = text.trim();
    match text.to_uppercase().as_str() {
        "" | "MISSING" | "MANQUANT" => Content::Absence(Absence::Missing.into()),
        "MASQUE_1_10" | "MASKED" | "MASQUE" | "1 À 10" | "1 A 10" => {
            Content::Absence(Absence::Masked.into())
        }
        _ => Content::Value(decimal_point(text)),
    }
}

/// `12,5` is a decimal with a French comma. Anything else stays as it is, for the service to judge.
fn decimal_point(text: &str) -> String {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(',') {
        Some((whole, fraction))
            if digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction) =>
        {
            format!("{whole}.{fraction}")
        }
        _ => text.to_owned(),
    }
}

#[derive(Deserialize)]
struct JsonRow {
    subject: String,
    indicator: String,
    period: String,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    absence: String,
}

/// Reads a line of an NDJSON file. A value is a number, a text, or null; `absence` may say `MASKED`.
pub fn json_row(line: &str) -> Result<IndicatorValue, LineError> {
    let row: JsonRow =
        serde_json::from_str(line).map_err(|error| LineError::Json(error.to_string()))?;
    let content = match (&row.value, row.absence.trim_start_matches("ABSENCE_")) {
        (Value::Number(number), "") => Content::Value(number.to_string()),
        (Value::String(text), "") => content(text),
        (Value::Null, absence @ ("" | "MISSING" | "MASKED")) => content(absence),
        (Value::Null, other) => {
            return Err(LineError::Json(format!(
                "absence is MISSING or MASKED, not {other:?}"
            )));
        }
        (value, "") => return Err(LineError::Json(format!("the value is {value}"))),
        (_, _) => {
            return Err(LineError::Json(
                "it has both a value and an absence".to_owned(),
            ));
        }
    };
    Ok(IndicatorValue {
        subject: row.subject,
        indicator: row.indicator,
        period: row.period,
        content: Some(content),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> Content {
        Content::Value(text.to_owned())
    }

    fn absence(absence: Absence) -> Content {
        Content::Absence(absence.into())
    }

    #[test]
    fn zero_missing_and_masked_stay_different() {
        assert_eq!(content("0"), value("0"));
        for text in ["", "  ", "missing"] {
            assert_eq!(content(text), absence(Absence::Missing), "{text:?}");
        }
        for text in ["MASQUE_1_10", "1 à 10", "1 À 10", "masked"] {
            assert_eq!(content(text), absence(Absence::Masked), "{text:?}");
        }
    }

    #[test]
    fn a_french_comma_is_a_decimal_point_and_damage_is_left_for_the_service_to_refuse() {
        assert_eq!(content("12,50"), value("12.50"));
        assert_eq!(content("-3,5"), value("-3.5"));
        assert_eq!(content("1,234,5"), value("1,234,5"));
        assert_eq!(content("1,23E+05"), value("1,23E+05"));
        assert_eq!(content("12.5"), value("12.5"));
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_quotes_are_dropped() {
        let header = Header::parse("periode;\"Finess\";valeur;source;indicateur").unwrap();
        let row = header.row("2024; \"130786049\" ;7;x;MCO_STAYS").unwrap();
        assert_eq!(row.subject, "130786049");
        assert_eq!(row.indicator, "MCO_STAYS");
        assert_eq!(row.period, "2024");
        assert_eq!(row.content, Some(value("7")));
        assert_eq!(
            header.row("2024;130786049;7").unwrap_err(),
            LineError::Columns {
                found: 3,
                expected: 5
            }
        );
        let missing = Header::parse("subject;period;value").unwrap_err();
        assert!(missing.to_string().contains("`indicator`"), "{missing}");
    }

    #[test]
    fn json_lines_say_the_same_as_csv_lines() {
        let row = |json: &str| json_row(json).map(|row| row.content);
        let line =
            |rest: &str| format!(r#"{{"subject":"s","indicator":"I","period":"2024"{rest}}}"#);
        assert_eq!(row(&line(r#","value":0"#)), Ok(Some(value("0"))));
        assert_eq!(row(&line(r#","value":"12,5""#)), Ok(Some(value("12.5"))));
        assert_eq!(
            row(&line(r#","value":null"#)),
            Ok(Some(absence(Absence::Missing)))
        );
        assert_eq!(row(&line("")), Ok(Some(absence(Absence::Missing))));
        assert_eq!(
            row(&line(r#","absence":"MASKED""#)),
            Ok(Some(absence(Absence::Masked)))
        );
        assert_eq!(
            row(&line(r#","absence":"ABSENCE_MASKED""#)),
            Ok(Some(absence(Absence::Masked)))
        );
        for wrong in [
            r#","value":[1]"#,
            r#","value":1,"absence":"MASKED""#,
            r#","absence":"GONE""#,
        ] {
            assert!(
                matches!(row(&line(wrong)), Err(LineError::Json(_))),
                "{wrong}"
            );
        }
        assert!(json_row(r#"{"subject":"s"}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_line_makes_the_parsers_panic(line in "\\PC{0,60}") {
            let header = Header::parse("subject;indicator;period;value").unwrap();
            let _ = header.row(&line);
            let _ = json_row(&line);
            let _ = content(&line);
        }
    }
}
