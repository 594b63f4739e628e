//! Numbers with narrow no-break spaces between thousands and a decimal comma.

use kernel::Decimal;

use super::NARROW;

/// `12345.50` becomes `12 345,5`.
pub(crate) use kernel::french as decimal;

/// With so many decimals at least, as the figures above and below it: `1,1` becomes `1,10`.
pub(crate) fn with_decimals(value: Decimal, decimals: usize) -> String {
    let mut french = decimal(value);
    let written = french
        .split_once(',')
        .map_or(0, |(_, fraction)| fraction.len());
    if written < decimals {
        if written == 0 {
            french.push(',');
        }
        french.extend(std::iter::repeat_n('0', decimals - written));
    }
    french
}

/// The most decimals that one of some figures has.
pub(crate) fn most_decimals(values: impl IntoIterator<Item = Decimal>) -> usize {
    let scales = values.into_iter().map(|value| value.normalize().scale());
    usize::try_from(scales.max().unwrap_or_default()).unwrap_or_default()
}

/// A whole number.
pub(crate) fn whole(value: i64) -> String {
    decimal(value.into())
}

/// A decimal as the services write it; a text that is none stays as it is.
pub(crate) fn from_wire(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), decimal)
}

/// A share with its sign and one decimal: `−12,3 %`.
pub(crate) fn signed_percent(value: Decimal) -> String {
    let rounded = value.round_dp(1);
    let plus = if rounded > Decimal::ZERO { "+" } else { "" };
    format!("{plus}{}{NARROW}%", decimal(rounded))
}

/// A computed figure, which the wire carries in floating point, as so many decimals. What is no number is zero.
pub(crate) fn rounded(value: f64, digits: usize) -> Decimal {
    format!("{value:.digits$}").parse().unwrap_or_default()
}

/// A share from 0 to 1, in percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{}{NARROW}%", decimal(rounded(share * 100.0, 1)))
}

/// A percentage as the services write it.
pub(crate) fn percent_from_wire(text: &str) -> String {
    if text.is_empty() {
        "—".to_owned()
    } else {
        format!("{}{NARROW}%", from_wire(text))
    }
}

/// A difference, with its sign.
pub(crate) fn signed(value: Decimal) -> String {
    let plus = if value > Decimal::ZERO { "+" } else { "" };
    format!("{plus}{}", decimal(value))
}

/// A difference as the services write it, with its sign.
pub(crate) fn signed_from_wire(text: &str) -> String {
    match text.parse::<Decimal>() {
        Ok(value) => signed(value),
        Err(_) if text.is_empty() => "—".to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// An operation or its result, which services write with a decimal point and a hyphen: `(10.5 − 12) ÷ 12` and `-12.5`.
pub(crate) fn operation(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_digit = |place: Option<usize>| {
        let sign = place.and_then(|place| signs.get(place));
        sign.is_some_and(char::is_ascii_digit)
    };
    let before_digit = |place: usize| is_digit(Some(place + 1));
    signs
        .iter()
        .enumerate()
        .map(|(place, &sign)| match sign {
            '.' if is_digit(place.checked_sub(1)) && before_digit(place) => ',',
            '-' if before_digit(place) && !is_digit(place.checked_sub(1)) => '−',
            other => other,
        })
        .collect()
}

/// A number as a person or a spreadsheet writes it in French: spaces of any kind between thousands, comma or
/// point before decimals.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{202f}' | '\u{a0}'))
        .collect();
    let one_mark = bare.matches([',', '.']).count() <= 1;
    let plain = bare
        .strip_prefix('-')
        .unwrap_or(&bare)
        .starts_with(|c: char| c.is_ascii_digit());
    (one_mark && plain)
        .then(|| bare.replace(',', ".").parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_french() {
        for (value, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("12345.50", "12\u{202f}345,5"),
            ("-1234567", "−1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(from_wire(value), expected);
        }
        assert_eq!(from_wire("absent"), "absent");
        assert_eq!(signed_percent("12.34".parse().unwrap()), "+12,3\u{202f}%");
    }

    #[test]
    fn computed_figures_and_shares_are_rounded_for_people() {
        assert_eq!(decimal(rounded(98.4499, 1)), "98,4");
        assert_eq!(decimal(rounded(f64::NAN, 1)), "0");
        assert_eq!(percent(0.256), "25,6\u{202f}%");
        assert_eq!(signed_from_wire("12.50"), "+12,5");
        assert_eq!(signed_from_wire("-3"), "−3");
        assert_eq!(signed_from_wire(""), "—");
        assert_eq!(percent_from_wire("7.50"), "7,5\u{202f}%");
    }

    #[test]
    fn figures_that_are_compared_have_as_many_decimals() {
        let figures = ["1.1", "0.98", "1"].map(|text| text.parse::<Decimal>().unwrap());
        let decimals = most_decimals(figures);
        assert_eq!(decimals, 2);
        let shown = figures.map(|figure| with_decimals(figure, decimals));
        assert_eq!(shown, ["1,10", "0,98", "1,00"]);
        assert_eq!(with_decimals(Decimal::from(1_234), 0), "1\u{202f}234");
    }

    #[test]
    fn an_operation_is_read_in_french() {
        for (told, expected) in [
            ("(10.5 − 12) ÷ 12 × 100", "(10,5 − 12) ÷ 12 × 100"),
            ("-12.5000", "−12,5000"),
            ("[0.9310 ; 1.6500]", "[0,9310 ; 1,6500]"),
            ("2024-12 : vrai.", "2024-12 : vrai."),
            ("", ""),
        ] {
            assert_eq!(operation(told), expected);
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("12 345,5", Some("12345.5")),
            ("12\u{202f}345", Some("12345")),
            ("0.25", Some("0.25")),
            ("-3", Some("-3")),
            ("1.234,5", None),
            ("douze", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected.map(|e| e.parse().unwrap()), "{text}");
        }
    }
}
