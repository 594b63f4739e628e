use std::collections::BTreeSet;

use proto::targets::v1::CapacityKind;

use super::super::{self as synthetic, shapes};
use crate::demo::planning::Planning;

fn planning(seed: u64) -> Planning {
    synthetic::plan(seed).planning.expect("a planning")
}

#[test]
fn every_part_of_a_planning_is_there_whatever_the_seed() {
    for seed in 0..20 {
        let planning = planning(seed);
        assert_eq!(planning.rates.len(), 1);
        assert_eq!(planning.framework.expect("a framework").lines.len(), 2);
        assert_eq!(planning.dialogues.len(), 1);
        assert_eq!(planning.calls.len(), 1);
        assert_eq!(planning.cooperations.len(), 1);
        assert_eq!(planning.envelopes.len(), 1);
        assert!(planning.waiting_lists.len() >= 10 && planning.allowances.len() >= 20);
        let programming = planning.programming.expect("a programming");
        assert!(programming.contracts.len() >= 12);
        assert!(programming.contracts.iter().all(|one| one.after < 5));
    }
}

#[test]
fn everybody_who_is_invited_has_spoken_on_what_is_retained_and_nobody_is_named_twice() {
    for seed in 0..20 {
        for dialogue in planning(seed).dialogues {
            let invited: Vec<&str> = dialogue
                .participants
                .iter()
                .map(|one| one.finess.as_str())
                .filter(|finess| !finess.is_empty())
                .collect();
            let distinct: BTreeSet<&str> = invited.iter().copied().collect();
            assert_eq!(distinct.len(), invited.len(), "seed {seed}");
            let retained = dialogue.inflections.iter().filter(|one| one.is_agreed);
            for inflection in retained {
                let spoke: BTreeSet<&str> = inflection
                    .positions
                    .iter()
                    .map(|one| one.finess.as_str())
                    .collect();
                assert_eq!(spoke, distinct, "seed {seed}");
            }
        }
    }
}

#[test]
fn a_cell_of_the_case_mix_stands_once_and_says_so_few_births_that_they_are_hidden() {
    for seed in 0..20 {
        let content = planning(seed).case_mix.content;
        let lines: Vec<&str> = content.lines().skip(1).collect();
        let cell = |line: &str| {
            let columns: Vec<&str> = line.split(';').collect();
            (columns[0].to_owned(), columns[3..6].join(";"))
        };
        let cells: BTreeSet<_> = lines.iter().map(|line| cell(line)).collect();
        assert_eq!((lines.len(), cells.len()), (180, 180), "seed {seed}");
        let births: usize = (1..=shapes::COMMUNES)
            .filter(|commune| shapes::zone_of(*commune) == 5)
            .flat_map(|commune| {
                let residence = format!(";00{commune:03};");
                let of_commune = lines
                    .iter()
                    .filter(move |line| line.contains(&residence) && line.contains("OBSTETRIQUE"));
                of_commune.map(|line| line.split(';').nth(8).and_then(|count| count.parse().ok()))
            })
            .map(|count: Option<usize>| count.expect("a count"))
            .sum();
        assert!((1..11).contains(&births), "{births}");
    }
}

#[test]
fn the_accounts_of_a_home_add_up_to_its_result() {
    let content = planning(42).accounts.content;
    let mut results = BTreeSet::new();
    for line in content.lines().skip(1) {
        let columns: Vec<&str> = line.split(';').collect();
        let figures: Vec<i64> = columns[3..10]
            .iter()
            .map(|figure| figure.parse().expect("euros"))
            .collect();
        assert_eq!(figures[..6].iter().sum::<i64>(), figures[6], "{line}");
        assert_eq!(columns.len(), 11, "{line}");
        results.insert(figures[6].signum());
    }
    assert!(results.contains(&1) && results.contains(&-1));
}

#[test]
fn places_are_authorised_installed_and_financed_alike() {
    let places = planning(42).places;
    let of_kind = |kind: CapacityKind| places.iter().filter(move |one| one.kind() == kind);
    let sum = |kind| of_kind(kind).map(|one| one.places).sum::<i32>();
    assert!(sum(CapacityKind::Authorised) > 500);
    assert_eq!(sum(CapacityKind::Authorised), sum(CapacityKind::Financed));
    assert_eq!(sum(CapacityKind::Authorised), sum(CapacityKind::Installed));
}
