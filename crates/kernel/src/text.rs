//! Texts that carry legal weight, and texts that spreadsheets read.

use serde::{Deserialize, Serialize};

/// Written reasons (motivation, CRPA L211-2): present, and not just blanks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reasons(String);

/// The text says nothing, or too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonsError {
    #[error("written reasons are required")]
    Missing,
    #[error("reasons are limited to {} characters", Reasons::MAX_CHARS)]
    TooLong,
}

impl Reasons {
    /// Longest accepted text, in characters.
    pub const MAX_CHARS: usize = 20_000;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Reasons {
    type Error = ReasonsError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let trimmed = text.trim();
        if !trimmed.chars().any(char::is_alphanumeric) {
            return Err(ReasonsError::Missing);
        }
        if trimmed.chars().count() > Self::MAX_CHARS {
            return Err(ReasonsError::TooLong);
        }
        Ok(Self(trimmed.to_owned()))
    }
}

impl From<Reasons> for String {
    fn from(reasons: Reasons) -> Self {
        reasons.0
    }
}

/// A text that no spreadsheet takes for a formula.
pub fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        assert_eq!(no_formula("=1+1"), "'=1+1");
        assert_eq!(no_formula("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(no_formula("l’activité"), "l’activité");
    }
}
