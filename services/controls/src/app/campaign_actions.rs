//! What the caller may do next with a campaign, and why not the rest.

use ::store::Db;
use kernel::legal_time::legal_day;
use proto::types::v1::AllowedAction;
use rpc::{Call, Error};

use super::{allowed_actions, campaign_act::outstanding};
use crate::{
    domain::campaign::{Campaign, Progress, Situation},
    store::{inconsistent, tolerance_policy},
};

pub(super) async fn of(
    db: &Db,
    call: &Call,
    campaign: &Campaign,
    progress: Progress,
) -> Result<Vec<AllowedAction>, Error> {
    let mut connection = db.pool().acquire().await?;
    let policy = tolerance_policy::find(&mut connection, campaign.policy)
        .await?
        .ok_or_else(|| inconsistent(format!("the policy of {} is gone", campaign.id)))?;
    let situation = Situation {
        today: legal_day(call.at, campaign.region),
        policy: &policy,
        progress,
        outstanding: outstanding(&mut connection, campaign.id).await?,
    };
    let steps = campaign.steps(&situation);
    Ok(allowed_actions::told(call, "CampaignService", steps))
}
