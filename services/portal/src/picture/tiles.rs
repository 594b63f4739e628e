//! A territory as tiles, one a département, shaded by value: what a map would say, without its distortions.

use kernel::Decimal;

use super::Svg;
use crate::text::numbers;

/// One département.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    /// INSEE code.
    pub(crate) code: String,
    pub(crate) value: Decimal,
}

const SIDE: i64 = 84;
const COLUMNS: i64 = 8;
const CLASSES: i64 = 4;

/// Tiles in the order of their codes, in classes of equal width; zero stands apart.
pub(crate) fn tiles(id: &str, title: &str, of: &[Tile]) -> String {
    let count = i64::try_from(of.len()).unwrap_or(0);
    let columns = count.clamp(1, COLUMNS);
    let rows = (count + columns - 1) / columns;
    let largest = of.iter().map(|tile| tile.value).max().unwrap_or_default();
    let mut svg = Svg::new(columns * SIDE, (rows * SIDE).max(1));
    for (place, tile) in (0..).zip(of) {
        let (x, y) = ((place % columns) * SIDE, (place / columns) * SIDE);
        let class = class_of(tile.value, largest);
        let text = match class {
            4 => "pic-on pic-on--inverse",
            3 => "pic-on pic-on--mid",
            _ => "pic-on",
        };
        svg.rect(&format!("pic-tile pic-tile--{class}"), x, y, SIDE, SIDE);
        svg.text(text, "middle", x + SIDE / 2, y + 30, &tile.code);
        svg.text(
            &format!("{text} pic-strong"),
            "middle",
            x + SIDE / 2,
            y + 54,
            &numbers::decimal(tile.value),
        );
    }
    let sentences = of
        .iter()
        .map(|tile| format!("{} : {}.", tile.code, numbers::decimal(tile.value)));
    svg.finish_telling(id, title, sentences)
}

/// From 0 (nothing) to 4 (the largest).
fn class_of(value: Decimal, largest: Decimal) -> i64 {
    if value <= Decimal::ZERO || largest <= Decimal::ZERO {
        return 0;
    }
    let share = (value / largest * Decimal::from(CLASSES)).ceil();
    i64::try_from(share).unwrap_or(CLASSES).clamp(1, CLASSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_darkest_and_nothing_stands_apart() {
        let class = |value: i64| class_of(value.into(), 100.into());
        assert_eq!(
            [class(0), class(1), class(25), class(26), class(100)],
            [0, 1, 1, 2, 4]
        );
        assert_eq!(class_of(Decimal::ZERO, Decimal::ZERO), 0);
    }

    #[test]
    fn each_tile_is_told() {
        let drawn = tiles(
            "t",
            "Contrats",
            &[Tile {
                code: "2A".to_owned(),
                value: 3.into(),
            }],
        );
        assert!(drawn.contains("2A : 3."));
    }
}
