//! Missions, and the record of what auditors read.
#![expect(
    clippy::unwrap_used,
    reason = "a test without its surroundings cannot go on"
)]

use proto::history::v1::{
    ExportEventsRequest, GetCheckpointRequest, ListEventsRequest, ListReadsRequest, Read,
    StreamEventsRequest, audit_service_client::AuditServiceClient,
    history_service_client::HistoryServiceClient, proof_service_client::ProofServiceClient,
};
use rpc::client::{Credentials, Peer};
use serde_json::{Value, json};
use testkit::{Persona, TestService, eventually, reason, wrong_fields};
use tonic::Code;

use crate::support::{append, append_under, auditor, history, service};

/// A channel with the token of an auditor whose mission is another.
fn on_mission(service: &TestService, change: impl FnOnce(&mut Value)) -> Peer {
    let mut claims = service.setup.issuer.claims(&auditor());
    change(&mut claims["mission"]);
    let token = service.setup.issuer.sign(&claims);
    let address = format!("http://{}", service.running.address);
    rpc::client::peer(&address, Credentials::Token(token)).expect("an address")
}

async fn reads(service: &TestService, request: ListReadsRequest) -> Vec<Read> {
    AuditServiceClient::new(service.peer(&auditor().named("another-auditor")))
        .list_reads(request)
        .await
        .unwrap()
        .into_inner()
        .reads
}

fn of(actor: &str) -> ListReadsRequest {
    ListReadsRequest {
        actor: actor.to_owned(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_an_auditor_is_recorded_with_its_outcome_and_nobody_elses() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 2).await;
    let mut client = history(&service, &auditor());
    let request = ListEventsRequest {
        root: "contracts/1".to_owned(),
        ..Default::default()
    };
    client.list_events(request).await.unwrap();
    let wrong = ListEventsRequest {
        filter: "colour = red".to_owned(),
        ..Default::default()
    };
    client.list_events(wrong).await.unwrap_err();
    let stream = StreamEventsRequest {
        aggregate_kind: "batch".to_owned(),
    };
    client.stream_events(stream.clone()).await.unwrap();
    history(&service, &Persona::service())
        .stream_events(stream)
        .await
        .unwrap();

    let recorded = reads(&service, of("auditor-1")).await;
    let told: Vec<_> = recorded
        .iter()
        .map(|read| {
            (
                read.method.rsplit('/').next().unwrap(),
                read.outcome.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ListEvents", "OK"),
            ("ListEvents", "INVALID_ARGUMENT"),
            ("StreamEvents", "OK")
        ]
    );
    assert!(
        recorded[0].request.contains("contracts/1"),
        "{}",
        recorded[0].request
    );
    assert_eq!(recorded[0].mission, "missions/1");
    let refused = ListReadsRequest {
        outcome: "INVALID_ARGUMENT".to_owned(),
        ..of("auditor-1")
    };
    assert_eq!(reads(&service, refused).await.len(), 1);
    assert!(reads(&service, of("service-1")).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_an_auditor_asked_about_is_recorded_and_forgotten_with_the_person() {
    let service = service().await;
    let request = ListEventsRequest {
        filter: "actor = \"auditor-1\"".to_owned(),
        ..Default::default()
    };
    let mut client = history(&service, &auditor());
    client.list_events(request).await.unwrap();
    let told = reads(&service, of("auditor-1")).await.remove(0).request;
    assert!(told.contains("auditor-1"), "{told}");

    let machine = &service.running.runtime.machine;
    let erased = store::person::erase(machine, "auditor-1", "dpo", "request of the person").await;
    let commitment = erased.unwrap().expect("the auditor read");
    let told = reads(&service, of(&commitment)).await.remove(0).request;
    assert!(
        !told.contains("auditor-1") && told.contains(&commitment),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_out_of_date_or_missing_is_refused_and_the_refusal_is_recorded() {
    let service = service().await;
    let list = async |peer: Peer| {
        let request = ListEventsRequest::default();
        HistoryServiceClient::new(peer)
            .list_events(request)
            .await
            .unwrap_err()
    };
    let over = list(on_mission(&service, |mission| {
        mission["until"] = json!(1_000);
    }))
    .await;
    assert_eq!(
        (over.code(), reason(&over).as_str()),
        (Code::PermissionDenied, "MISSION_NOT_OPEN")
    );
    assert!(
        over.message().contains("director_general-1"),
        "{}",
        over.message()
    );
    let early = list(on_mission(&service, |mission| {
        mission["from"] = json!(9_999_999_999_i64);
    }))
    .await;
    assert_eq!(reason(&early), "MISSION_NOT_OPEN");
    let none = list(on_mission(&service, |mission| *mission = Value::Null)).await;
    assert_eq!(reason(&none), "MISSION_REQUIRED");
    let outcomes: Vec<String> = reads(&service, of("auditor-1"))
        .await
        .into_iter()
        .map(|read| read.outcome)
        .collect();
    assert_eq!(outcomes, ["PERMISSION_DENIED"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_over_a_contract_opens_that_contract_alone() {
    let service = service().await;
    let db = &service.running.runtime.db;
    append_under(db, "contracts/1", "batches/1", 2).await;
    append_under(db, "contracts/2", "batches/2", 3).await;
    let peer = on_mission(&service, |mission| {
        mission["contracts"] = json!(["contracts/1"]);
    });
    let mut client = HistoryServiceClient::new(peer.clone());
    for root in ["", "contracts/1", "contracts/2"] {
        let request = ListEventsRequest {
            root: root.to_owned(),
            ..Default::default()
        };
        let events = client
            .list_events(request)
            .await
            .unwrap()
            .into_inner()
            .events;
        assert!(
            events.iter().all(|event| event.root == "contracts/1"),
            "{root}"
        );
        assert_eq!(
            events.len(),
            if root == "contracts/2" { 0 } else { 2 },
            "{root}"
        );
    }
    let proofs = ProofServiceClient::new(peer);
    let tree_size = eventually("a checkpoint", || {
        let mut proofs = proofs.clone();
        async move {
            let latest = proofs
                .get_checkpoint(GetCheckpointRequest::default())
                .await
                .ok()?;
            Some(latest.into_inner().tree_size).filter(|size| *size == 5)
        }
    })
    .await;
    let everything = ExportEventsRequest {
        tree_size,
        ..Default::default()
    };
    let refused = proofs.clone().export_events(everything).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_the_history_and_a_wrong_one_says_what_is_wrong() {
    let service = service().await;
    let db = &service.running.runtime.db;
    append_under(db, "contracts/1", "batches/1", 2).await;
    append_under(db, "contracts/2", "batches/2", 3).await;
    let mut client = history(&service, &auditor());
    for (filter, expected) in [
        ("", 5),
        (r#"contract = "contracts/2""#, 3),
        ("type:Indicators AND role = service", 5),
        ("type = cpom.targets.v1.Nothing", 0),
        ("aggregate = batches/1 AND actor = service:test", 2),
        (r#"time >= "2999-01-01T00:00:00Z""#, 0),
        ("region = 93 AND establishment = establishments/1", 0),
        ("outcome = OUTCOME_NO_ACTION", 0),
    ] {
        let request = ListEventsRequest {
            filter: filter.to_owned(),
            ..Default::default()
        };
        let events = client
            .list_events(request)
            .await
            .unwrap()
            .into_inner()
            .events;
        assert_eq!(events.len(), expected, "{filter}");
    }
    let request = ListEventsRequest {
        filter: "colour = red".to_owned(),
        ..Default::default()
    };
    let refused = client.list_events(request).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["filter"]);
}
