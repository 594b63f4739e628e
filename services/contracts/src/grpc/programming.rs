//! `ProgrammingService`.

use proto::contracts::v1::{
    ApproveProgrammingRequest, CheckContractProgrammingRequest, CheckContractProgrammingResponse,
    DiscardProgrammingRequest, DraftProgrammingRequest, GetProgrammingRequest,
    ListProgrammingsRequest, ListProgrammingsResponse, Programming, PublishProgrammingRequest,
    ReviseProgrammingRequest, programming_service_server::ProgrammingService,
};

use crate::app::{App, programming};

/// Answers `ProgrammingService`.
#[derive(Debug, Clone)]
pub(crate) struct Programmings(pub(crate) App);

rpc::answers! {
    ProgrammingService for Programmings;

    fn draft_programming(app, call, request: DraftProgrammingRequest) -> Programming {
        programming::draft::run(app, &call, request).await?
    }
    fn revise_programming(app, call, request: ReviseProgrammingRequest) -> Programming {
        programming::act::revise(app, &call, request).await?
    }
    fn approve_programming(app, call, request: ApproveProgrammingRequest) -> Programming {
        programming::act::approve(app, &call, request).await?
    }
    fn publish_programming(app, call, request: PublishProgrammingRequest) -> Programming {
        programming::act::publish(app, &call, request).await?
    }
    fn discard_programming(app, call, request: DiscardProgrammingRequest) -> Programming {
        programming::act::discard(app, &call, request).await?
    }
    fn get_programming(app, call, request: GetProgrammingRequest) -> Programming {
        programming::read::get(app, &call, request).await?
    }
    fn list_programmings(app, call, request: ListProgrammingsRequest) -> ListProgrammingsResponse {
        programming::read::list(app, &call, request).await?
    }
    fn check_contract_programming(app, call, request: CheckContractProgrammingRequest)
        -> CheckContractProgrammingResponse
    {
        programming::read::check_contract(app, &call, request).await?
    }
}
