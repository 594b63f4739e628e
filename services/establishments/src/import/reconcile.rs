//! What a file changes, given what the registry knows. Pure: the use case loads what is known, this
//! decides, the use case writes.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Finess, Region};

use super::{
    issue::{Issue, Reason},
    record::{EntityHint, Extract, SiteRecord},
};
use crate::domain::{Change, Command, Content, Entry, Establishment, Event, LegalEntity, State};

/// Records of the region, and those that the file mentions wherever they are.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub entities: BTreeMap<Finess, Entry<LegalEntity>>,
    pub sites: BTreeMap<Finess, Entry<Establishment>>,
    /// Legal entities that have an open site in another region.
    pub open_elsewhere: BTreeSet<Finess>,
}

/// How many records changed in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub closed: u64,
}

/// What is to be written, in the order in which it happened: entities come before their sites, and
/// close after them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    pub entities: Vec<Change<LegalEntity>>,
    pub sites: Vec<Change<Establishment>>,
    pub closed_entities: Vec<Change<LegalEntity>>,
    pub entity_tally: Tally,
    pub site_tally: Tally,
    /// Lines that only what is known could show to be wrong.
    pub rejected: Vec<Issue>,
    pub warnings: Vec<Issue>,
}

impl Plan {
    pub fn changes_nothing(&self) -> bool {
        self.entities.is_empty() && self.sites.is_empty() && self.closed_entities.is_empty()
    }
}

/// A file that calls itself complete lacks too much to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the file would close {closing} of the {open} open {kind} of region {region}, more than half: \
     check that it is whole, or import it without `complete`"
)]
pub struct TooManyClosures {
    pub kind: &'static str,
    pub closing: usize,
    pub open: usize,
    pub region: Region,
}

/// Compares the file with the registry.
///
/// An import speaks for one region: a record that belongs to another one is left as it is, and a line
/// that would take it away is rejected (`REGION_CONFLICT`).
///
/// When the file calls itself complete, open records of the region that it lacks are closed, unless a
/// line was rejected (it may be the very record that seems to lack) or that would be more than half of
/// them. A legal entity closes only once it has no open site, here or elsewhere.
pub fn reconcile(
    extract: &Extract,
    known: &Known,
    region: Region,
    complete: bool,
) -> Result<Plan, TooManyClosures> {
    let mut plan = Plan::default();
    let sites = accepted_sites(extract, known, region, &mut plan.rejected);
    reconcile_entities(extract, &sites, known, region, &mut plan);
    for record in &sites {
        let known = known.sites.get(&record.site.finess);
        let content = with_category_title(record.site.clone(), known);
        let command = Command::Observe {
            content,
            state: record.state,
        };
        observe(known, command, &mut plan.sites, &mut plan.site_tally);
    }
    if complete {
        close_absent(extract, &sites, known, region, &mut plan)?;
    }
    Ok(plan)
}

/// The sites whose legal entity is known, or can be made out, and that are this region's to change.
fn accepted_sites<'a>(
    extract: &'a Extract,
    known: &Known,
    region: Region,
    rejected: &mut Vec<Issue>,
) -> Vec<&'a SiteRecord> {
    let in_file: BTreeSet<Finess> = extract.entities.iter().map(|e| e.entity.finess).collect();
    let mut accepted = Vec::with_capacity(extract.sites.len());
    for record in &extract.sites {
        let of = record.site.legal_entity;
        let belongs_elsewhere = known
            .sites
            .get(&record.site.finess)
            .map(|k| k.content.region)
            .filter(|known_region| *known_region != region);
        let is_known = in_file.contains(&of) || known.entities.contains_key(&of);
        if let Some(elsewhere) = belongs_elsewhere {
            let words = format!(
                "this establishment is registered in region {elsewhere}, which must close it first"
            );
            let finess = record.site.finess;
            rejected.push(Issue::new(
                record.line,
                "region",
                Reason::RegionConflict,
                words,
                finess.as_str(),
            ));
        } else if extract.has_entities && !is_known {
            let words = "this legal entity is neither in the file nor in the registry, \
                         or its own line was rejected";
            rejected.push(Issue::new(
                record.line,
                "legal_entity",
                Reason::UnknownLegalEntity,
                words,
                of.as_str(),
            ));
        } else {
            accepted.push(record);
        }
    }
    accepted
}

