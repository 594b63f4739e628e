//! Files of nomenclatures, territories, populations and case-mix: wholly or not at all.

use proto::targets::v1::{
    GetCaseMixImportRequest, ListCaseMixFiguresRequest, ListNomenclatureEntriesRequest,
    ListTerritoriesRequest, NomenclatureKind, PmsiField,
};
use testkit::reason;

use crate::{
    data::{cases, header, population},
    world::{OTHER_SITE, SITE, World, director, manager},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_nomenclature_is_a_tree_that_is_imported_once() {
    let world = World::new().await;
    world.with_reference_data().await;
    let request = ListNomenclatureEntriesRequest {
        parent: "nomenclatures/ghm-groups/versions/11i".to_owned(),
        level: "RACINE".to_owned(),
        ..Default::default()
    };
    let reply = world
        .nomenclatures(&manager())
        .list_nomenclature_entries(request)
        .await
        .unwrap()
        .into_inner();
    let codes: Vec<(&str, &str)> = reply
        .entries
        .iter()
        .map(|e| (e.code.as_str(), e.parent.as_str()))
        .collect();
    assert_eq!(codes, [("05K06", "GA:G2"), ("08C24", "GA:G1")]);

    let groups =
        "ghm;racine;ga;gp;da;cas;aso\n08C241;08C24;G1;P1;D1;C;C\n05K061;05K06;G2;P2;D2;K;C\n";
    let again = world
        .import_nomenclature(NomenclatureKind::GhmGroups, "11i", groups)
        .await
        .unwrap();
    assert!(again.unchanged);
    let other = "ghm;racine;ga;gp;da;cas;aso\n08C241;08C24;G9;P1;D1;C;C\n";
    let refused = world
        .import_nomenclature(NomenclatureKind::GhmGroups, "11i", other)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "VERSION_EXISTS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_leaves_a_commune_out_is_refused_and_names_it() {
    let world = World::new().await;
    world.with_reference_data().await;
    let zones = "territory;title;area\nA;Zone A;04001\nB;Zone B;04004\n";
    let report = world.import_territories("zones-2024", zones).await.unwrap();
    assert!(!report.applied);
    let error = &report.line_errors[0];
    assert_eq!(
        (error.reason.as_str(), error.value.as_str()),
        ("AREA_NOT_COVERED", "04005")
    );
    let request = ListTerritoriesRequest {
        parent: "territoryVersions/zones-2024".to_owned(),
        ..Default::default()
    };
    let missing = world
        .territories(&manager())
        .list_territories(request)
        .await
        .unwrap_err();
    assert_eq!(missing.code(), tonic::Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_departement_that_is_left_out_wholly_is_noticed_and_an_unknown_commune_has_its_line() {
    let world = World::new().await;
    let communes = "code;nom;departement\n04001;Aiglun;04\n05061;Gap;05\n13001;Aix;13\n";
    let report = world
        .import_nomenclature(NomenclatureKind::Geography, "2023", communes)
        .await
        .unwrap();
    assert!(report.applied, "{report:?}");
    world.register(SITE, "05061").await;
    let zones = "territory;title;area\nA;Zone A;04001\nA;Zone A;04999\n";
    let report = world.import_territories("zones-2024", zones).await.unwrap();
    assert!(!report.applied);
    let told: Vec<(i64, &str, &str)> = report
        .line_errors
        .iter()
        .map(|one| (one.line, one.reason.as_str(), one.value.as_str()))
        .collect();
    // The region has no establishment in the Bouches-du-Rhône, of which the geography tells too.
    assert_eq!(
        told,
        [
            (3, "UNKNOWN_AREA", "04999"),
            (0, "AREA_NOT_COVERED", "05061")
        ]
    );
    let whole = "territory;title;area\nA;Zone A;04001\nB;Zone B;05061\n";
    let report = world.import_territories("zones-2024", whole).await.unwrap();
    assert!(report.applied, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_population_of_the_wrong_year_changes_nothing_and_a_corrected_one_replaces_it() {
    let world = World::new().await;
    world.with_reference_data().await;
    let wrong = population(2021, &[("04001", 7)]);
    let report = world
        .import_population("insee-2022", 2022, &wrong)
        .await
        .unwrap();
    assert!(!report.applied);
    assert_eq!(report.line_errors[0].reason, "WRONG_YEAR");
    let right = population(2022, &[("04001", 7)]);
    let report = world
        .import_population("insee-2022", 2022, &right)
        .await
        .unwrap();
    assert!(report.applied && report.records == 1);
    let other_year = world
        .import_population("insee-2022", 2021, &wrong)
        .await
        .unwrap_err();
    assert_eq!(reason(&other_year), "POPULATION_OTHER_YEAR");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_mix_file_is_looked_at_before_it_is_applied() {
    let world = World::new().await;
    world.with_reference_data().await;
    let file = cases(2023, &[(SITE, 12, "08C24", "HC", "04001", "120")]);
    let hasty = world
        .send_case_mix(header(false, &"0".repeat(64), &[]), &file)
        .await
        .unwrap_err();
    assert_eq!(reason(&hasty), "DRY_RUN_FIRST");
    let look = world
        .send_case_mix(header(true, "", &[]), &file)
        .await
        .unwrap();
    let sha256 = look.file.unwrap().sha256;
    let other = cases(2023, &[(SITE, 12, "08C24", "HC", "04001", "121")]);
    let swapped = world
        .send_case_mix(header(false, &sha256, &[]), &other)
        .await
        .unwrap_err();
    assert_eq!(reason(&swapped), "CHECKSUM_MISMATCH");
    assert!(figures(&world).await.is_empty());
    let applied = world.import_case_mix(&file, &[]).await;
    assert_eq!((applied.establishments, applied.replaced), (1, 0));
    let figures = figures(&world).await;
    assert_eq!(figures, [(12, "08C24".to_owned(), 120)]);
    let again = world.import_case_mix(&file, &[]).await;
    assert!(again.file.unwrap().unchanged);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wrong_line_keeps_the_whole_file_out() {
    let world = World::new().await;
    world.with_reference_data().await;
    let file = cases(
        2023,
        &[
            (SITE, 12, "08C24", "HC", "04001", "120"),
            (SITE, 12, "08C24", "HC", "04004", "1 200"),
        ],
    );
    let look = world
        .send_case_mix(header(true, "", &[]), &file)
        .await
        .unwrap()
        .file
        .unwrap();
    assert_eq!(
        (
            look.line_errors[0].line,
            look.line_errors[0].reason.as_str()
        ),
        (3, "THOUSANDS_SEPARATOR")
    );
    let apply = world
        .send_case_mix(header(false, &look.sha256, &[]), &file)
        .await
        .unwrap_err();
    assert_eq!(reason(&apply), "DRY_RUN_FIRST");
    assert!(figures(&world).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_month_replaces_and_an_earlier_one_is_stopped() {
    let world = World::new().await;
    world.with_reference_data().await;
    world
        .import_case_mix(
            &cases(2023, &[(SITE, 6, "08C24", "HC", "04001", "60")]),
            &[],
        )
        .await;
    let later = world
        .import_case_mix(
            &cases(2023, &[(SITE, 9, "08C24", "HC", "04001", "90")]),
            &[],
        )
        .await;
    assert_eq!(later.replaced, 1);
    let earlier = cases(2023, &[(SITE, 3, "08C24", "HC", "04001", "30")]);
    let look = world
        .send_case_mix(header(true, "", &[]), &earlier)
        .await
        .unwrap();
    assert_eq!(look.gates[0].reason, "EARLIER_MONTH");
    let sha256 = look.file.unwrap().sha256;
    let apply = world
        .send_case_mix(header(false, &sha256, &["EARLIER_MONTH"]), &earlier)
        .await
        .unwrap();
    assert!(!apply.file.unwrap().applied);
    assert_eq!(figures(&world).await, [(9, "08C24".to_owned(), 90)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gate_is_let_pass_by_a_person_who_says_why() {
    let world = World::new().await;
    world.with_reference_data().await;
    let unknown = "750712184";
    assert_eq!(unknown, OTHER_SITE);
    let file = cases(2023, &[("590782637", 12, "08C24", "HC", "04001", "60")]);
    let look = world
        .send_case_mix(header(true, "", &[]), &file)
        .await
        .unwrap();
    assert_eq!(look.gates[0].reason, "UNKNOWN_ESTABLISHMENT");
    assert_eq!(look.gates[0].examples, ["590782637"]);
    let sha256 = look.file.unwrap().sha256;
    let stopped = world
        .send_case_mix(header(false, &sha256, &[]), &file)
        .await
        .unwrap();
    assert!(!stopped.file.unwrap().applied);
    let mut unsaid = header(false, &sha256, &["UNKNOWN_ESTABLISHMENT"]);
    unsaid.justification.clear();
    let refused = world.send_case_mix(unsaid, &file).await.unwrap_err();
    assert_eq!(reason(&refused), "JUSTIFICATION_REQUIRED");
    let report = world
        .import_case_mix(&file, &["UNKNOWN_ESTABLISHMENT"])
        .await;
    let name = report.file.unwrap().name;
    let import = world
        .case_mix(&manager())
        .get_case_mix_import(GetCaseMixImportRequest { name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(import.accepted_gates, ["UNKNOWN_ESTABLISHMENT"]);
    assert_eq!(
        (import.justification.as_str(), import.current_establishments),
        ("looked at", 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn masked_cells_stay_masked_and_establishments_see_their_own_figures_only() {
    let world = World::new().await;
    world.with_reference_data().await;
    let file = cases(
        2023,
        &[
            (SITE, 12, "08C24", "HC", "04001", "120"),
            (SITE, 12, "08C24", "HC", "04004", "1 à 10"),
        ],
    );
    let report = world.import_case_mix(&file, &[]).await;
    assert_eq!(report.masked, 1);
    let request = ListCaseMixFiguresRequest {
        finess: SITE.to_owned(),
        year: 2023,
        field: PmsiField::Mco.into(),
        ..Default::default()
    };
    let own = world
        .case_mix(&director(SITE))
        .list_case_mix_figures(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (own.figures[0].value, own.figures[0].masked_cells),
        (120, 1)
    );
    let other = world
        .case_mix(&director(OTHER_SITE))
        .list_case_mix_figures(request)
        .await;
    assert_eq!(other.unwrap_err().code(), tonic::Code::NotFound);
}

/// Month, activity and value of what is current.
async fn figures(world: &World) -> Vec<(i32, String, i64)> {
    let request = ListCaseMixFiguresRequest {
        finess: SITE.to_owned(),
        year: 2023,
        ..Default::default()
    };
    let reply = world
        .case_mix(&manager())
        .list_case_mix_figures(request)
        .await
        .unwrap();
    reply
        .into_inner()
        .figures
        .into_iter()
        .map(|figure| (figure.through_month, figure.activity, figure.value))
        .collect()
}
