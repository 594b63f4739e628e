//! `TermService`.

use proto::contracts::v1::{
    CloseContractRequest, ConfirmTacitRenewalRequest, Contract, ExtendContractRequest,
    GetRenewalRequest, GrantRenewalRequest, ListRenewalsRequest, ListRenewalsResponse,
    RefuseRenewalRequest, Renewal, RequestRenewalRequest, term_service_server::TermService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, close_contract, extend_contract, renewals};

/// Answers `TermService`.
#[derive(Debug, Clone)]
pub(crate) struct Terms(pub(crate) App);

#[tonic::async_trait]
impl TermService for Terms {
    async fn request_renewal(
        &self,
        request: Request<RequestRenewalRequest>,
    ) -> Result<Response<Renewal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            renewals::request(&self.0, &call, request).await?,
        ))
    }

    async fn grant_renewal(
        &self,
        request: Request<GrantRenewalRequest>,
    ) -> Result<Response<Renewal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            renewals::grant(&self.0, &call, request).await?,
        ))
    }

    async fn refuse_renewal(
        &self,
        request: Request<RefuseRenewalRequest>,
    ) -> Result<Response<Renewal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            renewals::refuse(&self.0, &call, request).await?,
        ))
    }

    async fn confirm_tacit_renewal(
        &self,
        request: Request<ConfirmTacitRenewalRequest>,
    ) -> Result<Response<Renewal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            renewals::confirm_tacit(&self.0, &call, request).await?,
        ))
    }

    async fn get_renewal(
        &self,
        request: Request<GetRenewalRequest>,
    ) -> Result<Response<Renewal>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(renewals::get(&self.0, &call, request).await?))
    }

    async fn list_renewals(
        &self,
        request: Request<ListRenewalsRequest>,
    ) -> Result<Response<ListRenewalsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            renewals::list(&self.0, &call, request).await?,
        ))
    }

    async fn extend_contract(
        &self,
        request: Request<ExtendContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            extend_contract::run(&self.0, &call, request).await?,
        ))
    }

    async fn close_contract(
        &self,
        request: Request<CloseContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            close_contract::run(&self.0, &call, request).await?,
        ))
    }
}
