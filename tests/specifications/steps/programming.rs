//! The programming of medico-social contracts, by those who sign them (CASF L313-12, IV ter).

use anyhow::Context as _;
use cpom_tests::scenario::patiently;
use cucumber::{given, then, when};
use proto::contracts::v1::{
    ApproveProgrammingRequest, CheckContractProgrammingRequest, DraftProgrammingRequest,
    Programming, ProgrammingFit, ProgrammingLine, PublishProgrammingRequest, RegimeKind,
};
use testkit::request_id;

use super::mandate::a_president;
use crate::{
    figures::{COUNCIL, Day, Side, Someone},
    world::Specification,
};

#[given(expr = "une programmation des EHPAD à partir de {int}")]
async fn a_draft(world: &mut Specification, first_year: i32) -> anyhow::Result<()> {
    let entity = world.entity()?;
    let sites = entity.sites.iter();
    let line = ProgrammingLine {
        legal_entity: format!("legalEntities/{}", entity.finess),
        establishments: sites.map(|site| format!("establishments/{site}")).collect(),
        planned_year: first_year,
        note: String::new(),
    };
    let request = DraftProgrammingRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        regime_kind: RegimeKind::Ehpad.into(),
        councils: vec![COUNCIL.to_owned()],
        first_year,
        lines: vec![line],
        comment: String::new(),
        request_id: request_id(),
    };
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
