//! `ContractService`.

use proto::contracts::v1::{
    AbandonContractRequest, AgreeToVersionRequest, Contract, CreateContractRequest,
    FreezeContractRequest, FrozenDocument, GetContractRequest, GetFrozenDocumentRequest,
    ListContractVersionsRequest, ListContractVersionsResponse, ListContractsRequest,
    ListContractsResponse, OpenNegotiationRequest, ProposeVersionRequest, RecordOpinionRequest,
    SignContractRequest, WithdrawFromSignatureRequest, contract_service_server::ContractService,
};
use tonic::{Request, Response, Status};

use crate::app::{
    App, abandon_contract, agree_to_version, create_contract, freeze_contract, open_negotiation,
    propose_version, read_contracts, record_opinion, sign_contract, withdraw_from_signature,
};

/// Answers `ContractService`.
#[derive(Debug, Clone)]
pub(crate) struct Contracts(pub(crate) App);

#[tonic::async_trait]
impl ContractService for Contracts {
    async fn create_contract(
        &self,
        request: Request<CreateContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_contract::run(&self.0, &call, request).await?,
        ))
    }

    async fn get_contract(
        &self,
        request: Request<GetContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_contracts::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_contracts(
        &self,
        request: Request<ListContractsRequest>,
    ) -> Result<Response<ListContractsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_contracts::list(&self.0, &call, request).await?,
        ))
    }

    async fn open_negotiation(
        &self,
        request: Request<OpenNegotiationRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            open_negotiation::run(&self.0, &call, request).await?,
        ))
    }

    async fn propose_version(
        &self,
        request: Request<ProposeVersionRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            propose_version::run(&self.0, &call, request).await?,
        ))
    }

    async fn list_contract_versions(
        &self,
        request: Request<ListContractVersionsRequest>,
    ) -> Result<Response<ListContractVersionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_contracts::versions(&self.0, &call, request).await?,
        ))
    }

    async fn agree_to_version(
        &self,
        request: Request<AgreeToVersionRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            agree_to_version::run(&self.0, &call, request).await?,
        ))
    }

    async fn record_opinion(
        &self,
        request: Request<RecordOpinionRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            record_opinion::run(&self.0, &call, request).await?,
        ))
    }

    async fn freeze_contract(
        &self,
        request: Request<FreezeContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            freeze_contract::run(&self.0, &call, request).await?,
        ))
    }

    async fn get_frozen_document(
        &self,
        request: Request<GetFrozenDocumentRequest>,
    ) -> Result<Response<FrozenDocument>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_contracts::frozen_document(&self.0, &call, request).await?,
        ))
    }

    async fn sign_contract(
        &self,
        request: Request<SignContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            sign_contract::run(&self.0, &call, request).await?,
        ))
    }

    async fn withdraw_from_signature(
        &self,
        request: Request<WithdrawFromSignatureRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            withdraw_from_signature::run(&self.0, &call, request).await?,
        ))
    }

    async fn abandon_contract(
        &self,
        request: Request<AbandonContractRequest>,
    ) -> Result<Response<Contract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            abandon_contract::run(&self.0, &call, request).await?,
        ))
    }
}
