//! What people do with a draft of programming.

use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, Unit};

use super::effect;
use crate::{
    app::{App, Opened, Target, deadlines::follow, scope},
    domain::{
        Person, Programming, ProgrammingId,
        programming::{Event, Publication, acts::Act},
    },
    events::programming as published,
    grpc::convert,
    store as rows,
};

/// A draft that is being acted on: locked until the act ends.
struct ProgrammingAct {
    unit: Unit,
    programming: Programming,
    person: Person,
}

impl ProgrammingAct {
    /// Claims the request, locks the draft, and checks that the caller prepares it and has read it.
    async fn open(
        app: &App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened<pb::Programming, Self>, Error> {
        let person = scope::acting(call)?;
        let command = call.command(target.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Opened::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let id: ProgrammingId = convert::name("name", target.name)?;
        let programming = rows::programming::lock(unit.connection(), id)
            .await?
            .filter(|programming| super::prepares(call, programming))
            .ok_or_else(|| Error::NotFound(target.name.to_owned()))?;
        etag::check_telling(&mut unit, &programming.id, target.etag, programming.version).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            programming,
            person,
        })))
    }

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
    let mut act = opened!(programming::act::ProgrammingAct, app, call, request);
    let horizon = act.programming.horizon;
    let connection = act.unit.connection();
    let (lines, registry) = super::lines(connection, &request.lines, horizon).await?;
    let comment = request.comment;
    act.carry_out(Act::Revise {
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
    let mut act = opened!(programming::act::ProgrammingAct, app, call, request);
    let region = act.programming.series.region;
    let mandates = scope::mandates(act.unit.connection(), &act.person, region).await?;
    let authority = request
        .authority
        .parse()
        .map_err(|e| Error::invalid("authority", e))?;
    act.carry_out(Act::Approve {
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
    let act = opened!(programming::act::ProgrammingAct, app, call, request);
    let date = convert::date("publication_date", &request.publication_date)?;
    let publication = Publication {
        act: request.act,
        date,
    };
    act.carry_out(Act::Publish(publication)).await
}

/// The agency gives a draft up.
pub async fn discard(
    app: &App,
    call: &Call,
    request: pb::DiscardProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let act = opened!(programming::act::ProgrammingAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Act::Discard { reasons }).await
}
