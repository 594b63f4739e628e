//! C13: the minister of defence is consulted before the termination of a contract of the armed forces (CSP L1435-3-1).

use contracts::domain::Procedure as Row;
use proto::{
    contracts::v1::{
        AmendmentChanges, AmendmentState, ConcludeReviewRequest, ConsultDefenceRequest,
        ContractState, DecideProcedureRequest, FundingLine, FundingSource, GetProcedureRequest,
        OpinionSense, Outcome, Procedure, ProcedureKind, RecordAmendmentOpinionRequest,
        RecordDefenceAnswerRequest,
    },
    establishments::v1::{Establishment, RegistryState},
    types::v1::Severity,
};
use testkit::{Persona, eventually, reason, request_id};
use time::Duration;
use tonic::{Code, Status};

use crate::support::{
    ENTITY, Finding, REGION, SITE, World, campaign, contract_manager, director, director_general,
    manager,
};

/// The only site of the contracts becomes a hospital of the armed forces.
async fn of_the_armed_forces(world: &World) {
    let site = Establishment {
        name: format!("establishments/{SITE}"),
        finess: SITE.to_owned(),
        legal_entity: format!("legalEntities/{ENTITY}"),
        title: "Hôpital des armées de démonstration".into(),
        region: REGION.into(),
        department: "13".into(),
        category: "114".into(),
        state: RegistryState::Open.into(),
        ..Default::default()
    };
    world.producer.site_changed(site, &["category"], 2).await;
    eventually("the category is copied", || async {
        let hospitals = "select count(*) from establishment_copy where category = '114'";
        (world.count(hospitals).await == 1).then_some(())
    })
    .await;
}

/// A termination that a manager proposed, opened by the director general, under notice since the first morning; and its row
/// when it was proposed.
async fn under_notice(world: &World) -> (Procedure, Row) {
    let contract = world.in_force(&[SITE]).await;
    world.consent(&director()).await;
    let mut grave = Finding::new(&contract.name, &campaign());
    grave.severity = Severity::Grave;
    let review = world.examined(&[grave]).await;
    let request = ConcludeReviewRequest {
        name: review.name,
        etag: review.etag,
        outcome: Outcome::SanctionProposed.into(),
        procedure_kind: ProcedureKind::Termination.into(),
        reasons: "Le manquement est grave et persiste.".into(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut reviews = world.reviews(&manager());
    let concluded = reviews.conclude_review(request).await.unwrap().into_inner();
    let name = concluded.conclusion.unwrap().procedure;
    let proposed = read(world, &name, &director_general()).await;
    let first_row = world.procedure_row(&proposed.name).await;
    let opened = world.open(&proposed, &director_general()).await.unwrap();
    (world.give_notice(&opened).await.unwrap(), first_row)
}

async fn read(world: &World, name: &str, who: &Persona) -> Procedure {
    let request = GetProcedureRequest {
        name: name.to_owned(),
    };
    let mut client = world.procedures(who);
    client.get_procedure(request).await.unwrap().into_inner()
}

async fn consult(world: &World, it: &Procedure, who: &Persona) -> Result<Procedure, Status> {
    let request = ConsultDefenceRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        request_date: "2026-03-10".into(),
        answer_due_date: "2026-05-31".into(),
        letter: "ARS-2026-117".into(),
        attachments: vec![],
        request_id: request_id(),
    };
    let mut client = world.procedures(who);
    Ok(client.consult_defence(request).await?.into_inner())
}

async fn answered(world: &World, it: &Procedure, until: &str) -> Result<Procedure, Status> {
    let request = RecordDefenceAnswerRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        receipt_date: "2026-04-11".into(),
        text: "La résiliation compromettrait le soutien sanitaire des forces armées.".into(),
        continuity_end_date: until.into(),
        attachments: vec![],
        request_id: request_id(),
    };
    let mut client = world.procedures(&contract_manager());
    Ok(client.record_defence_answer(request).await?.into_inner())
}

