//! `FollowUpService`.

use proto::contracts::v1::{
    CompleteDecisionRequest, CompleteStepRequest, CompletedStep, ConcludeEvaluationRequest,
    Evaluation, GetEvaluationRequest, GetMeetingRequest, ListEvaluationsRequest,
    ListEvaluationsResponse, ListMeetingsRequest, ListMeetingsResponse, Meeting,
    PlanEvaluationRequest, PlanMeetingRequest, RecordMinutesRequest, SubmitEvaluationReportRequest,
    follow_up_service_server::FollowUpService,
};

use crate::app::{App, evaluations, meetings, steps};

/// Answers `FollowUpService`.
#[derive(Debug, Clone)]
pub(crate) struct FollowUp(pub(crate) App);

rpc::answers! {
    FollowUpService for FollowUp;

    fn plan_evaluation(app, call, request: PlanEvaluationRequest) -> Evaluation {
        evaluations::plan(app, &call, request).await?
    }
    fn submit_evaluation_report(app, call, request: SubmitEvaluationReportRequest) -> Evaluation {
        evaluations::report(app, &call, request).await?
    }
    fn conclude_evaluation(app, call, request: ConcludeEvaluationRequest) -> Evaluation {
        evaluations::conclude(app, &call, request).await?
    }
    fn get_evaluation(app, call, request: GetEvaluationRequest) -> Evaluation {
        evaluations::get(app, &call, request).await?
    }
    fn list_evaluations(app, call, request: ListEvaluationsRequest) -> ListEvaluationsResponse {
        evaluations::list(app, &call, request).await?
    }
    fn plan_meeting(app, call, request: PlanMeetingRequest) -> Meeting {
        meetings::plan(app, &call, request).await?
    }
    fn record_minutes(app, call, request: RecordMinutesRequest) -> Meeting {
        meetings::record(app, &call, request).await?
    }
    fn list_meetings(app, call, request: ListMeetingsRequest) -> ListMeetingsResponse {
        meetings::list(app, &call, request).await?
    }
    fn complete_decision(app, call, request: CompleteDecisionRequest) -> Meeting {
        meetings::complete(app, &call, request).await?
    }
    fn get_meeting(app, call, request: GetMeetingRequest) -> Meeting {
        meetings::get(app, &call, request).await?
    }
    fn complete_step(app, call, request: CompleteStepRequest) -> CompletedStep {
        steps::complete(app, &call, request).await?
    }
}
