//! The yearly control of a contract in force.

use cpom_tests::scenario::{Trace, YEAR, devices, stays};
use cucumber::{given, then, when};

use super::given::a_contract_in_force;
use crate::world::Specification;

/// Targets of the contracts: 1,000 stays for each site, which inform; two devices, which bind.
const STAYS: i64 = 1_000;
const DEVICES: i64 = 2;

/// Brings the contract into force and submits what was done.
async fn realised(
    world: &mut Specification,
    stays_of_each: i64,
    devices_there: i64,
) -> anyhow::Result<()> {
    a_contract_in_force(world).await?;
    submitted(world, stays_of_each, devices_there).await
}

/// The establishment tells what was done.
async fn submitted(
    world: &mut Specification,
    stays_of_each: i64,
    devices_there: i64,
) -> anyhow::Result<()> {
    let entity = world.entity()?.clone();
    let scenario = world.scenario()?;
    let mut values: Vec<_> = entity
        .sites
        .iter()
        .map(|site| stays(*site, YEAR, stays_of_each))
        .collect();
    values.push(devices(entity.sites[0], YEAR, devices_there));
    let expected = i64::try_from(values.len())?;
    let system = scenario.people.system_of(entity.finess);
    let acknowledged = scenario.submit(&system, values, &Trace::begin()).await?;
    anyhow::ensure!(acknowledged.accepted == expected, "{acknowledged:?}");
    Ok(())
}

#[given("un CPOM en vigueur dont les objectifs sont tenus")]
pub(crate) async fn all_objectives_are_met(world: &mut Specification) -> anyhow::Result<()> {
    realised(world, STAYS, DEVICES).await
}

#[given("un CPOM en vigueur dont un objectif opposable n’est pas tenu")]
pub(crate) async fn a_binding_objective_is_missed(world: &mut Specification) -> anyhow::Result<()> {
    realised(world, STAYS, DEVICES - 1).await
}

#[given("un objectif opposable du CPOM non tenu")]
async fn a_binding_objective_of_it_is_missed(world: &mut Specification) -> anyhow::Result<()> {
    submitted(world, STAYS, DEVICES - 1).await
}

#[given("un CPOM en vigueur dont seul un indicateur de pilotage s’écarte de la cible")]
async fn only_a_pilot_indicator_deviates(world: &mut Specification) -> anyhow::Result<()> {
    realised(world, STAYS * 7 / 10, DEVICES).await
}

#[given("un CPOM en vigueur dont aucun chiffre n’a été transmis")]
async fn nothing_was_submitted(world: &mut Specification) -> anyhow::Result<()> {
    a_contract_in_force(world).await
}

#[given("le contrôle annuel mené")]
#[when("le contrôle annuel est mené")]
pub(crate) async fn the_contract_is_controlled(world: &mut Specification) -> anyhow::Result<()> {
    let scenario = world.scenario()?;
    let campaign = scenario.start_campaign(&Trace::begin()).await?;
    let campaign = scenario.wait_until_measured(&campaign.name).await?;
    let findings = scenario.findings_of(&campaign.name).await?;
    let reviews = scenario
        .reviews_with_findings(&campaign.name, findings.len())
        .await?;
    world.campaign = campaign.name;
    world.findings = findings;
    anyhow::ensure!(reviews.len() < 2, "one contract, one review: {reviews:?}");
    if let Some(review) = reviews.into_iter().next() {
        world.set_review(review);
    }
    Ok(())
}

#[then("le CPOM a été contrôlé")]
async fn it_was_controlled(world: &mut Specification) -> anyhow::Result<()> {
    let controls = world.scenario()?.controls_of(&world.campaign).await?;
    let contract = world.contract()?.name;
    assert!(controls.iter().any(|control| control.contract == contract));
    Ok(())
}

#[then("aucune revue n’est ouverte")]
async fn no_review(world: &mut Specification) -> anyhow::Result<()> {
    assert!(world.findings.is_empty(), "{:?}", world.findings);
    assert!(
        world
            .scenario()?
            .reviews_of(&world.campaign)
            .await?
            .is_empty()
    );
    Ok(())
}

#[then("une revue est ouverte")]
fn a_review(world: &mut Specification) -> anyhow::Result<()> {
    let contract = world.contract()?.name;
    let review = world.review()?;
    assert_eq!(review.contract, contract);
    assert_eq!(review.findings.len(), world.findings.len());
    Ok(())
}

#[then("chaque constat dit le degré et le mode de contribution du calcul")]
fn says_how_it_contributes(world: &mut Specification) -> anyhow::Result<()> {
    each_finding(world, |trace| !trace.contribution.is_empty())
}

#[then("chaque constat dit les données traitées et leurs sources")]
fn says_the_data(world: &mut Specification) -> anyhow::Result<()> {
    each_finding(world, |trace| {
        !trace.inputs.is_empty() && trace.inputs.iter().all(|input| !input.source.is_empty())
    })
}

#[then("chaque constat dit les paramètres et leur origine")]
fn says_the_parameters(world: &mut Specification) -> anyhow::Result<()> {
    each_finding(world, |trace| {
        !trace.parameters.is_empty()
            && trace
                .parameters
                .iter()
                .all(|parameter| !parameter.source.is_empty())
    })
}

#[then("chaque constat dit les opérations effectuées")]
fn says_the_operations(world: &mut Specification) -> anyhow::Result<()> {
    each_finding(world, |trace| {
        !trace.formula.is_empty() && !trace.steps.is_empty()
    })
}

fn each_finding(
    world: &Specification,
    explains: impl Fn(&proto::controls::v1::CalculationTrace) -> bool,
) -> anyhow::Result<()> {
    anyhow::ensure!(!world.findings.is_empty(), "there is no finding");
    for finding in &world.findings {
        let explained = finding.trace.as_ref().is_some_and(&explains);
        anyhow::ensure!(explained, "{finding:?}");
    }
    Ok(())
}
