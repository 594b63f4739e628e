use proptest::prelude::*;

use super::*;

/// EHPAD places and people of 75 and more in the six départements of PACA, 1 January 2023.
const PACA: [(&str, i64, i64); 6] = [
    ("04", 2098, 22_569),
    ("05", 1428, 18_078),
    ("06", 11_559, 148_963),
    ("13", 16_086, 220_608),
    ("83", 10_260, 156_919),
    ("84", 4566, 64_946),
];

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

fn paca() -> (Vec<Inhabited>, Vec<Placed>) {
    let inhabited = PACA.map(|(code, _, population)| Inhabited {
        territory: code.to_owned(),
        title: code.to_owned(),
        population,
    });
    let placed = PACA.map(|(code, places, _)| Placed {
        territory: code.to_owned(),
        kind: CapacityKind::Installed,
        mode: ReceptionMode::Permanent,
        places,
    });
    (inhabited.into(), placed.into())
}

fn change(territory: &str, mode: ReceptionMode, places: i64) -> Change {
    Change {
        territory: territory.to_owned(),
        mode,
        places,
    }
}

#[test]
fn equipment_and_its_dispersion_are_those_of_the_region_in_2023() {
    let (territories, places) = paca();
    let needs = compute(&territories, &places, CapacityKind::Installed, &[]).unwrap();
    let rates: Vec<_> = needs
        .territories
        .iter()
        .map(|row| row.before.equipment)
        .collect();
    let expected = ["92.96", "78.99", "77.60", "72.92", "65.38", "70.30"].map(decimal);
    assert_eq!(rates, expected);
    assert_eq!(
        needs.before,
        Dispersion {
            regional: decimal("72.77"),
            lowest: decimal("65.38"),
            highest: decimal("92.96"),
            ratio: decimal("1.42"),
            variation: decimal("11.38"),
            widest_gap: decimal("20.19"),
        }
    );
    assert_eq!(needs.after, needs.before);
}

#[test]
fn a_scenario_shows_what_it_does_to_inequality() {
    let (territories, places) = paca();
    let move_places = [
        change("04", ReceptionMode::Permanent, -200),
        change("83", ReceptionMode::Permanent, 200),
    ];
    let needs = compute(&territories, &places, CapacityKind::Installed, &move_places).unwrap();
    assert_eq!(needs.after.regional, needs.before.regional);
    assert_eq!(needs.after.ratio, decimal("1.26"));
    assert_eq!(needs.after.variation, decimal("7.71"));
    assert_eq!(needs.after.widest_gap, decimal("11.33"));
    assert_eq!(needs.territories[0].after.equipment, decimal("84.10"));
    assert_eq!(needs.territories[0].installed, 2098);
}

#[test]
fn the_share_in_ordinary_surroundings_counts_places_at_home() {
    let (territories, mut places) = paca();
    places.push(Placed {
        territory: "05".to_owned(),
        kind: CapacityKind::Installed,
        mode: ReceptionMode::Home,
        places: 476,
    });
    let needs = compute(&territories, &places, CapacityKind::Installed, &[]).unwrap();
    assert_eq!(needs.territories[1].before.home_share, decimal("25"));
    assert_eq!(needs.territories[0].before.home_share, decimal("0"));
}

#[test]
fn the_three_capacities_are_not_mixed() {
    let (territories, mut places) = paca();
    places.push(Placed {
        territory: "05".to_owned(),
        kind: CapacityKind::Financed,
        mode: ReceptionMode::Permanent,
        places: 1400,
    });
    let needs = compute(&territories, &places, CapacityKind::Financed, &[]).unwrap();
    let row = &needs.territories[1];
    assert_eq!(
        (row.authorised, row.installed, row.financed),
        (0, 1428, 1400)
    );
    assert_eq!(row.before.equipment, decimal("77.44"));
    assert_eq!(needs.before.ratio, None);
}

#[test]
fn a_scenario_cannot_close_what_is_not_there_nor_reach_elsewhere() {
    let (territories, places) = paca();
    let run = |change: Change| {
        compute(&territories, &places, CapacityKind::Installed, &[change]).unwrap_err()
    };
    assert_eq!(
        run(change("05", ReceptionMode::Home, -1)),
        MedicosocialRefusal::TooFewPlaces("05".to_owned())
    );
    assert_eq!(
        run(change("38", ReceptionMode::Home, 1)),
        MedicosocialRefusal::UnknownTerritory("38".to_owned())
    );
}

#[test]
fn nobody_and_no_place_give_no_figure_rather_than_a_wrong_one() {
    assert_eq!(dispersion(&[]), Dispersion::default());
    let nobody = dispersion(&[(10, 0)]);
    assert_eq!(nobody, Dispersion::default());
    let empty = dispersion(&[(0, 10)]);
    assert_eq!(
        (empty.regional, empty.ratio, empty.variation),
        (decimal("0"), None, None)
    );
}

proptest! {
    #[test]
    fn a_square_root_squared_is_the_value(hundredths in 0i64..100_000_000) {
        let value = Decimal::new(hundredths, 2);
        let root = square_root(value);
        prop_assert!((root * root - value).abs() < Decimal::new(1, 5));
    }

    #[test]
    fn territories_that_are_equal_have_no_dispersion(places in 1i64..5000, people in 1i64..200_000, count in 1usize..20) {
        let found = dispersion(&vec![(places, people); count]);
        prop_assert_eq!(found.ratio, decimal("1"));
        prop_assert!(found.variation.unwrap() < Decimal::new(1, 1));
    }
}
