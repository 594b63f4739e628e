//! `FrameworkService`.

use proto::targets::v1::{self as pb, framework_service_server::FrameworkService};
use tonic::{Request, Response, Status};

use crate::app::{
    App,
    planning::{
        agree_to_framework, draft_framework, get_cascade, read_frameworks, replace_framework_lines,
    },
};

pub(crate) struct Frameworks(pub(crate) App);

#[tonic::async_trait]
impl FrameworkService for Frameworks {
    async fn draft_framework(
        &self,
        request: Request<pb::DraftFrameworkRequest>,
    ) -> Result<Response<pb::RegionalFramework>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            draft_framework::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_framework(
        &self,
        request: Request<pb::GetFrameworkRequest>,
    ) -> Result<Response<pb::RegionalFramework>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_frameworks::get(&self.0, &call, &request).await?,
        ))
    }

    async fn list_frameworks(
        &self,
        request: Request<pb::ListFrameworksRequest>,
    ) -> Result<Response<pb::ListFrameworksResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_frameworks::list(&self.0, &call, &request).await?,
        ))
    }

    async fn replace_framework_lines(
        &self,
        request: Request<pb::ReplaceFrameworkLinesRequest>,
    ) -> Result<Response<pb::RegionalFramework>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            replace_framework_lines::run(&self.0, &call, &request).await?,
        ))
    }

    async fn agree_to_framework(
        &self,
        request: Request<pb::AgreeToFrameworkRequest>,
    ) -> Result<Response<pb::RegionalFramework>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            agree_to_framework::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_cascade(
        &self,
        request: Request<pb::GetCascadeRequest>,
    ) -> Result<Response<pb::Cascade>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            get_cascade::run(&self.0, &call, &request).await?,
        ))
    }
}
