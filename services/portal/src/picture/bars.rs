//! Plain horizontal bars: one figure a row.

use kernel::Decimal;

use super::{Svg, place, short};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) title: String,
    pub(crate) value: Decimal,
    /// As it is read.
    pub(crate) shown: String,
}

const WIDTH: i64 = 640;
const LABEL: i64 = 200;
const FIGURES: i64 = 110;
const ROW: i64 = 34;

/// All on the scale of the largest.
pub(crate) fn bars(id: &str, title: &str, of: &[Bar]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let largest = of.iter().map(|bar| bar.value).max().unwrap_or_default();
    let length = WIDTH - LABEL - FIGURES;
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, bar) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text("pic-text", "start", 0, top + 18, &short(&bar.title, 28));
        svg.rect("pic-track", LABEL, top + 2, length, 22);
        let width = place(bar.value, largest, length);
        if bar.value > Decimal::ZERO {
            svg.rect("pic-bar", LABEL, top + 2, width.max(2), 22);
        }
        svg.text("pic-text pic-strong", "end", WIDTH, top + 18, &bar.shown);
    }
    let sentences: Vec<String> = of
        .iter()
        .map(|bar| format!("{} : {}.", bar.title, bar.shown))
        .collect();
    svg.finish(id, title, &sentences.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_for_zero_and_everything_is_told() {
        let bar = |title: &str, value: i64| Bar {
            title: title.to_owned(),
            value: value.into(),
            shown: format!("{value} €"),
        };
        let drawn = bars("b", "Moyens", &[bar("2026", 0), bar("2027", 12)]);
        assert_eq!(drawn.matches("pic-bar").count(), 1);
        assert!(drawn.contains("2026 : 0 €. 2027 : 12 €."));
    }
}
