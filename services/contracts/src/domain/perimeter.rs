//! Who and what a contract covers, checked against our copy of the registry.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Department, Finess, Region};
use time::Date;

use super::{ContractText, LegalRegime, Refusal, signature::Party, text::FieldDefect};

/// What the registry says of the entities and sites that a text names. An absent number is unknown to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryView {
    /// Whether each known legal entity is open.
    pub legal_entities: BTreeMap<Finess, bool>,
    pub establishments: BTreeMap<Finess, Site>,
}

/// What the registry says of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    pub open: bool,
    pub legal_entity: Finess,
    /// None for a territory without an ARS.
    pub region: Option<Region>,
    /// The department whose council is competent for the category of the site; none when only the agency is.
    pub council: Option<Department>,
}

/// A site of the text that another contract, signed or in force, already covers on some day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    pub establishment: Finess,
    /// Number of the other contract, for people.
    pub contract: String,
    pub effect_date: Date,
    pub end_date: Date,
}

impl RegistryView {
    /// Guard C1, first half: entities exist and are open, sites are open, lie in the region and belong
    /// to one of the entities. A legal entity may have its seat in another region than its sites.
    pub fn check(&self, text: &ContractText, region: Region) -> Result<(), Refusal> {
        let fields = ("text.legal_entities", "text.establishments");
        let defects = self.defects(fields, (&text.legal_entities, &text.establishments), region);
        if defects.is_empty() {
            Ok(())
        } else {
            Err(Refusal::PerimeterNotInRegistry(defects))
        }
    }

    /// What the registry has against some entities and their sites, under the names of their fields.
    pub fn defects(
        &self,
        (entity_field, site_field): (&str, &str),
        (entities, sites): (&BTreeSet<Finess>, &BTreeSet<Finess>),
        region: Region,
    ) -> Vec<FieldDefect> {
        let mut defects = Vec::new();
        for entity in entities {
            let problem = match self.legal_entities.get(entity) {
                None => {
                    "is not in the registry; import it, or wait a moment if it was just imported"
                }
                Some(false) => "is closed in the registry",
                Some(true) => continue,
            };
            let explanation = format!("legalEntities/{entity} {problem}");
            defects.push(FieldDefect::new(entity_field, explanation));
        }
        for establishment in sites {
            let Some(problem) = self.site_problem(*establishment, entities, region) else {
                continue;
            };
            let explanation = format!("establishments/{establishment} {problem}");
            defects.push(FieldDefect::new(site_field, explanation));
        }
        defects
    }

    fn site_problem(
        &self,
        finess: Finess,
        entities: &BTreeSet<Finess>,
        region: Region,
    ) -> Option<String> {
        let Some(site) = self.establishments.get(&finess) else {
            let advice =
                "is not in the registry; import it, or wait a moment if it was just imported";
            return Some(advice.to_owned());
        };
        if !site.open {
            return Some("is closed in the registry".to_owned());
        }
        if site.region != Some(region) {
            return Some(format!("is not in region {region}"));
        }
        if !entities.contains(&site.legal_entity) {
            let owner = site.legal_entity;
            return Some(format!(
                "belongs to legalEntities/{owner}, which is not a party"
            ));
        }
        None
    }
}

impl RegistryView {
    /// Required signatories are the union of the competences of the categories in scope: a site of a category
    /// under joint competence needs the council of its department (CASF L313-12 IV ter).
    pub fn check_signatories(
        &self,
        text: &ContractText,
        regime: &LegalRegime,
    ) -> Result<(), Refusal> {
        if !regime.departmental_councils {
            return Ok(());
        }
        let councils = &text.content.departmental_councils;
        match self.council_missing(&text.establishments, councils) {
            Some((establishment, council)) => Err(Refusal::SignatoryMissing {
                establishment,
                party: Party::Department(council),
                regime: regime.code.clone(),
            }),
            None => Ok(()),
        }
    }
}

impl RegistryView {
    /// The first of some sites whose category needs a council that is not among these, and that council.
    pub fn council_missing<'a>(
        &self,
        sites: impl IntoIterator<Item = &'a Finess>,
        councils: &BTreeSet<Department>,
    ) -> Option<(Finess, Department)> {
        sites.into_iter().find_map(|site| {
            let council = self.establishments.get(site)?.council?;
            (!councils.contains(&council)).then_some((*site, council))
        })
    }
}

/// Guard C1, second half: a site is in one contract at a time.
pub fn check_overlaps(overlaps: &[Overlap]) -> Result<(), Refusal> {
    match overlaps.first() {
        Some(overlap) => Err(Refusal::PerimeterOverlap(overlap.clone())),
        None => Ok(()),
    }
}
