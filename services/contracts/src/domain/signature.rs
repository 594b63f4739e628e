//! Parties, the frozen document, and what each signatory puts under it.

use std::{fmt, str::FromStr};

use kernel::{Department, Finess, HumanActor};
use time::OffsetDateTime;

use super::{MandateId, TargetSetId};

/// The code of an associated third party in its text: one to forty ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssociatedCode {
    bytes: [u8; 40],
    length: usize,
}

impl AssociatedCode {
    /// The code as the text has it.
    pub fn as_str(&self) -> &str {
        let code = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(code).unwrap_or_default()
    }
}

impl FromStr for AssociatedCode {
    type Err = PartyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || PartyError(text.to_owned());
        let is_known = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
        if text.is_empty() || !text.bytes().all(is_known) {
            return Err(error());
        }
        let mut bytes = [0; 40];
        let place = bytes.get_mut(..text.len()).ok_or_else(error)?;
        place.copy_from_slice(text.as_bytes());
        let length = text.len();
        Ok(Self { bytes, length })
    }
}

/// Somebody whose signature the contract needs (CSP L6114-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The agency, by its director general.
    Ars,
    /// A departmental council, by its president (CASF L313-12 IV ter).
    Department(Department),
    /// A legal entity, by the person who directs it.
    LegalEntity(Finess),
    /// A third party associated to some clauses, by somebody who has a mandate for it (CSP L6114-1).
    Associated(AssociatedCode),
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ars => f.write_str("ars"),
            Self::LegalEntity(finess) => write!(f, "legalEntities/{finess}"),
            Self::Department(department) => write!(f, "departments/{department}"),
            Self::Associated(code) => write!(f, "associatedParties/{}", code.as_str()),
        }
    }
}

/// The text names no party.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither `ars` nor a name such as legalEntities/{{finess}}, departments/{{code}} or associatedParties/{{code}}"
)]
pub struct PartyError(pub String);

impl FromStr for Party {
    type Err = PartyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "ars" {
            return Ok(Self::Ars);
        }
        let department = || text.strip_prefix("departments/")?.parse().ok();
        let associated = || text.strip_prefix("associatedParties/")?.parse().ok();
        text.strip_prefix("legalEntities/")
            .and_then(|finess| finess.parse().ok())
            .map(Self::LegalEntity)
            .or_else(|| department().map(Self::Department))
            .or_else(|| associated().map(Self::Associated))
            .ok_or_else(|| PartyError(text.to_owned()))
    }
}

/// SHA-256 of a frozen document, written in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentHash(pub [u8; 32]);

impl fmt::Display for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In one write: a page of amendments has many, and a format for each byte is a tenth of the work of reading it.
        let mut digits = [0; 64];
        hex::encode_to_slice(self.0, &mut digits).map_err(|_| fmt::Error)?;
        f.write_str(str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for DocumentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is written with 64 lower-case hexadecimal digits")]
pub struct HashError;

impl FromStr for DocumentHash {
    type Err = HashError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let well_formed = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if text.len() != 64 || !text.bytes().all(well_formed) {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| HashError)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| HashError)?;
        }
        Ok(Self(bytes))
    }
}

/// The document that is signed: the text together with its agreed targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frozen {
    pub target_set: TargetSetId,
    pub sha256: DocumentHash,
    /// Version of the contract at the freeze. A text frozen again after a withdrawal has another one, so
    /// that earlier signatures never count for it, even when not a comma has changed.
    pub at_version: i64,
    pub at: OffsetDateTime,
}

/// A signature of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub party: Party,
    pub signatory: HumanActor,
    /// In what quality the person signs (CRPA L212-1).
    pub title: String,
    pub sha256: DocumentHash,
    pub at: OffsetDateTime,
    /// The mandate or published delegation under which it was given; none for the holder of the office.
    pub mandate: Option<MandateId>,
}
