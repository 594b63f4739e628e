//! Numbers as they are written in French.

use rust_decimal::Decimal;

/// Between thousands: narrow, and no line ends there.
const NARROW_SPACE: char = '\u{202f}';

/// `-12345.50` becomes `−12 345,5`: narrow no-break spaces, a comma, no needless zero.
pub fn french(value: Decimal) -> String {
    let text = value.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut french = String::with_capacity(text.len() * 2);
    if value.is_sign_negative() && !value.is_zero() {
        french.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            french.push(NARROW_SPACE);
        }
        french.push(digit);
    }
    if !fraction.is_empty() {
        french.push(',');
        french.push_str(fraction);
    }
    french
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_the_french_way() {
        for (plain, written) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("999", "999"),
            ("1000", "1\u{202f}000"),
            ("0.250", "0,25"),
            ("-1234567.50", "−1\u{202f}234\u{202f}567,5"),
        ] {
            assert_eq!(french(plain.parse().unwrap()), written);
        }
    }
}
