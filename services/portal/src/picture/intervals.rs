//! Figures with their intervals, around a reference: who stands apart, and how sure it is.

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) title: String,
    pub(crate) value: Decimal,
    pub(crate) low: Decimal,
    pub(crate) high: Decimal,
    /// The interval leaves out the reference.
    pub(crate) stands_apart: bool,
}

impl Interval {
    fn figures(&self, decimals: usize) -> String {
        let shown = |value| numbers::with_decimals(value, decimals);
        let (value, low, high) = (shown(self.value), shown(self.low), shown(self.high));
        format!("{value} [{low} ; {high}]")
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 200;
const FIGURES: i64 = 140;
const ROW: i64 = 30;
const TOP: i64 = 26;

/// One row each, all on the same axis from zero, with a line at the reference.
pub(crate) fn intervals(id: &str, title: &str, reference: Decimal, of: &[Interval]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let decimals = numbers::most_decimals(of.iter().flat_map(|row| [row.value, row.low, row.high]));
    let highest = of.iter().map(|row| row.high).max().unwrap_or_default();
    // Very wide intervals run out of the picture rather than flatten the others.
    let full = highest
        .min(reference * Decimal::from(3))
        .max(reference * Decimal::new(15, 1));
    let at = |value: Decimal| LABEL + place(value, full, length);
    let height = TOP + rows * ROW + 10;
    let mut svg = Svg::new(WIDTH, height);
    let line = at(reference);
    svg.text("pic-soft", "middle", line, 14, "référence");
    svg.line("pic-target", (line, TOP - 4), (line, height - 8));
    for (rank, row) in (0..).zip(of) {
        let middle = TOP + rank * ROW + 14;
        let apart = if row.stands_apart {
            "pic-span--apart"
        } else {
            ""
        };
        svg.text("pic-text", "start", 0, middle + 4, &short(&row.title, 28));
        svg.line("pic-axis", (LABEL, middle), (LABEL + length, middle));
        svg.line(
            &format!("pic-span {apart}"),
            (at(row.low), middle),
            (at(row.high), middle),
        );
        svg.circle(&format!("pic-mean {apart}"), at(row.value), middle, 6);
        svg.text("pic-text", "end", WIDTH, middle + 4, &row.figures(decimals));
    }
    let sentences = of.iter().map(|row| {
        let apart = if row.stands_apart {
            "s’écarte de la référence"
        } else {
            "ne s’écarte pas nettement de la référence"
        };
        format!("{} : {}, {apart}.", row.title, row.figures(decimals))
    });
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_figures_and_says_whether_it_stands_apart() {
        let row = |title: &str, value, low, high, stands_apart| Interval {
            title: title.to_owned(),
            value: Decimal::new(value, 2),
            low: Decimal::new(low, 2),
            high: Decimal::new(high, 2),
            stands_apart,
        };
        let of = [
            row("Nord", 125, 110, 141, true),
            row("Sud", 98, 90, 1_250, false),
        ];
        let drawn = intervals("i", "Indices", Decimal::ONE, &of);
        assert!(drawn.contains("Nord : 1,25 [1,10 ; 1,41], s’écarte"));
        assert!(drawn.contains("Sud : 0,98 [0,90 ; 12,50], ne s’écarte pas"));
        assert_eq!(drawn.matches("pic-span--apart").count(), 2);
        // An interval that runs out ends at the edge.
        assert!(drawn.contains(&format!(r#"x2="{}""#, WIDTH - FIGURES)));
    }
}
