//! What the public reads of a contract, without a token (CRPA L311-1, L311-2, L311-5, L311-6).

use anyhow::{Context as _, bail};
use cpom_tests::suite::Service;
use cucumber::{given, then};
use proto::contracts::v1::{
    Clause, Confidentiality, ContractContent, ContractText, GetContractRequest,
    GetPublishedContractRequest, PublishedText,
    published_contract_service_client::PublishedContractServiceClient,
};
use tonic::{Code, Response, Status};

use super::given::{contract_to_sign, signed, usual_text};
use crate::{figures::Someone, world::Specification};

const OPEN: &str = "ART-1";
const PROTECTED: &str = "ART-2";
/// First of the years of the contracts of the scenarios.
const FIRST_YEAR: i32 = 2026;

#[given(regex = "^un CPOM signé dont une clause est publique et l’autre protégée au titre (.+)$")]
async fn a_contract_with_a_secret(world: &mut Specification, ground: String) -> anyhow::Result<()> {
    let ground = match ground.as_str() {
        "du secret des affaires" => Confidentiality::BusinessSecret,
        "de la vie privée" => Confidentiality::Personal,
        "de la qualité et la sécurité des soins" => Confidentiality::CareQuality,
        "des documents préparatoires" => Confidentiality::Preparatory,
        other => bail!("no clause is protected « {other} »"),
    };
    let clause = |code: &str, class: Confidentiality| Clause {
        code: code.to_owned(),
        title: format!("Article {code}"),
        text: format!("Les parties conviennent de l’article {code}."),
        confidentiality: class.into(),
    };
    let content = ContractContent {
        clauses: vec![
            clause(OPEN, Confidentiality::Public),
            clause(PROTECTED, ground),
        ],
        ..Default::default()
    };
    let text = ContractText {
        content: Some(content),
        ..usual_text(world.entity()?)
    };
    contract_to_sign(world, text, FIRST_YEAR).await?;
    let contract = signed(world, world.contract()?).await?;
    world.set_contract(contract);
    Ok(())
}

/// The contract as anybody reads it now.
async fn published(world: &Specification) -> anyhow::Result<Result<PublishedText, Status>> {
    world.nothing_refused()?;
    let channel = rpc::client::channel(&world.suite()?.url(Service::Contracts)?)?;
    let mut client = PublishedContractServiceClient::new(channel);
    let name = world.contract()?.name;
    let name = name.replace("contracts/", "publishedContracts/");
    let request = GetPublishedContractRequest { name };
    let answer = client.get_published_contract(request).await;
    Ok(answer.map(Response::into_inner))
}

#[then("le public ne trouve pas le CPOM")]
async fn is_not_found(world: &mut Specification) -> anyhow::Result<()> {
    let answer = published(world).await?;
    assert_eq!(answer.map_err(|status| status.code()), Err(Code::NotFound));
    Ok(())
}

#[then("le public lit la clause publique")]
async fn the_open_clause_is_read(world: &mut Specification) -> anyhow::Result<()> {
    let text = published(world).await??;
    let open = text.clauses.iter().find(|clause| clause.code == OPEN);
    assert!(open.is_some_and(|clause| clause.text.contains(OPEN)));
    Ok(())
}

#[then("le public ne lit de l’autre clause que le motif qui la protège")]
async fn the_other_clause_is_withheld(world: &mut Specification) -> anyhow::Result<()> {
    let content = world.contract()?.text.and_then(|text| text.content);
    let clauses = content.unwrap_or_default().clauses;
    let secret = clauses.iter().find(|clause| clause.code == PROTECTED);
    let secret = secret.context("a protected clause")?;
    let text = published(world).await??;
    assert!(!format!("{text:?}").contains(&secret.text), "{text:?}");
    let withheld = text.withheld.iter().find(|one| one.code == PROTECTED);
    let ground = withheld.context("a withheld passage")?.ground();
    assert_eq!(ground, secret.confidentiality());
    Ok(())
}

#[then(expr = "{personne} lit les deux clauses")]
async fn reads_both(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let name = world.contract()?.name;
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let read = client.get_contract(GetContractRequest { name }).await?;
    let content = read.into_inner().text.and_then(|text| text.content);
    let codes: Vec<String> = content
        .unwrap_or_default()
        .clauses
        .into_iter()
        .map(|clause| clause.code)
        .collect();
    assert_eq!(codes, [OPEN, PROTECTED]);
    Ok(())
}
