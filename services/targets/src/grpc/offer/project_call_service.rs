//! `ProjectCallService`.

use proto::targets::v1::{self as pb, project_call_service_server::ProjectCallService};

use crate::{
    app::{
        App,
        offer::{change_call, kept},
    },
    domain::offer::ProjectCall,
    grpc::offer::project_calls::read_state,
};

pub(crate) struct ProjectCalls(pub(crate) App);

rpc::answers! {
    ProjectCallService for ProjectCalls;

    fn open_project_call(app, call, request: pb::OpenProjectCallRequest) -> pb::ProjectCall {
        change_call::open_call(app, &call, &request).await?
    }
    fn get_project_call(app, call, request: pb::GetProjectCallRequest) -> pb::ProjectCall {
        kept::get::<ProjectCall>(app, &call, &request.name).await?
    }
    fn list_project_calls(app, call, request: pb::ListProjectCallsRequest)
        -> pb::ListProjectCallsResponse
    {
        let asked = asked!(request, read_state(request.state()));
        let (project_calls, next_page_token) = kept::list::<ProjectCall>(app, &call, &asked).await?;
        pb::ListProjectCallsResponse { project_calls, next_page_token }
    }
    fn schedule_project_call(app, call, request: pb::ScheduleProjectCallRequest)
        -> pb::ProjectCall
    {
        change_call::schedule(app, &call, &request).await?
    }
    fn publish_project_call(app, call, request: pb::PublishProjectCallRequest) -> pb::ProjectCall {
        change_call::publish(app, &call, &request).await?
    }
    fn register_candidate(app, call, request: pb::RegisterCandidateRequest) -> pb::ProjectCall {
        change_call::register(app, &call, &request).await?
    }
    fn record_commission_opinion(app, call, request: pb::RecordCommissionOpinionRequest)
        -> pb::ProjectCall
    {
        change_call::opine(app, &call, &request).await?
    }
    fn authorise_candidate(app, call, request: pb::AuthoriseCandidateRequest) -> pb::ProjectCall {
        change_call::authorise(app, &call, &request).await?
    }
    fn drop_project_call(app, call, request: pb::DropProjectCallRequest) -> pb::ProjectCall {
        change_call::drop(app, &call, &request).await?
    }
    fn link_project_call(app, call, request: pb::LinkProjectCallRequest) -> pb::ProjectCall {
        change_call::link(app, &call, &request).await?
    }
}
