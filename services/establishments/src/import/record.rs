//! The one internal shape that every layout is read into.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use kernel::{Finess, Region};

use super::issue::{Issue, Reason};
use crate::domain::{Establishment, LegalEntity, State};

/// What a file says of a legal entity of which it has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRecord {
    pub line: u64,
    pub entity: LegalEntity,
    pub state: State,
}

/// What a file says of a site, and in passing of its legal entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRecord {
    pub line: u64,
    pub site: Establishment,
    pub state: State,
    pub entity: EntityHint,
}

/// What the line of a site says of its legal entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntityHint {
    pub title: Option<String>,
    pub legal_status: Option<String>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extract {
    /// Encoding that was recognised: `UTF-8` or `windows-1252`.
    pub encoding: &'static str,
    /// Lines (or JSON records) that say something, without the header.
    pub lines: u64,
    /// Those of another region.
    pub skipped: u64,
    pub entities: Vec<EntityRecord>,
    pub sites: Vec<SiteRecord>,
    /// Why lines were left out.
    pub rejected: Vec<Issue>,
    /// Why lines were taken with reserve.
    pub warnings: Vec<Issue>,
    /// The file has records of legal entities, not only their numbers beside the sites.
    pub has_entities: bool,
    /// The file has records of sites.
    pub has_sites: bool,
}

impl Extract {
    /// Takes what an adapter made of one line of this region.
    pub(super) fn push_site(&mut self, read: Result<SiteRecord, Issue>, warnings: Vec<Issue>) {
        match read {
            Ok(record) => {
                self.sites.push(record);
                self.warnings.extend(warnings);
            }
            Err(issue) => self.rejected.push(issue),
        }
    }

    /// Takes what an adapter made of a legal entity, which may belong to another region: then nothing
    /// is said of what is wrong with it, since its own region's import will.
    pub(super) fn push_entity(
        &mut self,
        read: Result<EntityRecord, Issue>,
        warnings: Vec<Issue>,
        of_this_region: bool,
    ) {
        match read {
            Ok(record) => {
                self.entities.push(record);
                if of_this_region {
                    self.warnings.extend(warnings);
                }
            }
            Err(issue) if of_this_region => self.rejected.push(issue),
            Err(_) => self.skipped += 1,
        }
    }

    /// Keeps the first line of each number.
    pub(super) fn reject_duplicates(&mut self) {
        let mut first = BTreeMap::new();
        let rejected = &mut self.rejected;
        self.entities.retain(|record| {
            is_first(
                &mut first,
                record.entity.finess,
                record.line,
                "legal entity",
                rejected,
            )
        });
        let mut first = BTreeMap::new();
        self.sites.retain(|record| {
            is_first(
                &mut first,
                record.site.finess,
                record.line,
                "establishment",
                rejected,
            )
        });
    }

    /// Numbers of the legal entities that the file speaks of.
    pub fn mentioned_entities(&self) -> Vec<Finess> {
        let by_sites = self.sites.iter().map(|record| record.site.legal_entity);
        let mentioned: BTreeSet<Finess> = self
            .entities
            .iter()
            .map(|record| record.entity.finess)
            .chain(by_sites)
            .collect();
        mentioned.into_iter().collect()
    }

    /// Numbers of the sites that the file speaks of.
    pub fn mentioned_sites(&self) -> Vec<Finess> {
        self.sites.iter().map(|record| record.site.finess).collect()
    }

    /// Of the legal entities of other regions, keeps those that sites of this region belong to.
    pub(super) fn keep_entities_of_its_sites(&mut self, region: Region) {
        let needed: BTreeSet<Finess> = self.sites.iter().map(|s| s.site.legal_entity).collect();
        let before = self.entities.len();
        self.entities
            .retain(|e| e.entity.region == region || needed.contains(&e.entity.finess));
        self.skipped += u64::try_from(before - self.entities.len()).unwrap_or_default();
    }
}

fn is_first(
    first: &mut BTreeMap<Finess, u64>,
    finess: Finess,
    line: u64,
    kind: &str,
    rejected: &mut Vec<Issue>,
) -> bool {
    match first.entry(finess) {
        Entry::Vacant(place) => {
            place.insert(line);
            true
        }
        Entry::Occupied(place) => {
            let words = format!(
                "this {kind} is already on line {}, which was kept",
                place.get()
            );
            rejected.push(Issue::new(
                line,
                "",
                Reason::DuplicateLine,
                words,
                finess.as_str(),
            ));
            false
        }
    }
}
