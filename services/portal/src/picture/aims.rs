//! What was aimed at and what was reached, one row a year. The axis begins near the lowest figure: the gap is what is read.

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aim {
    pub(crate) title: String,
    pub(crate) aimed: Option<Decimal>,
    pub(crate) reached: Option<Decimal>,
}

impl Aim {
    fn figures(&self) -> String {
        let told = |word: &str, value: Decimal| format!("{word} {}", numbers::decimal(value));
        match (self.aimed, self.reached) {
            (Some(aimed), Some(reached)) => {
                format!("{}, {}", told("visé", aimed), told("atteint", reached))
            }
            (Some(aimed), None) => told("visé", aimed),
            (None, Some(reached)) => told("atteint", reached),
            (None, None) => "rien n’est connu".to_owned(),
        }
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 60;
const FIGURES: i64 = 240;
const ROW: i64 = 34;
const TOP: i64 = 26;

/// `line` is what both are compared with, named by its title.
pub(crate) fn aims(id: &str, title: &str, line: Option<(Decimal, &str)>, of: &[Aim]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let all: Vec<Decimal> = of
        .iter()
        .flat_map(|row| [row.aimed, row.reached])
        .chain([line.map(|(value, _)| value)])
        .flatten()
        .collect();
    let lowest = all.iter().min().copied().unwrap_or_default();
    let highest = all.iter().max().copied().unwrap_or_default();
    // A tenth of the span on both sides; of the figure itself where there is one only.
    let span = match highest - lowest {
        span if span.is_zero() => highest.abs(),
        span => span,
    };
    let room = span / Decimal::TEN;
    let (from, whole) = (lowest - room, highest - lowest + room * Decimal::TWO);
    let at = |value: Decimal| LABEL + place(value - from, whole, length);
    let height = TOP + rows * ROW + 8;
    let mut svg = Svg::new(WIDTH, height);
    if let Some((value, name)) = line {
        svg.text("pic-soft", "middle", at(value), 14, name);
        svg.line("pic-target", (at(value), TOP - 4), (at(value), height - 6));
    }
    for (rank, row) in (0..).zip(of) {
        let middle = TOP + rank * ROW + 15;
        svg.text("pic-text", "start", 0, middle + 4, &short(&row.title, 8));
        svg.line("pic-axis", (LABEL, middle), (LABEL + length, middle));
        if let (Some(aimed), Some(reached)) = (row.aimed, row.reached) {
            svg.line("pic-span", (at(aimed), middle), (at(reached), middle));
        }
        if let Some(aimed) = row.aimed {
            svg.circle("pic-mean", at(aimed), middle, 8);
        }
        if let Some(reached) = row.reached {
            svg.circle("pic-mean pic-span--apart", at(reached), middle, 5);
        }
        svg.text("pic-text", "end", WIDTH, middle + 4, &row.figures());
    }
    let sentences = of
        .iter()
        .map(|row| format!("{} : {}.", row.title, row.figures()));
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, aimed: Option<i64>, reached: Option<i64>) -> Aim {
        Aim {
            title: title.to_owned(),
            aimed: aimed.map(Into::into),
            reached: reached.map(Into::into),
        }
    }

    #[test]
    fn what_is_ahead_is_aimed_at_and_what_is_past_is_reached() {
        let of = [
            row("2024", None, Some(93)),
            row("2025", Some(97), Some(96)),
            row("2026", Some(100), None),
        ];
        let drawn = aims("a", "Convergence", Some((100.into(), "équation")), &of);
        assert_eq!(drawn.matches("<circle").count(), 4);
        assert_eq!(drawn.matches("pic-span--apart").count(), 2);
        assert!(drawn.contains("2025 : visé 97, atteint 96. 2026 : visé 100."));
        assert!(drawn.contains("équation"));
    }

    #[test]
    fn one_figure_alone_has_its_place() {
        assert!(aims("a", "Un", None, &[row("2025", Some(5), None)]).contains("<circle"));
        assert!(aims("v", "Rien", None, &[]).contains("viewBox"));
    }
}
