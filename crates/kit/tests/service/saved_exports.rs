//! `SavedExportService`.

use proto::history::v1::{
    CreateSavedExportRequest, DownloadSavedExportRequest, GetCheckpointRequest,
    GetSavedExportRequest, ListEventsRequest, ListSavedExportsRequest, SavedExport,
    SavedExportState, proof_service_client::ProofServiceClient,
    saved_export_service_client::SavedExportServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, Setup, TestService, eventually, reason, request_id, wrong_fields};
use time::{Duration, macros::datetime};
use tonic::{Code, Status};

use crate::support::{DEFINITION, append, append_under, auditor, history, service, start};

fn exports(service: &TestService, persona: &Persona) -> SavedExportServiceClient<Peer> {
    SavedExportServiceClient::new(service.peer(persona))
}

/// Waits until a checkpoint covers that many events.
async fn sealed(service: &TestService, events: i64) {
    let client = ProofServiceClient::new(service.peer(&auditor()));
    eventually("a checkpoint", || {
        let mut client = client.clone();
        async move {
            let latest = client.get_checkpoint(GetCheckpointRequest::default()).await;
            (latest.ok()?.into_inner().tree_size >= events).then_some(())
        }
    })
    .await;
}

fn order() -> CreateSavedExportRequest {
    CreateSavedExportRequest {
        request_id: request_id(),
        ..Default::default()
    }
}

async fn in_state(
    client: &SavedExportServiceClient<Peer>,
    name: &str,
    state: SavedExportState,
) -> SavedExport {
    eventually("the export", || {
        let mut client = client.clone();
        let name = name.to_owned();
        async move {
            let found = client
                .get_saved_export(GetSavedExportRequest { name })
                .await;
            let found = found.ok()?.into_inner();
            (found.state() == state).then_some(found)
        }
    })
    .await
}

