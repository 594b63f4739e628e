//! What changed between two versions of a text, element by element.

use anyhow::{Context as _, bail};
use cpom_tests::suite::Service;
use cucumber::{gherkin::Step, then, when};
use proto::contracts::v1::{
    ChangeKind, DiffVersionsRequest, FundingLine, FundingSource, TextChange, TextSection,
    negotiation_service_client::NegotiationServiceClient,
};
use tonic::{Code, Status};

use super::negotiation::propose;
use crate::{figures::Someone, world::Specification};

#[when(regex = r"^(.+) réécrit l’objectif (\w+)\s: «\s(.+)\s»$")]
async fn rewrites(
    world: &mut Specification,
    who: Someone,
    code: String,
    title: String,
) -> anyhow::Result<()> {
    propose(world, who, |text| {
        let mut objectives = text.objectives.iter_mut();
        let found = objectives.find(|objective| objective.code == code);
        found.context("an objective of this code")?.title = title;
        Ok(())
    })
    .await
}

#[when(expr = "{personne} inscrit le financement {word} de {word} euros")]
async fn enters(
    world: &mut Specification,
    who: Someone,
    code: String,
    amount: String,
) -> anyhow::Result<()> {
    propose(world, who, |text| {
        let line = FundingLine {
            code,
            label: "Section dépendance".to_owned(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: amount,
            ..Default::default()
        };
        text.content.get_or_insert_default().funding.push(line);
        Ok(())
    })
    .await
}

#[when(expr = "{personne} porte le financement {word} à {word} euros")]
async fn raises(
    world: &mut Specification,
    who: Someone,
    code: String,
    amount: String,
) -> anyhow::Result<()> {
    propose(world, who, |text| {
        let mut funding = text.content.iter_mut().flat_map(|c| &mut c.funding);
        let found = funding.find(|line| line.code == code);
        found.context("a funding line of this code")?.amount_eur = amount;
        Ok(())
    })
    .await
}

/// The differences as somebody reads them.
async fn compared(
    world: &Specification,
    who: Someone,
    (from_version, to_version): (i32, i32),
) -> anyhow::Result<Result<Vec<TextChange>, Status>> {
    world.nothing_refused()?;
    let peer = world
        .suite()?
        .peer(Service::Contracts, &world.persona(who)?)?;
    let request = DiffVersionsRequest {
        name: world.contract()?.name,
        from_version,
        to_version,
    };
    let answer = NegotiationServiceClient::new(peer)
        .diff_versions(request)
        .await;
    Ok(answer.map(|response| response.into_inner().changes))
}

/// A difference in the words of the specifications.
fn told(change: &TextChange) -> anyhow::Result<Vec<String>> {
    let section = match change.section() {
        TextSection::Objective => "objectif",
        TextSection::Funding => "financement",
        other => bail!("no word for {other:?}"),
    };
    let kind = match change.kind() {
        ChangeKind::Added => "ajouté",
        ChangeKind::Removed => "retiré",
        ChangeKind::Changed => "modifié",
        ChangeKind::Unspecified => bail!("what happened is not said"),
    };
    let field = match change.field.as_str() {
        "" => "",
        "title" => "intitulé",
        "amount_eur" => "montant",
        other => bail!("no word for {other}"),
    };
    Ok(vec![
        section.to_owned(),
        change.code.clone(),
        kind.to_owned(),
        field.to_owned(),
        change.before.clone(),
        change.after.clone(),
    ])
}

#[then(expr = "de la version {int} à la version {int}, le texte change ainsi")]
async fn changes(world: &mut Specification, from: i32, to: i32, step: &Step) -> anyhow::Result<()> {
    let rows = step.table.as_ref().map(|table| table.rows.as_slice());
    let expected = rows.and_then(|rows| rows.get(1..)).unwrap_or_default();
    anyhow::ensure!(!expected.is_empty(), "the step has a table");
    let changes = compared(world, Someone::ContractManager, (from, to)).await??;
    let told = changes
        .iter()
        .map(told)
        .collect::<anyhow::Result<Vec<_>>>()?;
    assert_eq!(told, expected);
    Ok(())
}

#[then(expr = "de la version {int} à la version {int}, le texte ne change pas")]
async fn stays(world: &mut Specification, from: i32, to: i32) -> anyhow::Result<()> {
    let changes = compared(world, Someone::ContractManager, (from, to)).await??;
    assert!(changes.is_empty(), "{changes:?}");
    Ok(())
}

#[then(expr = "{personne} peut comparer les versions {int} et {int}")]
async fn may_compare(
    world: &mut Specification,
    who: Someone,
    from: i32,
    to: i32,
) -> anyhow::Result<()> {
    let changes = compared(world, who, (from, to)).await??;
    assert!(!changes.is_empty());
    Ok(())
}

#[then(expr = "{personne} ne peut pas comparer les versions {int} et {int}")]
async fn may_not_compare(
    world: &mut Specification,
    who: Someone,
    from: i32,
    to: i32,
) -> anyhow::Result<()> {
    let answer = compared(world, who, (from, to)).await?;
    assert_eq!(answer.map_err(|status| status.code()), Err(Code::NotFound));
    Ok(())
}
