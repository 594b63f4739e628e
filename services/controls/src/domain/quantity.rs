//! Counts and measures, bounded so that arithmetic on them is exact and cannot overflow.

use std::{fmt, str::FromStr};

use kernel::Decimal;
use serde::{Deserialize, Serialize};

/// A target or a realised figure: not negative, at most 15 digits before the point and 6 after it.
///
/// The bound is what makes the comparisons exact: 21 digits times the 7 digits of a percentage fit in
/// the 28 digits of a [`Decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Quantity(Decimal);

/// The number is not one that can be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    #[error("{0:?} is not a decimal number")]
    Format(String),
    #[error("{0} is negative; a count cannot be")]
    Negative(Decimal),
    #[error("{0} has more than 15 digits before the point or 6 after it")]
    Digits(Decimal),
}

impl Quantity {
    pub const ZERO: Self = Self(Decimal::ZERO);

    pub fn value(self) -> Decimal {
        self.0
    }
}

/// 10^15, the first number with 16 digits.
const LIMIT: i64 = 1_000_000_000_000_000;
const MAX_SCALE: u32 = 6;

impl TryFrom<Decimal> for Quantity {
    type Error = QuantityError;

    fn try_from(number: Decimal) -> Result<Self, Self::Error> {
        let number = number.normalize();
        if number < Decimal::ZERO {
            return Err(QuantityError::Negative(number));
        }
        if number >= Decimal::from(LIMIT) || number.scale() > MAX_SCALE {
            return Err(QuantityError::Digits(number));
        }
        Ok(Self(number))
    }
}

impl From<Quantity> for Decimal {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |_| QuantityError::Format(text.to_owned());
        Decimal::from_str_exact(text).map_err(wrong)?.try_into()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_is_written_the_same_way() {
        assert_eq!(
            "1000.500".parse::<Quantity>().unwrap().to_string(),
            "1000.5"
        );
        assert_eq!("0.000".parse::<Quantity>(), Ok(Quantity::ZERO));
    }

    #[test]
    fn what_cannot_be_compared_exactly_is_refused() {
        assert!("999999999999999.999999".parse::<Quantity>().is_ok());
        for text in [
            "-1",
            "1000000000000000",
            "0.0000001",
            "",
            "1e3",
            "1,5",
            "NaN",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }
}
