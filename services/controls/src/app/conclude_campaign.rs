//! The worker found nothing left to measure: the campaign is measured, once.

use ::store::{By, Db, Error};

use crate::{
    domain::{CampaignId, Refusal, campaign::Command},
    events::published,
    store::{
        campaign::{self, Act},
        inconsistent,
    },
};

/// Whether the campaign was concluded by this call. Another worker may still be writing the last controls,
/// or may have concluded already.
pub async fn run(db: &Db, id: CampaignId) -> Result<bool, Error> {
    let at = db.clock().now();
    let mut unit = db.unit(By::service("controls", at)).await?;
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| inconsistent(format!("{id} is gone")))?;
    let progress = campaign::progress(unit.connection(), &[id]).await?;
    let progress = progress.get(&id).copied().unwrap_or_default();
    let mut measured = recorded.campaign;
    let events = match measured.decide(&Command::ReportMeasured { progress }) {
        Ok(events) => events,
        Err(Refusal::NotAllMeasured { .. }) => return Ok(false),
        Err(refusal) => return Err(inconsistent(refusal)),
    };
    if events.is_empty() {
        return Ok(false);
    }
    for event in &events {
        measured = measured.evolve(event);
        unit.append(vec![published::campaign(&measured, event)?])
            .await?;
    }
    campaign::update(unit.connection(), &measured, Act::Other, at).await?;
    unit.done().await?;
    Ok(true)
}
