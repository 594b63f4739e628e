//! The registry file as this demonstration needs it: which site belongs to which legal entity and region.
//! The establishments service reads the same file for itself.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use kernel::{Finess, Region};
use serde::Deserialize;

/// One establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub finess: Finess,
    pub title: String,
    pub legal_entity: Finess,
    /// Empty when the file does not say.
    pub entity_title: String,
    pub region: Region,
    pub is_public: bool,
}

/// All establishments of the file.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    pub sites: Vec<Site>,
    /// The region in which most numbers that begin so lie.
    homes: BTreeMap<String, Region>,
}

#[derive(Deserialize)]
struct Line {
    finess_et: String,
    raison_sociale: String,
    finess_ej: String,
    #[serde(default)]
    raison_sociale_ej: String,
    #[serde(default)]
    statut_juridique: String,
    region: String,
}

impl Registry {
    /// Reads the file. A line that is not usable is left out: the import reports it.
    pub fn read(content: &[u8]) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .from_reader(content);
        let headers = reader.headers().context("it has no header")?.clone();
        for column in ["finess_et", "raison_sociale", "finess_ej", "region"] {
            let is_there = headers.iter().any(|header| header == column);
            anyhow::ensure!(is_there, "the column {column} is missing");
        }
        let sites: Vec<Site> = reader
            .deserialize::<Line>()
            .filter_map(|line| site(line.ok()?))
            .collect();
        let homes = homes(&sites);
        Ok(Self { sites, homes })
    }

    /// The region of a number that no line has, from the département it was created in.
    pub fn home_of(&self, number: &str) -> Option<Region> {
        self.homes.get(prefix(number)?).copied()
    }
}

fn site(line: Line) -> Option<Site> {
    Some(Site {
        finess: line.finess_et.parse().ok()?,
        title: line.raison_sociale,
        legal_entity: line.finess_ej.parse().ok()?,
        entity_title: line.raison_sociale_ej,
        region: line.region.parse().ok()?,
        is_public: is_public(&line.statut_juridique),
    })
}

/// Statuts juridiques (`TRE_R72`) under 40 are those of public bodies.
pub fn is_public(legal_status: &str) -> bool {
    legal_status.parse::<u8>().is_ok_and(|code| code < 40)
}

fn homes(sites: &[Site]) -> BTreeMap<String, Region> {
    let mut counts: BTreeMap<&str, BTreeMap<Region, usize>> = BTreeMap::new();
    for site in sites {
        if let Some(prefix) = prefix(site.finess.as_str()) {
            *counts
                .entry(prefix)
                .or_default()
                .entry(site.region)
                .or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter_map(|(prefix, regions)| {
            let most = regions.into_iter().max_by_key(|(_, count)| *count)?;
            Some((prefix.to_owned(), most.0))
        })
        .collect()
}

/// The département of creation: two characters, four overseas (`9701` is Guadeloupe).
fn prefix(number: &str) -> Option<&str> {
    number.get(..if number.starts_with("97") { 4 } else { 2 })
}
