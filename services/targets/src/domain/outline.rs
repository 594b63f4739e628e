//! Outlines of territories, and how they are made light enough to be drawn in a page.
//!
//! Points stand on a grid, so that a border that two territories share is the same points on both sides. The outlines
//! of a version are then one drawing of points and their neighbours, and a point leaves the drawing, not a ring: what
//! two territories share stays shared, and no gap opens between them. Points go in the order of how little they change
//! (the area of the triangle with their two neighbours, Visvalingam and Whyatt 1993); where three lines meet, none
//! goes. Simplifying ring by ring (Douglas–Peucker) would keep other points on each side of a border.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// Steps of the grid in a degree: about a metre.
const STEPS: f64 = 100_000.0;

/// Points of the outlines of one version, at most: what a page can carry beside its text.
pub const MOST_POINTS: usize = 4_000;

/// A place on the grid, in hundred-thousandths of a degree of WGS84.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    pub longitude: i32,
    pub latitude: i32,
}

impl Point {
    /// The place of the grid that is nearest; none outside of the Earth.
    pub fn nearest(longitude: f64, latitude: f64) -> Option<Self> {
        if !(-180.0..=180.0).contains(&longitude) || !(-90.0..=90.0).contains(&latitude) {
            return None;
        }
        let step = |degrees: f64| format!("{:.0}", degrees * STEPS).parse().ok();
        Some(Self {
            longitude: step(longitude)?,
            latitude: step(latitude)?,
        })
    }
}

/// A closed line; its first point is not repeated.
pub type Ring = Vec<Point>;

/// One piece of land: its border, then its holes.
pub type Polygon = Vec<Ring>;

/// The outline of one territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub territory: String,
    pub polygons: Vec<Polygon>,
}

/// A closed line without what the grid made double; none when nothing is left of it.
pub fn ring(mut points: Vec<Point>) -> Option<Ring> {
    points.dedup();
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    (points.len() >= 3).then_some(points)
}

/// Points of these outlines.
pub fn points(outlines: &[Outline]) -> usize {
    rings(outlines).map(Vec::len).sum()
}

fn rings(outlines: &[Outline]) -> impl Iterator<Item = &Ring> {
    outlines
        .iter()
        .flat_map(|outline| &outline.polygons)
        .flatten()
}

/// Drops points until at most `most` are left, or none can go: every line keeps three.
pub fn simplify(outlines: &mut [Outline], most: usize) {
    let mut drawing = Drawing::of(outlines);
    drawing.thin(most);
    for outline in outlines {
        for ring in outline.polygons.iter_mut().flatten() {
            ring.retain(|point| drawing.nodes.contains_key(point));
        }
    }
}

/// A point of the drawing.
#[derive(Debug, Default)]
struct Node {
    /// The points beside it, each once, whatever the line.
    beside: Vec<Point>,
    /// How many times lines pass here.
    passages: usize,
}

/// What would be lost with a point: the area, the point, and those beside it when this was found.
type Loss = Reverse<(i64, Point, [Point; 2])>;

/// All lines of a version, as one.
struct Drawing {
    nodes: BTreeMap<Point, Node>,
    left: usize,
}

impl Drawing {
    fn of(outlines: &[Outline]) -> Self {
        let mut nodes: BTreeMap<Point, Node> = BTreeMap::new();
        for ring in rings(outlines) {
            let next = ring.iter().cycle().skip(1);
            for (&from, &to) in ring.iter().zip(next) {
                nodes.entry(from).or_default().passages += 1;
                for (one, other) in [(from, to), (to, from)] {
                    let beside = &mut nodes.entry(one).or_default().beside;
                    if !beside.contains(&other) {
                        beside.push(other);
                    }
                }
            }
        }
        Self {
            nodes,
            left: points(outlines),
        }
    }

    fn thin(&mut self, most: usize) {
        let mut losses: BinaryHeap<Loss> = self
            .nodes
            .keys()
            .filter_map(|point| self.loss(*point))
            .collect();
        while self.left > most {
            let Some(Reverse((_, point, ends))) = losses.pop() else {
                return;
            };
            if self.remove(point, ends) {
                losses.extend(ends.into_iter().filter_map(|end| self.loss(end)));
            }
        }
    }

    /// What would be lost with this point; none where lines meet.
    fn loss(&self, point: Point) -> Option<Loss> {
        let &[a, b] = self.nodes.get(&point)?.beside.as_slice() else {
            return None;
        };
        let across = |end: Point| i64::from(end.longitude) - i64::from(point.longitude);
        let up = |end: Point| i64::from(end.latitude) - i64::from(point.latitude);
        let area = (across(a) * up(b) - across(b) * up(a)).abs();
        Some(Reverse((area, point, [a, b])))
    }

