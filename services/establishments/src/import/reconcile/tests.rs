//! What a file changes, case by case.

use super::*;
use crate::import::record::EntityRecord;
use crate::import::tests::finess;

fn region(code: &str) -> Region {
    code.parse().unwrap()
}

fn site(serial: u32, entity: Finess) -> Establishment {
    Establishment {
        finess: finess("13", serial),
        legal_entity: entity,
        title: format!("SITE {serial}"),
        region: region("93"),
        department: Some("13".into()),
        commune_code: None,
        commune: None,
        category: Some("355".into()),
        category_title: Some("Centre Hospitalier".into()),
        siret: None,
        tariff_mode: None,
        location: None,
    }
}

fn entity(finess: Finess, of: &str) -> LegalEntity {
    LegalEntity {
        finess,
        title: "CH".into(),
        region: region(of),
        legal_status: None,
        siren: None,
        derived: false,
    }
}

/// A file of sites without records of entities.
fn sites_file(sites: impl IntoIterator<Item = Establishment>) -> Extract {
    let records = (2..).zip(sites).map(|(line, site)| SiteRecord {
        line,
        site,
        state: State::Open,
        entity: EntityHint::default(),
    });
    Extract {
        sites: records.collect(),
        has_sites: true,
        ..Extract::default()
    }
}

fn with_entities(mut extract: Extract, entities: &[LegalEntity]) -> Extract {
    extract.has_entities = true;
    extract.entities = entities
        .iter()
        .map(|entity| EntityRecord {
            line: 1,
            entity: entity.clone(),
            state: State::Open,
        })
        .collect();
    extract
}

fn run(extract: &Extract, known: &Known) -> Plan {
    reconcile(extract, known, region("93"), false).unwrap()
}

fn run_complete(extract: &Extract, known: &Known) -> Result<Plan, TooManyClosures> {
    reconcile(extract, known, region("93"), true)
}

/// What the registry knows once the plan is written.
fn after(known: &Known, plan: &Plan) -> Known {
    let mut known = known.clone();
    for change in plan.entities.iter().chain(&plan.closed_entities) {
        known
            .entities
            .insert(change.after.content.finess, change.after.clone());
    }
    for change in &plan.sites {
        known
            .sites
            .insert(change.after.content.finess, change.after.clone());
    }
    known
}

fn imported(extract: &Extract) -> Known {
    after(&Known::default(), &run(extract, &Known::default()))
}

fn ej(serial: u32) -> Finess {
    finess("13", 900_000 + serial)
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let file = sites_file((0..10).map(|n| site(n, ej(n / 4))));
    let first = run(&file, &Known::default());
    assert_eq!(
        (first.site_tally.created, first.entity_tally.created),
        (10, 3)
    );
    let second = run(&file, &after(&Known::default(), &first));
    assert!(second.changes_nothing());
    assert_eq!(
        (second.site_tally.unchanged, second.entity_tally.unchanged),
        (10, 3)
    );
}

#[test]
fn an_entity_known_only_by_its_sites_says_so_until_its_own_record_comes() {
    let known = imported(&sites_file([site(1, ej(0))]));
    let derived = &known.entities[&ej(0)].content;
    assert!(derived.derived);
    assert_eq!(
        derived.title,
        "Gestionnaire de SITE 1 (dénomination non publiée)"
    );

    let published = with_entities(Extract::default(), &[entity(ej(0), "93")]);
    let plan = run(&published, &known);
    assert_eq!(plan.entity_tally.changed, 1);
    let known = after(&known, &plan);
    assert_eq!(known.entities[&ej(0)].content.title, "CH");

    let again = run(&sites_file([site(1, ej(0))]), &known);
    assert!(
        again.changes_nothing(),
        "what is derived never overrides what is published"
    );
}

#[test]
fn a_derived_title_does_not_depend_on_which_sites_a_file_holds() {
    let known = imported(&sites_file([site(1, ej(0)), site(2, ej(0))]));
    assert!(run(&sites_file([site(2, ej(0))]), &known).changes_nothing());
    let mut named = sites_file([site(2, ej(0))]);
    named.sites[0].entity.title = Some("FONDATION".into());
    let known = after(&known, &run(&named, &known));
    assert_eq!(known.entities[&ej(0)].content.title, "FONDATION");
    assert!(run(&sites_file([site(1, ej(0))]), &known).changes_nothing());
}

#[test]
fn a_site_that_moves_to_another_entity_is_one_change_and_a_new_entity() {
    let known = imported(&sites_file([site(1, ej(0)), site(2, ej(0))]));
    let plan = run(&sites_file([site(1, ej(1)), site(2, ej(0))]), &known);
    assert_eq!((plan.site_tally.changed, plan.entity_tally.created), (1, 1));
    let Event::Changed { fields, .. } = &plan.sites[0].event else {
        panic!("{plan:?}")
    };
    assert_eq!(fields, &["legal_entity"]);
}

