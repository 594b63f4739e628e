//! What each side thinks of each objective of a version.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, contract_act, read_contracts};
use crate::{
    domain::contract::acts::{Circumstances, Command},
    grpc::convert,
    store as rows,
};

/// Records the position of the caller's side on an objective of the version it has read.
pub async fn record(
    app: &App,
    call: &Call,
    request: pb::RecordPositionRequest,
) -> Result<pb::Position, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = contract_act::lock(&mut unit, call, &request.name).await?;
    let regime = rows::regime::of_code(unit.connection(), &contract.legal_regime).await?;
    let circumstances = Circumstances {
        regime: &regime,
        mandates: &[],
        now: unit.at(),
    };
    let command = Command::RecordPosition {
        text_version: request.text_version,
        stance: convert::stance_from(request.stance())?,
        objective: request.objective,
        comment: request.comment,
        council: convert::content::council_from(&request.department)?,
    };
    let events = contract.decide(command, &person, &circumstances)?;
    contract_act::apply(&mut unit, contract, &events, person.human().actor()).await?;
    let reply = events
        .iter()
        .find_map(|event| convert::recorded(event, person.human(), unit.at()))
        .ok_or_else(|| Error::internal("a position that was not recorded"))?;
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The last word of each side, and of each council, on each objective of a version.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListPositionsRequest,
) -> Result<pb::ListPositionsResponse, Error> {
    let contract = read_contracts::find(app, call, &request.name).await?;
    let version = match request.text_version {
        0 => contract.text_version,
        version => version,
    };
    let mut connection = app.db.pool().acquire().await?;
    let positions = rows::position::last_words(&mut connection, contract.id, version).await?;
    Ok(pb::ListPositionsResponse {
        positions: positions.iter().map(convert::position).collect(),
    })
}
