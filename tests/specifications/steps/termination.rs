//! The termination of a contract (CSP R6114-9): guards C10 to C13.

use anyhow::Context as _;
use cpom_tests::scenario::Trace;
use cucumber::{given, then, when};
use proto::{
    contracts::v1::{
        ConcludeReviewRequest, DecideProcedureRequest, Outcome, Procedure, ProcedureKind, Review,
    },
    controls::v1::{
        CreateMissionRequest, MissionKind, MissionLetter, RecordRemarkRequest, RemarkKind,
        ReportMissionRequest,
    },
    types::v1::Severity,
};
use testkit::request_id;

use super::{
    control::all_objectives_are_met,
    procedure::{give_notice, opens, receives, the_procedure_of_the_review},
    review::the_review_is_conducted,
};
use crate::{
    figures::{Day, Someone},
    world::Specification,
};

#[given("un CPOM en vigueur dont une mission a relevé un manquement grave")]
async fn a_grave_breach(world: &mut Specification) -> anyhow::Result<()> {
    all_objectives_are_met(world).await?;
    let scenario = world.scenario()?;
    let campaign = scenario.start_campaign(&Trace::begin()).await?;
    let campaign = scenario.wait_until_measured(&campaign.name).await?;
    let mut missions = world.suite()?.missions(&scenario.people.controller())?;
    let site = world.entity()?.sites.first().context("a site")?;
    let opening = CreateMissionRequest {
        contract: world.contract()?.name,
        campaign: campaign.name.clone(),
        kind: MissionKind::OnSite.into(),
        letter: Some(MissionLetter {
            reference: "LM-2026-014".to_owned(),
            date: "2026-03-02".to_owned(),
            signatory: "A. Martin, directrice générale".to_owned(),
        }),
        start_date: "2026-03-09".to_owned(),
        end_date: "2026-03-12".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let mission = missions.create_mission(opening).await?.into_inner();
    let deviation = RecordRemarkRequest {
        mission: mission.name.clone(),
        kind: RemarkKind::Deviation.into(),
        text: "L’appareil autorisé sert hors de l’établissement.".to_owned(),
        legal_basis: "Contrat, objectif quantifié".to_owned(),
        severity: Severity::Grave.into(),
        objective: format!("devices-{site}"),
        request_id: request_id(),
        ..Default::default()
    };
    missions.record_remark(deviation).await?;
    let request = proto::controls::v1::GetMissionRequest {
        name: mission.name.clone(),
    };
    let mission = missions.get_mission(request).await?.into_inner();
    let report = ReportMissionRequest {
        name: mission.name,
        etag: mission.etag,
        conclusions: "Le manquement est grave.".to_owned(),
        request_id: request_id(),
    };
    missions.report_mission(report).await?;
    let findings = scenario.findings_of(&campaign.name).await?;
    let mut reviews = scenario
        .reviews_with_findings(&campaign.name, findings.len())
        .await?;
    world.campaign = campaign.name;
    world.findings = findings;
    world.set_review(reviews.pop().context("a review")?);
    Ok(())
}

#[when(expr = "{personne} conclut la revue par une proposition de résiliation")]
async fn proposes_to_terminate(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.reviews(&world.persona(who)?)?;
    let Review { name, etag, .. } = world.review()?;
    let request = ConcludeReviewRequest {
        name,
        etag,
        outcome: Outcome::SanctionProposed.into(),
        procedure_kind: ProcedureKind::Termination.into(),
        reasons: "Le manquement est grave et persiste.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.conclude_review(request).await;
    world.review_answer(answer)
}

#[given("une résiliation proposée")]
async fn a_proposed_termination(world: &mut Specification) -> anyhow::Result<()> {
    a_grave_breach(world).await?;
    the_review_is_conducted(world).await?;
    proposes_to_terminate(world, Someone::Manager).await?;
    the_procedure_of_the_review(world).await
}

#[given("une mise en demeure avant résiliation")]
async fn a_notice(world: &mut Specification) -> anyhow::Result<()> {
    a_proposed_termination(world).await?;
    opens(world, Someone::DirectorGeneral).await?;
    give_notice(world, Someone::DirectorGeneral).await?;
    receives(world, Someone::Director).await?;
    world.nothing_refused()
}

#[when(expr = "{personne} met en demeure l’établissement")]
async fn gives_notice(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    give_notice(world, who).await
}

#[when(expr = "{personne} prononce la résiliation au {jour}")]
async fn terminates(world: &mut Specification, who: Someone, day: Day) -> anyhow::Result<()> {
    let mut client = world.suite()?.procedures(&world.persona(who)?)?;
    let Procedure { name, etag, .. } = world.procedure()?;
    let request = DecideProcedureRequest {
        name,
        etag,
        reasons: "Aucune mesure n’a été prise.".to_owned(),
        termination_date: day.0.to_string(),
        request_id: request_id(),
        ..Default::default()
    };
    let answer = client.decide_procedure(request).await;
    world.procedure_answer(answer)
}

#[then("la procédure est une résiliation proposée au directeur général")]
async fn a_termination_is_proposed(world: &mut Specification) -> anyhow::Result<()> {
    the_procedure_of_the_review(world).await?;
    assert_eq!(world.procedure()?.kind(), ProcedureKind::Termination);
    Ok(())
}
