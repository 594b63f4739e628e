//! What becomes of a control: corrections, explanations, and the story that the contracts service tells.

use crate::common::{REGION, World, close, contract, peers::OwnersEvent};
use kernel::new_id;
use proto::{contracts::v1 as contracts, controls::v1 as pb, types::v1::Severity};
use serde_json::{Value, json};
use testkit::{Persona, eventually, reason, request_id, wrong_fields};
use tonic::Code;

fn correction(finding: &pb::Finding, realised: &str) -> pb::CorrectFindingRequest {
    pb::CorrectFindingRequest {
        name: finding.name.clone(),
        etag: finding.etag.clone(),
        realised: realised.to_owned(),
        source: "attestation du DIM du 3 mars 2025".to_owned(),
        reasons: "Le mois de mai avait été compté deux fois.".to_owned(),
        request_id: request_id(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_corrected_by_the_right_value_with_reasons_and_its_history_stays() {
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.measured().await;
    let finding = world.findings(&campaign.name).await.remove(0);
    let mut controls = world.controls();
    let nothing = pb::CorrectFindingRequest {
        realised: String::new(),
        ..correction(&finding, "")
    };
    let refused = controls.correct_finding(nothing).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["realised"]);
    let sourceless = pb::CorrectFindingRequest {
        source: String::new(),
        ..correction(&finding, "1100")
    };
    let refused = controls.correct_finding(sourceless).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["source"]);
    // 1,190 of 1,200 conforms: there is nothing left to correct.
    let refused = controls
        .correct_finding(correction(&finding, "1190"))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "CORRECTION_CONFORMS".into())
    );

    // 1,100 of 1,200 is minor.
    let corrected = controls
        .correct_finding(correction(&finding, "1100"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(corrected.severity(), Severity::Minor);
    assert_ne!(corrected.summary, finding.summary);
    let inputs = &corrected.trace.as_ref().unwrap().inputs;
    assert!(
        inputs
            .iter()
            .any(|i| i.source == "attestation du DIM du 3 mars 2025")
    );
    let get = pb::GetFindingRequest {
        name: finding.name.clone(),
    };
    let read = controls.get_finding(get).await.unwrap().into_inner();
    let [told] = read.corrections.as_slice() else {
        panic!("one correction: {read:?}");
    };
    assert_eq!(
        (told.previous_severity(), told.severity()),
        (Severity::Major, Severity::Minor)
    );
    assert_eq!(told.previous_summary, finding.summary);
    let published = "select count(*) from event
         where type = 'cpom.controls.v1.FindingCorrected' and actor_kind = 'human'
             and reason = 'Le mois de mai avait été compté deux fois.'";
    assert_eq!(world.count(published).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_explained_in_prose_and_in_parts() {
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.shared().await;
    let finding = world.findings(&campaign.name).await.remove(0);
    let director = Persona::human("establishment_director")
        .region(REGION)
        .finess("130786049");
    let request = pb::ExplainFindingRequest {
        name: finding.name.clone(),
    };
    let explained = world
        .controls_as(&director)
        .explain_finding(request)
        .await
        .unwrap()
        .into_inner();
    let trace = finding.trace.unwrap();
    assert_eq!(
        (
            &explained.data,
            &explained.parameters,
            &explained.operations
        ),
        (&trace.inputs, &trace.parameters, &trace.steps)
    );
    assert_eq!(explained.tolerance_policy, campaign.tolerance_policy);
    assert_eq!(explained.received_before, campaign.freeze_time);
    for part in ["R311-3-1-2", &finding.summary, "1° ", "2° ", "3° ", "4° "] {
        assert!(
            explained.text.contains(part),
            "{part} in {}",
            explained.text
        );
    }
}

/// The events of a review and of what followed, as the contracts service records them.
struct Story<'a> {
    world: &'a World,
    contract: String,
    campaign: String,
    review: String,
    follow_up: String,
}

impl<'a> Story<'a> {
    fn of(world: &'a World, control: &pb::Control) -> Self {
        Self {
            world,
            contract: control.contract.clone(),
            campaign: control.campaign.clone(),
            review: format!("reviews/{}", new_id()),
            follow_up: format!("procedures/{}", new_id()),
        }
    }

    async fn review<M: prost::Message + prost::Name>(&self, version: i64, message: &M) {
        let time = format!("2025-04-{version:02}T08:00:00Z");
        let place = (self.contract.as_str(), REGION);
        let event = OwnersEvent::at(&time, ("review", &self.review), version, place, message);
        self.world.publish(&event).await;
    }

    async fn proposed(&self) {
        let message: contracts::ProcedureProposed = recorded(&json!({
            "contract": self.contract,
            "review": self.review,
            "reasons": "Écart persistant.",
        }));
        let place = (self.contract.as_str(), REGION);
        let kind = ("procedure", self.follow_up.as_str());
        let event = OwnersEvent::at("2025-05-01T08:00:00Z", kind, 1, place, &message);
        self.world.publish(&event).await;
    }

    async fn opened(&self) {
        let message: contracts::ReviewOpened = recorded(&json!({
            "contract": self.contract,
            "campaign": self.campaign,
            "year": 2024,
        }));
        self.review(1, &message).await;
    }
}

/// A message as its owner's events carry it, whatever fields it gains.
fn recorded<M: prost::Message + prost::Name + Default>(json: &Value) -> M {
    proto::json::from_value(json).unwrap()
}

async fn outcome_as(world: &World, persona: &Persona, control: &str) -> pb::ControlOutcome {
    let request = pb::GetControlOutcomeRequest {
        name: control.to_owned(),
    };
    let told = world
        .controls_as(persona)
        .get_control_outcome(request)
        .await;
    told.unwrap().into_inner()
}

async fn reached(world: &World, control: &str, stage: pb::ControlStage) -> pb::ControlOutcome {
    eventually("the control has come so far", || async {
        let told = outcome_as(world, &crate::common::controller(), control).await;
        (told.stage() == stage).then_some(told)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_control_reads_from_its_measure_to_its_outcome() {
    let world = World::with(&[contract().deviating()]).await;
    world.listening().await;
    let campaign = world.shared().await;
    let control = world.all_controls(&campaign.name).await.remove(0);
    let told = reached(&world, &control.name, pb::ControlStage::FindingsRaised).await;
    let names = |told: &pb::ControlOutcome| -> Vec<String> {
        let last = |step: &pb::OutcomeStep| step.event.rsplit('.').next().unwrap().to_owned();
        told.steps.iter().map(last).collect()
    };
    assert_eq!(
        names(&told),
        ["ControlMeasured", "FindingRaised", "CampaignShared"]
    );

    let story = Story::of(&world, &control);
    story.opened().await;
    reached(&world, &control.name, pb::ControlStage::UnderReview).await;
    let examined: contracts::ReviewExamined = recorded(&json!({
        "analysis": "Avis du relecteur.",
        "recommendedOutcome": "OUTCOME_SANCTION_PROPOSED",
    }));
    story.review(2, &examined).await;
    let concluded = contracts::ReviewConcluded {
        contract: story.contract.clone(),
        campaign: story.campaign.clone(),
        outcome: contracts::Outcome::SanctionProposed.into(),
        reasons: "Écart persistant.".to_owned(),
        ..Default::default()
    };
    story.review(3, &concluded).await;
    story.proposed().await;
    // The review and the procedure are followed beside each other: either may be ahead for a moment.
    let told = eventually("the review and the procedure are told", || async {
        let told = reached(&world, &control.name, pb::ControlStage::DecisionAwaited).await;
        let steps = [
            "ReviewOpened",
            "ReviewExamined",
            "ReviewConcluded",
            "ProcedureProposed",
        ];
        (names(&told)[3..] == steps).then_some(told)
    })
    .await;
    assert_eq!(told.outcome, "OUTCOME_SANCTION_PROPOSED");
    assert!(told.steps.iter().all(|step| !step.description.is_empty()));
    // What prepares a decision is not told to the establishment (CRPA L311-2); nor what reasons were given, to anybody.
    let director = Persona::human("establishment_director")
        .region(REGION)
        .finess("130786049");
    let theirs = outcome_as(&world, &director, &control.name).await;
    assert_eq!(names(&theirs)[3..], ["ReviewOpened", "ReviewConcluded"]);
    assert_eq!(theirs.outcome, "");
    assert!(!format!("{told:?}").contains("Écart persistant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_not_closed_while_an_answer_of_an_establishment_is_unread() {
    let world = World::with(&[contract().deviating()]).await;
    world.listening().await;
    let shared = world.shared().await;
    let control = world.all_controls(&shared.name).await.remove(0);
    let story = Story::of(&world, &control);
    story.opened().await;
    let submitted: contracts::ObservationsSubmitted =
        recorded(&json!({"text": "Le mois de mai manque."}));
    story.review(2, &submitted).await;
    let copied = async |count: i64| {
        eventually("the events are copied", || async {
            (world.count("select count(*) from follow_up").await == count).then_some(())
        })
        .await;
    };
    copied(2).await;
    let refused = world
        .campaigns()
        .close_campaign(close(&shared))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "UNREAD_OBSERVATIONS".into())
    );
    let examined: contracts::ReviewExamined = recorded(&json!({
        "analysis": "Le mois de mai a été retrouvé.",
        "recommendedOutcome": "OUTCOME_NO_ACTION",
    }));
    story.review(3, &examined).await;
    copied(3).await;
    world
        .campaigns()
        .close_campaign(close(&shared))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_disorder_and_a_poisoned_event_lead_to_the_same_story() {
    const REFUSED: &str = "select count(*) from parked
         where consumer = 'controls-review' and resolved_at is null and not waiting and reason <> ''";
    const BEHIND: &str = "select count(*) from parked
         where consumer = 'controls-review' and resolved_at is null and waiting";
    let world = World::with(&[contract().deviating()]).await;
    world.listening().await;
    let shared = world.shared().await;
    let control = world.all_controls(&shared.name).await.remove(0);
    let story = Story::of(&world, &control);
    let examined: contracts::ReviewExamined = recorded(&json!({
        "analysis": "Avis du relecteur.",
        "recommendedOutcome": "OUTCOME_NO_ACTION",
    }));
    let concluded: contracts::ReviewConcluded = recorded(&json!({
        "contract": story.contract,
        "campaign": story.campaign,
        "outcome": "OUTCOME_NO_ACTION",
        "reasons": "Écart expliqué.",
    }));
    // The last comes first, and everything comes twice.
    for _ in 0..2 {
        story.review(3, &concluded).await;
        story.review(2, &examined).await;
        story.opened().await;
    }
    // An event that nobody can apply, and one behind it.
    let poisoned = Story::of(&world, &control);
    let place = (poisoned.contract.as_str(), REGION);
    let kind = ("review", poisoned.review.as_str());
    let opened = "cpom.contracts.v1.ReviewOpened";
    let nowhere = json!({"contract": "nowhere", "campaign": poisoned.campaign});
    let poison = OwnersEvent::named("2025-04-01T08:00:00Z", opened, kind, 1, place, &nowhere);
    world.publish(&poison).await;
    poisoned.review(2, &examined).await;

    let told = eventually("the story is told", || async {
        let told = outcome_as(&world, &crate::common::controller(), &control.name).await;
        (told.steps.len() == 6).then_some(told)
    })
    .await;
    let last = |step: &pb::OutcomeStep| step.event.rsplit('.').next().unwrap().to_owned();
    let names: Vec<String> = told.steps[3..].iter().map(last).collect();
    assert_eq!(names, ["ReviewOpened", "ReviewExamined", "ReviewConcluded"]);
    assert_eq!(told.outcome, "OUTCOME_NO_ACTION");
    eventually("both are set aside", || async {
        let counts = (world.count(REFUSED).await, world.count(BEHIND).await);
        (counts == (1, 1)).then_some(())
    })
    .await;
    assert_eq!(world.count("select count(*) from follow_up").await, 3);
}
