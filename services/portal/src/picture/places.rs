//! Territories as tiles of one size, coloured by where each stands against a reference: a map without shapes, so that a
//! large and empty territory weighs no more than a small and full one.

use super::{Svg, short};

/// Where a territory stands against the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    WellBelow,
    Below,
    /// Chance alone explains the difference.
    Alike,
    Above,
    WellAbove,
    /// Statistical secrecy: the figure exists and is not told.
    Hidden,
    /// Not measured.
    Unknown,
}

impl Standing {
    /// From lowest to highest, for a legend.
    pub(crate) const ALL: [Self; 7] = [
        Self::WellBelow,
        Self::Below,
        Self::Alike,
        Self::Above,
        Self::WellAbove,
        Self::Hidden,
        Self::Unknown,
    ];

    /// From an index around 1 and whether chance alone explains it.
    pub(crate) fn of(index: f64, is_significant: bool) -> Self {
        match (is_significant, index) {
            (false, _) => Self::Alike,
            (true, index) if index < 0.8 => Self::WellBelow,
            (true, index) if index < 1.0 => Self::Below,
            (true, index) if index <= 1.2 => Self::Above,
            (true, _) => Self::WellAbove,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::WellBelow => "pic-place--low2",
            Self::Below => "pic-place--low1",
            Self::Alike => "pic-place--same",
            Self::Above => "pic-place--high1",
            Self::WellAbove => "pic-place--high2",
            Self::Hidden => "pic-place--hidden",
            Self::Unknown => "pic-place--none",
        }
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::WellBelow => "très inférieur (plus de 20 %)",
            Self::Below => "inférieur",
            Self::Alike => "pas d’écart établi",
            Self::Above => "supérieur",
            Self::WellAbove => "très supérieur (plus de 20 %)",
            Self::Hidden => "non diffusé (effectif trop faible)",
            Self::Unknown => "non mesuré",
        }
    }

    /// Says the same as the colour, for those who do not see it.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::WellBelow => "▼▼",
            Self::Below => "▼",
            Self::Alike => "≈",
            Self::Above => "▲",
            Self::WellAbove => "▲▲",
            Self::Hidden => "×",
            Self::Unknown => "",
        }
    }

    fn on(self) -> &'static str {
        match self {
            Self::WellBelow | Self::WellAbove => "pic-on pic-on--inverse",
            _ => "pic-on",
        }
    }
}

/// One territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) title: String,
    /// The figure as it is read.
    pub(crate) value: String,
    pub(crate) standing: Standing,
}

const WIDTH: i64 = 150;
const HEIGHT: i64 = 84;
const GAP: i64 = 6;
const COLUMNS: i64 = 4;
const LONGEST: usize = 20;

/// Tiles in the order they are given.
pub(crate) fn places(id: &str, title: &str, of: &[Place]) -> String {
    let count = i64::try_from(of.len()).unwrap_or(0);
    let columns = count.clamp(1, COLUMNS);
    let rows = ((count + columns - 1) / columns).max(1);
    let mut svg = Svg::new(columns * (WIDTH + GAP) - GAP, rows * (HEIGHT + GAP) - GAP);
    for (rank, place) in (0..).zip(of) {
        let x = (rank % columns) * (WIDTH + GAP);
        let y = (rank / columns) * (HEIGHT + GAP);
        let on = place.standing.on();
        let class = format!("pic-place {}", place.standing.class());
        svg.rect(&class, x, y, WIDTH, HEIGHT);
        svg.text(on, "start", x + 12, y + 24, &short(&place.title, LONGEST));
        let figure = format!("{on} pic-figure");
        svg.text(&figure, "start", x + 12, y + 62, &place.value);
        let sign = format!("{on} pic-strong");
        svg.text(&sign, "end", x + WIDTH - 12, y + 60, place.standing.sign());
    }
    let sentences = of.iter().map(|place| {
        let standing = place.standing.label();
        format!("{} : {}, {standing}.", place.title, place.value)
    });
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_alone_is_no_difference() {
        assert_eq!(Standing::of(1.5, false), Standing::Alike);
        assert_eq!(Standing::of(1.5, true), Standing::WellAbove);
        assert_eq!(Standing::of(1.2, true), Standing::Above);
        assert_eq!(Standing::of(0.79, true), Standing::WellBelow);
        assert_eq!(Standing::of(0.8, true), Standing::Below);
    }

    #[test]
    fn every_territory_is_drawn_and_told() {
        let place = |title: &str, standing| Place {
            title: title.to_owned(),
            value: "1,25".to_owned(),
            standing,
        };
        let all = [
            place("Vallée de la Durance supérieure", Standing::Above),
            place("<b>Côte</b>", Standing::Unknown),
        ];
        let drawn = places("carte", "Indices", &all);
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("Vallée de la Durance supérieure : 1,25, supérieur."));
        assert!(!drawn.contains("<b>"));
        assert!(places("vide", "Rien", &[]).contains("viewBox"));
    }
}
