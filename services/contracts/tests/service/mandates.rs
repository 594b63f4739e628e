//! Mandates and published delegations, checked on the day of the signature.

use proto::contracts::v1::{
    ContractContent, ContractState, EndMandateRequest, Mandate, SignContractRequest,
};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::Status;

use crate::support::{
    ENTITY, REGION, SITE, World, contract_manager, director, director_general, mandate, president,
    text,
};

fn deputy() -> Persona {
    Persona::human("manager").named("deputy").region(REGION)
}

async fn register(
    world: &World,
    party: &str,
    subject: &str,
    published: &str,
    valid_to: &str,
) -> Result<Mandate, Status> {
    let mut request = mandate(party, subject);
    request.publication_date = published.into();
    request.valid_to = valid_to.into();
    world.register_mandate(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_signs_under_a_published_delegation_in_force_that_day_only() {
    let world = World::new().await;
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let refused = world.sign(&contract, "ars", &deputy()).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_MANDATE");
    register(&world, "ars", "deputy", "2026-03-11", "")
        .await
        .unwrap();
    let early = world.sign(&contract, "ars", &deputy()).await.unwrap_err();
    assert_eq!(
        reason(&early),
        "MANDATE_NOT_IN_FORCE",
        "published tomorrow only"
    );
    register(&world, "ars", "deputy", "2026-01-02", "2026-03-09")
        .await
        .unwrap();
    let late = world.sign(&contract, "ars", &deputy()).await.unwrap_err();
    assert_eq!(reason(&late), "MANDATE_NOT_IN_FORCE", "ended yesterday");

    world.advance(Duration::days(1));
    let signed = world.sign(&contract, "ars", &deputy()).await.unwrap();
    assert!(signed.signatures[0].mandate.starts_with("mandates/"));
    let party = format!("legalEntities/{ENTITY}");
    let other = SignContractRequest {
        name: signed.name.clone(),
        etag: signed.etag.clone(),
        party,
        signatory_title: "Directeur délégué".into(),
        document_sha256: signed.document_sha256.clone(),
        request_id: request_id(),
    };
    let refused = world
        .contracts(&deputy())
        .sign_contract(other)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "ALREADY_SIGNED");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_parties_sign_and_the_president_under_the_act_on_record() {
    let world = World::new().await;
    let mut tripartite = text(&[SITE]);
    tripartite.content = Some(ContractContent {
        departmental_councils: vec!["departments/13".into()],
        ..Default::default()
    });
    let contract = world.ready_to_sign(tripartite).await;
    let party = format!("legalEntities/{ENTITY}");
    assert_eq!(
        contract.required_signatories,
        ["ars", "departments/13", party.as_str()]
    );
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let contract = world.sign(&contract, &party, &director()).await.unwrap();
    assert_eq!(contract.state(), ContractState::PartiallySigned);
    let refused = world
        .sign(&contract, "departments/13", &president("13"))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_MANDATE");
    register(&world, "departments/13", "president-13", "2026-01-02", "")
        .await
        .unwrap();
    let contract = world
        .sign(&contract, "departments/13", &president("13"))
        .await
        .unwrap();
    assert_eq!(contract.state(), ContractState::Signed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mandate_ends_and_nobody_gives_one_to_themselves() {
    let world = World::new().await;

    let refused = register(&world, "ars", "contract_manager-1", "2026-01-02", "")
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "OWN_MANDATE");
    let mandate = register(&world, "ars", "deputy", "2026-01-02", "")
        .await
        .unwrap();
    let end = EndMandateRequest {
        name: mandate.name,
        etag: mandate.etag,
        valid_to: "2026-03-09".into(),
        reasons: "Départ du titulaire.".into(),
        request_id: request_id(),
    };
    world
        .mandates(&contract_manager())
        .end_mandate(end)
        .await
        .unwrap();
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let refused = world.sign(&contract, "ars", &deputy()).await.unwrap_err();
    assert_eq!(reason(&refused), "MANDATE_NOT_IN_FORCE");
}
