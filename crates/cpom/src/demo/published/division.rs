//! The départements of a region with their outlines, when the folder has them: maps then have real shapes.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};
use kernel::Region;
use proto::targets::v1 as pb;
use serde::Deserialize;
use serde_json::Value;

use crate::demo::plan::Division;

/// Outlines of all départements; the property `code` holds theirs.
pub const OUTLINES: &str = "geo/departements-version-simplifiee.geojson";
/// The regions of 2016.
const VALID_FROM: &str = "2016-01-01";

#[derive(Deserialize)]
struct Line {
    region: String,
    #[serde(default)]
    commune_insee: String,
    #[serde(default)]
    commune: String,
}

/// None where the folder has no outlines, or none of this region.
pub fn read(folder: &Path, registry: &[u8], region: Region) -> Result<Option<Division>> {
    let path = folder.join(OUTLINES);
    if !path.is_file() {
        return Ok(None);
    }
    let text =
        fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    of(text, registry, region).with_context(|| format!("{OUTLINES} is not usable"))
}

/// Communes are those where a site of the registry is: enough to know their départements.
fn of(outlines: String, registry: &[u8], region: Region) -> Result<Option<Division>> {
    let communes = communes(registry, region);
    let titles = titles(&outlines)?;
    let mut geography = "code;nom;departement\n".to_owned();
    let mut territories: BTreeMap<&str, &str> = BTreeMap::new();
    for (code, name) in &communes {
        let department = department(code);
        if let Some(title) = titles.get(department) {
            let _ = writeln!(geography, "{code};{name};{department}");
            territories.insert(department, title);
        }
    }
    if territories.is_empty() {
        return Ok(None);
    }
    let mut file = "territory;title;area\n".to_owned();
    for (code, title) in territories {
        let _ = writeln!(file, "{code};{title};{code}");
    }
    Ok(Some(Division {
        id: format!("departements-{region}"),
        kind: pb::TerritoryKind::Department,
        composed_of: pb::AreaKind::Department,
        valid_from: VALID_FROM.to_owned(),
        geography: format!("communes-des-sites-{region}"),
        communes: geography,
        territories: file,
        outlines,
        source: "IGN, Admin Express COG 2018, simplifié".to_owned(),
        licence: "Licence Ouverte".to_owned(),
    }))
}

/// The names of départements, by code.
fn titles(outlines: &str) -> Result<BTreeMap<String, String>> {
    let root: Value = serde_json::from_str(outlines)?;
    let features = root["features"].as_array().context("it has no features")?;
    let named = features.iter().filter_map(|feature| {
        let text = |property: &str| feature["properties"][property].as_str().map(plain);
        Some((text("code")?, text("nom")?))
    });
    Ok(named.collect())
}

fn communes(registry: &[u8], region: Region) -> BTreeMap<String, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_reader(registry);
    let mut communes = BTreeMap::new();
    for line in reader.deserialize::<Line>().filter_map(Result::ok) {
        let (code, name) = whole(line.commune_insee.trim(), line.commune.trim());
        if line.region.parse::<Region>().is_ok_and(|one| one == region)
            && code.len() == 5
            && !name.is_empty()
        {
            communes
                .entry(code.to_owned())
                .or_insert_with(|| plain(name));
        }
    }
    communes
}

/// An arrondissement is its commune.
fn whole<'a>(code: &'a str, name: &'a str) -> (&'a str, &'a str) {
    match code.parse::<u32>() {
        Ok(75_101..=75_120) => ("75056", "Paris"),
        Ok(69_381..=69_389) => ("69123", "Lyon"),
        Ok(13_201..=13_216) => ("13055", "Marseille"),
        _ => (code, name),
    }
}

fn department(commune: &str) -> &str {
    let length = if commune.starts_with("97") { 3 } else { 2 };
    commune.get(..length).unwrap_or(commune)
}

/// Without what would end a field.
fn plain(text: &str) -> String {
    text.replace([';', '"', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_of_the_region_are_divided_by_their_outlines() {
        let registry = "region;commune_insee;commune\n93;13208;MARSEILLE 8E\n93;04019;BARCELONNETTE\n84;01004;AMBERIEU\n93;0401;COURT\n";
        let outlines = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"code":"13","nom":"Bouches-du-Rhône"}},
            {"type":"Feature","properties":{"code":"04","nom":"Alpes-de-Haute-Provence"}},
            {"type":"Feature","properties":{"code":"01","nom":"Ain"}}]}"#;
        let read = |region: &str| {
            let region = region.parse().expect("a region");
            of(outlines.to_owned(), registry.as_bytes(), region).expect("a division")
        };
        let division = read("93").expect("outlines of the region");
        assert_eq!(
            division.territories,
            "territory;title;area\n04;Alpes-de-Haute-Provence;04\n13;Bouches-du-Rhône;13\n"
        );
        assert_eq!(
            division.communes,
            "code;nom;departement\n04019;BARCELONNETTE;04\n13055;Marseille;13\n"
        );
        assert_eq!(division.id, "departements-93");
        assert!(read("11").is_none());
    }
}
