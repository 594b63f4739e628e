//! The frame of every human act on an amendment: its contract is locked first, then the amendment, so that two acts on
//! one contract never wait for each other in a ring.

use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use store::{Begun, Unit};
use time::Date;

use crate::{
    domain::{
        Amendment, AmendmentId, Contract, ContractText, LegalRegime, Mandate, Person, Refusal,
        amendment::{
            Event, Later,
            acts::{Act, Circumstances, Command},
            consolidated,
        },
        contract::{Event as ContractEvent, TermBasis},
        document::Kind,
        perimeter::{Overlap, RegistryView},
        signature::Party,
    },
    events::published,
    grpc::convert,
    store::{self as rows, document_names::Made, evidence::Evidence},
};

use super::{App, Opened, Target, contract_act, deadlines::follow, scope};

/// An act that is being carried out: contract and amendment are locked until it ends.
pub(super) struct AmendmentAct {
    pub(super) unit: Unit,
    pub(super) amendment: Amendment,
    pub(super) contract: Contract,
    person: Person,
    regime: LegalRegime,
    mandates: Vec<Mandate>,
}

impl AmendmentAct {
    /// Claims the request, locks the amendment, and checks that the caller may see it and has read it.
    pub(super) async fn open(
        app: &App,
        call: &Call,
        target: Target<'_>,
        request: &impl Message,
    ) -> Result<Opened<pb::Amendment, Self>, Error> {
        let person = scope::acting(call)?;
        let command = call.command(target.request_id, request)?;
        let mut unit = match app.db.command(&command).await? {
            Begun::Replayed(reply) => return Ok(Opened::Replayed(Box::new(reply))),
            Begun::Fresh(unit) => unit,
        };
        let not_found = || Error::NotFound(target.name.to_owned());
        let id: AmendmentId = convert::name("name", target.name)?;
        let contract = rows::amendment::contract_of(unit.connection(), id)
            .await?
            .ok_or_else(not_found)?;
        let contract = rows::contract::lock(unit.connection(), contract)
            .await?
            .ok_or_else(not_found)?;
        let amendment = rows::amendment::lock(unit.connection(), id)
            .await?
            .ok_or_else(not_found)?;
        let contract = scope::visible_amendment(unit.connection(), call, (contract, &amendment))
            .await?
            .ok_or_else(not_found)?;
        etag::check_telling(&mut unit, &amendment.id, target.etag, amendment.version).await?;
        let regime = rows::regime::of_code(unit.connection(), &contract.legal_regime).await?;
        let mandates = scope::mandates(unit.connection(), &person, contract.region).await?;
        Ok(Opened::Fresh(Box::new(Self {
            unit,
            amendment,
            contract,
            person,
            regime,
            mandates,
        })))
    }

    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            contract: &self.contract,
            regime: &self.regime,
            mandates: &self.mandates,
            now: self.unit.at(),
        }
    }

    /// Whether the act would be possible, whatever its contents.
    pub(super) fn check(&self, act: Act) -> Result<(), Error> {
        self.amendment
            .guard(act, &self.person, &self.circumstances())?;
        Ok(())
    }

    /// What carrying the command out would be refused for, if it would.
    pub(super) fn rehearse(&self, command: Command) -> Result<(), Error> {
        self.amendment
            .decide(command, &self.person, &self.circumstances())?;
        Ok(())
    }

    /// Keeps the proof of the signature that the act is about to record.
    pub(super) async fn keep_evidence(
        &mut self,
        party: Party,
        evidence: &Evidence,
    ) -> Result<(), Error> {
        if let Some(frozen) = self.amendment.state.frozen() {
            let document = (self.amendment.id, frozen.at_version);
            rows::evidence::keep_for_amendment(self.unit.connection(), document, party, evidence)
                .await?;
        }
        Ok(())
    }

    /// The contract on the day of effect, without the amendment.
    pub(super) async fn text_before(&mut self) -> Result<ContractText, Error> {
        let day = self.amendment.effect_date;
        Ok(text_on(&mut self.unit, &self.contract, day).await?)
    }

    /// The signed amendments of the contract that take effect after this one, in the order of the fold.
    pub(super) async fn later(&mut self) -> Result<Vec<Later>, Error> {
        let (contract, day) = (self.contract.id, self.amendment.effect_date);
        let signed = rows::amendment::signed_after(self.unit.connection(), contract, day).await?;
        let later = signed.into_iter().map(|one| Later {
            number: one.number,
            effect_date: one.effect_date,
            changes: one.changes,
        });
        Ok(later.collect())
    }

    /// What the registry says of whoever and whatever the contract names from the day of effect on, without the amendment and
    /// with it. `text` is the contract on that day.
    pub(super) async fn registry(
        &mut self,
        text: &ContractText,
        later: &[Later],
    ) -> Result<RegistryView, Error> {
        let mut entities = text.legal_entities.clone();
        let mut sites = text.establishments.clone();
        let later = later.iter().map(|one| &one.changes);
        for changes in std::iter::once(&self.amendment.changes).chain(later) {
            entities.extend(&changes.add_legal_entities);
            sites.extend(&changes.add_establishments);
        }
        let view = rows::perimeter::view_of(self.unit.connection(), &entities, &sites).await?;
        Ok(view)
    }

    /// Sites the amendment adds that this contract or another covers meanwhile, and those of the contract that another one
    /// covers when the amendment moves its end.
    pub(super) async fn overlaps(&mut self) -> Result<Vec<Overlap>, Error> {
        let (contract, changes) = (self.contract.id, &self.amendment.changes);
        let last_day = changes.end_date.unwrap_or(self.contract.last_day());
        let mut overlaps = Vec::new();
        let sites = &changes.add_establishments;
        if !sites.is_empty() {
            let days = (self.amendment.effect_date, last_day);
            let connection = self.unit.connection();
            overlaps = rows::perimeter::covered_by(connection, contract, sites, days).await?;
            if self.regime.mandatory {
                let others =
                    rows::perimeter::overlaps_on(connection, sites, days, Some(contract)).await?;
                overlaps.extend(others);
            }
        }
        if changes.end_date.is_some() {
            let connection = self.unit.connection();
            let later = rows::perimeter::overlaps_until(connection, contract, last_day).await?;
            overlaps.extend(later);
        }
        Ok(overlaps)
    }

    /// Decides, writes, tells, answers and commits. `document` is the content of a freeze.
    pub(super) async fn carry_out(
        mut self,
        command: Command,
        document: Option<&[u8]>,
    ) -> Result<pb::Amendment, Error> {
        let events = self
            .amendment
            .decide(command, &self.person, &self.circumstances())?;
        let at = self.unit.at();
        let mut after = self.amendment.clone();
        let mut facts = Vec::with_capacity(events.len());
        for event in &events {
            after = after.evolve(event, at);
            let consolidated = match event {
                Event::TookEffect => {
                    let text = text_on(&mut self.unit, &self.contract, after.effect_date).await?;
                    Some(after.changes.apply(&text))
                }
                _ => None,
            };
            // An amendment that moves the end does so with its last signature.
            let last_day = after.changes.end_date.unwrap_or(self.contract.last_day());
            let consolidated = consolidated.as_ref().map(|text| (text, last_day));
            facts.push(published::amendment(&after, event, consolidated)?);
        }
        rows::amendment::save(self.unit.connection(), &after, &events, document).await?;
        if document.is_some() {
            self.record_names(&after).await?;
        }
        self.unit.append(facts).await?;
        let due_before = self.amendment.deadlines();
        follow::changed(self.unit.connection(), &due_before, &after).await?;
        self.move_end(&after, &events).await?;
        if events
            .iter()
            .any(|event| matches!(event, Event::TookEffect))
        {
            // Steps of commitments come, move and go with it.
            follow::contract_again(self.unit.connection(), &self.contract, at).await?;
        }
        let actions = after.allowed_actions(Some(&self.person), &self.circumstances());
        let reply = convert::amendment::amendment(&after, &self.contract, &actions);
        self.unit.commit(&reply).await?;
        Ok(reply)
    }

    /// Keeps what the registry calls the parties and sites of the contract before and after an amendment that was just
    /// frozen.
    async fn record_names(&mut self, frozen: &Amendment) -> Result<(), Error> {
        let before = self.text_before().await?;
        let after = frozen.changes.apply(&before);
        let subject = frozen.id.to_string();
        let made = Made {
            kind: Kind::Amendment,
            subject: &subject,
            version: frozen.state.frozen().map_or(0, |f| f.at_version),
        };
        let entities = &before.legal_entities | &after.legal_entities;
        let sites = &before.establishments | &after.establishments;
        rows::document_names::record(self.unit.connection(), made, &entities, &sites).await?;
        Ok(())
    }

    /// A signed amendment that moves the last day moves it at once: it is only read on the day the contract ends.
    async fn move_end(&mut self, after: &Amendment, events: &[Event]) -> Result<(), Error> {
        let is_signed = events
            .iter()
            .any(|event| matches!(event, Event::Signed { .. }));
        let (Some(last_day), true) = (after.changes.end_date, is_signed) else {
            return Ok(());
        };
        let reasons = after.title.clone().try_into().map_err(Error::internal)?;
        let moved = ContractEvent::TermExtended {
            last_day,
            basis: TermBasis::Amendment,
            reasons,
        };
        let author = self.person.human().actor();
        let contract = self.contract.clone();
        self.contract = contract_act::apply(&mut self.unit, contract, &[moved], author).await?;
        Ok(())
    }
}

/// The contract as its signed amendments make it on a day.
pub(super) async fn text_on(
    unit: &mut Unit,
    contract: &Contract,
    day: Date,
) -> Result<ContractText, store::Error> {
    let signed = rows::amendment::signed(unit.connection(), contract.id, day).await?;
    let amendments = signed.iter().map(|a| (a.effect_date, a.number, &a.changes));
    Ok(consolidated(&contract.text, amendments, day))
}

/// The refusal that names the amendment which is already waiting for signatures.
pub(super) fn waiting(other: AmendmentId) -> Error {
    Refusal::AmendmentAwaitingSignature {
        amendment: other.to_string(),
    }
    .into()
}