    /// Joins the ends on both sides of a point in its place, unless they are joined already (a line of three points,
    /// or two lines that would become one) or others since.
    fn remove(&mut self, point: Point, ends: [Point; 2]) -> bool {
        let [a, b] = ends;
        let is_current = self
            .nodes
            .get(&point)
            .is_some_and(|node| node.beside == ends);
        let is_joined = self
            .nodes
            .get(&a)
            .is_none_or(|node| node.beside.contains(&b));
        if !is_current || is_joined {
            return false;
        }
        let gone = self.nodes.remove(&point);
        self.left -= gone.map_or(0, |node| node.passages);
        for (end, other) in [(a, b), (b, a)] {
            let beside = self.nodes.get_mut(&end).map(|node| &mut node.beside);
            for neighbour in beside.into_iter().flatten() {
                if *neighbour == point {
                    *neighbour = other;
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(longitude: i32, latitude: i32) -> Point {
        Point {
            longitude,
            latitude,
        }
    }

    fn outline(territory: &str, ring: Ring) -> Outline {
        Outline {
            territory: territory.to_owned(),
            polygons: vec![vec![ring]],
        }
    }

    /// Two territories on both sides of a ragged border.
    fn neighbours() -> [Outline; 2] {
        let border: Vec<Point> = (0..40).map(|y| at((y * 7) % 5, y * 10)).collect();
        let mut west = border.clone();
        west.extend([at(-200, 390), at(-203, 200), at(-200, 0)]);
        let mut east: Vec<Point> = border.into_iter().rev().collect();
        east.extend([at(200, 0), at(200, 390)]);
        [outline("W", west), outline("E", east)]
    }

    #[test]
    fn what_two_territories_share_stays_shared() {
        let mut both = neighbours();
        let before = points(&both);
        simplify(&mut both, 30);
        assert!(points(&both) <= 30 && before > 80, "{before}");
        let border = |outline: &Outline| -> BTreeSet<Point> {
            let ring = outline.polygons[0][0].iter().copied();
            ring.filter(|point| (0..5).contains(&point.longitude))
                .collect()
        };
        assert_eq!(border(&both[0]), border(&both[1]));
        // Where the border meets the coast, nothing moves.
        for end in [at(0, 0), at(3, 390)] {
            assert!(border(&both[0]).contains(&end), "{end:?}");
        }
    }

    #[test]
    fn what_matters_least_goes_first_and_a_line_keeps_three_points() {
        let mut one = [outline(
            "A",
            vec![at(0, 0), at(50, 1), at(100, 0), at(100, 90), at(0, 90)],
        )];
        simplify(&mut one, 4);
        assert_eq!(
            one[0].polygons[0][0],
            [at(0, 0), at(100, 0), at(100, 90), at(0, 90)]
        );
        simplify(&mut one, 0);
        assert_eq!(points(&one), 3);
    }

    #[test]
    fn an_enclave_fills_its_hole() {
        let inner: Ring = (0..12).map(|k| at(40 + (k * k) % 7, 40 + k)).collect();
        let around = vec![at(0, 0), at(90, 0), at(90, 90), at(0, 90)];
        let mut both = [
            Outline {
                territory: "around".to_owned(),
                polygons: vec![vec![around, inner.clone()]],
            },
            outline("enclave", inner),
        ];
        simplify(&mut both, 16);
        assert_eq!(both[0].polygons[0][1], both[1].polygons[0][0]);
    }

    #[test]
    fn the_order_of_territories_changes_nothing() {
        let (mut one, mut other) = (neighbours(), neighbours());
        other.reverse();
        simplify(&mut one, 25);
        simplify(&mut other, 25);
        other.reverse();
        let seen = |of: &[Outline]| -> BTreeSet<Point> { rings(of).flatten().copied().collect() };
        assert_eq!(seen(&one), seen(&other));
    }

    #[test]
    fn places_are_on_the_grid_and_on_the_earth() {
        assert_eq!(
            Point::nearest(5.369_812, -43.296_5),
            Some(at(536_981, -4_329_650))
        );
        for (longitude, latitude) in [(180.1, 0.0), (0.0, 90.5), (f64::NAN, 0.0)] {
            assert_eq!(Point::nearest(longitude, latitude), None);
        }
        assert_eq!(ring(vec![at(0, 0), at(0, 0), at(1, 1), at(0, 0)]), None);
    }
}
