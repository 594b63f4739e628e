//! The PMSI data that a campaign freezes: the version that the targets service holds, and no other.

use super::*;
use crate::common::case_mix::version;

#[tokio::test(flavor = "multi_thread")]
async fn the_version_that_the_targets_service_holds_is_frozen_with_its_imports_and_explained() {
    let world = World::with(&[contract().deviating()]).await;
    *world.peers.case_mix.lock().unwrap() = version();
    let frozen = world.frozen().await;
    let data = frozen.frozen.clone().unwrap();
    assert_eq!(data.pmsi_version, version().version);
    let expected = version().imports.remove(0);
    assert_eq!(
        data.pmsi_imports,
        [pb::PmsiImport {
            import: expected.import.clone(),
            pmsi_field: "MCO".to_owned(),
            sha256: expected.sha256.clone(),
            source: "ATIH".to_owned(),
            extraction_date: "2025-02-15".to_owned(),
            through_month: 12,
            establishments: 14,
        }]
    );
    // It was asked for the very instant at which the data were frozen.
    let asked = world.peers.case_mix_asked.lock().unwrap().clone();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (asked.region.as_str(), asked.year, asked.applied_before),
        (REGION, YEAR, frozen.freeze_time)
    );

    // What is imported afterwards changes nothing of it.
    *world.peers.case_mix.lock().unwrap() = targets_without_data();
    let started = world
        .campaigns()
        .start_campaign(start(&frozen))
        .await
        .unwrap()
        .into_inner();
    let measured = world.until_measured(&started.name).await;
    assert_eq!(measured.frozen, frozen.frozen);
    let finding = world.findings(&frozen.name).await.remove(0);
    let explained = world
        .controls()
        .explain_finding(pb::ExplainFindingRequest { name: finding.name })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(explained.pmsi_version, data.pmsi_version);
    assert_eq!(explained.pmsi_imports, data.pmsi_imports);
    for part in [
        expected.import.as_str(),
        &expected.sha256,
        "n’entrent pas dans ce calcul",
    ] {
        assert!(
            explained.text.contains(part),
            "{part} in {}",
            explained.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_held_is_refused_and_nothing_is_frozen() {
    let world = World::with(&[contract().conforming()]).await;
    *world.peers.case_mix.lock().unwrap() = version();
    let planned = world.planned().await;
    let meaning = |text: &str| pb::FreezeCampaignRequest {
        pmsi_version: text.to_owned(),
        ..freeze(&planned)
    };
    let refused = world
        .campaigns()
        .freeze_campaign(meaning("PMSI MCO 2024 M12"))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "PMSI_VERSION_NOT_HELD".into())
    );
    let info = refused.get_details_error_info().unwrap();
    assert_eq!(info.metadata["held"], version().version);
    let campaign = world.campaign(&planned.name).await;
    assert_eq!(campaign.state(), pb::CampaignState::Planned);

    let frozen = world
        .campaigns()
        .freeze_campaign(meaning(&version().version))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(frozen.frozen.unwrap().pmsi_version, version().version);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_pmsi_data_a_campaign_is_frozen_and_says_so() {
    let world = World::with(&[contract().conforming()]).await;
    let data = world.frozen().await.frozen.unwrap();
    assert_eq!(
        (data.pmsi_version.as_str(), data.pmsi_imports.len()),
        ("", 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn data_are_not_frozen_while_the_owner_of_the_pmsi_data_is_away() {
    let world = World::with(&[contract().conforming()]).await;
    let planned = world.planned().await;
    world.targets_away(true);
    let refused = world
        .campaigns()
        .freeze_campaign(freeze(&planned))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::Unavailable, "UNAVAILABLE".into())
    );
}

fn targets_without_data() -> proto::targets::v1::CaseMixVersion {
    proto::targets::v1::CaseMixVersion::default()
}
