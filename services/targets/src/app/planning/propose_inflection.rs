//! Proposes an inflection in an open dialogue.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::{
        Inflection, InflectionId, InflectionState,
        inflection::{self as rules, InflectionEvent},
    },
    events::planning as published,
    grpc::{planning::inflections, scalars::parse},
    store::planning::{Dated, inflection},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ProposeInflectionRequest,
) -> Result<pb::Inflection, Error> {
    let dialogue = parse("dialogue", &request.dialogue)?;
    let proposal = inflections::read_proposal(&request.proposal.clone().unwrap_or_default())?;
    rules::check(&proposal, &app.catalogue).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    let dialogue = super::lock_dialogue(&mut unit, call, dialogue).await?.value;
    dialogue.require_open()?;
    let cited = &proposal.evidence;
    super::check_evidence(unit.connection(), call, dialogue.region, "proposal", cited).await?;
    let proposed = Inflection {
        id: InflectionId::generate(),
        region: dialogue.region,
        dialogue: dialogue.id,
        territory: dialogue.territory,
        proposal,
        positions: Vec::new(),
        state: InflectionState::Proposed,
        version: 1,
    };
    inflection::insert(unit.connection(), &proposed, call.at).await?;
    let facts = published::inflection(&proposed, &InflectionEvent::Proposed)?;
    unit.append(vec![facts]).await?;
    let reply = inflections::write(&Dated::new(proposed, call.at));
    unit.commit(&reply).await?;
    Ok(reply)
}
