//! C1 to C8, and the ways out.

use contracts::{app::time_passes, domain::signature::DocumentHash};
use proto::{
    contracts::v1::{
        AbandonContractRequest, Contract, ContractState, GetFrozenDocumentRequest,
        ListContractVersionsRequest, ListContractsRequest, ProposeVersionRequest,
        WithdrawFromSignatureRequest,
    },
    history::v1::{ListEventsRequest, history_service_client::HistoryServiceClient},
};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, reason, request_id};
use time::Duration;

use crate::support::{
    CONSULTED, ENTITY, OTHER_SITE, SITE, World, auditor, contract_manager, director,
    director_general, manager, objectives, text,
};

fn party() -> String {
    format!("legalEntities/{ENTITY}")
}

async fn history(world: &World, contract: &Contract) -> Vec<String> {
    let request = ListEventsRequest {
        root: contract.name.clone(),
        ..Default::default()
    };
    let mut client = HistoryServiceClient::new(world.service.peer(&auditor()));
    let events = client
        .list_events(request)
        .await
        .unwrap()
        .into_inner()
        .events;
    events
        .into_iter()
        .map(|event| event.r#type.replace("cpom.contracts.v1.", ""))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_lives_from_its_draft_to_its_last_day() {
    let world = World::new().await;
    let contract = world.create(text(&[SITE, OTHER_SITE])).await.unwrap();
    assert_eq!(contract.number, "93-2026-0001");
    assert_eq!(contract.legal_regime, "R2020_2025");
    assert_eq!(contract.state(), ContractState::Draft);

    let contract = world.open_negotiation(&contract).await.unwrap();
    let mut second = text(&[SITE]);
    second.objectives = objectives(2);
    let proposal = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(second),
        comment: "Un objectif de plus.".into(),
        request_id: request_id(),
    };
    let contract = world
        .contracts(&director())
        .propose_version(proposal)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(contract.text_version, 2);

    let contract = world.agree(&contract, &contract_manager()).await.unwrap();
    assert_eq!(contract.state(), ContractState::Negotiation);
    let again = world.agree(&contract, &manager()).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_AGREED");
    let contract = world.agree(&contract, &director()).await.unwrap();
    assert_eq!(contract.state(), ContractState::Consultation);

    let contract = world.record_opinion(&contract, CONSULTED).await.unwrap();
    let contract = world.freeze(&contract).await.unwrap();
    assert_eq!(contract.state(), ContractState::ReadyToSign);
    let request = GetFrozenDocumentRequest {
        name: contract.name.clone(),
    };
    let document = world
        .contracts(&director())
        .get_frozen_document(request)
        .await
        .unwrap()
        .into_inner();
    let hash = DocumentHash(Sha256::digest(&document.content).into()).to_string();
    assert_eq!(
        (&hash, &hash),
        (&document.sha256, &contract.document_sha256)
    );
    let content: serde_json::Value = serde_json::from_slice(&document.content).unwrap();
    assert_eq!(
        content["text"]["objectives"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(content["targets"]["objectives"][0]["id"], "implantations");

    let contract = world.sign(&contract, &party(), &director()).await.unwrap();
    assert_eq!(contract.state(), ContractState::PartiallySigned);
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    assert_eq!(contract.state(), ContractState::Signed);

    let machine = &world.service.running.runtime.machine;
    assert_eq!(time_passes::once(machine).await.unwrap(), 0);
    world.advance(Duration::days(22));
    let contract = world.until(&contract, ContractState::InForce).await;
    world.advance(Duration::days(5 * 366));
    let contract = world.until(&contract, ContractState::Expired).await;
    assert_eq!(time_passes::once(machine).await.unwrap(), 0);

    assert_eq!(
        history(&world, &contract).await,
        [
            "ContractDrafted",
            "NegotiationOpened",
            "VersionProposed",
            "VersionAgreed",
            "VersionAgreed",
            "ConsultationOpened",
            "OpinionRecorded",
            "ContractFrozen",
            "ContractSignedByParty",
            "ContractSignedByParty",
            "ContractSigned",
            "ContractInForce",
            "ContractExpired",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_whose_day_has_come_takes_effect_with_the_last_signature() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    assert_eq!(contract.state(), ContractState::InForce);
    let last: Vec<_> = history(&world, &contract).await.split_off(8);
    assert_eq!(
        last,
        ["ContractSignedByParty", "ContractSigned", "ContractInForce"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_reopens_the_negotiation_and_earlier_signatures_count_no_more() {
    let world = World::new().await;
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let request = WithdrawFromSignatureRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        reasons: "Un objectif doit être revu.".into(),
        request_id: request_id(),
    };
    let contract = world
        .contracts(&director())
        .withdraw_from_signature(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(contract.state(), ContractState::Negotiation);
    assert!(contract.signatures.is_empty() && contract.document_sha256.is_empty());

    // The very same text, frozen again: the opinion still speaks of it, the signature does not.
    let contract = world.agree(&contract, &manager()).await.unwrap();
    let contract = world.agree(&contract, &director()).await.unwrap();
    assert_eq!(contract.opinions.len(), 1);
    let contract = world.freeze(&contract).await.unwrap();
    assert_eq!(contract.state(), ContractState::ReadyToSign);
    assert!(contract.signatures.is_empty());
    assert_eq!(world.count("select count(*) from signature").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agency_may_abandon_what_nobody_has_signed() {
    let world = World::new().await;
    let abandon = |contract: &Contract| AbandonContractRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        reasons: "Fusion des établissements.".into(),
        request_id: request_id(),
    };
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let signed = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let mut client = world.contracts(&manager());
    let refused = client.abandon_contract(abandon(&signed)).await.unwrap_err();
    assert_eq!(reason(&refused), "WRONG_STATE");
    let draft = world.create(text(&[SITE])).await.unwrap();
    let contract = client
        .abandon_contract(abandon(&draft))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(contract.state(), ContractState::Abandoned);
    assert!(
        contract
            .allowed_actions
            .iter()
            .all(|action| !action.allowed)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_stay_as_they_were_proposed() {
    let world = World::new().await;
    let contract = world.create(text(&[SITE])).await.unwrap();
    let mut second = text(&[SITE]);
    second.title = "CPOM 2026-2031, projet révisé".into();
    let proposal = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(second.clone()),
        comment: "Titre.".into(),
        request_id: request_id(),
    };
    world
        .contracts(&contract_manager())
        .propose_version(proposal)
        .await
        .unwrap();
    let request = ListContractVersionsRequest {
        name: contract.name.clone(),
    };
    let versions = world
        .contracts(&director())
        .list_contract_versions(request)
        .await
        .unwrap()
        .into_inner()
        .versions;
    let texts: Vec<_> = versions
        .iter()
        .map(|version| version.text.clone())
        .collect();
    assert_eq!(texts, [Some(text(&[SITE])), Some(second)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_scoped_and_paged() {
    let world = World::new().await;
    for _ in 0..3 {
        world.create(text(&[SITE])).await.unwrap();
    }
    let list = async |who: &Persona, request: ListContractsRequest| {
        world
            .contracts(who)
            .list_contracts(request)
            .await
            .unwrap()
            .into_inner()
    };
    let first = ListContractsRequest {
        region: "93".into(),
        page_size: 2,
        ..Default::default()
    };
    let page = list(&auditor(), first.clone()).await;
    assert_eq!(page.contracts.len(), 2);
    let second = ListContractsRequest {
        page_token: page.next_page_token,
        ..first.clone()
    };
    let rest = list(&auditor(), second).await;
    assert_eq!(
        (rest.contracts.len(), rest.next_page_token.as_str()),
        (1, "")
    );
    assert_eq!(rest.contracts[0].number, "93-2026-0003");

    let everything = ListContractsRequest::default();
    assert_eq!(
        list(&director(), everything.clone()).await.contracts.len(),
        3
    );
    assert_eq!(
        list(&crate::support::stranger(), everything.clone())
            .await
            .contracts
            .len(),
        0
    );
    let elsewhere = Persona::human("manager").region("94");
    assert_eq!(
        list(&elsewhere, everything.clone()).await.contracts.len(),
        0
    );
    let in_force = ListContractsRequest {
        state: ContractState::InForce.into(),
        ..everything.clone()
    };
    assert_eq!(list(&auditor(), in_force).await.contracts.len(), 0);
    let of_entity = ListContractsRequest {
        legal_entity: party(),
        ..everything
    };
    assert_eq!(list(&auditor(), of_entity).await.contracts.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_let_time_pass_once() {
    let world = World::new().await;
    let contract = world.signed(text(&[SITE])).await;
    world.advance(Duration::days(22));
    let machine = &world.service.running.runtime.machine;
    let (one, other) = tokio::join!(time_passes::once(machine), time_passes::once(machine));
    // The clock of the running service may have been faster than both.
    assert!(one.unwrap() + other.unwrap() <= 1);
    world.until(&contract, ContractState::InForce).await;
    let events = history(&world, &contract).await;
    assert_eq!(
        events
            .iter()
            .filter(|name| *name == "ContractInForce")
            .count(),
        1
    );
}