async fn terminate(world: &World, it: &Procedure, last_day: &str) -> Result<Procedure, Status> {
    let request = DecideProcedureRequest {
        name: it.name.clone(),
        etag: it.etag.clone(),
        reasons: "Aucune mesure n’a été prise.".into(),
        termination_date: last_day.into(),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.procedures(&director_general());
    Ok(client.decide_procedure(request).await?.into_inner())
}

/// Why somebody may not do an act now; empty when they may.
fn told(it: &Procedure, method: &str) -> String {
    let mut listed = it.allowed_actions.iter();
    let action = listed.find(|action| action.method == method).unwrap();
    action.reason.clone()
}

/// Days on which the answer of the minister is due, as somebody reads them.
async fn due(world: &World, who: &Persona) -> Vec<String> {
    world.due_days(who, "DEFENCE_ANSWER").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_of_the_armed_forces_keeps_its_contract_until_the_minister_was_asked() {
    let world = World::new().await;
    of_the_armed_forces(&world).await;
    let (noticed, first_row) = Box::pin(under_notice(&world)).await;
    world.advance(Duration::days(32));
    let seen = read(&world, &noticed.name, &director_general()).await;
    assert_eq!(told(&seen, "DecideProcedure"), "DEFENCE_NOT_CONSULTED");
    let refused = terminate(&world, &noticed, "2026-12-31").await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::FailedPrecondition, "DEFENCE_NOT_CONSULTED")
    );
    assert!(
        refused.message().contains("L1435-3-1"),
        "{}",
        refused.message()
    );
    let early = answered(&world, &noticed, "").await.unwrap_err();
    assert_eq!(reason(&early), "DEFENCE_NOT_CONSULTED");

    let denied = consult(&world, &noticed, &director()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let asked = consult(&world, &noticed, &contract_manager())
        .await
        .unwrap();
    assert_eq!(due(&world, &contract_manager()).await, ["2026-05-31"]);
    assert!(due(&world, &director()).await.is_empty());
    let again = consult(&world, &asked, &manager()).await.unwrap_err();
    assert_eq!(reason(&again), "DEFENCE_ALREADY_CONSULTED");
    let refused = terminate(&world, &asked, "2026-12-31").await.unwrap_err();
    assert_eq!(reason(&refused), "DEFENCE_ANSWER_AWAITED");

    let heard = answered(&world, &asked, "2026-10-31").await.unwrap();
    assert!(due(&world, &contract_manager()).await.is_empty());
    let hidden = read(&world, &heard.name, &director()).await;
    assert_eq!(hidden.defence_consultation, None, "it is preparatory");
    let refused = terminate(&world, &heard, "2026-10-30").await.unwrap_err();
    assert_eq!(reason(&refused), "DEFENCE_CONTINUITY");
    let decided = terminate(&world, &heard, "2026-10-31").await.unwrap();
    let notified = world.notify_decision(&decided).await.unwrap();
    world.procedure_replays(&notified.name, first_row).await;
    let shown = read(&world, &notified.name, &director()).await;
    assert_eq!(shown.defence_consultation.unwrap().letter, "ARS-2026-117");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minister_is_not_needed_elsewhere_and_a_letter_without_answer_ends() {
    let world = World::new().await;
    let (noticed, _) = Box::pin(under_notice(&world)).await;
    world.advance(Duration::days(32));
    // Whoever consults without having to waits for the answer all the same, as long as the letter says.
    let asked = consult(&world, &noticed, &manager()).await.unwrap();
    let refused = terminate(&world, &asked, "2026-12-31").await.unwrap_err();
    assert_eq!(reason(&refused), "DEFENCE_ANSWER_AWAITED");
    world.advance(Duration::days(51));
    let decided = terminate(&world, &asked, "2026-12-31").await.unwrap();
    let contract = world.notify_decision(&decided).await.unwrap().contract;
    let request = proto::contracts::v1::GetContractRequest { name: contract };
    let mut client = world.contracts(&manager());
    let contract = client.get_contract(request).await.unwrap().into_inner();
    assert_eq!(contract.state(), ContractState::Terminated);

    let penalty = World::new().await;
    let proposed = penalty.proposed().await;
    let opened = penalty.open(&proposed, &director_general()).await.unwrap();
    let refused = consult(&penalty, &opened, &manager()).await.unwrap_err();
    assert_eq!(reason(&refused), "DEFENCE_NOT_CONCERNED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minister_is_among_those_whose_opinion_an_amendment_needs() {
    let world = World::new().await;
    of_the_armed_forces(&world).await;
    let contract = world.in_force(&[SITE]).await;
    let changes = AmendmentChanges {
        put_funding: vec![FundingLine {
            code: "F1".into(),
            label: "Aide à l’investissement".into(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: "50000.00".into(),
            reversible: true,
            ..Default::default()
        }],
        ..Default::default()
    };
    let amendment = world
        .agreed_amendment(&contract, "2026-04-01", changes)
        .await;
    assert_eq!(amendment.consultations, ["Ministre de la défense"]);
    let impact = world.impact(&amendment).await;
    let read = world
        .acknowledge_impact_of(&amendment, &impact.sha256)
        .await;
    let read = read.unwrap();
    let refused = world.freeze_amendment(&read).await.unwrap_err();
    assert_eq!(reason(&refused), "OPINIONS_MISSING");
    let request = RecordAmendmentOpinionRequest {
        name: read.name,
        etag: read.etag,
        body: "Ministre de la défense".into(),
        sense: OpinionSense::Favourable.into(),
        date: "2026-03-10".into(),
        comment: String::new(),
        request_id: request_id(),
    };
    let mut client = world.amendments(&contract_manager());
    let heard = client.record_amendment_opinion(request).await.unwrap();
    let frozen = world.freeze_amendment(&heard.into_inner()).await.unwrap();
    assert_eq!(frozen.state(), AmendmentState::ReadyToSign);
}
