//! The land of the synthetic region: its communes side by side in the sea, and zones made of them.
//!
//! A commune is where [`super::network`] puts its sites. Corners and sides stand on a net that is the same for every
//! commune, so that neighbours share their borders to the last digit.

use std::fmt::Write as _;

use proto::targets::v1 as pb;
use serde_json::{Value, json};

use crate::demo::plan::Division;

/// Version of the communes.
pub const GEOGRAPHY: &str = "synthetique-2023";
/// Version of the zones.
pub const DIVISION: &str = "zones-00-2023";
/// The first day of both.
pub const VALID_FROM: &str = "2023-01-01";
pub const SOURCE: &str = "Région synthétique";
pub const LICENCE: &str = "Contours engendrés : ils n’existent pas";

/// Communes, numbered from 1.
pub const COMMUNES: usize = 20;
pub const ZONES: [&str; 6] = [
    "Littoral",
    "Vallée haute",
    "Métropole",
    "Plateau",
    "Deux-Rives",
    "Montagne",
];

/// Communes in a row, from west to east.
const COLUMNS: i32 = 5;
/// Points on a side of a commune.
const STEPS: i32 = 10;

/// What the demonstration imports.
pub(super) fn plan() -> Division {
    Division {
        id: DIVISION.to_owned(),
        kind: pb::TerritoryKind::SchemeZone,
        composed_of: pb::AreaKind::Commune,
        valid_from: VALID_FROM.to_owned(),
        geography: GEOGRAPHY.to_owned(),
        communes: geography(),
        territories: division(),
        outlines: outlines(),
        source: SOURCE.to_owned(),
        licence: LICENCE.to_owned(),
    }
}

/// The zone of a commune.
pub fn zone_of(commune: usize) -> usize {
    commune % ZONES.len()
}

/// The code of a zone.
pub fn code(zone: usize) -> String {
    format!("Z{zone}")
}

/// The name of a zone.
pub fn territory(zone: usize) -> String {
    format!("territoryVersions/{DIVISION}/territories/{}", code(zone))
}

/// `code;nom;departement` of every commune.
pub fn geography() -> String {
    let mut text = "code;nom;departement\n".to_owned();
    for commune in 1..=COMMUNES {
        let _ = writeln!(text, "00{commune:03};Commune {commune};00");
    }
    text
}

/// `territory;title;area` of every zone.
pub fn division() -> String {
    let mut text = "territory;title;area\n".to_owned();
    for commune in 1..=COMMUNES {
        let zone = zone_of(commune);
        let _ = writeln!(text, "{};{};00{commune:03}", code(zone), ZONES[zone]);
    }
    text
}

/// The outlines of the zones, as GeoJSON.
pub fn outlines() -> String {
    let features: Vec<Value> = ZONES
        .iter()
        .enumerate()
        .map(|(zone, title)| {
            let communes = (1..).zip(1..=COMMUNES);
            let lands: Vec<Value> = communes
                .filter(|(_, commune)| zone_of(*commune) == zone)
                .map(|(rank, _)| land(rank))
                .collect();
            json!({
                "type": "Feature",
                "properties": { "code": code(zone), "nom": title },
                "geometry": { "type": "MultiPolygon", "coordinates": lands },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// One commune: its closed border.
fn land(commune: i32) -> Value {
    let west = (commune - 1) % COLUMNS * STEPS;
    let south = (commune - 1) / COLUMNS * STEPS;
    let (east, north) = (west + STEPS, south + STEPS);
    let ring: Vec<Value> = (0..STEPS)
        .map(|step| place(west + step, south))
        .chain((0..STEPS).map(|step| place(east, south + step)))
        .chain((0..STEPS).map(|step| place(east - step, north)))
        .chain((0..=STEPS).map(|step| place(west, north - step)))
        .collect();
    json!([ring])
}

/// A knot of the net, in degrees: a little beside its place, so that no border is straight.
fn place(x: i32, y: i32) -> Value {
    let beside = |a: i32, b: i32| ((a * 73 + b * 151 + a * b * 7) % 13 - 6) * 9;
    let longitude = -49_500 + 170 * x + beside(x, y);
    let latitude = 461_700 + 130 * y + beside(y + 3, x + 5);
    let degrees = |steps: i32| f64::from(steps) / 10_000.0;
    json!([degrees(longitude), degrees(latitude)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commune_has_its_land_and_neighbours_share_their_border() {
        let drawn: Value = serde_json::from_str(&outlines()).expect("JSON");
        let zones = drawn["features"].as_array().expect("features");
        let lands = zones.iter().map(|zone| {
            zone["geometry"]["coordinates"]
                .as_array()
                .map_or(0, Vec::len)
        });
        assert_eq!((zones.len(), lands.sum::<usize>()), (6, COMMUNES));
        let border = |commune| {
            let land = land(commune);
            land[0].as_array().cloned().unwrap_or_default()
        };
        let (one, other) = (border(1), border(2));
        assert_eq!(one.first(), one.last());
        let shared = one[..40].iter().filter(|place| other.contains(place));
        assert_eq!(shared.count(), 11);
    }
}
