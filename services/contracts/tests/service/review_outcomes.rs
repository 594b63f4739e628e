//! What a conclusion must say, and what it opens.

use proto::contracts::v1::{ConcludeReviewRequest, Outcome, ProcedureKind};
use testkit::{reason, request_id, wrong_fields};

use crate::{reviews::with_finding, support::manager};

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_without_a_step_and_fields_of_another_outcome_are_refused() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.examined(&findings).await;
    let base = ConcludeReviewRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        outcome: Outcome::ActionPlan.into(),
        reasons: "Motif.".into(),
        ..Default::default()
    };
    let mut client = world.reviews(&manager());
    for (request, field) in [
        (base.clone(), "milestones"),
        (
            ConcludeReviewRequest {
                outcome: Outcome::NoAction.into(),
                objectives: vec!["implantations".into()],
                ..base.clone()
            },
            "objectives",
        ),
        (
            ConcludeReviewRequest {
                outcome: Outcome::NoAction.into(),
                procedure_kind: ProcedureKind::Penalty.into(),
                ..base.clone()
            },
            "procedure_kind",
        ),
        (
            // A conclusion without reasons: a word that says nothing is none.
            ConcludeReviewRequest {
                outcome: Outcome::NoAction.into(),
                reasons: " … ".into(),
                ..base.clone()
            },
            "reasons",
        ),
    ] {
        let request = ConcludeReviewRequest {
            request_id: request_id(),
            ..request
        };
        let refused = client.conclude_review(request).await.unwrap_err();
        assert_eq!(wrong_fields(&refused), [field]);
    }
    let foreign = ConcludeReviewRequest {
        outcome: Outcome::AmendmentProposed.into(),
        objectives: vec!["autre".into()],
        request_id: request_id(),
        ..base
    };
    let refused = client.conclude_review(foreign).await.unwrap_err();
    assert_eq!(reason(&refused), "OBJECTIVE_NOT_CONCERNED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposed_amendment_is_opened_with_the_objectives_concerned() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.examined(&findings).await;
    let review = world
        .conclude(&review, Outcome::AmendmentProposed, &manager())
        .await
        .unwrap();
    let conclusion = review.conclusion.unwrap();
    assert_eq!(conclusion.objectives, ["implantations"]);
    assert!(conclusion.amendment.starts_with("amendments/"));
    assert_eq!(world.count("select count(*) from amendment").await, 1);
    world.replays(&review.name).await;
}
