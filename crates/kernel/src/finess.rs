//! FINESS numbers: the national identifier of legal entities (EJ) and establishments (ET).
//!
//! Nine characters, of which the first two are the département of creation (`2A`, `2B` for Corsica)
//! and the last one is a Luhn key computed after `2A` → `21` and `2B` → `22`. Whether a number names
//! an EJ or an ET cannot be read from it. Source: flux standard FINESS V4.1; checked against the
//! 3,975 sites of the SAE 2023.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::luhn;

/// A FINESS number whose form and key are right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Finess([u8; 9]);

/// Why a text is not a FINESS number. The message tells a person what to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FinessError {
    #[error("a FINESS number has 9 characters, this one has {0}")]
    Length(usize),
    #[error("a spreadsheet turned this number into scientific notation; export the column as text")]
    SpreadsheetDamage,
    #[error("a FINESS number is made of digits (2A or 2B first for Corsica)")]
    Format,
    #[error("the FINESS key does not match: one character is wrong or two are swapped")]
    Key,
}

impl Finess {
    /// The nine characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII letters and digits pass `from_str`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Finess {
    type Err = FinessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        let looks_scientific = text.contains(['e', 'E']) && text.contains(['+', ',', '.']);
        if looks_scientific {
            return Err(FinessError::SpreadsheetDamage);
        }
        let number: [u8; 9] = bytes
            .try_into()
            .map_err(|_| FinessError::Length(text.chars().count()))?;
        let number = number.map(|c| c.to_ascii_uppercase());
        let mut digits = number;
        match [number[0], number[1]] {
            [b'2', b'A'] => digits[1] = b'1',
            [b'2', b'B'] => digits[1] = b'2',
            _ => {}
        }
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(FinessError::Format);
        }
        if !luhn::is_valid(digits.into_iter()) {
            return Err(FinessError::Key);
        }
        Ok(Self(number))
    }
}

impl TryFrom<String> for Finess {
    type Error = FinessError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Finess> for String {
    fn from(finess: Finess) -> Self {
        finess.as_str().to_owned()
    }
}

impl fmt::Display for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_numbers_of_metropole_corsica_and_overseas_are_accepted() {
        for number in [
            "010000040",
            "010008407",
            "750712184",
            "130786049",
            "690781810",
            "590782637",
            "210780581",
            "2A0000014",
            "2B0000020",
            "970100228",
            "970211207",
            "970302022",
            "970408589",
            "980500003",
        ] {
            assert_eq!(
                number.parse::<Finess>().map(|f| f.to_string()),
                Ok(number.to_owned())
            );
        }
    }

    #[test]
    fn each_defect_has_its_own_reason() {
        assert_eq!("750712185".parse::<Finess>(), Err(FinessError::Key));
        assert_eq!("2C0000014".parse::<Finess>(), Err(FinessError::Format));
        assert_eq!("75071218".parse::<Finess>(), Err(FinessError::Length(8)));
        assert_eq!(
            "7,507E+08".parse::<Finess>(),
            Err(FinessError::SpreadsheetDamage)
        );
        assert_eq!("".parse::<Finess>(), Err(FinessError::Length(0)));
    }

    #[test]
    fn lower_case_corsica_is_the_same_number() {
        assert_eq!("2a0000014".parse::<Finess>(), "2A0000014".parse());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,12}") {
            let _ = text.parse::<Finess>();
        }

        /// Luhn detects every single wrong digit.
        #[test]
        fn one_wrong_digit_is_always_noticed(place in 0usize..9, shift in 1u8..10) {
            let mut wrong = *b"130786049";
            wrong[place] = b'0' + (wrong[place] - b'0' + shift) % 10;
            let wrong = String::from_utf8(wrong.to_vec()).unwrap();
            prop_assert_eq!(wrong.parse::<Finess>(), Err(FinessError::Key));
        }
    }
}
