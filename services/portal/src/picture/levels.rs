//! The cascade of a regional framework: what the region aims at, what territories agreed, what contracts add up to.

use kernel::Decimal;

use super::{Svg, place};
use crate::text::numbers;

/// One level of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) title: &'static str,
    /// Equal where the figure is a point.
    pub(crate) low: Decimal,
    pub(crate) high: Decimal,
    /// How far it is from the aim, where that is a question.
    pub(crate) gap: Option<Decimal>,
}

impl Level {
    fn figures(&self) -> String {
        if self.low == self.high {
            numbers::decimal(self.low)
        } else {
            format!(
                "{} à {}",
                numbers::decimal(self.low),
                numbers::decimal(self.high)
            )
        }
    }

    /// `écart −1 100`, where there is one.
    fn distance(&self) -> Option<String> {
        self.gap
            .map(|gap| format!("écart {}", numbers::signed(gap)))
    }
}

const WIDTH: i64 = 640;
const LABEL: i64 = 210;
const FIGURES: i64 = 130;
const ROW: i64 = 34;

/// The first level is the aim: a line crosses the others where it stands.
pub(crate) fn levels(id: &str, title: &str, unit: &str, of: &[Level]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let highest = of.iter().map(|level| level.high).max().unwrap_or_default();
    let full = highest * Decimal::new(105, 2);
    let at = |value: Decimal| LABEL + place(value, full, length);
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, level) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text("pic-text", "start", 0, top + 17, level.title);
        svg.rect("pic-track", LABEL, top, length, 24);
        svg.rect("pic-bar", LABEL, top + 4, at(level.low) - LABEL, 16);
        if level.high > level.low {
            let (from, to) = (at(level.low), at(level.high));
            svg.rect("pic-bar--open", from, top + 4, (to - from).max(3), 16);
        }
        let distance = level.distance();
        let figures = top + if distance.is_some() { 10 } else { 17 };
        svg.text(
            "pic-text pic-strong",
            "end",
            WIDTH,
            figures,
            &level.figures(),
        );
        if let Some(distance) = distance {
            svg.text("pic-soft", "end", WIDTH, top + 25, &distance);
        }
    }
    if let Some(aim) = of.first() {
        let x = at(aim.high);
        // What is missing is drawn up to the aim.
        for (rank, level) in (0..).zip(of) {
            if level.gap.is_some() && level.high < aim.high {
                let middle = rank * ROW + 16;
                svg.line("pic-span", (at(level.high), middle), (x, middle));
            }
        }
        svg.line("pic-target", (x, 2), (x, rows * ROW));
    }
    let sentences = of.iter().map(|level| {
        let distance = level.distance().map(|gap| format!(", {gap}"));
        let distance = distance.unwrap_or_default();
        format!("{} : {} {unit}{distance}.", level.title, level.figures())
    });
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_open_between_its_bounds_and_the_aim_crosses_all() {
        let level = |title, low: i64, high: i64| Level {
            title,
            low: low.into(),
            high: high.into(),
            gap: None,
        };
        let of = [
            level("Cadre", 2_100, 2_100),
            level("Contrats", 1_900, 2_000),
        ];
        let drawn = levels("l", "Chirurgie", "séjours", &of);
        assert!(drawn.contains(
            "Cadre : 2\u{202f}100 séjours. Contrats : 1\u{202f}900 à 2\u{202f}000 séjours."
        ));
        assert_eq!(drawn.matches("pic-bar--open").count(), 1);
        assert_eq!(drawn.matches("pic-target").count(), 1);
    }

    #[test]
    fn a_gap_is_told_and_what_is_missing_is_drawn_up_to_the_aim() {
        let level = |title, value: i64, gap: Option<i64>| Level {
            title,
            low: value.into(),
            high: value.into(),
            gap: gap.map(Into::into),
        };
        let of = [
            level("Cadre", 2_100, None),
            level("Inflexions", 2_150, Some(50)),
            level("Contrats", 1_000, Some(-1_100)),
        ];
        let drawn = levels("l", "Chirurgie", "séjours", &of);
        assert!(drawn.contains("Inflexions : 2\u{202f}150 séjours, écart +50."));
        assert!(drawn.contains("Contrats : 1\u{202f}000 séjours, écart −1\u{202f}100."));
        assert_eq!(drawn.matches("pic-span").count(), 1);
    }
}
