//! Who decides in place of the director general, who signs for a group, and what third parties sign.

use proto::contracts::v1::{
    AssociatedParty, Clause, Confidentiality, ContractContent, ContractState, GetContractRequest,
    Grouping, MandateMatter, RegisterMandateRequest,
};
use testkit::{Persona, reason};
use time::Duration;
use tonic::Code;

use crate::support::{
    ENTITY, OTHER_ENTITY, REGION, SITE, World, director, director_general, mandate, stranger, text,
};

fn deputy() -> Persona {
    Persona::human("manager").named("deputy").region(REGION)
}

fn delegation(matters: &[MandateMatter]) -> RegisterMandateRequest {
    RegisterMandateRequest {
        matters: matters.iter().map(|matter| (*matter).into()).collect(),
        ..mandate("ars", "deputy")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_decides_a_procedure_under_a_published_delegation_in_force_and_not_otherwise() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let refused = |answer: Result<_, tonic::Status>| reason(&answer.map(drop).unwrap_err());
    assert_eq!(
        refused(world.open(&proposed, &deputy()).await),
        "DELEGATION_REQUIRED"
    );
    // A delegation of signature is not one of decision.
    let signature = delegation(&[MandateMatter::Signature]);
    world.register_mandate(signature).await.unwrap();
    assert_eq!(
        refused(world.open(&proposed, &deputy()).await),
        "DELEGATION_REQUIRED"
    );
    // Published tomorrow.
    let tomorrow = RegisterMandateRequest {
        publication_date: "2026-03-11".into(),
        valid_to: "2026-05-01".into(),
        ..delegation(&[MandateMatter::Procedures])
    };
    let delegation = world.register_mandate(tomorrow).await.unwrap();
    let message = world.open(&proposed, &deputy()).await.unwrap_err();
    assert_eq!(reason(&message), "DELEGATION_REQUIRED");
    assert!(
        message.message().contains("L1432-2"),
        "{}",
        message.message()
    );

    world.advance(Duration::days(1));
    let opened = world.open(&proposed, &deputy()).await.unwrap();
    assert_eq!(opened.opening.as_ref().unwrap().mandate, delegation.name);
    let noticed = world.give_notice(&opened).await.unwrap();
    assert_eq!(
        noticed.notice.as_ref().unwrap().mandate,
        "",
        "by the director general"
    );
    world.advance(Duration::days(48));
    let decided = world.decide(&noticed, "20000.00", &deputy()).await.unwrap();
    let decision = decided.decision.as_ref().unwrap();
    assert_eq!(decision.mandate, delegation.name);
    assert_eq!(decision.author.as_ref().unwrap().subject, "deputy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_that_has_ended_decides_nothing() {
    let world = World::new().await;
    let proposed = world.proposed().await;
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    let noticed = world.give_notice(&opened).await.unwrap();
    let ended = RegisterMandateRequest {
        valid_to: "2026-04-15".into(),
        ..delegation(&[MandateMatter::Signature, MandateMatter::Procedures])
    };
    world.register_mandate(ended).await.unwrap();
    world.advance(Duration::days(48));
    let refused = world
        .decide(&noticed, "20000.00", &deputy())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "DELEGATION_REQUIRED");
    let council = RegisterMandateRequest {
        party: "departments/13".into(),
        ..delegation(&[MandateMatter::Procedures])
    };
    let refused = world.register_mandate(council).await.unwrap_err();
    assert_eq!(reason(&refused), "MANDATE_OUT_OF_PLACE");
}

fn clause(code: &str) -> Clause {
    Clause {
        code: code.into(),
        title: "Article".into(),
        text: "Recherche et enseignement.".into(),
        confidentiality: Confidentiality::Public.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_associated_third_party_signs_the_clauses_that_concern_it() {
    let world = World::new().await;
    let mut text = text(&[SITE]);
    text.content = Some(ContractContent {
        clauses: vec![clause("A1"), clause("A2")],
        associated_parties: vec![AssociatedParty {
            code: "UNIV".into(),
            name: "Université de démonstration".into(),
            clauses: vec!["A2".into()],
        }],
        ..Default::default()
    });
    let contract = world.ready_to_sign(text).await;
    let entity = format!("legalEntities/{ENTITY}");
    let university = "associatedParties/UNIV";
    assert_eq!(
        contract.required_signatories,
        ["ars", entity.as_str(), university]
    );
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let contract = world.sign(&contract, &entity, &director()).await.unwrap();
    assert_eq!(contract.state(), ContractState::PartiallySigned);

    let dean = Persona::human("associated_party").named("dean");
    let hidden = world.sign(&contract, university, &dean).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound, "no mandate, no contract");
    let nowhere = mandate(university, "dean");
    let refused = world.register_mandate(nowhere.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "MANDATE_OUT_OF_PLACE");
    let known = RegisterMandateRequest {
        contract: contract.name.clone(),
        request_id: testkit::request_id(),
        ..nowhere
    };
    world.register_mandate(known).await.unwrap();
    let other = world.sign(&contract, "ars", &dean).await.unwrap_err();
    assert_eq!(reason(&other), "WRONG_SIGNATORY");
    let contract = world.sign(&contract, university, &dean).await.unwrap();
    assert_eq!(contract.state(), ContractState::Signed);
    let theirs = contract.signatures.iter().find(|s| s.party == university);
    assert_eq!(theirs.unwrap().clauses, ["A2"]);
    let everything = contract
        .signatures
        .iter()
        .find(|s| s.party == "ars")
        .unwrap();
    assert!(everything.clauses.is_empty());

    // The mandate opens this contract, and no other.
    let another = world.create(crate::support::text(&[])).await;
    let another = another.map(|contract| contract.name).unwrap_or_default();
    let read = |name: String| {
        let mut client = world.contracts(&dean);
        async move { client.get_contract(GetContractRequest { name }).await }
    };
    assert!(read(contract.name.clone()).await.is_ok());
    assert_eq!(read(another).await.unwrap_err().code(), Code::NotFound);
}

fn group(request_date: &str) -> proto::contracts::v1::ContractText {
    let mut text = text(&[SITE]);
    text.legal_entities = vec![
        format!("legalEntities/{OTHER_ENTITY}"),
        format!("legalEntities/{ENTITY}"),
    ];
    text.consultations = vec![
        "Comité stratégique".into(),
        "Commission médicale de groupement".into(),
    ];
    text.content = Some(ContractContent {
        grouping: Some(Grouping {
            name: "GHT de démonstration".into(),
            support_entity: format!("legalEntities/{ENTITY}"),
            request_date: request_date.into(),
        }),
        ..Default::default()
    });
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_support_establishment_signs_for_the_group_after_the_opinions_of_its_bodies() {
    let world = World::new().await;
    let silent = world.create(group("2026-02-09")).await.unwrap_err();
    assert_eq!(reason(&silent), "GROUPING_NOT_POSSIBLE");
    assert!(
        silent.message().contains("R6132-19-3"),
        "{}",
        silent.message()
    );

    let mut unheard = group("2026-02-10");
    unheard.consultations.remove(1);
    let unheard = world.create(unheard).await.unwrap();
    let unheard = world.open_negotiation(&unheard).await.unwrap();
    let refused = world.agree(&unheard, &deputy()).await.unwrap_err();
    assert_eq!(reason(&refused), "GROUPING_NOT_POSSIBLE");

    let contract = world.consulted(group("2026-02-10")).await;
    let contract = world
        .record_opinion(&contract, "Comité stratégique")
        .await
        .unwrap();
    let early = world.freeze(&contract).await.unwrap_err();
    assert_eq!(reason(&early), "OPINIONS_MISSING");
    let body = "Commission médicale de groupement";
    let contract = world.record_opinion(&contract, body).await.unwrap();
    let contract = world.freeze(&contract).await.unwrap();
    let support = format!("legalEntities/{ENTITY}");
    assert_eq!(contract.required_signatories, ["ars", support.as_str()]);
    let member = format!("legalEntities/{OTHER_ENTITY}");
    let refused = world
        .sign(&contract, &member, &stranger())
        .await
        .unwrap_err();
    assert_eq!(
        reason(&refused),
        "OUTSIDE_MANDATE",
        "the support establishment signs for all"
    );
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let contract = world.sign(&contract, &support, &director()).await.unwrap();
    assert_eq!(contract.state(), ContractState::Signed);
}
