//! One figure of many establishments on one axis: each as a dot, beside the middle and between the outer tenths. Who is far
//! from the others is marked, not ranked.

use kernel::Decimal;

use super::{Svg, place};
use crate::text::numbers;

/// One establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) title: String,
    pub(crate) value: Decimal,
    /// There is something to ask of it.
    pub(crate) is_asked: bool,
}

/// What the group is, as far as it may be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spread {
    pub(crate) median: Option<Decimal>,
    /// A tenth is below the first, a tenth above the second.
    pub(crate) tenths: Option<(Decimal, Decimal)>,
}

const WIDTH: i64 = 720;
/// Room for the labels of the two ends.
const MARGIN: i64 = 60;
const RADIUS: i64 = 6;
/// Dots that are nearer than this stand one above the other.
const STEP: i64 = 16;
const TOP: i64 = 28;
const FOOT: i64 = 34;

/// The axis goes from the lowest figure to the highest.
pub(crate) fn spots(id: &str, title: &str, spread: Spread, of: &[Spot]) -> String {
    let tenths = spread.tenths.map(|(low, high)| [low, high]);
    let all: Vec<Decimal> = of
        .iter()
        .map(|spot| spot.value)
        .chain(spread.median)
        .chain(tenths.into_iter().flatten())
        .collect();
    let lowest = all.iter().min().copied().unwrap_or_default();
    let highest = all.iter().max().copied().unwrap_or_default();
    let length = WIDTH - 2 * MARGIN;
    let at = |value: Decimal| MARGIN + place(value - lowest, highest - lowest, length);
    let (dots, levels) = piled(of, at);
    let base = TOP + levels.max(1) * STEP + RADIUS;
    let mut svg = Svg::new(WIDTH, base + FOOT);
    if let Some((low, high)) = spread.tenths {
        let width = at(high) - at(low);
        svg.rect("pic-band", at(low), TOP, width, base - TOP);
    }
    svg.line("pic-axis", (MARGIN, base), (WIDTH - MARGIN, base));
    if let Some(median) = spread.median {
        let x = at(median);
        svg.line("pic-target", (x, TOP - 4), (x, base));
        let told = format!("médiane {}", numbers::decimal(median));
        svg.text("pic-soft", "middle", x, 16, &told);
    }
    for (x, level, is_asked) in dots {
        let class = if is_asked {
            "pic-mean pic-span--apart"
        } else {
            "pic-mean"
        };
        svg.circle(class, x, base - RADIUS - 2 - level * STEP, RADIUS);
    }
    if !of.is_empty() {
        for end in [lowest, highest] {
            let told = numbers::decimal(end);
            svg.text("pic-soft", "middle", at(end), base + 20, &told);
        }
    }
    svg.finish(id, title, &sentences(spread, of))
}

/// Where each dot stands, and on how many levels: those that would cover one another are piled up.
fn piled(of: &[Spot], at: impl Fn(Decimal) -> i64) -> (Vec<(i64, i64, bool)>, i64) {
    let mut sorted: Vec<&Spot> = of.iter().collect();
    sorted.sort_by_key(|spot| spot.value);
    let mut last: Vec<i64> = Vec::new();
    let mut dots = Vec::new();
    for spot in sorted {
        let x = at(spot.value);
        let free = last.iter().position(|end| end + STEP <= x);
        let level = free.unwrap_or(last.len());
        if let Some(end) = last.get_mut(level) {
            *end = x;
        } else {
            last.push(x);
        }
        let level = i64::try_from(level).unwrap_or(0);
        dots.push((x, level, spot.is_asked));
    }
    (dots, i64::try_from(last.len()).unwrap_or(0))
}

fn sentences(spread: Spread, of: &[Spot]) -> String {
    let mut told = Vec::new();
    if let Some(median) = spread.median {
        told.push(format!("Médiane : {}.", numbers::decimal(median)));
    }
    if let Some((low, high)) = spread.tenths {
        told.push(format!(
            "Un dixième est au-dessous de {}, un dixième au-dessus de {}.",
            numbers::decimal(low),
            numbers::decimal(high)
        ));
    }
    told.extend(of.iter().map(|spot| {
        let asked = if spot.is_asked {
            ", une question lui est posée"
        } else {
            ""
        };
        format!("{} : {}{asked}.", spot.title, numbers::decimal(spot.value))
    }));
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(title: &str, value: i64, is_asked: bool) -> Spot {
        Spot {
            title: title.to_owned(),
            value: value.into(),
            is_asked,
        }
    }

    #[test]
    fn every_establishment_is_drawn_and_who_is_asked_is_marked() {
        let of = [
            spot("A", 10, false),
            spot("B", 20, false),
            spot("<b>C</b>", 90, true),
        ];
        let spread = Spread {
            median: Some(20.into()),
            tenths: Some((10.into(), 80.into())),
        };
        let drawn = spots("s", "Coûts", spread, &of);
        assert_eq!(drawn.matches("<circle").count(), 3);
        assert_eq!(drawn.matches("pic-span--apart").count(), 1);
        assert!(drawn.contains("Médiane : 20. Un dixième est au-dessous de 10"));
        assert!(drawn.contains("A : 10. B : 20."));
        assert!(!drawn.contains("<b>"));
    }

    #[test]
    fn dots_do_not_cover_one_another() {
        let of = [
            spot("A", 5, false),
            spot("B", 5, false),
            spot("C", 100, false),
        ];
        let (dots, levels) = piled(&of, |value| i64::try_from(value).unwrap());
        assert_eq!(levels, 2);
        assert_eq!(dots, [(5, 0, false), (5, 1, false), (100, 0, false)]);
    }

    #[test]
    fn a_small_group_has_no_middle_and_an_empty_one_no_dot() {
        let drawn = spots("s", "Peu", Spread::default(), &[spot("A", 1, false)]);
        assert!(!drawn.contains("pic-target") && !drawn.contains("pic-band"));
        assert!(spots("v", "Rien", Spread::default(), &[]).contains("viewBox"));
    }
}
