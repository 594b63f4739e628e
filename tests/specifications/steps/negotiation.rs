//! Drafting and negotiating: guards C1 to C4, and C20.

use cpom_tests::scenario::patiently;
use cucumber::{then, when};
use proto::contracts::v1::{
    AbandonContractRequest, AgreeToVersionRequest, Competence, CompetenceMark, Contract,
    ContractText, ContractVersion, CreateContractRequest, FundingLine, FundingSource,
    GetContractRequest, ListContractVersionsRequest, ListContractsRequest, ListPositionsRequest,
    OpenNegotiationRequest, ProposeVersionRequest, RecordPositionRequest, Stance,
    StrategicObjective,
};
use testkit::request_id;
use tonic::Code;

use super::given::usual_text;
use crate::{figures::Someone, world::Specification};

/// Well-formed, and in no registry of these scenarios.
const UNKNOWN_SITE: &str = "010008407";

fn creation(world: &Specification, text: ContractText) -> anyhow::Result<CreateContractRequest> {
    Ok(CreateContractRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        text: Some(text),
        regime_kind: world.regime_kind.into(),
        request_id: request_id(),
    })
}

#[when(regex = "^(.+) ouvre un (?:second )?projet de CPOM(?: pour le même établissement)?$")]
async fn drafts(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let earlier = world.contract().ok();
    let text = match &earlier {
        Some(contract) => contract.text.clone().unwrap_or_default(),
        None => usual_text(world.entity()?),
    };
    let request = creation(world, text)?;
    let client = world.suite()?.contracts(&world.persona(who)?)?;
    let answer = patiently(|| {
        let (mut client, request) = (client.clone(), request.clone());
        async move { client.create_contract(request).await }
    })
    .await;
    world.contract_answer(answer.map(tonic::Response::new))
}

#[when(expr = "{personne} ouvre un projet de CPOM pour un établissement inconnu du FINESS")]
async fn drafts_for_an_unknown_site(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut text = usual_text(world.entity()?);
    text.establishments
        .push(format!("establishments/{UNKNOWN_SITE}"));
    let request = creation(world, text)?;
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let answer = client.create_contract(request).await;
    world.contract_answer(answer)
}

#[when(expr = "{personne} ouvre la négociation")]
async fn opens_the_negotiation(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = OpenNegotiationRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.open_negotiation(request).await;
    world.contract_answer(answer)
}

/// Proposes the current text with a change.
pub(super) async fn propose(
    world: &mut Specification,
    who: Someone,
    change: impl FnOnce(&mut ContractText) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let contract = world.contract()?;
    let mut text = contract.text.unwrap_or_default();
    change(&mut text)?;
    let request = ProposeVersionRequest {
        name: contract.name,
        etag: contract.etag,
        text: Some(text),
        comment: String::new(),
        request_id: request_id(),
    };
    let answer = client.propose_version(request).await;
    world.contract_answer(answer)
}

#[when(regex = r"^(.+) propose une nouvelle version intitulée «\s(.+)\s»$")]
async fn proposes(world: &mut Specification, who: Someone, title: String) -> anyhow::Result<()> {
    propose(world, who, |text| {
        text.title = title;
        Ok(())
    })
    .await
}

#[when(regex = r"^(.+) inscrit (\d+) euros (du département|de l’ARS)$")]
async fn enters_money(
    world: &mut Specification,
    who: Someone,
    euros: u32,
    payer: String,
) -> anyhow::Result<()> {
    let source = match payer.as_str() {
        "du département" => FundingSource::Department,
        _ => FundingSource::Fir,
    };
    let line = FundingLine {
        code: format!("{}-2027", source.as_str_name()),
        label: "Section dépendance".to_owned(),
        source: source.into(),
        year: 2027,
        amount_eur: euros.to_string(),
        ..Default::default()
    };
    propose(world, who, |text| {
        text.content.get_or_insert_default().funding.push(line);
        Ok(())
    })
    .await
}

#[when(expr = "{personne} accepte l’objectif {word}")]
async fn accepts_an_objective(
    world: &mut Specification,
    who: Someone,
    objective: String,
) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let request = RecordPositionRequest {
        name: world.contract()?.name,
        text_version: world.contract_now().await?.text_version,
        objective,
        stance: Stance::Accepted.into(),
        comment: String::new(),
        request_id: request_id(),
        department: String::new(),
    };
    let mut client = world.suite()?.negotiation(&world.persona(who)?)?;
    client.record_position(request).await?;
    Ok(())
}

#[then(expr = "l’objectif {word} porte la position du département {word}, et aucune autre")]
async fn bears_the_position_of(
    world: &mut Specification,
    objective: String,
    department: String,
) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let request = ListPositionsRequest {
        name: world.contract()?.name,
        text_version: 0,
    };
    let mut client = world.suite()?.negotiation(&auditor)?;
    let positions = client.list_positions(request).await?.into_inner().positions;
    let told: Vec<(&str, &str)> = positions
        .iter()
        .map(|position| (position.objective.as_str(), position.department.as_str()))
        .collect();
    let department = format!("departments/{department}");
    assert_eq!(told, [(objective.as_str(), department.as_str())]);
    Ok(())
}

