//! The number of an indicator, as establishments write it.

use kernel::Decimal;

/// Why a text is not the value of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueError {
    Form,
    Negative,
    TooLarge,
    TooPrecise,
    SpreadsheetDamage,
}

/// Digits before the point: a million million is more than any count.
pub const MAX_INTEGER_DIGITS: usize = 12;
/// Digits after the point.
pub const MAX_DECIMALS: usize = 6;

/// Reads a decimal that is not negative: digits, and at most six more after a point. Nothing is allocated.
///
/// # Errors
/// What is wrong with the text.
pub fn parse(text: &str) -> Result<Decimal, ValueError> {
    let (integer, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = is_digits(integer) && is_digits(decimals);
    if !is_number {
        return Err(diagnose(text));
    }
    if integer.len() > MAX_INTEGER_DIGITS {
        return Err(ValueError::TooLarge);
    }
    if text.len() == integer.len() {
        return Ok(Decimal::new(number(integer, 0), 0));
    }
    if decimals.len() > MAX_DECIMALS {
        return Err(ValueError::TooPrecise);
    }
    let scale = u32::try_from(decimals.len()).unwrap_or(0);
    Ok(Decimal::new(number(decimals, number(integer, 0)), scale))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}

/// Continues `start` with at most eighteen digits in all, which an `i64` holds.
fn number(digits: &str, start: i64) -> i64 {
    digits
        .bytes()
        .fold(start, |number, digit| number * 10 + i64::from(digit - b'0'))
}

fn diagnose(text: &str) -> ValueError {
    let is_scientific = text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(['e', 'E'])
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, 'e' | 'E' | '+' | '-' | '.' | ','));
    let is_cell_error = text.starts_with('#');
    if is_scientific || is_cell_error {
        return ValueError::SpreadsheetDamage;
    }
    match text.strip_prefix('-').map(parse) {
        Some(Ok(_)) => ValueError::Negative,
        _ => ValueError::Form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_exactly() {
        for text in [
            "0",
            "0.0",
            "12",
            "0012",
            "1200.5",
            "0.000001",
            "999999999999.999999",
        ] {
            assert_eq!(parse(text), Ok(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_reason() {
        for (text, reason) in [
            ("", ValueError::Form),
            ("12,5", ValueError::Form),
            ("1 200", ValueError::Form),
            ("1.2.3", ValueError::Form),
            (".5", ValueError::Form),
            ("5.", ValueError::Form),
            ("+5", ValueError::Form),
            ("--5", ValueError::Form),
            ("1 à 10", ValueError::Form),
            ("NaN", ValueError::Form),
            ("-3", ValueError::Negative),
            ("-0.5", ValueError::Negative),
            ("1,2E+05", ValueError::SpreadsheetDamage),
            ("1.2e5", ValueError::SpreadsheetDamage),
            ("#REF!", ValueError::SpreadsheetDamage),
            ("1000000000000", ValueError::TooLarge),
            ("0.0000001", ValueError::TooPrecise),
        ] {
            assert_eq!(parse(text), Err(reason), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(units in 0u64..1_000_000_000_000, scale in 0u32..=6) {
            let value = Decimal::from_i128_with_scale(i128::from(units), scale);
            prop_assert_eq!(parse(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,24}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_text_of_number_characters_makes_it_panic(text in "[-+.,eE0-9 ]{0,30}") {
            let _ = parse(&text);
        }
    }
}
