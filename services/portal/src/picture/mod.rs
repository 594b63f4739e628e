//! Pictures: pure functions from figures to SVG. Each has a title and a description, takes its colours from the
//! theme by class, and stands beside a table with the same numbers.

mod against;
mod aims;
mod bars;
mod beside;
mod bullet;
mod cascade;
mod choropleth;
mod classes;
mod dumbbell;
mod gaps;
mod intervals;
mod land;
mod levels;
mod map;
mod matrix;
mod places;
mod plane;
mod spots;
mod strip;
mod tiles;
mod timeline;

use std::fmt::Write as _;

use kernel::Decimal;

pub(crate) use self::{
    against::{Against, against},
    aims::{Aim, aims},
    bars::{Bar, bars},
    beside::{Beside, beside},
    bullet::{Bullet, Realised, bullets},
    cascade::{Cascade, cascade},
    choropleth::{Area, Scale, choropleth},
    classes::Classes,
    dumbbell::{Change, changes},
    gaps::{Tally, standings},
    intervals::{Interval, intervals},
    land::Land,
    levels::{Level, levels},
    map::{Site, map},
    matrix::{Matrix, matrix},
    places::{Place, Standing, places},
    spots::{Spot, Spread, spots},
    strip::{Strip, strips},
    tiles::{Tile, tiles},
    timeline::{Moment, timeline},
};

/// An SVG under construction. Texts are escaped; sizes are whole pixels of its own frame.
struct Svg {
    body: String,
    width: i64,
    height: i64,
    /// What the theme knows it by, beside being a picture.
    class: &'static str,
}

impl Svg {
    fn new(width: i64, height: i64) -> Self {
        Self {
            body: String::new(),
            width,
            height,
            class: "pic",
        }
    }

    fn rect(&mut self, class: &str, x: i64, y: i64, width: i64, height: i64) {
        let (width, height) = (width.max(0), height.max(0));
        let _ = write!(
            self.body,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="2"/>"#
        );
    }

    fn line(&mut self, class: &str, from: (i64, i64), to: (i64, i64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = write!(
            self.body,
            r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#
        );
    }

    fn circle(&mut self, class: &str, x: i64, y: i64, radius: i64) {
        let _ = write!(
            self.body,
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}"/>"#
        );
    }

    /// `anchor` is `start`, `middle` or `end`.
    fn text(&mut self, class: &str, anchor: &str, x: i64, y: i64, text: &str) {
        let text = escape(text);
        let _ = write!(
            self.body,
            r#"<text class="{class}" text-anchor="{anchor}" x="{x}" y="{y}">{text}</text>"#
        );
    }

    /// A text that rises to the right, where columns are too narrow for their names.
    fn leaning(&mut self, class: &str, x: i64, y: i64, text: &str) {
        let text = escape(text);
        let _ = write!(
            self.body,
            r#"<text class="{class}" transform="rotate(-35 {x} {y})" x="{x}" y="{y}">{text}</text>"#
        );
    }

    /// The picture, named for those who do not see it. `id` is unique in its page.
    fn finish(self, id: &str, title: &str, description: &str) -> String {
        self.finish_as("img", id, title, description)
    }

    /// The same, described by a sentence for each of its figures.
    fn finish_telling(
        self,
        id: &str,
        title: &str,
        sentences: impl IntoIterator<Item = String>,
    ) -> String {
        let sentences: Vec<String> = sentences.into_iter().collect();
        self.finish(id, title, &sentences.join(" "))
    }

    /// A picture with links in it: what is within an image could not be reached.
    fn finish_with_links(self, id: &str, title: &str, description: &str) -> String {
        self.finish_as("group", id, title, description)
    }

    fn finish_as(self, role: &str, id: &str, title: &str, description: &str) -> String {
        let (width, height, body, class) = (self.width, self.height, self.body, self.class);
        let (id, title, description) = (escape(id), escape(title), escape(description));
        format!(
            r#"<svg class="{class}" viewBox="0 0 {width} {height}" role="{role}" aria-labelledby="{id}-titre {id}-texte" focusable="false"><title id="{id}-titre">{title}</title><desc id="{id}-texte">{description}</desc>{body}</svg>"#
        )
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A name in so many letters at most, cut with an ellipsis.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        let kept: String = text.chars().take(most.saturating_sub(1)).collect();
        format!("{}…", kept.trim_end())
    }
}

/// The place of `value` on an axis of `length` pixels that goes from zero to `full`.
fn place(value: Decimal, full: Decimal, length: i64) -> i64 {
    if full <= Decimal::ZERO {
        return 0;
    }
    let share = (value / full).clamp(Decimal::ZERO, Decimal::ONE);
    let pixels = (share * Decimal::from(length)).round();
    i64::try_from(pixels).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_on_the_axis() {
        let at = |value: i64| place(value.into(), 100.into(), 200);
        assert_eq!((at(0), at(50), at(100)), (0, 100, 200));
        assert_eq!((at(-5), at(500)), (0, 200));
        assert_eq!(place(5.into(), Decimal::ZERO, 200), 0);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(short("Alpes", 5), "Alpes");
        assert_eq!(short("Alpes du Sud", 7), "Alpes…");
    }

    #[test]
    fn texts_cannot_break_out_of_a_picture() {
        let mut svg = Svg::new(10, 10);
        svg.text("a", "start", 0, 0, "</text><script>alert(1)</script>");
        let drawn = svg.finish("x", "\"titre\"", "<desc>");
        assert!(!drawn.contains("<script>") && drawn.contains("&lt;script&gt;"));
        assert!(drawn.contains("&quot;titre&quot;"));
    }
}
