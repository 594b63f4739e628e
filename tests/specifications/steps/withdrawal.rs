//! A member of a territorial hospital group leaves its single contract (CSP R6132-19-3).

use cucumber::{then, when};
use proto::contracts::v1::{GiveWithdrawalNoticeRequest, SetWithdrawalTermsRequest, Withdrawal};
use testkit::request_id;

use super::members::other;
use crate::{
    figures::{Day, Side, Someone},
    world::Specification,
};

async fn notifies(
    world: &mut Specification,
    who: Someone,
    legal_entity: String,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let request = GiveWithdrawalNoticeRequest {
        contract: world.contract()?.name,
        legal_entity,
        reasons: "Notre projet médical s’inscrit dans un autre territoire.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.give_withdrawal_notice(request).await;
    world.withdrawal_answer(answer)
}

#[when(expr = "{personne} notifie le retrait de l’autre entité")]
async fn notifies_for_the_other(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let entity = other(world)?;
    notifies(world, who, entity).await
}

#[when(expr = "{personne} notifie le retrait de l’établissement support")]
async fn notifies_for_the_support(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let entity = world.party(Side::Establishment)?;
    notifies(world, who, entity).await
}

#[when(expr = "{personne} fixe la date d’effet du retrait au {jour}")]
async fn sets_the_terms(world: &mut Specification, who: Someone, day: Day) -> anyhow::Result<()> {
    let mut client = world.suite()?.terms(&world.persona(who)?)?;
    let Withdrawal { name, etag, .. } = world.withdrawal()?;
    let request = SetWithdrawalTermsRequest {
        name,
        etag,
        effect_date: day.0.to_string(),
        others_go_on: true,
        terms: "Les équipes partagées sont réparties.".to_owned(),
        reasons: "La continuité des soins est assurée.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.set_withdrawal_terms(request).await;
    world.withdrawal_answer(answer)
}

#[then(expr = "le retrait prend effet au plus tôt le {jour}")]
fn takes_effect_at_the_earliest(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.withdrawal()?.earliest_effect_date, day.0.to_string());
    Ok(())
}

#[then(expr = "le retrait a pour date d’effet le {jour}")]
fn takes_effect_on(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.withdrawal()?.effect_date, day.0.to_string());
    Ok(())
}
