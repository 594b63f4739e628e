//! Bullet charts: for each year the target, its tolerance band, and what was realised.

use kernel::Decimal;

use super::{Svg, place};
use crate::text::numbers;

/// What was realised in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Realised {
    Exact(Decimal),
    /// Somewhere in between: values are hidden by statistical secrecy.
    Between(Decimal, Decimal),
    /// Months are missing.
    SoFar(Decimal),
    Unknown,
}

/// One year of an objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bullet {
    pub(crate) year: i32,
    /// The point to reach; none when the target is a band.
    pub(crate) target: Option<Decimal>,
    /// What conforms.
    pub(crate) band: Option<(Decimal, Decimal)>,
    pub(crate) realised: Realised,
}

impl Bullet {
    /// Whether the figure is known and stands outside what conforms.
    pub(crate) fn is_out(&self) -> bool {
        match (self.realised, self.band) {
            (Realised::Exact(value), Some((low, high))) => value < low || value > high,
            (Realised::Between(low, high), Some((min, max))) => high < min || low > max,
            _ => false,
        }
    }

    fn largest(&self) -> Decimal {
        let realised = match self.realised {
            Realised::Exact(value) | Realised::SoFar(value) | Realised::Between(_, value) => value,
            Realised::Unknown => Decimal::ZERO,
        };
        let high = self.band.map_or(Decimal::ZERO, |(_, high)| high);
        realised.max(high).max(self.target.unwrap_or_default())
    }

    fn sentence(&self, unit: &str) -> String {
        let target = match (self.target, self.band) {
            (Some(target), _) => format!("cible {}", numbers::decimal(target)),
            (None, Some((low, high))) => format!(
                "cible de {} à {}",
                numbers::decimal(low),
                numbers::decimal(high)
            ),
            (None, None) => "sans cible".to_owned(),
        };
        let realised = match self.realised {
            Realised::Exact(value) => format!("réalisé {}", numbers::decimal(value)),
            Realised::Between(low, high) => format!(
                "réalisé entre {} et {}",
                numbers::decimal(low),
                numbers::decimal(high)
            ),
            Realised::SoFar(value) => {
                format!("réalisé {} à ce jour, incomplet", numbers::decimal(value))
            }
            Realised::Unknown => "réalisé inconnu".to_owned(),
        };
        let out = if self.is_out() {
            ", hors tolérance"
        } else {
            ""
        };
        format!("{} : {target} {unit}, {realised}{out}.", self.year)
    }
}

const WIDTH: i64 = 440;
const ROW: i64 = 38;
const LEFT: i64 = 48;
const RIGHT: i64 = 84;

/// One row a year, all on the same axis.
pub(crate) fn bullets(id: &str, title: &str, unit: &str, years: &[Bullet]) -> String {
    let rows = i64::try_from(years.len()).unwrap_or(0);
    let height = rows * ROW + 24;
    let length = WIDTH - LEFT - RIGHT;
    let largest = years.iter().map(Bullet::largest).max().unwrap_or_default();
    // Room after the largest figure, so that nothing touches the edge.
    let full = largest * Decimal::new(108, 2);
    let at = |value: Decimal| LEFT + place(value, full, length);
    let mut svg = Svg::new(WIDTH, height);
    for (row, bullet) in (0..).zip(years) {
        let top = row * ROW + 6;
        let middle = top + 13;
        svg.text("pic-text", "start", 0, middle + 5, &bullet.year.to_string());
        svg.rect("pic-track", LEFT, top, length, 26);
        if let Some((low, high)) = bullet.band {
            let (from, to) = (at(low), at(high));
            svg.rect("pic-band", from, top, (to - from).max(3), 26);
        }
        let out = if bullet.is_out() { " pic-bar--out" } else { "" };
        let told = match bullet.realised {
            Realised::Exact(value) => {
                svg.rect(
                    &format!("pic-bar{out}"),
                    LEFT,
                    top + 8,
                    (at(value) - LEFT).max(2),
                    10,
                );
                numbers::decimal(value)
            }
            Realised::Between(low, high) => {
                svg.rect(&format!("pic-bar{out}"), LEFT, top + 8, at(low) - LEFT, 10);
                svg.rect(
                    "pic-bar--open",
                    at(low),
                    top + 8,
                    (at(high) - at(low)).max(3),
                    10,
                );
                format!("{} à {}", numbers::decimal(low), numbers::decimal(high))
            }
            Realised::SoFar(value) => {
                svg.rect(
                    "pic-bar--open",
                    LEFT,
                    top + 8,
                    (at(value) - LEFT).max(3),
                    10,
                );
                "incomplet".to_owned()
            }
            Realised::Unknown => "—".to_owned(),
        };
        if let Some(target) = bullet.target {
            svg.line("pic-target", (at(target), top + 2), (at(target), top + 24));
        }
        svg.text("pic-text", "end", WIDTH, middle + 5, &told);
    }
    let bottom = rows * ROW + 18;
    svg.text("pic-soft", "start", LEFT, bottom, "0");
    svg.text(
        "pic-soft",
        "end",
        LEFT + length,
        bottom,
        &format!("{} {unit}", numbers::decimal(full.round())),
    );
    let sentences = years.iter().map(|bullet| bullet.sentence(unit));
    svg.finish_telling(id, title, sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(realised: Realised) -> Bullet {
        Bullet {
            year: 2025,
            target: Some(100.into()),
            band: Some((95.into(), 105.into())),
            realised,
        }
    }

    #[test]
    fn only_what_is_certainly_outside_the_band_is_shown_outside() {
        assert!(year(Realised::Exact(94.into())).is_out());
        assert!(!year(Realised::Exact(95.into())).is_out());
        assert!(!year(Realised::Between(90.into(), 96.into())).is_out());
        assert!(year(Realised::Between(80.into(), 94.into())).is_out());
        assert!(!year(Realised::SoFar(10.into())).is_out());
        assert!(!year(Realised::Unknown).is_out());
    }

    #[test]
    fn the_description_holds_the_numbers() {
        let drawn = bullets(
            "o",
            "Séjours",
            "séjours",
            &[year(Realised::Exact(1_234.into()))],
        );
        assert!(
            drawn.contains("réalisé 1\u{202f}234, hors tolérance"),
            "{drawn}"
        );
        assert!(drawn.contains("pic-bar--out") && drawn.contains("<title"));
    }

    #[test]
    fn nothing_known_is_drawn_too() {
        let empty = Bullet {
            year: 2025,
            target: None,
            band: None,
            realised: Realised::Unknown,
        };
        assert!(bullets("o", "t", "", &[empty]).contains("sans cible"));
        assert!(bullets("o", "t", "", &[]).starts_with("<svg"));
    }
}
