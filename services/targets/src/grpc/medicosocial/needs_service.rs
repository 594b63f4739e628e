//! `NeedsService`.

use proto::targets::v1::{self as pb, needs_service_server::NeedsService};
use tonic::{Request, Response, Status};

use crate::app::{App, medicosocial::get_needs};

pub(crate) struct Needs(pub(crate) App);

#[tonic::async_trait]
impl NeedsService for Needs {
    async fn get_needs(
        &self,
        request: Request<pb::GetNeedsRequest>,
    ) -> Result<Response<pb::Needs>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            get_needs::run(&self.0, &call, &request).await?,
        ))
    }
}