async fn download(
    client: &mut SavedExportServiceClient<Peer>,
    name: &str,
) -> Result<(SavedExport, Vec<u8>), Status> {
    let request = DownloadSavedExportRequest {
        name: name.to_owned(),
    };
    let mut messages = client.download_saved_export(request).await?.into_inner();
    let (mut told, mut file) = (SavedExport::default(), Vec::new());
    while let Some(message) = messages.message().await? {
        told = message.saved_export.unwrap_or(told);
        file.extend(message.chunk);
    }
    Ok((told, file))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_orders_a_file_and_downloads_it_when_it_is_made() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 30).await;
    append(&service.running.runtime.db, "84", "batches/2", 5).await;
    sealed(&service, 35).await;
    let mut client = exports(&service, &auditor());
    let request = CreateSavedExportRequest {
        region: "93".to_owned(),
        ..order()
    };
    let ordered = client.create_saved_export(request.clone()).await.unwrap();
    let ordered = ordered.into_inner();
    let again = client.create_saved_export(request).await.unwrap();
    assert_eq!(again.into_inner(), ordered, "a repeated order is one");

    let ready = in_state(&client, &ordered.name, SavedExportState::Ready).await;
    let (told, file) = download(&mut client, &ordered.name).await.unwrap();
    assert_eq!(told, ready);
    assert_eq!(ready.size_bytes, i64::try_from(file.len()).unwrap());
    assert_eq!((ready.events, ready.sha256.len()), (30, 64));
    let text = String::from_utf8(file).unwrap();
    assert_eq!(text.lines().count(), 30);
    assert!(text.lines().all(|line| line.contains("batches/1")));
    // Persons stand in it by their commitments alone, and so does who ordered it.
    assert!(!text.contains("auditor"));
    let listed = client
        .list_saved_exports(ListSavedExportsRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.into_inner().saved_exports, [ready]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_was_asked_for_by_type_and_by_actor_and_no_person_in_the_clear() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 3).await;
    sealed(&service, 3).await;
    let claire = Persona::human("auditor").region("*").named("person:claire");
    let mut client = exports(&service, &claire);
    for (kind, actor, outcome, expected) in [
        ("Indicators", "service:test", "", 3),
        ("ContractSigned", "", "", 0),
        ("", "", "OUTCOME_NO_ACTION", 0),
    ] {
        let request = CreateSavedExportRequest {
            r#type: kind.to_owned(),
            actor: actor.to_owned(),
            outcome: outcome.to_owned(),
            ..order()
        };
        let ordered = client.create_saved_export(request).await.unwrap();
        let name = ordered.into_inner().name;
        let ready = in_state(&client, &name, SavedExportState::Ready).await;
        assert_eq!(
            (ready.r#type.as_str(), ready.actor.as_str()),
            (kind, actor),
            "a machine is named as it is"
        );
        assert_eq!((ready.outcome.as_str(), ready.events), (outcome, expected));
    }

    // These orders are facts too, of a person.
    sealed(&service, 9).await;
    let of_claire = CreateSavedExportRequest {
        actor: "person:claire".to_owned(),
        ..order()
    };
    let ordered = client.create_saved_export(of_claire).await.unwrap();
    let ordered = ordered.into_inner();
    assert!(ordered.actor.len() == 71 && !ordered.actor.contains("claire"));
    let ready = in_state(&client, &ordered.name, SavedExportState::Ready).await;
    assert_eq!(
        ready.actor, "person:claire",
        "who may read it reads who was meant, until the person is erased"
    );
    let (_, file) = download(&mut client, &ordered.name).await.unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(ready.events == 3 && !text.contains("claire"), "{text}");
    assert!(
        text.lines()
            .all(|line| line.contains("SavedExportOrdered") && line.contains(&ordered.actor))
    );

    // As pages name people: the same person.
    let of_same = CreateSavedExportRequest {
        actor: "claire".to_owned(),
        ..order()
    };
    let again = client.create_saved_export(of_same).await.unwrap();
    assert_eq!(again.into_inner().actor, ordered.actor);

    // Whoever never acted here stands in the history by a commitment too.
    let of_nobody = CreateSavedExportRequest {
        actor: "somebody".to_owned(),
        ..order()
    };
    let ordered = client.create_saved_export(of_nobody).await.unwrap();
    let name = ordered.into_inner().name;
    let events = in_state(&client, &name, SavedExportState::Ready).await;
    assert_eq!(events.events, 0);
    let request = ListEventsRequest {
        r#type: "cpom.history.v1.SavedExportOrdered".to_owned(),
        ..Default::default()
    };
    let told = history(&service, &auditor()).list_events(request).await;
    let told = told.unwrap().into_inner().events;
    assert_eq!(told.len(), 6);
    for event in told {
        let canonical = String::from_utf8(event.canonical).unwrap();
        assert!(
            !canonical.contains("claire") && !canonical.contains("somebody"),
            "{canonical}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_order_an_export_or_no_longer_sees_its_scope_finds_none() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 3).await;
    append_under(&service.running.runtime.db, "contracts/2", "batches/2", 2).await;
    sealed(&service, 5).await;
    let manager = Persona::human("manager").named("claire");
    let mut client = exports(&service, &manager.clone().region("93"));
    let request = CreateSavedExportRequest {
        region: "93".to_owned(),
        ..order()
    };
    let ordered = client.create_saved_export(request).await.unwrap();
    let name = ordered.into_inner().name;
    in_state(&client, &name, SavedExportState::Ready).await;
    for persona in [
        auditor(),
        // The same person, for another region.
        manager.region("84"),
    ] {
        let mut stranger = exports(&service, &persona);
        let refused = download(&mut stranger, &name).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound);
        let listed = stranger
            .list_saved_exports(ListSavedExportsRequest::default())
            .await
            .unwrap();
        assert!(listed.into_inner().saved_exports.is_empty());
    }
    // Whatever the table says, the history is not open to establishments, and no machine orders.
    let director = Persona::human("establishment_director").finess("130786049");
    let refused = exports(&service, &director)
        .create_saved_export(order())
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let machine = Persona::system("manager").region("93");
    let refused = exports(&service, &machine)
        .create_saved_export(order())
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_outside_a_scope_is_refused_and_nothing_is_ordered() {
    let service = service().await;
    let mut client = exports(&service, &auditor());
    let none = client.create_saved_export(order()).await.unwrap_err();
    assert_eq!(reason(&none), "NO_CHECKPOINT");
    append(&service.running.runtime.db, "93", "batches/1", 5).await;
    sealed(&service, 5).await;
    let large = CreateSavedExportRequest {
        max_events: 4,
        ..order()
    };
    let refused = client.create_saved_export(large).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "EXPORT_TOO_LARGE".into())
    );
    let endless = CreateSavedExportRequest {
        max_events: 100_001,
        ..order()
    };
    let refused = client.create_saved_export(endless).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["max_events"]);
    // What is silently left out would look like what was deleted.
    let partly = Persona::human("auditor").region("93");
    let refused = exports(&service, &partly)
        .create_saved_export(order())
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let listed = client
        .list_saved_exports(ListSavedExportsRequest::default())
        .await
        .unwrap();
    assert!(listed.into_inner().saved_exports.is_empty());
    let missing = "savedExports/0198c0de-0000-7000-8000-000000000001";
    let refused = download(&mut client, missing).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_for_a_week() {
    let setup = Setup::starting_at(datetime!(2026-01-05 08:00 UTC)).await;
    let service = TestService::within(setup, &DEFINITION, start).await;
    append(&service.running.runtime.db, "93", "batches/1", 5).await;
    sealed(&service, 5).await;
    let mut client = exports(&service, &auditor());
    let ordered = client.create_saved_export(order()).await.unwrap();
    let name = ordered.into_inner().name;
    in_state(&client, &name, SavedExportState::Ready).await;
    service.setup.advance(Duration::days(8)).unwrap();
    let mut client = exports(&service, &auditor());
    let over = download(&mut client, &name).await.unwrap_err();
    assert_eq!(reason(&over), "EXPORT_EXPIRED");
    let expired = in_state(&client, &name, SavedExportState::Expired).await;
    assert_eq!(expired.events, 5, "that it was made stays on record");
}
