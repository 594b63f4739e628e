//! What the parties negotiate.

use std::{collections::BTreeSet, ops::Deref};

use kernel::{Department, Finess, legal_time::add_months};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{
    Refusal,
    content::{Coded, Content, repeated_codes},
    mark::CompetenceMark,
    signature::Party,
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
    /// Whose competence it is; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competence: Option<CompetenceMark>,
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
        defects.extend(parts.content.grouping_defects(&parts.legal_entities));
        let councils = &parts.content.departmental_councils;
        for (i, objective) in parts.objectives.iter().enumerate() {
            let mark = objective.competence;
            if let Some(explanation) = mark.and_then(|mark| mark.defect(councils)) {
                let field = format!("text.objectives[{i}].competence");
                defects.push(FieldDefect::new(field, explanation));
            }
        }
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

    /// Who must sign: the agency, every legal entity (of a territorial hospital group, the support establishment for all:
    /// CSP R6132-19-3), every departmental council, and the third parties associated to some clauses (CSP L6114-1).
    pub fn signatories(&self) -> BTreeSet<Party> {
        let (content, entities) = (&self.content, self.legal_entities.clone());
        let support = content.grouping.as_ref().map(|group| group.support_entity);
        self.signatories_among(entities, content.departmental_councils.clone(), support)
    }

    /// The same, when these are party, and of a group this is the support establishment.
    pub(super) fn signatories_among(
        &self,
        entities: BTreeSet<Finess>,
        councils: BTreeSet<Department>,
        support: Option<Finess>,
    ) -> BTreeSet<Party> {
        let entities = support.map_or(entities, |support| BTreeSet::from([support]));
        let associated = self.content.associated_parties.iter();
        std::iter::once(Party::Ars)
            .chain(entities.into_iter().map(Party::LegalEntity))
            .chain(councils.into_iter().map(Party::Department))
            .chain(associated.filter_map(|party| party.code.parse().ok().map(Party::Associated)))
            .collect()
    }

    /// The request of all directors for a single contract of their group, on which the agency acts within a month: its
    /// silence is then a refusal (CSP R6132-19-3).
    pub fn check_grouping_request(&self, today: Date) -> Result<(), Refusal> {
        let Some(grouping) = &self.content.grouping else {
            return Ok(());
        };
        let (asked, refused) = (grouping.request_date, add_months(grouping.request_date, 1));
        let explanation = if asked > today {
            format!("the request is dated {asked}, after today")
        } else if today > refused {
            format!(
                "the request of {asked} was refused by the silence kept until {refused}; ask again"
            )
        } else {
            return Ok(());
        };
        Err(Refusal::GroupingNotPossible { explanation })
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
