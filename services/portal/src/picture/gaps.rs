//! How the years of the objectives of several contracts stand: reached, out of tolerance, not told yet.

use super::{Svg, place, short};
use crate::text::counted;

/// One contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) title: String,
    /// What was realised stands within tolerance, or none is set.
    pub(crate) met: i64,
    pub(crate) out: i64,
    /// Nothing, or not everything, was realised yet.
    pub(crate) open: i64,
}

impl Tally {
    fn total(&self) -> i64 {
        self.met + self.out + self.open
    }

    fn sentence(&self) -> String {
        format!(
            "{} : {} sans écart, {} hors tolérance, {} sans réalisé complet.",
            self.title, self.met, self.out, self.open
        )
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 220;
const FIGURES: i64 = 150;
const ROW: i64 = 38;

/// All on the scale of the contract that has most years.
pub(crate) fn standings(id: &str, title: &str, of: &[Tally]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let most = of.iter().map(Tally::total).max().unwrap_or_default();
    let at = |count: i64| LABEL + place(count.into(), most.into(), length);
    let mut svg = Svg::new(WIDTH, (rows * ROW + 4).max(1));
    for (rank, tally) in (0..).zip(of) {
        let top = rank * ROW + 4;
        svg.text("pic-text", "start", 0, top + 19, &short(&tally.title, 30));
        svg.rect("pic-track", LABEL, top, length, 28);
        let parts = [
            ("pic-bar", tally.met),
            ("pic-bar--out", tally.out),
            ("pic-bar--open", tally.open),
        ];
        let mut before = 0;
        for (class, count) in parts {
            if count > 0 {
                let (from, to) = (at(before), at(before + count));
                svg.rect(class, from, top + 6, (to - from - 2).max(2), 16);
            }
            before += count;
        }
        let gaps = counted(tally.out, "écart", "écarts");
        let shown = format!("{gaps} sur {}", tally.total());
        svg.text("pic-text pic-strong", "end", WIDTH, top + 19, &shown);
    }
    let sentences = of.iter().map(Tally::sentence);
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_that_has_years_is_drawn_and_everything_is_told() {
        let of = [
            Tally {
                title: "93-2024-0001".to_owned(),
                met: 6,
                out: 2,
                open: 4,
            },
            Tally {
                title: "<b>93-2024-0002</b>".to_owned(),
                ..Tally::default()
            },
        ];
        let drawn = standings("s", "Objectifs", &of);
        assert_eq!(drawn.matches("<rect").count(), 2 + 3);
        assert!(drawn.contains("2 écarts sur 12"));
        assert!(
            drawn
                .contains("93-2024-0001 : 6 sans écart, 2 hors tolérance, 4 sans réalisé complet.")
        );
        assert!(!drawn.contains("<b>"));
    }
}
