use std::collections::BTreeSet;

use proto::targets::v1::ObjectiveKind;

use super::*;
use crate::demo::plan::Kinds;

fn kinds(plan: &Plan) -> Kinds {
    let mut kinds = Kinds::default();
    plan.contracts
        .iter()
        .flat_map(|contract| &contract.values)
        .for_each(|v| kinds.add(v));
    kinds
}

#[test]
fn the_same_seed_gives_the_same_region_and_another_seed_another_one() {
    let (one, same, other) = (plan(42), plan(42), plan(43));
    assert_eq!(one.contracts, same.contracts);
    assert_eq!(one.registry, same.registry);
    assert_ne!(one.contracts, other.contracts);
    // What a seed gives is part of the documentation: changing it is a decision.
    let kinds = kinds(&one);
    assert!(
        kinds.masked > 0 && kinds.missing > 0 && kinds.numbers > 1_000,
        "{kinds:?}"
    );
}

#[test]
fn it_has_forty_legal_entities_about_ninety_sites_and_only_synthetic_numbers() {
    for seed in 0..20 {
        let plan = plan(seed);
        assert_eq!(plan.contracts.len(), 40);
        let sites: BTreeSet<Finess> = plan
            .contracts
            .iter()
            .flat_map(|c| c.establishments.iter().copied())
            .collect();
        assert!((80..=100).contains(&sites.len()), "{} sites", sites.len());
        assert!(sites.iter().all(|site| site.as_str().starts_with("00")));
        assert_eq!(plan.region.code(), "00");
    }
}

#[test]
fn names_are_all_different_and_the_file_has_a_line_per_site_and_two_damaged_ones() {
    let plan = plan(42);
    let text = String::from_utf8(plan.registry.content.clone()).unwrap();
    let sites: usize = plan.contracts.iter().map(|c| c.establishments.len()).sum();
    assert_eq!(text.lines().count(), 1 + sites + 2);
    let titles: BTreeSet<&str> = plan.contracts.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles.len(), 40);
    let columns = text.lines().next().unwrap().split(';').count();
    let well_formed = text
        .lines()
        .filter(|line| line.split(';').count() == columns)
        .count();
    assert_eq!(well_formed, 1 + sites + 1);
}

#[test]
fn volumes_pilot_and_authorisations_bind() {
    for objective in plan(42)
        .contracts
        .iter()
        .flat_map(|contract| &contract.objectives)
    {
        let binds = ["SITES", "IMAGING_DEVICES"].contains(&objective.indicator.as_str());
        assert_eq!(
            objective.kind() == ObjectiveKind::Quantified,
            binds,
            "{}",
            objective.id
        );
        assert_eq!(
            (objective.opposable, objective.penalty_eligible),
            (binds, binds)
        );
        assert_eq!(objective.yearly.len(), 5);
    }
}

#[test]
fn every_seed_has_deviations_both_ways_a_zero_a_mask_and_something_missing() {
    for seed in 0..20 {
        let mut dice = Dice::new(seed);
        let entities = network::generate(&mut dice);
        let measures = measures(&entities, &mut dice);
        let anomalies = Anomalies::choose(&measures, &mut dice);
        let struck: Vec<Anomaly> = measures
            .iter()
            .flat_map(|measure| CONTROLLED_YEARS.map(|year| anomalies.of(measure, year)))
            .flatten()
            .collect();
        assert_eq!(struck.len(), 14, "seed {seed}");
        let plan = plan(seed);
        let kinds = kinds(&plan);
        assert!(
            kinds.masked > 0 && kinds.missing >= 3,
            "seed {seed}: {kinds:?}"
        );
        let zero = plan
            .contracts
            .iter()
            .flat_map(|c| &c.values)
            .any(|v| v.content == Some(number("0")));
        assert!(zero, "seed {seed}");
    }
}

#[test]
fn a_year_without_anomaly_is_within_tolerance_of_its_target() {
    let mut dice = Dice::new(1);
    let entities = network::generate(&mut dice);
    for measure in measures(&entities, &mut dice)
        .iter()
        .filter(|m| m.volume.is_activity())
    {
        let values = realised(measure, 2024, None, &mut dice);
        let total: u64 = values
            .iter()
            .filter_map(|value| match &value.content {
                Some(Content::Value(text)) => text.parse::<u64>().ok(),
                _ => None,
            })
            .sum();
        let masked = values.len() > 12
            || values
                .iter()
                .any(|v| !matches!(v.content, Some(Content::Value(_))));
        let target = measure.target(2024);
        let gap = total.abs_diff(target);
        assert!(
            masked || gap * 100 <= target * 5,
            "{}: {total} for {target}",
            measure.id()
        );
    }
}
