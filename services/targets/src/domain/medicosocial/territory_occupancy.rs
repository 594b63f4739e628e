//! Occupancy by territory, as far as it is known: the days of the establishments that told them, over the days that their
//! places offered. Who is not known is counted as not known, neither as empty nor as full.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Decimal, Finess};

use super::{Occupancy, ReceptionMode, modulation::to_hundredths};

/// How the places of a mode were occupied in a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerritoryOccupancy {
    pub mode: ReceptionMode,
    /// Percent; none when too few establishments are known.
    pub rate: Option<Decimal>,
    pub establishments: i32,
    /// Establishments whose occupancy is known.
    pub known: i32,
}

/// Adds up the occupancies of a mode by the territory the places are in. An establishment with places in two territories
/// cannot say in which of them its days are: it counts as not known. With fewer than `fewest` that are known, no rate is
/// told: it would be that of one of them.
pub fn by_territory(
    mode: ReceptionMode,
    places: &BTreeSet<(String, Finess)>,
    known: &[Occupancy],
    fewest: i32,
) -> BTreeMap<String, TerritoryOccupancy> {
    let mut territories_of: BTreeMap<Finess, usize> = BTreeMap::new();
    for (_, establishment) in places {
        *territories_of.entry(*establishment).or_default() += 1;
    }
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for (territory, establishment) in places {
        let sum = sums.entry(territory).or_default();
        sum.establishments += 1;
        let is_in_one = territories_of.get(establishment) == Some(&1);
        let told = known
            .iter()
            .find(|occupancy| occupancy.establishment == *establishment)
            .filter(|_| is_in_one);
        if let Some(occupancy) = told {
            sum.known += 1;
            sum.realised += occupancy.realised_days;
            sum.theoretical += occupancy.theoretical_days;
        }
    }
    sums.into_iter()
        .map(|(territory, sum)| (territory.to_owned(), sum.told(mode, fewest)))
        .collect()
}

#[derive(Debug, Default)]
struct Sum {
    establishments: i32,
    known: i32,
    realised: Decimal,
    theoretical: Decimal,
}

impl Sum {
    fn told(&self, mode: ReceptionMode, fewest: i32) -> TerritoryOccupancy {
        let rate = (self.realised * Decimal::ONE_HUNDRED)
            .checked_div(self.theoretical)
            .map(to_hundredths)
            .filter(|_| self.known >= fewest);
        TerritoryOccupancy {
            mode,
            rate,
            establishments: self.establishments,
            known: self.known,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODE: ReceptionMode = ReceptionMode::Permanent;

    fn number(text: &str) -> Finess {
        text.parse().unwrap()
    }

    fn occupancy(establishment: Finess, realised: i64, theoretical: i64) -> Occupancy {
        Occupancy {
            establishment,
            mode: MODE,
            year: 2023,
            rate: Decimal::ZERO,
            realised_days: realised.into(),
            indicators: &[],
            theoretical_days: theoretical.into(),
            stretches: Vec::new(),
        }
    }

    #[test]
    fn days_are_added_up_and_who_is_not_known_weighs_nothing() {
        let (small, large, silent) = (
            number("010000040"),
            number("750712184"),
            number("590782637"),
        );
        let places = BTreeSet::from(
            [small, large, silent].map(|establishment| ("04".to_owned(), establishment)),
        );
        let known = [occupancy(small, 50, 100), occupancy(large, 290, 300)];
        let found = by_territory(MODE, &places, &known, 1)["04"];
        // 340 days of 400, and not the mean of 50 % and 96.67 %.
        assert_eq!(found.rate, Some(85.into()));
        assert_eq!((found.establishments, found.known), (3, 2));
        assert_eq!(by_territory(MODE, &places, &known, 3)["04"].rate, None);
        assert_eq!(by_territory(MODE, &places, &[], 1)["04"].rate, None);
    }

    #[test]
    fn who_has_places_in_two_territories_cannot_tell_where_its_days_are() {
        let one = number("010000040");
        let places = BTreeSet::from([("04".to_owned(), one), ("05".to_owned(), one)]);
        let found = by_territory(MODE, &places, &[occupancy(one, 50, 100)], 1);
        for territory in ["04", "05"] {
            let found = found[territory];
            assert_eq!(
                (found.rate, found.establishments, found.known),
                (None, 1, 0)
            );
        }
    }
}
