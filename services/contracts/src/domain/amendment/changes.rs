//! What an amendment changes, and the text that results.

use std::collections::BTreeSet;

use kernel::{Department, Finess};
use serde::{Deserialize, Serialize};
use time::Date;

use super::members::holders_stay;
use crate::domain::{
    ContractText, Refusal,
    content::{Annex, Clause, Coded, Commitment, FundingLine},
    text::{FieldDefect, StrategicObjective, TextParts},
};

/// Elements that come, or replace the one of the same code, and codes that go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub struct Edits<T> {
    pub put: Vec<T>,
    pub remove: BTreeSet<String>,
}

impl<T> Default for Edits<T> {
    fn default() -> Self {
        Self {
            put: Vec::new(),
            remove: BTreeSet::new(),
        }
    }
}

/// The changes of an amendment. It cannot name another holder: that takes another contract. Of a contract of several
/// legal entities, members join and leave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    pub objectives: Edits<StrategicObjective>,
    pub commitments: Edits<Commitment>,
    pub funding: Edits<FundingLine>,
    pub clauses: Edits<Clause>,
    pub annexes: Edits<Annex>,
    pub add_establishments: BTreeSet<Finess>,
    pub remove_establishments: BTreeSet<Finess>,
    #[serde(default)]
    pub add_legal_entities: BTreeSet<Finess>,
    #[serde(default)]
    pub remove_legal_entities: BTreeSet<Finess>,
    /// Councils that the sites of who joins need (CASF L313-12 IV ter).
    #[serde(default)]
    pub add_departmental_councils: BTreeSet<Department>,
    /// Councils of which nothing in the contract is the competence any more.
    #[serde(default)]
    pub remove_departmental_councils: BTreeSet<Department>,
    /// Another support establishment of the group; none to keep it (CSP L6132-2).
    #[serde(default)]
    pub support_entity: Option<Finess>,
    /// New last day; none to keep it.
    pub end_date: Option<Date>,
}

impl<T: Coded + Clone> Edits<T> {
    fn apply(&self, elements: &mut Vec<T>) {
        elements.retain(|element| !self.remove.contains(element.code()));
        for new in &self.put {
            match elements
                .iter_mut()
                .find(|element| element.code() == new.code())
            {
                Some(element) => *element = new.clone(),
                None => elements.push(new.clone()),
            }
        }
    }

    /// A code to remove that the text does not have, or that is put at the same time.
    fn misplaced(&self, elements: &[T]) -> Option<String> {
        let is_known = |code: &String| elements.iter().any(|element| element.code() == *code);
        let is_put = |code: &String| self.put.iter().any(|element| element.code() == *code);
        self.remove
            .iter()
            .find(|code| !is_known(code) || is_put(code))
            .cloned()
    }

    fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty()
    }
}

impl Changes {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.objectives.is_empty()
            && self.commitments.is_empty()
            && self.funding.is_empty()
            && self.clauses.is_empty()
            && self.annexes.is_empty()
            && self.add_establishments.is_empty()
            && self.remove_establishments.is_empty()
            && self.add_legal_entities.is_empty()
            && self.remove_legal_entities.is_empty()
            && self.add_departmental_councils.is_empty()
            && self.remove_departmental_councils.is_empty()
            && self.support_entity.is_none()
            && self.end_date.is_none()
    }

    /// Whether an annex that comes is a file.
    pub fn names_files(&self) -> bool {
        let mut annexes = self.annexes.put.iter();
        annexes.any(Annex::is_file)
    }

    /// The parts with these changes. Total: what cannot be found is left out, for the amendments were checked when they were
    /// made.
    pub(super) fn edit(&self, mut parts: TextParts) -> TextParts {
        self.objectives.apply(&mut parts.objectives);
        self.commitments.apply(&mut parts.content.commitments);
        self.funding.apply(&mut parts.content.funding);
        self.clauses.apply(&mut parts.content.clauses);
        self.annexes.apply(&mut parts.content.annexes);
        parts
            .establishments
            .retain(|site| !self.remove_establishments.contains(site));
        parts.establishments.extend(&self.add_establishments);
        let left = &self.remove_legal_entities;
        parts.legal_entities.retain(|entity| !left.contains(entity));
        parts.legal_entities.extend(&self.add_legal_entities);
        let (councils, left) = (
            &mut parts.content.departmental_councils,
            &self.remove_departmental_councils,
        );
        councils.retain(|council| !left.contains(council));
        councils.extend(&self.add_departmental_councils);
        if let (Some(grouping), Some(support)) = (&mut parts.content.grouping, self.support_entity)
        {
            grouping.support_entity = support;
        }
        parts.end_date = self.end_date.unwrap_or(parts.end_date);
        parts
    }

    /// The text with these changes, total as well.
    pub fn apply(&self, text: &ContractText) -> ContractText {
        ContractText::consolidated(self.edit(text.clone().into_parts()))
    }

    /// The text with these changes, or why they cannot be made to it.
    pub fn check(&self, text: &ContractText) -> Result<ContractText, Refusal> {
        if self.is_empty() {
            return Err(Refusal::AmendmentEmpty);
        }
        let unknown = [
            ("objective", self.objectives.misplaced(&text.objectives)),
            (
                "commitment",
                self.commitments.misplaced(&text.content.commitments),
            ),
            (
                "funding line",
                self.funding.misplaced(&text.content.funding),
            ),
            ("clause", self.clauses.misplaced(&text.content.clauses)),
            ("annex", self.annexes.misplaced(&text.content.annexes)),
        ];
        for (what, code) in unknown {
            if let Some(code) = code {
                return Err(Refusal::UnknownElement { what, code });
            }
        }
        let strangers = self.remove_establishments.difference(&text.establishments);
        if let Some(site) = strangers.into_iter().next() {
            return Err(Refusal::UnknownElement {
                what: "establishment",
                code: site.to_string(),
            });
        }
        ContractText::new(self.edit(text.clone().into_parts()))
            .map_err(Refusal::AmendedTextMalformed)
    }
}

/// Refuses other holders than those of the contract (a transfer of authorisation takes another contract).
pub fn check_holders(given: &BTreeSet<Finess>, contract: &ContractText) -> Result<(), Refusal> {
    if given.is_empty() || *given == contract.legal_entities {
        return Ok(());
    }
    Err(holders_stay(&contract.legal_entities))
}

/// Refuses a day of effect outside the term of the contract.
pub fn check_effect(
    effect_date: Date,
    contract: &ContractText,
    last_day: Date,
) -> Result<(), Refusal> {
    if (contract.effect_date..=last_day).contains(&effect_date) {
        return Ok(());
    }
    let explanation = format!(
        "must lie in the term of the contract, from {} to {last_day}",
        contract.effect_date
    );
    Err(Refusal::DateOutOfRange(FieldDefect::new(
        "effect_date",
        explanation,
    )))
}
