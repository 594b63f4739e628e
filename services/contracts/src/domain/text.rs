//! What the parties negotiate.

use std::{collections::BTreeSet, ops::Deref};

use kernel::Finess;
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    Refusal,
    content::{Coded, Content, repeated_codes},
};

/// The text of a contract, in one of its versions. Made by [`ContractText::new`] only, so one that
/// exists is well formed; its parts are read through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractText(TextParts);

impl Deref for ContractText {
    type Target = TextParts;
    fn deref(&self) -> &TextParts {
        &self.0
    }
}

/// A strategic objective (CSP L6114-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrategicObjective {
    /// Unique in the text. A text gives its rank to an objective that comes without: `O1`, `O2`…
    #[serde(default)]
    pub code: String,
    /// `A` positionnement territorial, `B` pilotage interne (ordonnance 2020-1407, article 5).
    pub axis: String,
    pub title: String,
    pub description: String,
}

/// The parts of a text, before anybody has checked them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextParts {
    pub title: String,
    /// The parties beside the agency (CSP L6114-1: entités juridiques).
    pub legal_entities: BTreeSet<Finess>,
    /// The covered sites.
    pub establishments: BTreeSet<Finess>,
    /// First day of effect, a legal day of the region.
    pub effect_date: Date,
    /// Last day of effect.
    pub end_date: Date,
    pub objectives: Vec<StrategicObjective>,
    /// Bodies to consult before signature. Which ones is for the parties to say: it differs between
    /// public hospitals, groupings and private clinics.
    pub consultations: BTreeSet<String>,
    /// Commitments, money, clauses, annexes, associated third parties.
    pub content: Content,
}

impl Coded for StrategicObjective {
    fn code(&self) -> &str {
        &self.code
    }
}

/// What is wrong in a field, for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDefect {
    /// Path of the field, for example `text.end_date`.
    pub field: String,
    pub explanation: String,
}

impl FieldDefect {
    pub fn new(field: impl Into<String>, explanation: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            explanation: explanation.into(),
        }
    }
}

impl ContractText {
    /// Checks the form of a text. All defects are told, not just the first.
    pub fn new(mut parts: TextParts) -> Result<Self, Vec<FieldDefect>> {
        for (i, objective) in parts.objectives.iter_mut().enumerate() {
            if objective.code.is_empty() {
                objective.code = format!("O{}", i + 1);
            }
        }
        let mut defects = repeated_codes("text.objectives", &parts.objectives);
        let objectives = parts.objectives.iter().map(Coded::code).collect();
        defects.extend(parts.content.defects(&objectives));
        let mut require = |field: String, text: &str| {
            if !text.chars().any(char::is_alphanumeric) {
                defects.push(FieldDefect::new(field, "must say something"));
            }
        };
        require("text.title".into(), &parts.title);
        for (i, objective) in parts.objectives.iter().enumerate() {
            require(format!("text.objectives[{i}].axis"), &objective.axis);
            require(format!("text.objectives[{i}].title"), &objective.title);
        }
        for body in &parts.consultations {
            require("text.consultations".into(), body);
        }
        if parts.legal_entities.is_empty() {
            let explanation = "a contract binds at least one legal entity (CSP L6114-1)";
            defects.push(FieldDefect::new("text.legal_entities", explanation));
        }
        if parts.end_date < parts.effect_date {
            let explanation = format!("must not be before the effect date, {}", parts.effect_date);
            defects.push(FieldDefect::new("text.end_date", explanation));
        }
        if defects.is_empty() {
            Ok(Self(parts))
        } else {
            Err(defects)
        }
    }

    /// A text that others have already checked part by part: a signed text with signed amendments reads as it does,
    /// whatever they make of each other.
    pub(super) fn consolidated(parts: TextParts) -> Self {
        Self(parts)
    }

    /// The parts, to make another text of them.
    pub fn into_parts(self) -> TextParts {
        self.0
    }

    /// Guard C2: there is something to negotiate, an objective and a site at least.
    pub fn check_substance(&self) -> Result<(), Refusal> {
        if self.objectives.is_empty() {
            return Err(Refusal::NoObjective);
        }
        if self.establishments.is_empty() {
            return Err(Refusal::PerimeterEmpty);
        }
        Ok(())
    }
}
