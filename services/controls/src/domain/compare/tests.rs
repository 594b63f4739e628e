//! One row per situation that a control meets.

mod by_policy;

use kernel::Decimal;
use time::macros::datetime;

use super::*;
use crate::domain::{
    objective::{SubmittedValue, Unit, YearlyTarget},
    tolerance::{Draft, NeutralisedYear, TypedBand},
};

pub(super) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(super) fn rules(conforming: &str, minor: &str, minimum: &str) -> ToleranceRules {
    let number = |text: &str| text.parse::<Decimal>().unwrap();
    Draft {
        first_year: 2023,
        last_year: 2027,
        usual: Band {
            conforming_percent: number(conforming),
            minor_percent: number(minor),
            minimum_count: number(minimum),
        },
        ..Draft::default()
    }
    .try_into()
    .unwrap()
}

pub(super) fn objective(unit: Unit, target: Target) -> Objective {
    Objective {
        id: "stays-130786049".into(),
        title: "Séjours MCO".into(),
        subject: "130786049".into(),
        indicator: "MCO_STAYS".into(),
        unit,
        yearly: vec![YearlyTarget { year: 2024, target }],
        opposable: false,
        penalty_eligible: false,
    }
}

pub(super) fn ask(
    objective: &Objective,
    rules: &ToleranceRules,
    year: i32,
    measure: &Measure,
) -> Comparison {
    compare(&Question {
        year,
        objective,
        target_source: "targetSets/0198c0de-0000-7000-8000-000000000001 (version 4)",
        rules,
        policy: "tolerancePolicies/0198c0de-0000-7000-8000-000000000002",
        campaign: "campaigns/0198c0de-0000-7000-8000-000000000003",
        freeze_time: datetime!(2025-03-01 08:00 UTC),
        measure,
    })
}

pub(super) fn measure(realised: Realised) -> Measure {
    Measure {
        realised,
        inputs: vec![],
    }
}

pub(super) fn usual(unit: Unit, target: Target, realised: Realised) -> Comparison {
    ask(
        &objective(unit, target),
        &rules("5", "10", "30"),
        2024,
        &measure(realised),
    )
}

pub(super) fn point(text: &str) -> Target {
    Target::Point(quantity(text))
}

pub(super) fn band(min: &str, max: &str) -> Target {
    Target::Band {
        min: quantity(min),
        max: quantity(max),
    }
}

pub(super) fn exactly(text: &str) -> Realised {
    Realised::Exact(quantity(text))
}

pub(super) fn between(lower: &str, upper: &str) -> Realised {
    Realised::Masked {
        lower: quantity(lower),
        upper: quantity(upper),
    }
}

