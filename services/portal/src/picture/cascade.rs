//! The cascade of a campaign: every contract, what was established, what people did with it.

use super::{Svg, place};
use crate::text::numbers;

/// How many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cascade {
    pub(crate) contracts: i64,
    pub(crate) measured: i64,
    pub(crate) conforming: i64,
    pub(crate) deviating: i64,
    pub(crate) not_assessable: i64,
    pub(crate) reviews: i64,
    pub(crate) concluded: i64,
}

const WIDTH: i64 = 640;
const LABEL: i64 = 264;
const ROW: i64 = 40;

/// One bar a step, all on the scale of the first.
pub(crate) fn cascade(id: &str, of: &Cascade) -> String {
    let steps = [
        ("Contrats à contrôler", of.contracts, "pic-flow"),
        ("Contrôles mesurés", of.measured, "pic-flow"),
        ("Conformes", of.conforming, "pic-flow pic-flow--good"),
        ("En écart", of.deviating, "pic-flow pic-flow--bad"),
        (
            "Non appréciables",
            of.not_assessable,
            "pic-flow pic-flow--mute",
        ),
        ("Revues ouvertes", of.reviews, "pic-flow"),
        (
            "Revues conclues par une personne",
            of.concluded,
            "pic-flow pic-flow--good",
        ),
    ];
    let height = ROW * i64::try_from(steps.len()).unwrap_or(0) + 8;
    let length = WIDTH - LABEL - 80;
    let mut svg = Svg::new(WIDTH, height);
    for (row, (label, count, class)) in (0..).zip(steps) {
        let top = row * ROW + 6;
        svg.text("pic-text", "end", LABEL - 14, top + 20, label);
        svg.rect("pic-track", LABEL, top + 2, length, 26);
        let width = place(count.into(), of.contracts.max(1).into(), length);
        if count > 0 {
            svg.rect(class, LABEL, top + 2, width.max(3), 26);
        }
        svg.text(
            "pic-text pic-strong",
            "start",
            LABEL + length + 12,
            top + 20,
            &numbers::whole(count),
        );
    }
    let sentences = steps
        .iter()
        .map(|(label, count, _)| format!("{label} : {}.", numbers::whole(*count)));
    svg.finish_telling(id, "De la campagne aux revues", sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_drawn_and_told_an_empty_campaign_too() {
        let empty = Cascade {
            contracts: 0,
            measured: 0,
            conforming: 0,
            deviating: 0,
            not_assessable: 0,
            reviews: 0,
            concluded: 0,
        };
        let drawn = cascade("c", &empty);
        assert_eq!(drawn.matches("pic-track").count(), 7);
        assert!(
            !drawn.contains("pic-flow--bad"),
            "nothing is drawn for zero"
        );
        let some = cascade(
            "c",
            &Cascade {
                contracts: 1_200,
                deviating: 3,
                ..empty
            },
        );
        assert!(some.contains("En écart : 3.") && some.contains("pic-flow--bad"));
        assert!(some.contains("1\u{202f}200"));
    }
}
