//! Where residents are treated and where patients come from.

use std::{cmp::Reverse, collections::BTreeMap};

/// Cases between two places. No place is one that is none of those looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow<P> {
    /// Where patients live.
    pub from: Option<P>,
    /// Where they are treated.
    pub to: Option<P>,
    pub cases: u64,
}

/// What the residents of a place consume and what its establishments produce.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// Cases of residents, wherever they are treated.
    pub consumption: u64,
    /// Cases treated here, wherever patients live.
    pub production: u64,
    /// Cases of residents treated here.
    pub at_home: u64,
}

impl Balance {
    /// Share of consumption that is treated elsewhere (taux de fuite); none without consumption.
    pub fn leak(&self) -> Option<f64> {
        share(self.consumption - self.at_home, self.consumption)
    }

    /// Share of production for patients from elsewhere (taux d’attractivité); none without production.
    pub fn attraction(&self) -> Option<f64> {
        share(self.production - self.at_home, self.production)
    }

    /// Share of consumption that is treated here (autosuffisance).
    pub fn self_sufficiency(&self) -> Option<f64> {
        share(self.at_home, self.consumption)
    }
}

/// `part` over `whole`, none when there is no whole.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of cases are far below 2⁵³"
)]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The balance of every place that has a flow.
pub fn balances<P: Ord + Clone>(flows: &[Flow<P>]) -> BTreeMap<P, Balance> {
    let mut balances: BTreeMap<P, Balance> = BTreeMap::new();
    let none = Balance {
        consumption: 0,
        production: 0,
        at_home: 0,
    };
    for flow in flows {
        if let Some(from) = &flow.from {
            balances.entry(from.clone()).or_insert(none).consumption += flow.cases;
        }
        if let Some(to) = &flow.to {
            let balance = balances.entry(to.clone()).or_insert(none);
            balance.production += flow.cases;
            if flow.from.as_ref() == Some(to) {
                balance.at_home += flow.cases;
            }
        }
    }
    balances
}

/// Share of the activity that a catchment area makes up, in percent.
const CATCHMENT_PERCENT: u64 = 80;

/// The fewest places that give at least 80 % of the cases (bassin de recrutement), the largest first.
pub fn catchment<P: Ord + Clone>(origins: &[(P, u64)]) -> Vec<P> {
    let total: u64 = origins.iter().map(|(_, cases)| cases).sum();
    let mut largest: Vec<&(P, u64)> = origins.iter().filter(|(_, cases)| *cases > 0).collect();
    largest.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    let mut reached = 0;
    let mut places = Vec::new();
    for (place, cases) in largest {
        if reached * 100 >= total * CATCHMENT_PERCENT {
            break;
        }
        reached += cases;
        places.push(place.clone());
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(
        from: Option<&'static str>,
        to: Option<&'static str>,
        cases: u64,
    ) -> Flow<&'static str> {
        Flow { from, to, cases }
    }

    fn rounded(share: Option<f64>) -> String {
        format!("{:.4}", share.unwrap())
    }

    #[test]
    fn the_worked_example_of_two_territories_holds_to_four_decimals() {
        let (a, b) = (Some("A"), Some("B"));
        let flows = [
            flow(a, a, 800),
            flow(a, b, 150),
            flow(a, None, 50),
            flow(b, a, 100),
            flow(b, b, 500),
            flow(None, a, 100),
            flow(None, b, 50),
        ];
        let balances = balances(&flows);
        let (a, b) = (balances["A"], balances["B"]);
        assert_eq!((a.consumption, a.production), (1_000, 1_000));
        assert_eq!((b.consumption, b.production), (600, 700));
        assert_eq!(rounded(a.leak()), "0.2000");
        assert_eq!(rounded(a.attraction()), "0.2000");
        assert_eq!(rounded(a.self_sufficiency()), "0.8000");
        assert_eq!(rounded(b.leak()), "0.1667");
        assert_eq!(rounded(b.attraction()), "0.2857");
    }

    #[test]
    fn shares_of_a_place_complete_each_other() {
        let (a, b) = (Some("A"), Some("B"));
        let flows = [
            flow(a, a, 617),
            flow(a, b, 211),
            flow(a, None, 43),
            flow(b, a, 97),
            flow(b, b, 389),
            flow(None, a, 131),
        ];
        let balances = balances(&flows);
        let a = balances["A"];
        // 617 of 871 stay, 617 of 845 are residents.
        assert_eq!(rounded(a.self_sufficiency()), "0.7084");
        assert_eq!(rounded(a.leak()), "0.2916");
        assert_eq!(rounded(a.attraction()), "0.2698");
        assert_eq!(rounded(share(a.at_home, a.production)), "0.7302");
        let b = balances["B"];
        assert_eq!(rounded(b.self_sufficiency()), "0.8004");
        assert_eq!(rounded(b.leak()), "0.1996");
        assert_eq!(rounded(b.attraction()), "0.3517");
        // Market shares of two establishments of A on what is treated there.
        assert_eq!(rounded(share(500, a.production)), "0.5917");
        assert_eq!(rounded(share(345, a.production)), "0.4083");
    }

    #[test]
    fn without_cases_there_is_no_share() {
        let balances = balances(&[flow(None, Some("A"), 3)]);
        assert_eq!(balances["A"].leak(), None);
        assert_eq!(balances["A"].attraction(), Some(1.0));
    }

    #[test]
    fn a_catchment_is_the_fewest_places_that_make_eighty_percent() {
        let origins = [("x", 50), ("y", 10), ("z", 30), ("w", 10), ("v", 0)];
        assert_eq!(catchment(&origins), ["x", "z"]);
        assert_eq!(catchment(&[("x", 79), ("y", 21)]), ["x", "y"]);
        // Exactly 80 % is enough; of equals the first in order is taken.
        assert_eq!(catchment(&[("x", 40), ("z", 40), ("y", 20)]), ["x", "z"]);
        assert_eq!(catchment(&[("z", 1), ("y", 1), ("x", 1)]), ["x", "y", "z"]);
        assert_eq!(catchment::<&str>(&[]), Vec::<&str>::new());
    }
}
