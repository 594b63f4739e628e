//! `TargetSetService`.

use proto::targets::v1::{self as pb, target_set_service_server::TargetSetService};
use tonic::{Request, Response, Status};

use crate::app::{
    App, agree_to_target_set, create_target_set, planning::list_consistency_warnings,
    read_target_sets, replace_objectives,
};

pub(crate) struct TargetSets(pub(crate) App);

#[tonic::async_trait]
impl TargetSetService for TargetSets {
    async fn create_target_set(
        &self,
        request: Request<pb::CreateTargetSetRequest>,
    ) -> Result<Response<pb::TargetSet>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_target_set::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_target_set(
        &self,
        request: Request<pb::GetTargetSetRequest>,
    ) -> Result<Response<pb::TargetSet>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_target_sets::get(&self.0, &call, &request).await?,
        ))
    }

    async fn list_target_sets(
        &self,
        request: Request<pb::ListTargetSetsRequest>,
    ) -> Result<Response<pb::ListTargetSetsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_target_sets::list(&self.0, &call, &request).await?,
        ))
    }

    async fn replace_objectives(
        &self,
        request: Request<pb::ReplaceObjectivesRequest>,
    ) -> Result<Response<pb::TargetSet>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            replace_objectives::run(&self.0, &call, &request).await?,
        ))
    }

    async fn agree_to_target_set(
        &self,
        request: Request<pb::AgreeToTargetSetRequest>,
    ) -> Result<Response<pb::TargetSet>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            agree_to_target_set::run(&self.0, &call, &request).await?,
        ))
    }

    async fn get_agreed_target_set(
        &self,
        request: Request<pb::GetAgreedTargetSetRequest>,
    ) -> Result<Response<pb::TargetSet>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_target_sets::get_agreed(&self.0, &call, &request).await?,
        ))
    }

    async fn list_consistency_warnings(
        &self,
        request: Request<pb::ListConsistencyWarningsRequest>,
    ) -> Result<Response<pb::ListConsistencyWarningsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            list_consistency_warnings::run(&self.0, &call, &request).await?,
        ))
    }
}
