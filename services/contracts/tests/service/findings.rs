//! Findings as they arrive: once, twice, out of order, and taken back.

use proto::contracts::v1::{Outcome, ReviewState};
use testkit::eventually;

use crate::support::{Finding, SITE, World, campaign, manager};

#[tokio::test(flavor = "multi_thread")]
async fn findings_open_one_review_a_contract_and_campaign() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let (spring, autumn) = (campaign(), campaign());
    let findings = [
        Finding::new(&contract.name, &spring).about("implantations"),
        Finding::new(&contract.name, &spring).about("acces").minor(),
    ];
    let review = world.review_with(&findings).await;
    assert_eq!((review.state(), review.year), (ReviewState::Open, 2027));
    assert_eq!(review.contract, contract.name);
    let objectives: Vec<_> = review
        .findings
        .iter()
        .map(|f| f.objective.as_str())
        .collect();
    assert_eq!(objectives, ["acces", "implantations"]);
    let other = world
        .review_with(&[Finding::new(&contract.name, &autumn)])
        .await;
    assert_ne!(other.name, review.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_and_disorder_lead_to_the_same_review() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let campaign = campaign();
    let kept = Finding::new(&contract.name, &campaign).about("a");
    let taken_back = Finding::new(&contract.name, &campaign).about("b");
    // The withdrawal overtakes the finding, and everything comes twice.
    world.producer.withdrawn(&taken_back).await;
    for _ in 0..2 {
        world.producer.raised(&taken_back).await;
        world.producer.raised(&kept).await;
    }
    world.producer.withdrawn(&taken_back).await;
    let review = world
        .review_when(campaign, |review| {
            review.findings.len() == 2 && review.findings[1].withdraw_time.is_some()
        })
        .await;
    assert_eq!(review.findings[0].withdraw_time, None);
    assert_eq!(review.findings[1].withdrawal_reason, "Erreur de saisie.");
    // Opened, two attached, one detached, and not one event more.
    assert_eq!(review.etag, "\"4\"");
    assert_eq!(
        world
            .count("select count(*) from parked where resolved_at is null")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_withdrawn_after_the_conclusion_is_recorded_and_flagged() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let finding = Finding::new(&contract.name, &campaign());
    let review = world.examined(std::slice::from_ref(&finding)).await;
    let concluded = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap();
    assert!(!concluded.changed_after_conclusion);
    world.advance(time::Duration::HOUR);
    world.producer.withdrawn(&finding).await;
    let flagged = world
        .review_when(finding.campaign.clone(), |review| {
            review.changed_after_conclusion
        })
        .await;
    assert_eq!(flagged.state(), ReviewState::Concluded);
    assert_eq!(flagged.conclusion, concluded.conclusion);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_about_an_unknown_contract_waits_for_a_person() {
    let world = World::new().await;
    let nowhere = format!("contracts/{}", kernel::new_id());
    world
        .producer
        .raised(&Finding::new(&nowhere, &campaign()))
        .await;
    eventually("the finding is parked", || async {
        (world
            .count("select count(*) from parked where consumer = 'contracts-finding'")
            .await
            == 1)
            .then_some(())
    })
    .await;
    assert_eq!(world.count("select count(*) from review").await, 0);
}
