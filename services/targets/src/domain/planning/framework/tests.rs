use kernel::{Actor, ActorKind};
use time::macros::date;

use super::*;
use crate::domain::catalogue::tests::some_indicators;

pub(crate) fn a_line(activity: &str) -> Line {
    Line {
        activity: activity.to_owned(),
        mode: ActivityMode::All,
        indicator: "MCO_STAYS".to_owned(),
        unit: Unit::Stays,
        baseline: 1000.into(),
        baseline_year: 2023,
        target_year: 2026,
        growth_percent: "2.5".parse().unwrap(),
        ambulatory: None,
        source: "PMSI 2023".to_owned(),
    }
}

pub(crate) fn a_term() -> Term {
    Term {
        effect_date: date!(2024 - 01 - 01),
        end_date: date!(2028 - 12 - 31),
    }
}

pub(crate) fn drafted(lines: Vec<Line>) -> Result<RegionalFramework, PlanningRefusal> {
    RegionalFramework::draft(
        FrameworkId::generate(),
        "93".parse().unwrap(),
        a_term(),
        lines,
        String::new(),
        None,
        &some_indicators(),
    )
}

fn somebody() -> HumanActor {
    let actor = Actor {
        subject: "dg-1".to_owned(),
        kind: ActorKind::Human,
        role: "director_general".to_owned(),
    };
    actor.as_human().unwrap()
}

fn agree(framework: RegionalFramework, side: FrameworkSide) -> RegionalFramework {
    let command = FrameworkCommand::Agree {
        side,
        by: somebody(),
    };
    let events = framework.decide(command).unwrap();
    events.iter().fold(framework, RegionalFramework::evolve)
}

#[test]
fn a_line_twice_is_refused_where_it_stands() {
    let mut other_mode = a_line("CHIRURGIE");
    other_mode.mode = ActivityMode::Ambulatory;
    let lines = vec![a_line("CHIRURGIE"), other_mode, a_line("CHIRURGIE")];
    let Err(PlanningRefusal::Defects(defects)) = drafted(lines) else {
        panic!("accepted");
    };
    assert_eq!(
        (defects[0].field.as_str(), defects[0].reason, defects.len()),
        ("lines[2]", "LINE_TWICE", 1)
    );
}

#[test]
fn every_defect_of_a_line_is_named() {
    let mut line = a_line("CHIRURGIE");
    line.indicator = "STAYS".to_owned();
    line.target_year = 2023;
    line.growth_percent = (-101).into();
    line.ambulatory = Some(AmbulatoryShare {
        percent: 101.into(),
        indicator: "MCO_SESSIONS".to_owned(),
    });
    let Err(PlanningRefusal::Defects(defects)) = drafted(vec![line]) else {
        panic!("accepted");
    };
    let reasons: Vec<&str> = defects.iter().map(|defect| defect.reason).collect();
    assert_eq!(
        reasons,
        [
            "TARGET_NOT_AFTER_BASELINE",
            "BELOW_ZERO",
            "UNKNOWN_INDICATOR",
            "ABOVE_ALL",
            "UNIT_MISMATCH"
        ]
    );
}

#[test]
fn a_framework_is_agreed_by_both_sides_and_then_stands() {
    let draft = drafted(vec![a_line("CHIRURGIE")]).unwrap();
    let one = agree(draft, FrameworkSide::Ars);
    assert_eq!(one.state.agreed_by(), [FrameworkSide::Ars]);
    let again = agree(one, FrameworkSide::Ars);
    assert_eq!(again.version, 2);
    let agreed = agree(again, FrameworkSide::NationalCouncil);
    assert_eq!(agreed.state, FrameworkState::Agreed);
    let replace = FrameworkCommand::Replace {
        lines: vec![a_line("MEDECINE")],
        note: String::new(),
        catalogue: &some_indicators(),
    };
    assert_eq!(
        agreed.decide(replace),
        Err(PlanningRefusal::FrameworkAgreed)
    );
}

#[test]
fn replacing_the_lines_takes_the_agreement_back() {
    let one = agree(
        drafted(vec![a_line("CHIRURGIE")]).unwrap(),
        FrameworkSide::NationalCouncil,
    );
    let replace = FrameworkCommand::Replace {
        lines: vec![a_line("MEDECINE")],
        note: String::new(),
        catalogue: &some_indicators(),
    };
    let events = one.decide(replace).unwrap();
    let replaced = events.iter().fold(one, RegionalFramework::evolve);
    assert_eq!(replaced.state, FrameworkState::Draft { agreed: None });
    assert_eq!(replaced.lines[0].activity, "MEDECINE");
}

#[test]
fn a_revision_takes_effect_after_what_it_revises() {
    let first = drafted(vec![a_line("CHIRURGIE")]).unwrap();
    let revise = |effect_date| {
        let term = Term {
            effect_date,
            ..a_term()
        };
        RegionalFramework::draft(
            FrameworkId::generate(),
            first.region,
            term,
            vec![a_line("CHIRURGIE")],
            String::new(),
            Some(&first),
            &some_indicators(),
        )
    };
    assert_eq!(revise(date!(2025 - 01 - 01)).unwrap().revision, 2);
    assert_eq!(
        revise(date!(2024 - 01 - 01)),
        Err(PlanningRefusal::FrameworkNotAfter {
            previous: date!(2024 - 01 - 01)
        })
    );
}

#[test]
fn the_target_of_a_line_is_its_baseline_and_growth() {
    let mut line = a_line("CHIRURGIE");
    assert_eq!(line.target(), 1025.into());
    line.growth_percent = (-10).into();
    assert_eq!(line.target(), 900.into());
}
