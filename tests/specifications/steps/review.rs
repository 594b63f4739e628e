//! The contradictory review, step by step, and what it can lead to.

use anyhow::Context as _;
use cpom_tests::suite::Service;
use cucumber::{given, then, when};
use proto::{
    contracts::v1::{
        AddReviewContextRequest, ConcludeReviewRequest, ExamineReviewRequest,
        ListProceduresRequest, MilestoneDraft, NotifyReviewRequest, Outcome, ProcedureState,
        RecordReviewReceiptRequest, Review, ReviewState, SubmitObservationsRequest,
    },
    controls::v1::{
        GetPeerComparisonRequest, peer_comparison_service_client::PeerComparisonServiceClient,
    },
    targets::v1::{GetTerritoryContextRequest, rate_service_client::RateServiceClient},
    types::v1::ActorKind,
};
use testkit::request_id;
use tonic::Code;

use super::control::{a_binding_objective_is_missed, the_contract_is_controlled};
use crate::{
    figures::{Day, Ending, Someone},
    world::Specification,
};

#[given("une revue notifiée")]
async fn a_notified_review(world: &mut Specification) -> anyhow::Result<()> {
    a_binding_objective_is_missed(world).await?;
    the_contract_is_controlled(world).await?;
    notifies(world, Someone::Manager).await?;
    receives(world, Someone::Director).await?;
    world.nothing_refused()
}

#[given("une revue examinée")]
pub(crate) async fn an_examined_review(world: &mut Specification) -> anyhow::Result<()> {
    a_binding_objective_is_missed(world).await?;
    the_contract_is_controlled(world).await?;
    the_review_is_conducted(world).await
}

#[given("la revue instruite")]
pub(crate) async fn the_review_is_conducted(world: &mut Specification) -> anyhow::Result<()> {
    notifies(world, Someone::Manager).await?;
    observes(world, Someone::Director).await?;
    examines(world, Someone::Reviewer).await?;
    world.nothing_refused()
}

