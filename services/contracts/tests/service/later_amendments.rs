//! An amendment beside those that are signed already and take effect after it.

use proto::contracts::v1::{
    AmendmentChanges, AmendmentState, FundingLine, FundingSource, ReviseAmendmentRequest,
    StrategicObjective,
};
use testkit::{reason, request_id};
use tonic::Code;

use crate::support::{OTHER_SITE, SITE, World, director, manager};

/// So many objectives with codes of their own.
fn objectives(prefix: &str, count: usize) -> AmendmentChanges {
    let objective = |rank: usize| StrategicObjective {
        axis: "A".into(),
        title: format!("Objectif {prefix}{rank}"),
        description: String::new(),
        code: format!("{prefix}{rank}"),
        competence: None,
    };
    AmendmentChanges {
        put_objectives: (1..=count).map(objective).collect(),
        ..Default::default()
    }
}

fn money(amount: &str) -> AmendmentChanges {
    AmendmentChanges {
        put_funding: vec![FundingLine {
            code: "F1".into(),
            label: "Aide à l’investissement".into(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: amount.into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn comes(site: &str) -> AmendmentChanges {
    AmendmentChanges {
        add_establishments: vec![format!("establishments/{site}")],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_for_later_counts_with_what_comes_before_it() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let signed = world
        .signed_amendment(&contract, "2027-01-01", objectives("S", 6))
        .await;
    // Five objectives on its own day, eleven once the other one takes effect.
    let amendment = world
        .propose(&contract, "2026-06-01", objectives("N", 4))
        .await
        .unwrap();
    let impact = world.impact(&amendment).await;
    let later: Vec<_> = impact
        .later_amendments
        .iter()
        .map(|one| (one.name.as_str(), one.number, one.effect_date.as_str()))
        .collect();
    assert_eq!(later, [(signed.name.as_str(), 1, "2027-01-01")]);
    let amendment = world.talk(&amendment).await.unwrap();
    let events = "select count(*) from event";
    let before = world.count(events).await;
    let refused = world
        .agree_to_amendment(&amendment, &manager())
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "LATER_AMENDMENT_CONFLICT")
    );
    let message = refused.message();
    for told in ["amendment 1", "2027-01-01", "décret 2025-180"] {
        assert!(message.contains(told), "{told}: {message}");
    }
    assert_eq!(world.count(events).await, before);

    let revise = ReviseAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        effect_date: "2026-06-01".into(),
        changes: Some(objectives("N", 3)),
        request_id: request_id(),
    };
    let mut client = world.amendments(&director());
    let revised = client.revise_amendment(revise).await.unwrap().into_inner();
    let agreed = world.agree_to_amendment(&revised, &director()).await;
    assert_eq!(agreed.unwrap().state(), AmendmentState::Negotiation);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_meanwhile_moves_the_impact_that_was_read() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let amendment = world
        .agreed_amendment(&contract, "2026-06-01", money("1000.00"))
        .await;
    let read = world.impact(&amendment).await;
    assert!(read.later_amendments.is_empty());
    let amendment = world
        .acknowledge_impact_of(&amendment, &read.sha256)
        .await
        .unwrap();
    world
        .signed_amendment(&contract, "2027-01-01", money("2000.00"))
        .await;
    let refused = world.freeze_amendment(&amendment).await.unwrap_err();
    assert_eq!(reason(&refused), "IMPACT_MOVED");
    let again = world.impact(&amendment).await;
    assert_eq!(again.later_amendments.len(), 1);
    let amendment = world
        .acknowledge_impact_of(&amendment, &again.sha256)
        .await
        .unwrap();
    world.freeze_amendment(&amendment).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_comes_to_a_contract_once() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let refused = async |site: &str, effect_date: &str| {
        let proposed = world.propose(&contract, effect_date, comes(site)).await;
        let amendment = world.talk(&proposed.unwrap()).await.unwrap();
        let agreed = world.agree_to_amendment(&amendment, &manager()).await;
        let refused = agreed.unwrap_err();
        let names_it = refused.message().contains(&contract.number);
        assert!(names_it, "{}", refused.message());
        reason(&refused)
    };
    assert_eq!(refused(SITE, "2026-06-01").await, "PERIMETER_OVERLAP");
    world
        .signed_amendment(&contract, "2027-01-01", comes(OTHER_SITE))
        .await;
    assert_eq!(refused(OTHER_SITE, "2026-06-01").await, "PERIMETER_OVERLAP");
    assert_eq!(refused(OTHER_SITE, "2027-06-01").await, "PERIMETER_OVERLAP");
}
