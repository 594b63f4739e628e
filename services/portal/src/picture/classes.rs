//! Classes of equal width between the lowest and the highest figure, with bounds that are easily read.

use kernel::Decimal;

use crate::text::numbers;

/// From palest to darkest.
const CLASSES: [&str; 4] = ["pic-tile--1", "pic-tile--2", "pic-tile--3", "pic-tile--4"];

/// The classes of some figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Classes {
    low: Decimal,
    width: Decimal,
}

impl Classes {
    /// None without a figure.
    pub(crate) fn of(values: impl Iterator<Item = Decimal>) -> Option<Self> {
        let (mut low, mut high) = (None, None);
        for value in values {
            low = Some(low.map_or(value, |low: Decimal| low.min(value)));
            high = Some(high.map_or(value, |high: Decimal| high.max(value)));
        }
        let ten = Decimal::TEN;
        let low = (low? * ten).floor() / ten;
        let count = Decimal::from(4);
        let width = ((high? - low) / count * ten).ceil() / ten;
        Some(Self { low, width })
    }

    /// The class of a colour.
    pub(crate) fn class(&self, value: Decimal) -> &'static str {
        if self.width <= Decimal::ZERO {
            return CLASSES[0];
        }
        let rank = ((value - self.low) / self.width).floor();
        let rank = usize::try_from(rank).unwrap_or_default();
        CLASSES[rank.min(CLASSES.len() - 1)]
    }

    /// Each class with its bounds.
    pub(crate) fn legend(&self) -> Vec<(&'static str, String)> {
        let bound = |rank: i64| numbers::decimal(self.low + self.width * Decimal::from(rank));
        if self.width <= Decimal::ZERO {
            return vec![(CLASSES[0], bound(0))];
        }
        (0..)
            .zip(CLASSES)
            .map(|(rank, class)| (class, format!("de {} à {}", bound(rank), bound(rank + 1))))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimals(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn every_figure_has_a_class_between_its_bounds() {
        let values = decimals(&["10.26", "11", "14.9", "20.01"]);
        let classes = Classes::of(values.iter().copied()).unwrap();
        let drawn: Vec<&str> = values.iter().map(|value| classes.class(*value)).collect();
        assert_eq!(
            drawn,
            ["pic-tile--1", "pic-tile--1", "pic-tile--2", "pic-tile--4"]
        );
        let legend = classes.legend();
        assert_eq!(legend[0], ("pic-tile--1", "de 10,2 à 12,7".to_owned()));
        assert_eq!(legend[3].1, "de 17,7 à 20,2");
    }

    #[test]
    fn one_figure_is_one_class_and_none_is_none() {
        let one = Classes::of(decimals(&["7"]).into_iter()).unwrap();
        assert_eq!(one.legend(), [("pic-tile--1", "7".to_owned())]);
        assert_eq!(one.class(Decimal::from(7)), "pic-tile--1");
        assert_eq!(Classes::of(std::iter::empty()), None);
    }
}
