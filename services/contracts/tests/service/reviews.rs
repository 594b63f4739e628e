//! The review: only people carry it on, and each in their own part.

use proto::{
    contracts::v1::{
        AddReviewContextRequest, ExtendObservationPeriodRequest, GetProcedureRequest,
        GetReviewRequest, ListProceduresRequest, ListReviewsRequest, Outcome,
        RecordReviewHearingRequest, RecordReviewReceiptRequest, ReopenReviewRequest, Review,
        ReviewState,
    },
    types::v1::ActorKind,
};
use testkit::{Persona, changes, eventually, reason, request_id};
use tonic::Code;

use crate::support::{
    Finding, SITE, World, auditor, campaign, director, director_general, manager, reviewer,
    stranger,
};

pub(crate) async fn with_finding(finding: impl Fn(Finding) -> Finding) -> (World, Vec<Finding>) {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let finding = finding(Finding::new(&contract.name, &campaign()));
    (world, vec![finding])
}

async fn read(world: &World, review: &Review, who: &Persona) -> Result<Review, tonic::Status> {
    let request = GetReviewRequest {
        name: review.name.clone(),
    };
    Ok(world.reviews(who).get_review(request).await?.into_inner())
}

async fn procedures(world: &World) -> usize {
    let request = ListProceduresRequest::default();
    let mut client = world.procedures(&auditor());
    client
        .list_procedures(request)
        .await
        .unwrap()
        .into_inner()
        .procedures
        .len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_from_finding_to_conclusion_by_people_alone() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    assert_eq!(
        read(&world, &review, &director()).await.unwrap_err().code(),
        Code::NotFound
    );

    world.consent(&director()).await;
    let review = world.notify(&review).await.unwrap();
    assert_eq!(review.observations_due_date, "2026-04-10");
    let seen = read(&world, &review, &director()).await.unwrap();
    assert_eq!(seen.findings.len(), 1);
    assert!(
        !seen.contract_number.is_empty(),
        "people know a review by the number of its contract"
    );
    let listed = world
        .reviews(&director())
        .list_reviews(ListReviewsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.reviews[0].contract_number, seen.contract_number);
    assert_eq!(
        read(&world, &review, &stranger()).await.unwrap_err().code(),
        Code::NotFound
    );

    let review = world.examine(&review, &reviewer()).await.unwrap();
    let early = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&early), "OBSERVATION_PERIOD_RUNNING");
    let review = world.answer(&review, &director()).await.unwrap();
    let unread = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&unread), "OBSERVATIONS_UNREAD");
    let review = world.examine(&review, &reviewer()).await.unwrap();
    let pending = read(&world, &review, &director()).await.unwrap();
    assert_eq!(
        pending.examination, None,
        "preparatory until the conclusion"
    );

    let review = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap();
    assert_eq!(review.state(), ReviewState::Concluded);
    let conclusion = review.conclusion.clone().unwrap();
    assert_eq!(conclusion.author.unwrap().kind(), ActorKind::Human);
    assert_eq!(procedures(&world).await, 0);
    let seen = read(&world, &review, &director()).await.unwrap();
    assert_eq!(seen.conclusion.unwrap().outcome(), Outcome::ActionPlan);
    assert!(seen.examination.is_some());
    let late = world.answer(&review, &director()).await.unwrap_err();
    assert_eq!(reason(&late), "WRONG_STATE");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_establishment_stays_silent_a_person_concludes_after_the_due_date() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    world.consent(&director()).await;
    let review = world.notify(&review).await.unwrap();
    let review = world.examine(&review, &reviewer()).await.unwrap();
    world.let_the_due_date_pass();
    assert_eq!(
        read(&world, &review, &manager()).await.unwrap().state(),
        ReviewState::Examined
    );
    let review = world
        .conclude(&review, Outcome::NoAction, &manager())
        .await
        .unwrap();
    assert_eq!(review.state(), ReviewState::Concluded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_may_propose_a_sanction_and_the_establishment_does_not_read_it_yet() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.examined(&findings).await;
    let review = world
        .conclude(&review, Outcome::SanctionProposed, &manager())
        .await
        .unwrap();
    let name = review.conclusion.clone().unwrap().procedure;
    let request = GetProcedureRequest { name: name.clone() };
    let procedure = world
        .procedures(&director_general())
        .get_procedure(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!((&procedure.name, &procedure.review), (&name, &review.name));
    assert_eq!(procedure.proposer.unwrap().subject, "manager-1");

    let seen = read(&world, &review, &director()).await.unwrap();
    assert_eq!((seen.examination, seen.conclusion), (None, None));
    for (who, code) in [
        (director(), Code::NotFound),
        (Persona::service(), Code::PermissionDenied),
    ] {
        let denied = world
            .procedures(&who)
            .get_procedure(request.clone())
            .await
            .unwrap_err();
        assert_eq!(denied.code(), code, "{who:?}");
    }
    let elsewhere = Persona::human("reviewer").region("94");
    let hidden = world
        .procedures(&elsewhere)
        .get_procedure(request)
        .await
        .unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examiner_alone_can_never_propose_a_sanction() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    let review = world.notify(&review).await.unwrap();
    let review = world.answer(&review, &director()).await.unwrap();
    let two_hats = reviewer().also("manager");
    let review = world.examine(&review, &two_hats).await.unwrap();
    let refused = world
        .conclude(&review, Outcome::SanctionProposed, &two_hats)
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::PermissionDenied, "SECOND_PERSON_REQUIRED")
    );
    assert_eq!(procedures(&world).await, 0);
    // Any other outcome has no legal effect, and one person may conclude it.
    world
        .conclude(&review, Outcome::NoAction, &two_hats)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pilot_indicator_or_a_minor_deviation_can_never_bear_a_sanction() {
    for harmless in [
        Finding::not_opposable as fn(Finding) -> Finding,
        Finding::minor,
    ] {
        let (world, findings) = with_finding(harmless).await;
        let review = world.examined(&findings).await;
        let refused = world
            .conclude(&review, Outcome::SanctionProposed, &manager())
            .await
            .unwrap_err();
        assert_eq!(reason(&refused), "NO_SANCTIONABLE_FINDING");
        assert_eq!(procedures(&world).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_finding_can_no_longer_bear_a_sanction() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.examined(&findings).await;
    world.producer.withdrawn(&findings[0]).await;
    let review = world
        .review_when(review.campaign, |review| {
            review.findings[0].withdraw_time.is_some()
        })
        .await;
    let refused = world
        .conclude(&review, Outcome::SanctionProposed, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "NO_SANCTIONABLE_FINDING");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_conducted_the_campaign_does_not_examine_what_it_found() {
    let (world, findings) = with_finding(|finding| finding).await;
    world
        .producer
        .campaign_planned(&findings[0].campaign, "reviewer-1")
        .await;
    eventually("the campaign is known", || async {
        (world
            .count("select count(*) from campaign_controller_copy")
            .await
            == 1)
            .then_some(())
    })
    .await;
    let review = world.review_with(&findings).await;
    let review = world.notify(&review).await.unwrap();
    let refused = world.examine(&review, &reviewer()).await.unwrap_err();
    assert_eq!(reason(&refused), "EXAMINER_IS_CONTROLLER");
    world
        .examine(&review, &reviewer().named("somebody-else"))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_that_changed_since_it_was_read_is_read_again() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    let notified = world.notify(&review).await.unwrap();
    world.answer(&notified, &director()).await.unwrap();
    let stale = world.examine(&notified, &reviewer()).await.unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );
    let told = changes(&stale);
    assert_eq!(
        told,
        ["ObservationsSubmitted establishment_director establishment_director-1"]
    );
    // A review is not disclosed to the establishment step by step: its page tells what it may know.
    let stale = world.answer(&notified, &director()).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    assert!(changes(&stale).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_may_give_more_time_to_answer_by_a_dated_parameter() {
    let (world, findings) = with_finding(|finding| finding).await;
    let mut owner = world.service.database.owner().await;
    sqlx::query(
        "insert into review_parameter (region, valid_from, response_months, source) values
             ('93', '2026-01-01', 2, 'décision du directeur général'),
             ('93', '2026-04-01', 3, 'plus tard'),
             ('94', '2026-01-01', 4, 'ailleurs')",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    let review = world.review_with(&findings).await;
    world.consent(&director()).await;
    let review = world.notify(&review).await.unwrap();
    assert_eq!(review.observations_due_date, "2026-05-10");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_consent_nothing_is_deemed_received_and_silence_closes_nothing() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    let review = world.notify(&review).await.unwrap();
    assert_eq!(review.observations_due_date, "");
    let review = world.examine(&review, &reviewer()).await.unwrap();
    world.let_the_due_date_pass();
    let refused = world
        .conclude(&review, Outcome::NoAction, &manager())
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "RECEIPT_NOT_PROVEN");
    let request = RecordReviewReceiptRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        request_id: request_id(),
        ..Default::default()
    };
    let by_the_agency = world
        .reviews(&manager())
        .record_review_receipt(request.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&by_the_agency), "RECEIPT_BY_OTHER_SIDE");
    let review = world
        .reviews(&director())
        .record_review_receipt(request)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(review.observations_due_date, "2026-05-11");
    assert_eq!(review.delivery.unwrap().receipt_date, "2026-04-11");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extension_a_hearing_and_the_context_stand_on_record_and_replay() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.review_with(&findings).await;
    world.consent(&director()).await;
    let review = world.notify(&review).await.unwrap();
    let request = ExtendObservationPeriodRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        reasons: "Pièces attendues du maître d’ouvrage.".into(),
        request_id: request_id(),
    };
    let mut client = world.reviews(&manager());
    let review = client
        .extend_observation_period(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(review.observations_due_date, "2026-05-10");
    let again = ExtendObservationPeriodRequest {
        etag: review.etag.clone(),
        request_id: request_id(),
        ..request
    };
    let refused = client.extend_observation_period(again).await.unwrap_err();
    assert_eq!(reason(&refused), "ALREADY_EXTENDED");
    let plan = world
        .keep_file(&reviewer(), &review.name, ("plan.pdf", b"%PDF-1.7\n"))
        .await
        .unwrap();
    let request = RecordReviewHearingRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        date: "2026-03-10".into(),
        participants: vec!["La directrice, assistée de son conseil".into()],
        minutes: "Entendue en ses explications.".into(),
        attachments: vec![plan.clone()],
        request_id: request_id(),
    };
    let review = client
        .record_review_hearing(request)
        .await
        .unwrap()
        .into_inner();
    // What the control service computed of the peers is taken in as a file under its hash, with its sources.
    let computed = "Autres contrats de la campagne : 6 ont cet indicateur, médiane 0,975.";
    let file = ("comparaison.txt", computed.as_bytes());
    let compared = world
        .keep_file(&reviewer(), &review.name, file)
        .await
        .unwrap();
    let request = AddReviewContextRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        title: "Territoire".into(),
        text: "Le taux de recours du territoire baisse.".into(),
        references: vec![
            "publishedRateSets/93/versions/1".into(),
            findings[0].name.clone(),
        ],
        attachments: vec![compared.clone()],
        request_id: request_id(),
    };
    let review = client
        .add_review_context(request)
        .await
        .unwrap()
        .into_inner();
    let seen = read(&world, &review, &director()).await.unwrap();
    assert_eq!(seen.hearings[0].attachments, vec![plan]);
    assert_eq!(seen.context.len(), 1);
    assert_eq!(seen.context[0].attachments, vec![compared]);
    // The hearing answers the notification, and it has to be read.
    let review = world.examine(&review, &reviewer()).await.unwrap();
    let review = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap();
    world.replays(&review.name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_milestone_lets_a_manager_open_the_review_again_and_decides_nothing() {
    let (world, findings) = with_finding(|finding| finding).await;
    let review = world.examined(&findings).await;
    let review = world
        .conclude(&review, Outcome::ActionPlan, &manager())
        .await
        .unwrap();
    let reopen = |review: &Review| ReopenReviewRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        reasons: "La seconde implantation n’est pas ouverte.".into(),
        request_id: request_id(),
    };
    let early = world
        .reviews(&manager())
        .reopen_review(reopen(&review))
        .await
        .unwrap_err();
    assert_eq!(reason(&early), "NOTHING_TO_REOPEN");
    world.advance(time::Duration::days(300));
    assert_eq!(
        read(&world, &review, &manager()).await.unwrap().state(),
        ReviewState::Concluded
    );
    let review = world
        .reviews(&manager())
        .reopen_review(reopen(&review))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(review.state(), ReviewState::Open);
    assert_eq!((review.conclusion, review.reopenings), (None, 1));
    world.replays(&review.name).await;
}
