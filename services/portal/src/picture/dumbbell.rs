//! Before and after, one row each, around a common line: does a scenario bring territories nearer to one another?

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One row. `after` is none where nothing would change anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) title: String,
    pub(crate) before: Decimal,
    pub(crate) after: Option<Decimal>,
}

impl Change {
    fn figures(&self) -> String {
        match self.after {
            Some(after) if after != self.before => format!(
                "{} → {}",
                numbers::decimal(self.before),
                numbers::decimal(after)
            ),
            _ => numbers::decimal(self.before),
        }
    }
}

const WIDTH: i64 = 720;
const LABEL: i64 = 200;
const FIGURES: i64 = 140;
const ROW: i64 = 32;
const TOP: i64 = 26;

/// `line` is the figure of the whole, named by `line_title`.
pub(crate) fn changes(
    id: &str,
    title: &str,
    line: Option<(Decimal, &str)>,
    of: &[Change],
) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - FIGURES;
    let highest = of
        .iter()
        .flat_map(|row| [Some(row.before), row.after])
        .chain([line.map(|(value, _)| value)])
        .flatten()
        .max()
        .unwrap_or_default();
    let full = highest * Decimal::new(108, 2);
    let at = |value: Decimal| LABEL + place(value, full, length);
    let height = TOP + rows * ROW + 8;
    let mut svg = Svg::new(WIDTH, height);
    if let Some((value, name)) = line {
        svg.text("pic-soft", "middle", at(value), 14, name);
        svg.line("pic-target", (at(value), TOP - 4), (at(value), height - 6));
    }
    for (rank, row) in (0..).zip(of) {
        let middle = TOP + rank * ROW + 15;
        svg.text("pic-text", "start", 0, middle + 4, &short(&row.title, 28));
        svg.line("pic-axis", (LABEL, middle), (LABEL + length, middle));
        if let Some(after) = row.after.filter(|after| *after != row.before) {
            svg.line("pic-span", (at(row.before), middle), (at(after), middle));
            svg.circle("pic-before", at(row.before), middle, 5);
            svg.circle("pic-mean", at(after), middle, 7);
        } else {
            svg.circle("pic-mean", at(row.before), middle, 7);
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

    #[test]
    fn a_change_has_two_points_and_the_rest_one() {
        let row = |title: &str, before: i64, after: Option<i64>| Change {
            title: title.to_owned(),
            before: before.into(),
            after: after.map(Into::into),
        };
        let of = [row("Nord", 90, Some(100)), row("Sud", 110, Some(110))];
        let drawn = changes("d", "Taux", Some((100.into(), "région")), &of);
        assert_eq!(drawn.matches("<circle").count(), 3);
        assert!(drawn.contains("Nord : 90 → 100. Sud : 110."));
        assert!(drawn.contains("région"));
    }
}
