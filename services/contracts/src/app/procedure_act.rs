//! The frame of every act on a procedure. All of them are human.

use std::collections::BTreeSet;

use kernel::{Finess, legal_time::legal_day};
use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use store::{Begun, Unit};
use time::Date;

use super::{App, Opened, Target, announce::Sent, deadlines::follow, scope, termination};
use crate::{
    domain::{
        Mandate, Person, Procedure, ProcedureId, document,
        procedure::{Event, Kind, Sanction, act::HumanAct, human::Circumstances},
        review::Severity,
    },
    events::published_procedures,
    grpc::convert,
    store::{self as rows, document_names::Made},
};

/// An act that is being carried out: the procedure is locked until it ends.
pub(super) struct ProcedureAct {
    pub(super) unit: Unit,
    pub(super) procedure: Procedure,
    pub(super) legal_entities: BTreeSet<Finess>,
    ground: Option<Severity>,
    defence: bool,
    mandates: Vec<Mandate>,
    person: Person,
}

/// Whether a procedure exists for the caller: for the establishment, once it is opened.
pub(super) fn sees(call: &Call, procedure: &Procedure, legal_entities: &BTreeSet<Finess>) -> bool {
    procedure.is_known_to(scope::side(call)) && scope::sees(call, procedure.region, legal_entities)
}

impl ProcedureAct {
    /// Claims the request, locks the procedure, and checks that the caller may see it and has read it.
    pub(super) async fn open(
        app: &App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened<pb::Procedure, Self>, Error> {
        let person = scope::acting(call)?;
        let command = call.command(target.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Opened::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let id: ProcedureId = convert::name("name", target.name)?;
        let not_found = || Error::NotFound(target.name.to_owned());
        let procedure = rows::procedure::lock(unit.connection(), id)
            .await?
            .ok_or_else(not_found)?;
        let legal_entities = rows::review::parties(unit.connection(), procedure.contract).await?;
        if !sees(call, &procedure, &legal_entities) {
            return Err(not_found());
        }
        scope::check_tag(
            &mut unit,
            call,
            &procedure.id,
            (target.etag, procedure.version),
        )
        .await?;
        let ground = rows::procedure::ground(unit.connection(), &procedure.ground).await?;
        let today = legal_day(unit.at(), procedure.region);
        let defence = procedure.kind == Kind::Termination
            && rows::procedure_defence::concerned(unit.connection(), procedure.contract, today)
                .await?;
        let mandates = scope::mandates(unit.connection(), &person, procedure.region).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            procedure,
            legal_entities,
            ground,
            defence,
            mandates,
            person,
        })))
    }

    /// The legal day of the region.
    pub(super) fn today(&self) -> Date {
        legal_day(self.unit.at(), self.procedure.region)
    }

    /// What is sent in this act, for those it is sent to.
    pub(super) fn sent(&self, what: &'static str) -> Sent {
        Sent {
            subject: self.procedure.id.to_string(),
            version: self.procedure.version,
            contract: self.procedure.contract,
            what,
        }
    }

    /// Decides, writes, tells, answers and commits.
    pub(super) async fn carry_out(
        self,
        call: &Call,
        act: HumanAct,
    ) -> Result<pb::Procedure, Error> {
        let Self {
            mut unit,
            procedure,
            legal_entities,
            ground,
            defence,
            mandates,
            person,
        } = self;
        let at = unit.at();
        let circumstances = Circumstances {
            legal_entities: &legal_entities,
            ground,
            defence,
            mandates: &mandates,
            now: at,
        };
        let event = procedure.by_human(act, &person, &circumstances)?;
        let due_before = procedure.deadlines();
        let was_under_notice = procedure.state.notice().is_some();
        let after = procedure.evolve(&event, at);
        rows::procedure::save(unit.connection(), &after, &event).await?;
        record_names(&mut unit, &after, &event, &legal_entities).await?;
        unit.append(vec![published_procedures::human(&after, &event)?])
            .await?;
        follow::changed(unit.connection(), &due_before, &after).await?;
        if after.kind == Kind::Termination {
            follow_on_contract(&mut unit, &after, &event, was_under_notice, &person).await?;
        }
        let actions = after.allowed_actions(Some(&person), &circumstances);
        let reply = convert::procedure(&after, scope::side(call), &actions, at);
        unit.commit(&reply).await?;
        Ok(reply)
    }
}

/// Keeps what the registry calls those to whom a notice was just sent or about whom a decision was just taken: the parties of
/// today, and those of the text, which the document is addressed to.
async fn record_names(
    unit: &mut Unit,
    procedure: &Procedure,
    event: &Event,
    parties: &BTreeSet<Finess>,
) -> Result<(), store::Error> {
    let kind = match event {
        Event::NoticeSent { .. } => document::Kind::FormalNotice,
        Event::Decided { .. } => document::Kind::Decision,
        _ => return Ok(()),
    };
    let contract = rows::contract::find(unit.connection(), procedure.contract).await?;
    let mut entities = parties.clone();
    entities.extend(contract.iter().flat_map(|c| &c.text.legal_entities));
    let subject = procedure.id.to_string();
    let made = Made {
        kind,
        subject: &subject,
        version: 0,
    };
    rows::document_names::record(unit.connection(), made, &entities, &BTreeSet::new()).await
}

/// C10, C12 and C13: what a termination does to the contract, by the same act of the same person.
async fn follow_on_contract(
    unit: &mut Unit,
    procedure: &Procedure,
    event: &Event,
    was_under_notice: bool,
    person: &Person,
) -> Result<(), Error> {
    let (contract, id) = (procedure.contract, procedure.id);
    match event {
        Event::NoticeSent { .. } => termination::give_notice(unit, contract, id, person).await,
        Event::Dropped { .. } if was_under_notice => {
            termination::lift_notice(unit, contract, id, person).await
        }
        Event::DecisionNotified { .. } => {
            let Some(Sanction::Termination { on }) =
                procedure.state.decision().map(|d| &d.sanction)
            else {
                return Ok(());
            };
            // A decision has no effect before it is notified.
            let today = legal_day(unit.at(), procedure.region);
            termination::terminate(unit, contract, id, (*on).max(today), person).await
        }
        _ => Ok(()),
    }
}
