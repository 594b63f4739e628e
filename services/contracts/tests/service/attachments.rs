//! Files that accompany what people say: kept before they are named, and read by who reads the act.

use proto::contracts::v1::{Attachment, GetReviewRequest, Review, SubmitObservationsRequest};
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};

use crate::support::{
    Finding, SITE, World, auditor, campaign, director,
    files::{messages, told},
    reviewer, stranger,
};

const REPORT: &[u8] = b"%PDF-1.7\nbilan des travaux\n";

/// A world with a review that the establishment was told of.
async fn notified() -> (World, Review) {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let review = world
        .review_with(&[Finding::new(&contract.name, &campaign())])
        .await;
    let review = world.notify(&review).await.unwrap();
    (world, review)
}

async fn observe(
    world: &World,
    review: &Review,
    attachments: Vec<Attachment>,
) -> Result<Review, Status> {
    let request = SubmitObservationsRequest {
        name: review.name.clone(),
        etag: review.etag.clone(),
        text: "Les travaux ont retardé l’ouverture.".into(),
        attachments,
        request_id: request_id(),
    };
    let mut client = world.reviews(&director());
    Ok(client.submit_observations(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_accompanies_observations_is_read_by_both_sides_to_the_byte() {
    let (world, review) = Box::pin(notified()).await;
    let report = world
        .keep_file(&director(), &review.name, ("bilan.pdf", REPORT))
        .await
        .unwrap();
    // The same file again changes nothing.
    let again = world
        .keep_file(&director(), &review.name, ("bilan.pdf", REPORT))
        .await;
    assert_eq!(again.unwrap(), report);
    // Kept, and not said yet: nobody reads it.
    let early = world.download(&reviewer(), &review.name, &report).await;
    assert_eq!(early.unwrap_err().code(), Code::NotFound);

    let answered = observe(&world, &review, vec![report.clone()])
        .await
        .unwrap();
    assert_eq!(
        answered.observations[0].attachments,
        std::slice::from_ref(&report)
    );
    for reader in [reviewer(), director(), auditor()] {
        let bytes = world.download(&reader, &review.name, &report).await;
        assert_eq!(bytes.unwrap(), REPORT);
    }
    for other in [stranger(), Persona::human("reviewer").region("94")] {
        let hidden = world.download(&other, &review.name, &report).await;
        assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_not_received_for_this_review_is_not_named() {
    let (world, review) = Box::pin(notified()).await;
    let never_sent = told(("bilan.pdf", REPORT));
    let refused = observe(&world, &review, vec![never_sent.clone()])
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "ATTACHMENT_NOT_KEPT".into())
    );
    assert!(refused.message().contains("bilan.pdf"), "{refused}");
    let kept = world
        .keep_file(&director(), &review.name, ("bilan.pdf", REPORT))
        .await
        .unwrap();
    // The size is part of what was received.
    let longer = Attachment {
        size_bytes: kept.size_bytes + 1,
        ..kept.clone()
    };
    let refused = observe(&world, &review, vec![longer]).await.unwrap_err();
    assert_eq!(reason(&refused), "ATTACHMENT_NOT_KEPT");
    let get = GetReviewRequest {
        name: review.name.clone(),
    };
    let unchanged = world.reviews(&director()).get_review(get).await.unwrap();
    assert_eq!(unchanged.into_inner().etag, review.etag);
    observe(&world, &review, vec![kept]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_was_told_of_it_is_not_kept() {
    let (world, review) = Box::pin(notified()).await;
    let sent = told(("bilan.pdf", REPORT));
    let with = |change: fn(&mut Attachment)| {
        let mut told = sent.clone();
        change(&mut told);
        messages(&review.name, &told, REPORT)
    };
    let mut headless = with(|_| {});
    headless.remove(0);
    let mut twice = with(|_| {});
    twice.push(twice[0].clone());
    for (upload, expected) in [
        (headless, "ATTACHMENT_HEADER_EXPECTED"),
        (twice, "ATTACHMENT_CHUNK_EXPECTED"),
        (
            with(|told| told.size_bytes += 1),
            "ATTACHMENT_SIZE_MISMATCH",
        ),
        (
            with(|told| told.size_bytes -= 1),
            "ATTACHMENT_SIZE_MISMATCH",
        ),
        (
            with(|told| told.size_bytes = 26_214_401),
            "ATTACHMENT_TOO_LARGE",
        ),
        (
            with(|told| told.sha256 = "ab".repeat(32)),
            "ATTACHMENT_HASH_MISMATCH",
        ),
        (
            with(|told| told.media_type = "image/png".into()),
            "ATTACHMENT_TYPE_MISMATCH",
        ),
        (
            with(|told| told.media_type = "text/html".into()),
            "ATTACHMENT_TYPE_NOT_ACCEPTED",
        ),
    ] {
        let refused = world.upload(&director(), upload).await.unwrap_err();
        assert_eq!(reason(&refused), expected);
    }
    assert_eq!(world.count("select count(*) from kept_file").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_see_a_review_sends_nothing_for_it() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let review = world
        .review_with(&[Finding::new(&contract.name, &campaign())])
        .await;
    // The establishment has not been told of it yet.
    for who in [director(), stranger()] {
        let hidden = world
            .keep_file(&who, &review.name, ("bilan.pdf", REPORT))
            .await
            .unwrap_err();
        assert_eq!(hidden.code(), Code::NotFound);
    }
    assert_eq!(world.count("select count(*) from kept_file").await, 0);
}