fn reconcile_entities(
    extract: &Extract,
    sites: &[&SiteRecord],
    known: &Known,
    region: Region,
    plan: &mut Plan,
) {
    let mut seen = BTreeSet::new();
    for record in &extract.entities {
        seen.insert(record.entity.finess);
        let known = known.entities.get(&record.entity.finess);
        let command = Command::Observe {
            content: record.entity.clone(),
            state: record.state,
        };
        if belongs_to_another(known, region) {
            continue;
        }
        observe(known, command, &mut plan.entities, &mut plan.entity_tally);
    }
    for (finess, sites) in by_entity(sites) {
        let known = known.entities.get(&finess);
        let published = known.is_some_and(|k| !k.content.derived);
        if seen.contains(&finess) || belongs_to_another(known, region) {
            continue;
        }
        if published {
            plan.entity_tally.unchanged += 1;
            continue;
        }
        let content = derive(finess, &sites, known.map(|k| &k.content), region);
        let command = Command::Observe {
            content,
            state: State::Open,
        };
        observe(known, command, &mut plan.entities, &mut plan.entity_tally);
    }
}

fn belongs_to_another(known: Option<&Entry<LegalEntity>>, region: Region) -> bool {
    known.is_some_and(|k| k.content.region != region)
}

fn by_entity<'a>(sites: &[&'a SiteRecord]) -> BTreeMap<Finess, Vec<&'a SiteRecord>> {
    let mut groups: BTreeMap<Finess, Vec<&SiteRecord>> = BTreeMap::new();
    for record in sites {
        groups
            .entry(record.site.legal_entity)
            .or_default()
            .push(record);
    }
    groups
}

/// A legal entity of which only the sites are known. What an earlier file said stands where this one
/// is silent, so that the order of imports does not matter; of several answers the one beside the
/// lowest site number is taken, so that the order of lines does not matter either.
fn derive(
    finess: Finess,
    sites: &[&SiteRecord],
    known: Option<&LegalEntity>,
    region: Region,
) -> LegalEntity {
    let mut sites = sites.to_vec();
    sites.sort_unstable_by_key(|record| record.site.finess);
    let hint = |read: fn(&EntityHint) -> &Option<String>| {
        sites.iter().find_map(|record| read(&record.entity).clone())
    };
    let unnamed = || {
        let of = sites
            .first()
            .map_or("", |record| record.site.title.as_str());
        format!("Gestionnaire de {of} (dénomination non publiée)")
    };
    LegalEntity {
        finess,
        title: hint(|h| &h.title)
            .or_else(|| known.map(|k| k.title.clone()))
            .unwrap_or_else(unnamed),
        region,
        legal_status: hint(|h| &h.legal_status)
            .or_else(|| known.and_then(|k| k.legal_status.clone())),
        siren: known.and_then(|k| k.siren),
        derived: true,
    }
}

/// The label goes with the code: a file that gives the code alone does not erase what the label was.
fn with_category_title(
    mut site: Establishment,
    known: Option<&Entry<Establishment>>,
) -> Establishment {
    if let Some(known) = known
        && site.category_title.is_none()
        && site.category == known.content.category
    {
        site.category_title
            .clone_from(&known.content.category_title);
    }
    site
}

fn observe<T: Content>(
    known: Option<&Entry<T>>,
    command: Command<T>,
    changes: &mut Vec<Change<T>>,
    tally: &mut Tally,
) {
    let Some(change) = Entry::apply(known, command) else {
        tally.unchanged += 1;
        return;
    };
    match change.event {
        Event::Registered { .. } => tally.created += 1,
        Event::Changed { .. } => tally.changed += 1,
        Event::Closed { .. } => tally.closed += 1,
    }
    changes.push(change);
}

