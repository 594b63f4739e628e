//! Takes a call for projects from a need to what follows its authorisation.

use kernel::Reasons;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::{
    error::refused,
    is_adopted,
    kept::{begin, carry_out, change, lock},
    region_of,
};
use crate::{
    app::App,
    domain::offer::{
        OfferRefusal, ProjectCall, defect,
        project_call::{CallCommand, CallEvent},
        sound,
    },
    grpc::{
        offer::project_calls::{
            read_calendar, read_candidate, read_need, read_opinion, read_specification,
        },
        scalars::parse,
    },
    store::{amendment_copy, offer::reference},
};

pub(crate) async fn open_call(
    app: &App,
    call: &Call,
    request: &pb::OpenProjectCallRequest,
) -> Result<pb::ProjectCall, Error> {
    let region = region_of(call, &request.region)?;
    let need = read_need(&request.need.clone().unwrap_or_default())?;
    let mut unit = claim!(app, call, request);
    let territory = [need.territory.as_str()];
    let mut defects = Vec::new();
    if reference::territories(unit.connection(), region, &territory)
        .await?
        .is_empty()
    {
        let why = "is no territory of the region; import its version first";
        defects.push(defect("need.territory", "TERRITORY_UNKNOWN", why));
    }
    if let Some(name) = &need.scheme_objective
        && !is_adopted(unit.connection(), region, name).await?
    {
        let why = format!("{name} is no objective of an adopted scheme of the region {region}");
        let field = "need.scheme_objective";
        defects.push(defect(field, "SCHEME_OBJECTIVE_UNKNOWN", why));
    }
    sound(defects).map_err(refused)?;
    begin(unit, region, ProjectCall::open(need), &CallEvent::Opened).await
}

/// Sets the calendar, beside what the dated rule says of it.
pub(crate) async fn schedule(
    app: &App,
    call: &Call,
    request: &pb::ScheduleProjectCallRequest,
) -> Result<pb::ProjectCall, Error> {
    let mut calendar = read_calendar(&request.calendar.clone().unwrap_or_default())?;
    let rule = reference::answer_time(app.db.pool(), calendar.publication).await?;
    calendar.notices = rule
        .and_then(|rule| rule.notice(calendar.publication, calendar.deadline))
        .into_iter()
        .collect();
    carry_out::<ProjectCall>(app, call, request, CallCommand::Schedule(calendar)).await
}

pub(crate) async fn publish(
    app: &App,
    call: &Call,
    request: &pb::PublishProjectCallRequest,
) -> Result<pb::ProjectCall, Error> {
    let specification = read_specification(request.specification.clone().unwrap_or_default());
    carry_out::<ProjectCall>(app, call, request, CallCommand::Publish(specification)).await
}

pub(crate) async fn register(
    app: &App,
    call: &Call,
    request: &pb::RegisterCandidateRequest,
) -> Result<pb::ProjectCall, Error> {
    let candidate = read_candidate(&request.candidate.clone().unwrap_or_default())?;
    carry_out::<ProjectCall>(app, call, request, CallCommand::Register(candidate)).await
}

pub(crate) async fn opine(
    app: &App,
    call: &Call,
    request: &pb::RecordCommissionOpinionRequest,
) -> Result<pb::ProjectCall, Error> {
    let opinion = read_opinion(&request.opinion.clone().unwrap_or_default())?;
    carry_out::<ProjectCall>(app, call, request, CallCommand::Opine(opinion)).await
}

/// A person authorises: nobody and nothing else does.
pub(crate) async fn authorise(
    app: &App,
    call: &Call,
    request: &pb::AuthoriseCandidateRequest,
) -> Result<pb::ProjectCall, Error> {
    let given = request.authorisation.clone().unwrap_or_default();
    let command = CallCommand::Authorise {
        candidate: given.candidate,
        places: given.places,
        decision: given.decision,
        reasons: given.reasons,
        by: call.human()?,
        at: call.at,
    };
    carry_out::<ProjectCall>(app, call, request, command).await
}

pub(crate) async fn drop(
    app: &App,
    call: &Call,
    request: &pb::DropProjectCallRequest,
) -> Result<pb::ProjectCall, Error> {
    let command = CallCommand::Drop {
        reasons: Reasons::try_from(request.reasons.clone())
            .map_err(|error| Error::invalid("reasons", error))?,
        by: call.human()?,
    };
    carry_out::<ProjectCall>(app, call, request, command).await
}

/// Links the places that were recorded under the act of the authorisation, and the amendment that follows.
pub(crate) async fn link(
    app: &App,
    call: &Call,
    request: &pb::LinkProjectCallRequest,
) -> Result<pb::ProjectCall, Error> {
    let given = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
    let (recording, amendment) = (
        given(&request.capacity_recording),
        given(&request.amendment),
    );
    let mut unit = claim!(app, call, request);
    let found = lock::<ProjectCall>(&mut unit, call, &request.name, &request.etag).await?;
    if let (Some(recording), Some(authorised)) = (&recording, found.value.value.stage.authorised())
    {
        let region = found.value.region;
        let acts = reference::acts(unit.connection(), region, recording).await?;
        if acts.is_empty() {
            return Err(Error::NotFound(recording.clone()));
        }
        let decision = &authorised.authorisation.decision;
        if !acts.contains(decision) {
            return Err(OfferRefusal::PlacesOfAnotherAct {
                recording: recording.clone(),
                decision: decision.clone(),
            }
            .into());
        }
    }
    if let Some(name) = &amendment {
        let id = parse("amendment", name)?;
        let region = found.value.region;
        if !amendment_copy::is_of_region(unit.connection(), id, region).await? {
            let amendment = name.clone();
            return Err(OfferRefusal::AmendmentUnknown { amendment, region }.into());
        }
    }
    let command = CallCommand::Link {
        recording,
        amendment,
    };
    change(unit, found, command).await
}
