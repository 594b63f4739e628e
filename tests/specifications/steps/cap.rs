//! The cap on the penalties of a year, whatever the contract of the holder (CSP L6114-1, R6114-10).

use anyhow::ensure;
use cpom_tests::scenario::{Entity, Trace, YEAR, devices, stays};
use cucumber::{given, when};
use proto::contracts::v1::Outcome;

use super::{
    procedure::{give_notice, opens, receives, the_procedure_of_the_review},
    review::{conclude, the_review_is_conducted},
};
use crate::{figures::Someone, world::Specification};

/// As many stays as the target; one device where two bind.
const STAYS: i64 = 1_000;
const DEVICES: i64 = 1;

#[given("deux CPOM en vigueur du même titulaire, dont un objectif opposable n’est pas tenu")]
async fn two_contracts_of_a_holder(world: &mut Specification) -> anyhow::Result<()> {
    let entity = world.entity()?.clone();
    let scenario = world.scenario()?;
    let (mut contracts, mut values) = (Vec::new(), Vec::new());
    for site in &entity.sites {
        let part = Entity {
            finess: entity.finess,
            sites: vec![*site],
        };
        let name = scenario.contract_in_force(&part).await?;
        contracts.push(scenario.contract(&name).await?);
        values.push(stays(*site, YEAR, STAYS));
        values.push(devices(*site, YEAR, DEVICES));
    }
    let expected = i64::try_from(values.len())?;
    let system = scenario.people.system_of(entity.finess);
    let acknowledged = scenario.submit(&system, values, &Trace::begin()).await?;
    ensure!(acknowledged.accepted == expected, "{acknowledged:?}");
    ensure!(contracts.len() == 2, "two contracts: {contracts:?}");
    world.rival = contracts.pop();
    for contract in contracts {
        world.set_contract(contract);
    }
    Ok(())
}

#[given("une mise en demeure reçue pour chacun de ces CPOM")]
async fn a_received_notice_for_each(world: &mut Specification) -> anyhow::Result<()> {
    let scenario = world.scenario()?;
    let campaign = scenario.start_campaign(&Trace::begin()).await?;
    let campaign = scenario.wait_until_measured(&campaign.name).await?;
    let findings = scenario.findings_of(&campaign.name).await?;
    let reviews = scenario
        .reviews_with_findings(&campaign.name, findings.len())
        .await?;
    ensure!(reviews.len() == 2, "a review of each contract: {reviews:?}");
    for review in reviews {
        world.turn_to_the_other_procedure();
        world.set_review(review);
        the_review_is_conducted(world).await?;
        let reasons = "Le manquement persiste.";
        conclude(world, Someone::Manager, Outcome::SanctionProposed, reasons).await?;
        the_procedure_of_the_review(world).await?;
        opens(world, Someone::DirectorGeneral).await?;
        give_notice(world, Someone::DirectorGeneral).await?;
        receives(world, Someone::Director).await?;
        world.nothing_refused()?;
    }
    Ok(())
}

#[when("on en vient à l’autre CPOM")]
fn turns_to_the_other(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    world.turn_to_the_other_procedure();
    Ok(())
}

#[when(expr = "{personne} prend connaissance de la décision")]
async fn receives_the_decision(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    receives(world, who).await
}
