//! Where one figure stands among those of others: a row of dots for each group, with its quartiles and its median where
//! they are told.

use kernel::Decimal;

use super::{Svg, place, short};
use crate::text::numbers;

/// One group. Without points, only what the group amounts to is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Strip {
    pub(crate) title: String,
    /// Each figure, and whether it has a finding.
    pub(crate) points: Vec<(Decimal, bool)>,
    pub(crate) quartiles: Option<(Decimal, Decimal)>,
    pub(crate) median: Option<Decimal>,
    /// What the group amounts to, in words.
    pub(crate) said: String,
}

const WIDTH: i64 = 720;
const LABEL: i64 = 200;
const MARGIN: i64 = 20;
const ROW: i64 = 40;
const TOP: i64 = 40;
const RADIUS: i64 = 5;

/// All rows on one axis from zero, with a line at 1, the target, and one at the figure they are compared with.
pub(crate) fn strips(id: &str, title: &str, own: Option<Decimal>, of: &[Strip]) -> String {
    let rows = i64::try_from(of.len()).unwrap_or(0);
    let length = WIDTH - LABEL - MARGIN;
    let highest = of
        .iter()
        .flat_map(|row| {
            let points = row.points.iter().map(|(value, _)| *value);
            points.chain(row.quartiles.map(|(_, high)| high))
        })
        .chain(own)
        .max()
        .unwrap_or_default();
    // A figure that is very far away stands at the edge rather than flatten the others.
    let full = (highest * Decimal::new(108, 2))
        .max(Decimal::new(12, 1))
        .min(Decimal::from(3));
    let at = |value: Decimal| LABEL + place(value, full, length);
    let height = TOP + rows * ROW + 8;
    let mut svg = Svg::new(WIDTH, height);
    let target = at(Decimal::ONE);
    svg.text("pic-soft", "middle", target, 14, "cible");
    svg.line("pic-now", (target, 18), (target, height - 6));
    for (rank, row) in (0..).zip(of) {
        let middle = TOP + rank * ROW + 15;
        svg.text("pic-text", "start", 0, middle + 4, &short(&row.title, 28));
        svg.line("pic-axis", (LABEL, middle), (LABEL + length, middle));
        if let Some((low, high)) = row.quartiles {
            let (from, to) = (at(low), at(high));
            svg.rect("pic-band", from, middle - 10, to - from, 20);
        }
        if let Some(median) = row.median {
            let at = at(median);
            svg.line("pic-span", (at, middle - 10), (at, middle + 10));
        }
        for (value, has_finding) in &row.points {
            let class = if *has_finding {
                "pic-mean pic-span--apart"
            } else {
                "pic-mean"
            };
            svg.circle(class, at(*value), middle, RADIUS);
        }
    }
    if let Some(own) = own {
        svg.text("pic-soft", "middle", at(own), 30, "ce contrat");
        svg.line("pic-target", (at(own), 34), (at(own), height - 6));
    }
    let own = own.map(|own| format!("Ce contrat : {}.", numbers::decimal(own)));
    let groups = of
        .iter()
        .map(|row| format!("{} : {}.", row.title, row.said));
    let sentences = own.into_iter().chain(groups);
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn every_figure_is_drawn_and_the_group_is_told_in_words() {
        let row = Strip {
            title: "Campagne".to_owned(),
            points: vec![(decimal("0.7"), true), (decimal("0.96"), false)],
            quartiles: Some((decimal("0.8"), decimal("1"))),
            median: Some(decimal("0.9")),
            said: "6 contrats, médiane 0,9".to_owned(),
        };
        let drawn = strips("s", "Rapports", Some(decimal("0.6667")), &[row]);
        assert_eq!(drawn.matches("<circle").count(), 2);
        assert_eq!(drawn.matches("pic-span--apart").count(), 1);
        assert!(drawn.contains("Ce contrat : 0,6667. Campagne : 6 contrats, médiane 0,9."));
        assert!(drawn.contains("pic-band") && drawn.contains("ce contrat"));
    }

    #[test]
    fn a_group_without_figures_and_a_figure_far_away_stay_in_the_picture() {
        let row = Strip {
            title: "<b>Département</b>".to_owned(),
            points: vec![(decimal("250"), false)],
            ..Strip::default()
        };
        let drawn = strips("s", "Rapports", None, &[row, Strip::default()]);
        assert!(drawn.contains(&format!(r#"cx="{}""#, WIDTH - MARGIN)));
        assert!(!drawn.contains("<b>") && !drawn.contains("ce contrat"));
    }
}
