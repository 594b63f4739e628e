//! Whole numbers, as they stand in published files.

/// A number of cases or inhabitants, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Known(u32),
    /// 1 to 10, hidden by its producer (statistical secrecy).
    Masked,
    /// Not told. It is not zero.
    Absent,
}

/// Why a text is not a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountError {
    ThousandsSeparator,
    Decimal,
    Negative,
    TooLarge,
    Form,
}

impl CountError {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::ThousandsSeparator => "THOUSANDS_SEPARATOR",
            Self::Decimal => "NOT_WHOLE",
            Self::Negative => "NEGATIVE",
            Self::TooLarge => "TOO_LARGE",
            Self::Form => "NOT_A_NUMBER",
        }
    }

    pub(super) fn explanation(self) -> &'static str {
        match self {
            Self::ThousandsSeparator => {
                "thousands are separated; export the column as plain digits (12345)"
            }
            Self::Decimal => "a count is a whole number",
            Self::Negative => "a count is not negative",
            Self::TooLarge => "a count has at most nine digits",
            Self::Form => "digits are expected, or MASKED, or nothing",
        }
    }
}

/// How producers write a count of 1 to 10 that they hide.
const MASKS: [&str; 5] = ["MASKED", "MASQUE_1_10", "1 à 10", "1 a 10", "<11"];

/// Reads a count.
pub(super) fn read(text: &str) -> Result<Count, CountError> {
    if text.is_empty() {
        return Ok(Count::Absent);
    }
    if text.len() <= 9 && text.bytes().all(|c| c.is_ascii_digit()) {
        let digits = text.bytes();
        return Ok(Count::Known(
            digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')),
        ));
    }
    if MASKS.contains(&text) {
        return Ok(Count::Masked);
    }
    if text == "NA" {
        return Ok(Count::Absent);
    }
    Err(diagnose(text))
}

fn diagnose(text: &str) -> CountError {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    if is_digits(text) {
        return CountError::TooLarge;
    }
    if text.strip_prefix('-').is_some_and(is_digits) {
        return CountError::Negative;
    }
    let groups: Vec<&str> = text
        .split([' ', '\u{a0}', '\u{202f}', '\'', '’', '.', ','])
        .collect();
    let is_grouped = groups.len() > 1
        && groups.first().is_some_and(|first| first.len() <= 3)
        && groups.iter().all(|group| is_digits(group))
        && groups.iter().skip(1).all(|group| group.len() == 3);
    if is_grouped {
        return CountError::ThousandsSeparator;
    }
    let is_decimal = text
        .split_once(['.', ','])
        .is_some_and(|(whole, part)| is_digits(whole) && is_digits(part));
    if is_decimal {
        return CountError::Decimal;
    }
    CountError::Form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_missing_and_masked_are_three_things() {
        assert_eq!(read("0"), Ok(Count::Known(0)));
        assert_eq!(read(""), Ok(Count::Absent));
        assert_eq!(read("NA"), Ok(Count::Absent));
        for mask in MASKS {
            assert_eq!(read(mask), Ok(Count::Masked), "{mask}");
        }
        assert_eq!(read("999999999"), Ok(Count::Known(999_999_999)));
    }

    #[test]
    fn each_mistake_has_its_own_reason() {
        for (text, error) in [
            ("12 345", CountError::ThousandsSeparator),
            ("12\u{a0}345", CountError::ThousandsSeparator),
            ("12\u{202f}345", CountError::ThousandsSeparator),
            ("1,234", CountError::ThousandsSeparator),
            ("1.234.567", CountError::ThousandsSeparator),
            ("12,5", CountError::Decimal),
            ("12.50", CountError::Decimal),
            ("-3", CountError::Negative),
            ("1000000000", CountError::TooLarge),
            ("1,2E+05", CountError::Form),
            ("douze", CountError::Form),
            ("12 34", CountError::Form),
        ] {
            assert_eq!(read(text), Err(error), "{text:?}");
        }
    }
}
