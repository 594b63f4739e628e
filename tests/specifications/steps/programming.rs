//! The programming of medico-social contracts, by those who sign them (CASF L313-12, IV ter).

use anyhow::Context as _;
use cpom_tests::{scenario::patiently, suite::Service};
use cucumber::{given, then, when};
use proto::contracts::v1::{
    ApproveProgrammingRequest, CheckContractProgrammingRequest, DraftProgrammingRequest,
    GetProgrammingRequest, ListTasksRequest, Programming, ProgrammingFit, ProgrammingLine,
    PublishProgrammingRequest, RegimeKind, ReviseProgrammingRequest, Task, TaskKind,
    task_service_client::TaskServiceClient,
};
use testkit::request_id;
use tonic::{Code, Response, Status};

use super::mandate::a_president;
use crate::{
    figures::{COUNCIL, Day, Side, Someone},
    world::Specification,
};

/// The contract with the first entity, for a year.
fn line(world: &Specification, planned_year: i32) -> anyhow::Result<ProgrammingLine> {
    let entity = world.entity()?;
    let sites = entity.sites.iter();
    Ok(ProgrammingLine {
        legal_entity: format!("legalEntities/{}", entity.finess),
        establishments: sites.map(|site| format!("establishments/{site}")).collect(),
        planned_year,
        note: String::new(),
    })
}

fn drafting(
    world: &Specification,
    first_year: i32,
    planned_year: i32,
) -> anyhow::Result<DraftProgrammingRequest> {
    Ok(DraftProgrammingRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        regime_kind: RegimeKind::Ehpad.into(),
        councils: vec![COUNCIL.to_owned()],
        first_year,
        lines: vec![line(world, planned_year)?],
        comment: String::new(),
        request_id: request_id(),
    })
}

#[given(expr = "une programmation des EHPAD à partir de {int}")]
async fn a_draft(world: &mut Specification, first_year: i32) -> anyhow::Result<()> {
    let request = drafting(world, first_year, first_year)?;
    let manager = world.persona(Someone::ContractManager)?;
    let client = world.suite()?.programming(&manager)?;
    let drafted = patiently(|| {
        let (mut client, request) = (client.clone(), request.clone());
        async move { client.draft_programming(request).await }
    });
    world.programming = Some(drafted.await?);
    Ok(())
}

#[given(expr = "une programmation des EHPAD publiée à partir de {int}")]
async fn a_decision(world: &mut Specification, first_year: i32) -> anyhow::Result<()> {
    a_president(world).await?;
    a_draft(world, first_year).await?;
    approves(world, Someone::DirectorGeneral, Side::Ars).await?;
    approves(world, Someone::President, Side::Council).await?;
    publishes(world, Someone::ContractManager).await?;
    world.nothing_refused()
}

fn current(world: &Specification) -> anyhow::Result<Programming> {
    world.programming.clone().context("a programming")
}

#[when(expr = "{personne} approuve la programmation pour {partie}")]
async fn approves(world: &mut Specification, who: Someone, side: Side) -> anyhow::Result<()> {
    let mut client = world.suite()?.programming(&world.persona(who)?)?;
    let Programming { name, etag, .. } = current(world)?;
    let request = ApproveProgrammingRequest {
        name,
        etag,
        authority: world.party(side)?,
        title: "En sa qualité".to_owned(),
        request_id: request_id(),
    };
    let answer = client.approve_programming(request).await;
    world.programming_answer(answer)
}

#[when(expr = "{personne} publie la programmation")]
async fn publishes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.programming(&world.persona(who)?)?;
    let Programming { name, etag, .. } = current(world)?;
    let request = PublishProgrammingRequest {
        name,
        etag,
        act: "Recueil des actes administratifs".to_owned(),
        publication_date: world.today()?.to_string(),
        request_id: request_id(),
    };
    let answer = client.publish_programming(request).await;
    world.programming_answer(answer)
}

