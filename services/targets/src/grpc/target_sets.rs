//! `TargetSetService`.

use proto::targets::v1::{self as pb, target_set_service_server::TargetSetService};

use crate::app::{
    App, agree_to_target_set, create_target_set, planning::list_consistency_warnings,
    read_target_sets, replace_objectives,
};

pub(crate) struct TargetSets(pub(crate) App);

rpc::answers! {
    TargetSetService for TargetSets;

    fn create_target_set(app, call, request: pb::CreateTargetSetRequest) -> pb::TargetSet {
        create_target_set::run(app, &call, &request).await?
    }
    fn get_target_set(app, call, request: pb::GetTargetSetRequest) -> pb::TargetSet {
        read_target_sets::get(app, &call, &request).await?
    }
    fn list_target_sets(app, call, request: pb::ListTargetSetsRequest)
        -> pb::ListTargetSetsResponse
    {
        read_target_sets::list(app, &call, &request).await?
    }
    fn replace_objectives(app, call, request: pb::ReplaceObjectivesRequest) -> pb::TargetSet {
        replace_objectives::run(app, &call, &request).await?
    }
    fn agree_to_target_set(app, call, request: pb::AgreeToTargetSetRequest) -> pb::TargetSet {
        agree_to_target_set::run(app, &call, &request).await?
    }
    fn get_agreed_target_set(app, call, request: pb::GetAgreedTargetSetRequest) -> pb::TargetSet {
        read_target_sets::get_agreed(app, &call, &request).await?
    }
    fn list_consistency_warnings(app, call, request: pb::ListConsistencyWarningsRequest)
        -> pb::ListConsistencyWarningsResponse
    {
        list_consistency_warnings::run(app, &call, &request).await?
    }
}
