//! Members of a contract of several legal entities: who joins, who leaves, and who signs for that.

use cucumber::{given, then, when};
use proto::contracts::v1::{AmendmentChanges, AmendmentReason, SignAmendmentRequest};
use testkit::request_id;

use super::{
    amendment::{
        acknowledges, agrees, bodies_give_their_opinion, consolidated, freezes,
        opens_the_negotiation, propose, signs,
    },
    given::{contract_to_sign, signed, usual_text},
};
use crate::{
    figures::{Day, Side, Someone},
    world::Specification,
};

/// The first year of the targets.
const FIRST_YEAR: i32 = 2026;

pub(super) fn other(world: &Specification) -> anyhow::Result<String> {
    Ok(format!("legalEntities/{}", world.other_entity()?.finess))
}

pub(super) fn their_sites(world: &Specification) -> anyhow::Result<Vec<String>> {
    let sites = world.other_entity()?.sites.iter();
    Ok(sites.map(|site| format!("establishments/{site}")).collect())
}

#[given("un CPOM de deux entités juridiques en vigueur")]
async fn a_shared_contract(world: &mut Specification) -> anyhow::Result<()> {
    let mut text = usual_text(world.entity()?);
    text.legal_entities.push(other(world)?);
    text.establishments.extend(their_sites(world)?);
    contract_to_sign(world, text, FIRST_YEAR).await?;
    let contract = signed(world, world.contract()?).await?;
    let director = world.persona(Someone::OtherDirector)?;
    let party = other(world)?;
    let contract = world.scenario()?.sign(&contract, &director, &party).await?;
    world.set_contract(contract);
    let day: Day = "1er avril 2026".parse()?;
    world.let_time_pass(day.0).await
}

/// Proposes what changes the parties.
pub(super) async fn proposes(
    world: &mut Specification,
    who: Someone,
    day: Day,
    changes: AmendmentChanges,
) -> anyhow::Result<()> {
    let reason = AmendmentReason::MembershipChange;
    propose(world, who, day, changes, reason).await
}

async fn proposes_a_departure(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        remove_legal_entities: vec![other(world)?],
        remove_establishments: their_sites(world)?,
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

#[when(
    expr = "{personne} propose un avenant par lequel l’autre entité quitte le CPOM sans ses établissements le {jour}"
)]
async fn proposes_a_departure_without_sites(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        remove_legal_entities: vec![other(world)?],
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

#[when(
    expr = "{personne} propose un avenant par lequel toutes les entités quittent le CPOM le {jour}"
)]
async fn proposes_that_all_leave(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        remove_legal_entities: vec![world.party(Side::Establishment)?, other(world)?],
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

#[when(expr = "{personne} propose un avenant par lequel l’autre entité rejoint le CPOM le {jour}")]
async fn proposes_an_arrival(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        add_legal_entities: vec![other(world)?],
        add_establishments: their_sites(world)?,
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

/// From the proposal to the document.
pub(super) async fn made_ready(world: &mut Specification) -> anyhow::Result<()> {
    opens_the_negotiation(world, Someone::Director).await?;
    agrees(world, Someone::Manager).await?;
    agrees(world, Someone::Director).await?;
    bodies_give_their_opinion(world).await?;
    acknowledges(world, Someone::Manager).await?;
    freezes(world, Someone::Manager).await?;
    world.nothing_refused()
}

#[given(expr = "un avenant prêt à être signé par lequel l’autre entité quitte le CPOM le {jour}")]
async fn a_departure_to_sign(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    proposes_a_departure(world, Someone::ContractManager, day).await?;
    made_ready(world).await
}

#[given(expr = "un avenant prêt à être signé par lequel l’autre entité rejoint le CPOM le {jour}")]
async fn an_arrival_to_sign(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    proposes_an_arrival(world, Someone::ContractManager, day).await?;
    made_ready(world).await
}

#[given(expr = "un avenant signé par lequel l’autre entité quitte le CPOM le {jour}")]
async fn a_signed_departure(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    a_departure_to_sign(world, day).await?;
    signs(world, Someone::DirectorGeneral, Side::Ars).await?;
    signs(world, Someone::Director, Side::Establishment).await?;
    signs_for_the_other(world, Someone::OtherDirector).await?;
    world.nothing_refused()
}

#[when(expr = "{personne} signe l’avenant pour l’autre entité")]
async fn signs_for_the_other(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let amendment = world.amendment()?;
    let request = SignAmendmentRequest {
        name: amendment.name,
        etag: amendment.etag,
        party: other(world)?,
        signatory_title: "En sa qualité".to_owned(),
        document_sha256: amendment.document_sha256,
        request_id: request_id(),
    };
    let answer = client.sign_amendment(request).await;
    world.amendment_answer(answer)
}

#[then("l’autre entité est parmi les signataires de l’avenant")]
fn the_other_signs(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let required = world.amendment()?.required_signatories;
    assert!(required.contains(&other(world)?), "{required:?}");
    Ok(())
}

/// Whether the other legal entity and its sites stand in the contract of a day.
async fn is_member(world: &Specification, day: Day) -> anyhow::Result<bool> {
    let text = consolidated(world, day).await?.text.unwrap_or_default();
    let is_party = text.legal_entities.contains(&other(world)?);
    for site in their_sites(world)? {
        assert_eq!(text.establishments.contains(&site), is_party, "{site}");
    }
    Ok(is_party)
}

#[then(expr = "au {jour}, l’autre entité est membre du CPOM consolidé")]
async fn is_a_member_on(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert!(is_member(world, day).await?);
    Ok(())
}

#[then(expr = "au {jour}, l’autre entité n’est pas membre du CPOM consolidé")]
async fn is_no_member_on(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert!(!is_member(world, day).await?);
    Ok(())
}