#[test]
fn each_situation_has_its_result_and_severity() {
    use ComparisonResult::{Above, Below, Conforming, NoData, TooSmall, UndecidedMasked};
    let (info, minor, major) = (
        Some(Severity::Info),
        Some(Severity::Minor),
        Some(Severity::Major),
    );
    let stays = Unit::Stays;
    for (name, unit, target, realised, result, severity) in [
        (
            "on target",
            stays,
            point("1000"),
            exactly("1000"),
            Conforming,
            None,
        ),
        (
            "at the edge of the tolerance",
            stays,
            point("1000"),
            exactly("950"),
            Conforming,
            None,
        ),
        (
            "just under it",
            stays,
            point("1000"),
            exactly("949.999999"),
            Below,
            minor,
        ),
        (
            "at the edge of minor",
            stays,
            point("1000"),
            exactly("1100"),
            Above,
            minor,
        ),
        (
            "just over it",
            stays,
            point("1000"),
            exactly("1100.000001"),
            Above,
            major,
        ),
        (
            "the tolerance is not rounded",
            stays,
            point("3"),
            exactly("3.15"),
            TooSmall,
            None,
        ),
        (
            "a third of a target of 3000",
            stays,
            point("3000"),
            exactly("1000"),
            Below,
            major,
        ),
        (
            "both counts small",
            stays,
            point("20"),
            exactly("29"),
            TooSmall,
            None,
        ),
        (
            "only the target small",
            stays,
            point("20"),
            exactly("30"),
            Above,
            major,
        ),
        (
            "only the value small",
            stays,
            point("30"),
            exactly("12"),
            Below,
            major,
        ),
        (
            "nothing done",
            stays,
            point("1000"),
            exactly("0"),
            Below,
            major,
        ),
        (
            "few authorised sites are exact",
            Unit::Sites,
            point("2"),
            exactly("1"),
            Below,
            major,
        ),
        (
            "a percentage is no count",
            Unit::Percent,
            point("20"),
            exactly("19.5"),
            Conforming,
            None,
        ),
        (
            "inside the band",
            stays,
            band("900", "1100"),
            exactly("900"),
            Conforming,
            None,
        ),
        (
            "under the band",
            stays,
            band("900", "1100"),
            exactly("899"),
            Below,
            minor,
        ),
        (
            "far under the band",
            stays,
            band("900", "1100"),
            exactly("800"),
            Below,
            major,
        ),
        (
            "over the band",
            stays,
            band("900", "1100"),
            exactly("1210"),
            Above,
            minor,
        ),
        (
            "far over the band",
            stays,
            band("900", "1100"),
            exactly("1211"),
            Above,
            major,
        ),
        (
            "zero wanted, zero done",
            stays,
            point("0"),
            exactly("0"),
            Conforming,
            None,
        ),
        (
            "zero wanted, few done",
            stays,
            point("0"),
            exactly("12"),
            TooSmall,
            None,
        ),
        (
            "zero wanted, many done",
            stays,
            point("0"),
            exactly("40"),
            Above,
            major,
        ),
        (
            "no device wanted, one there",
            Unit::Devices,
            point("0"),
            exactly("1"),
            Above,
            major,
        ),
        (
            "empty band, zero done",
            stays,
            band("0", "0"),
            exactly("0"),
            Conforming,
            None,
        ),
        (
            "empty band, many done",
            stays,
            band("0", "0"),
            exactly("31"),
            Above,
            major,
        ),
        (
            "masked, conforming anyway",
            stays,
            point("1000"),
            between("970", "1015"),
            Conforming,
            None,
        ),
        (
            "masked, below anyway",
            stays,
            point("1000"),
            between("700", "745"),
            Below,
            major,
        ),
        (
            "masked, at least minor",
            stays,
            point("1000"),
            between("890", "935"),
            Below,
            minor,
        ),
        (
            "masked, open",
            stays,
            point("1000"),
            between("920", "965"),
            UndecidedMasked,
            None,
        ),
        (
            "masked and small",
            stays,
            point("20"),
            between("3", "28"),
            TooSmall,
            None,
        ),
        (
            "months missing",
            stays,
            point("1000"),
            Realised::Incomplete {
                so_far: quantity("980"),
            },
            NoData,
            info,
        ),
        (
            "nothing submitted",
            stays,
            point("1000"),
            Realised::Missing,
            NoData,
            info,
        ),
        (
            "nothing submitted for zero",
            stays,
            point("0"),
            Realised::Missing,
            NoData,
            info,
        ),
    ] {
        let comparison = usual(unit, target, realised);
        assert_eq!(
            (comparison.result, comparison.severity),
            (result, severity),
            "{name}"
        );
    }
}

#[test]
fn a_year_without_target_is_said_to_have_none() {
    let objective = objective(Unit::Stays, point("1000"));
    let comparison = ask(
        &objective,
        &rules("5", "10", "30"),
        2026,
        &measure(exactly("4")),
    );
    assert_eq!(
        (comparison.result, comparison.severity),
        (ComparisonResult::NoTarget, None)
    );
}

#[test]
fn the_trace_names_every_value_its_source_and_every_operation() {
    let month = |number: u8, content| SubmittedValue {
        name: format!("MCO_STAYS 130786049 2024-{number:02}"),
        content,
        source: "submissions/0198c0de-0000-7000-8000-000000000004, lot 1, reçu le 2025-02-01"
            .into(),
    };
    let mut inputs: Vec<_> = (1..=11)
        .map(|number| month(number, Submitted::Number(quantity("70"))))
        .collect();
    inputs.push(month(12, Submitted::Masked));
    let measured = Measure {
        realised: between("771", "780"),
        inputs,
    };
    let objective = objective(Unit::Stays, point("900"));
    let trace = ask(&objective, &rules("5", "10", "30"), 2024, &measured).trace;

    let names: Vec<_> = trace
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    assert_eq!(names[..3], ["cible", "réalisé minimal", "réalisé maximal"]);
    assert_eq!(names.len(), 3 + 12);
    assert_eq!(trace.inputs[14].value, "masqué");
    assert!(
        trace
            .inputs
            .iter()
            .chain(&trace.parameters)
            .all(|line| !line.source.is_empty())
    );
    let steps: Vec<_> = trace
        .steps
        .iter()
        .map(|s| (s.expression.as_str(), s.result.as_str()))
        .collect();
    let months = "70 + ".repeat(11);
    assert_eq!(
        steps,
        [
            (format!("{months}1").as_str(), "771"),
            ("900 < 30 et 771 < 30", "faux"),
            ("(771 − 900) ÷ 900 × 100", "-14.3333"),
            ("|771 − 900| × 100 ≤ 5 × 900", "faux"),
            ("|771 − 900| × 100 ≤ 10 × 900", "faux"),
            (format!("{months}10").as_str(), "780"),
            ("900 < 30 et 780 < 30", "faux"),
            ("(780 − 900) ÷ 900 × 100", "-13.3333"),
            ("|780 − 900| × 100 ≤ 5 × 900", "faux"),
            ("|780 − 900| × 100 ≤ 10 × 900", "faux"),
        ]
    );
}
