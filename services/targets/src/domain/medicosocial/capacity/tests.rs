use time::macros::date;

use super::*;

/// Permanent places of an EHPAD.
pub(crate) fn places(kind: CapacityKind, places: i32, valid_from: Date) -> Capacity {
    Capacity {
        establishment: "010000040".parse().unwrap(),
        line: "permanent".to_owned(),
        category: "500".to_owned(),
        kind,
        mode: ReceptionMode::Permanent,
        public: CarePublic::OlderPeople,
        places,
        opening_days: None,
        valid_from,
        commune: "13055".to_owned(),
        plans: Vec::new(),
        decision: "Arrêté du 2 janvier 2017".to_owned(),
    }
}

/// The same number of places authorised and financed.
pub(crate) fn both(number: i32, valid_from: Date) -> [Capacity; 2] {
    [
        places(CapacityKind::Authorised, number, valid_from),
        places(CapacityKind::Financed, number, valid_from),
    ]
}

fn of_year(capacities: &[Capacity], year: i16) -> Result<Vec<Stretch>, MedicosocialRefusal> {
    stretches("010000040".parse().unwrap(), capacities, year)
}

fn theoretical(stretches: &[Stretch]) -> Decimal {
    stretches
        .iter()
        .map(|stretch| stretch.theoretical_days)
        .sum()
}

#[test]
fn a_leap_year_has_a_day_more() {
    let capacities = both(80, date!(2017 - 01 - 01));
    assert_eq!(
        theoretical(&of_year(&capacities, 2023).unwrap()),
        (80 * 365).into()
    );
    assert_eq!(
        theoretical(&of_year(&capacities, 2024).unwrap()),
        (80 * 366).into()
    );
}

#[test]
fn a_change_within_the_year_is_counted_day_by_day_not_averaged() {
    let mut capacities = both(80, date!(2017 - 01 - 01)).to_vec();
    capacities.extend(both(90, date!(2023 - 12 - 01)));
    let stretches = of_year(&capacities, 2023).unwrap();
    assert_eq!(stretches.len(), 2);
    assert_eq!(stretches[0].last_day, date!(2023 - 11 - 30));
    assert_eq!(theoretical(&stretches), (80 * 334 + 90 * 31).into());
}

#[test]
fn only_places_that_are_both_authorised_and_financed_count() {
    let capacities = [
        places(CapacityKind::Authorised, 84, date!(2017 - 01 - 01)),
        places(CapacityKind::Installed, 70, date!(2017 - 01 - 01)),
        places(CapacityKind::Financed, 80, date!(2017 - 01 - 01)),
    ];
    let stretches = of_year(&capacities, 2023).unwrap();
    let [stretch] = stretches.as_slice() else {
        panic!("{stretches:?}");
    };
    assert_eq!(
        (stretch.places, stretch.authorised, stretch.financed),
        (80, 84, 80)
    );
}

#[test]
fn what_is_known_of_one_kind_only_is_unknown_from_its_first_day() {
    let mut capacities = both(80, date!(2017 - 01 - 01)).to_vec();
    let mut uhr = places(CapacityKind::Authorised, 12, date!(2023 - 07 - 01));
    uhr.line = "uhr".to_owned();
    capacities.push(uhr);
    assert_eq!(
        of_year(&capacities, 2023),
        Err(MedicosocialRefusal::CapacityUnknown {
            establishment: "010000040".parse().unwrap(),
            line: "uhr".to_owned(),
            kind: "financed",
            day: date!(2023 - 07 - 01),
        })
    );
    assert!(of_year(&capacities, 2022).is_ok());
}

#[test]
fn a_line_that_opens_or_closes_within_the_year_counts_while_it_is_there() {
    let mut capacities = both(10, date!(2023 - 03 - 01)).to_vec();
    capacities.extend(both(0, date!(2023 - 04 - 01)));
    assert_eq!(
        theoretical(&of_year(&capacities, 2023).unwrap()),
        310.into()
    );
}

#[test]
fn days_of_opening_are_counted_when_they_are_fewer_than_the_year() {
    let capacities: Vec<Capacity> = both(20, date!(2017 - 01 - 01))
        .into_iter()
        .map(|capacity| Capacity {
            opening_days: Some(210),
            ..capacity
        })
        .collect();
    assert_eq!(
        theoretical(&of_year(&capacities, 2023).unwrap()),
        4200.into()
    );
}

#[test]
fn a_line_twice_for_the_same_kind_and_day_is_named() {
    let one = places(CapacityKind::Authorised, 80, date!(2017 - 01 - 01));
    let other = places(CapacityKind::Authorised, 81, date!(2017 - 01 - 01));
    let Err(MedicosocialRefusal::Capacities(defects)) = check(&[one, other]) else {
        panic!("accepted");
    };
    assert_eq!(
        (defects[0].field.as_str(), defects[0].reason),
        ("capacities[1]", "CAPACITY_TWICE")
    );
}
