//! `WaitingListService`.

use proto::targets::v1::{self as pb, waiting_list_service_server::WaitingListService};

use crate::app::{App, offer::state_figures};

pub(crate) struct WaitingLists(pub(crate) App);

rpc::answers! {
    WaitingListService for WaitingLists;

    fn record_waiting_lists(app, call, request: pb::RecordWaitingListsRequest)
        -> pb::WaitingListRecording
    {
        state_figures::waiting_lists(app, &call, &request).await?
    }
    fn list_waiting_lists(app, call, request: pb::ListWaitingListsRequest)
        -> pb::ListWaitingListsResponse
    {
        state_figures::list_waiting(app, &call, &request).await?
    }
}
