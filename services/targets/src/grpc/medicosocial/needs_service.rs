//! `NeedsService`.

use proto::targets::v1::{self as pb, needs_service_server::NeedsService};

use crate::app::{App, medicosocial::get_needs};

pub(crate) struct Needs(pub(crate) App);

rpc::answers! {
    NeedsService for Needs;

    fn get_needs(app, call, request: pb::GetNeedsRequest) -> pb::Needs {
        get_needs::run(app, &call, &request).await?
    }
}
