//! What an import does to the registry.

use proto::establishments::v1::{ImportHeader, RegistryFormat, RegistryState};
use tonic::Code;

use crate::support::{Registry, ej, et, header, line, sites_file, tally};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_registers_its_sites_and_their_entities() {
    let registry = Registry::start().await;
    let report = registry.import(&sites_file(7)).await;
    assert_eq!(tally(report.establishments), [7, 0, 0, 0]);
    assert_eq!(tally(report.legal_entities), [3, 0, 0, 0]);
    assert_eq!((report.lines, report.skipped, report.rejected), (7, 0, 0));
    assert_eq!(
        (report.encoding.as_str(), report.sha256.len()),
        ("UTF-8", 64)
    );

    let site = registry.site(et(4)).await.unwrap();
    assert_eq!(site.name, format!("establishments/{}", et(4)));
    assert_eq!(site.legal_entity, format!("legalEntities/{}", ej(1)));
    assert_eq!(
        (site.title.as_str(), site.etag.as_str()),
        ("SITE 4", "\"1\"")
    );
    assert_eq!(
        (site.region.as_str(), site.department.as_str()),
        ("93", "13")
    );
    assert_eq!(
        (site.commune_code.as_str(), site.commune.as_str()),
        ("13055", "MARSEILLE")
    );
    assert_eq!(
        (site.category.as_str(), site.siret.as_str()),
        ("355", "26010004500012")
    );
    assert_eq!(
        (site.latitude.as_str(), site.longitude.as_str()),
        ("43.3", "5.4")
    );
    assert_eq!(site.state(), RegistryState::Open);
    assert!(site.update_time.is_some());

    let entity = registry.entity(ej(1)).await.unwrap();
    assert_eq!(
        (entity.title.as_str(), entity.legal_status.as_str()),
        ("ENTITÉ 1", "13")
    );
    assert!(entity.derived, "no source published a record of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_changes_nothing() {
    let registry = Registry::start().await;
    registry.import(&sites_file(7)).await;
    let before = (
        registry.count("event").await,
        registry.count("registry_import").await,
    );
    let second = registry.import(&sites_file(7)).await;
    assert_eq!(tally(second.establishments), [0, 0, 7, 0]);
    assert_eq!(tally(second.legal_entities), [0, 0, 3, 0]);
    let after = (
        registry.count("event").await,
        registry.count("registry_import").await,
    );
    assert_eq!(after, before);
    assert_eq!(registry.site(et(4)).await.unwrap().etag, "\"1\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_the_same_and_changes_nothing() {
    let registry = Registry::start().await;
    let file = sites_file(7).join("\n");
    let dry = ImportHeader {
        dry_run: true,
        ..header()
    };
    let request_id = dry.request_id.clone();
    let rehearsed = registry.import_with(dry, file.as_bytes()).await.unwrap();
    assert!(rehearsed.dry_run);
    for table in [
        "event",
        "outbox",
        "legal_entity",
        "establishment",
        "registry_import",
        "request",
    ] {
        assert_eq!(registry.count(table).await, 0, "{table}");
    }
    // The rehearsal did not use its request_id up.
    let real = ImportHeader {
        request_id,
        ..header()
    };
    let done = registry.import_with(real, file.as_bytes()).await.unwrap();
    assert_eq!(done.establishments, rehearsed.establishments);
    assert_eq!(done.legal_entities, rehearsed.legal_entities);
}

#[tokio::test(flavor = "multi_thread")]
async fn latin_1_and_utf_8_give_the_same_records() {
    let registry = Registry::start().await;
    registry.import(&sites_file(4)).await;
    let text = sites_file(4).join("\r\n");
    let (latin, _, lossy) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!lossy);
    let report = registry.import_with(header(), &latin).await.unwrap();
    assert_eq!(report.encoding, "windows-1252");
    assert_eq!(tally(report.establishments), [0, 0, 4, 0]);
    assert_eq!(
        tally(report.legal_entities),
        [0, 0, 2, 0],
        "ENTITÉ kept its accent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_site_keeps_its_history_and_a_moved_one_its_number() {
    let registry = Registry::start().await;
    registry.import(&sites_file(6)).await;
    let mut lines = sites_file(6);
    lines[1] = lines[1].replace("SITE 0", "NOUVEAU NOM");
    lines[2] = line(1, 8);
    let report = registry.import(&lines).await;
    assert_eq!(tally(report.establishments), [0, 2, 4, 0]);
    assert_eq!(tally(report.legal_entities), [1, 0, 2, 0]);
    let renamed = registry.site(et(0)).await.unwrap();
    assert_eq!(
        (renamed.title.as_str(), renamed.etag.as_str()),
        ("NOUVEAU NOM", "\"2\"")
    );
    let moved = registry.site(et(1)).await.unwrap();
    assert_eq!(moved.legal_entity, format!("legalEntities/{}", ej(8)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_all_france_gives_its_region_only() {
    let registry = Registry::start().await;
    let mut lines = sites_file(6);
    lines[3] = lines[3].replace(";93;13;13201;", ";84;69;69381;");
    lines[4] = lines[4]
        .replace(";93;13;13201;", ";84;01;01053;")
        .replace("SITE 3", "");
    let report = registry.import(&lines).await;
    assert_eq!((report.skipped, report.rejected), (2, 0));
    assert_eq!(tally(report.establishments), [4, 0, 0, 0]);
    assert_eq!(
        registry.site(et(2)).await.unwrap_err().code(),
        Code::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_record_of_an_entity_replaces_what_its_sites_told() {
    let registry = Registry::start().await;
    registry.import(&sites_file(3)).await;
    let mut fields = vec![String::new(); 23];
    fields[0] = "structureej".to_owned();
    fields[1] = ej(0).to_string();
    fields[2] = "CENTRE HOSPITALIER OFFICIEL".to_owned();
    fields[13] = "13".to_owned();
    fields[16] = "14".to_owned();
    fields[20] = "772201489".to_owned();
    let file = format!("finess;etalab;91;2026-05-12\n{}\n", fields.join(";"));
    let classic = ImportHeader {
        format: RegistryFormat::FinessClassic.into(),
        ..header()
    };
    let report = registry
        .import_with(classic, file.as_bytes())
        .await
        .unwrap();
    assert_eq!(tally(report.legal_entities), [0, 1, 0, 0]);
    let entity = registry.entity(ej(0)).await.unwrap();
    assert_eq!(
        (entity.title.as_str(), entity.siren.as_str()),
        ("CENTRE HOSPITALIER OFFICIEL", "772201489")
    );
    assert!(!entity.derived);
    // The names that site files carry do not undo it.
    let again = registry.import(&sites_file(3)).await;
    assert_eq!(tally(again.legal_entities), [0, 0, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finess_plus_file_brings_closed_sites_too() {
    let registry = Registry::start().await;
    let site = |serial, state: &str| {
        format!(
            r#"{{"informationsGeneralesEGE":{{"numFinessEge":"{}","nomEgeLong":"SITE"}},
                "categorieentiteGeographiqueExercice":"500",
                "adresse":[{{"cogCommune":"13055","codePostal":"13001"}}],"etatObjet":"{state}"}}"#,
            et(serial)
        )
    };
    let file = |second: &str| {
        format!(
            r#"{{"pmej":[{{"informationsGeneralesPMEJ":{{"numFinessPm":"{}",
                "denominationLonguePmSmsse":"ASSOCIATION","statutJuridique":"60"}},
                "adresse":[{{"cogCommune":"13055","codePostal":"13001"}}],"etatObjet":"A",
                "ege":[{},{}]}}]}}"#,
            ej(0),
            site(0, "A"),
            site(1, second)
        )
    };
    let plus = || ImportHeader {
        format: RegistryFormat::FinessPlus.into(),
        ..header()
    };
    let first = registry
        .import_with(plus(), file("A").as_bytes())
        .await
        .unwrap();
    assert_eq!(tally(first.establishments), [2, 0, 0, 0], "{first:?}");
    let second = registry
        .import_with(plus(), file("I").as_bytes())
        .await
        .unwrap();
    assert_eq!(tally(second.establishments), [0, 0, 1, 1]);
    assert_eq!(
        registry.site(et(1)).await.unwrap().state(),
        RegistryState::Closed
    );
    let third = registry
        .import_with(plus(), file("I").as_bytes())
        .await
        .unwrap();
    assert_eq!(tally(third.establishments), [0, 0, 2, 0]);
}
