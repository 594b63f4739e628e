//! How a contract goes on or ends: renewal, silence, extension, closure.

use contracts::app::time_passes;
use proto::contracts::v1::{
    Achievement, Assessment, CloseContractRequest, ConcludeEvaluationRequest,
    ConfirmTacitRenewalRequest, Contract, ContractState, CreateContractRequest, EvaluationKind,
    ExtendContractRequest, GetRenewalRequest, GrantRenewalRequest, PlanEvaluationRequest,
    RefuseRenewalRequest, RegimeKind, Renewal, RenewalState, RequestRenewalRequest,
    SubmitEvaluationReportRequest,
};
use testkit::{eventually, reason, request_id};
use time::Duration;
use tonic::Status;

use crate::support::{
    CONSULTED, ENTITY, REGION, SITE, World, auditor, contract_manager, director, director_general,
    manager, stranger, text,
};

async fn ask(world: &World, contract: &Contract) -> Result<Renewal, Status> {
    let request = RequestRenewalRequest {
        contract: contract.name.clone(),
        request: "Nous demandons le renouvellement du contrat.".into(),
        request_id: request_id(),
    };
    Ok(world
        .terms(&director())
        .request_renewal(request)
        .await?
        .into_inner())
}

/// A contract in force until 28 February 2027: a request is late from 1 March 2026 on.
async fn short(world: &World) -> Contract {
    let mut text = text(&[SITE]);
    text.effect_date = "2026-03-01".into();
    text.end_date = "2027-02-28".into();
    world.signed(text).await
}

