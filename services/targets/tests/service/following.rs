//! Target sets follow their contract.

use proto::{
    contracts::v1::{
        ContractAbandoned, ContractExpired, ContractFrozen, SignatureWithdrawn, VersionProposed,
    },
    targets::v1::{ReplaceObjectivesRequest, TargetSet, TargetSetState},
};
use testkit::{eventually, reason, request_id};
use tonic::{Code, Status};

use crate::world::{Contract, ENTITY, OTHER_SITE, SITE, World, contract_manager, director, stays};

#[tokio::test(flavor = "multi_thread")]
async fn a_set_takes_effect_and_ends_with_its_contract() {
    let world = World::new().await;
    let contract = Contract::new();
    let set = world
        .contract_in_force(&contract, vec![stays("a", SITE)])
        .await;
    world.tell(&contract, 3, &ContractExpired {}).await;
    world.wait_for_state(&set, TargetSetState::Ended).await;

    let history = world.history(&set).await;
    let last_two: Vec<_> = history.iter().rev().take(2).collect();
    assert_eq!(last_two[0].r#type, "cpom.targets.v1.TargetSetEnded");
    assert_eq!(last_two[1].r#type, "cpom.targets.v1.TargetSetInEffect");
    for event in last_two {
        assert_eq!(
            event.actor.as_ref().unwrap().subject,
            "service:targets-contract"
        );
        assert_eq!(event.root, contract.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_parties_sign_stands_still_until_one_withdraws() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let set = world.agree(&contract_manager(), &set).await.unwrap();
    let set = world.agree(&director(ENTITY), &set).await.unwrap();
    let frozen = ContractFrozen {
        target_set: set.name.clone(),
        document_sha256: "ab".repeat(32),
    };
    world.tell(&contract, 2, &frozen).await;

    eventually("the contract is seen to be frozen", || async {
        (world.contract_state(&contract).await == "frozen").then_some(())
    })
    .await;
    let refusal = replace(&world, &set).await.unwrap_err();
    assert_eq!(
        (refusal.code(), reason(&refusal).as_str()),
        (Code::FailedPrecondition, "CONTRACT_NOT_OPEN")
    );

    let withdrawn = SignatureWithdrawn {
        side: 1,
        reasons: "Un site a changé".to_owned(),
    };
    world.tell(&contract, 3, &withdrawn).await;
    let replaced = eventually("the contract is open again", || async {
        replace(&world, &set).await.ok()
    })
    .await;
    assert_eq!(replaced.state(), TargetSetState::Draft);
}

async fn replace(world: &World, set: &TargetSet) -> Result<TargetSet, Status> {
    let request = ReplaceObjectivesRequest {
        name: set.name.clone(),
        etag: set.etag.clone(),
        objectives: vec![stays("b", SITE)],
        note: String::new(),
        request_id: request_id(),
    };
    let mut client = world.target_sets(&contract_manager());
    Ok(client.replace_objectives(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_agrees_to_targets_of_a_site_that_left_the_contract() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let without_the_site = Contract {
        site: OTHER_SITE,
        ..contract.clone()
    };
    let proposed = VersionProposed {
        number: 2,
        text: Some(without_the_site.text()),
        comment: String::new(),
    };
    world.tell(&contract, 2, &proposed).await;
    eventually("the new text is known", || async {
        world
            .contract_sites(&contract)
            .await
            .contains(&OTHER_SITE.to_owned())
            .then_some(())
    })
    .await;
    let status = world.agree(&contract_manager(), &set).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::FailedPrecondition, "OBJECTIVES_NO_LONGER_FIT")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_contract_ends_its_set_and_makes_room_for_none() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    world
        .tell(
            &contract,
            2,
            &ContractAbandoned {
                reasons: "Fusion".to_owned(),
            },
        )
        .await;
    let ended = world.wait_for_state(&set.name, TargetSetState::Ended).await;
    assert!(ended.agreed_by.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_in_force_with_targets_nobody_agreed_to_is_set_aside_for_a_person() {
    let world = World::new().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    world.in_force(&contract, 2, &set.name).await;
    let reason = eventually("the event is parked", || async {
        let mut owner = world.service.database.owner().await;
        sqlx::query_scalar::<_, String>(
            "select reason from parked where consumer = 'targets-contract'",
        )
        .fetch_optional(&mut owner)
        .await
        .unwrap()
    })
    .await;
    assert!(reason.contains("both sides have to agree"), "{reason}");
    world.wait_for_state(&set.name, TargetSetState::Draft).await;
}
