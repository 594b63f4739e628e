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

const WIDTH: i64 = 720;
const FIGURES: i64 = 130;
const ROW: i64 = 34;
/// Letters of a name, at most.
const LETTERS: usize = 34;

/// All on the scale of the largest.
pub(crate) fn bars(id: &str, title: &str, of: &[Bar]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let largest = of.iter().map(|bar| bar.value).max().unwrap_or_default();
    let label = label(of);
    let length = WIDTH - label - FIGURES;
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, bar) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text(
            "pic-text",
            "start",
            0,
            top + 18,
            &short(&bar.title, LETTERS),
        );
        svg.rect("pic-track", label, top + 2, length, 22);
        let width = place(bar.value, largest, length);
        if bar.value > Decimal::ZERO {
            svg.rect("pic-bar", label, top + 2, width.max(2), 22);
        }
        svg.text("pic-text pic-strong", "end", WIDTH, top + 18, &bar.shown);
    }
    let sentences = of
        .iter()
        .map(|bar| format!("{} : {}.", bar.title, bar.shown));
    svg.finish_telling(id, title, sentences)
}

/// The room of the longest name: years take little, establishments much.
fn label(of: &[Bar]) -> i64 {
    let letters = |bar: &Bar| bar.title.chars().count().min(LETTERS);
    let longest = of.iter().map(letters).max().unwrap_or_default();
    (i64::try_from(longest).unwrap_or(0) * 8).max(48) + 16
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

    #[test]
    fn names_have_the_room_they_need() {
        let bar = |title: &str| Bar {
            title: title.to_owned(),
            value: 1.into(),
            shown: "1".to_owned(),
        };
        assert_eq!(label(&[]), label(&[bar("2026")]));
        assert!(label(&[bar("2026"), bar("Hôpital universitaire de Mirage")]) > 200);
        assert_eq!(
            label(&[bar(&"x".repeat(90))]),
            label(&[bar(&"x".repeat(34))])
        );
    }
}
