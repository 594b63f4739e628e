//! Where a scenario begins: the usual way to each state of a contract.

use cpom_tests::scenario::{Entity, patiently, text};
use cucumber::given;
use proto::contracts::v1::{
    AgreeToVersionRequest, Contract, ContractContent, ContractText, CreateContractRequest,
    FreezeContractRequest, OpenNegotiationRequest, OpinionSense, RecordOpinionRequest, RegimeKind,
    StrategicObjective,
};
use testkit::request_id;

use crate::{
    figures::{COUNCIL, Day, Someone},
    world::Specification,
};

/// The contracts of the scenarios: five years from the first of April 2026.
const EFFECT_DATE: &str = "2026-04-01";
const END_DATE: &str = "2031-03-31";
const FIRST_YEAR: i32 = 2026;

pub(crate) fn usual_text(entity: &Entity) -> ContractText {
    let mut text = ContractText {
        effect_date: EFFECT_DATE.to_owned(),
        end_date: END_DATE.to_owned(),
        ..text(entity)
    };
    for (place, objective) in text.objectives.iter_mut().enumerate() {
        objective.code = format!("O{}", place + 1);
    }
    text
}

#[given("une région dont les établissements sont inscrits au FINESS")]
async fn a_registry(world: &mut Specification) -> anyhow::Result<()> {
    world.enter_registry("355").await
}

#[given("une région dont les hôpitaux des armées sont inscrits au FINESS")]
async fn a_registry_of_the_armed_forces(world: &mut Specification) -> anyhow::Result<()> {
    world.enter_registry("114").await
}

#[given("une région dont les EHPAD sont inscrits au FINESS")]
async fn a_registry_of_care_homes(world: &mut Specification) -> anyhow::Result<()> {
    world.regime_kind = RegimeKind::Ehpad;
    world.enter_registry("500").await
}

/// The text of a contract that the departmental council signs too.
fn tripartite(world: &Specification) -> anyhow::Result<ContractText> {
    let content = ContractContent {
        departmental_councils: vec![COUNCIL.to_owned()],
        ..Default::default()
    };
    Ok(ContractText {
        content: Some(content),
        ..usual_text(world.entity()?)
    })
}

#[given("un projet de CPOM d’EHPAD")]
async fn a_draft_of_care_homes(world: &mut Specification) -> anyhow::Result<()> {
    let text = tripartite(world)?;
    draft(world, text).await
}

#[given("un CPOM d’EHPAD prêt à être signé")]
async fn a_contract_of_care_homes_to_sign(world: &mut Specification) -> anyhow::Result<()> {
    let text = tripartite(world)?;
    contract_to_sign(world, text, FIRST_YEAR).await
}

#[given("un projet de CPOM")]
async fn a_draft(world: &mut Specification) -> anyhow::Result<()> {
    let text = usual_text(world.entity()?);
    draft(world, text).await
}

#[given(expr = "un projet de CPOM comportant {int} objectif(s) stratégique(s)")]
async fn a_draft_with_objectives(world: &mut Specification, count: usize) -> anyhow::Result<()> {
    let objective = StrategicObjective {
        axis: "A".to_owned(),
        title: "Développer la chirurgie ambulatoire".to_owned(),
        ..Default::default()
    };
    let text = ContractText {
        objectives: vec![objective; count],
        ..usual_text(world.entity()?)
    };
    draft(world, text).await
}

#[given("un projet de CPOM sans établissement couvert")]
async fn a_draft_without_sites(world: &mut Specification) -> anyhow::Result<()> {
    let text = ContractText {
        establishments: Vec::new(),
        ..usual_text(world.entity()?)
    };
    draft(world, text).await
}

#[given(expr = "un projet de CPOM prenant effet le {jour} et finissant le {jour}")]
async fn a_draft_of_term(world: &mut Specification, effect: Day, end: Day) -> anyhow::Result<()> {
    let text = ContractText {
        effect_date: effect.0.to_string(),
        end_date: end.0.to_string(),
        ..usual_text(world.entity()?)
    };
    draft(world, text).await
}

#[given("la négociation ouverte")]
async fn the_negotiation_is_open(world: &mut Specification) -> anyhow::Result<()> {
    open_negotiation(world).await
}

#[given("un CPOM en négociation")]
async fn a_contract_in_negotiation(world: &mut Specification) -> anyhow::Result<()> {
    a_draft(world).await?;
    open_negotiation(world).await
}

#[given("l’accord du chargé de contractualisation sur la version")]
async fn the_agency_has_agreed(world: &mut Specification) -> anyhow::Result<()> {
    agree(world, Someone::ContractManager).await
}

#[given("un CPOM en consultation")]
async fn a_contract_in_consultation(world: &mut Specification) -> anyhow::Result<()> {
    let text = usual_text(world.entity()?);
    consulted(world, text).await?;
    with_targets(world, FIRST_YEAR).await
}

