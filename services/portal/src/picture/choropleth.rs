//! Territories with the shapes they have on the ground, coloured by class. Each is a link to its line in the table
//! beside the map, so that a keyboard goes from one to the next.

use std::fmt::Write as _;

use super::{
    Svg, escape,
    land::{Land, extent},
    plane::{Frame, Plane},
    short,
};

/// One territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) title: String,
    /// The figure as it is read; empty where the map only leads somewhere.
    pub(crate) value: String,
    /// What the colour says, in words; may be empty.
    pub(crate) told: String,
    /// The class of the colour.
    pub(crate) class: &'static str,
    /// Says the same as the colour, in a sign; may be empty.
    pub(crate) sign: &'static str,
    /// A figure that is there and not told.
    pub(crate) is_hidden: bool,
    /// Where its figures are.
    pub(crate) href: String,
    pub(crate) land: Land,
}

impl Area {
    fn sentence(&self) -> String {
        let mut told = self.title.clone();
        if !self.value.is_empty() {
            let _ = write!(told, " : {}", self.value);
        }
        if !self.told.is_empty() {
            let _ = write!(told, ", {}", self.told);
        }
        told
    }
}

/// How much of the page a map takes: its words are of one size in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    Whole,
    Half,
}

impl Scale {
    fn frame(self) -> Frame {
        let (width, height) = match self {
            Self::Whole => (720, 520),
            Self::Half => (420, 320),
        };
        Frame {
            width,
            height,
            margin: 12,
        }
    }

    /// Names of more territories than this would cover one another: the table tells them.
    fn most_names(self) -> usize {
        match self {
            Self::Whole => 24,
            Self::Half => 12,
        }
    }

    fn longest_name(self) -> usize {
        match self {
            Self::Whole => 16,
            Self::Half => 12,
        }
    }
}

