//! What is used and what is produced, one pair of bars a row, beside what would be expected.

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beside {
    pub(crate) title: String,
    pub(crate) expected: Decimal,
    pub(crate) used: Decimal,
    /// None where it was not computed.
    pub(crate) produced: Option<Decimal>,
}

impl Beside {
    fn sentence(&self) -> String {
        let produced = self.produced.map_or_else(String::new, |produced| {
            format!(", produits {}", numbers::decimal(produced))
        });
        format!(
            "{} : attendus {}, consommés {}{produced}.",
            self.title,
            numbers::decimal(self.expected),
            numbers::decimal(self.used)
        )
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 220;
const FIGURES: i64 = 120;
const ROW: i64 = 48;

/// All on the scale of the largest figure.
pub(crate) fn beside(id: &str, title: &str, of: &[Beside]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let highest = of
        .iter()
        .map(|row| {
            row.expected
                .max(row.used)
                .max(row.produced.unwrap_or_default())
        })
        .max()
        .unwrap_or_default();
    let full = highest * Decimal::new(105, 2);
    let long = |value: Decimal| place(value, full, length);
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, row) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text("pic-text", "start", 0, top + 24, &short(&row.title, 30));
        svg.rect("pic-track", LABEL, top, length, 38);
        svg.rect("pic-bar", LABEL, top + 5, long(row.used).max(2), 12);
        let used = numbers::decimal(row.used);
        svg.text("pic-text pic-strong", "end", WIDTH, top + 15, &used);
        if let Some(produced) = row.produced {
            svg.rect("pic-bar--open", LABEL, top + 21, long(produced).max(2), 12);
            let produced = numbers::decimal(produced);
            svg.text("pic-soft", "end", WIDTH, top + 32, &produced);
        }
        let x = LABEL + long(row.expected);
        svg.line("pic-target", (x, top), (x, top + 38));
    }
    let sentences = of.iter().map(Beside::sentence);
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_drawn_where_it_is_known_and_everything_is_told() {
        let row = |title: &str, produced: Option<i64>| Beside {
            title: title.to_owned(),
            expected: 100.into(),
            used: 120.into(),
            produced: produced.map(Into::into),
        };
        let of = [row("Chirurgie", Some(80)), row("<b>Médecine</b>", None)];
        let drawn = beside("b", "Activité", &of);
        assert_eq!(drawn.matches("pic-bar--open").count(), 1);
        assert_eq!(drawn.matches("pic-target").count(), 2);
        assert!(drawn.contains("Chirurgie : attendus 100, consommés 120, produits 80."));
        assert!(!drawn.contains("<b>"));
    }
}
