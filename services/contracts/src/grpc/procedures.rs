//! `ProcedureService`.

use proto::contracts::v1::{
    GetProcedureRequest, ListProceduresRequest, ListProceduresResponse, Procedure,
    procedure_service_server::ProcedureService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, read_procedures};

/// Answers `ProcedureService`.
#[derive(Debug, Clone)]
pub(crate) struct Procedures(pub(crate) App);

#[tonic::async_trait]
impl ProcedureService for Procedures {
    async fn get_procedure(
        &self,
        request: Request<GetProcedureRequest>,
    ) -> Result<Response<Procedure>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_procedures::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_procedures(
        &self,
        request: Request<ListProceduresRequest>,
    ) -> Result<Response<ListProceduresResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_procedures::list(&self.0, &call, request).await?,
        ))
    }
}
