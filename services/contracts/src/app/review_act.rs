//! The frame of every human act on a review.

use std::collections::BTreeSet;

use kernel::Finess;
use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use store::{Begun, Unit};

use super::{App, Opened, Target, amendment_after_review, deadlines::follow, scope};
use crate::{
    domain::{
        Person, Procedure, Review, ReviewId,
        review::{
            Ending, Event,
            act::HumanAct,
            human::{Circumstances, HumanEvent},
        },
    },
    events::{published_procedures, published_reviews},
    grpc::convert,
    store as rows,
};

/// An act that is being carried out: the review is locked until it ends.
pub(super) struct ReviewAct {
    pub(super) unit: Unit,
    pub(super) review: Review,
    pub(super) legal_entities: BTreeSet<Finess>,
    person: Person,
    controllers: BTreeSet<String>,
}

/// Whether a review exists for the caller: for the establishment, from the first notification on.
pub(super) fn sees(call: &Call, review: &Review, legal_entities: &BTreeSet<Finess>) -> bool {
    review.is_known_to(scope::side(call)) && scope::sees(call, review.region, legal_entities)
}

impl ReviewAct {
    /// Claims the request, locks the review, and checks that the caller may see it and has read it.
    pub(super) async fn open(
        app: &App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened<pb::Review, Self>, Error> {
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
        scope::check_tag(&mut unit, call, &review.id, (target.etag, review.version)).await?;
        let controllers = rows::review::controllers(unit.connection(), &review).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            review,
            legal_entities,
            person,
            controllers,
        })))
    }

    /// Decides, writes, tells, answers and commits. What a conclusion leads to starts here, in the same unit of work
    /// as the recorded act of the person who concluded.
    pub(super) async fn carry_out(self, call: &Call, act: HumanAct) -> Result<pb::Review, Error> {
        let Self {
            mut unit,
            review,
            legal_entities,
            person,
            controllers,
        } = self;
        let at = unit.at();
        let circumstances = Circumstances {
            legal_entities: &legal_entities,
            controllers: &controllers,
            now: at,
        };
        let decision = review.by_human(act, &person, &circumstances)?;
        let due_before = review.deadlines();
        let after = review.evolve(&Event::Human(decision.event.clone()), at);
        rows::review::save_human(unit.connection(), &after, &decision.event).await?;
        unit.append(vec![published_reviews::human(&after, &decision.event)?])
            .await?;
        follow::changed(unit.connection(), &due_before, &after).await?;
        open_amendment(&mut unit, &after, &decision.event, &person).await?;
        if let Some(proposal) = decision.sanction {
            propose(&mut unit, &Procedure::propose(proposal, at)).await?;
        }
        let actions = after.allowed_actions(Some(&person), &circumstances);
        let number = rows::notice::contract_number(unit.connection(), after.contract).await?;
        let number = number.unwrap_or_default();
        let reply = convert::review(&after, &number, scope::side(call), &actions, at);
        unit.commit(&reply).await?;
        Ok(reply)
    }
}

/// An amendment that a conclusion proposes is opened for negotiation, with the objectives it concerns.
async fn open_amendment(
    unit: &mut Unit,
    review: &Review,
    event: &HumanEvent,
    person: &Person,
) -> Result<(), Error> {
    let HumanEvent::Concluded {
        ending: Ending::AmendmentProposed {
            amendment,
            objectives,
        },
        reasons,
        ..
    } = event
    else {
        return Ok(());
    };
    amendment_after_review::open(
        unit,
        *amendment,
        review.contract,
        objectives,
        reasons.as_str(),
        person,
    )
    .await
}

/// Records the proposal of a procedure, then the procedure that rests on it.
pub(super) async fn propose(unit: &mut Unit, procedure: &Procedure) -> Result<(), Error> {
    let recorded = unit
        .append(vec![published_procedures::proposed(procedure)?])
        .await?;
    let event = recorded
        .first()
        .copied()
        .ok_or_else(|| Error::internal("the proposal of a procedure was not recorded"))?;
    Ok(rows::procedure::insert(unit.connection(), procedure, event).await?)
}
