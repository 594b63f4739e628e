//! What leaves the agency, and what is refused before it may.

use std::fmt::Write as _;

use proto::targets::v1::{
    ComputeRatesRequest, InflectionProposal, ListPublishedRatesRequest, NomenclatureKind,
    PublishRatesRequest, PublishedRateSet, Rate, RateBasis, RateState, RetainProjectionRequest,
};
use testkit::{reason, request_id, wrong_fields};
use tonic::Status;

use crate::{
    data::{basis, cases, header, population},
    dialogues,
    world::{OTHER_SITE, SITE, World, contract_manager, manager},
};

/// A case-mix file of stays of men: commune, activity, age class, stays.
fn stays(lines: &[(&str, &str, &str, u32)]) -> String {
    let mut file =
        "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions"
            .to_owned();
    for (commune, activity, class, count) in lines {
        let _ = write!(
            file,
            "\n{SITE};2023;12;{activity};HC;{commune};{class};1;{count};;;"
        );
    }
    file
}

async fn publish(
    world: &World,
    series: &str,
    basis: RateBasis,
    correction: &str,
) -> Result<PublishedRateSet, Status> {
    let request = PublishRatesRequest {
        series: series.to_owned(),
        title: "Taux de recours MCO 2023".to_owned(),
        basis: Some(basis),
        method: "Séjours des résidents, standardisés par âge et sexe.".to_owned(),
        sources: "PMSI, INSEE".to_owned(),
        correction: correction.to_owned(),
        request_id: request_id(),
    };
    let reply = world.rates(&manager()).publish_rates(request).await?;
    Ok(reply.into_inner())
}

async fn told(world: &World, set: &PublishedRateSet, territory: &str, activity: &str) -> Rate {
    let request = ListPublishedRatesRequest {
        parent: set.name.clone(),
        territory: territory.to_owned(),
        activity: activity.to_owned(),
        page_size: 10,
        ..Default::default()
    };
    let reply = world.public().list_published_rates(request).await.unwrap();
    reply.into_inner().rates[0].rate.clone().unwrap()
}

fn is_tenths(figure: f64) -> bool {
    (figure * 10.0 - (figure * 10.0).round()).abs() < 1e-6
}

