//! Sites where they stand, over the borders that the territories of their region have, if somebody imported them.

use std::fmt::Write as _;

use kernel::Decimal;

use super::{
    Svg,
    land::Land,
    plane::{Extent, Frame, Plane},
    short,
};
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

/// Sites that share a mark, by their numbers from 1.
struct Mark {
    x: i64,
    y: i64,
    numbers: Vec<String>,
}

/// Sites by their rank in the table beside the map, over the lands of their region.
pub(crate) fn map(id: &str, title: &str, of: &[Site], lands: &[Land]) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.rect("pic-track", 0, 0, WIDTH, HEIGHT);
    let plane = plane(of);
    for land in lands {
        let path = land.path(&plane);
        let _ = write!(
            svg.body,
            r#"<path class="pic-ground" transform="scale(.1)" fill-rule="evenodd" d="{path}"/>"#
        );
    }
    let mut marks: Vec<Mark> = Vec::new();
    for (rank, site) in (1..).zip(of) {
        let number: i64 = rank;
        let (x, y) = plane.place(site.latitude, site.longitude);
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
    let sentences = (1..)
        .zip(of)
        .map(|(rank, site): (i32, _)| format!("{rank} : {}.", site.title));
    svg.finish_telling(id, title, sentences)
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

fn plane(of: &[Site]) -> Plane {
    let frame = Frame {
        width: WIDTH,
        height: HEIGHT,
        margin: MARGIN,
    };
    let places = of.iter().map(|site| (site.latitude, site.longitude));
    Plane::new(Extent::of(places), frame)
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
        // Marseille and Nice: 159 km apart on a great circle.
        let of = [
            site("a", "43.2965", "5.3698"),
            site("b", "43.7102", "7.2620"),
        ];
        let plane = plane(&of);
        let [(x1, y1), (x2, y2)] =
            [&of[0], &of[1]].map(|site| plane.place(site.latitude, site.longitude));
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
        let drawn = map("m", "Sites", &of, &[]);
        assert_eq!(
            drawn.matches("pic-dot").count(),
            2,
            "neighbours share a mark"
        );
        assert!(drawn.contains(">1, 2<") && drawn.contains(">N<") && drawn.contains(" km<"));
        assert!(drawn.contains("3 : EHPAD.") && !drawn.contains("<Nord>"));
        let plane = plane(&of);
        for one in &of {
            let (x, y) = plane.place(one.latitude, one.longitude);
            assert!((MARGIN..=WIDTH - MARGIN).contains(&x), "{x}");
            assert!((MARGIN..=HEIGHT - MARGIN).contains(&y), "{y}");
        }
        let land = Land {
            rings: vec![vec![(0, 4_400_000), (100_000, 4_500_000), (0, 4_600_000)]],
        };
        let over = map("m", "Sites", &of, &[land]);
        assert!(
            over.find("pic-ground") < over.find("pic-dot"),
            "sites stand over the land"
        );
        assert!(over.contains("pic-ground") && !drawn.contains("pic-ground"));
        assert!(map("seul", "Un site", &of[..1], &[]).contains("pic-dot"));
    }
}
