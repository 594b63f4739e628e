//! What an auditor finds in the histories of the four services.

use std::collections::BTreeMap;

use cpom_tests::{
    documents::events::aggregate_kind,
    scenario::{Recorded, Scenario, Trace},
    suite::Service,
};
use proto::contracts::v1::Outcome;

use crate::{Controlled, DEVIATING, suite};

/// The acts that only people do, by the last part of their type.
const HUMAN_ACTS: [&str; 17] = [
    "ContractDrafted",
    "NegotiationOpened",
    "VersionAgreed",
    "OpinionRecorded",
    "ContractFrozen",
    "ContractSignedByParty",
    "TargetSetDrafted",
    "TargetSetAgreedBySide",
    "TolerancePolicyCreated",
    "TolerancePolicyAdopted",
    "CampaignPlanned",
    "CampaignFrozen",
    "CampaignStarted",
    "ReviewNotified",
    "ObservationsSubmitted",
    "ReviewExamined",
    "ReviewConcluded",
];

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_the_life_of_a_contract_across_the_services() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    let done = Controlled::run(&scenario, &Trace::begin()).await?;
    let entity = &done.registry.entities[DEVIATING];
    let review = scenario.notify(done.review_of(DEVIATING)).await?;
    let review = scenario.observe(&review, entity).await?;
    let reviewer = scenario.people.reviewer();
    let review = scenario
        .examine(&review, &reviewer, Outcome::NoAction)
        .await??;
    scenario
        .conclude(&review, &scenario.people.manager(), Outcome::NoAction)
        .await??;

    let life = scenario.life_of(&done.contracts[DEVIATING]).await?;
    let milestones = [
        (Service::Contracts, "ContractDrafted"),
        (Service::Targets, "TargetSetDrafted"),
        (Service::Targets, "TargetSetAgreed"),
        (Service::Contracts, "NegotiationOpened"),
        (Service::Contracts, "ConsultationOpened"),
        (Service::Contracts, "OpinionRecorded"),
        (Service::Contracts, "ContractFrozen"),
        (Service::Contracts, "ContractSigned"),
        (Service::Contracts, "ContractInForce"),
        (Service::Targets, "TargetSetInEffect"),
        (Service::Controls, "ControlMeasured"),
        (Service::Controls, "FindingRaised"),
        (Service::Contracts, "ReviewOpened"),
        (Service::Contracts, "FindingAttached"),
        (Service::Contracts, "ReviewNotified"),
        (Service::Contracts, "ObservationsSubmitted"),
        (Service::Contracts, "ReviewExamined"),
        (Service::Contracts, "ReviewConcluded"),
    ];
    let mut rest = life.iter();
    for (service, name) in milestones {
        let found = rest.any(|event| event.service == service && event.name() == name);
        assert!(
            found,
            "{name} is missing, or out of order, in {:?}",
            names(&life)
        );
    }
    for event in &life {
        assert_eq!(
            event.event.root,
            done.contracts[DEVIATING],
            "{}",
            event.name()
        );
        assert_eq!(event.event.region, "93");
    }
    suite.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_history_is_complete_chained_and_says_who_acted() -> anyhow::Result<()> {
    let suite = suite().await?;
    let scenario = Scenario::new(&suite)?;
    Controlled::run(&scenario, &Trace::begin()).await?;
    for service in Service::ALL {
        let events = scenario.events(service, "").await?;
        assert!(!events.is_empty(), "{service:?} has a history");
        let mut heads: BTreeMap<&str, (i64, Vec<u8>)> = BTreeMap::new();
        for recorded in &events {
            let event = &recorded.event;
            let head = heads.entry(&event.aggregate).or_insert((0, vec![0; 32]));
            assert_eq!(event.version, head.0 + 1, "{} has no gap", event.aggregate);
            assert_eq!(
                event.previous_hash, head.1,
                "{} is one chain",
                event.aggregate
            );
            let previous: [u8; 32] = head.1.as_slice().try_into()?;
            let hash = store::chain_hash(&previous, &event.canonical);
            assert_eq!(event.hash, hash, "the bytes are those that were hashed");
            *head = (event.version, hash.to_vec());
            says_who_and_what(recorded)?;
        }
    }
    suite.stop().await;
    Ok(())
}

fn says_who_and_what(recorded: &Recorded) -> anyhow::Result<()> {
    let event = &recorded.event;
    let actor = event.actor.as_ref().expect("an actor");
    assert!(
        !actor.subject.is_empty() && !actor.role.is_empty(),
        "{event:?}"
    );
    if HUMAN_ACTS.contains(&recorded.name()) {
        assert!(recorded.is_by_human(), "{} by {actor:?}", event.r#type);
        assert!(
            !event.request_id.is_empty(),
            "{} under which request",
            event.r#type
        );
    }
    let envelope = recorded.envelope()?;
    assert_eq!(envelope["type"], event.r#type.as_str());
    assert_eq!(envelope["id"], event.id.as_str());
    let documented = aggregate_kind(&event.r#type);
    assert_eq!(
        envelope["aggregatekind"].as_str(),
        documented,
        "{} in docs/EVENTS.md",
        event.r#type
    );
    Ok(())
}

fn names(life: &[Recorded]) -> Vec<&str> {
    life.iter().map(Recorded::name).collect()
}
