//! Controls on documents and on site: files as they are told, records during the mission by its team, findings at its end.

use crate::common::{REGION, World, close, contract};
use kernel::new_id;
use proto::{controls::v1 as pb, types::v1::Severity};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, reason, request_id, wrong_fields};
use time::Duration;
use tonic::Code;

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n";

/// A mission from 1 to 5 March 2025 on the only contract of the campaign.
pub(crate) async fn mission(world: &World, campaign: &pb::Campaign) -> pb::Mission {
    let control = world.all_controls(&campaign.name).await.remove(0);
    let programme = pb::CreateProgrammeRequest {
        region: REGION.to_owned(),
        year: 2025,
        title: "Programme régional de contrôle".to_owned(),
        priorities: "Établissements en écart persistant.".to_owned(),
        request_id: request_id(),
    };
    let mut missions = world.missions_as(&crate::common::controller());
    let programme = missions
        .create_programme(programme)
        .await
        .unwrap()
        .into_inner();
    let request = pb::CreateMissionRequest {
        contract: control.contract.clone(),
        campaign: campaign.name.clone(),
        programme: programme.name,
        ..opening()
    };
    let opened = missions.create_mission(request).await.unwrap().into_inner();
    assert_eq!(opened.control, control.name);
    opened
}

fn opening() -> pb::CreateMissionRequest {
    pb::CreateMissionRequest {
        kind: pb::MissionKind::OnSite.into(),
        letter: Some(pb::MissionLetter {
            reference: "LM-2025-014".to_owned(),
            date: "2025-02-20".to_owned(),
            signatory: "A. Martin, directrice générale".to_owned(),
        }),
        start_date: "2025-03-01".to_owned(),
        end_date: "2025-03-05".to_owned(),
        request_id: request_id(),
        ..Default::default()
    }
}

fn header(mission: &pb::Mission, media_type: &str, bytes: &[u8]) -> pb::EvidenceHeader {
    pb::EvidenceHeader {
        mission: mission.name.clone(),
        title: "Planning de mars".to_owned(),
        file_name: "planning.pdf".to_owned(),
        media_type: media_type.to_owned(),
        size_bytes: i64::try_from(bytes.len()).unwrap(),
        sha256: hex::encode(Sha256::digest(bytes)),
        request_id: request_id(),
    }
}

fn upload(header: pb::EvidenceHeader, bytes: &[u8]) -> Vec<pb::UploadEvidenceRequest> {
    let first = pb::UploadEvidenceRequest {
        header: Some(header),
        chunk: vec![],
    };
    let chunks = bytes.chunks(20).map(|chunk| pb::UploadEvidenceRequest {
        header: None,
        chunk: chunk.to_vec(),
    });
    std::iter::once(first).chain(chunks).collect()
}

