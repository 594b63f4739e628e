//! Files of outlines: GeoJSON (RFC 7946), one feature for each territory. The line of a defect is the rank of its
//! feature.

use std::{
    collections::{BTreeMap, BTreeSet},
    str,
};

use serde_json::Value;

use super::{Defect, Defects, Read};
use crate::domain::outline::{self, MOST_POINTS, Outline, Point, Polygon, Ring};

/// Larger files are cut by region or simplified before.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Points that are read.
const MOST_READ: usize = 400_000;

/// What a file is to have.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    /// Property that holds the code of a territory.
    pub(crate) property: String,
    pub(crate) skip_unknown: bool,
    /// The territories of the version.
    pub(crate) codes: BTreeSet<String>,
}

/// Outlines, simplified.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Drawn {
    pub(crate) outlines: Vec<Outline>,
    pub(crate) points_read: usize,
}

/// Reads a `FeatureCollection` in degrees, and simplifies its outlines together.
pub(crate) fn read(expected: &Expected, bytes: &[u8]) -> Read<Drawn> {
    let mut defects = Defects::default();
    let mut skipped = 0;
    let mut found: BTreeMap<String, Vec<Polygon>> = BTreeMap::new();
    let features = collection(bytes).unwrap_or_else(|defect| {
        defects.push(defect);
        Vec::new()
    });
    if features.is_empty() && defects.is_empty() {
        defects.push(Defect::of_file("EMPTY_FILE", "the file has no feature"));
    }
    let mut points_read = 0;
    for (rank, feature) in (1..).zip(&features) {
        match territory(expected, &found, rank, feature) {
            Ok(None) => skipped += 1,
            Ok(Some(code)) => match polygons(rank, &feature["geometry"], &mut points_read) {
                Ok(polygons) => {
                    found.insert(code, polygons);
                }
                Err(defect) => defects.push(defect),
            },
            Err(defect) => defects.push(defect),
        }
    }
    if defects.is_empty() {
        for code in expected
            .codes
            .iter()
            .filter(|code| !found.contains_key(*code))
        {
            let words =
                "no feature has the outline of this territory; a map is drawn whole or not at all";
            defects.push(Defect::new(
                0,
                &expected.property,
                "OUTLINE_MISSING",
                words,
                code,
            ));
        }
    }
    let mut outlines: Vec<Outline> = found
        .into_iter()
        .map(|(territory, polygons)| Outline {
            territory,
            polygons,
        })
        .collect();
    if defects.is_empty() {
        outline::simplify(&mut outlines, MOST_POINTS);
        let left = outline::points(&outlines);
        if left > MOST_POINTS {
            let words = format!(
                "{left} points are left when all borders are as simple as can be, at most {MOST_POINTS} are kept; take larger territories, or leave small islands out"
            );
            defects.push(Defect::of_file("TOO_MANY_POINTS", words));
        }
    }
    Read {
        content: Drawn {
            outlines,
            points_read,
        },
        lines: features.len().try_into().unwrap_or(u64::MAX),
        skipped,
        defects,
    }
}

