//! What is due, as those who read the list find it.

use cucumber::{given, then, when};
use proto::contracts::v1::{
    Commitment, CommitmentOwner, CommitmentStep, CompleteStepRequest, ContractContent, Deadline,
    ListDeadlinesRequest,
};
use testkit::request_id;

use super::given::{contract_to_sign, signed, usual_text};
use crate::{
    figures::{Day, Someone},
    world::Specification,
};

/// The deadlines of the contract that somebody reads under this title.
async fn read(world: &Specification, who: Someone, title: &str) -> anyhow::Result<Vec<Deadline>> {
    world.nothing_refused()?;
    let mut client = world.suite()?.deadlines(&world.persona(who)?)?;
    let request = ListDeadlinesRequest {
        contract: world.contract()?.name,
        ..Default::default()
    };
    let mut deadlines = client.list_deadlines(request).await?.into_inner().deadlines;
    deadlines.retain(|deadline| deadline.title == title);
    Ok(deadlines)
}

#[then(regex = r"^(.+) lit l’échéance «\s(.+)\s» au (.+)$")]
async fn reads(
    world: &mut Specification,
    who: Someone,
    title: String,
    day: Day,
) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    let days: Vec<&str> = deadlines.iter().map(|due| due.due_date.as_str()).collect();
    assert_eq!(days, [day.0.to_string()]);
    Ok(())
}

#[then(regex = r"^(.+) ne lit aucune échéance «\s(.+)\s»$")]
async fn reads_none(world: &mut Specification, who: Someone, title: String) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    assert!(deadlines.is_empty(), "{deadlines:?}");
    Ok(())
}

#[then(regex = r"^(.+) lit que l’échéance «\s(.+)\s» est dépassée$")]
async fn reads_that_it_is_over(
    world: &mut Specification,
    who: Someone,
    title: String,
) -> anyhow::Result<()> {
    let deadlines = read(world, who, &title).await?;
    assert!(!deadlines.is_empty());
    assert!(deadlines.iter().all(|due| due.overdue), "{deadlines:?}");
    Ok(())
}

/// The commitment whose step is due.
const COMMITMENT: &str = "E1";
const STEP: &str = "Ouverture";

#[given(expr = "un CPOM signé dont un engagement de l’établissement prévoit une étape au {jour}")]
async fn a_contract_with_a_step(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    let mut text = usual_text(world.entity()?);
    text.content = Some(ContractContent {
        commitments: vec![Commitment {
            code: COMMITMENT.to_owned(),
            owner: CommitmentOwner::Establishment.into(),
            text: "Ouvrir l’unité de chirurgie ambulatoire".to_owned(),
            steps: vec![CommitmentStep {
                title: STEP.to_owned(),
                due_date: day.0.to_string(),
            }],
            ..Default::default()
        }],
        ..Default::default()
    });
    contract_to_sign(world, text, 2026).await?;
    let contract = signed(world, world.contract()?).await?;
    world.set_contract(contract);
    Ok(())
}

#[when(expr = "{personne} dit l’étape franchie")]
async fn completes_the_step(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let contract = world.contract()?;
    let content = contract
        .text
        .unwrap_or_default()
        .content
        .unwrap_or_default();
    let step = content.commitments[0].steps[0].clone();
    let mut client = world.suite()?.follow_up(&world.persona(who)?)?;
    let request = CompleteStepRequest {
        contract: contract.name,
        commitment: COMMITMENT.to_owned(),
        title: step.title,
        due_date: step.due_date,
        done_date: world.today()?.to_string(),
        note: "Procès-verbal de réception.".to_owned(),
        attachments: Vec::new(),
        request_id: request_id(),
    };
    let answer = client.complete_step(request).await;
    world.plain_answer(answer)
}

#[then("le CPOM porte l’étape franchie")]
async fn the_step_is_shown(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let steps = world.contract_now().await?.completed_steps;
    let told: Vec<_> = steps.iter().map(|step| step.commitment.as_str()).collect();
    assert_eq!(told, [COMMITMENT]);
    Ok(())
}
