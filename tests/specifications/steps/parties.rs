//! Councils that leave a contract, and who speaks for a territorial hospital group.

use cucumber::{given, then, when};
use proto::contracts::v1::{
    Amendment, AmendmentChanges, ContractContent, ContractText, Grouping, SignAmendmentRequest,
};
use testkit::request_id;

use super::{
    amendment::consolidated,
    given::{contract_to_sign, signed, usual_text},
    mandate::{a_neighbour, a_president},
    members::{made_ready, other, proposes, their_sites},
};
use crate::{
    figures::{COUNCIL, Day, OTHER_COUNCIL, Side, Someone},
    world::Specification,
};

/// The first year of the targets.
const FIRST_YEAR: i32 = 2026;
/// The bodies of a group that give their opinion (CSP R6132-19-3).
const GROUP_BODIES: [&str; 2] = ["Comité stratégique", "Commission médicale de groupement"];

async fn until_in_force(world: &mut Specification) -> anyhow::Result<()> {
    let day: Day = "1er avril 2026".parse()?;
    world.let_time_pass(day.0).await
}

#[given("un CPOM de groupement hospitalier de territoire en vigueur")]
async fn a_group(world: &mut Specification) -> anyhow::Result<()> {
    let mut text = usual_text(world.entity()?);
    text.legal_entities.push(other(world)?);
    text.establishments.extend(their_sites(world)?);
    text.consultations.extend(GROUP_BODIES.map(str::to_owned));
    let grouping = Grouping {
        name: "GHT de démonstration".to_owned(),
        support_entity: world.party(Side::Establishment)?,
        request_date: "2026-03-01".to_owned(),
    };
    text.content.get_or_insert_default().grouping = Some(grouping);
    contract_to_sign(world, text, FIRST_YEAR).await?;
    let contract = signed(world, world.contract()?).await?;
    world.set_contract(contract);
    until_in_force(world).await
}

#[given("un CPOM d’EHPAD de deux départements en vigueur")]
async fn of_two_councils(world: &mut Specification) -> anyhow::Result<()> {
    a_president(world).await?;
    a_neighbour(world).await?;
    let content = ContractContent {
        departmental_councils: Vec::from([COUNCIL, OTHER_COUNCIL].map(str::to_owned)),
        ..Default::default()
    };
    let text = ContractText {
        content: Some(content),
        ..usual_text(world.entity()?)
    };
    contract_to_sign(world, text, FIRST_YEAR).await?;
    let mut contract = signed(world, world.contract()?).await?;
    for (who, council) in [
        (Someone::President, COUNCIL),
        (Someone::OtherPresident, OTHER_COUNCIL),
    ] {
        let president = world.persona(who)?;
        contract = world
            .scenario()?
            .sign(&contract, &president, council)
            .await?;
    }
    world.set_contract(contract);
    until_in_force(world).await
}

fn without(council: &str) -> AmendmentChanges {
    AmendmentChanges {
        remove_departmental_councils: vec![council.to_owned()],
        ..Default::default()
    }
}

#[when(
    expr = "{personne} propose un avenant par lequel le conseil départemental quitte le CPOM le {jour}"
)]
async fn proposes_that_the_council_leaves(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    proposes(world, who, day, without(COUNCIL)).await
}

#[given(
    expr = "un avenant prêt à être signé par lequel l’autre conseil départemental quitte le CPOM le {jour}"
)]
async fn a_departure_to_sign(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    let who = Someone::ContractManager;
    proposes(world, who, day, without(OTHER_COUNCIL)).await?;
    made_ready(world).await
}

#[when(
    expr = "{personne} propose un avenant par lequel l’autre entité devient l’établissement support le {jour}"
)]
async fn proposes_another_support(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        support_entity: other(world)?,
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

#[given(
    expr = "un avenant prêt à être signé par lequel l’autre entité devient l’établissement support le {jour}"
)]
async fn another_support_to_sign(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    proposes_another_support(world, Someone::ContractManager, day).await?;
    made_ready(world).await
}

#[when(
    expr = "{personne} propose un avenant par lequel l’établissement support quitte le CPOM le {jour}"
)]
async fn proposes_that_the_support_leaves(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        remove_legal_entities: vec![world.party(Side::Establishment)?],
        ..Default::default()
    };
    proposes(world, who, day, changes).await
}

#[when(expr = "{personne} signe l’avenant pour l’autre conseil départemental")]
async fn signs_for_the_other_council(
    world: &mut Specification,
    who: Someone,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment {
        name,
        etag,
        document_sha256,
        ..
    } = world.amendment()?;
    let request = SignAmendmentRequest {
        name,
        etag,
        party: OTHER_COUNCIL.to_owned(),
        signatory_title: "En sa qualité".to_owned(),
        document_sha256,
        request_id: request_id(),
    };
    let answer = client.sign_amendment(request).await;
    world.amendment_answer(answer)
}

#[then("l’autre conseil départemental est parmi les signataires de l’avenant")]
fn the_other_council_signs(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let required = world.amendment()?.required_signatories;
    assert!(
        required.iter().any(|party| party == OTHER_COUNCIL),
        "{required:?}"
    );
    Ok(())
}

#[then("l’établissement n’est pas parmi les signataires de l’avenant")]
fn the_first_does_not_sign(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let required = world.amendment()?.required_signatories;
    assert!(
        !required.contains(&world.party(Side::Establishment)?),
        "{required:?}"
    );
    Ok(())
}

/// The councils of the contract on a day.
async fn councils(world: &Specification, day: Day) -> anyhow::Result<Vec<String>> {
    let text = consolidated(world, day).await?.text.unwrap_or_default();
    Ok(text.content.unwrap_or_default().departmental_councils)
}

#[then(expr = "au {jour}, l’autre conseil départemental est partie au CPOM consolidé")]
async fn the_other_council_is_party(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert_eq!(councils(world, day).await?, [COUNCIL, OTHER_COUNCIL]);
    Ok(())
}

#[then(expr = "au {jour}, l’autre conseil départemental n’est pas partie au CPOM consolidé")]
async fn the_other_council_is_not_party(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert_eq!(councils(world, day).await?, [COUNCIL]);
    Ok(())
}

/// Who speaks for the group on a day.
async fn support(world: &Specification, day: Day) -> anyhow::Result<String> {
    let text = consolidated(world, day).await?.text.unwrap_or_default();
    let grouping = text.content.unwrap_or_default().grouping;
    Ok(grouping.unwrap_or_default().support_entity)
}

#[then(expr = "au {jour}, l’autre entité est l’établissement support du CPOM consolidé")]
async fn the_other_supports(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert_eq!(support(world, day).await?, other(world)?);
    Ok(())
}

#[then(expr = "au {jour}, l’autre entité n’est pas l’établissement support du CPOM consolidé")]
async fn the_other_does_not_support(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    assert_eq!(
        support(world, day).await?,
        world.party(Side::Establishment)?
    );
    Ok(())
}
