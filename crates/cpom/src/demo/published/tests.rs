use proto::targets::v1::indicator_value::Content;

use super::*;

const REGISTRY_HEADER: &str =
    "finess_et;raison_sociale;finess_ej;raison_sociale_ej;statut_juridique;region";
const ACTIVITY_HEADER: &str = "annee;finess;raison_sociale;periode;sejours_hors_seances;seances";

/// A public hospital that publishes under its legal entity (130786049), a clinic that publishes under its
/// site (130784713, of 130000755), and a site of another region.
fn a_plan(activity: &[&str]) -> Plan {
    let lines = [
        REGISTRY_HEADER,
        "130786148;HOPITAL;130786049;AP-HM;13;93",
        "130784713;CLINIQUE;130000755;;73;93",
        "010000024;CH DE FLEYRIAT;010780054;CH BOURG;13;84",
    ];
    let registry = Registry::read(lines.join("\n").as_bytes()).unwrap();
    assert_eq!(
        registry.sites.len(),
        3,
        "the numbers of this test have valid keys"
    );
    let activity = [&[ACTIVITY_HEADER], activity].concat().join("\n");
    let series = activity::read(activity.as_bytes()).unwrap();
    let file = RegistryFile {
        name: "registry.csv".into(),
        content: Vec::new(),
    };
    plan_of(&registry, &series, "93".parse().unwrap(), file)
}

fn contents(contract: &PlannedContract) -> Vec<(String, String, String)> {
    let text = |value: &IndicatorValue| match &value.content {
        Some(Content::Value(text)) => text.clone(),
        Some(Content::Absence(absence)) if *absence == i32::from(Absence::Masked) => {
            "masked".into()
        }
        _ => "missing".into(),
    };
    let row = |v: &IndicatorValue| (v.indicator.clone(), v.period.clone(), text(v));
    contract.values.iter().map(row).collect()
}

fn of<'a>(plan: &'a Plan, entity: &str) -> &'a PlannedContract {
    plan.contracts
        .iter()
        .find(|c| c.legal_entity.as_str() == entity)
        .unwrap()
}

#[test]
fn activity_is_joined_by_site_else_by_legal_entity_else_reported() {
    let plan = a_plan(&[
        "2019;130786049;AP-HM;M12;100;10",
        "2020;130786049;AP-HM;M12;200;20",
        "2019;130784713;CLINIQUE;M12;50;0",
        "2021;130784713;CLINIQUE;M12;60;0",
        "2019;130000003;INCONNUE;M12;5;0",
        "2019;010000024;AILLEURS;M12;5;0",
        "2019;750000003;INCONNUE AILLEURS;M12;5;0",
    ]);
    let subjects: Vec<_> = plan
        .contracts
        .iter()
        .flat_map(|c| {
            c.objectives
                .iter()
                .map(|o| (c.legal_entity.to_string(), o.id.clone()))
        })
        .collect();
    let pair = |entity: &str, id: &str| (entity.to_owned(), id.to_owned());
    assert_eq!(
        subjects,
        [
            pair("130000755", "stays-130784713"),
            pair("130786049", "stays-130786049"),
            pair("130786049", "sessions-130786049"),
        ]
    );
    let unjoined: Vec<_> = plan.unjoined.iter().map(|u| u.finess.as_str()).collect();
    assert_eq!(unjoined, ["130000003"]);
}

#[test]
fn each_objective_is_a_pilot_one_and_says_that_it_is_illustrative_and_from_what() {
    let plan = a_plan(&[
        "2019;130786049;AP-HM;M12;1000;10",
        "2020;130786049;AP-HM;M12;MASQUE_1_10;MASQUE_1_10",
        "2022;130786049;AP-HM;M12;1003;MASQUE_1_10",
    ]);
    let contract = of(&plan, "130786049");
    let [objective] = contract.objectives.as_slice() else {
        panic!("{:?}", contract.objectives)
    };
    assert_eq!(objective.kind(), ObjectiveKind::Pilot);
    assert!(!objective.opposable && !objective.penalty_eligible);
    let points: Vec<_> = objective
        .yearly
        .iter()
        .map(|y| (y.year, y.point.as_str()))
        .collect();
    assert_eq!(
        points,
        [
            (2023, "1002"),
            (2024, "1002"),
            (2025, "1002"),
            (2026, "1002"),
            (2027, "1002")
        ]
    );
    assert_eq!(objective.baseline.as_ref().unwrap().value, "1001.5");
    for part in [
        "Cible illustrative, moyenne 2019-2022",
        "2020 (masquée)",
        "2021 (non publiée)",
    ] {
        assert!(
            objective.note.contains(part),
            "{part} is not in {}",
            objective.note
        );
    }
    assert!(contract.title.contains("illustratives"));
}

#[test]
fn realised_years_are_as_published_and_zero_masked_and_missing_stay_different() {
    let plan = a_plan(&[
        "2019;130786049;AP-HM;M12;100;10",
        "2020;130786049;AP-HM;M12;200;20",
        "2023;130786049;AP-HM;M12;0;MASQUE_1_10",
        "2024;130784713;CLINIQUE;M12;7;0",
    ]);
    let row = |i: &str, y: &str, v: &str| (i.to_owned(), y.to_owned(), v.to_owned());
    assert_eq!(
        contents(of(&plan, "130786049")),
        [
            row("MCO_STAYS", "2023", "0"),
            row("MCO_SESSIONS", "2023", "masked"),
            row("MCO_STAYS", "2024", "missing"),
            row("MCO_SESSIONS", "2024", "missing"),
        ]
    );
    // Without a target, what was not published is not called missing.
    let clinic = of(&plan, "130000755");
    assert_eq!(
        contents(clinic),
        [
            row("MCO_STAYS", "2024", "7"),
            row("MCO_SESSIONS", "2024", "0")
        ]
    );
    assert!(clinic.objectives.is_empty() && !clinic.note.is_empty());
}

#[test]
fn a_year_of_five_months_is_not_a_year_and_the_same_line_twice_counts_once() {
    let plan = a_plan(&[
        "2019;130786049;AP-HM;M12;100;10",
        "2019;130786049;APHM;M12;100;10",
        "2020;130786049;AP-HM;M12;200;20",
        "2021;130786049;AP-HM;M5;40;4",
        "2022;130786049;AP-HM;M12;300;30",
        "2022;130786049;AP-HM;M12;999;30",
        "2023;130786049;AP-HM;M5;40;4",
    ]);
    let contract = of(&plan, "130786049");
    assert_eq!(contract.objectives[0].yearly[0].point, "150");
    assert!(
        contents(contract)
            .iter()
            .all(|(_, _, value)| value == "missing")
    );
    assert_eq!(plan.remarks.len(), 3, "{:?}", plan.remarks);
}
