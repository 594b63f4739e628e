//! Members of a contract of several legal entities: they join and leave by amendment.

use contracts::app::time_passes;
use proto::contracts::v1::{
    Amendment, AmendmentChanges, AmendmentReason, AmendmentState, Contract, GetAmendmentRequest,
    ProposeAmendmentRequest,
};
use testkit::{Persona, eventually, reason, request_id};
use time::Duration;
use tonic::{Code, Status};

use crate::support::{
    ENTITY, OTHER_ENTITY, REGION, SITE, World, auditor, contract_manager, director,
    director_general, manager, stranger, text,
};

/// A site of the other legal entity.
const THEIR_SITE: &str = "060785029";

pub(crate) fn entity(finess: &str) -> String {
    format!("legalEntities/{finess}")
}

fn leaves() -> AmendmentChanges {
    AmendmentChanges {
        remove_legal_entities: vec![entity(OTHER_ENTITY)],
        remove_establishments: vec![format!("establishments/{THEIR_SITE}")],
        ..Default::default()
    }
}

fn joins() -> AmendmentChanges {
    AmendmentChanges {
        add_legal_entities: vec![entity(OTHER_ENTITY)],
        add_establishments: vec![format!("establishments/{THEIR_SITE}")],
        ..Default::default()
    }
}

/// A world where the other legal entity has a site.
pub(crate) async fn world() -> World {
    let world = World::new().await;
    world
        .producer
        .establishment(THEIR_SITE, OTHER_ENTITY, REGION, 1)
        .await;
    eventually("the site is copied", || async {
        (world.count("select count(*) from establishment_copy").await == 3).then_some(())
    })
    .await;
    world
}

/// A contract of both legal entities, in force since 1 March 2026.
pub(crate) async fn shared(world: &World) -> Contract {
    let mut text = text(&[SITE, THEIR_SITE]);
    text.legal_entities.push(entity(OTHER_ENTITY));
    text.effect_date = "2026-03-01".into();
    text.end_date = "2031-02-28".into();
    let contract = world.ready_to_sign(text).await;
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let contract = world
        .sign(&contract, &entity(ENTITY), &director())
        .await
        .unwrap();
    world
        .sign(&contract, &entity(OTHER_ENTITY), &stranger())
        .await
        .unwrap()
}

async fn propose(
    world: &World,
    contract: &Contract,
    effect_date: &str,
    changes: AmendmentChanges,
) -> Result<Amendment, Status> {
    let request = ProposeAmendmentRequest {
        contract: contract.name.clone(),
        reason: AmendmentReason::MembershipChange.into(),
        title: "Évolution des membres".into(),
        effect_date: effect_date.into(),
        changes: Some(changes),
        consultations: vec![],
        request_id: request_id(),
    };
    let mut client = world.amendments(&contract_manager());
    Ok(client.propose_amendment(request).await?.into_inner())
}

/// An amendment that waits for its signatures.
async fn ready(
    world: &World,
    contract: &Contract,
    effect_date: &str,
    changes: AmendmentChanges,
) -> Amendment {
    let amendment = propose(world, contract, effect_date, changes)
        .await
        .unwrap();
    let amendment = world.talk(&amendment).await.unwrap();
    let amendment = world
        .agree_to_amendment(&amendment, &manager())
        .await
        .unwrap();
    let amendment = world
        .agree_to_amendment(&amendment, &director())
        .await
        .unwrap();
    let impact = world.impact(&amendment).await;
    let amendment = world
        .acknowledge_impact_of(&amendment, &impact.sha256)
        .await
        .unwrap();
    world.freeze_amendment(&amendment).await.unwrap()
}

/// The agency, the holder and the other legal entity sign.
async fn signed(world: &World, amendment: &Amendment) -> Amendment {
    let parties = ["ars".to_owned(), entity(OTHER_ENTITY), entity(ENTITY)];
    let mut sorted = amendment.required_signatories.clone();
    sorted.sort();
    assert_eq!(sorted, parties);
    let amendment = world
        .sign_amendment(amendment, "ars", &director_general())
        .await
        .unwrap();
    let amendment = world
        .sign_amendment(&amendment, &entity(ENTITY), &director())
        .await
        .unwrap();
    assert_eq!(amendment.state(), AmendmentState::PartiallySigned);
    world
        .sign_amendment(&amendment, &entity(OTHER_ENTITY), &stranger())
        .await
        .unwrap()
}

async fn until_in_effect(world: &World, amendment: &Amendment) {
    let machine = &world.service.running.runtime.machine;
    eventually("the amendment takes effect", || async {
        time_passes::once(machine).await.unwrap();
        let state = world.get_amendment(amendment).await.state();
        (state == AmendmentState::InEffect).then_some(())
    })
    .await;
}

async fn members_on(world: &World, contract: &Contract, day: &str) -> Vec<String> {
    let text = world.consolidated(contract, day).await.text.unwrap();
    text.legal_entities
}

