//! What is refused, with the reason and where.

use contracts::domain::regime::RegimeKind;
use proto::contracts::v1::{Contract, ContractState, ProposeVersionRequest, SignContractRequest};
use testkit::{Persona, eventually, reason, request_id, wrong_fields};
use time::macros::date;
use tonic::{Code, Status};

use crate::support::{
    CONSULTED, ENTITY, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, director,
    director_general, manager, objectives, stranger, text,
};

fn party() -> String {
    format!("legalEntities/{ENTITY}")
}

/// Opens the negotiation of a draft with this text and lets the agency agree to it.
async fn agree_to(
    world: &World,
    text: proto::contracts::v1::ContractText,
) -> Result<Contract, Status> {
    let contract = world.create(text).await?;
    let contract = world.open_negotiation(&contract).await?;
    world.agree(&contract, &manager()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_agree_to_an_eleventh_objective_or_a_sixty_first_month() {
    let world = World::new().await;
    let mut eleven = text(&[SITE]);
    eleven.objectives = objectives(11);
    let refused = agree_to(&world, eleven).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "TOO_MANY_OBJECTIVES")
    );

    let mut long = text(&[SITE]);
    long.end_date = "2031-04-01".into();
    let refused = agree_to(&world, long).await.unwrap_err();
    assert_eq!(reason(&refused), "TERM_TOO_LONG");
    assert!(
        refused.message().contains("2031-03-31"),
        "{}",
        refused.message()
    );

    let mut empty = text(&[SITE]);
    empty.objectives.clear();
    assert_eq!(
        reason(&agree_to(&world, empty).await.unwrap_err()),
        "NO_OBJECTIVE"
    );
    assert_eq!(
        reason(&agree_to(&world, text(&[])).await.unwrap_err()),
        "PERIMETER_EMPTY"
    );

    let mut ten = text(&[SITE]);
    ten.objectives = objectives(10);
    agree_to(&world, ten).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_text_is_answered_field_by_field() {
    let world = World::new().await;
    let mut wrong = text(&[SITE, "130783294"]);
    wrong.effect_date = "2026-02-30".into();
    let refused = world.create(wrong).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(
        wrong_fields(&refused),
        ["text.establishments[1]", "text.effect_date"]
    );

    let mut backwards = text(&[SITE]);
    backwards.end_date = "2026-01-01".into();
    backwards.objectives[0].title = " ".into();
    let refused = world.create(backwards).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["text.objectives[0].title", "text.end_date"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_covers_open_sites_of_its_parties_that_the_registry_knows() {
    let world = World::new().await;
    let unknown = world.create(text(&["010008407"])).await.unwrap_err();
    assert_eq!(reason(&unknown), "PERIMETER_NOT_IN_REGISTRY");
    assert!(
        unknown.message().contains("010008407"),
        "{}",
        unknown.message()
    );

    let mut foreign = text(&[SITE]);
    foreign.legal_entities = vec![format!("legalEntities/{OTHER_ENTITY}")];
    let refused = world.create(foreign).await.unwrap_err();
    assert!(
        refused.message().contains("which is not a party"),
        "{}",
        refused.message()
    );

    world.producer.legal_entity(ENTITY, 2, false).await;
    let closed = eventually("the closing is known", || async {
        world.create(text(&[SITE])).await.err()
    })
    .await;
    assert!(
        closed.message().contains("is closed in the registry"),
        "{}",
        closed.message()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_in_one_contract_at_a_time_and_the_refusal_names_it() {
    let world = World::new().await;
    // Drafted before the other one was signed, so that only the last guard can stop it.
    let late = world.ready_to_sign(text(&[SITE, OTHER_SITE])).await;
    let first = world.signed(text(&[SITE])).await;

    let draft = world.create(text(&[SITE])).await.unwrap_err();
    assert_eq!(reason(&draft), "PERIMETER_OVERLAP");
    assert!(
        draft.message().contains(&first.number),
        "{}",
        draft.message()
    );

    let half = world.sign(&late, "ars", &director_general()).await.unwrap();
    let refused = world.sign(&half, &party(), &director()).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "PERIMETER_OVERLAP")
    );
    assert!(
        refused.message().contains(&first.number),
        "{}",
        refused.message()
    );
    let unchanged = world.get(&half, &manager()).await.unwrap();
    assert_eq!((unchanged.etag, unchanged.signatures.len()), (half.etag, 1));
    world.create(text(&[OTHER_SITE])).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_frozen_after_every_opinion_and_with_agreed_targets_only() {
    use crate::support::targets::Mood;
    let world = World::new().await;
    let contract = world.consulted(text(&[SITE])).await;
    let refused = world.freeze(&contract).await.unwrap_err();
    assert_eq!(reason(&refused), "OPINIONS_MISSING");
    assert!(refused.message().contains(CONSULTED));
    let unknown = world
        .record_opinion(&contract, "Directoire")
        .await
        .unwrap_err();
    assert_eq!(reason(&unknown), "UNKNOWN_CONSULTATION");
    let contract = world.record_opinion(&contract, CONSULTED).await.unwrap();

    world.targets.set(Mood::NotAgreed);
    assert_eq!(
        reason(&world.freeze(&contract).await.unwrap_err()),
        "TARGETS_NOT_AGREED"
    );
    world.targets.set(Mood::OfAnotherContract);
    assert_eq!(
        reason(&world.freeze(&contract).await.unwrap_err()),
        "FOREIGN_TARGET_SET"
    );
    world.targets.set(Mood::Away);
    let away = world.freeze(&contract).await.unwrap_err();
    assert_eq!(away.code(), Code::Unavailable);
    assert!(tonic_types::StatusExt::get_details_retry_info(&away).is_some());
    world.targets.set(Mood::Agreed);
    assert_eq!(
        world.freeze(&contract).await.unwrap().state(),
        ContractState::ReadyToSign
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_party_signs_for_itself_under_the_frozen_document() {
    let world = World::new().await;
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let refusal = async |party: &str, hash: &str, who: &Persona| {
        let request = SignContractRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            party: party.into(),
            signatory_title: "Directrice".into(),
            document_sha256: hash.into(),
            request_id: request_id(),
        };
        reason(
            &world
                .contracts(who)
                .sign_contract(request)
                .await
                .unwrap_err(),
        )
    };
    let hash = contract.document_sha256.as_str();
    assert_eq!(
        refusal(&party(), hash, &director_general()).await,
        "WRONG_SIGNATORY"
    );
    assert_eq!(refusal("ars", hash, &director()).await, "WRONG_SIGNATORY");
    assert_eq!(refusal("ars", hash, &manager()).await, "OUTSIDE_MANDATE");
    assert_eq!(
        refusal("ars", &"0".repeat(64), &director_general()).await,
        "DOCUMENT_HASH_MISMATCH"
    );
    let other = format!("legalEntities/{OTHER_ENTITY}");
    assert_eq!(refusal(&other, hash, &director()).await, "UNKNOWN_PARTY");
    assert_eq!(refusal(&party(), hash, &stranger()).await, "NOT_FOUND");
    let half = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let again = world
        .sign(&half, "ars", &director_general())
        .await
        .unwrap_err();
    assert_eq!(reason(&again), "ALREADY_SIGNED");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_outside_the_scope_does_not_exist() {
    let world = World::new().await;
    let contract = world.create(text(&[SITE])).await.unwrap();
    for who in [
        stranger(),
        Persona::human("manager").region("94"),
        Persona::human("contract_manager").region("94"),
    ] {
        let hidden = world.get(&contract, &who).await.unwrap_err();
        assert_eq!(hidden.code(), Code::NotFound, "{who:?}");
    }
    let proposal = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(text(&[SITE])),
        comment: String::new(),
        request_id: request_id(),
    };
    let hidden = world
        .contracts(&stranger())
        .propose_version(proposal)
        .await
        .unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    let elsewhere = proto::contracts::v1::CreateContractRequest {
        region: "94".into(),
        text: Some(text(&[SITE])),
        request_id: request_id(),
        ..Default::default()
    };
    let denied = world
        .contracts(&contract_manager())
        .create_contract(elsewhere)
        .await
        .unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn allowed_actions_say_what_the_methods_would_answer() {
    let world = World::new().await;
    let contract = world.consulted(text(&[SITE])).await;
    let seen = world.get(&contract, &contract_manager()).await.unwrap();
    let shown = |method: &str| {
        let action = seen
            .allowed_actions
            .iter()
            .find(|action| action.method == method)
            .unwrap();
        (action.allowed, action.reason.clone())
    };
    assert_eq!(shown("RecordOpinion"), (true, String::new()));
    assert_eq!(
        shown("FreezeContract"),
        (false, "OPINIONS_MISSING".to_owned())
    );
    assert_eq!(
        shown("SignContract"),
        (false, "ROLE_NOT_ENTITLED".to_owned())
    );
    assert_eq!(shown("OpenNegotiation"), (false, "WRONG_STATE".to_owned()));
    // Every role of a token counts, not only the one under which it reads.
    let both = contract_manager().also("director_general");
    let seen = world.get(&contract, &both).await.unwrap();
    let sign = seen
        .allowed_actions
        .iter()
        .find(|a| a.method == "SignContract")
        .unwrap();
    assert_eq!(sign.reason, "WRONG_STATE");
    let machine = world.get(&contract, &Persona::service()).await.unwrap();
    assert!(
        machine
            .allowed_actions
            .iter()
            .all(|a| a.reason == "HUMAN_REQUIRED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_regime_of_a_contract_is_that_of_the_day_of_its_draft() {
    let world = World::new().await;
    let mut connection = world
        .service
        .running
        .runtime
        .db
        .pool()
        .acquire()
        .await
        .unwrap();
    let mut on = async |day| {
        contracts::store::regime::on(&mut connection, RegimeKind::Hospital, day)
            .await
            .unwrap()
    };
    assert_eq!(on(date!(2005 - 01 - 01)).await, None);
    let before = on(date!(2025 - 02 - 24)).await.unwrap();
    assert_eq!(
        (before.code.as_str(), before.max_objectives),
        ("R2010_HPST", None)
    );
    let after = on(date!(2025 - 02 - 25)).await.unwrap();
    assert_eq!(
        (after.code.as_str(), after.max_objectives),
        ("R2020_2025", Some(10))
    );
    assert!(after.source.contains("2025-180"));
}
