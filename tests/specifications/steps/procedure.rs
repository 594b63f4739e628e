//! The penalty, from its opening to the fund: steps P0 to P7 (CSP R6114-10).

use cucumber::{given, then, when};
use proto::contracts::v1::{
    AcknowledgeObservationsRequest, AnswerFormalNoticeRequest, DecideProcedureRequest,
    DropProcedureRequest, ExtendFormalNoticeRequest, GetProcedureRequest,
    GiveDeliveryConsentRequest, NotifyDecisionRequest, OpenProcedureRequest, Outcome, Procedure,
    ProcedureState, ProposeRefusalProcedureRequest, RecordProcedureHearingRequest,
    RecordProcedureReceiptRequest, ReferToFundRequest, SendFormalNoticeRequest,
};
use testkit::request_id;

use super::review::{an_examined_review, conclude};
use crate::{
    figures::{Day, Side, Someone},
    world::Specification,
};

/// Income from compulsory health insurance: five hundredths of it are 50,000 euros.
const BASE_EUR: &str = "1000000.00";

#[given("le consentement de l’établissement à recevoir ses notifications sur le portail")]
async fn a_consent(world: &mut Specification) -> anyhow::Result<()> {
    let director = world.persona(Someone::Director)?;
    let request = GiveDeliveryConsentRequest {
        name: format!("{}/deliveryConsent", world.party(Side::Establishment)?),
        etag: String::new(),
        email: "direction@etablissement.example".to_owned(),
        request_id: request_id(),
    };
    let mut client = world.suite()?.consents(&director)?;
    client.give_delivery_consent(request).await?;
    Ok(())
}

#[given("une sanction proposée")]
async fn a_proposed_sanction(world: &mut Specification) -> anyhow::Result<()> {
    an_examined_review(world).await?;
    conclude(
        world,
        Someone::Manager,
        Outcome::SanctionProposed,
        "Le manquement persiste.",
    )
    .await?;
    the_procedure_of_the_review(world).await
}

/// Reads the procedure that the conclusion of the review has proposed.
pub(crate) async fn the_procedure_of_the_review(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let conclusion = world.review()?.conclusion.unwrap_or_default();
    let general = world.persona(Someone::DirectorGeneral)?;
    let mut client = world.suite()?.procedures(&general)?;
    let request = GetProcedureRequest {
        name: conclusion.procedure,
    };
    let answer = client.get_procedure(request).await;
    world.procedure_answer(answer)
}

#[given("une procédure ouverte")]
async fn an_open_procedure(world: &mut Specification) -> anyhow::Result<()> {
    a_proposed_sanction(world).await?;
    opens(world, Someone::DirectorGeneral).await?;
    world.nothing_refused()
}

#[given("une mise en demeure")]
async fn a_formal_notice(world: &mut Specification) -> anyhow::Result<()> {
    an_open_procedure(world).await?;
    give_notice(world, Someone::DirectorGeneral).await?;
    world.nothing_refused()
}