/// Two classes in each of the three zones; in zone A as many of the younger as is said.
async fn with_classes(world: &World, young: u32) {
    world.with_reference_data().await;
    let file = stays(&[
        ("04001", "08C24", "75-79", 60),
        ("04001", "08C24", "60-64", young),
        ("04004", "08C24", "75-79", 201),
        ("04004", "08C24", "60-64", 107),
        ("04005", "08C24", "75-79", 350),
        ("04005", "08C24", "60-64", 170),
    ]);
    world.import_case_mix(&file, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn standardised_rates_leave_rounded_and_the_others_follow_from_what_is_told() {
    let world = World::new().await;
    with_classes(&world, 31).await;
    let set = publish(&world, "mco", basis(), "").await.unwrap();
    let whole = told(&world, &set, "*", "08C24").await;
    for territory in ["A", "B", "C"] {
        let rate = told(&world, &set, territory, "08C24").await;
        assert_eq!(rate.state(), RateState::Known);
        assert!(
            is_tenths(rate.direct) && is_tenths(rate.expected),
            "{rate:?}"
        );
        let index = f64::from(u32::try_from(rate.cases).unwrap()) / rate.expected;
        assert!((rate.index - index).abs() < 1e-9, "{rate:?}");
        assert!(
            (rate.indirect - index * whole.crude).abs() < 1e-9,
            "{rate:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_of_few_inhabitants_is_not_told_by_the_rate_of_its_territory() {
    let world = World::new().await;
    with_classes(&world, 3).await;
    let people = population(2022, &[("04001", 100), ("04004", 200), ("04005", 300)]);
    let people = people.replace("2022;04001;1;60-64;100", "2022;04001;1;60-64;2");
    let report = world.import_population("insee-few", 2022, &people).await;
    assert!(report.unwrap().applied);
    let few = RateBasis {
        population: "populations/insee-few".to_owned(),
        ..basis()
    };
    let set = publish(&world, "mco", few, "").await.unwrap();
    let rate = told(&world, &set, "A", "08C24").await;
    assert_eq!(
        (rate.state(), rate.cases, rate.direct, rate.expected),
        (RateState::NoReference, 63, 0.0, 0.0)
    );
    assert!(rate.crude > 0.0);
    assert_eq!(
        told(&world, &set, "B", "08C24").await.state(),
        RateState::Known
    );
}

/// Three classes, of which zone A has few cases of the youngest, published for inhabitants of whom zone A has as many of
/// two classes as of any other, and many of the third.
async fn published_for(world: &World, populations: &[(&str, &str)]) -> Vec<PublishedRateSet> {
    world.with_reference_data().await;
    let file = stays(&[
        ("04001", "08C24", "60-64", 3),
        ("04001", "08C24", "75-79", 60),
        ("04001", "08C24", "80-84", 40),
        ("04004", "08C24", "60-64", 107),
        ("04004", "08C24", "75-79", 201),
        ("04004", "08C24", "80-84", 150),
        ("04005", "08C24", "60-64", 170),
        ("04005", "08C24", "75-79", 350),
        ("04005", "08C24", "80-84", 200),
    ]);
    world.import_case_mix(&file, &[]).await;
    let mut sets = Vec::new();
    for (id, many) in populations {
        let people = population(2022, &[("04001", 100), ("04004", 200), ("04005", 300)]);
        let class = |count: u32| format!("2022;04001;1;{many};{count}");
        let people = people.replace(&class(100), &class(500));
        let report = world.import_population(id, 2022, &people).await;
        assert!(report.unwrap().applied);
        let basis = RateBasis {
            population: format!("populations/{id}"),
            ..basis()
        };
        sets.push(
            publish(world, &format!("mco-{id}"), basis, "")
                .await
                .unwrap(),
        );
    }
    sets
}

#[tokio::test(flavor = "multi_thread")]
async fn publications_that_would_tell_a_class_together_are_judged_together() {
    let (one, other) = (("insee-a", "80-84"), ("insee-b", "75-79"));
    let world = World::new().await;
    let alone = published_for(&world, &[other]).await;
    let state = async |world: &World, set: &PublishedRateSet, territory: &str| {
        let rate = told(world, set, territory, "08C24").await;
        (rate.state(), rate.cases)
    };
    assert_eq!(state(&world, &alone[0], "A").await, (RateState::Known, 103));
    let world = World::new().await;
    let both = published_for(&world, &[one, other]).await;
    assert_eq!(state(&world, &both[0], "A").await, (RateState::Known, 103));
    assert_eq!(
        state(&world, &both[1], "A").await,
        (RateState::NoReference, 103)
    );
    assert_eq!(state(&world, &both[1], "B").await.0, RateState::Known);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_was_published_does_not_tell_the_member_that_is_small() {
    let world = World::new().await;
    world.with_reference_data().await;
    let groups = "ghm;racine;ga;gp;da;cas;aso\n\
                  08C241;08C24;G1;P1;D1;C;C\n08C251;08C25;G1;P1;D1;C;C\n";
    let report = world
        .import_nomenclature(NomenclatureKind::GhmGroups, "12a", groups)
        .await
        .unwrap();
    assert!(report.applied, "{report:?}");
    let import = async |file: &str| {
        let named = |dry_run: bool, sha256: &str| {
            let mut header = header(dry_run, sha256, &[]);
            header.nomenclature = "nomenclatures/ghm-groups/versions/12a".to_owned();
            header
        };
        let look = world.send_case_mix(named(true, ""), file).await.unwrap();
        let sha256 = look.file.unwrap().sha256;
        let applied = world
            .send_case_mix(named(false, &sha256), file)
            .await
            .unwrap();
        assert!(applied.file.unwrap().applied, "{:?}", applied.gates);
    };
    import(&stays(&[
        ("04001", "GA:G1", "75-79", 305),
        ("04004", "GA:G1", "75-79", 700),
        ("04005", "GA:G1", "75-79", 900),
    ]))
    .await;
    let first = publish(&world, "groupes", basis(), "").await.unwrap();
    assert_eq!(told(&world, &first, "A", "GA:G1").await.cases, 305);
    import(&stays(&[
        ("04001", "08C24", "75-79", 300),
        ("04001", "08C25", "75-79", 5),
        ("04004", "08C24", "75-79", 400),
        ("04004", "08C25", "75-79", 300),
        ("04005", "08C24", "75-79", 500),
        ("04005", "08C25", "75-79", 400),
    ]))
    .await;
    // Only the large member is asked for: 305 − 300 would be the other one.
    let large = RateBasis {
        activities: vec!["08C24".to_owned()],
        ..basis()
    };
    let second = publish(&world, "racines", large, "").await.unwrap();
    let state = async |territory: &str| told(&world, &second, territory, "08C24").await.state();
    assert_eq!(state("A").await, RateState::Suppressed);
    assert_eq!(state("C").await, RateState::Known);
}

#[tokio::test(flavor = "multi_thread")]
async fn small_counts_do_not_enter_a_dialogue() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let mut flows = dialogues::projection();
    flows.flows[1].cases = "7".to_owned();
    let retain = RetainProjectionRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        input: Some(flows),
        reasons: "Flux observés.".to_owned(),
        request_id: request_id(),
    };
    let mut client = world.dialogues(&contract_manager());
    let status = client.retain_projection(retain).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["input.flows[1].cases"]);
    let mut evidence = dialogues::both();
    evidence[1].figure = "7 séjours".to_owned();
    let proposal = InflectionProposal {
        evidence,
        ..dialogues::proposal()
    };
    let status = world.propose(&dialogue, proposal).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["proposal.evidence[1].figure"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn months_that_are_missing_or_fall_stop_a_file_until_a_person_lets_it_pass() {
    let world = World::new().await;
    world.with_reference_data().await;
    let file = cases(
        2023,
        &[
            (SITE, 3, "08C24", "HC", "04001", "60"),
            (SITE, 6, "08C24", "HC", "04001", "50"),
            (OTHER_SITE, 6, "08C24", "HC", "04004", "50"),
        ],
    );
    let look = world.send_case_mix(header(true, "", &[]), &file).await;
    let look = look.unwrap();
    let gates: Vec<(&str, &str)> = look
        .gates
        .iter()
        .map(|gate| (gate.reason.as_str(), gate.examples[0].as_str()))
        .collect();
    let site = format!("{SITE}: 2023-04");
    let fall = format!("{SITE} 08C24 stays: 50 in 2023-06, 60 before");
    assert_eq!(
        gates,
        [
            ("MONTH_MISSING", site.as_str()),
            ("CUMULATIVE_FALL", fall.as_str())
        ]
    );
    let applied = world
        .import_case_mix(&file, &["MONTH_MISSING", "CUMULATIVE_FALL"])
        .await;
    assert!(applied.gates.iter().all(|gate| gate.accepted));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_another_encoding_changes_nothing_and_says_where_it_is_wrong() {
    let world = World::new().await;
    world.with_reference_data().await;
    let mut file = cases(2023, &[(SITE, 12, "08C24", "HC", "04001", "60")]).into_bytes();
    file.extend_from_slice(b"\n010000040;2023;12;08C24;HC;\xE9;75-79;1;1;;;");
    let look = world.send_case_mix(header(true, "", &[]), &file).await;
    let look = look.unwrap().file.unwrap();
    let error = &look.line_errors[0];
    assert_eq!(
        (error.line, error.field.as_str(), error.reason.as_str()),
        (3, "residence", "WRONG_ENCODING")
    );
    let apply = world
        .send_case_mix(header(false, &look.sha256, &[]), &file)
        .await
        .unwrap_err();
    assert_eq!(reason(&apply), "DRY_RUN_FIRST");
    let communes = b"code;nom;departement\n04001;Ch\xE2teau;04\n";
    let report = world
        .import_nomenclature(NomenclatureKind::Geography, "2024", communes)
        .await
        .unwrap();
    let error = &report.line_errors[0];
    assert_eq!(
        (report.applied, error.line, error.reason.as_str()),
        (false, 2, "WRONG_ENCODING")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rates_cannot_be_computed_from_is_named() {
    let world = World::new().await;
    with_classes(&world, 31).await;
    let partial = population(2022, &[("04001", 100), ("04004", 200)]);
    let report = world
        .import_population("insee-partial", 2022, &partial)
        .await;
    assert!(report.unwrap().applied);
    let asked = ComputeRatesRequest {
        basis: Some(RateBasis {
            population: "populations/insee-partial".to_owned(),
            ..basis()
        }),
    };
    let refused = world
        .rates(&manager())
        .compute_rates(asked)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "POPULATION_INCOMPLETE");
    assert!(refused.message().contains("04005"), "{refused}");
    let corrected = publish(&world, "mco", basis(), "Rien ne précède.").await;
    assert_eq!(reason(&corrected.unwrap_err()), "NOTHING_TO_CORRECT");
    let mut unknown = header(true, "", &[]);
    unknown.nomenclature = "nomenclatures/ghm-groups/versions/99z".to_owned();
    let file = cases(2023, &[(SITE, 12, "08C24", "HC", "04001", "60")]);
    let refused = world.send_case_mix(unknown, &file).await.unwrap_err();
    assert_eq!(reason(&refused), "NOMENCLATURE_UNKNOWN");
}
