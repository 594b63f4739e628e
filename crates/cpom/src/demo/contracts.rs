//! Step 2: a contract for every legal entity, from the draft to its entry into force, with its targets.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use kernel::Finess;
use proto::{
    contracts::v1::{
        AgreeToVersionRequest, Contract, ContractState, CreateContractRequest,
        FreezeContractRequest, GetContractRequest, ListContractsRequest, OpenNegotiationRequest,
        OpinionSense, RecordOpinionRequest, Side, SignContractRequest,
    },
    targets::v1::{
        AgreeToTargetSetRequest, AgreeingSide, CreateTargetSetRequest, ListTargetSetsRequest,
        TargetSet, TargetSetState,
    },
};
use tonic::{Code, Status};

use super::{CONCURRENCY, Demo, plan::PlannedContract, registry::finess_of, waiting::until};
use crate::{
    call,
    client::Session,
    list_all,
    progress::{self, Count},
};

/// Before the contract takes effect.
const OPINION_DATE: &str = "2022-11-15";

impl Demo {
    /// Brings the contract of every legal entity into force, each from where it stands, and waits until
    /// its targets are in effect.
    pub(super) async fn bring_contracts_into_force(&self) -> Result<Vec<Contract>> {
        let mut existing = self.existing_contracts().await?;
        let bar = progress::bar("contrats", self.plan.contracts.len() as u64, Count::Things);
        let contracts = stream::iter(&self.plan.contracts)
            .map(|planned| {
                let existing = existing.remove(&planned.legal_entity);
                self.bring_into_force(planned, existing, &bar)
            })
            .buffer_unordered(CONCURRENCY)
            .try_collect::<Vec<_>>()
            .await;
        bar.finish_and_clear();
        let contracts = contracts?;
        self.wait_for_targets_in_effect(&contracts).await?;
        Ok(contracts)
    }

    /// Contracts of an earlier run, by legal entity.
    async fn existing_contracts(&self) -> Result<BTreeMap<Finess, Contract>> {
        let titles: BTreeSet<String> = self
            .plan
            .contracts
            .iter()
            .map(|planned| planned.text().title)
            .collect();
        let contracts = self.contracts(ContractState::Unspecified).await?;
        let ours = contracts.into_iter().filter_map(|contract| {
            let text = contract.text.as_ref()?;
            let is_ours =
                titles.contains(&text.title) && contract.state() != ContractState::Abandoned;
            let entity = finess_of(text.legal_entities.first()?)?;
            is_ours.then_some((entity, contract))
        });
        Ok(ours.collect())
    }

