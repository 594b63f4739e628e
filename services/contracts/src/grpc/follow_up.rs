//! `FollowUpService`.

use proto::contracts::v1::{
    CompleteDecisionRequest, CompleteStepRequest, CompletedStep, ConcludeEvaluationRequest,
    Evaluation, GetEvaluationRequest, GetMeetingRequest, ListEvaluationsRequest,
    ListEvaluationsResponse, ListMeetingsRequest, ListMeetingsResponse, Meeting,
    PlanEvaluationRequest, PlanMeetingRequest, RecordMinutesRequest, SubmitEvaluationReportRequest,
    follow_up_service_server::FollowUpService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, evaluations, meetings, steps};

/// Answers `FollowUpService`.
#[derive(Debug, Clone)]
pub(crate) struct FollowUp(pub(crate) App);

#[tonic::async_trait]
impl FollowUpService for FollowUp {
    async fn plan_evaluation(
        &self,
        request: Request<PlanEvaluationRequest>,
    ) -> Result<Response<Evaluation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            evaluations::plan(&self.0, &call, request).await?,
        ))
    }

    async fn submit_evaluation_report(
        &self,
        request: Request<SubmitEvaluationReportRequest>,
    ) -> Result<Response<Evaluation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            evaluations::report(&self.0, &call, request).await?,
        ))
    }

    async fn conclude_evaluation(
        &self,
        request: Request<ConcludeEvaluationRequest>,
    ) -> Result<Response<Evaluation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            evaluations::conclude(&self.0, &call, request).await?,
        ))
    }

    async fn get_evaluation(
        &self,
        request: Request<GetEvaluationRequest>,
    ) -> Result<Response<Evaluation>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            evaluations::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_evaluations(
        &self,
        request: Request<ListEvaluationsRequest>,
    ) -> Result<Response<ListEvaluationsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            evaluations::list(&self.0, &call, request).await?,
        ))
    }

    async fn plan_meeting(
        &self,
        request: Request<PlanMeetingRequest>,
    ) -> Result<Response<Meeting>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            meetings::plan(&self.0, &call, request).await?,
        ))
    }

    async fn record_minutes(
        &self,
        request: Request<RecordMinutesRequest>,
    ) -> Result<Response<Meeting>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            meetings::record(&self.0, &call, request).await?,
        ))
    }

    async fn list_meetings(
        &self,
        request: Request<ListMeetingsRequest>,
    ) -> Result<Response<ListMeetingsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            meetings::list(&self.0, &call, request).await?,
        ))
    }

    async fn complete_decision(
        &self,
        request: Request<CompleteDecisionRequest>,
    ) -> Result<Response<Meeting>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            meetings::complete(&self.0, &call, request).await?,
        ))
    }

    async fn get_meeting(
        &self,
        request: Request<GetMeetingRequest>,
    ) -> Result<Response<Meeting>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(meetings::get(&self.0, &call, request).await?))
    }

    async fn complete_step(
        &self,
        request: Request<CompleteStepRequest>,
    ) -> Result<Response<CompletedStep>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            steps::complete(&self.0, &call, request).await?,
        ))
    }
}
