//! One figure a row, beside a mark of its own: an establishment, and the middle of those like it.

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Against {
    pub(crate) title: String,
    /// None where it is not known, which is not zero.
    pub(crate) value: Option<Decimal>,
    pub(crate) mark: Option<Decimal>,
}

impl Against {
    fn sentence(&self, unit: &str, mark: &str) -> String {
        let told = |value: Option<Decimal>| {
            value.map_or_else(
                || "inconnu".to_owned(),
                |value| format!("{} {unit}", numbers::decimal(value)),
            )
        };
        format!(
            "{} : {}, {mark} : {}.",
            self.title,
            told(self.value),
            told(self.mark)
        )
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 220;
const FIGURES: i64 = 100;
const ROW: i64 = 38;

/// All on the scale of the largest; `mark` names the mark.
pub(crate) fn against(id: &str, title: &str, unit: &str, mark: &str, of: &[Against]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let highest = of
        .iter()
        .flat_map(|row| [row.value, row.mark])
        .flatten()
        .max()
        .unwrap_or_default();
    let full = highest * Decimal::new(105, 2);
    let long = |value: Decimal| place(value, full, length);
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, row) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text("pic-text", "start", 0, top + 19, &short(&row.title, 30));
        svg.rect("pic-track", LABEL, top, length, 28);
        let shown = if let Some(value) = row.value {
            svg.rect("pic-bar", LABEL, top + 7, long(value).max(2), 14);
            numbers::decimal(value)
        } else {
            "—".to_owned()
        };
        svg.text("pic-text pic-strong", "end", WIDTH, top + 19, &shown);
        if let Some(mark) = row.mark {
            let x = LABEL + long(mark);
            svg.line("pic-target", (x, top), (x, top + 28));
        }
    }
    let sentences = of.iter().map(|row| row.sentence(unit, mark));
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_no_bar_and_everything_is_told() {
        let row = |title: &str, value: Option<i64>, mark: Option<i64>| Against {
            title: title.to_owned(),
            value: value.map(Into::into),
            mark: mark.map(Into::into),
        };
        let of = [
            row("Les Lilas", Some(92), Some(95)),
            row("<b>Les Roses</b>", None, None),
        ];
        let drawn = against("o", "Occupation", "%", "médiane", &of);
        assert_eq!(drawn.matches("pic-bar").count(), 1);
        assert_eq!(drawn.matches("pic-target").count(), 1);
        assert!(drawn.contains("Les Lilas : 92 %, médiane : 95 %."));
        assert!(drawn.contains("inconnu, médiane : inconnu."));
        assert!(!drawn.contains("<b>"));
    }
}