/// The features of a collection, in degrees.
fn collection(bytes: &[u8]) -> Result<Vec<Value>, Defect> {
    if bytes.len() > MOST_BYTES {
        let words = format!(
            "the file has more than {MOST_BYTES} bytes; simplify it, or leave other regions out"
        );
        return Err(Defect::of_file("FILE_TOO_LARGE", words));
    }
    let text = str::from_utf8(bytes).map_err(|_| {
        let words = "the file is not UTF-8; export it again as UTF-8";
        Defect::of_file("WRONG_ENCODING", words)
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let not_geojson = |words: String| Defect::of_file("NOT_GEOJSON", words);
    let mut root: Value = serde_json::from_str(text)
        .map_err(|error| not_geojson(format!("the file is not JSON: {error}")))?;
    if root["type"] != "FeatureCollection" {
        let words = "the file is not a FeatureCollection of GeoJSON";
        return Err(not_geojson(words.to_owned()));
    }
    let projection = root["crs"]["properties"]["name"].as_str().unwrap_or("4326");
    if !projection.ends_with("CRS84") && !projection.ends_with("4326") {
        let words = "outlines are in degrees of WGS84 (EPSG:4326); project them before";
        return Err(Defect::new(0, "crs", "WRONG_PROJECTION", words, projection));
    }
    match root["features"].take() {
        Value::Array(features) => Ok(features),
        _ => Err(not_geojson("the collection has no features".to_owned())),
    }
}

/// The territory that a feature draws; none when it is left out.
fn territory(
    expected: &Expected,
    found: &BTreeMap<String, Vec<Polygon>>,
    rank: u64,
    feature: &Value,
) -> Result<Option<String>, Defect> {
    let property = expected.property.as_str();
    let defect =
        |reason, words: &str, value: &str| Defect::new(rank, property, reason, words, value);
    let code = match &feature["properties"][property] {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => {
            let words = "the feature does not have this property with a code; name another one";
            return Err(defect("MISSING_CODE", words, ""));
        }
    };
    if !expected.codes.contains(&code) {
        if expected.skip_unknown {
            return Ok(None);
        }
        let words = "the version of territories does not have this code; take another property, or skip what is unknown";
        return Err(defect("UNKNOWN_TERRITORY", words, &code));
    }
    if found.contains_key(&code) {
        let words = "the territory stands before; its pieces are one MultiPolygon";
        return Err(defect("OUTLINE_TWICE", words, &code));
    }
    Ok(Some(code))
}

/// The land of a geometry, on the grid.
fn polygons(rank: u64, geometry: &Value, points: &mut usize) -> Result<Vec<Polygon>, Defect> {
    let coordinates = &geometry["coordinates"];
    let lines = match geometry["type"].as_str() {
        Some("Polygon") => vec![list(rank, coordinates)?],
        Some("MultiPolygon") => list(rank, coordinates)?
            .iter()
            .map(|polygon| list(rank, polygon))
            .collect::<Result<Vec<_>, _>>()?,
        other => {
            let words = "an outline is a Polygon or a MultiPolygon";
            let kind = other.unwrap_or_default();
            return Err(Defect::new(rank, "geometry", "BAD_GEOMETRY", words, kind));
        }
    };
    let mut polygons = Vec::new();
    for of in lines {
        let mut polygon: Polygon = Vec::new();
        for (place, line) in of.iter().enumerate() {
            match ring(rank, line, points)? {
                Some(ring) => polygon.push(ring),
                // A border that is nothing on the grid has no holes.
                None if place == 0 => break,
                None => {}
            }
        }
        if !polygon.is_empty() {
            polygons.push(polygon);
        }
    }
    if polygons.is_empty() {
        let words = "the outline encloses nothing";
        return Err(Defect::new(rank, "geometry", "EMPTY_OUTLINE", words, ""));
    }
    Ok(polygons)
}

/// A closed line; none when it is smaller than the grid.
fn ring(rank: u64, line: &Value, points: &mut usize) -> Result<Option<Ring>, Defect> {
    let positions = list(rank, line)?;
    let defect =
        |reason, words: &str, value: &str| Defect::new(rank, "geometry", reason, words, value);
    *points += positions.len();
    if *points > MOST_READ {
        let words = format!("the file has more than {MOST_READ} points; simplify it before");
        return Err(defect("TOO_MANY_POINTS", &words, ""));
    }
    if positions.len() < 4 || positions.first() != positions.last() {
        let words = "a ring has at least four positions, and its last one is its first one";
        let value = positions.last().map(Value::to_string).unwrap_or_default();
        return Err(defect("OPEN_RING", words, &value));
    }
    let mut read = Vec::with_capacity(positions.len());
    for position in positions {
        let pair = (position[0].as_f64(), position[1].as_f64());
        let (Some(longitude), Some(latitude)) = pair else {
            let words = "a position is a longitude and a latitude";
            return Err(defect("BAD_POSITION", words, &position.to_string()));
        };
        let point = Point::nearest(longitude, latitude).ok_or_else(|| {
            let words = "longitudes go from -180 to 180 and latitudes from -90 to 90; the file may be in another projection";
            defect("OUT_OF_BOUNDS", words, &position.to_string())
        })?;
        read.push(point);
    }
    Ok(outline::ring(read))
}

fn list(rank: u64, value: &Value) -> Result<&[Value], Defect> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| {
        let words = "the coordinates are not those of a Polygon or a MultiPolygon";
        Defect::new(rank, "geometry", "BAD_GEOMETRY", words, "")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expected(codes: &[&str]) -> Expected {
        Expected {
            property: "code".to_owned(),
            skip_unknown: false,
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        }
    }

    fn feature(code: &str, coordinates: &Value) -> Value {
        json!({
            "type": "Feature",
            "properties": { "code": code },
            "geometry": { "type": "Polygon", "coordinates": coordinates },
        })
    }

    fn square(west: f64) -> Value {
        json!([[
            [west, 43.0],
            [west + 1.0, 43.0],
            [west + 1.0, 44.0],
            [west, 44.0],
            [west, 43.0]
        ]])
    }

    fn file(features: &[Value]) -> Vec<u8> {
        json!({ "type": "FeatureCollection", "features": features })
            .to_string()
            .into_bytes()
    }

    fn reasons(read: &Read<Drawn>) -> Vec<(u64, &'static str)> {
        let defects = read.defects.first().iter();
        defects.map(|defect| (defect.line, defect.reason)).collect()
    }

    #[test]
    fn outlines_are_read_by_their_codes() {
        let bytes = file(&[feature("B", &square(6.0)), feature("A", &square(5.0))]);
        let both = read(&expected(&["A", "B"]), &bytes);
        assert!(both.defects.is_empty(), "{:?}", both.defects);
        assert_eq!((both.lines, both.content.points_read), (2, 10));
        let codes: Vec<&str> = both
            .content
            .outlines
            .iter()
            .map(|outline| outline.territory.as_str())
            .collect();
        assert_eq!(codes, ["A", "B"]);
        assert_eq!(outline::points(&both.content.outlines), 8);
    }

    #[test]
    fn what_another_region_has_is_an_error_or_left_out_and_counted() {
        let bytes = file(&[feature("A", &square(5.0)), feature("Z", &square(7.0))]);
        let mut wanted = expected(&["A"]);
        assert_eq!(reasons(&read(&wanted, &bytes)), [(2, "UNKNOWN_TERRITORY")]);
        wanted.skip_unknown = true;
        let read = read(&wanted, &bytes);
        assert!(read.defects.is_empty());
        assert_eq!(read.skipped, 1);
    }

    #[test]
    fn each_mistake_is_told_at_its_feature() {
        let open = json!([[[5.0, 43.0], [6.0, 43.0], [6.0, 44.0], [5.0, 44.0]]]);
        let metres = json!([[
            [900_000.0, 6_200_000.0],
            [900_100.0, 6_200_000.0],
            [900_100.0, 6_200_100.0],
            [900_000.0, 6_200_000.0]
        ]]);
        let words = json!([[["a", "b"], ["a", "b"], ["a", "b"], ["a", "b"]]]);
        let mut point = feature("E", &json!([5.0, 43.0]));
        point["geometry"]["type"] = json!("Point");
        let bytes = file(&[
            feature("A", &square(5.0)),
            feature("A", &square(6.0)),
            feature("B", &open),
            feature("C", &metres),
            feature("D", &words),
            point,
            json!({ "type": "Feature", "properties": {}, "geometry": null }),
            feature(
                "F",
                &json!([[[5.0, 43.0], [5.0, 43.0], [5.0, 43.0], [5.0, 43.0]]]),
            ),
        ]);
        let read = read(&expected(&["A", "B", "C", "D", "E", "F"]), &bytes);
        assert_eq!(
            reasons(&read),
            [
                (2, "OUTLINE_TWICE"),
                (3, "OPEN_RING"),
                (4, "OUT_OF_BOUNDS"),
                (5, "BAD_POSITION"),
                (6, "BAD_GEOMETRY"),
                (7, "MISSING_CODE"),
                (8, "EMPTY_OUTLINE")
            ]
        );
    }

    #[test]
    fn what_is_no_collection_in_degrees_is_refused_whole() {
        let reason = |bytes: &[u8]| reasons(&read(&expected(&["A"]), bytes));
        assert_eq!(reason(b"territory;title"), [(0, "NOT_GEOJSON")]);
        assert_eq!(reason(b"{\"type\":\"Feature\"}"), [(0, "NOT_GEOJSON")]);
        assert_eq!(
            reason(b"{\"type\":\"FeatureCollection\"}"),
            [(0, "NOT_GEOJSON")]
        );
        assert_eq!(reason(b"{\"nom\":\"C\xf4te\"}"), [(0, "WRONG_ENCODING")]);
        assert_eq!(reason(&file(&[])), [(0, "EMPTY_FILE")]);
        let lambert = json!({
            "type": "FeatureCollection",
            "crs": { "type": "name", "properties": { "name": "urn:ogc:def:crs:EPSG::2154" } },
            "features": [feature("A", &square(5.0))],
        });
        assert_eq!(
            reason(lambert.to_string().as_bytes()),
            [(0, "WRONG_PROJECTION")]
        );
    }

    #[test]
    fn a_territory_without_an_outline_is_named() {
        let bytes = file(&[feature("A", &square(5.0))]);
        let read = read(&expected(&["A", "B"]), &bytes);
        let defect = &read.defects.first()[0];
        assert_eq!(
            (defect.reason, defect.value.as_str()),
            ("OUTLINE_MISSING", "B")
        );
    }
}
