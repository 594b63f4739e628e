//! Whatever people, machines and time do, the recorded history tells exactly what stands in the rows.

use contracts::{app::time_passes, store as rows};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use proto::contracts::v1::{
    AbandonContractRequest, Contract, Outcome, ProposeVersionRequest, WithdrawFromSignatureRequest,
};
use testkit::request_id;
use time::Duration;

use crate::support::{
    CONSULTED, ENTITY, Finding, SITE, World, auditor, campaign, contract_manager, director,
    director_general, manager, objectives, reviewer, text,
};

#[derive(Debug, Clone, Copy)]
enum Step {
    OpenNegotiation,
    Propose { objectives: usize },
    AgreeArs,
    AgreeEstablishment,
    Opinion,
    Freeze,
    SignArs,
    SignEstablishment,
    Withdraw,
    Abandon,
    Days(i64),
}

/// Mostly forward, with detours.
fn any_life() -> impl Strategy<Value = Vec<Step>> {
    let detour = prop_oneof![
        2 => (0usize..4).prop_map(|objectives| Step::Propose { objectives }),
        2 => Just(Step::Withdraw),
        1 => Just(Step::Abandon),
        2 => (1i64..40).prop_map(Step::Days),
        1 => Just(Step::SignArs),
        1 => Just(Step::AgreeArs),
    ];
    let forward = [
        Step::OpenNegotiation,
        Step::AgreeEstablishment,
        Step::AgreeArs,
        Step::Opinion,
        Step::Freeze,
        Step::SignEstablishment,
        Step::SignArs,
        Step::Days(30),
        Step::Days(2000),
    ];
    prop::collection::vec(prop::option::weighted(0.25, detour), forward.len() * 2).prop_map(
        move |detours| {
            let twice = forward.iter().chain(&forward);
            twice
                .zip(detours)
                .flat_map(|(step, detour)| detour.into_iter().chain([*step]))
                .collect()
        },
    )
}

/// Does a step; what is refused changes nothing.
async fn step(world: &World, contract: &Contract, step: Step) {
    let (name, etag) = (contract.name.clone(), contract.etag.clone());
    let party = format!("legalEntities/{ENTITY}");
    let done = match step {
        Step::OpenNegotiation => world.open_negotiation(contract).await.is_ok(),
        Step::Propose { objectives: count } => {
            let mut text = text(&[SITE]);
            text.objectives = objectives(count);
            let comment = String::new();
            let request = ProposeVersionRequest {
                name,
                etag,
                text: Some(text),
                comment,
                request_id: request_id(),
            };
            world
                .contracts(&contract_manager())
                .propose_version(request)
                .await
                .is_ok()
        }
        Step::AgreeArs => world.agree(contract, &manager()).await.is_ok(),
        Step::AgreeEstablishment => world.agree(contract, &director()).await.is_ok(),
        Step::Opinion => world.record_opinion(contract, CONSULTED).await.is_ok(),
        Step::Freeze => world.freeze(contract).await.is_ok(),
        Step::SignArs => world
            .sign(contract, "ars", &director_general())
            .await
            .is_ok(),
        Step::SignEstablishment => world.sign(contract, &party, &director()).await.is_ok(),
        Step::Withdraw => {
            let reasons = "À revoir.".to_owned();
            let request = WithdrawFromSignatureRequest {
                name,
                etag,
                reasons,
                request_id: request_id(),
            };
            world
                .contracts(&director())
                .withdraw_from_signature(request)
                .await
                .is_ok()
        }
        Step::Abandon => {
            let reasons = "Sans objet.".to_owned();
            let request = AbandonContractRequest {
                name,
                etag,
                reasons,
                request_id: request_id(),
            };
            world
                .contracts(&manager())
                .abandon_contract(request)
                .await
                .is_ok()
        }
        Step::Days(days) => {
            world.advance(Duration::days(days));
            time_passes::once(&world.service.running.runtime.machine)
                .await
                .is_ok()
        }
    };
    let after = world.get(contract, &auditor()).await.unwrap();
    if !done {
        assert_eq!(
            after.etag, contract.etag,
            "{step:?} was refused and changed something"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_contract_tells_its_row() {
    let mut runner = TestRunner::deterministic();
    let mut states = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let world = World::new().await;
        for _ in 0..2 {
            let life = any_life().new_tree(&mut runner).unwrap().current();
            let Ok(mut contract) = world.create(text(&[SITE])).await else {
                continue;
            };
            for next in life {
                step(&world, &contract, next).await;
                contract = world.get(&contract, &auditor()).await.unwrap();
                states.insert(contract.state().as_str_name());
            }
            let mut connection = world
                .service
                .running
                .runtime
                .db
                .pool()
                .acquire()
                .await
                .unwrap();
            let id = contract.name.parse().unwrap();
            let row = rows::contract::find(&mut connection, id)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(world.replayed_contract(&contract.name).await, row);
        }
    }
    assert!(
        states.len() >= 8,
        "the lives were too short to prove much: {states:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_review_tells_its_row() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let campaign = campaign();
    let findings = ["c", "a", "b"].map(|id| Finding::new(&contract.name, &campaign).about(id));
    let review = world.review_with(&findings).await;
    world.producer.withdrawn(&findings[1]).await;
    let review = world
        .review_when(review.campaign, |review| {
            review.findings[0].withdraw_time.is_some()
        })
        .await;
    let review = world.notify(&review).await.unwrap();
    let review = world.examine(&review, &reviewer()).await.unwrap();
    world.advance(Duration::days(2));
    let review = world.answer(&review, &director()).await.unwrap();
    let review = world
        .examine(&review, &reviewer().named("another"))
        .await
        .unwrap();
    let last = world
        .conclude(&review, Outcome::SanctionProposed, &manager())
        .await
        .unwrap();
    let mut connection = world
        .service
        .running
        .runtime
        .db
        .pool()
        .acquire()
        .await
        .unwrap();
    let id = last.name.parse().unwrap();
    let row = rows::review::find(&mut connection, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(world.replayed_review(&last.name).await, row);
    assert!(row.state.conclusion().unwrap().ending.procedure().is_some());
}
