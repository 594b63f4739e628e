//! Records a position on an inflection, agrees to it, or drops it: always a person.

use kernel::{Finess, HumanActor, Reasons};
use proto::targets::v1 as pb;
use rpc::{Call, Error, etag};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::{InflectionId, Stance, inflection::InflectionCommand},
    events::planning as published,
    grpc::{planning::inflections, scalars::parse},
    store::planning::{Dated, inflection},
};

/// What is asked of an inflection.
enum Asked {
    Position {
        finess: Finess,
        stance: Stance,
        reasons: String,
    },
    Agree,
    Drop(Reasons),
}

/// Records a position: an establishment its own, the agency one that was expressed in a session.
pub(crate) async fn record_position(
    app: &App,
    call: &Call,
    request: &pb::RecordPositionRequest,
) -> Result<pb::Inflection, Error> {
    let position = request.position.clone().unwrap_or_default();
    let finess: Finess = parse("position.finess", &position.finess)?;
    if call.caller.is_establishment() && !call.caller.represents(&finess) {
        return Err(Error::Denied {
            permission: call.permission.clone(),
            explanation: format!("your token does not speak for {finess}"),
        });
    }
    let asked = Asked::Position {
        finess,
        stance: inflections::read_stance(position.stance())?,
        reasons: position.reasons,
    };
    change(
        app,
        call,
        (&request.name, &request.etag, &request.request_id),
        request,
        asked,
    )
    .await
}

/// The agency retains the inflection.
pub(crate) async fn agree(
    app: &App,
    call: &Call,
    request: &pb::AgreeInflectionRequest,
) -> Result<pb::Inflection, Error> {
    change(
        app,
        call,
        (&request.name, &request.etag, &request.request_id),
        request,
        Asked::Agree,
    )
    .await
}

/// The agency drops it, with reasons.
pub(crate) async fn drop(
    app: &App,
    call: &Call,
    request: &pb::DropInflectionRequest,
) -> Result<pb::Inflection, Error> {
    let reasons = Reasons::try_from(request.reasons.clone())
        .map_err(|error| Error::invalid("reasons", error))?;
    change(
        app,
        call,
        (&request.name, &request.etag, &request.request_id),
        request,
        Asked::Drop(reasons),
    )
    .await
}

async fn change(
    app: &App,
    call: &Call,
    (name, given, request_id): (&str, &str, &str),
    request: &impl prost::Message,
    asked: Asked,
) -> Result<pb::Inflection, Error> {
    let id: InflectionId = parse("name", name)?;
    let by = call.human()?;
    let not_found = || Error::NotFound(id.to_string());
    let mut unit = claim!(app, call.command(request_id, request)?);
    let found = inflection::lock(unit.connection(), id)
        .await?
        .ok_or_else(not_found)?;
    let dialogue = super::lock_dialogue(&mut unit, call, found.value.dialogue)
        .await
        .map_err(|error| match error {
            Error::NotFound(_) => not_found(),
            other => other,
        })?
        .value;
    etag::check_telling(&mut unit, &found.value.id, given, found.value.version).await?;
    dialogue.require_open()?;
    let invited = dialogue.invited();
    let events = found
        .value
        .decide(asked.by(by, call.at, &invited))
        .map_err(refused)?;
    let mut value = found.value;
    let mut facts = Vec::with_capacity(events.len());
    for event in &events {
        value = value.evolve(event);
        facts.push(published::inflection(&value, event)?);
    }
    inflection::update(unit.connection(), &value, call.at).await?;
    unit.append(facts).await?;
    let reply = inflections::write(&Dated {
        value,
        created_at: found.created_at,
        updated_at: call.at,
    });
    unit.commit(&reply).await?;
    Ok(reply)
}

impl Asked {
    fn by(
        self,
        by: HumanActor,
        at: time::OffsetDateTime,
        invited: &[Finess],
    ) -> InflectionCommand<'_> {
        match self {
            Self::Position {
                finess,
                stance,
                reasons,
            } => InflectionCommand::RecordPosition {
                finess,
                stance,
                reasons,
                by,
                at,
                invited,
            },
            Self::Agree => InflectionCommand::Agree { by, at, invited },
            Self::Drop(reasons) => InflectionCommand::Drop { by, at, reasons },
        }
    }
}