async fn reads(world: &World, contract: &Contract, who: &Persona) -> Result<(), Code> {
    let answer = world.get(contract, who).await;
    answer.map(drop).map_err(|status| status.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_leaves_and_joins_again_and_each_day_has_its_members() {
    let world = world().await;
    let contract = shared(&world).await;
    let both = vec![entity(OTHER_ENTITY), entity(ENTITY)];
    let holder = vec![entity(ENTITY)];
    assert_eq!(members_on(&world, &contract, "2026-03-10").await, both);

    let amendment = ready(&world, &contract, "2026-06-01", leaves()).await;
    let left = signed(&world, &amendment).await;
    assert_eq!(left.state(), AmendmentState::Signed);
    // Until the day of effect it is a member.
    assert_eq!(reads(&world, &contract, &stranger()).await, Ok(()));
    world.advance(Duration::days(90));
    until_in_effect(&world, &left).await;
    let hidden = Err(Code::NotFound);
    assert_eq!(reads(&world, &contract, &stranger()).await, hidden);
    assert_eq!(reads(&world, &contract, &director()).await, Ok(()));
    assert_eq!(members_on(&world, &contract, "2026-05-31").await, both);
    assert_eq!(members_on(&world, &contract, "2026-06-01").await, holder);

    // What follows is signed by those who are left.
    let money = AmendmentChanges {
        end_date: "2031-01-31".into(),
        ..Default::default()
    };
    let amendment = propose(&world, &contract, "2026-07-01", money)
        .await
        .unwrap();
    let signatories = ["ars".to_owned(), entity(ENTITY)];
    assert_eq!(amendment.required_signatories, signatories);

    // Who joins reads the amendment, and signs it.
    let amendment = ready(&world, &contract, "2026-09-01", joins()).await;
    let request = GetAmendmentRequest {
        name: amendment.name.clone(),
    };
    let read = world.amendments(&stranger()).get_amendment(request).await;
    assert_eq!(read.unwrap().into_inner().name, amendment.name);
    assert_eq!(reads(&world, &contract, &stranger()).await, hidden);
    let back = signed(&world, &amendment).await;
    world.advance(Duration::days(90));
    until_in_effect(&world, &back).await;
    assert_eq!(reads(&world, &contract, &stranger()).await, Ok(()));
    assert_eq!(members_on(&world, &contract, "2026-08-31").await, holder);
    assert_eq!(members_on(&world, &contract, "2026-09-01").await, both);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holder_stays_and_sites_go_with_their_entity() {
    let world = world().await;
    let contract = shared(&world).await;
    let before = world.get(&contract, &auditor()).await.unwrap();
    let everybody = AmendmentChanges {
        remove_legal_entities: vec![entity(ENTITY), entity(OTHER_ENTITY)],
        ..Default::default()
    };
    let refused = propose(&world, &contract, "2026-06-01", everybody).await;
    assert_eq!(reason(&refused.unwrap_err()), "AMENDMENT_CHANGES_HOLDER");
    let again = propose(&world, &contract, "2026-06-01", joins()).await;
    assert_eq!(reason(&again.unwrap_err()), "ALREADY_MEMBER");
    // A site that stays belongs to nobody who is party.
    let stays = AmendmentChanges {
        remove_establishments: vec![],
        ..leaves()
    };
    let amendment = propose(&world, &contract, "2026-06-01", stays)
        .await
        .unwrap();
    let amendment = world.talk(&amendment).await.unwrap();
    let refused = world.agree_to_amendment(&amendment, &manager()).await;
    assert_eq!(reason(&refused.unwrap_err()), "PERIMETER_NOT_IN_REGISTRY");
    assert_eq!(world.get(&contract, &auditor()).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_of_one_legal_entity_has_no_members() {
    let world = world().await;
    let contract = world.in_force(&[SITE]).await;
    let refused = propose(&world, &contract, "2026-06-01", joins()).await;
    assert_eq!(reason(&refused.unwrap_err()), "AMENDMENT_CHANGES_HOLDER");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_under_another_contract_does_not_come_with_who_joins() {
    let world = world().await;
    let contract = shared(&world).await;
    let amendment = ready(&world, &contract, "2026-06-01", leaves()).await;
    signed(&world, &amendment).await;
    let mut theirs = text(&[THEIR_SITE]);
    theirs.legal_entities = vec![entity(OTHER_ENTITY)];
    theirs.effect_date = "2026-06-01".into();
    let theirs = world.create(theirs).await.unwrap();
    let theirs = world.open_negotiation(&theirs).await.unwrap();
    let theirs = world.agree(&theirs, &manager()).await.unwrap();
    let theirs = world.agree(&theirs, &stranger()).await.unwrap();
    let theirs = world
        .record_opinion(&theirs, crate::support::CONSULTED)
        .await
        .unwrap();
    let theirs = world.freeze(&theirs).await.unwrap();
    let theirs = world
        .sign(&theirs, "ars", &director_general())
        .await
        .unwrap();
    world
        .sign(&theirs, &entity(OTHER_ENTITY), &stranger())
        .await
        .unwrap();
    let back = propose(&world, &contract, "2026-09-01", joins())
        .await
        .unwrap();
    let back = world.talk(&back).await.unwrap();
    let refused = world.agree_to_amendment(&back, &manager()).await;
    let refused = refused.unwrap_err();
    assert_eq!(reason(&refused), "PERIMETER_OVERLAP");
    assert!(refused.message().contains(&theirs.number), "{refused:?}");
}
