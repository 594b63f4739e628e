//! A person plans the campaign of a region and year.

use ::store::{Db, constraint};
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use crate::{
    domain::{Campaign, CampaignId, PolicyId, Refusal, campaign::Progress},
    events::published,
    grpc::convert,
    store::{campaign, tolerance_policy},
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CreateCampaignRequest,
) -> Result<pb::Campaign, Error> {
    let person = call.human()?;
    let region = convert::region(&request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let policy_id: PolicyId = convert::name("tolerance_policy", &request.tolerance_policy)?;
    let mut unit = claim!(db, call, request);
    let policy = tolerance_policy::find(unit.connection(), policy_id)
        .await?
        .ok_or_else(|| Error::NotFound(policy_id.to_string()))?;
    let event = Campaign::plan(&person, region, request.year, &policy)?;
    let planned = Campaign::planned(CampaignId::generate(), region, request.year, policy_id);
    campaign::insert(unit.connection(), &planned, call.at)
        .await
        .map_err(|error| match constraint(&error) {
            Some("campaign_open_key") => Refusal::CampaignOpen {
                region: region.to_string(),
                year: request.year,
            }
            .into(),
            _ => Error::from(error),
        })?;
    unit.append(vec![published::campaign(&planned, &event)?])
        .await?;
    let recorded = campaign::Recorded {
        campaign: planned,
        created_at: call.at,
        updated_at: call.at,
    };
    let reply = convert::campaign(&recorded, Progress::default());
    unit.commit(&reply).await?;
    Ok(reply)
}