fn deviation(mission: &pb::Mission, evidence: Vec<String>) -> pb::RecordRemarkRequest {
    pb::RecordRemarkRequest {
        mission: mission.name.clone(),
        kind: pb::RemarkKind::Deviation.into(),
        text: "Deux postes de nuit sont vacants.".to_owned(),
        legal_basis: "clause 4.2 du contrat".to_owned(),
        severity: Severity::Grave.into(),
        objective: "stays".to_owned(),
        evidence,
        request_id: request_id(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_goes_from_its_letter_to_findings_that_name_their_evidence() {
    let world = World::with(&[contract().conforming()]).await;
    let campaign = world.measured().await;
    let opened = mission(&world, &campaign).await;
    let mut missions = world.missions_as(&crate::common::controller());

    let told = header(&opened, "application/pdf", PDF);
    let messages = upload(told.clone(), PDF);
    let evidence = missions
        .upload_evidence(tokio_stream::iter(messages.clone()))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (evidence.sha256.as_str(), evidence.size_bytes),
        (told.sha256.as_str(), told.size_bytes)
    );
    // The same upload again, after a broken connection, is the same file.
    let again = missions.upload_evidence(tokio_stream::iter(messages)).await;
    assert_eq!(again.unwrap().into_inner(), evidence);
    let request = pb::DownloadEvidenceRequest {
        name: evidence.name.clone(),
    };
    let mut stream = missions
        .download_evidence(request)
        .await
        .unwrap()
        .into_inner();
    let mut bytes = vec![];
    while let Some(message) = stream.message().await.unwrap() {
        bytes.extend(message.chunk);
    }
    assert_eq!(bytes, PDF);

    let remark = pb::RecordRemarkRequest {
        kind: pb::RemarkKind::Remark.into(),
        text: "L’affichage est à mettre à jour.".to_owned(),
        legal_basis: String::new(),
        severity: Severity::Unspecified.into(),
        objective: String::new(),
        evidence: vec![],
        request_id: request_id(),
        ..deviation(&opened, vec![])
    };
    missions.record_remark(remark).await.unwrap();
    let recorded = missions
        .record_remark(deviation(&opened, vec![evidence.name.clone()]))
        .await
        .unwrap()
        .into_inner();
    // Whether it binds is what the objective says.
    assert!(recorded.opposable);

    let get = pb::GetMissionRequest {
        name: opened.name.clone(),
    };
    let current = missions.get_mission(get).await.unwrap().into_inner();
    assert_eq!((current.evidence.len(), current.remarks.len()), (1, 2));
    assert!(world.findings(&campaign.name).await.is_empty());
    let report = pb::ReportMissionRequest {
        name: current.name.clone(),
        etag: current.etag,
        conclusions: "Le service de nuit n’est pas assuré.".to_owned(),
        request_id: request_id(),
    };
    let reported = missions.report_mission(report).await.unwrap().into_inner();
    assert_eq!(reported.state(), pb::MissionState::Reported);

    let findings = world.findings(&campaign.name).await;
    assert_eq!(findings.len(), 2);
    for finding in &findings {
        assert_eq!(finding.origin(), pb::FindingOrigin::Manual);
        assert_eq!(finding.mission, opened.name);
        assert_eq!(finding.control, opened.control);
    }
    let grave = findings
        .iter()
        .find(|f| f.severity() == Severity::Grave)
        .unwrap();
    assert!(grave.opposable && grave.penalty_eligible);
    assert_eq!(grave.legal_basis, "clause 4.2 du contrat");
    let shown = &grave.trace.as_ref().unwrap().inputs[0];
    assert_eq!(shown.value, evidence.sha256);
    assert!(
        reported
            .remarks
            .iter()
            .any(|remark| remark.finding == grave.name)
    );
    // Both were raised by a person, and say who controlled.
    let raised = "select count(*) from event
         where type = 'cpom.controls.v1.FindingRaised' and actor_kind = 'human'";
    assert_eq!(world.count(raised).await, 2);
    let late = missions
        .record_remark(deviation(&opened, vec![]))
        .await
        .unwrap_err();
    assert_eq!(reason(&late), "MISSION_OVER");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_was_told_of_it_is_not_kept() {
    let world = World::with(&[contract().conforming()]).await;
    let campaign = world.measured().await;
    let opened = mission(&world, &campaign).await;
    let mut missions = world.missions_as(&crate::common::controller());
    let good = header(&opened, "application/pdf", PDF);
    let without_header = upload(good.clone(), PDF).split_off(1);
    let headers_twice = vec![upload(good.clone(), b"").remove(0); 2];
    let cases = [
        (
            upload(header(&opened, "image/png", PDF), PDF),
            "EVIDENCE_TYPE_MISMATCH",
        ),
        (
            upload(header(&opened, "text/html", PDF), PDF),
            "EVIDENCE_TYPE_NOT_ACCEPTED",
        ),
        (upload(good.clone(), &PDF[1..]), "EVIDENCE_SIZE_MISMATCH"),
        (
            upload(good.clone(), &[PDF, b"more"].concat()),
            "EVIDENCE_SIZE_MISMATCH",
        ),
        (
            upload(
                pb::EvidenceHeader {
                    sha256: "0".repeat(64),
                    ..good.clone()
                },
                PDF,
            ),
            "EVIDENCE_HASH_MISMATCH",
        ),
        (without_header, "EVIDENCE_HEADER_EXPECTED"),
        (headers_twice, "EVIDENCE_CHUNK_EXPECTED"),
        (
            upload(
                pb::EvidenceHeader {
                    size_bytes: 26_214_401,
                    ..good
                },
                PDF,
            ),
            "INVALID_ARGUMENT",
        ),
    ];
    for (messages, expected) in cases {
        let refused = missions
            .upload_evidence(tokio_stream::iter(messages))
            .await
            .unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused)),
            (Code::InvalidArgument, expected.to_owned())
        );
    }
    assert_eq!(world.count("select count(*) from evidence").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_team_records_and_only_during_the_mission() {
    let world = World::with(&[contract().conforming()]).await;
    let campaign = world.measured().await;
    let opened = mission(&world, &campaign).await;
    let stranger = Persona::human("controller")
        .named("controller-2")
        .region(REGION);
    let refused = world
        .missions_as(&stranger)
        .record_remark(deviation(&opened, vec![]))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::PermissionDenied, "NOT_ON_MISSION".into())
    );
    world.setup.clock.advance(Duration::days(5));
    let mut missions = world.missions_as(&crate::common::controller());
    let refused = missions
        .record_remark(deviation(&opened, vec![]))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "MISSION_OUT_OF_DATE".into())
    );
    let file = upload(header(&opened, "application/pdf", PDF), PDF);
    let refused = missions
        .upload_evidence(tokio_stream::iter(file))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "MISSION_OUT_OF_DATE");
    let cancel = pb::CancelMissionRequest {
        name: opened.name.clone(),
        etag: opened.etag.clone(),
        reasons: "La mission est reportée.".to_owned(),
        request_id: request_id(),
    };
    let cancelled = missions.cancel_mission(cancel).await.unwrap().into_inner();
    assert_eq!(cancelled.state(), pb::MissionState::Cancelled);
    assert!(world.findings(&campaign.name).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_not_closed_while_a_mission_is_open_and_none_is_opened_once_it_is() {
    let world = World::with(&[contract().conforming()]).await;
    let shared = world.shared().await;
    let opened = mission(&world, &shared).await;
    let refused = world.campaigns().close_campaign(close(&shared)).await;
    let refused = refused.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "MISSIONS_OPEN".into())
    );
    let mut missions = world.missions_as(&crate::common::controller());
    let cancel = pb::CancelMissionRequest {
        name: opened.name.clone(),
        etag: opened.etag.clone(),
        reasons: "La mission est reportée.".to_owned(),
        request_id: request_id(),
    };
    missions.cancel_mission(cancel).await.unwrap();
    let open = async |world: &World| {
        let get = pb::GetControlRequest {
            name: opened.control.clone(),
        };
        let control = world.controls().get_control(get).await.unwrap();
        let told = control.into_inner().allowed_actions.remove(0);
        assert_eq!(told.method, "CreateMission");
        (told.allowed, told.reason)
    };
    assert_eq!(open(&world).await, (true, String::new()));
    let closed = world.campaigns().close_campaign(close(&shared)).await;
    closed.unwrap();
    let never = "MISSION_CAMPAIGN_CLOSED".to_owned();
    assert_eq!(open(&world).await, (false, never.clone()));
    let another = pb::CreateMissionRequest {
        contract: opened.contract.clone(),
        campaign: shared.name.clone(),
        ..opening()
    };
    let refused = missions.create_mission(another).await.unwrap_err();
    assert_eq!(reason(&refused), never);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_that_makes_no_sense_is_refused_with_what_is_wrong() {
    let world = World::with(&[contract().conforming()]).await;
    let campaign = world.measured().await;
    let mut missions = world.missions_as(&crate::common::controller());
    let on = |change: fn(&mut pb::CreateMissionRequest)| {
        let mut request = pb::CreateMissionRequest {
            campaign: campaign.name.clone(),
            contract: format!("contracts/{}", new_id()),
            ..opening()
        };
        change(&mut request);
        request
    };
    let elsewhere = missions.create_mission(on(|_| {})).await.unwrap_err();
    assert_eq!(reason(&elsewhere), "NOT_CONTROLLED");
    let backwards = on(|request| {
        request.end_date = "2025-02-10".to_owned();
        request.start_date = "2025-02-12".to_owned();
    });
    let refused = missions.create_mission(backwards).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["end_date", "letter.date"]);
    let opened = mission(&world, &campaign).await;
    let bare = pb::RecordRemarkRequest {
        legal_basis: String::new(),
        severity: Severity::Info.into(),
        objective: "unknown".to_owned(),
        ..deviation(&opened, vec![format!("evidence/{}", new_id())])
    };
    let refused = missions.record_remark(bare).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["severity", "legal_basis", "objective", "evidence"]
    );
}
