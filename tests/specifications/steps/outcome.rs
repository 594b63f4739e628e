//! What an act has led to: a state, or a refusal that changed nothing.

use cucumber::then;
use testkit::reason;

use crate::{figures::Stage, refusals, world::Specification};

#[then(expr = "le CPOM est {état}")]
async fn the_contract_is(world: &mut Specification, stage: Stage) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.contract_now().await?.state(), stage.0);
    Ok(())
}

#[then(regex = "^l’acte est refusé car (.+)$")]
fn the_act_is_refused(world: &mut Specification, sentence: String) -> anyhow::Result<()> {
    let status = world.take_refusal()?;
    let expected = refusals::reasons(&sentence)?;
    assert!(expected.contains(&reason(&status).as_str()), "{status:?}");
    status.message().clone_into(&mut world.last_refusal);
    Ok(())
}

#[then("le CPOM est inchangé")]
async fn nothing_has_changed(world: &mut Specification) -> anyhow::Result<()> {
    assert_eq!(world.contract_now().await?.etag, world.contract()?.etag);
    Ok(())
}

#[then("le refus nomme le CPOM en vigueur")]
fn the_other_contract_is_named(world: &mut Specification) -> anyhow::Result<()> {
    let number = world.contract()?.number;
    assert!(
        world.last_refusal.contains(&number),
        "{}",
        world.last_refusal
    );
    Ok(())
}

#[then(expr = "le refus nomme l’établissement {word}")]
fn the_site_is_named(world: &mut Specification, finess: String) {
    assert!(
        world.last_refusal.contains(&finess),
        "{}",
        world.last_refusal
    );
}
