//! The PMSI data that the targets service held when a campaign was frozen.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// A version of the PMSI data of a region and year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PmsiData {
    /// Checksum over the imports, as their owner tells it; empty when there were none. In campaigns that were frozen
    /// before versions were told: the name that a person gave them.
    pub version: String,
    pub imports: Vec<PmsiImport>,
}

/// A file of PMSI data that was the last word on some establishments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PmsiImport {
    /// `caseMixImports/{uuid}` of the targets service.
    pub import: String,
    /// `MCO`, `SMR`, `HAD` or `PSY`.
    pub field: String,
    /// Of the bytes of the file, in hexadecimal.
    pub sha256: String,
    pub source: String,
    /// `YYYY-MM-DD`.
    pub extraction_date: String,
    /// The last month that it counts, 1 to 12.
    pub through_month: i32,
    pub establishments: i64,
}

impl PmsiData {
    /// Refuses to freeze another version than the one a person means. Who names none means the one that is held.
    pub fn require(&self, meant: &str) -> Result<(), Refusal> {
        if meant.is_empty() || meant == self.version {
            return Ok(());
        }
        Err(Refusal::PmsiVersionNotHeld {
            meant: meant.to_owned(),
            held: self.version.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_that_is_held_is_frozen() {
        let held = PmsiData {
            version: "ab12".into(),
            imports: vec![],
        };
        assert_eq!(held.require(""), Ok(()));
        assert_eq!(held.require("ab12"), Ok(()));
        for meant in ["PMSI MCO 2024 M12", "ab1", "AB12"] {
            let refused = held.require(meant).unwrap_err();
            assert_eq!(
                refused,
                Refusal::PmsiVersionNotHeld {
                    meant: meant.into(),
                    held: "ab12".into()
                }
            );
        }
        let nothing = PmsiData::default().require("ab12").unwrap_err();
        assert!(nothing.to_string().contains("holds none"), "{nothing}");
    }
}
