//! The frame of every human act on a contract: once per request, on the version that was read, all or
//! nothing.

use kernel::Actor;
use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, Unit, constraint};

use crate::{
    domain::{
        Contract, ContractId, ContractText, LegalRegime, Mandate, Person,
        contract::{
            Event,
            acts::{Act, Circumstances, Command},
        },
        document::Kind,
        perimeter::check_overlaps,
        signature::Party,
    },
    events::published,
    grpc::convert,
    store::{self as rows, document_names::Made, evidence::Evidence},
};

use super::{App, Opened, Target, deadlines::follow, scope};

/// An act that is being carried out: the contract is locked until it ends.
pub(super) struct ContractAct<'a> {
    pub(super) unit: Unit,
    pub(super) contract: Contract,
    app: &'a App,
    person: Person,
    pub(super) regime: LegalRegime,
    mandates: Vec<Mandate>,
}

impl<'a> ContractAct<'a> {
    /// Claims the request, locks the contract, and checks that the caller may see it and has read it.
    pub(super) async fn open(
        app: &'a App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened<pb::Contract, Self>, Error> {
        let person = scope::acting(call)?;
        let command = call.command(target.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Opened::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let id: ContractId = convert::name("name", target.name)?;
        let not_found = || Error::NotFound(target.name.to_owned());
        let contract = rows::contract::lock(unit.connection(), id)
            .await?
            .ok_or_else(not_found)?;
        let contract = scope::visible(unit.connection(), call, contract)
            .await?
            .ok_or_else(not_found)?;
        etag::check_telling(&mut unit, &contract.id, target.etag, contract.version).await?;
        let regime = rows::regime::of_code(unit.connection(), &contract.legal_regime).await?;
        let mandates = scope::mandates(unit.connection(), &person, contract.region).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            contract,
            app,
            person,
            regime,
            mandates,
        })))
    }

    /// Whether the act would be possible, whatever its contents.
    pub(super) fn check(&self, act: Act) -> Result<(), Error> {
        let circumstances = Circumstances {
            regime: &self.regime,
            mandates: &self.mandates,
            now: self.unit.at(),
        };
        self.contract.guard(act, &self.person, &circumstances)?;
        Ok(())
    }

    /// What carrying the command out would be refused for, if it would.
    pub(super) fn rehearse(&self, command: Command) -> Result<(), Error> {
        let circumstances = Circumstances {
            regime: &self.regime,
            mandates: &self.mandates,
            now: self.unit.at(),
        };
        self.contract
            .decide(command, &self.person, &circumstances)?;
        Ok(())
    }

    /// Keeps the proof of the signature that the act is about to record.
    pub(super) async fn keep_evidence(
        &mut self,
        party: Party,
        evidence: &Evidence,
    ) -> Result<(), Error> {
        if let Some(frozen) = self.contract.state.frozen() {
            let document = (self.contract.id, frozen.at_version);
            rows::evidence::keep_for_contract(self.unit.connection(), document, party, evidence)
                .await?;
        }
        Ok(())
    }

    /// Decides, writes, tells, answers and commits. `document` is the content of a freeze.
    pub(super) async fn carry_out(
        self,
        command: Command,
        document: Option<&[u8]>,
    ) -> Result<pb::Contract, Error> {
        let Self {
            mut unit,
            contract,
            app,
            person,
            regime,
            mandates,
        } = self;
        let circumstances = Circumstances {
            regime: &regime,
            mandates: &mandates,
            now: unit.at(),
        };
        let events = contract.decide(command, &person, &circumstances)?;
        let course = contract.course();
        let (after, facts) = published::contract(contract, &events, unit.at())?;
        let author = person.human().actor();
        let saved =
            rows::contract::save(unit.connection(), &after, &events, document, author).await;
        if let Err(error) = saved {
            if constraint(&error) != Some(rows::contract::ONE_CONTRACT_PER_SITE) {
                return Err(error.into());
            }
            drop(unit);
            return Err(overlap(app, &after).await?);
        }
        if document.is_some() {
            names_of_contract(&mut unit, &after).await?;
        }
        unit.append(facts).await?;
        let now = unit.at();
        follow::contract(unit.connection(), (course, &after), Some(&regime), now).await?;
        let actions = after.allowed_actions(Some(&person), &circumstances);
        let reply = convert::contract(&after, &actions);
        unit.commit(&reply).await?;
        Ok(reply)
    }
}

/// Locks a contract that the caller may see.
pub(super) async fn lock(unit: &mut Unit, call: &Call, name: &str) -> Result<Contract, Error> {
    let id: ContractId = convert::name("contract", name)?;
    rows::contract::lock(unit.connection(), id)
        .await?
        .filter(|contract| scope::sees_contract(call, contract))
        .ok_or_else(|| Error::NotFound(name.to_owned()))
}

/// Writes and tells what happened to a contract within a wider act.
pub(super) async fn apply(
    unit: &mut Unit,
    contract: Contract,
    events: &[Event],
    author: &Actor,
) -> Result<Contract, Error> {
    let course = contract.course();
    let (after, facts) = published::contract(contract, events, unit.at())?;
    rows::contract::save(unit.connection(), &after, events, None, author).await?;
    unit.append(facts).await?;
    let now = unit.at();
    follow::contract(unit.connection(), (course, &after), None, now).await?;
    Ok(after)
}

/// Keeps what the registry calls the parties and sites of a text that was just frozen.
async fn names_of_contract(unit: &mut Unit, frozen: &Contract) -> Result<(), store::Error> {
    let subject = frozen.id.to_string();
    let made = Made {
        kind: Kind::Contract,
        subject: &subject,
        version: frozen.state.frozen().map_or(0, |f| f.at_version),
    };
    let (entities, sites) = (&frozen.text.legal_entities, &frozen.text.establishments);
    rows::document_names::record(unit.connection(), made, entities, sites).await
}

/// The refusal that names the contract which already covers a site of this one.
async fn overlap(app: &App, contract: &Contract) -> Result<Error, Error> {
    let mut connection = app.db.pool().acquire().await?;
    let overlaps =
        rows::perimeter::overlaps(&mut connection, &contract.text, Some(contract.id)).await?;
    Ok(match check_overlaps(&overlaps) {
        Err(refusal) => refusal.into(),
        // The other contract went away between the two looks: trying again may succeed.
        Ok(()) => Error::Unavailable("the perimeter"),
    })
}

/// Text of a request into the domain, or the fields that are wrong.
pub(super) fn text(text: Option<pb::ContractText>) -> Result<ContractText, Error> {
    let text = text.ok_or_else(|| Error::invalid("text", "is required"))?;
    match ContractText::new(convert::text_parts(&text)?) {
        Ok(text) => Ok(text),
        Err(defects) => Err(super::error::malformed(defects)),
    }
}
