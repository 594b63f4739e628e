use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn residence(territory: &str, population: i64, crude: &str, standardised: &str) -> Residence {
    Residence {
        territory: territory.to_owned(),
        population,
        crude_rate: decimal(crude),
        standardised_rate: decimal(standardised),
    }
}

fn flow(territory: &str, producer: &str, cases: i64) -> Flow {
    Flow {
        territory: territory.to_owned(),
        producer: producer.to_owned(),
        cases: cases.into(),
    }
}

/// Two territories of 10,000 and 5,000 people with the flows of the worked example.
fn an_input() -> ProjectionInput {
    ProjectionInput {
        activity: "CHIRURGIE".to_owned(),
        unit: Unit::Stays,
        parameters: Parameters {
            rebalancing: 0.into(),
            reference_rate: 110.into(),
            yearly_trend_percent: 0.into(),
            inadequacy_factor: 1.into(),
            base_year: 2023,
            horizon: 2028,
        },
        territories: vec![
            residence("A", 10_000, "100", "100"),
            residence("B", 5_000, "120", "130"),
        ],
        flows: vec![
            flow("A", "A", 800),
            flow("A", "B", 150),
            flow("A", "OUTSIDE", 50),
            flow("B", "A", 100),
            flow("B", "B", 500),
        ],
        source: "PMSI MCO 2023".to_owned(),
    }
}

fn production(projection: &Projection, producer: &str) -> Decimal {
    let found = projection
        .production
        .iter()
        .find(|row| row.producer == producer);
    found.unwrap().production
}

#[test]
fn changing_no_parameter_changes_no_volume() {
    let projection = project(&an_input()).unwrap();
    let consumption: Vec<Decimal> = projection
        .consumption
        .iter()
        .map(|row| row.consumption)
        .collect();
    assert_eq!(consumption, [1000.into(), 600.into()]);
    for row in &projection.production {
        assert_eq!(row.production, row.current, "{}", row.producer);
        assert_eq!(row.change_percent, Some(0.into()));
    }
}

#[test]
fn consumption_follows_rebalancing_trend_and_inadequacy_and_production_the_flows() {
    let mut input = an_input();
    input.parameters.rebalancing = decimal("0.5");
    input.parameters.yearly_trend_percent = decimal("10");
    input.parameters.inadequacy_factor = decimal("0.9");
    input.parameters.horizon = 2025;
    let projection = project(&input).unwrap();
    // A: 100 + 0.5 × (110 − 100) = 105; crude 105 × 1.21 × 0.9 = 114.345.
    let first = &projection.consumption[0];
    assert_eq!(first.target_standardised_rate, decimal("105"));
    assert_eq!(first.target_crude_rate, decimal("114.345"));
    assert_eq!(first.consumption, decimal("1143.4"));
    // B: 130 + 0.5 × (110 − 130) = 120; crude 120 × 120 / 130 × 1.089 = 120.6277.
    let second = &projection.consumption[1];
    assert_eq!(second.target_standardised_rate, decimal("120"));
    assert_eq!(second.target_crude_rate, decimal("120.6277"));
    assert_eq!(second.consumption, decimal("603.1"));
    // A produces 1,143.45 × 0.8 + 603.138 × 100 / 600.
    assert_eq!(production(&projection, "A"), decimal("1015.3"));
    assert_eq!(production(&projection, "B"), decimal("674.1"));
    assert_eq!(production(&projection, "OUTSIDE"), decimal("57.2"));
}

#[test]
fn what_does_not_match_is_named_where_it_stands() {
    let mut input = an_input();
    input.parameters.horizon = 2023;
    input.territories.push(residence("C", 1, "1", "0"));
    input.flows.push(flow("A", "A", 1));
    input.flows.push(flow("D", "A", 1));
    let Err(PlanningRefusal::Defects(defects)) = project(&input) else {
        panic!("accepted");
    };
    let found: Vec<(&str, &str)> = defects
        .iter()
        .map(|defect| (defect.field.as_str(), defect.reason))
        .collect();
    assert_eq!(
        found,
        [
            ("input.parameters.horizon", "HORIZON_OUT_OF_REACH"),
            ("input.territories[2].standardised_rate", "RATE_IS_ZERO"),
            ("input.flows[5]", "FLOW_TWICE"),
            ("input.flows[6].territory", "UNKNOWN_TERRITORY"),
            ("input.territories[2]", "NO_FLOW"),
        ]
    );
}

#[test]
fn figures_out_of_all_proportion_are_refused_and_do_not_overflow() {
    let mut input = an_input();
    input.parameters.yearly_trend_percent = decimal("99.999999");
    input.parameters.inadequacy_factor = decimal("99.999999");
    input.parameters.horizon = 2053;
    input.parameters.reference_rate = decimal("999999999.999999");
    input.parameters.rebalancing = 1.into();
    input.territories[0] = residence("A", 100_000_000, "999999999.999999", "0.000001");
    let Err(PlanningRefusal::Defects(defects)) = project(&input) else {
        panic!("accepted");
    };
    assert_eq!(defects[0].reason, "OUT_OF_RANGE");
}

proptest! {
    /// Whatever the flows, production is consumption shared out: nothing is lost or made up but by rounding.
    #[test]
    fn production_adds_up_to_consumption(
        cases in prop::collection::vec(1i64..10_000, 5),
        rebalancing in 0i64..=100,
        trend in -5i64..=5,
    ) {
        let mut input = an_input();
        for (flow, cases) in input.flows.iter_mut().zip(cases) {
            flow.cases = cases.into();
        }
        input.parameters.rebalancing = Decimal::new(rebalancing, 2);
        input.parameters.yearly_trend_percent = trend.into();
        let projection = project(&input).unwrap();
        let consumed: Decimal = projection.consumption.iter().map(|row| row.consumption).sum();
        let produced: Decimal = projection.production.iter().map(|row| row.production).sum();
        prop_assert!((consumed - produced).abs() <= Decimal::new(3, 1));
    }
}