#[test]
fn a_complete_file_closes_what_it_lacks_and_the_entity_left_without_sites() {
    let known = imported(&sites_file((0..6).map(|n| site(n, ej(n / 2)))));
    let plan = run_complete(&sites_file((0..4).map(|n| site(n, ej(n / 2)))), &known).unwrap();
    assert_eq!((plan.site_tally.closed, plan.entity_tally.closed), (2, 1));
    assert_eq!(plan.closed_entities[0].after.state, State::Closed);
    let known = after(&known, &plan);
    let again = run_complete(&sites_file((0..4).map(|n| site(n, ej(n / 2)))), &known).unwrap();
    assert!(again.changes_nothing());

    let reopened = run(&sites_file([site(5, ej(2))]), &known);
    assert_eq!(
        (reopened.site_tally.changed, reopened.entity_tally.changed),
        (1, 1)
    );
    assert_eq!(reopened.sites[0].after.state, State::Open);
}

#[test]
fn an_entity_with_an_open_site_elsewhere_stays_open() {
    let mut known = imported(&sites_file((0..6).map(|n| site(n, ej(n / 2)))));
    known.open_elsewhere.insert(ej(2));
    let plan = run_complete(&sites_file((0..4).map(|n| site(n, ej(n / 2)))), &known).unwrap();
    assert_eq!((plan.site_tally.closed, plan.entity_tally.closed), (2, 0));
}

#[test]
fn a_file_without_records_of_a_kind_closes_none_of_that_kind() {
    let entities: Vec<LegalEntity> = (0..3).map(|n| entity(ej(n), "93")).collect();
    let both = with_entities(sites_file((0..3).map(|n| site(n, ej(n)))), &entities);
    let known = imported(&both);
    let entities_only = with_entities(Extract::default(), &entities);
    assert!(
        run_complete(&entities_only, &known)
            .unwrap()
            .changes_nothing()
    );
    let sites_only = sites_file((0..2).map(|n| site(n, ej(n))));
    let plan = run_complete(&sites_only, &known).unwrap();
    assert_eq!((plan.site_tally.closed, plan.entity_tally.closed), (1, 0));
}

#[test]
fn a_file_that_would_close_more_than_half_is_refused() {
    let known = imported(&sites_file((0..10).map(|n| site(n, ej(0)))));
    let half = sites_file((0..5).map(|n| site(n, ej(0))));
    assert_eq!(run_complete(&half, &known).unwrap().site_tally.closed, 5);
    let less = sites_file((0..4).map(|n| site(n, ej(0))));
    let refused = run_complete(&less, &known).unwrap_err();
    assert_eq!((refused.closing, refused.open), (6, 10));
}

#[test]
fn nothing_closes_while_a_line_is_rejected() {
    let known = imported(&sites_file((0..6).map(|n| site(n, ej(0)))));
    let mut file = sites_file((0..5).map(|n| site(n, ej(0))));
    file.rejected
        .push(Issue::new(7, "finess_et", Reason::FinessKey, "", ""));
    let plan = run_complete(&file, &known).unwrap();
    assert!(plan.changes_nothing());
    assert_eq!(plan.warnings[0].reason, Reason::ClosuresWithheld);
}

#[test]
fn an_import_never_touches_the_records_of_another_region() {
    let mut known = imported(&sites_file([site(1, ej(0))]));
    for entry in known.sites.values_mut() {
        entry.content.region = region("84");
    }
    for entry in known.entities.values_mut() {
        entry.content.region = region("84");
    }
    let moved = with_entities(sites_file([site(1, ej(0))]), &[entity(ej(0), "93")]);
    let plan = run(&moved, &known);
    assert!(plan.changes_nothing());
    assert_eq!(plan.rejected[0].reason, Reason::RegionConflict);
    let empty = sites_file([]);
    assert!(run_complete(&empty, &known).unwrap().changes_nothing());
}

#[test]
fn a_site_of_an_entity_that_nobody_knows_is_rejected_when_the_file_has_entities() {
    let file = with_entities(
        sites_file([site(1, ej(0)), site(2, ej(1))]),
        &[entity(ej(0), "93")],
    );
    let plan = run(&file, &Known::default());
    assert_eq!(plan.site_tally.created, 1);
    assert_eq!(plan.rejected[0].reason, Reason::UnknownLegalEntity);
    let known = imported(&with_entities(Extract::default(), &[entity(ej(1), "11")]));
    assert!(run(&file, &known).rejected.is_empty());
}

#[test]
fn a_source_that_gives_the_code_alone_does_not_erase_the_label() {
    let known = imported(&sites_file([site(1, ej(0))]));
    let bare = Establishment {
        category_title: None,
        ..site(1, ej(0))
    };
    assert!(run(&sites_file([bare.clone()]), &known).changes_nothing());
    let recoded = Establishment {
        category: Some("365".into()),
        ..bare
    };
    let plan = run(&sites_file([recoded]), &known);
    let Event::Changed { fields, .. } = &plan.sites[0].event else {
        panic!("{plan:?}")
    };
    assert_eq!(fields, &["category", "category_title"]);
}