#[when(
    regex = r"^(.+) inscrit un objectif (de la compétence du département|de compétence conjointe|de la compétence de l’ARS|sans mention de compétence)$"
)]
async fn enters_an_objective(
    world: &mut Specification,
    who: Someone,
    mark: String,
) -> anyhow::Result<()> {
    let competence = match mark.as_str() {
        "de la compétence du département" => Some(Competence::Department),
        "de compétence conjointe" => Some(Competence::Joint),
        "de la compétence de l’ARS" => Some(Competence::Ars),
        _ => None,
    };
    let mark = competence.map(|competence| CompetenceMark {
        competence: competence.into(),
        since_date: "2017-01-01".to_owned(),
        ..Default::default()
    });
    propose(world, who, |text| {
        text.objectives.push(StrategicObjective {
            axis: "1".to_owned(),
            title: "Développer l’accueil de jour".to_owned(),
            code: format!("N{}", text.objectives.len() + 1),
            competence: mark,
            ..Default::default()
        });
        Ok(())
    })
    .await
}

#[then(expr = "{personne} voit le CPOM parmi les siens")]
async fn is_visible(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    assert_eq!(seen_by(world, who).await?, (true, true));
    Ok(())
}

#[then(expr = "{personne} ne voit pas le CPOM")]
async fn is_not_visible(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    assert_eq!(seen_by(world, who).await?, (false, false));
    Ok(())
}

/// Whether somebody reads the contract, and whether it is among those they list in its region.
async fn seen_by(world: &Specification, who: Someone) -> anyhow::Result<(bool, bool)> {
    world.nothing_refused()?;
    let Contract { name, region, .. } = world.contract()?;
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let request = GetContractRequest { name: name.clone() };
    let read = match client.get_contract(request).await {
        Ok(_) => true,
        Err(status) if status.code() == Code::NotFound => false,
        Err(status) => return Err(status.into()),
    };
    let request = ListContractsRequest {
        region,
        page_size: 1_000,
        ..Default::default()
    };
    let listed = client.list_contracts(request).await?.into_inner().contracts;
    Ok((read, listed.iter().any(|contract| contract.name == name)))
}

#[when(expr = "{personne} approuve la version")]
async fn agrees(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = AgreeToVersionRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.agree_to_version(request).await;
    world.contract_answer(answer)
}

#[when(expr = "{personne} abandonne le projet")]
async fn abandons(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    abandon(world, who, "Les établissements fusionnent.").await
}

#[when(expr = "{personne} abandonne le projet sans motif")]
async fn abandons_without_reasons(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    abandon(world, who, "").await
}

async fn abandon(world: &mut Specification, who: Someone, reasons: &str) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = AbandonContractRequest {
        name,
        etag,
        reasons: reasons.to_owned(),
        request_id: request_id(),
    };
    let answer = client.abandon_contract(request).await;
    world.contract_answer(answer)
}

#[then(expr = "il relève du régime {word}")]
fn is_under_the_regime(world: &mut Specification, regime: String) -> anyhow::Result<()> {
    assert_eq!(world.contract()?.legal_regime, regime);
    Ok(())
}

#[then("aucune partie n’a donné son accord")]
async fn nobody_agrees(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert!(world.contract_now().await?.agreed_by.is_empty());
    Ok(())
}

#[then(expr = "le texte en est à la version {int}")]
async fn is_at_version(world: &mut Specification, number: i32) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.contract_now().await?.text_version, number);
    Ok(())
}

#[then(expr = "la version {int} du texte est celle du projet")]
async fn is_the_version_of_the_draft(
    world: &mut Specification,
    number: usize,
) -> anyhow::Result<()> {
    let version = version(world, number).await?;
    assert_eq!(version.text, Some(usual_text(world.entity()?)));
    Ok(())
}

#[then(regex = r"^la version (\d+) du texte est intitulée «\s(.+)\s»$")]
async fn has_the_title(
    world: &mut Specification,
    number: usize,
    title: String,
) -> anyhow::Result<()> {
    let text = version(world, number).await?.text.unwrap_or_default();
    assert_eq!(text.title, title);
    Ok(())
}

/// A version as an auditor reads it, counted from one.
async fn version(world: &Specification, number: usize) -> anyhow::Result<ContractVersion> {
    world.nothing_refused()?;
    let auditor = world.scenario()?.people.auditor();
    let request = ListContractVersionsRequest {
        name: world.contract()?.name,
    };
    let mut client = world.suite()?.contracts(&auditor)?;
    let versions = client
        .list_contract_versions(request)
        .await?
        .into_inner()
        .versions;
    let place = number.checked_sub(1);
    let version = place.and_then(|place| versions.into_iter().nth(place));
    version.ok_or_else(|| anyhow::anyhow!("there is no version {number}"))
}
