//! Opens the dialogue of a territory.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::{Dialogue, DialogueId, dialogue::DialogueEvent},
    events::planning as published,
    grpc::{planning::dialogues, scalars::parse},
    store::planning::{Dated, citable, dialogue},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::OpenDialogueRequest,
) -> Result<pb::TerritoryDialogue, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let participants = dialogues::read_participants(&request.participants)?;
    let mut unit = claim!(app, call, request);
    if !citable::is_territory(unit.connection(), region, &request.territory).await? {
        return Err(Error::NotFound(request.territory.clone()));
    }
    let opened = Dialogue::open(
        DialogueId::generate(),
        region,
        request.territory.clone(),
        request.title.clone(),
        participants,
    )
    .map_err(refused)?;
    dialogue::insert(unit.connection(), &opened, call.at).await?;
    unit.append(vec![published::dialogue(&opened, &DialogueEvent::Opened)?])
        .await?;
    let reply = dialogues::write(&Dated::new(opened, call.at));
    unit.commit(&reply).await?;
    Ok(reply)
}
