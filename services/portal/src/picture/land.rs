//! The land of a territory: closed lines on the ground, drawn as one path.

use std::fmt::Write as _;

use super::plane::{Extent, Plane};

/// Closed lines in hundred-thousandths of a degree, longitude then latitude; holes are lines within others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Land {
    pub(crate) rings: Vec<Vec<(i64, i64)>>,
}

impl Land {
    /// The path on a plane, in tenths of a pixel, each place told by its distance from the one before.
    pub(super) fn path(&self, plane: &Plane) -> String {
        let mut path = String::new();
        for ring in &self.rings {
            let mut places = ring.iter().map(|at| plane.fine(at.0, at.1));
            let Some(first) = places.next() else {
                continue;
            };
            let (mut at, mut moves) = (first, String::new());
            for (x, y) in places {
                if (x, y) != at {
                    let space = if moves.is_empty() { "" } else { " " };
                    let _ = write!(moves, "{space}{},{}", x - at.0, y - at.1);
                    at = (x, y);
                }
            }
            // What is smaller than a tenth of a pixel is not drawn.
            if !moves.is_empty() {
                let _ = write!(path, "M{},{}l{moves}z", first.0, first.1);
            }
        }
        path
    }

    /// The pixel in the middle of the largest piece.
    pub(super) fn middle(&self, plane: &Plane) -> (i64, i64) {
        let rings = self.rings.iter().map(|ring| {
            let places: Vec<(i64, i64)> = ring.iter().map(|at| plane.fine(at.0, at.1)).collect();
            (twice_area(&places), places)
        });
        let Some((area, places)) = rings.max_by_key(|(area, _)| area.abs()) else {
            return (0, 0);
        };
        if area == 0 {
            return places.first().map_or((0, 0), |at| (at.0 / 10, at.1 / 10));
        }
        let (mut x, mut y) = (0, 0);
        for (from, to) in sides(&places) {
            let weight = from.0 * to.1 - to.0 * from.1;
            x += (from.0 + to.0) * weight;
            y += (from.1 + to.1) * weight;
        }
        (x / (30 * area), y / (30 * area))
    }
}

fn sides(places: &[(i64, i64)]) -> impl Iterator<Item = ((i64, i64), (i64, i64))> {
    let next = places.iter().cycle().skip(1);
    places.iter().copied().zip(next.copied())
}

fn twice_area(places: &[(i64, i64)]) -> i64 {
    sides(places)
        .map(|(from, to)| from.0 * to.1 - to.0 * from.1)
        .sum()
}

/// What all these lands cover.
pub(super) fn extent<'a>(lands: impl Iterator<Item = &'a Land>) -> Extent {
    let mut corners: Option<[i64; 4]> = None;
    for &(longitude, latitude) in lands.flat_map(|land| &land.rings).flatten() {
        let [south, north, west, east] =
            corners.unwrap_or([latitude, latitude, longitude, longitude]);
        corners = Some([
            south.min(latitude),
            north.max(latitude),
            west.min(longitude),
            east.max(longitude),
        ]);
    }
    Extent::between(corners.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{super::plane::Frame, *};

    fn square(west: i64) -> Land {
        let (east, south, north) = (west + 100_000, 4_300_000, 4_400_000);
        Land {
            rings: vec![vec![
                (west, south),
                (east, south),
                (east, north),
                (west, north),
            ]],
        }
    }

    fn plane(lands: &[Land]) -> Plane {
        let frame = Frame {
            width: 400,
            height: 200,
            margin: 0,
        };
        Plane::new(extent(lands.iter()), frame)
    }

    #[test]
    fn a_land_fills_its_frame_and_its_middle_is_within() {
        let lands = [square(500_000), square(600_000)];
        let plane = plane(&lands);
        let path = lands[0].path(&plane);
        assert!(path.starts_with('M') && path.ends_with('z'), "{path}");
        let (x, y) = lands[0].middle(&plane);
        assert!(x < 200 && (95..=105).contains(&y), "{x} {y}");
        let (other, _) = lands[1].middle(&plane);
        assert!(other > 200, "east is right: {other}");
    }

    /// As many points as a version of territories can have.
    #[test]
    fn a_whole_map_takes_less_than_forty_kilobytes_before_compression() {
        let side = |k: i64| (500_000 + k * 160, 4_300_000 + (k * 37) % 90);
        let back = |k: i64| (820_000 - k * 160, 4_500_000 - (k * 41) % 90);
        let ring: Vec<(i64, i64)> = (0..2_000).map(side).chain((0..2_000).map(back)).collect();
        let land = Land { rings: vec![ring] };
        let frame = Frame {
            width: 720,
            height: 520,
            margin: 12,
        };
        let path = land.path(&Plane::new(extent([&land].into_iter()), frame));
        assert!(path.len() < 40_000, "{}", path.len());
        assert!(path.split(' ').count() > 1_000);
    }

    #[test]
    fn a_line_without_land_is_drawn_without_harm() {
        let line = Land {
            rings: vec![vec![(500_000, 4_300_000); 3], Vec::new()],
        };
        let plane = plane(std::slice::from_ref(&line));
        assert!(line.path(&plane).is_empty());
        assert_eq!(Land::default().middle(&plane), (0, 0));
        let _ = line.middle(&plane);
    }
}