#[then(expr = "la programmation est à publier le {jour} au plus tard")]
fn is_due(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(current(world)?.publication_due_date, day.0.to_string());
    Ok(())
}

#[then("la programmation est en vigueur")]
fn is_in_force(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert!(current(world)?.in_force);
    Ok(())
}

#[then("le projet s’écarte de l’année programmée")]
async fn the_draft_departs_from_it(world: &mut Specification) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let contract = world.contract()?.name;
    let mut client = world.suite()?.programming(&manager)?;
    let request = CheckContractProgrammingRequest { contract };
    let sites = client
        .check_contract_programming(request)
        .await?
        .into_inner()
        .sites;
    assert!(!sites.is_empty());
    assert!(
        sites
            .iter()
            .all(|site| site.fit() == ProgrammingFit::OtherYear)
    );
    Ok(())
}

#[when(expr = "{personne} reporte les contrats à {int}")]
async fn postpones(world: &mut Specification, who: Someone, year: i32) -> anyhow::Result<()> {
    let mut client = world.suite()?.programming(&world.persona(who)?)?;
    let Programming { name, etag, .. } = current(world)?;
    let request = ReviseProgrammingRequest {
        name,
        etag,
        lines: vec![line(world, year)?],
        comment: "Report.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.revise_programming(request).await;
    world.programming_answer(answer)
}

#[when(expr = "{personne} prépare une autre version, qui reporte les contrats à {int}")]
async fn drafts_another(world: &mut Specification, who: Someone, year: i32) -> anyhow::Result<()> {
    let mut client = world.suite()?.programming(&world.persona(who)?)?;
    let earlier = current(world)?;
    let request = drafting(world, earlier.first_year, year)?;
    let answer = client.draft_programming(request).await;
    world.earlier_programming = Some(earlier);
    world.programming_answer(answer)
}

/// A decision as somebody reads it now.
async fn read_by(
    world: &Specification,
    who: Someone,
    programming: Programming,
) -> anyhow::Result<Result<Programming, Status>> {
    world.nothing_refused()?;
    let mut client = world.suite()?.programming(&world.persona(who)?)?;
    let request = GetProgrammingRequest {
        name: programming.name,
    };
    let answer = client.get_programming(request).await;
    Ok(answer.map(Response::into_inner))
}

#[then(regex = "^la programmation précédente (est|n’est plus) en vigueur$")]
async fn the_earlier_one_counts(world: &mut Specification, how: String) -> anyhow::Result<()> {
    let earlier = world.earlier_programming.clone();
    let earlier = earlier.context("an earlier programming")?;
    let read = read_by(world, Someone::ContractManager, earlier).await??;
    assert_eq!(read.in_force, how == "est");
    Ok(())
}

#[then("la programmation est publiée en retard")]
fn is_late(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert!(current(world)?.late);
    Ok(())
}

#[then(expr = "{personne} lit la programmation")]
async fn is_read(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let programming = current(world)?;
    let read = read_by(world, who, programming.clone()).await??;
    assert_eq!(read.lines, programming.lines);
    Ok(())
}

#[then(expr = "{personne} ne lit pas la programmation")]
async fn is_not_read(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let hidden = read_by(world, who, current(world)?).await?;
    assert_eq!(hidden.map_err(|status| status.code()), Err(Code::NotFound));
    Ok(())
}

#[then("une tâche signale au chargé de contractualisation que la programmation a changé")]
async fn a_task_tells(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let manager = world.persona(Someone::ContractManager)?;
    let peer = world.suite()?.peer(Service::Contracts, &manager)?;
    let request = ListTasksRequest {
        contract: world.contract()?.name,
        ..Default::default()
    };
    let answer = TaskServiceClient::new(peer).list_tasks(request).await?;
    let kinds: Vec<TaskKind> = answer.into_inner().tasks.iter().map(Task::kind).collect();
    assert_eq!(kinds, [TaskKind::ProgrammingChanged]);
    Ok(())
}