/// Territories on one plane. `id` is unique in its page; the hatching of hidden figures is `{id}-hachures`.
pub(crate) fn choropleth(id: &str, title: &str, scale: Scale, of: &[Area]) -> String {
    let frame = scale.frame();
    let plane = Plane::new(extent(of.iter().map(|area| &area.land)), frame);
    let mut svg = Svg::new(frame.width, frame.height);
    hatching(&mut svg, id);
    svg.body.push_str(r#"<g class="pic-areas">"#);
    for area in of {
        let (href, told) = (escape(&area.href), escape(&area.sentence()));
        let (class, path) = (area.class, area.land.path(&plane));
        let _ = write!(
            svg.body,
            r#"<a href="{href}" aria-label="{told}"><title>{told}</title><path class="pic-area {class}" transform="scale(.1)" fill-rule="evenodd" d="{path}"/>"#
        );
        if area.is_hidden {
            let id = escape(id);
            let _ = write!(
                svg.body,
                r#"<path class="pic-hatched" fill="url(#{id}-hachures)" transform="scale(.1)" fill-rule="evenodd" d="{path}"/>"#
            );
        }
        svg.body.push_str("</a>");
    }
    svg.body.push_str("</g>");
    if of.len() <= scale.most_names() {
        svg.body.push_str(r#"<g aria-hidden="true">"#);
        let mut written = Vec::new();
        for area in of {
            let (x, y) = area.land.middle(&plane);
            let name = short(&area.title, scale.longest_name());
            let value = format!("{} {}", area.value, area.sign);
            let value = value.trim();
            if Words::new((x, y), &[&name, value]).find_room(&mut written) {
                svg.text("pic-name", "middle", x, y - 4, &name);
                svg.text("pic-name pic-strong", "middle", x, y + 14, value);
            } else if !value.is_empty() && Words::new((x, y), &[value]).find_room(&mut written) {
                svg.text("pic-name pic-strong", "middle", x, y + 5, value);
            }
        }
        svg.body.push_str("</g>");
    }
    let sentences: Vec<String> = of
        .iter()
        .map(|area| format!("{}.", area.sentence()))
        .collect();
    svg.finish_with_links(id, title, &sentences.join(" "))
}

/// Slanted lines for what is hidden. They are eight pixels apart in a frame of tenths.
fn hatching(svg: &mut Svg, id: &str) {
    let id = escape(id);
    let _ = write!(
        svg.body,
        r#"<defs><pattern id="{id}-hachures" width="80" height="80" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="pic-hatch" x1="0" y1="0" x2="0" y2="80"/></pattern></defs>"#
    );
}

/// The room that words take around a point: names are not written over one another.
struct Words {
    at: (i64, i64),
    half_width: i64,
    half_height: i64,
}

impl Words {
    fn new(at: (i64, i64), lines: &[&str]) -> Self {
        let count = |items: usize| i64::try_from(items).unwrap_or(0);
        let longest = lines.iter().map(|line| line.chars().count()).max();
        Self {
            at,
            half_width: count(longest.unwrap_or(0)) * 4,
            half_height: count(lines.len()) * 9,
        }
    }

    fn meets(&self, other: &Self) -> bool {
        let apart = |one: i64, other: i64| (one - other).abs();
        apart(self.at.0, other.at.0) < self.half_width + other.half_width
            && apart(self.at.1, other.at.1) < self.half_height + other.half_height
    }

    /// Takes its room if nothing stands there.
    fn find_room(self, written: &mut Vec<Self>) -> bool {
        let is_free = !written.iter().any(|other| self.meets(other));
        if is_free {
            written.push(self);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(title: &str, west: i64) -> Area {
        let (east, south, north) = (west + 100_000, 4_300_000, 4_400_000);
        Area {
            title: title.to_owned(),
            value: "1,25".to_owned(),
            told: "supérieur".to_owned(),
            class: "pic-place--high1",
            sign: "▲",
            is_hidden: false,
            href: "#territoire-A".to_owned(),
            land: Land {
                rings: vec![vec![
                    (west, south),
                    (east, south),
                    (east, north),
                    (west, north),
                ]],
            },
        }
    }

    #[test]
    fn every_territory_is_drawn_named_and_a_link() {
        let of = [area("Littoral", 500_000), area("<b>Côte</b>", 600_000)];
        let drawn = choropleth("carte", "Indices", Scale::Whole, &of);
        assert_eq!(drawn.matches("<a href=\"#territoire-A\"").count(), 2);
        assert_eq!(
            drawn.matches("class=\"pic-area pic-place--high1\"").count(),
            2
        );
        assert!(drawn.contains("Littoral : 1,25, supérieur."));
        assert!(drawn.contains("role=\"group\"") && !drawn.contains("role=\"img\""));
        assert!(!drawn.contains("<b>") && drawn.contains("1,25 ▲"));
    }

    #[test]
    fn what_is_hidden_is_hatched_and_what_is_not_known_is_not() {
        let mut hidden = area("Plateau", 500_000);
        hidden.is_hidden = true;
        let drawn = choropleth(
            "carte",
            "Indices",
            Scale::Whole,
            &[hidden, area("Littoral", 600_000)],
        );
        assert_eq!(drawn.matches("url(#carte-hachures)").count(), 1);
    }

    #[test]
    fn a_map_that_only_leads_somewhere_has_no_figures() {
        let bare = Area {
            value: String::new(),
            told: String::new(),
            sign: "",
            ..area("Littoral", 500_000)
        };
        let drawn = choropleth("carte", "Territoires", Scale::Whole, &[bare]);
        assert!(drawn.contains("aria-label=\"Littoral\""));
    }

    #[test]
    fn names_that_would_meet_leave_their_figure_only() {
        let of: Vec<Area> = (0..9)
            .map(|k| area("Vallée haute", 500_000 + k * 100_000))
            .collect();
        let drawn = choropleth("carte", "Indices", Scale::Half, &of);
        let names = drawn.matches(">Vallée haute</text>").count();
        assert!((1..9).contains(&names), "{names}");
        let whole = choropleth("carte", "Indices", Scale::Whole, &of[..2]);
        assert_eq!(whole.matches(">Vallée haute</text>").count(), 2);
    }

    #[test]
    fn many_territories_are_not_named_over_one_another() {
        let of: Vec<Area> = (0..30)
            .map(|k| area("Zone", 500_000 + k * 100_000))
            .collect();
        assert!(!choropleth("carte", "Indices", Scale::Whole, &of).contains("pic-name"));
        assert!(choropleth("vide", "Rien", Scale::Half, &[]).contains("viewBox"));
    }

    /// As many points as a version of territories can have, twice on a page and one tenth of them hatched: their shapes
    /// take less than 100 kB before compression.
    #[test]
    fn two_maps_of_the_largest_division_leave_room_for_their_page() {
        let of: Vec<Area> = (0..100)
            .map(|rank| {
                let west = 500_000 + (rank % 10) * 60_000;
                let south = 4_300_000 + (rank / 10) * 60_000;
                let there = (0..20).map(|k| (west + k * 2_500, south + (k * 37) % 900));
                let back =
                    (0..20).map(|k| (west + 50_000 - k * 2_500, south + 50_000 - (k * 41) % 900));
                Area {
                    is_hidden: rank % 10 == 0,
                    land: Land {
                        rings: vec![there.chain(back).collect()],
                    },
                    ..area("Zone", west)
                }
            })
            .collect();
        let drawn = choropleth("carte", "Indices", Scale::Half, &of);
        assert!(2 * drawn.len() < 150_000, "{}", drawn.len());
        let paths: usize = drawn
            .split(" d=\"")
            .skip(1)
            .map(|part| part.find('"').unwrap_or(0))
            .sum();
        assert!(2 * paths < 100_000, "{paths}");
    }
}
