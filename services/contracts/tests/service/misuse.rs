//! Misuse, one after the other: each is refused with a reason that programs know, in words that name the rule and its
//! article, and nothing has changed.

use proto::contracts::v1::{
    AmendmentChanges, AmendmentReason, Contract, ProposeAmendmentRequest, SignContractRequest,
};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::Status;

use crate::support::{
    ENTITY, OTHER_ENTITY, REGION, SITE, World, contract_manager, director, director_general,
    mandate, objectives, text,
};

/// What a refusal says, and that the history has not grown since `before`.
struct Refused {
    before: i64,
}

const EVENTS: &str = "select count(*) from event";

impl Refused {
    async fn begin(world: &World) -> Self {
        Self {
            before: world.count(EVENTS).await,
        }
    }

    async fn check<T>(self, world: &World, answer: Result<T, Status>, name: &str, article: &str) {
        let refused = answer.map(drop).unwrap_err();
        assert_eq!(reason(&refused), name, "{refused:?}");
        let message = refused.message();
        assert!(
            message.contains(article),
            "{name} names {article}: {message}"
        );
        assert_eq!(
            world.count(EVENTS).await,
            self.before,
            "{name} changed something"
        );
    }
}

async fn sign_with(
    world: &World,
    contract: &Contract,
    party: &str,
    sha256: &str,
    who: &Persona,
) -> Result<Contract, Status> {
    let request = SignContractRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        party: party.into(),
        signatory_title: "Directrice".into(),
        document_sha256: sha256.into(),
        request_id: request_id(),
    };
    let mut client = world.contracts(who);
    Ok(client.sign_contract(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_the_law_does_not_allow_are_refused_with_their_article() {
    let world = World::new().await;
    let in_force = world.in_force(&[SITE]).await;

    let refused = Refused::begin(&world).await;
    let answer = world.create(text(&[SITE])).await;
    assert!(
        answer
            .as_ref()
            .unwrap_err()
            .message()
            .contains(&in_force.number)
    );
    refused
        .check(&world, answer, "PERIMETER_OVERLAP", "L6114-1")
        .await;

    let mut eleven = text(&[crate::support::OTHER_SITE]);
    eleven.objectives = objectives(11);
    let contract = world.create(eleven).await.unwrap();
    let contract = world.open_negotiation(&contract).await.unwrap();
    let refused = Refused::begin(&world).await;
    let answer = world.agree(&contract, &director()).await;
    refused
        .check(&world, answer, "TOO_MANY_OBJECTIVES", "décret 2025-180")
        .await;

    let mut long = text(&[crate::support::OTHER_SITE]);
    long.end_date = "2031-04-01".into();
    let contract = world.create(long).await.unwrap();
    let contract = world.open_negotiation(&contract).await.unwrap();
    let refused = Refused::begin(&world).await;
    let answer = world.agree(&contract, &director()).await;
    refused
        .check(&world, answer, "TERM_TOO_LONG", "CSP L6114-1")
        .await;

    let refused = Refused::begin(&world).await;
    let request = ProposeAmendmentRequest {
        contract: in_force.name.clone(),
        reason: AmendmentReason::PerimeterChange.into(),
        title: "Changement de titulaire".into(),
        effect_date: "2026-06-01".into(),
        changes: Some(AmendmentChanges {
            legal_entities: vec![format!("legalEntities/{OTHER_ENTITY}")],
            ..Default::default()
        }),
        consultations: vec![],
        request_id: request_id(),
    };
    let mut client = world.amendments(&contract_manager());
    let answer = client.propose_amendment(request).await;
    refused
        .check(&world, answer, "AMENDMENT_CHANGES_HOLDER", "CSP L6114-1")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_that_do_not_hold_are_refused_with_their_article() {
    let world = World::new().await;
    let deputy = Persona::human("manager").named("deputy").region(REGION);
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let sha256 = contract.document_sha256.as_str();
    let entity = format!("legalEntities/{ENTITY}");

    let refused = Refused::begin(&world).await;
    let answer = sign_with(&world, &contract, "ars", sha256, &director()).await;
    refused
        .check(&world, answer, "WRONG_SIGNATORY", "CSP L6114-1")
        .await;

    let mut ended = mandate("ars", "deputy");
    ended.valid_to = "2026-03-09".into();
    world.register_mandate(ended).await.unwrap();
    let refused = Refused::begin(&world).await;
    let answer = sign_with(&world, &contract, "ars", sha256, &deputy).await;
    refused
        .check(&world, answer, "MANDATE_NOT_IN_FORCE", "CRPA L221-2")
        .await;

    let refused = Refused::begin(&world).await;
    let other = "0".repeat(64);
    let answer = sign_with(&world, &contract, &entity, &other, &director()).await;
    refused
        .check(&world, answer, "DOCUMENT_HASH_MISMATCH", "CSP L6114-1")
        .await;

    // Two people sign at once, on what both have read: the second one reads again.
    let signed = sign_with(&world, &contract, "ars", sha256, &director_general())
        .await
        .unwrap();
    let refused = Refused::begin(&world).await;
    let answer = sign_with(&world, &contract, &entity, sha256, &director()).await;
    refused
        .check(&world, answer, "ETAG_MISMATCH", "read it again")
        .await;
    sign_with(&world, &signed, &entity, sha256, &director())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_the_procedure_does_not_allow_are_refused_with_their_article() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let two_hats = director_general().named("manager-1");
    let refused = Refused::begin(&world).await;
    let answer = world.open(&proposed, &two_hats).await;
    refused
        .check(&world, answer, "DECIDER_IS_PROPOSER", "CRPA L100-2")
        .await;

    let opened = world.open(&proposed, &director_general()).await.unwrap();
    let noticed = world.give_notice(&opened).await.unwrap();
    let refused = Refused::begin(&world).await;
    let answer = world.decide(&noticed, "1000.00", &director_general()).await;
    refused
        .check(&world, answer, "DELAY_RUNNING", "R6114-10")
        .await;

    world.advance(Duration::days(48));
    let refused = Refused::begin(&world).await;
    let answer = world
        .decide(&noticed, "50000.01", &director_general())
        .await;
    refused
        .check(&world, answer, "AMOUNT_OVER_CAP", "CSP L6114-1")
        .await;
    let refused = Refused::begin(&world).await;
    let answer = world.decide(&noticed, "1000.00", &two_hats).await;
    refused
        .check(&world, answer, "DECIDER_IS_PROPOSER", "CRPA L100-2")
        .await;
}
