//! Lists of codes in dated versions.

use std::{fmt, str::FromStr};

use time::Date;

use super::texts::{text_of, value_of};

/// What a nomenclature lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NomenclatureKind {
    /// Since the reform of 2021–2023 (CSP R6122-25).
    CareActivities,
    FormerCareActivities,
    Forms,
    GhmGroups,
    FinessCategories,
    LegalStatuses,
    Competences,
    Geography,
    MajorActivities,
    GmeGroups,
}

impl NomenclatureKind {
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::CareActivities, "care-activities"),
        (Self::FormerCareActivities, "former-care-activities"),
        (Self::Forms, "forms"),
        (Self::GhmGroups, "ghm-groups"),
        (Self::FinessCategories, "finess-categories"),
        (Self::LegalStatuses, "legal-statuses"),
        (Self::Competences, "competences"),
        (Self::Geography, "geography"),
        (Self::MajorActivities, "major-activities"),
        (Self::GmeGroups, "gme-groups"),
    ];

    pub fn as_str(self) -> &'static str {
        text_of(&Self::ALL, self)
    }

    /// The kind of a stored text.
    pub fn from_text(text: &str) -> Option<Self> {
        value_of(&Self::ALL, text)
    }
}

/// One version: `nomenclatures/{kind}/versions/{version}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NomenclatureId {
    pub kind: NomenclatureKind,
    pub version: String,
}

impl fmt::Display for NomenclatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "nomenclatures/{}/versions/{}",
            self.kind.as_str(),
            self.version
        )
    }
}

impl FromStr for NomenclatureId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text
            .strip_prefix("nomenclatures/")
            .and_then(|rest| rest.split_once("/versions/"));
        let (kind, version) = parts
            .and_then(|(kind, version)| Some((NomenclatureKind::from_text(kind)?, version)))
            .ok_or_else(|| {
                format!("{text:?} is not nomenclatures/{{kind}}/versions/{{version}}")
            })?;
        Ok(Self {
            kind,
            version: version.to_owned(),
        })
    }
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where in the tree, for example `ACTIVITY`.
    pub level: String,
    pub code: String,
    pub label: String,
    /// Code of the entry above; empty at the top.
    pub parent: String,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_version() {
        for (kind, _) in NomenclatureKind::ALL {
            let id = NomenclatureId {
                kind,
                version: "v14".to_owned(),
            };
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!(
            "nomenclatures/ghm/versions/1"
                .parse::<NomenclatureId>()
                .is_err()
        );
        assert!("nomenclatures/forms".parse::<NomenclatureId>().is_err());
    }
}
