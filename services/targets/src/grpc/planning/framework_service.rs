//! `FrameworkService`.

use proto::targets::v1::{self as pb, framework_service_server::FrameworkService};

use crate::app::{
    App,
    planning::{
        agree_to_framework, draft_framework, get_cascade, read_frameworks, replace_framework_lines,
    },
};

pub(crate) struct Frameworks(pub(crate) App);

rpc::answers! {
    FrameworkService for Frameworks;

    fn draft_framework(app, call, request: pb::DraftFrameworkRequest) -> pb::RegionalFramework {
        draft_framework::run(app, &call, &request).await?
    }
    fn get_framework(app, call, request: pb::GetFrameworkRequest) -> pb::RegionalFramework {
        read_frameworks::get(app, &call, &request).await?
    }
    fn list_frameworks(app, call, request: pb::ListFrameworksRequest)
        -> pb::ListFrameworksResponse
    {
        read_frameworks::list(app, &call, &request).await?
    }
    fn replace_framework_lines(app, call, request: pb::ReplaceFrameworkLinesRequest)
        -> pb::RegionalFramework
    {
        replace_framework_lines::run(app, &call, &request).await?
    }
    fn agree_to_framework(app, call, request: pb::AgreeToFrameworkRequest)
        -> pb::RegionalFramework
    {
        agree_to_framework::run(app, &call, &request).await?
    }
    fn get_cascade(app, call, request: pb::GetCascadeRequest) -> pb::Cascade {
        get_cascade::run(app, &call, &request).await?
    }
}