fn close_absent(
    extract: &Extract,
    sites: &[&SiteRecord],
    known: &Known,
    region: Region,
    plan: &mut Plan,
) -> Result<(), TooManyClosures> {
    let present: BTreeSet<Finess> = sites.iter().map(|record| record.site.finess).collect();
    let closing_sites = absent(&known.sites, |finess, site| {
        site.content.region == region && extract.has_sites && !present.contains(&finess)
    });

    let still_open = open_sites_after(known, sites, &closing_sites);
    let mentioned: BTreeSet<Finess> = extract
        .entities
        .iter()
        .map(|record| record.entity.finess)
        .chain(sites.iter().map(|record| record.site.legal_entity))
        .collect();
    let closing_entities = absent(&known.entities, |finess, entity| {
        // Without records of entities, the file can only speak of those it is the sole source of.
        let speaks_of_it = extract.has_entities || entity.content.derived;
        entity.content.region == region
            && speaks_of_it
            && !mentioned.contains(&finess)
            && !still_open.contains(&finess)
    });

    if closing_sites.is_empty() && closing_entities.is_empty() {
        return Ok(());
    }
    let rejected = extract.rejected.len() + plan.rejected.len();
    if rejected > 0 {
        let words = format!(
            "{} records absent from the file stay open because {rejected} lines were rejected and \
             may be theirs: correct the lines and import again",
            closing_sites.len() + closing_entities.len()
        );
        plan.warnings.push(Issue::new(
            0,
            "complete",
            Reason::ClosuresWithheld,
            words,
            "",
        ));
        return Ok(());
    }
    guard(
        "establishments",
        closing_sites.len(),
        open_count(&known.sites, |s| s.region == region),
        region,
    )?;
    guard(
        "legal entities",
        closing_entities.len(),
        open_count(&known.entities, |e| e.region == region),
        region,
    )?;
    for finess in closing_sites {
        let known = known.sites.get(&finess);
        observe(known, Command::Close, &mut plan.sites, &mut plan.site_tally);
    }
    for finess in closing_entities {
        let known = known.entities.get(&finess);
        observe(
            known,
            Command::Close,
            &mut plan.closed_entities,
            &mut plan.entity_tally,
        );
    }
    Ok(())
}

/// Open records that the file should have mentioned and does not.
fn absent<T>(
    known: &BTreeMap<Finess, Entry<T>>,
    is_absent: impl Fn(Finess, &Entry<T>) -> bool,
) -> BTreeSet<Finess> {
    known
        .iter()
        .filter(|(finess, entry)| entry.state == State::Open && is_absent(**finess, entry))
        .map(|(finess, _)| *finess)
        .collect()
}

/// Legal entities that keep an open site once the import is done.
fn open_sites_after(
    known: &Known,
    sites: &[&SiteRecord],
    closing: &BTreeSet<Finess>,
) -> BTreeSet<Finess> {
    let present: BTreeSet<Finess> = sites.iter().map(|record| record.site.finess).collect();
    let untouched = known.sites.iter().filter(|(finess, site)| {
        site.state == State::Open && !closing.contains(*finess) && !present.contains(*finess)
    });
    untouched
        .map(|(_, site)| site.content.legal_entity)
        .chain(
            sites
                .iter()
                .filter(|r| r.state == State::Open)
                .map(|r| r.site.legal_entity),
        )
        .chain(known.open_elsewhere.iter().copied())
        .collect()
}

fn open_count<T>(known: &BTreeMap<Finess, Entry<T>>, of_region: impl Fn(&T) -> bool) -> usize {
    known
        .values()
        .filter(|e| e.state == State::Open && of_region(&e.content))
        .count()
}

fn guard(
    kind: &'static str,
    closing: usize,
    open: usize,
    region: Region,
) -> Result<(), TooManyClosures> {
    if closing * 2 > open {
        return Err(TooManyClosures {
            kind,
            closing,
            open,
            region,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
