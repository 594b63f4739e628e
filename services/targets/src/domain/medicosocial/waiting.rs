//! People who wait for a place, by territory, as far as somebody told it: who did not tell is counted as not having told,
//! never as nobody waiting.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Finess;

use crate::domain::offer::WaitingList;

/// Who waits in a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// None when no establishment told it.
    pub persons: Option<i64>,
    pub establishments: i32,
    /// Establishments that told how many wait.
    pub told: i32,
}

/// Adds up the lists of establishments by the territory their places are in. An establishment with places in two
/// territories cannot say in which of them people wait: it counts as not having told.
pub fn by_territory(
    places: &[(String, Finess)],
    lists: &[WaitingList],
) -> BTreeMap<String, Waiting> {
    let mut persons: BTreeMap<Finess, i64> = BTreeMap::new();
    for list in lists {
        *persons.entry(list.establishment).or_default() += i64::from(list.persons);
    }
    let pairs: BTreeSet<&(String, Finess)> = places.iter().collect();
    let mut territories_of: BTreeMap<Finess, usize> = BTreeMap::new();
    for (_, establishment) in &pairs {
        *territories_of.entry(*establishment).or_default() += 1;
    }
    let mut found: BTreeMap<String, Waiting> = BTreeMap::new();
    for (territory, establishment) in pairs {
        let waiting = found.entry(territory.clone()).or_default();
        waiting.establishments += 1;
        let is_in_one = territories_of.get(establishment) == Some(&1);
        if let Some(told) = persons.get(establishment).filter(|_| is_in_one) {
            waiting.told += 1;
            waiting.persons = Some(waiting.persons.unwrap_or_default() + told);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::domain::medicosocial::{CarePublic, ReceptionMode};

    #[test]
    fn who_did_not_tell_is_not_nobody_waiting() {
        let (one, two): (Finess, Finess) =
            ("010000040".parse().unwrap(), "750712184".parse().unwrap());
        let list = |establishment, persons| WaitingList {
            establishment,
            mode: ReceptionMode::Permanent,
            public: CarePublic::OlderPeople,
            day: date!(2024 - 01 - 01),
            persons,
            source: "ViaTrajectoire".to_owned(),
        };
        let place = |territory: &str, establishment| (territory.to_owned(), establishment);
        let places = [place("04", one), place("04", two), place("05", two)];
        let found = by_territory(&places, &[list(one, 0), list(two, 7)]);
        let nobody_waits = Waiting {
            persons: Some(0),
            establishments: 2,
            told: 1,
        };
        let not_known = Waiting {
            persons: None,
            establishments: 1,
            told: 0,
        };
        assert_eq!(found["04"], nobody_waits);
        assert_eq!(found["05"], not_known);
    }
}
