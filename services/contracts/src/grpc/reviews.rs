//! `ReviewService`.

use proto::contracts::v1::{
    ConcludeReviewRequest, ExamineReviewRequest, GetReviewRequest, ListReviewsRequest,
    ListReviewsResponse, NotifyReviewRequest, Review, SubmitObservationsRequest,
    review_service_server::ReviewService,
};
use tonic::{Request, Response, Status};

use crate::app::{
    App, conclude_review, examine_review, notify_review, read_reviews, submit_observations,
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

    async fn submit_observations(
        &self,
        request: Request<SubmitObservationsRequest>,
    ) -> Result<Response<Review>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            submit_observations::run(&self.0, &call, request).await?,
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
}