    /// The contracts of the region in a state, or in any.
    pub(super) async fn contracts(&self, state: ContractState) -> Result<Vec<Contract>> {
        let request = ListContractsRequest {
            region: self.plan.region.code().to_owned(),
            state: state.into(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(
            auditor.contracts(),
            list_contracts,
            request.clone(),
            contracts
        );
        list.await.context("the contracts could not be listed")
    }

    async fn bring_into_force(
        &self,
        planned: &PlannedContract,
        existing: Option<Contract>,
        bar: &ProgressBar,
    ) -> Result<Contract> {
        let entity = planned.legal_entity;
        let parties = Parties {
            demo: self,
            planned,
            director: self.personas.director(entity).await?,
        };
        let describe = |step: &str| format!("contract of legalEntities/{entity}, {step}");
        let mut contract = match existing {
            Some(contract) => contract,
            None => parties.create().await.with_context(|| describe("draft"))?,
        };
        loop {
            let state = contract.state();
            let next = match state {
                ContractState::Draft => parties.open_negotiation(&contract).await,
                ContractState::Negotiation => parties.agree(&contract).await,
                ContractState::Consultation => parties.consult_and_freeze(&contract).await,
                ContractState::ReadyToSign | ContractState::PartiallySigned => {
                    parties.sign(&contract).await
                }
                ContractState::Signed => parties.wait_for_effect(&contract).await,
                ContractState::InForce | ContractState::Expired => break,
                ContractState::NoticeOfTermination
                | ContractState::Terminated
                | ContractState::Renewed
                | ContractState::Closed
                | ContractState::Abandoned
                | ContractState::Unspecified => {
                    bail!("{} is in state {}", contract.name, state.as_str_name())
                }
            };
            contract = match next {
                Ok(contract) => contract,
                // Somebody, or the clock, was faster: look again.
                Err(error) if is_stale(&error) => parties.reload(&contract).await?,
                Err(error) => return Err(error.context(describe(state.as_str_name()))),
            };
        }
        bar.inc(1);
        Ok(contract)
    }

    async fn wait_for_targets_in_effect(&self, contracts: &[Contract]) -> Result<()> {
        let awaited: BTreeSet<&str> = contracts.iter().map(|c| c.name.as_str()).collect();
        until("targets in effect", async || {
            let sets = self.target_sets(TargetSetState::InEffect).await?;
            let ready: BTreeSet<&str> = sets.iter().map(|set| set.contract.as_str()).collect();
            let lacking = awaited.difference(&ready).count();
            Ok(if lacking == 0 {
                Ok(())
            } else {
                Err(format!("{lacking} contracts lack theirs"))
            })
        })
        .await
    }

    async fn target_sets(&self, state: TargetSetState) -> Result<Vec<TargetSet>> {
        let request = ListTargetSetsRequest {
            region: self.plan.region.code().to_owned(),
            state: state.into(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(
            auditor.target_sets(),
            list_target_sets,
            request.clone(),
            target_sets
        );
        list.await.context("the target sets could not be listed")
    }
}

fn is_stale(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Status>()
        .is_some_and(|status| status.code() == Code::Aborted)
}

/// Both sides of one contract.
struct Parties<'a> {
    demo: &'a Demo,
    planned: &'a PlannedContract,
    director: Session,
}

impl Parties<'_> {
    fn agency(&self) -> &Session {
        &self.demo.personas.contract_manager
    }

    /// Another state of the contract is another request.
    fn request_id(&self, method: &str, contract: &Contract, detail: &str) -> String {
        self.demo
            .request_id(&[method, &contract.name, &contract.etag, detail])
    }

    async fn create(&self) -> Result<Contract> {
        let request = CreateContractRequest {
            region: self.demo.plan.region.code().to_owned(),
            text: Some(self.planned.text()),
            request_id: self
                .demo
                .request_id(&["CreateContract", self.planned.legal_entity.as_str()]),
            ..Default::default()
        };
        Ok(call!(self.agency().contracts(), create_contract, request.clone()).await?)
    }

    async fn reload(&self, contract: &Contract) -> Result<Contract> {
        let request = GetContractRequest {
            name: contract.name.clone(),
        };
        Ok(call!(self.agency().contracts(), get_contract, request.clone()).await?)
    }

    async fn open_negotiation(&self, contract: &Contract) -> Result<Contract> {
        let request = OpenNegotiationRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            request_id: self.request_id("OpenNegotiation", contract, ""),
        };
        Ok(call!(self.agency().contracts(), open_negotiation, request.clone()).await?)
    }

    /// The targets are agreed before the text: the document that is signed carries both.
    async fn agree(&self, contract: &Contract) -> Result<Contract> {
        self.agree_targets(contract).await.context("targets")?;
        let mut contract = contract.clone();
        for (side, session) in [
            (Side::Ars, self.agency()),
            (Side::Establishment, &self.director),
        ] {
            if contract.agreed_by().any(|agreed| agreed == side) {
                continue;
            }
            let request = AgreeToVersionRequest {
                name: contract.name.clone(),
                etag: contract.etag.clone(),
                request_id: self.request_id("AgreeToVersion", &contract, side.as_str_name()),
            };
            contract = call!(session.contracts(), agree_to_version, request.clone()).await?;
        }
        Ok(contract)
    }

    async fn agree_targets(&self, contract: &Contract) -> Result<()> {
        let mut set = match self.existing_targets(contract).await? {
            Some(set) => set,
            None => self.create_targets(contract).await?,
        };
        for (side, session) in [
            (AgreeingSide::Ars, self.agency()),
            (AgreeingSide::Establishment, &self.director),
        ] {
            let is_agreed = set.agreed_by().any(|agreed| agreed == side);
            if set.state() != TargetSetState::Draft || is_agreed {
                continue;
            }
            let request = AgreeToTargetSetRequest {
                name: set.name.clone(),
                etag: set.etag.clone(),
                request_id: self.demo.request_id(&[
                    "AgreeToTargetSet",
                    &set.name,
                    &set.etag,
                    side.as_str_name(),
                ]),
            };
            set = call!(session.target_sets(), agree_to_target_set, request.clone()).await?;
        }
        Ok(())
    }

    async fn existing_targets(&self, contract: &Contract) -> Result<Option<TargetSet>> {
        let request = ListTargetSetsRequest {
            contract: contract.name.clone(),
            ..Default::default()
        };
        let sets = list_all!(
            self.agency().target_sets(),
            list_target_sets,
            request.clone(),
            target_sets
        )
        .await?;
        Ok(sets
            .into_iter()
            .find(|set| set.state() != TargetSetState::Ended))
    }

    async fn create_targets(&self, contract: &Contract) -> Result<TargetSet> {
        let request = CreateTargetSetRequest {
            contract: contract.name.clone(),
            objectives: self.planned.objectives.clone(),
            note: self.planned.note.clone(),
            request_id: self.demo.request_id(&["CreateTargetSet", &contract.name]),
            ..Default::default()
        };
        Ok(call!(
            self.agency().target_sets(),
            create_target_set,
            request.clone()
        )
        .await?)
    }

    async fn consult_and_freeze(&self, contract: &Contract) -> Result<Contract> {
        let mut contract = contract.clone();
        for body in self.planned.consultations() {
            if contract.opinions.iter().any(|opinion| opinion.body == body) {
                continue;
            }
            let request = RecordOpinionRequest {
                name: contract.name.clone(),
                etag: contract.etag.clone(),
                body: body.to_owned(),
                sense: OpinionSense::Favourable.into(),
                date: OPINION_DATE.to_owned(),
                comment: "Avis de démonstration.".to_owned(),
                request_id: self.request_id("RecordOpinion", &contract, body),
            };
            contract = call!(self.agency().contracts(), record_opinion, request.clone()).await?;
        }
        let request = FreezeContractRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            request_id: self.request_id("FreezeContract", &contract, ""),
        };
        Ok(call!(self.agency().contracts(), freeze_contract, request.clone()).await?)
    }

    async fn sign(&self, contract: &Contract) -> Result<Contract> {
        let mut contract = contract.clone();
        for party in contract.required_signatories.clone() {
            if contract
                .signatures
                .iter()
                .any(|signature| signature.party == party)
            {
                continue;
            }
            let (session, title) = match party.as_str() {
                "ars" => (
                    &self.demo.personas.director_general,
                    "Directrice générale de l’agence",
                ),
                _ => (&self.director, "Directeur, représentant légal"),
            };
            let request = SignContractRequest {
                name: contract.name.clone(),
                etag: contract.etag.clone(),
                party: party.clone(),
                signatory_title: title.to_owned(),
                document_sha256: contract.document_sha256.clone(),
                request_id: self.request_id("SignContract", &contract, &party),
            };
            contract = call!(session.contracts(), sign_contract, request.clone()).await?;
        }
        Ok(contract)
    }

    /// The clock, not a person, brings a signed contract into force.
    async fn wait_for_effect(&self, contract: &Contract) -> Result<Contract> {
        until("entry into force", async || {
            let contract = self.reload(contract).await?;
            Ok(match contract.state() {
                ContractState::Signed => Err(format!("{} is signed", contract.name)),
                _ => Ok(contract),
            })
        })
        .await
    }
}
