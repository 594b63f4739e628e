use time::macros::datetime;

use super::*;
use crate::domain::{
    Baseline, Target,
    planning::{
        cascade::tests::a_set,
        framework::{
            AmbulatoryShare,
            tests::{a_line, drafted},
        },
        inflection::tests::an_inflection,
    },
};

const SITE: &str = "010000040";

fn agreed() -> Inflection {
    Inflection {
        state: InflectionState::Agreed {
            by: "manager-1".to_owned(),
            at: datetime!(2024-05-01 10:00 UTC),
        },
        ..an_inflection()
    }
}

/// A set with one objective that comes from an inflection.
fn derived(from: &Inflection, baseline: i64, aim: i64) -> SetInEffect {
    let mut set = a_set(&[(SITE, "MCO_STAYS", Target::Point(aim.into()))]);
    let objective = &mut set.objectives[0];
    objective.inflection = Some(from.id);
    objective.baseline = Some(Baseline {
        value: baseline.into(),
        period: "2023".to_owned(),
        source: "PMSI".to_owned(),
    });
    set
}

fn codes(
    set: &SetInEffect,
    inflections: &[Inflection],
    framework: Option<&RegionalFramework>,
    others: &[SetInEffect],
) -> Vec<&'static str> {
    let levels = Levels {
        inflections,
        framework,
        others,
    };
    let found = warnings(set, levels);
    found.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_set_that_takes_its_whole_share_raises_no_warning() {
    let inflection = agreed();
    let set = derived(&inflection, 600, 630);
    let other = derived(&inflection, 400, 420);
    assert!(codes(&set, &[inflection], None, &[other]).is_empty());
}

#[test]
fn shares_that_do_not_add_up_to_the_inflection_are_shown_with_both_figures() {
    let inflection = agreed();
    let set = derived(&inflection, 600, 630);
    let levels = Levels {
        inflections: std::slice::from_ref(&inflection),
        framework: None,
        others: &[],
    };
    let [warning] = warnings(&set, levels).try_into().unwrap();
    assert_eq!(warning.code, "SHARES_DIFFER_FROM_INFLECTION");
    assert_eq!(
        (warning.figure, warning.compared_with),
        (Some(630.into()), Some(1050.into()))
    );
}

#[test]
fn a_target_against_its_inflection_is_named() {
    let inflection = agreed();
    let set = derived(&inflection, 1100, 1050);
    assert_eq!(
        codes(&set, std::slice::from_ref(&inflection), None, &[]),
        ["AGAINST_INFLECTION"]
    );
    let mut moderation = inflection;
    moderation.proposal.direction = Direction::Moderate;
    assert!(codes(&set, std::slice::from_ref(&moderation), None, &[]).is_empty());
    let rising = derived(&moderation, 1000, 1050);
    assert_eq!(
        codes(&rising, &[moderation], None, &[]),
        ["AGAINST_INFLECTION"]
    );
}

#[test]
fn an_inflection_that_was_dropped_or_whose_horizon_is_not_covered_is_named() {
    let dropped = Inflection {
        state: InflectionState::Proposed,
        ..agreed()
    };
    let mut set = derived(&dropped, 1000, 1050);
    set.objectives[0].yearly[0].year = 2025;
    assert_eq!(
        codes(&set, &[dropped], None, &[]),
        ["INFLECTION_NOT_AGREED", "HORIZON_NOT_COVERED"]
    );
}

#[test]
fn a_framework_that_is_exceeded_or_an_ambulatory_share_that_is_low_is_named() {
    let mut line = a_line("CHIRURGIE");
    line.ambulatory = Some(AmbulatoryShare {
        percent: 60.into(),
        indicator: "MCO_DAY_STAYS".to_owned(),
    });
    let mut framework = drafted(vec![a_line("CHIRURGIE")]).unwrap();
    framework.lines = vec![line];
    let other = a_set(&[(SITE, "MCO_STAYS", Target::Point(1000.into()))]);
    let set = a_set(&[
        (SITE, "MCO_STAYS", Target::Point(100.into())),
        (SITE, "MCO_DAY_STAYS", Target::Point(50.into())),
    ]);
    assert_eq!(
        codes(&set, &[], Some(&framework), std::slice::from_ref(&other)),
        ["FRAMEWORK_EXCEEDED", "AMBULATORY_SHARE_BELOW_FRAMEWORK"]
    );
    framework.lines[0].growth_percent = 10.into();
    assert_eq!(
        codes(&set, &[], Some(&framework), &[other]),
        ["AMBULATORY_SHARE_BELOW_FRAMEWORK"]
    );
    let unrelated = a_set(&[(SITE, "MCO_SESSIONS", Target::Point(9.into()))]);
    assert!(codes(&unrelated, &[], Some(&framework), &[set]).is_empty());
}
