//! The frame of every human act on a review.

use std::collections::BTreeSet;

use kernel::Finess;
use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, Unit};

use super::{App, Target, scope};
use crate::{
    domain::{
        Person, Procedure, Review, ReviewId,
        review::{
            Event, State,
            human::{Circumstances, HumanAct},
        },
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// An act that is being carried out: the review is locked until it ends.
pub(super) struct ReviewAct {
    pub(super) unit: Unit,
    pub(super) review: Review,
    person: Person,
    legal_entities: BTreeSet<Finess>,
    controllers: BTreeSet<String>,
}

/// A request that was answered before, or one to carry out.
pub(super) enum Opened {
    Replayed(Box<pb::Review>),
    Fresh(Box<ReviewAct>),
}

/// Whether a review exists for the caller: for the establishment, from the notification on.
pub(super) fn sees(call: &Call, review: &Review, legal_entities: &BTreeSet<Finess>) -> bool {
    let open = review.state == State::Open;
    let concealed = open && scope::side(call) == crate::domain::Side::Establishment;
    !concealed && scope::sees(call, review.region, legal_entities)
}

impl ReviewAct {
    /// Claims the request, locks the review, and checks that the caller may see it and has read it.
    pub(super) async fn open(
        app: &App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened, Error> {
        let person = scope::acting(call)?;
        let command = call.command(target.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Opened::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let id: ReviewId = convert::name("name", target.name)?;
        let not_found = || Error::NotFound(target.name.to_owned());
        let review = rows::review::lock(unit.connection(), id)
            .await?
            .ok_or_else(not_found)?;
        let legal_entities = rows::review::parties(unit.connection(), review.contract).await?;
        if !sees(call, &review, &legal_entities) {
            return Err(not_found());
        }
        etag::check(target.etag, review.version)?;
        let controllers = rows::review::controllers(unit.connection(), review.campaign).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            review,
            person,
            legal_entities,
            controllers,
        })))
    }

    /// Decides, writes, tells, answers and commits. A proposed sanction makes its procedure here, in the
    /// same unit of work as the recorded act of the person who proposed it.
    pub(super) async fn carry_out(self, call: &Call, act: HumanAct) -> Result<pb::Review, Error> {
        let Self {
            mut unit,
            review,
            person,
            legal_entities,
            controllers,
        } = self;
        let at = unit.at();
        let circumstances = Circumstances {
            legal_entities: &legal_entities,
            controllers: &controllers,
            now: at,
        };
        let decision = review.by_human(act, &person, &circumstances)?;
        let after = review.evolve(&Event::Human(decision.event.clone()), at);
        rows::review::save_human(unit.connection(), &after, &decision.event).await?;
        unit.append(vec![published::human(&after, &decision.event)?])
            .await?;
        if let Some(proposal) = decision.sanction {
            let procedure = Procedure::propose(proposal, at);
            let recorded = unit.append(vec![published::procedure(&procedure)?]).await?;
            let event = recorded
                .first()
                .copied()
                .ok_or_else(|| Error::internal("the proposal of a procedure was not recorded"))?;
            rows::procedure::insert(unit.connection(), &procedure, event).await?;
        }
        let actions = after.allowed_actions(Some(&person), &circumstances);
        let reply = convert::review(&after, scope::side(call), &actions);
        unit.commit(&reply).await?;
        Ok(reply)
    }
}
