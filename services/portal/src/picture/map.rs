//! Sites where they stand, on a plane that touches the Earth in their middle: one kilometre is as long everywhere in a
//! region. No coast and no border is drawn, since none is shipped.

use kernel::Decimal;

use super::{Svg, short};
use crate::text::numbers;

/// One site, in degrees of WGS84.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) title: String,
    pub(crate) latitude: Decimal,
    pub(crate) longitude: Decimal,
}

const WIDTH: i64 = 720;
const HEIGHT: i64 = 460;
/// Room around the sites, for their numbers, the scale and the north.
const MARGIN: i64 = 56;
/// Sites nearer than this, in pixels, share a mark.
const NEAR: i64 = 18;
/// Lengths of a scale bar, in kilometres.
const LENGTHS: [i64; 11] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];
const LONGEST_BAR: i64 = 150;

/// Kilometres of one degree of a meridian, on a sphere of 6,371 km.
fn degree() -> Decimal {
    Decimal::new(111_195, 3)
}

/// The smallest width and height that are drawn, in kilometres: one site is not a region.
fn smallest() -> Decimal {
    Decimal::from(8)
}

/// Cosine of an angle in degrees, by its series: within 0.00003 up to a right angle.
fn cosine(degrees: Decimal) -> Decimal {
    let radians = degrees * Decimal::new(17_453_293, 9);
    let square = radians * radians;
    let (mut term, mut sum) = (Decimal::ONE, Decimal::ONE);
    for rank in 1..=4 {
        let twice = Decimal::from(2 * rank);
        term = -term * square / (twice * (twice - Decimal::ONE));
        sum += term;
    }
    sum
}

/// Sites that share a mark, by their numbers from 1.
struct Mark {
    x: i64,
    y: i64,
    numbers: Vec<String>,
}

/// Sites by their rank in the table beside the map.
pub(crate) fn map(id: &str, title: &str, of: &[Site]) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.rect("pic-track", 0, 0, WIDTH, HEIGHT);
    let plane = Plane::around(of);
    let mut marks: Vec<Mark> = Vec::new();
    for (rank, site) in (1..).zip(of) {
        let number: i64 = rank;
        let (x, y) = plane.place(site);
        let near = |mark: &&mut Mark| (mark.x - x).abs() < NEAR && (mark.y - y).abs() < NEAR;
        match marks.iter_mut().find(near) {
            Some(mark) => mark.numbers.push(number.to_string()),
            None => marks.push(Mark {
                x,
                y,
                numbers: vec![number.to_string()],
            }),
        }
    }
    for mark in &marks {
        svg.circle("pic-dot", mark.x, mark.y, 7);
        let numbers = short(&mark.numbers.join(", "), 14);
        svg.text(
            "pic-text pic-strong",
            "start",
            mark.x + 12,
            mark.y + 5,
            &numbers,
        );
    }
    furnish(&mut svg, &plane);
    let sentences: Vec<String> = (1..)
        .zip(of)
        .map(|(rank, site): (i32, _)| format!("{rank} : {}.", site.title))
        .collect();
    svg.finish(id, title, &sentences.join(" "))
}

/// The scale bar and the north.
fn furnish(svg: &mut Svg, plane: &Plane) {
    let fits = |length: &&i64| plane.pixels(Decimal::from(**length)) <= LONGEST_BAR;
    let length = LENGTHS.iter().rev().find(fits).copied().unwrap_or(1);
    let (left, bottom) = (20, HEIGHT - 18);
    let right = left + plane.pixels(length.into());
    svg.line("pic-target", (left, bottom), (right, bottom));
    for x in [left, right] {
        svg.line("pic-target", (x, bottom - 6), (x, bottom + 1));
    }
    let told = format!("{} km", numbers::whole(length));
    svg.text("pic-text", "start", left, bottom - 12, &told);
    let (x, top) = (WIDTH - 26, 18);
    svg.line("pic-target", (x, top + 16), (x, top + 44));
    svg.line("pic-target", (x, top + 16), (x - 6, top + 26));
    svg.line("pic-target", (x, top + 16), (x + 6, top + 26));
    svg.text("pic-text pic-strong", "middle", x, top + 8, "N");
}

