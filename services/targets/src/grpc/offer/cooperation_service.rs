//! `CooperationService`.

use proto::targets::v1::{self as pb, cooperation_service_server::CooperationService};

use crate::{
    app::{
        App,
        offer::{change_cooperation, kept},
    },
    domain::offer::Cooperation,
    grpc::offer::cooperations::read_state,
};

pub(crate) struct Cooperations(pub(crate) App);

rpc::answers! {
    CooperationService for Cooperations;

    fn register_cooperation(app, call, request: pb::RegisterCooperationRequest) -> pb::Cooperation {
        change_cooperation::register(app, &call, &request).await?
    }
    fn get_cooperation(app, call, request: pb::GetCooperationRequest) -> pb::Cooperation {
        kept::get::<Cooperation>(app, &call, &request.name).await?
    }
    fn list_cooperations(app, call, request: pb::ListCooperationsRequest)
        -> pb::ListCooperationsResponse
    {
        let asked = asked!(request, read_state(request.state()));
        let (cooperations, next_page_token) = kept::list::<Cooperation>(app, &call, &asked).await?;
        pb::ListCooperationsResponse { cooperations, next_page_token }
    }
    fn revise_cooperation(app, call, request: pb::ReviseCooperationRequest) -> pb::Cooperation {
        change_cooperation::revise(app, &call, &request).await?
    }
    fn record_savings(app, call, request: pb::RecordSavingsRequest) -> pb::Cooperation {
        change_cooperation::save(app, &call, &request).await?
    }
    fn end_cooperation(app, call, request: pb::EndCooperationRequest) -> pb::Cooperation {
        change_cooperation::end(app, &call, &request).await?
    }
    fn get_savings_report(app, call, request: pb::GetSavingsReportRequest) -> pb::SavingsReport {
        change_cooperation::savings(app, &call, &request).await?
    }
}
