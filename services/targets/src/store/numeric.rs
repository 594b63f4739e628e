//! A decimal in the binary form of Postgres `numeric`, for `COPY`.
//!
//! The form is: number of digits, weight of the first digit, sign, digits after the point to show, then the
//! digits, each a 16-bit big-endian integer. Digits are in base 10,000, the weight is the power of 10,000 of
//! the first one, and groups of zeros at either end are left out (`numeric_send` in `numeric.c`).

use kernel::Decimal;

const NEGATIVE: u16 = 0x4000;
/// A [`Decimal`] has 29 digits at most, and padding its fraction to whole groups adds up to three.
const MAX_GROUPS: usize = 9;

/// Appends the length of the field and the field.
pub(crate) fn write(value: Decimal, out: &mut Vec<u8>) {
    let padding = (4 - value.scale() % 4) % 4;
    let fraction_groups = (value.scale() + padding) / 4;
    let mut rest = value.mantissa().unsigned_abs() * 10u128.pow(padding);

    // Least significant group first.
    let mut groups = [0u16; MAX_GROUPS];
    let mut count = 0usize;
    while rest > 0 {
        groups[count] = low_group(rest);
        rest /= 10_000;
        count += 1;
    }
    let zeros = groups[..count]
        .iter()
        .take_while(|group| **group == 0)
        .count();
    let digits = &groups[zeros..count];
    let weight = if count == 0 {
        0
    } else {
        small(count) - small(fraction_groups) - 1
    };
    let sign = if value.is_sign_negative() && count > 0 {
        NEGATIVE
    } else {
        0
    };

    out.extend_from_slice(&(8 + 2 * i32::from(small(digits.len()))).to_be_bytes());
    out.extend_from_slice(&small(digits.len()).to_be_bytes());
    out.extend_from_slice(&weight.to_be_bytes());
    out.extend_from_slice(&sign.to_be_bytes());
    out.extend_from_slice(&small(value.scale()).to_be_bytes());
    for digit in digits.iter().rev() {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}

fn low_group(number: u128) -> u16 {
    u16::try_from(number % 10_000).unwrap_or(0)
}

/// Counts of this file, all below a hundred.
fn small<T: TryInto<i16>>(number: T) -> i16 {
    number.try_into().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sqlx::{Encode, Postgres, encode::IsNull, postgres::PgArgumentBuffer};

    fn words(value: &str) -> Vec<i16> {
        let mut out = Vec::new();
        write(value.parse().unwrap(), &mut out);
        let length = i32::from_be_bytes(out[..4].try_into().unwrap());
        assert_eq!(usize::try_from(length).unwrap(), out.len() - 4);
        out[4..]
            .chunks(2)
            .map(|pair| i16::from_be_bytes([pair[0], pair[1]]))
            .collect()
    }

    /// The expected words are what `select numeric_send(…)` answers on Postgres 15.
    #[test]
    fn the_form_is_the_one_postgres_sends() {
        assert_eq!(words("0"), [0, 0, 0, 0]);
        assert_eq!(words("0.00"), [0, 0, 0, 2]);
        assert_eq!(words("1"), [1, 0, 0, 0, 1]);
        assert_eq!(words("10000"), [1, 1, 0, 0, 1]);
        assert_eq!(words("12345.678"), [3, 1, 0, 3, 1, 2345, 6780]);
        assert_eq!(words("0.000001"), [1, -2, 0, 6, 100]);
        assert_eq!(words("1200.50"), [2, 0, 0, 2, 1200, 5000]);
        assert_eq!(words("-7"), [1, 0, 0x4000, 0, 7]);
        assert_eq!(
            words("999999999999.999999"),
            [5, 2, 0, 6, 9999, 9999, 9999, 9999, 9900]
        );
    }

    proptest! {
        /// The driver, written by others, sends the same bytes.
        #[test]
        fn the_form_is_the_one_the_driver_sends(units in any::<i64>(), scale in 0u32..=28) {
            let value = Decimal::from_i128_with_scale(i128::from(units), scale);
            let mut ours = Vec::new();
            write(value, &mut ours);
            let mut theirs = PgArgumentBuffer::default();
            let is_null = Encode::<Postgres>::encode_by_ref(&value, &mut theirs).unwrap();
            prop_assert!(matches!(is_null, IsNull::No));
            prop_assert_eq!(&ours[4..], theirs.as_slice());
        }
    }
}
