//! `ReviewService`.

use proto::contracts::v1::{
    AddReviewContextRequest, CompleteMilestoneRequest, ConcludeReviewRequest, ExamineReviewRequest,
    ExtendObservationPeriodRequest, GetReviewRequest, ListReviewsRequest, ListReviewsResponse,
    NotifyReviewRequest, RecordReviewHearingRequest, RecordReviewReceiptRequest,
    ReopenReviewRequest, Review, SubmitObservationsRequest, review_service_server::ReviewService,
};

use crate::app::{
    App, add_review_context, complete_milestone, conclude_review, examine_review,
    extend_observation_period, notify_review, read_reviews, record_review_hearing,
    record_review_receipt, reopen_review, submit_observations,
};

/// Answers `ReviewService`.
#[derive(Debug, Clone)]
pub(crate) struct Reviews(pub(crate) App);

rpc::answers! {
    ReviewService for Reviews;

    fn get_review(app, call, request: GetReviewRequest) -> Review {
        read_reviews::get(app, &call, request).await?
    }
    fn list_reviews(app, call, request: ListReviewsRequest) -> ListReviewsResponse {
        read_reviews::list(app, &call, request).await?
    }
    fn notify_review(app, call, request: NotifyReviewRequest) -> Review {
        notify_review::run(app, &call, request).await?
    }
    fn record_review_receipt(app, call, request: RecordReviewReceiptRequest) -> Review {
        record_review_receipt::run(app, &call, request).await?
    }
    fn extend_observation_period(app, call, request: ExtendObservationPeriodRequest) -> Review {
        extend_observation_period::run(app, &call, request).await?
    }
    fn submit_observations(app, call, request: SubmitObservationsRequest) -> Review {
        submit_observations::run(app, &call, request).await?
    }
    fn record_review_hearing(app, call, request: RecordReviewHearingRequest) -> Review {
        record_review_hearing::run(app, &call, request).await?
    }
    fn add_review_context(app, call, request: AddReviewContextRequest) -> Review {
        add_review_context::run(app, &call, request).await?
    }
    fn examine_review(app, call, request: ExamineReviewRequest) -> Review {
        examine_review::run(app, &call, request).await?
    }
    fn conclude_review(app, call, request: ConcludeReviewRequest) -> Review {
        conclude_review::run(app, &call, request).await?
    }
    fn complete_milestone(app, call, request: CompleteMilestoneRequest) -> Review {
        complete_milestone::run(app, &call, request).await?
    }
    fn reopen_review(app, call, request: ReopenReviewRequest) -> Review {
        reopen_review::run(app, &call, request).await?
    }
}