#[tokio::test(flavor = "multi_thread")]
async fn four_months_of_silence_renew_and_a_person_confirms_the_term() {
    let world = World::new().await;
    let contract = short(&world).await;
    let strange = RequestRenewalRequest {
        contract: contract.name.clone(),
        request: "Nous aussi.".into(),
        request_id: request_id(),
    };
    assert!(
        world
            .terms(&stranger())
            .request_renewal(strange)
            .await
            .is_err()
    );
    let renewal = ask(&world, &contract).await.unwrap();
    assert!(
        renewal.late,
        "asked on 10 March for a contract that ends on 28 February"
    );
    assert_eq!(
        (
            renewal.receipt_date.as_str(),
            renewal.answer_due_date.as_str()
        ),
        ("2026-03-10", "2026-07-10")
    );
    let twice = ask(&world, &contract).await.unwrap_err();
    assert_eq!(reason(&twice), "RENEWAL_STANDS");

    world.advance(Duration::days(123));
    let get = GetRenewalRequest {
        name: renewal.name.clone(),
    };
    let tacit = eventually("silence renews", || async {
        time_passes::once(&world.service.running.runtime.machine)
            .await
            .unwrap();
        let answer = world
            .terms(&auditor())
            .get_renewal(get.clone())
            .await
            .unwrap();
        let renewal = answer.into_inner();
        (renewal.state() == RenewalState::Tacit).then_some(renewal)
    })
    .await;
    let refuse = RefuseRenewalRequest {
        name: tacit.name.clone(),
        etag: tacit.etag.clone(),
        reasons: "Trop tard.".into(),
        request_id: request_id(),
    };
    let refused = world
        .terms(&director_general())
        .refuse_renewal(refuse)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "WRONG_STATE");

    // The contract does not expire while its new term is not confirmed.
    world.advance(Duration::days(300));
    time_passes::once(&world.service.running.runtime.machine)
        .await
        .unwrap();
    let still = world.get(&contract, &auditor()).await.unwrap();
    assert_eq!(still.state(), ContractState::InForce);
    let confirm = ConfirmTacitRenewalRequest {
        name: tacit.name,
        etag: tacit.etag,
        end_date: "2032-02-29".into(),
        reasons: "Reconduction pour la même durée.".into(),
        request_id: request_id(),
    };
    world
        .terms(&director_general())
        .confirm_tacit_renewal(confirm)
        .await
        .unwrap();
    let goes_on = world.get(&contract, &auditor()).await.unwrap();
    assert_eq!(goes_on.last_day, "2032-02-29");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_lets_the_contract_run_to_its_end_and_a_grant_names_its_successor() {
    let world = World::new().await;
    let contract = short(&world).await;
    let first = ask(&world, &contract).await.unwrap();
    let refuse = RefuseRenewalRequest {
        name: first.name.clone(),
        etag: first.etag.clone(),
        reasons: "Les objectifs ne sont pas tenus.".into(),
        request_id: request_id(),
    };
    assert!(
        world
            .terms(&manager())
            .refuse_renewal(refuse.clone())
            .await
            .is_err()
    );
    let refused = world
        .terms(&director_general())
        .refuse_renewal(refuse)
        .await
        .unwrap();
    assert_eq!(refused.into_inner().state(), RenewalState::Refused);

    let second = ask(&world, &contract).await.unwrap();
    let mut next = text(&[SITE]);
    next.effect_date = "2027-03-01".into();
    next.end_date = "2032-02-29".into();
    let successor = world.signed(next).await;
    let grant = |successor: &Contract| GrantRenewalRequest {
        name: second.name.clone(),
        etag: second.etag.clone(),
        successor: successor.name.clone(),
        reasons: "Suite du projet.".into(),
        request_id: request_id(),
    };
    let itself = world
        .terms(&director_general())
        .grant_renewal(grant(&contract))
        .await;
    assert_eq!(reason(&itself.unwrap_err()), "NOT_A_SUCCESSOR");
    let granted = world
        .terms(&director_general())
        .grant_renewal(grant(&successor))
        .await
        .unwrap();
    assert_eq!(granted.into_inner().successor, successor.name);
    world.advance(Duration::days(356));
    world.until(&contract, ContractState::Renewed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extension_keeps_within_what_the_regime_allows() {
    let world = World::new().await;
    let mut ehpad = text(&[SITE]);
    ehpad.effect_date = "2026-03-01".into();
    ehpad.end_date = "2031-02-28".into();
    let request = CreateContractRequest {
        region: REGION.into(),
        text: Some(ehpad),
        request_id: request_id(),
        regime_kind: RegimeKind::Ehpad.into(),
    };
    let draft = world
        .contracts(&contract_manager())
        .create_contract(request)
        .await
        .unwrap();
    let contract = world.open_negotiation(&draft.into_inner()).await.unwrap();
    let contract = world.agree(&contract, &manager()).await.unwrap();
    let contract = world.agree(&contract, &director()).await.unwrap();
    let contract = world.record_opinion(&contract, CONSULTED).await.unwrap();
    let contract = world.freeze(&contract).await.unwrap();
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let party = format!("legalEntities/{ENTITY}");
    let contract = world.sign(&contract, &party, &director()).await.unwrap();
    let extend = |contract: &Contract, end_date: &str| ExtendContractRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        end_date: end_date.into(),
        reasons: "Négociation du contrat suivant.".into(),
        request_id: request_id(),
    };
    let mut dg = world.terms(&director_general());
    let long = dg
        .extend_contract(extend(&contract, "2032-03-01"))
        .await
        .unwrap_err();
    assert_eq!(reason(&long), "EXTENSION_OUT_OF_RANGE");
    let once = dg
        .extend_contract(extend(&contract, "2032-02-28"))
        .await
        .unwrap()
        .into_inner();
    let twice = dg
        .extend_contract(extend(&once, "2033-02-28"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(twice.last_day, "2033-02-28", "seven years in all");
    let thrice = dg
        .extend_contract(extend(&twice, "2033-03-31"))
        .await
        .unwrap_err();
    assert_eq!(reason(&thrice), "EXTENSIONS_EXHAUSTED");
    assert_eq!(
        world
            .count("select count(*) from contract_site where upper(period) = '2033-03-01'")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_contract_knows_no_extension() {
    let world = World::new().await;
    let contract = short(&world).await;
    let request = ExtendContractRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        end_date: "2027-06-30".into(),
        reasons: "Négociation du contrat suivant.".into(),
        request_id: request_id(),
    };
    let refused = world
        .terms(&director_general())
        .extend_contract(request)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "NO_EXTENSION");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_closed_after_its_final_evaluation() {
    let world = World::new().await;
    let contract = short(&world).await;
    world.advance(Duration::days(356));
    let expired = world.until(&contract, ContractState::Expired).await;
    let close = || CloseContractRequest {
        name: expired.name.clone(),
        etag: expired.etag.clone(),
        reasons: "Dossier complet.".into(),
        request_id: request_id(),
    };
    let early = world
        .terms(&contract_manager())
        .close_contract(close())
        .await
        .unwrap_err();
    assert_eq!(reason(&early), "FINAL_EVALUATION_MISSING");

    let plan = PlanEvaluationRequest {
        contract: expired.name.clone(),
        kind: EvaluationKind::Final.into(),
        year: 2027,
        due_date: "2027-06-30".into(),
        request_id: request_id(),
    };
    let mut agency = world.follow_up(&contract_manager());
    let planned = agency.plan_evaluation(plan).await.unwrap().into_inner();
    let report = SubmitEvaluationReportRequest {
        name: planned.name,
        etag: planned.etag,
        report: "Rapport final.".into(),
        request_id: request_id(),
    };
    let reported = world
        .follow_up(&director())
        .submit_evaluation_report(report)
        .await
        .unwrap();
    let reported = reported.into_inner();
    let conclude = ConcludeEvaluationRequest {
        name: reported.name,
        etag: reported.etag,
        assessments: vec![Assessment {
            objective: "O1".into(),
            achievement: Achievement::Reached.into(),
            comment: String::new(),
        }],
        conclusion: "Objectif atteint.".into(),
        request_id: request_id(),
    };
    agency.conclude_evaluation(conclude).await.unwrap();
    let closed = world
        .terms(&contract_manager())
        .close_contract(close())
        .await
        .unwrap();
    assert_eq!(closed.into_inner().state(), ContractState::Closed);
}
