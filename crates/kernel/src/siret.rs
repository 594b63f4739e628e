//! SIRET numbers (establishment of a company, 14 digits, Luhn; the first nine are the SIREN).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::luhn;

/// A SIRET whose key is right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Siret([u8; 14]);

/// Why a text is not a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SiretError {
    #[error("a spreadsheet turned this number into scientific notation; export the column as text")]
    SpreadsheetDamage,
    #[error("a SIRET has 14 digits")]
    Format,
    #[error("the SIRET key does not match")]
    Key,
}

/// La Poste numbers its offices by digit sum instead of Luhn.
const LA_POSTE_SIREN: &[u8] = b"356000000";

impl Siret {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Siret {
    type Err = SiretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(['e', 'E']) && text.contains('+') {
            return Err(SiretError::SpreadsheetDamage);
        }
        let digits: [u8; 14] = text.as_bytes().try_into().map_err(|_| SiretError::Format)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(SiretError::Format);
        }
        let digit_sum: u32 = digits.iter().map(|d| u32::from(d - b'0')).sum();
        let is_post_office = digits.starts_with(LA_POSTE_SIREN) && digit_sum.is_multiple_of(5);
        if !is_post_office && !luhn::is_valid(digits.into_iter()) {
            return Err(SiretError::Key);
        }
        Ok(Self(digits))
    }
}

impl TryFrom<String> for Siret {
    type Error = SiretError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Siret> for String {
    fn from(siret: Siret) -> Self {
        siret.as_str().to_owned()
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_and_the_post_office_rule() {
        for good in [
            "26011021800047",
            "73282932000074",
            "35600000000048",
            "35600000049837",
        ] {
            assert!(good.parse::<Siret>().is_ok(), "{good}");
        }
        assert_eq!("73282932000075".parse::<Siret>(), Err(SiretError::Key));
        assert_eq!(
            "2,601E+13".parse::<Siret>(),
            Err(SiretError::SpreadsheetDamage)
        );
        assert_eq!("2601102180004".parse::<Siret>(), Err(SiretError::Format));
    }
}
