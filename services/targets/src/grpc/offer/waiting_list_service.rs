//! `WaitingListService`.

use proto::targets::v1::{self as pb, waiting_list_service_server::WaitingListService};
use tonic::{Request, Response, Status};

use crate::app::{App, offer::state_figures};

pub(crate) struct WaitingLists(pub(crate) App);

#[tonic::async_trait]
impl WaitingListService for WaitingLists {
    async fn record_waiting_lists(
        &self,
        request: Request<pb::RecordWaitingListsRequest>,
    ) -> Result<Response<pb::WaitingListRecording>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            state_figures::waiting_lists(&self.0, &call, &request).await?,
        ))
    }

    async fn list_waiting_lists(
        &self,
        request: Request<pb::ListWaitingListsRequest>,
    ) -> Result<Response<pb::ListWaitingListsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            state_figures::list_waiting(&self.0, &call, &request).await?,
        ))
    }
}
