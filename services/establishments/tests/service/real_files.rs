//! The public files this was made for, when they stand beside the checkout. They are not part of it.

use std::{path::PathBuf, time::Instant};

use proto::establishments::v1::ImportHeader;

use crate::support::{Registry, header, tally};

/// A file of `shared/data/registry`, or none (said aloud) where the folder is absent.
fn public_file(name: &str) -> Option<Vec<u8>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/registry");
    if !beside.is_dir() {
        println!("skipped: {} is not there", beside.display());
        return None;
    }
    Some(std::fs::read(beside.join(name)).expect("the folder holds the file"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_357_hospital_sites_of_paca_are_registered_under_249_entities() {
    let Some(file) = public_file("etablissements_sanitaires_paca_sae2023.csv") else {
        return;
    };
    let registry = Registry::start().await;
    let report = registry.import_with(header(), &file).await.unwrap();
    assert_eq!(tally(report.establishments), [357, 0, 0, 0]);
    assert_eq!(tally(report.legal_entities), [249, 0, 0, 0]);
    assert_eq!((report.rejected, report.skipped), (0, 0));
    let again = registry.import_with(header(), &file).await.unwrap();
    assert_eq!(tally(again.establishments), [0, 0, 357, 0]);
    let named = registry.entity("130786049".parse().unwrap()).await.unwrap();
    assert_eq!(named.title, "AP-HM");
    let unnamed = registry.entity("920030269".parse().unwrap()).await.unwrap();
    assert!(
        unnamed.title.ends_with("(dénomination non publiée)"),
        "{}",
        unnamed.title
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_3975_hospital_sites_of_france_are_registered_region_by_region() {
    let Some(file) = public_file("etablissements_sanitaires_france_sae2023.csv") else {
        return;
    };
    let registry = Registry::start().await;
    let begun = Instant::now();
    let mut sites = 0;
    for region in kernel::Region::all() {
        let header = ImportHeader {
            region: region.to_string(),
            ..header()
        };
        let report = registry.import_with(header, &file).await.unwrap();
        assert_eq!(report.rejected, 0, "{region}: {:?}", report.rejected_lines);
        assert_eq!(report.lines, 3_975);
        let [created, ..] = tally(report.establishments);
        assert_eq!(created + report.skipped, 3_975, "{region}");
        if region.code() == "93" {
            assert_eq!(created, 357);
        }
        sites += created;
    }
    println!("3,975 sites of 19 imports in {:?}", begun.elapsed());
    assert_eq!(sites, 3_975);
    assert_eq!(registry.count("establishment").await, 3_975);
    assert_eq!(registry.count("legal_entity").await, 2_176);
}
