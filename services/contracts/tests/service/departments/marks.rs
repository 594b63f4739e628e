//! Objectives and commitments that are marked as of the competence of a council: its people draft those, and no others.

use proto::contracts::v1::{
    Commitment, CommitmentOwner, Competence, CompetenceMark, Contract, ContractText,
    StrategicObjective,
};
use testkit::{Persona, reason, wrong_fields};
use tonic::Status;

use super::{COUNCIL, officer, propose, shared};
use crate::support::{SITE, World};

const OTHER_COUNCIL: &str = "departments/84";

fn mark(competence: Competence, department: &str, since_date: &str) -> CompetenceMark {
    CompetenceMark {
        competence: competence.into(),
        department: department.into(),
        since_date: since_date.into(),
    }
}

fn objective(code: &str, competence: Option<CompetenceMark>) -> StrategicObjective {
    StrategicObjective {
        code: code.into(),
        axis: "A".into(),
        title: "Accueil de jour".into(),
        description: String::new(),
        competence,
    }
}

/// A text of two councils: an objective of nobody, one of the council 13, one of the agency; a commitment that the
/// council 13 shares with the agency.
fn text() -> ContractText {
    let mut text = shared(SITE, &[COUNCIL, OTHER_COUNCIL]);
    let since = "2026-01-01";
    text.objectives = vec![
        objective("O1", None),
        objective("O13", Some(mark(Competence::Department, COUNCIL, since))),
        objective("OA", Some(mark(Competence::Ars, "", since))),
    ];
    let mut content = text.content.take().unwrap_or_default();
    content.commitments = vec![Commitment {
        code: "E13".into(),
        owner: CommitmentOwner::Establishment.into(),
        text: "Ouvrir dix places".into(),
        competence: Some(mark(Competence::Joint, COUNCIL, since)),
        ..Default::default()
    }];
    text.content = Some(content);
    text
}

async fn proposed(
    world: &World,
    contract: &Contract,
    who: &Persona,
    change: impl FnOnce(&mut ContractText),
) -> Result<Contract, Status> {
    let mut text = contract.text.clone().unwrap();
    change(&mut text);
    propose(world, contract, text, who).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_drafts_what_is_marked_as_of_its_competence() {
    let world = World::new().await;
    let draft = world.create(text()).await.unwrap();
    assert_eq!(draft.text.as_ref().unwrap().objectives, text().objectives);
    let contract = world.open_negotiation(&draft).await.unwrap();
    let (own, other) = (officer("13"), officer("84"));
    let outside = |answer: Result<Contract, Status>, what: &str| {
        let refused = answer.unwrap_err();
        assert_eq!(reason(&refused), "OUTSIDE_COMPETENCE", "{what}");
        assert!(refused.message().contains(what), "{refused:?}");
    };
    let rename =
        |place: usize| move |text: &mut ContractText| text.objectives[place].title = "Autre".into();
    outside(
        proposed(&world, &contract, &own, rename(0)).await,
        "objective O1",
    );
    outside(
        proposed(&world, &contract, &own, rename(2)).await,
        "objective OA",
    );
    outside(
        proposed(&world, &contract, &other, rename(1)).await,
        "objective O13",
    );
    let taken = Some(mark(Competence::Department, COUNCIL, "2026-01-01"));
    let taking = proposed(&world, &contract, &own, |text| {
        text.objectives[0].competence = taken;
    });
    outside(taking.await, "objective O1");
    // The competence begins after the contract does.
    let later = mark(Competence::Department, COUNCIL, "2030-01-01");
    let adding = proposed(&world, &contract, &own, |text| {
        text.objectives.push(objective("O14", Some(later)));
    });
    outside(adding.await, "objective O14");

    let contract = proposed(&world, &contract, &own, rename(1)).await.unwrap();
    let joint = mark(Competence::Joint, COUNCIL, "2026-01-01");
    let contract = proposed(&world, &contract, &own, |text| {
        text.objectives.push(objective("O14", Some(joint)));
        let content = text.content.as_mut().unwrap();
        content.commitments[0].text = "Ouvrir douze places".into();
    })
    .await
    .unwrap();
    assert_eq!(contract.text_version, 3);
    let text = contract.text.unwrap();
    assert_eq!(text.objectives[1].title, "Autre");
    assert_eq!(
        text.content.unwrap().commitments[0].text,
        "Ouvrir douze places"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_names_a_council_of_the_text_and_a_day_that_exists() {
    let world = World::new().await;
    let mut strange = text();
    let since = "2026-01-01";
    strange.objectives[1].competence = Some(mark(Competence::Department, "departments/06", since));
    strange.objectives[2].competence = Some(mark(Competence::Ars, COUNCIL, since));
    strange.content.as_mut().unwrap().commitments[0].competence =
        Some(mark(Competence::Joint, "", since));
    let refused = world.create(strange).await.unwrap_err();
    let mut fields = wrong_fields(&refused);
    fields.sort();
    assert_eq!(
        fields,
        [
            "text.content.commitments[0].competence",
            "text.objectives[1].competence",
            "text.objectives[2].competence",
        ]
    );
    let mut never = text();
    never.objectives[1].competence = Some(mark(Competence::Department, COUNCIL, "2026-02-30"));
    let refused = world.create(never).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["text.objectives[1].competence.since_date"]
    );
}
