//! A controller opens a control on documents or on site, beside the computed control of the same contract.

use std::collections::BTreeSet;

use ::store::{Begun, Db, constraint};
use proto::controls::v1 as pb;
use rpc::{Call, Error};

use crate::{
    domain::{
        CampaignId, ContractId, Mission, MissionId, ProgrammeId, Refusal,
        mission::{Opening, State, may_open},
        tolerance::Inconsistent,
    },
    events::published,
    grpc::convert,
    store::{campaign, control, mission},
};

pub async fn run(
    db: &Db,
    call: &Call,
    request: pb::CreateMissionRequest,
) -> Result<pb::Mission, Error> {
    let by = call.human()?;
    let contract: ContractId = convert::name("contract", &request.contract)?;
    let campaign_id: CampaignId = convert::name("campaign", &request.campaign)?;
    let programme: Option<ProgrammeId> = convert::optional_name("programme", &request.programme)?;
    let kind = convert::mission::kind(request.kind())?;
    let days = (
        convert::date("start_date", &request.start_date)?,
        convert::date("end_date", &request.end_date)?,
    );
    let letter = convert::mission::letter(request.letter.as_ref())?;
    let mut unit = match db
        .command(&call.command(&request.request_id, &request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    // Locked: it is not closed meanwhile.
    let campaign = campaign::lock(unit.connection(), campaign_id)
        .await?
        .ok_or_else(|| Error::NotFound(campaign_id.to_string()))?
        .campaign;
    call.caller
        .require_region(campaign.region, &call.permission)?;
    let opening = Opening { letter, days };
    let defects = opening.defects();
    if !defects.is_empty() {
        return Err(convert::inconsistent("", Inconsistent(defects)));
    }
    may_open(&campaign.state)?;
    let control = control::id_of(unit.connection(), campaign_id, contract)
        .await?
        .ok_or_else(|| Refusal::NotControlled {
            contract: contract.to_string(),
            campaign: campaign_id.to_string(),
        })?;
    let mut team: BTreeSet<String> = request.team.into_iter().collect();
    team.insert(by.subject().to_owned());
    let opened = Mission {
        id: MissionId::generate(),
        region: campaign.region,
        contract,
        campaign: campaign_id,
        control,
        programme,
        kind,
        letter: opening.letter,
        team: team.into_iter().collect(),
        days,
        state: State::Open,
        created_at: call.at,
        version: 1,
    };
    mission::insert(unit.connection(), &opened)
        .await
        .map_err(|error| match constraint(&error) {
            Some("mission_programme_fkey") => {
                Error::invalid("programme", "is not a programme of the region")
            }
            _ => Error::from(error),
        })?;
    let reply = convert::mission::listed(&opened);
    unit.append(vec![published::mission_opened(&opened, &reply)?])
        .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}
