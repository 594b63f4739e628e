//! Lambert-93 (RGF93, EPSG:2154) to degrees. Constants: IGN, note technique NT/G 71 and « Projections
//! Lambert-93 et conique conforme ». RGF93 and WGS84 agree to a few centimetres.

use kernel::Decimal;

use super::{
    field::Field,
    issue::{Issue, Reason},
};
use crate::domain::registry::Location;

const N: f64 = 0.725_607_765_053_267;
const C: f64 = 11_754_255.426_096;
const X_POLE: f64 = 700_000.0;
const Y_POLE: f64 = 12_655_612.049_876;
/// First eccentricity of the GRS80 ellipsoid.
const E: f64 = 0.081_819_191_042_815_8;
/// Meridian of origin, degrees east.
const ORIGIN: f64 = 3.0;

/// Latitude and longitude in degrees of a point in metres.
fn degrees(x: f64, y: f64) -> (f64, f64) {
    let (dx, dy) = (x - X_POLE, Y_POLE - y);
    let longitude = ORIGIN + dx.atan2(dy).to_degrees() / N;
    let isometric = -(dx.hypot(dy) / C).ln() / N;
    let mut latitude = 2.0 * isometric.exp().atan() - std::f64::consts::FRAC_PI_2;
    // Converges by a factor of a hundred each turn: eight give more digits than f64 holds.
    for _ in 0..8 {
        let sine = E * latitude.sin();
        let flattening = ((1.0 + sine) / (1.0 - sine)).powf(E / 2.0);
        latitude = 2.0 * (flattening * isometric.exp()).atan() - std::f64::consts::FRAC_PI_2;
    }
    (latitude.to_degrees(), longitude)
}

/// The place that a file gives in metres. Overseas sources use other projections, which are left aside.
pub(super) fn place(
    x: Field<'_>,
    y: Field<'_>,
    source: Field<'_>,
    warnings: &mut Vec<Issue>,
) -> Option<Location> {
    if x.value.is_empty() || !source.value.ends_with("LAMBERT_93") {
        return None;
    }
    let place = location(x.value, y.value);
    if place.is_none() {
        let words = "these are not Lambert-93 metres; the record was taken without its place";
        warnings.push(x.issue(Reason::BadCoordinates, words));
    }
    place
}

/// The place of a point given in metres, or none when the numbers are not those of metropolitan France.
fn location(x: &str, y: &str) -> Option<Location> {
    let (x, y): (f64, f64) = (x.parse().ok()?, y.parse().ok()?);
    let in_france = (0.0..=1_300_000.0).contains(&x) && (6_000_000.0..=7_200_000.0).contains(&y);
    if !in_france {
        return None;
    }
    let (latitude, longitude) = degrees(x, y);
    Location::new(
        Decimal::try_from(latitude).ok()?,
        Decimal::try_from(longitude).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hospital_of_fleyriat_is_at_viriat() {
        let place = location("870215.7", "6571590.5").unwrap();
        assert_eq!(place.longitude().to_string(), "5.208596");
        assert_eq!(place.latitude().to_string(), "46.222745");
    }

    /// By definition of the projection (décret 2000-1276 as amended): 3° E, 46° 30′ N.
    #[test]
    fn the_origin_is_where_it_was_defined() {
        let origin = location("700000", "6600000").unwrap();
        assert_eq!(origin.longitude().to_string(), "3");
        assert_eq!(origin.latitude().to_string(), "46.5");
    }

    #[test]
    fn points_elsewhere_have_no_place() {
        for (x, y) in [
            ("NaN", "1"),
            ("", ""),
            ("870215.7", "46.2"),
            ("1e9", "6571590.5"),
            ("inf", "inf"),
        ] {
            assert_eq!(location(x, y), None, "{x} {y}");
        }
    }
}