#[given("un CPOM en consultation sans cibles convenues")]
async fn a_contract_in_consultation_without_targets(
    world: &mut Specification,
) -> anyhow::Result<()> {
    let text = usual_text(world.entity()?);
    consulted(world, text).await
}

#[given("un CPOM prêt à être signé")]
async fn a_usual_contract_to_sign(world: &mut Specification) -> anyhow::Result<()> {
    let text = usual_text(world.entity()?);
    contract_to_sign(world, text, FIRST_YEAR).await
}

/// A text that both sides approve.
async fn consulted(world: &mut Specification, text: ContractText) -> anyhow::Result<()> {
    draft(world, text).await?;
    open_negotiation(world).await?;
    agree(world, Someone::Manager).await?;
    agree(world, Someone::Director).await
}

/// Targets of a year on which both sides agree.
async fn with_targets(world: &mut Specification, year: i32) -> anyhow::Result<()> {
    let (contract, entity) = (world.contract()?, world.entity()?.clone());
    let scenario = world.scenario()?;
    scenario
        .agree_on_targets(&contract.name, &entity, year)
        .await?;
    Ok(())
}

/// A frozen contract whose targets begin in `year`.
pub(crate) async fn contract_to_sign(
    world: &mut Specification,
    text: ContractText,
    year: i32,
) -> anyhow::Result<()> {
    let bodies = text.consultations.clone();
    consulted(world, text).await?;
    with_targets(world, year).await?;
    let manager = world.persona(Someone::ContractManager)?;
    let mut client = world.suite()?.contracts(&manager)?;
    let Contract { name, mut etag, .. } = world.contract()?;
    for body in bodies {
        let opinion = RecordOpinionRequest {
            name: name.clone(),
            etag,
            body,
            sense: OpinionSense::Favourable.into(),
            date: "2026-03-02".to_owned(),
            comment: String::new(),
            request_id: request_id(),
        };
        etag = client.record_opinion(opinion).await?.into_inner().etag;
    }
    let freeze = FreezeContractRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let frozen = patiently(|| {
        let (mut client, freeze) = (client.clone(), freeze.clone());
        async move { client.freeze_contract(freeze).await }
    });
    world.set_contract(frozen.await?);
    Ok(())
}

#[given("un CPOM signé")]
async fn a_signed_contract(world: &mut Specification) -> anyhow::Result<()> {
    a_usual_contract_to_sign(world).await?;
    let contract = signed(world, world.contract()?).await?;
    world.set_contract(contract);
    Ok(())
}

#[given("un second CPOM signé pour le même établissement")]
async fn a_rival(world: &mut Specification) -> anyhow::Result<()> {
    let first = world.contract()?;
    a_usual_contract_to_sign(world).await?;
    let rival = signed(world, world.contract()?).await?;
    world.rival = Some(rival);
    world.set_contract(first);
    Ok(())
}

#[given("un CPOM en vigueur")]
pub(crate) async fn a_contract_in_force(world: &mut Specification) -> anyhow::Result<()> {
    let entity = world.entity()?.clone();
    let scenario = world.scenario()?;
    let name = scenario.contract_in_force(&entity).await?;
    let contract = scenario.contract(&name).await?;
    world.set_contract(contract);
    Ok(())
}

/// Both parties sign.
pub(crate) async fn signed(world: &Specification, contract: Contract) -> anyhow::Result<Contract> {
    let scenario = world.scenario()?;
    let general = world.persona(Someone::DirectorGeneral)?;
    let director = world.persona(Someone::Director)?;
    let party = format!("legalEntities/{}", world.entity()?.finess);
    let contract = scenario.sign(&contract, &general, "ars").await?;
    scenario.sign(&contract, &director, &party).await
}

async fn draft(world: &mut Specification, text: ContractText) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let client = world.suite()?.contracts(&manager)?;
    let request = CreateContractRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        text: Some(text),
        regime_kind: world.regime_kind.into(),
        request_id: request_id(),
    };
    let contract = patiently(|| {
        let (mut client, request) = (client.clone(), request.clone());
        async move { client.create_contract(request).await }
    })
    .await?;
    world.set_contract(contract);
    Ok(())
}

async fn open_negotiation(world: &mut Specification) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let mut client = world.suite()?.contracts(&manager)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = OpenNegotiationRequest {
        name,
        etag,
        request_id: request_id(),
    };
    world.set_contract(client.open_negotiation(request).await?.into_inner());
    Ok(())
}

async fn agree(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = AgreeToVersionRequest {
        name,
        etag,
        request_id: request_id(),
    };
    world.set_contract(client.agree_to_version(request).await?.into_inner());
    Ok(())
}
