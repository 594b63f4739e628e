use proto::targets::v1::{EstablishmentFlow, FlowCell};

use super::*;

fn inflection() -> Inflection {
    Inflection {
        territory: "territoryVersions/zones/territories/A".to_owned(),
        proposal: Some(InflectionProposal {
            activity: "CHIRURGIE".to_owned(),
            from_year: 2023,
            horizon: 2026,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn populations() -> Vec<Population> {
    [2015, 2022]
        .into_iter()
        .map(|year| Population {
            name: format!("populations/insee-{year}"),
            year,
            ..Default::default()
        })
        .collect()
}

fn rate(territory: &str, cases: i64, direct: f64) -> Rate {
    Rate {
        territory: territory.to_owned(),
        state: RateState::Known.into(),
        cases,
        population: 1_000,
        crude: direct,
        direct,
        ..Default::default()
    }
}

#[test]
fn nothing_changes_until_somebody_sets_a_parameter() {
    let asked = Asked::read(&inflection(), &populations(), &Form::default());
    assert_eq!(asked.basis.territory_version, "territoryVersions/zones");
    assert_eq!(asked.basis.population, "populations/insee-2022");
    assert_eq!((asked.basis.year, asked.horizon), (2023, 2026));
    let kept: Vec<String> = asked.kept().into_iter().map(|(_, value)| value).collect();
    assert_eq!(kept[4..], ["0", "", "0", "1", "0", ""]);
    assert_eq!(asked.typed().len(), 7);
}

#[test]
fn only_territories_with_a_rate_and_a_flow_are_projected() {
    let typed = Form::parse("reequilibrage=0%2C5&habitants=10&tendance=-1");
    let asked = Asked::read(&inflection(), &populations(), &typed);
    let mut masked = rate("C", 5, 5.0);
    masked.set_state(RateState::Masked);
    let rates = [
        rate("A", 100, 100.0),
        rate("B", 140, 140.123_46),
        masked,
        rate("D", 0, 0.0),
    ];
    let cell = |from: &str, to: &str, cases| FlowCell {
        from: from.to_owned(),
        to: to.to_owned(),
        cases,
        ..Default::default()
    };
    let flows = ComputeFlowsResponse {
        cells: vec![
            cell("A", "A", 80),
            cell("A", "", 20),
            cell("B", "A", 140),
            cell("C", "A", 5),
            cell("", "A", 7),
        ],
        ..Default::default()
    };
    let (input, left_out) = asked.input(&rates, &flows, Decimal::TEN);
    assert_eq!(left_out, ["C", "D"]);
    let territories: Vec<&str> = input
        .territories
        .iter()
        .map(|one| one.territory.as_str())
        .collect();
    assert_eq!(territories, ["A", "B"]);
    let set = input.parameters.unwrap();
    assert_eq!(set.rebalancing, "0.5");
    assert_eq!(set.reference_rate.parse().ok(), Some(Decimal::from(120)));
    assert_eq!((set.base_year, set.horizon), (2023, 2026));
    let people: Vec<i64> = input.territories.iter().map(|one| one.population).collect();
    assert_eq!(people, [1_100, 1_100]);
    assert_eq!(input.territories[1].standardised_rate, "140.1235");
    let to: Vec<&str> = input
        .flows
        .iter()
        .map(|flow| flow.producer.as_str())
        .collect();
    assert_eq!(
        to,
        [OUTSIDE, "A", "A"],
        "what begins outside is not projected"
    );
}

#[test]
fn establishments_produce_one_by_one_and_their_small_flows_together() {
    let typed = Form::parse("reequilibrage=0&producteurs=etablissements");
    let asked = Asked::read(&inflection(), &populations(), &typed);
    assert_eq!(asked.kept().last().unwrap().1, ONE_BY_ONE);
    let flow = |finess: &str, cases| EstablishmentFlow {
        from: "A".to_owned(),
        finess: finess.to_owned(),
        cases,
        ..Default::default()
    };
    let flows = ComputeFlowsResponse {
        establishment_flows: vec![
            flow("000000001", 60),
            flow("000000002", 25),
            flow("000000003", 9),
            flow("000000004", 6),
        ],
        ..Default::default()
    };
    let (input, left_out) = asked.input(&[rate("A", 100, 100.0)], &flows, Decimal::ZERO);
    assert!(left_out.is_empty());
    let told: Vec<(&str, &str)> = input
        .flows
        .iter()
        .map(|flow| (flow.producer.as_str(), flow.cases.as_str()))
        .collect();
    assert_eq!(
        told,
        [("000000002", "25"), ("000000001", "60"), (OTHERS, "15")]
    );
}

#[test]
fn growth_is_a_number_within_bounds() {
    assert_eq!(growth("2,5").ok(), Some(Decimal::new(25, 1)));
    assert!(growth("cent").is_err() && growth("100").is_err());
    assert_eq!(
        grown(10, Decimal::from(-99)),
        1,
        "somebody always lives there"
    );
}
