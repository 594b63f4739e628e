//! How a contract goes on or ends: guards C14 to C19.

use cucumber::{given, then, when};
use proto::contracts::v1::{
    Achievement, Assessment, CloseContractRequest, ConcludeEvaluationRequest,
    ConfirmTacitRenewalRequest, Contract, EvaluationKind, GetRenewalRequest, GrantRenewalRequest,
    PlanEvaluationRequest, RefuseRenewalRequest, Renewal, RenewalState, RequestRenewalRequest,
    SubmitEvaluationReportRequest,
};
use testkit::request_id;

use super::given::{contract_to_sign, signed, usual_text};
use crate::{
    figures::{Day, Someone},
    world::Specification,
};

#[when(expr = "{personne} demande le renouvellement")]
async fn asks(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let request = RequestRenewalRequest {
        contract: world.contract()?.name,
        request: "Nous demandons le renouvellement du contrat.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.request_renewal(request).await;
    world.renewal_answer(answer)
}

#[given("une demande de renouvellement")]
async fn a_request(world: &mut Specification) -> anyhow::Result<()> {
    asks(world, Someone::Director).await?;
    world.nothing_refused()
}

/// The contract that follows the one in force, from the day after it.
#[given("le CPOM suivant signé")]
async fn a_signed_successor(world: &mut Specification) -> anyhow::Result<()> {
    let current = world.contract()?;
    let mut text = usual_text(world.entity()?);
    "2028-01-01".clone_into(&mut text.effect_date);
    "2032-12-31".clone_into(&mut text.end_date);
    contract_to_sign(world, text, 2028).await?;
    let successor = signed(world, world.contract()?).await?;
    world.rival = Some(successor);
    world.set_contract(current);
    Ok(())
}

#[when(expr = "{personne} accorde le renouvellement")]
async fn grants(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let successor = world.rival.clone().map(|successor| successor.name);
    grant(world, who, successor.unwrap_or_default()).await
}

#[when(expr = "{personne} accorde le renouvellement sans contrat suivant")]
async fn grants_nothing(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let same = world.contract()?.name;
    grant(world, who, same).await
}

async fn grant(world: &mut Specification, who: Someone, successor: String) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let Renewal { name, etag, .. } = read(world).await?;
    let request = GrantRenewalRequest {
        name,
        etag,
        successor,
        reasons: "Le projet se poursuit.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.grant_renewal(request).await;
    world.renewal_answer(answer)
}

#[when(regex = "^(.+) refuse le renouvellement( sans le motiver)?$")]
async fn refuses(
    world: &mut Specification,
    who: Someone,
    without_reasons: String,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let Renewal { name, etag, .. } = read(world).await?;
    let reasons = match without_reasons.as_str() {
        "" => "Les objectifs ne sont pas tenus.",
        _ => "",
    };
    let request = RefuseRenewalRequest {
        name,
        etag,
        reasons: reasons.to_owned(),
        request_id: request_id(),
    };
    let answer = client.refuse_renewal(request).await;
    world.renewal_answer(answer)
}

#[when(expr = "{personne} confirme la reconduction jusqu’au {jour}")]
async fn confirms(world: &mut Specification, who: Someone, day: Day) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let Renewal { name, etag, .. } = read(world).await?;
    let request = ConfirmTacitRenewalRequest {
        name,
        etag,
        end_date: day.0.to_string(),
        reasons: "Reconduction pour la même durée.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.confirm_tacit_renewal(request).await;
    world.renewal_answer(answer)
}

async fn read(world: &Specification) -> anyhow::Result<Renewal> {
    let auditor = world.scenario()?.people.auditor();
    let name = world.renewal()?.name;
    let mut client = world.suite()?.terms(&auditor)?;
    Ok(client
        .get_renewal(GetRenewalRequest { name })
        .await?
        .into_inner())
}

#[then(expr = "l’ARS a jusqu’au {jour} pour répondre")]
fn is_due(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.renewal()?.answer_due_date, day.0.to_string());
    Ok(())
}

#[then(regex = "^la demande est (dans les temps|tardive)$")]
fn is_late(world: &mut Specification, how: String) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.renewal()?.late, how == "tardive");
    Ok(())
}

#[then(regex = "^le renouvellement est (demandé|accordé|refusé|tacite|confirmé)$")]
async fn the_renewal_is(world: &mut Specification, how: String) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let expected = match how.as_str() {
        "demandé" => RenewalState::Requested,
        "accordé" => RenewalState::Granted,
        "refusé" => RenewalState::Refused,
        "tacite" => RenewalState::Tacit,
        _ => RenewalState::TacitConfirmed,
    };
    assert_eq!(read(world).await?.state(), expected);
    Ok(())
}

#[then(expr = "le dernier jour du CPOM est le {jour}")]
async fn ends_on(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.contract_now().await?.last_day, day.0.to_string());
    Ok(())
}

#[when(expr = "{personne} clôt le CPOM")]
async fn closes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = CloseContractRequest {
        name,
        etag,
        reasons: "Le dossier est complet.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.close_contract(request).await;
    world.contract_answer(answer)
}

#[when("le rapport final est remis et évalué")]
async fn is_evaluated(world: &mut Specification) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let director = world.persona(Someone::Director)?;
    let mut agency = world.suite()?.follow_up(&manager)?;
    let plan = PlanEvaluationRequest {
        contract: world.contract()?.name,
        kind: EvaluationKind::Final.into(),
        year: 2027,
        due_date: "2028-06-30".to_owned(),
        request_id: request_id(),
    };
    let planned = agency.plan_evaluation(plan).await?.into_inner();
    let report = SubmitEvaluationReportRequest {
        name: planned.name,
        etag: planned.etag,
        report: "Rapport final.".to_owned(),
        request_id: request_id(),
    };
    let mut establishment = world.suite()?.follow_up(&director)?;
    let reported = establishment.submit_evaluation_report(report).await?;
    let reported = reported.into_inner();
    let text = world.contract_now().await?.text.unwrap_or_default();
    let assessments = text.objectives.into_iter().map(|objective| Assessment {
        objective: objective.code,
        achievement: Achievement::Reached.into(),
        comment: String::new(),
    });
    let conclude = ConcludeEvaluationRequest {
        name: reported.name,
        etag: reported.etag,
        assessments: assessments.collect(),
        conclusion: "Les objectifs sont atteints.".to_owned(),
        request_id: request_id(),
    };
    agency.conclude_evaluation(conclude).await?;
    Ok(())
}
