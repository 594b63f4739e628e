//! `ReviewService`.

use proto::contracts::v1::{
    AddReviewContextRequest, CompleteMilestoneRequest, ConcludeReviewRequest, ExamineReviewRequest,
    ExtendObservationPeriodRequest, GetReviewRequest, ListReviewsRequest, ListReviewsResponse,
    NotifyReviewRequest, RecordReviewHearingRequest, RecordReviewReceiptRequest,
    ReopenReviewRequest, Review, SubmitObservationsRequest, review_service_server::ReviewService,
};
use tonic::{Request, Response, Status};

use crate::app::{
    App, add_review_context, complete_milestone, conclude_review, examine_review,
    extend_observation_period, notify_review, read_reviews, record_review_hearing,
    record_review_receipt, reopen_review, submit_observations,
};

/// Answers `ReviewService`.
#[derive(Debug, Clone)]
pub(crate) struct Reviews(pub(crate) App);

#[tonic::async_trait]
impl ReviewService for Reviews {
    async fn get_review(
        &self,
        request: Request<GetReviewRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_reviews::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_reviews(
        &self,
        request: Request<ListReviewsRequest>,
    ) -> Result<Response<ListReviewsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_reviews::list(&self.0, &call, request).await?,
        ))
    }

    async fn notify_review(
        &self,
        request: Request<NotifyReviewRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            notify_review::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_review_receipt(
        &self,
        request: Request<RecordReviewReceiptRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_review_receipt::run(&self.0, &call, request).await?,
        ))
    }

    async fn extend_observation_period(
        &self,
        request: Request<ExtendObservationPeriodRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            extend_observation_period::run(&self.0, &call, request).await?,
        ))
    }

    async fn submit_observations(
        &self,
        request: Request<SubmitObservationsRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            submit_observations::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_review_hearing(
        &self,
        request: Request<RecordReviewHearingRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_review_hearing::run(&self.0, &call, request).await?,
        ))
    }

    async fn add_review_context(
        &self,
        request: Request<AddReviewContextRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            add_review_context::run(&self.0, &call, request).await?,
        ))
    }

    async fn examine_review(
        &self,
        request: Request<ExamineReviewRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            examine_review::run(&self.0, &call, request).await?,
        ))
    }

    async fn conclude_review(
        &self,
        request: Request<ConcludeReviewRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            conclude_review::run(&self.0, &call, request).await?,
        ))
    }

    async fn complete_milestone(
        &self,
        request: Request<CompleteMilestoneRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            complete_milestone::run(&self.0, &call, request).await?,
        ))
    }

    async fn reopen_review(
        &self,
        request: Request<ReopenReviewRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            reopen_review::run(&self.0, &call, request).await?,
        ))
    }
}
