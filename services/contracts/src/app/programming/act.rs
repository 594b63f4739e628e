//! What people do with a draft of programming.

use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, Unit};

use super::effect;
use crate::{
    app::{App, Target, deadlines::follow, scope},
    domain::{
        Person, Programming, ProgrammingId,
        programming::{Event, Publication, acts::Act},
    },
    events::programming as published,
    grpc::convert,
    store as rows,
};

/// A draft that is being acted on: locked until the act ends.
struct Opened {
    unit: Unit,
    programming: Programming,
    person: Person,
}

/// Opens the act of a request that has a name, an etag and a request id, or answers as before.
macro_rules! open {
    ($app:expr, $call:expr, $request:expr) => {{
        let target = Target {
            name: &$request.name,
            etag: &$request.etag,
            request_id: &$request.request_id,
        };
        match open($app, $call, target, &$request).await? {
            Err(reply) => return Ok(reply),
            Ok(opened) => opened,
        }
    }};
}

async fn open(
    app: &App,
    call: &Call,
    target: Target<'_>,
    request: &impl Message,
) -> Result<Result<Opened, pb::Programming>, Error> {
    let person = scope::acting(call)?;
    let command = call.command(target.request_id, request)?;
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(Err(reply)),
        Begun::Fresh(unit) => unit,
    };
    let id: ProgrammingId = convert::name("name", target.name)?;
    let programming = rows::programming::lock(unit.connection(), id)
        .await?
        .filter(|programming| super::prepares(call, programming))
        .ok_or_else(|| Error::NotFound(target.name.to_owned()))?;
    etag::check(target.etag, programming.version)?;
    Ok(Ok(Opened {
        unit,
        programming,
        person,
    }))
}

impl Opened {
    /// Decides, writes, tells, answers and commits.
    async fn carry_out(self, act: Act) -> Result<pb::Programming, Error> {
        let Self {
            mut unit,
            programming,
            person,
        } = self;
        let at = unit.at();
        let event = programming.decide(act, &person, at)?;
        let after = programming.evolve(&event, at);
        rows::programming::save(unit.connection(), &after, &event).await?;
        unit.append(vec![published::happened(&after, &event)?])
            .await?;
        follow::programming(unit.connection(), &after).await?;
        let is_published = matches!(event, Event::Published(_));
        if is_published {
            effect::on_drafts(&mut unit, &after).await?;
        }
        // Today's publication is the latest of its series.
        let reply = convert::programming::programming(&after, is_published);
        unit.commit(&reply).await?;
        Ok(reply)
    }
}

/// Other lines are proposed.
pub async fn revise(
    app: &App,
    call: &Call,
    request: pb::ReviseProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let mut opened = open!(app, call, request);
    let horizon = opened.programming.horizon;
    let connection = opened.unit.connection();
    let (lines, registry) = super::lines(connection, &request.lines, horizon).await?;
    let comment = request.comment;
    opened
        .carry_out(Act::Revise {
            lines,
            comment,
            registry,
        })
        .await
}

/// An authority approves.
pub async fn approve(
    app: &App,
    call: &Call,
    request: pb::ApproveProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let mut opened = open!(app, call, request);
    let region = opened.programming.series.region;
    let mandates = scope::mandates(opened.unit.connection(), &opened.person, region).await?;
    let authority = request
        .authority
        .parse()
        .map_err(|e| Error::invalid("authority", e))?;
    opened
        .carry_out(Act::Approve {
            authority,
            title: request.title,
            mandates,
        })
        .await
}

/// The decision is published.
pub async fn publish(
    app: &App,
    call: &Call,
    request: pb::PublishProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let opened = open!(app, call, request);
    let date = convert::date("publication_date", &request.publication_date)?;
    let act = request.act;
    opened
        .carry_out(Act::Publish(Publication { act, date }))
        .await
}

/// The agency gives a draft up.
pub async fn discard(
    app: &App,
    call: &Call,
    request: pb::DiscardProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let opened = open!(app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    opened.carry_out(Act::Discard { reasons }).await
}