#[when(expr = "{personne} notifie les constats")]
async fn notifies(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let request = NotifyReviewRequest {
        name,
        etag,
        message: "Vos observations sont attendues.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.notify_review(request).await;
    world.review_answer(answer)
}

#[when(expr = "{personne} prend connaissance de la notification")]
async fn receives(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let request = RecordReviewReceiptRequest {
        name,
        etag,
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.record_review_receipt(request).await;
    world.review_answer(answer)
}

#[when(expr = "{personne} présente ses observations")]
async fn observes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let request = SubmitObservationsRequest {
        name,
        etag,
        text: "Les travaux ont retardé l’installation.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.submit_observations(request).await;
    world.review_answer(answer)
}

#[when(expr = "{personne} verse au dossier la comparaison avec les autres contrats")]
async fn brings_the_comparison(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let persona = world.persona(who)?;
    let review = world.review()?;
    let finding = review.findings.first().context("a finding")?;
    let peer = world.suite()?.peer(Service::Controls, &persona)?;
    let request = GetPeerComparisonRequest {
        finding: finding.finding.clone(),
    };
    let comparison = PeerComparisonServiceClient::new(peer)
        .get_peer_comparison(request)
        .await?
        .into_inner();
    let request = AddReviewContextRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        title: "Les mêmes objectifs ailleurs".to_owned(),
        text: comparison.statement,
        references: vec![comparison.finding, comparison.statement_sha256],
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.suite()?.reviews(&persona)?;
    let answer = client.add_review_context(request).await;
    world.review_answer(answer)
}

#[when(expr = "{personne} verse au dossier ce qui est publié du territoire")]
async fn brings_the_territory(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let persona = world.persona(who)?;
    let review = world.review()?;
    let peer = world.suite()?.peer(Service::Targets, &persona)?;
    let request = GetTerritoryContextRequest {
        contract: review.contract.clone(),
        year: review.year,
    };
    let territory = RateServiceClient::new(peer)
        .get_territory_context(request)
        .await?
        .into_inner();
    let request = AddReviewContextRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        title: "Le territoire".to_owned(),
        text: territory.statement,
        references: vec![territory.statement_sha256],
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.suite()?.reviews(&persona)?;
    let answer = client.add_review_context(request).await;
    world.review_answer(answer)
}

#[then("l’établissement lit la comparaison")]
async fn the_comparison_is_disclosed(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let review = as_the_establishment_reads(world).await?;
    let note = review.context.first().context("a note of context")?;
    assert!(note.text.contains("ni une note ni une conclusion"));
    Ok(())
}

#[then("l’établissement lit ce qui est publié du territoire")]
async fn the_territory_is_disclosed(world: &mut Specification) -> anyhow::Result<()> {
    the_comparison_is_disclosed(world).await
}

#[then("la revue n’est ni examinée ni conclue")]
fn the_review_is_only_notified(world: &mut Specification) -> anyhow::Result<()> {
    let review = world.review()?;
    assert_eq!(review.state(), ReviewState::Notified);
    assert_eq!((review.examination, review.conclusion), (None, None));
    Ok(())
}

#[when(expr = "{personne} examine la revue")]
async fn examines(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let request = ExamineReviewRequest {
        name,
        etag,
        analysis: "L’écart est avéré.".to_owned(),
        recommended_outcome: Outcome::ActionPlan.into(),
        request_id: request_id(),
    };
    let answer = client.examine_review(request).await;
    world.review_answer(answer)
}

#[when(expr = "{personne} conclut la revue {issue}")]
async fn concludes(world: &mut Specification, who: Someone, ending: Ending) -> anyhow::Result<()> {
    conclude(
        world,
        who,
        ending.0,
        "Au vu des observations et de l’examen.",
    )
    .await
}

#[when(expr = "{personne} propose une sanction sans la motiver")]
async fn proposes_without_reasons(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    conclude(world, who, Outcome::SanctionProposed, "").await
}

pub(crate) async fn conclude(
    world: &mut Specification,
    who: Someone,
    outcome: Outcome,
    reasons: &str,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let milestone = MilestoneDraft {
        title: "Installer le second appareil".to_owned(),
        due_date: "2027-06-30".to_owned(),
    };
    let milestones = match outcome {
        Outcome::ActionPlan => vec![milestone],
        _ => Vec::new(),
    };
    let request = ConcludeReviewRequest {
        name,
        etag,
        outcome: outcome.into(),
        reasons: reasons.to_owned(),
        request_id: request_id(),
        milestones,
        ..Default::default()
    };
    let answer = client.conclude_review(request).await;
    world.review_answer(answer)
}

#[then("la revue est invisible de l’établissement")]
async fn the_establishment_does_not_see_it(world: &mut Specification) -> anyhow::Result<()> {
    let director = world.persona(Someone::Director)?;
    let hidden = world.review_read_by(&director).await?;
    assert_eq!(
        hidden.err().map(|status| status.code()),
        Some(Code::NotFound)
    );
    Ok(())
}

#[then("l’établissement lit les constats")]
async fn the_establishment_reads_the_findings(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let review = as_the_establishment_reads(world).await?;
    assert_eq!(review.findings.len(), world.findings.len());
    assert!(!review.findings.is_empty());
    Ok(())
}

#[then(expr = "ses observations sont attendues jusqu’au {jour}")]
fn it_has_until(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert_eq!(world.review()?.observations_due_date, day.0.to_string());
    Ok(())
}

#[then("l’établissement ne lit pas l’examen")]
async fn the_examination_is_preparatory(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(as_the_establishment_reads(world).await?.examination, None);
    Ok(())
}

#[then("l’établissement lit l’examen")]
async fn the_examination_is_disclosed(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert!(
        as_the_establishment_reads(world)
            .await?
            .examination
            .is_some()
    );
    Ok(())
}

#[then("l’établissement ne lit ni la conclusion ni la proposition")]
async fn the_proposal_is_preparatory(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let review = as_the_establishment_reads(world).await?;
    assert_eq!((review.conclusion, review.examination), (None, None));
    let director = world.persona(Someone::Director)?;
    let mut client = world.suite()?.procedures(&director)?;
    let hidden = client.list_procedures(ListProceduresRequest::default());
    let procedures = hidden.await.map(|page| page.into_inner().procedures);
    assert!(procedures.is_err() || procedures.is_ok_and(|list| list.is_empty()));
    Ok(())
}

async fn as_the_establishment_reads(world: &Specification) -> anyhow::Result<Review> {
    let director = world.persona(Someone::Director)?;
    Ok(world.review_read_by(&director).await??)
}

#[then(expr = "la revue est close {issue}")]
fn the_review_is_closed(world: &mut Specification, ending: Ending) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let review = world.review()?;
    assert_eq!(review.state(), ReviewState::Concluded);
    let outcome = review.conclusion.map(|conclusion| conclusion.outcome());
    assert_eq!(outcome, Some(ending.0));
    Ok(())
}

#[then("la revue attend toujours une personne")]
async fn the_review_waits(world: &mut Specification) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let review = world.review_read_by(&auditor).await??;
    assert_eq!(review.state(), ReviewState::Open);
    Ok(())
}

#[then("aucune procédure n’existe")]
async fn no_procedure(world: &mut Specification) -> anyhow::Result<()> {
    let procedures = world.scenario()?.procedures().await?;
    assert!(procedures.is_empty(), "{procedures:?}");
    Ok(())
}

#[then("une procédure est proposée au directeur général")]
async fn a_procedure_is_proposed(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let procedures = world.scenario()?.procedures().await?;
    let [procedure] = procedures.as_slice() else {
        anyhow::bail!("one proposal makes one procedure: {procedures:?}");
    };
    assert_eq!(procedure.state(), ProcedureState::Proposed);
    assert_eq!(procedure.review, world.review()?.name);
    Ok(())
}

#[then("son auteur est le responsable de l’ARS")]
async fn is_proposed_by_the_manager(world: &mut Specification) -> anyhow::Result<()> {
    let procedures = world.scenario()?.procedures().await?;
    let proposer = procedures
        .first()
        .and_then(|procedure| procedure.proposer.clone());
    let Some(proposer) = proposer else {
        anyhow::bail!("somebody proposed it");
    };
    assert_eq!(proposer.kind(), ActorKind::Human);
    assert_eq!(proposer.role, "manager");
    Ok(())
}
