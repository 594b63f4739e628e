use proptest::prelude::*;
use time::macros::date;
use uuid::Uuid;

use super::*;
use crate::domain::{CampaignId, objective::Unit, quantity::Quantity};

fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn basis(target: Target, realised: Realised) -> Basis {
    Basis {
        unit: Unit::Stays,
        target,
        realised,
    }
}

fn exact(target: &str, realised: &str) -> Basis {
    basis(
        Target::Point(quantity(target)),
        Realised::Exact(quantity(realised)),
    )
}

fn rule() -> SecrecyRule {
    SecrecyRule {
        first_day: date!(1980 - 06 - 13),
        minimum_contracts: 3,
        source: "une source".to_owned(),
    }
}

fn contract(number: u128) -> ContractId {
    ContractId(Uuid::from_u128(number))
}

fn measured(number: u128, realised: &str) -> Measured {
    Measured {
        contract: contract(number),
        objective: "stays".to_owned(),
        subject: "130786049".to_owned(),
        registered_in: None,
        basis: Some(exact("100", realised)),
        has_finding: number == 1,
    }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn the_ratio_is_to_the_target_or_to_the_bound_that_was_crossed() {
    let band = |realised: &str| {
        let (min, max) = (quantity("80"), quantity("120"));
        ratio(&basis(
            Target::Band { min, max },
            Realised::Exact(quantity(realised)),
        ))
    };
    assert_eq!(ratio(&exact("1200", "800")), Some(decimal("0.6667")));
    assert_eq!(band("40"), Some(decimal("0.5")));
    assert_eq!(band("100"), Some(Decimal::ONE));
    assert_eq!(band("180"), Some(decimal("1.5")));
}

#[test]
fn what_is_hidden_missing_or_without_a_target_has_no_ratio() {
    let point = Target::Point(quantity("100"));
    let (lower, upper) = (quantity("1"), quantity("10"));
    for realised in [
        Realised::Missing,
        Realised::Incomplete { so_far: lower },
        Realised::Masked { lower, upper },
    ] {
        assert_eq!(ratio(&basis(point, realised)), None, "{realised:?}");
    }
    assert_eq!(ratio(&exact("0", "45")), None);
}

#[test]
fn a_number_tells_its_department_overseas_too() {
    for (finess, code) in [
        ("130786049", Some("13")),
        ("2A0000014", Some("2A")),
        ("970100228", Some("971")),
        ("970408589", Some("974")),
        ("980500003", Some("976")),
        ("", None),
        ("9", None),
        ("990000000", None),
        ("é00000000", None),
    ] {
        let found = department(finess).map(|department| department.to_string());
        assert_eq!(found.as_deref(), code, "{finess}");
    }
}

#[test]
fn the_registry_is_believed_before_the_number() {
    let told = |registered_in: Option<&str>| {
        let one = Measured {
            registered_in: registered_in.map(|code| code.parse().unwrap()),
            ..measured(1, "90")
        };
        one.department().map(|department| department.to_string())
    };
    assert_eq!(told(None).as_deref(), Some("13"));
    assert_eq!(told(Some("84")).as_deref(), Some("84"));
}

#[test]
fn a_group_that_is_too_small_is_not_told_of_and_one_contract_counts_once() {
    let two = [measured(1, "90"), measured(2, "100")];
    assert_eq!(group(&two, &rule()), None);
    let on_three_sites = [measured(1, "90"), measured(2, "100"), measured(2, "95")];
    assert_eq!(group(&on_three_sites, &rule()), None);
    let three = [measured(1, "90"), measured(2, "100"), measured(3, "110")];
    let told = group(&three, &rule()).unwrap();
    assert_eq!((told.contracts, told.with_finding), (3, 1));
    assert_eq!(
        (told.median, told.quartiles, told.tenths),
        (None, None, None)
    );
}

#[test]
fn each_part_that_a_figure_cuts_holds_as_many_contracts_as_the_rule_asks_for() {
    let of = |count: u128| {
        let all: Vec<Measured> = (1..=count)
            .map(|number| measured(number, &(90 + number).to_string()))
            .collect();
        group(&all, &rule()).unwrap()
    };
    assert_eq!(of(5).median, None);
    assert_eq!(of(6).median, Some(decimal("0.935")));
    assert_eq!(of(11).quartiles, None);
    assert_eq!(of(13).quartiles, Some((decimal("0.94"), decimal("1"))));
    assert_eq!(of(29).tenths, None);
    assert_eq!(of(31).tenths, Some((decimal("0.94"), decimal("1.18"))));
}

#[test]
fn figures_without_a_ratio_are_counted_and_do_not_cut() {
    let mut all: Vec<Measured> = (1..=6).map(|number| measured(number, "100")).collect();
    all[0].basis = None;
    let told = group(&all, &rule()).unwrap();
    assert_eq!((told.contracts, told.without_ratio), (6, 1));
    assert_eq!(told.median, None);
    assert_eq!(told.points.len(), 5);
}

fn comparison(campaign_peers: Option<Group>) -> Comparison {
    Comparison {
        campaign: CampaignId(Uuid::nil()),
        contract: contract(9),
        year: 2024,
        title: "Séjours".to_owned(),
        indicator: "MCO_STAYS".to_owned(),
        received_before: "2025-03-01T08:00:00Z".to_owned(),
        ratio: Some(decimal("0.6667")),
        campaign_peers,
        department: Some(("13".to_owned(), None)),
        rule: rule(),
    }
}

#[test]
fn the_text_says_every_figure_and_that_it_decides_nothing() {
    let all: Vec<Measured> = (1..=6).map(|number| measured(number, "105")).collect();
    let text = statement(&comparison(group(&all, &rule())));
    for said in [
        "Rapport du réalisé à la cible pour ce contrat\u{202f}: 0,6667.",
        "Autres contrats de la campagne\u{202f}: 6 ont cet indicateur, dont 1 avec un constat, médiane 1,05.",
        "Autres contrats du département 13\u{202f}: moins de 3 ont cet indicateur\u{202f}; rien n’en est dit.",
        "ni une note ni une conclusion",
        "une source",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("sanction"));
}

proptest! {
    /// The figures of a group are in order and within it, and nothing is told of fewer contracts than the rule asks for.
    #[test]
    fn figures_are_in_order_and_nothing_small_is_told(
        values in proptest::collection::vec(0_u32..500, 0..60),
        minimum in 2_usize..8,
    ) {
        let all: Vec<Measured> = values
            .iter()
            .zip(1..)
            .map(|(value, number)| measured(number, &value.to_string()))
            .collect();
        let rule = SecrecyRule { minimum_contracts: minimum, ..rule() };
        let told = group(&all, &rule);
        prop_assert_eq!(told.is_some(), values.len() >= minimum);
        if let Some(told) = told {
            prop_assert_eq!(told.median.is_some(), values.len() >= 2 * minimum);
            prop_assert_eq!(told.quartiles.is_some(), values.len() >= 4 * minimum);
            prop_assert_eq!(told.tenths.is_some(), values.len() >= 10 * minimum);
            let mut figures = vec![];
            figures.extend(told.tenths.map(|(low, _)| low));
            figures.extend(told.quartiles.map(|(low, _)| low));
            figures.extend(told.median);
            figures.extend(told.quartiles.map(|(_, high)| high));
            figures.extend(told.tenths.map(|(_, high)| high));
            prop_assert!(figures.is_sorted());
            prop_assert!(told.points.is_sorted());
        }
    }
}
