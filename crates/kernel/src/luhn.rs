//! The Luhn check (ISO/IEC 7812-1, annex B) that FINESS, SIREN and SIRET share.

/// Whether the ASCII digits pass the modulo 10 check. Anything but digits fails.
pub fn is_valid(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let mut sum = 0u32;
    for (position, digit) in digits.rev().enumerate() {
        if !digit.is_ascii_digit() {
            return false;
        }
        let value = u32::from(digit - b'0');
        sum += match (position % 2, value * 2) {
            (0, _) => value,
            (_, doubled @ 0..=9) => doubled,
            (_, doubled) => doubled - 9,
        };
    }
    sum.is_multiple_of(10)
}
