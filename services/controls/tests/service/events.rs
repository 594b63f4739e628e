//! What is published over NATS, and what is understood of what others publish.

use crate::common::{World, close, contract};
use futures::StreamExt as _;
use prost::Name as _;
use proto::{controls::v1 as pb, history::v1 as history, types::v1 as types};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use testkit::{Persona, eventually, request_id};

/// The events that reached the stream of this service, until one of type `last`.
async fn published(world: &World, last: &str) -> Vec<(String, Value)> {
    let context = world.running.runtime.bus.context();
    let stream = eventually("the stream is there", || async {
        context.get_stream(bus::stream_name("controls")).await.ok()
    })
    .await;
    let consumer = stream
        .create_consumer(async_nats::jetstream::consumer::pull::Config::default())
        .await
        .unwrap();
    let mut messages = consumer.messages().await.unwrap();
    let mut events = vec![];
    loop {
        let message = messages.next().await.unwrap().unwrap();
        message.ack().await.unwrap();
        let body: Value = serde_json::from_slice(&message.payload).unwrap();
        let is_last = body["type"] == last;
        events.push((message.subject.to_string(), body));
        if is_last {
            return events;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_tells_its_whole_story_in_order_and_each_finding_carries_its_calculation() {
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.shared().await;
    world
        .campaigns()
        .close_campaign(close(&campaign))
        .await
        .unwrap();
    let events = published(&world, &pb::CampaignClosed::full_name()).await;
    let types: Vec<_> = events
        .iter()
        .map(|(_, body)| body["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "cpom.controls.v1.TolerancePolicyCreated",
            "cpom.controls.v1.TolerancePolicyAdopted",
            "cpom.controls.v1.CampaignPlanned",
            "cpom.controls.v1.CampaignFrozen",
            "cpom.controls.v1.CampaignStarted",
            "cpom.controls.v1.ControlMeasured",
            "cpom.controls.v1.FindingRaised",
            "cpom.controls.v1.CampaignMeasured",
            "cpom.controls.v1.CampaignShared",
            "cpom.controls.v1.CampaignClosed",
        ]
    );
    let kinds: Vec<_> = events
        .iter()
        .map(|(_, body)| body["actorkind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "human", "human", "human", "human", "human", "service", "service", "service", "human",
            "human"
        ]
    );

    let (subject, body) = &events[6];
    let finding = world.findings(&campaign.name).await.remove(0);
    let id = finding.name.trim_start_matches("findings/");
    assert_eq!(
        subject,
        &format!("cpom.controls.v1.finding.{id}.finding_raised")
    );
    assert_eq!(body["root"], finding.contract);
    let raised: pb::FindingRaised = bus::Envelope::parse(body.to_string().as_bytes())
        .unwrap()
        .decode()
        .unwrap();
    assert_eq!(
        raised,
        pb::FindingRaised {
            region: finding.region,
            campaign: finding.campaign,
            control: finding.control,
            contract: finding.contract,
            year: finding.year,
            objective: finding.objective,
            severity: finding.severity,
            opposable: finding.opposable,
            penalty_eligible: finding.penalty_eligible,
            summary: finding.summary,
            trace: finding.trace,
            origin: pb::FindingOrigin::Computed.into(),
            mission: String::new(),
            controllers: vec![types::Actor {
                subject: "controller-1".to_owned(),
                kind: types::ActorKind::Human.into(),
                role: "controller".to_owned(),
            }],
            consecutive_years: 1,
            priority: false,
            legal_basis: String::new(),
        }
    );
    let control: pb::ControlMeasured = proto::json::from_value(&events[5].1["data"]).unwrap();
    assert_eq!(control.comparisons[0].finding, finding.name);
    // The calculations stay with the control; the event proves them, to the byte.
    assert!(control.comparisons[0].trace.is_none());
    let mut owner = world.database.owner().await;
    let kept: String = sqlx::query_scalar("select comparisons::text from control")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(
        control.comparisons_sha256,
        hex::encode(Sha256::digest(kept))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_who_did_what_and_why_under_the_name_of_the_contract() {
    let contract = contract().deviating();
    let world = World::with(std::slice::from_ref(&contract)).await;
    let campaign = world.measured().await;
    let finding = world.findings(&campaign.name).await.remove(0);
    let withdraw = pb::WithdrawFindingRequest {
        name: finding.name,
        etag: finding.etag,
        reasons: "Doublon de transmission.".to_owned(),
        request_id: request_id(),
    };
    world
        .controls()
        .withdraw_finding(withdraw.clone())
        .await
        .unwrap();
    let auditor = world.peer(&Persona::human("auditor").region("*"));
    let mut history = history::history_service_client::HistoryServiceClient::new(auditor);
    let request = history::ListEventsRequest {
        root: contract.name.clone(),
        ..Default::default()
    };
    let events = history
        .list_events(request)
        .await
        .unwrap()
        .into_inner()
        .events;
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let actor = event.actor.as_ref().unwrap();
            (
                event.r#type.rsplit('.').next().unwrap(),
                actor.subject.as_str(),
                event.reason.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ControlMeasured", "service:controls", ""),
            ("FindingRaised", "service:controls", ""),
            (
                "FindingWithdrawn",
                "controller-1",
                "Doublon de transmission."
            ),
        ]
    );
    assert_eq!(events[2].request_id, withdraw.request_id);
}