/// Where degrees are on the picture.
struct Plane {
    /// Latitude and longitude of the middle.
    middle: (Decimal, Decimal),
    /// Kilometres of a degree of longitude there.
    parallel: Decimal,
    /// Pixels of a kilometre.
    scale: Decimal,
}

impl Plane {
    fn around(of: &[Site]) -> Self {
        let middle = |axis: fn(&Site) -> Decimal| {
            let low = of.iter().map(axis).min().unwrap_or_default();
            let high = of.iter().map(axis).max().unwrap_or_default();
            ((low + high) / Decimal::TWO, high - low)
        };
        let (latitude, tall) = middle(|site| site.latitude);
        let (longitude, wide) = middle(|site| site.longitude);
        let parallel = degree() * cosine(latitude);
        let room = |pixels: i64, kilometres: Decimal| {
            Decimal::from(pixels - 2 * MARGIN) / kilometres.max(smallest())
        };
        Self {
            middle: (latitude, longitude),
            parallel,
            scale: room(WIDTH, wide * parallel).min(room(HEIGHT, tall * degree())),
        }
    }

    fn pixels(&self, kilometres: Decimal) -> i64 {
        i64::try_from((kilometres * self.scale).round()).unwrap_or_default()
    }

    fn place(&self, site: &Site) -> (i64, i64) {
        let east = (site.longitude - self.middle.1) * self.parallel;
        let north = (site.latitude - self.middle.0) * degree();
        (
            WIDTH / 2 + self.pixels(east),
            HEIGHT / 2 - self.pixels(north),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(title: &str, latitude: &str, longitude: &str) -> Site {
        Site {
            title: title.to_owned(),
            latitude: latitude.parse().unwrap(),
            longitude: longitude.parse().unwrap(),
        }
    }

    #[test]
    fn distances_are_those_of_the_ground() {
        let close = |degrees: i64, told: &str| {
            let off = cosine(degrees.into()) - told.parse::<Decimal>().unwrap();
            assert!(off.abs() < Decimal::new(5, 5), "{degrees}: {off}");
        };
        close(0, "1");
        close(45, "0.70711");
        close(60, "0.5");
        close(90, "0");
        // Marseille and Nice: 159 km apart on a great circle.
        let of = [
            site("a", "43.2965", "5.3698"),
            site("b", "43.7102", "7.2620"),
        ];
        let plane = Plane::around(&of);
        let ((x1, y1), (x2, y2)) = (plane.place(&of[0]), plane.place(&of[1]));
        let square = (x2 - x1).pow(2) + (y2 - y1).pow(2);
        let told = plane.pixels(159.into()).pow(2);
        assert!((square - told).abs() * 50 < told, "{square} {told}");
        assert!(x1 < x2 && y2 < y1, "east is right and north is up");
    }

    #[test]
    fn everything_stands_within_the_frame_and_is_told() {
        let of = [
            site("Hôpital <Nord>", "45.9", "-1.2"),
            site("Clinique", "45.9001", "-1.2001"),
            site("EHPAD", "44.1", "0.9"),
        ];
        let drawn = map("m", "Sites", &of);
        assert_eq!(
            drawn.matches("pic-dot").count(),
            2,
            "neighbours share a mark"
        );
        assert!(drawn.contains(">1, 2<") && drawn.contains(">N<") && drawn.contains(" km<"));
        assert!(drawn.contains("3 : EHPAD.") && !drawn.contains("<Nord>"));
        let plane = Plane::around(&of);
        for one in &of {
            let (x, y) = plane.place(one);
            assert!((MARGIN..=WIDTH - MARGIN).contains(&x), "{x}");
            assert!((MARGIN..=HEIGHT - MARGIN).contains(&y), "{y}");
        }
        assert!(map("seul", "Un site", &of[..1]).contains("pic-dot"));
    }
}