pub(crate) async fn give_notice(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = SendFormalNoticeRequest {
        name,
        etag,
        reasons: "Un appareil autorisé n’est pas installé.".to_owned(),
        measures: "Communiquer un calendrier d’installation.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.send_formal_notice(request).await;
    world.procedure_answer(answer)
}

#[given("une mise en demeure reçue")]
async fn a_received_notice(world: &mut Specification) -> anyhow::Result<()> {
    a_formal_notice(world).await?;
    receives(world, Someone::Director).await?;
    world.nothing_refused()
}

#[given("une pénalité fixée")]
async fn a_decided_penalty(world: &mut Specification) -> anyhow::Result<()> {
    a_received_notice(world).await?;
    let Day(day) = "11 avril 2026".parse()?;
    world.let_time_pass(day).await?;
    decides(world, Someone::DirectorGeneral, "1000.00".to_owned()).await?;
    world.nothing_refused()
}

#[given("une pénalité notifiée et reçue")]
async fn a_notified_penalty(world: &mut Specification) -> anyhow::Result<()> {
    a_decided_penalty(world).await?;
    notifies(world, Someone::DirectorGeneral).await?;
    receives(world, Someone::Director).await?;
    world.nothing_refused()
}

#[when(expr = "{personne} propose une procédure pour refus de signer")]
async fn proposes_for_refusal(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let request = ProposeRefusalProcedureRequest {
        contract: world.contract()?.name,
        reasons: "L’établissement refuse de signer, sans le motiver.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.propose_refusal_procedure(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} ouvre la procédure")]
pub(crate) async fn opens(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = OpenProcedureRequest {
        name,
        etag,
        reasons: "Au vu de la revue.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.open_procedure(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} prend connaissance de la mise en demeure")]
pub(crate) async fn receives(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = RecordProcedureReceiptRequest {
        name,
        etag,
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.record_procedure_receipt(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} répond à la mise en demeure")]
async fn answers(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = AnswerFormalNoticeRequest {
        name,
        etag,
        text: "L’appareil est commandé.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.answer_formal_notice(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} consigne le compte rendu d’une audition")]
async fn records_a_hearing(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = RecordProcedureHearingRequest {
        name,
        etag,
        date: world.today()?.to_string(),
        participants: vec!["La directrice de l’établissement".to_owned()],
        minutes: "La directrice expose le calendrier des travaux.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.record_procedure_hearing(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} certifie avoir lu les observations")]
async fn has_read(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = AcknowledgeObservationsRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.acknowledge_observations(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} prolonge le délai")]
async fn extends(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = ExtendFormalNoticeRequest {
        name,
        etag,
        reasons: "Au vu des réponses.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.extend_formal_notice(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} met fin à la procédure")]
async fn drops(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = DropProcedureRequest {
        name,
        etag,
        reasons: "L’appareil est installé.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.drop_procedure(request).await;
    world.procedure_answer(answer)
}

/// A penalty of the holder.
pub(super) fn penalty(
    world: &Specification,
    amount_eur: &str,
    reasons: &str,
) -> anyhow::Result<DecideProcedureRequest> {
    let Procedure { name, etag, .. } = world.procedure()?;
    Ok(DecideProcedureRequest {
        name,
        etag,
        reasons: reasons.to_owned(),
        amount_eur: amount_eur.to_owned(),
        legal_entity: format!("legalEntities/{}", world.entity()?.finess),
        base_eur: BASE_EUR.to_owned(),
        base_source: "Compte financier 2025".to_owned(),
        request_id: request_id(),
        ..Default::default()
    })
}

#[when(expr = "{personne} fixe une pénalité de {word} euros")]
async fn decides(world: &mut Specification, who: Someone, amount: String) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let reasons = "Le manquement est établi et n’est pas valablement justifié.";
    let request = penalty(world, &amount, reasons)?;
    let answer = client.decide_procedure(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} notifie la décision")]
async fn notifies(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = NotifyDecisionRequest {
        name,
        etag,
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.notify_decision(request).await;
    world.procedure_answer(answer)
}

#[when(expr = "{personne} saisit la caisse")]
async fn refers(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = ReferToFundRequest {
        name,
        etag,
        fund: "Caisse primaire d’assurance maladie des Bouches-du-Rhône".to_owned(),
        request_id: request_id(),
    };
    let answer = client.refer_to_fund(request).await;
    world.procedure_answer(answer)
}

#[then("la procédure attend le directeur général")]
fn is_proposed(world: &mut Specification) -> anyhow::Result<()> {
    is_in(world, ProcedureState::Proposed)
}

#[then("la procédure est ouverte")]
fn is_open(world: &mut Specification) -> anyhow::Result<()> {
    is_in(world, ProcedureState::Opened)
}

#[then("la procédure attend toujours une décision")]
async fn is_under_notice(world: &mut Specification) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let mut client = world.suite()?.procedures(&auditor)?;
    let request = GetProcedureRequest {
        name: world.procedure()?.name,
    };
    let procedure = client.get_procedure(request).await?.into_inner();
    assert_eq!(procedure.state(), ProcedureState::UnderNotice);
    assert_eq!(procedure.decision, None);
    Ok(())
}

#[then("la procédure est close sans pénalité")]
fn is_dropped(world: &mut Specification) -> anyhow::Result<()> {
    is_in(world, ProcedureState::Dropped)
}

fn is_in(world: &Specification, state: ProcedureState) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.procedure()?.state(), state);
    Ok(())
}

#[then(expr = "l’établissement peut répondre jusqu’au {jour}")]
fn is_due(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let notice = world.procedure()?.notice.unwrap_or_default();
    assert_eq!(notice.due_date, day.0.to_string());
    Ok(())
}

#[then(expr = "l’établissement peut payer jusqu’au {jour}")]
fn is_payable(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let decision = world.procedure()?.decision.unwrap_or_default();
    assert_eq!(decision.payment_due_date, day.0.to_string());
    Ok(())
}

#[then(expr = "la pénalité est fixée à {word} euros")]
fn is_decided(world: &mut Specification, amount: String) -> anyhow::Result<()> {
    is_in(world, ProcedureState::Decided)?;
    let decision = world.procedure()?.decision.unwrap_or_default();
    assert_eq!(decision.amount_eur, amount);
    Ok(())
}

#[then("la décision dit les voies et délais de recours")]
fn says_the_remedies(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let decision = world.procedure()?.decision.unwrap_or_default();
    assert!(
        decision.remedies.contains("deux mois"),
        "{}",
        decision.remedies
    );
    Ok(())
}

#[then("la décision dit qu’un traitement algorithmique y a contribué")]
fn says_that_it_was_computed(world: &mut Specification) -> anyhow::Result<()> {
    let decision = world.procedure()?.decision.unwrap_or_default();
    assert!(!decision.algorithmic_notice.is_empty());
    Ok(())
}

#[then("la caisse est saisie")]
fn is_referred(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert!(world.procedure()?.referral.is_some());
    Ok(())
}
