//! What a demonstration is going to do, computed before anything is asked of a service.

use kernel::{Finess, Region};
use proto::{
    contracts::v1::{ContractText, StrategicObjective},
    targets::v1::{
        Absence, AreaKind, IndicatorValue, Objective, TerritoryKind, indicator_value::Content,
    },
};
use serde::Serialize;

use super::planning::Planning;

/// First and last day of every contract of a demonstration: five years (CSP L6114-1).
pub const EFFECT_DATE: &str = "2023-01-01";
pub const END_DATE: &str = "2027-12-31";

/// Years of the contracts, each with its target.
pub const CONTRACT_YEARS: std::ops::RangeInclusive<i32> = 2023..=2027;

/// Years that are over, submitted and controlled.
pub const CONTROLLED_YEARS: [i32; 2] = [2023, 2024];

/// Everything a demonstration does.
#[derive(Debug, Clone)]
pub struct Plan {
    pub region: Region,
    /// Makes the identifiers of requests: two plans with the same scope are the same demonstration.
    pub scope: String,
    pub registry: RegistryFile,
    /// Territories with their outlines, for maps; none where the source has none.
    pub division: Option<Division>,
    /// One per legal entity, in the order of their numbers.
    pub contracts: Vec<PlannedContract>,
    pub tolerance: Tolerance,
    /// What the region plans beside its contracts; none where nothing of it is published.
    pub planning: Option<Planning>,
    /// Published activity that no establishment of the registry claims.
    pub unjoined: Vec<Unjoined>,
    /// Facts about the source that whoever reads the figures should know.
    pub remarks: Vec<String>,
}

/// A registry file in the layout of sites with their legal entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryFile {
    pub name: String,
    pub content: Vec<u8>,
}

/// One division of the region, with the files that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    pub id: String,
    pub kind: TerritoryKind,
    pub composed_of: AreaKind,
    /// `YYYY-MM-DD`.
    pub valid_from: String,
    /// Version of the communes.
    pub geography: String,
    /// `code;nom;departement`.
    pub communes: String,
    /// `territory;title;area`.
    pub territories: String,
    /// GeoJSON.
    pub outlines: String,
    pub source: String,
    pub licence: String,
}

/// The contract of one legal entity with its targets and the values its system will submit.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedContract {
    pub legal_entity: Finess,
    pub title: String,
    pub establishments: Vec<Finess>,
    /// Public bodies consult others than private ones.
    pub is_public: bool,
    pub objectives: Vec<Objective>,
    /// Why there is no objective, when there is none.
    pub note: String,
    pub values: Vec<IndicatorValue>,
}

/// The tolerance policy of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tolerance {
    pub conforming_percent: &'static str,
    pub minor_percent: &'static str,
    pub minimum_count: &'static str,
    pub reasons: &'static str,
}

/// Published activity of a number that the registry does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjoined {
    pub finess: String,
    pub title: String,
    /// Years published.
    pub years: Vec<i32>,
}

impl PlannedContract {
    /// The text to negotiate.
    pub fn text(&self) -> ContractText {
        ContractText {
            title: self.title.chars().take(300).collect(),
            legal_entities: vec![format!("legalEntities/{}", self.legal_entity)],
            establishments: self
                .establishments
                .iter()
                .map(|finess| format!("establishments/{finess}"))
                .collect(),
            effect_date: EFFECT_DATE.to_owned(),
            end_date: END_DATE.to_owned(),
            objectives: strategic_objectives(),
            consultations: self.consultations().map(str::to_owned).to_vec(),
            ..Default::default()
        }
    }

    /// Whether a FINESS number is that of the party or of one of its sites.
    pub fn covers(&self, number: &str) -> bool {
        self.legal_entity.as_str() == number
            || self
                .establishments
                .iter()
                .any(|site| site.as_str() == number)
    }

    /// Bodies to consult before signature.
    pub fn consultations(&self) -> [&'static str; 2] {
        if self.is_public {
            [
                "Commission médicale d’établissement",
                "Conseil de surveillance",
            ]
        } else {
            ["Conférence médicale d’établissement", "Organe délibérant"]
        }
    }
}

/// The two axes of the ordonnance 2020-1407, article 5.
fn strategic_objectives() -> Vec<StrategicObjective> {
    let objective = |axis: &str, title: &str, description: &str| StrategicObjective {
        axis: axis.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        ..Default::default()
    };
    vec![
        objective(
            "A",
            "Positionnement territorial",
            "Répondre aux besoins du territoire en cohérence avec les établissements voisins.",
        ),
        objective(
            "B",
            "Pilotage interne",
            "Suivre l’activité et en rendre compte à l’agence chaque année.",
        ),
    ]
}

/// How many values say what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds {
    pub numbers: u64,
    pub masked: u64,
    pub missing: u64,
}

impl Kinds {
    /// Counts one value.
    pub fn add(&mut self, value: &IndicatorValue) {
        match &value.content {
            Some(Content::Absence(absence)) if *absence == i32::from(Absence::Masked) => {
                self.masked += 1;
            }
            Some(Content::Absence(_)) => self.missing += 1,
            Some(Content::Value(_)) | None => self.numbers += 1,
        }
    }
}

/// A value to submit.
pub fn value(subject: Finess, indicator: &str, period: &str, content: Content) -> IndicatorValue {
    IndicatorValue {
        subject: subject.to_string(),
        indicator: indicator.to_owned(),
        period: period.to_owned(),
        content: Some(content),
    }
}

/// A number.
pub fn number(value: impl Into<String>) -> Content {
    Content::Value(value.into())
}

/// An absence.
pub fn absent(absence: Absence) -> Content {
    Content::Absence(absence.into())
}
