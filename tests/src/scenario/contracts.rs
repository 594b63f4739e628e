//! From a draft to a contract in force, with its targets: every step by the person whose step it is.

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::{
    contracts::v1::{
        AgreeToVersionRequest, Contract, ContractState, ContractText, CreateContractRequest,
        FreezeContractRequest, GetContractRequest, GetFrozenDocumentRequest,
        OpenNegotiationRequest, OpinionSense, RecordOpinionRequest, SignContractRequest,
        StrategicObjective,
    },
    targets::v1::{
        AgreeToTargetSetRequest, CreateTargetSetRequest, GetTargetSetRequest, Objective,
        ObjectiveKind, TargetSet, TargetSetState, YearlyTarget,
    },
    types::v1::Unit,
};
use testkit::{Persona, request_id};

use super::{Entity, Scenario, patiently, wait_for};

pub const EFFECT_DATE: &str = "2023-01-01";
pub const END_DATE: &str = "2027-12-31";
/// The year that is controlled: over, and inside the contracts.
pub const YEAR: i32 = 2024;

pub const CONSULTATION: &str = "Conseil de surveillance";
/// Contracts brought into force at the same time.
const CONCURRENCY: usize = 8;

impl Scenario<'_> {
    /// Brings a contract into force for each entity and returns their names in the same order.
    pub async fn contracts_in_force(&self, entities: &[Entity]) -> anyhow::Result<Vec<String>> {
        stream::iter(entities)
            .map(|entity| self.contract_in_force(entity))
            .buffered(CONCURRENCY)
            .try_collect()
            .await
    }

    /// Brings a contract into force and waits until its targets are in effect.
    pub async fn contract_in_force(&self, entity: &Entity) -> anyhow::Result<String> {
        let contract = self.contract_to_sign(entity).await?;
        let director = self.people.director_of(entity.finess);
        let party = format!("legalEntities/{}", entity.finess);
        let contract = self
            .sign(&contract, &self.people.director_general(), "ars")
            .await?;
        let contract = self.sign(&contract, &director, &party).await?;
        anyhow::ensure!(contract.state() == ContractState::InForce, "{contract:?}");
        self.wait_until_targets_in_effect(&contract.target_set)
            .await?;
        Ok(contract.name)
    }

    /// A frozen contract that waits for its signatures.
    pub async fn contract_to_sign(&self, entity: &Entity) -> anyhow::Result<Contract> {
        let manager = self.people.contract_manager();
        let director = self.people.director_of(entity.finess);
        let contract = self.draft(entity).await?;
        self.agree_on_targets(&contract.name, entity, YEAR).await?;
        let mut contracts = self.suite.contracts(&manager)?;
        let contract = contracts
            .open_negotiation(OpenNegotiationRequest {
                name: contract.name,
                etag: contract.etag,
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let mut contract = contract;
        for side in [&manager, &director] {
            contract = self
                .suite
                .contracts(side)?
                .agree_to_version(AgreeToVersionRequest {
                    name: contract.name,
                    etag: contract.etag,
                    request_id: request_id(),
                })
                .await?
                .into_inner();
        }
        let contract = contracts
            .record_opinion(RecordOpinionRequest {
                name: contract.name,
                etag: contract.etag,
                body: CONSULTATION.to_owned(),
                sense: OpinionSense::Favourable.into(),
                date: "2022-11-15".to_owned(),
                comment: String::new(),
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let freeze = FreezeContractRequest {
            name: contract.name,
            etag: contract.etag,
            request_id: request_id(),
        };
        let contract = patiently(|| {
            let (mut contracts, freeze) = (contracts.clone(), freeze.clone());
            async move { contracts.freeze_contract(freeze).await }
        })
        .await?;
        Ok(contract)
    }

    /// A draft between the agency and one entity for all its sites.
    pub async fn draft(&self, entity: &Entity) -> anyhow::Result<Contract> {
        let request = CreateContractRequest {
            region: self.people.region.code().to_owned(),
            text: Some(text(entity)),
            request_id: request_id(),
            ..Default::default()
        };
        let client = self.suite.contracts(&self.people.contract_manager())?;
        let contract = patiently(|| {
            let (mut client, request) = (client.clone(), request.clone());
            async move { client.create_contract(request).await }
        })
        .await?;
        Ok(contract)
    }

    /// Reads the document as it stands, and signs it.
    pub async fn sign(
        &self,
        contract: &Contract,
        signatory: &Persona,
        party: &str,
    ) -> anyhow::Result<Contract> {
        let document = self
            .suite
            .contracts(signatory)?
            .get_frozen_document(GetFrozenDocumentRequest {
                name: contract.name.clone(),
            })
            .await?
            .into_inner();
        anyhow::ensure!(
            document.sha256 == contract.document_sha256,
            "one document for all"
        );
        self.sign_read(contract, signatory, party).await
    }

    /// Signs a document that the signatory has read.
    pub async fn sign_read(
        &self,
        contract: &Contract,
        signatory: &Persona,
        party: &str,
    ) -> anyhow::Result<Contract> {
        let signed = self
            .suite
            .contracts(signatory)?
            .sign_contract(SignContractRequest {
                name: contract.name.clone(),
                etag: contract.etag.clone(),
                party: party.to_owned(),
                signatory_title: "Directrice générale".to_owned(),
                document_sha256: contract.document_sha256.clone(),
                request_id: request_id(),
            })
            .await?;
        Ok(signed.into_inner())
    }

    /// Reads a contract as its manager does.
    pub async fn contract(&self, name: &str) -> anyhow::Result<Contract> {
        let mut client = self.suite.contracts(&self.people.contract_manager())?;
        Ok(client
            .get_contract(GetContractRequest {
                name: name.to_owned(),
            })
            .await?
            .into_inner())
    }

    /// Both sides agree to targets for one year of the contract.
    pub async fn agree_on_targets(
        &self,
        contract: &str,
        entity: &Entity,
        year: i32,
    ) -> anyhow::Result<TargetSet> {
        let manager = self.people.contract_manager();
        let request = CreateTargetSetRequest {
            contract: contract.to_owned(),
            objectives: objectives(entity, year)?,
            request_id: request_id(),
            ..Default::default()
        };
        let client = self.suite.target_sets(&manager)?;
        let mut set = patiently(|| {
            let (mut client, request) = (client.clone(), request.clone());
            async move { client.create_target_set(request).await }
        })
        .await?;
        for side in [manager, self.people.director_of(entity.finess)] {
            let request = AgreeToTargetSetRequest {
                name: set.name,
                etag: set.etag,
                request_id: request_id(),
            };
            set = self
                .suite
                .target_sets(&side)?
                .agree_to_target_set(request)
                .await?
                .into_inner();
        }
        anyhow::ensure!(set.state() == TargetSetState::Agreed, "{set:?}");
        Ok(set)
    }

    async fn wait_until_targets_in_effect(&self, target_set: &str) -> anyhow::Result<()> {
        let client = self.suite.target_sets(&self.people.contract_manager())?;
        let request = GetTargetSetRequest {
            name: target_set.to_owned(),
        };
        wait_for("the targets take effect with their contract", || {
            let (mut client, request) = (client.clone(), request.clone());
            async move {
                let set = client.get_target_set(request).await?.into_inner();
                Ok((set.state() == TargetSetState::InEffect).then_some(()))
            }
        })
        .await
    }
}

/// The text of a contract with an entity for all its sites.
pub fn text(entity: &Entity) -> ContractText {
    ContractText {
        title: format!("CPOM {}", entity.finess),
        legal_entities: vec![format!("legalEntities/{}", entity.finess)],
        establishments: entity
            .sites
            .iter()
            .map(|site| format!("establishments/{site}"))
            .collect(),
        effect_date: EFFECT_DATE.to_owned(),
        end_date: END_DATE.to_owned(),
        objectives: vec![StrategicObjective {
            axis: "A".to_owned(),
            title: "Positionnement territorial".to_owned(),
            description: String::new(),
            ..Default::default()
        }],
        consultations: vec![CONSULTATION.to_owned()],
        ..Default::default()
    }
}

/// A volume, which informs, for each site; and devices, which bind and may be penalised, for the first.
fn objectives(entity: &Entity, year: i32) -> anyhow::Result<Vec<Objective>> {
    let yearly = |point: &str| {
        vec![YearlyTarget {
            year,
            point: point.to_owned(),
            band: None,
        }]
    };
    let mut objectives: Vec<Objective> = entity
        .sites
        .iter()
        .map(|site| Objective {
            id: format!("stays-{site}"),
            title: "Séjours hors séances".to_owned(),
            kind: ObjectiveKind::Pilot.into(),
            subject: site.to_string(),
            indicator: "MCO_STAYS".to_owned(),
            unit: Unit::Stays.into(),
            yearly: yearly("1000"),
            ..Default::default()
        })
        .collect();
    let first = entity.sites.first().context("an entity has a site")?;
    objectives.push(Objective {
        id: format!("devices-{first}"),
        title: "Appareils d’imagerie en coupes".to_owned(),
        kind: ObjectiveKind::Quantified.into(),
        subject: first.to_string(),
        indicator: "IMAGING_DEVICES".to_owned(),
        unit: Unit::Devices.into(),
        yearly: yearly("2"),
        opposable: true,
        penalty_eligible: true,
        ..Default::default()
    });
    Ok(objectives)
}
