use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn rule(
    from: &str,
    below: Option<&str>,
    years: (i16, Option<i16>),
    threshold: Option<&str>,
) -> Parameter {
    Parameter {
        section: Section::Care,
        first_year: years.0,
        last_year: years.1,
        convergence_from: decimal(from),
        convergence_below: below.map(decimal),
        threshold: threshold.map(decimal),
        slope: decimal("0.5"),
        upward: true,
        neutralised: false,
        source: "Arrêté du 28 septembre 2017".to_owned(),
    }
}

/// The rules of the care section for the two ends of the table.
fn rules() -> Vec<Parameter> {
    vec![
        rule("0", Some("90"), (2018, Some(2023)), None),
        rule("0", Some("90"), (2024, None), Some("95")),
        rule("90", Some("100"), (2021, Some(2021)), Some("92")),
        rule("100", None, (2018, None), Some("95")),
    ]
}

fn proposed(year: i16, convergence: &str, occupancy: &str) -> SectionProposal {
    of_occupancy(
        &rules(),
        Section::Care,
        year,
        decimal(convergence),
        decimal(occupancy),
        decimal("1234567.00"),
    )
    .unwrap()
}

#[test]
fn half_of_the_gap_below_the_threshold_is_proposed() {
    let proposal = proposed(2024, "100", "91.40");
    assert_eq!(
        (proposal.rate, proposal.change),
        (decimal("-1.80"), decimal("-22222.21"))
    );
    assert_eq!(
        proposal.explanation,
        "Taux d’occupation de 91,4 % pour un seuil de 95 % : écart de −3,6 points × 0,5 = −1,8 %."
    );
}

#[test]
fn exactly_at_the_threshold_nothing_changes() {
    let proposal = proposed(2024, "100", "95");
    assert_eq!((proposal.rate, proposal.change), (0.into(), 0.into()));
}

#[test]
fn above_the_threshold_care_rises_where_the_rule_says_so_and_only_there() {
    assert_eq!(proposed(2024, "100", "97.00").rate, decimal("1.00"));
    let mut rules = rules();
    rules[3].upward = false;
    let proposal = of_occupancy(
        &rules,
        Section::Care,
        2024,
        100.into(),
        97.into(),
        1000.into(),
    );
    assert_eq!(proposal.unwrap().rate, 0.into());
}

#[test]
fn far_from_the_equation_there_was_no_modulation_before_2024() {
    let early = proposed(2021, "89", "80");
    assert_eq!((early.rate, early.compared_with), (0.into(), None));
    assert_eq!(proposed(2024, "89", "80").rate, decimal("-7.5"));
    assert_eq!(proposed(2021, "90", "80").rate, decimal("-6"));
}

#[test]
fn a_neutralised_year_changes_nothing() {
    let mut rules = rules();
    rules[3].neutralised = true;
    let proposal = of_occupancy(
        &rules,
        Section::Care,
        2024,
        100.into(),
        50.into(),
        1000.into(),
    );
    assert_eq!(proposal.unwrap().change, 0.into());
}

#[test]
fn a_year_without_a_rule_is_refused_not_guessed() {
    let found = of_occupancy(
        &rules(),
        Section::Dependence,
        2024,
        100.into(),
        90.into(),
        1.into(),
    );
    assert_eq!(
        found,
        Err(MedicosocialRefusal::NoModulationRule { year: 2024 })
    );
}

#[test]
fn a_clause_reduces_beyond_its_tolerance_and_not_above_its_cap() {
    let clause = Clause {
        target: 1000.into(),
        tolerance_percent: 5.into(),
        slope: decimal("0.5"),
        cap_percent: 3.into(),
        amount: decimal("200000.00"),
        source: "Article 7".to_owned(),
    };
    let change = |measured: i64| of_clause(&clause, measured.into()).unwrap().change;
    assert_eq!(change(1100), 0.into());
    assert_eq!(change(950), 0.into());
    assert_eq!(change(920), decimal("-3000"));
    assert_eq!(change(500), decimal("-6000"));
    let nothing = Clause {
        target: 0.into(),
        ..clause
    };
    assert!(of_clause(&nothing, 1.into()).is_err());
}

#[test]
fn the_share_of_the_equation_is_told_to_two_decimals() {
    assert_eq!(convergence(89.into(), 100.into()), Ok(89.into()));
    assert_eq!(convergence(2.into(), 3.into()), Ok(decimal("66.67")));
    assert!(convergence(1.into(), 0.into()).is_err());
}

#[test]
fn halves_are_rounded_away_from_zero() {
    for (value, rounded) in [
        ("1.005", "1.01"),
        ("-1.005", "-1.01"),
        ("22222.206", "22222.21"),
        ("0.004", "0"),
    ] {
        assert_eq!(to_hundredths(decimal(value)), decimal(rounded));
    }
}
