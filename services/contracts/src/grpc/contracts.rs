//! `ContractService`.

use proto::contracts::v1::{
    AbandonContractRequest, AgreeToVersionRequest, Contract, CreateContractRequest,
    FreezeContractRequest, FrozenDocument, GetContractRequest, GetFrozenDocumentRequest,
    ListContractVersionsRequest, ListContractVersionsResponse, ListContractsRequest,
    ListContractsResponse, OpenNegotiationRequest, ProposeVersionRequest, RecordOpinionRequest,
    SignContractRequest, WithdrawFromSignatureRequest, contract_service_server::ContractService,
};

use crate::app::{
    App, abandon_contract, agree_to_version, create_contract, freeze_contract, open_negotiation,
    propose_version, read_contracts, record_opinion, sign_contract, withdraw_from_signature,
};

/// Answers `ContractService`.
#[derive(Debug, Clone)]
pub(crate) struct Contracts(pub(crate) App);

rpc::answers! {
    ContractService for Contracts;

    fn create_contract(app, call, request: CreateContractRequest) -> Contract {
        create_contract::run(app, &call, request).await?
    }
    fn get_contract(app, call, request: GetContractRequest) -> Contract {
        read_contracts::get(app, &call, request).await?
    }
    fn list_contracts(app, call, request: ListContractsRequest) -> ListContractsResponse {
        read_contracts::list(app, &call, request).await?
    }
    fn open_negotiation(app, call, request: OpenNegotiationRequest) -> Contract {
        open_negotiation::run(app, &call, request).await?
    }
    fn propose_version(app, call, request: ProposeVersionRequest) -> Contract {
        propose_version::run(app, &call, request).await?
    }
    fn list_contract_versions(app, call, request: ListContractVersionsRequest)
        -> ListContractVersionsResponse
    {
        read_contracts::versions(app, &call, request).await?
    }
    fn agree_to_version(app, call, request: AgreeToVersionRequest) -> Contract {
        agree_to_version::run(app, &call, request).await?
    }
    fn record_opinion(app, call, request: RecordOpinionRequest) -> Contract {
        record_opinion::run(app, &call, request).await?
    }
    fn freeze_contract(app, call, request: FreezeContractRequest) -> Contract {
        freeze_contract::run(app, &call, request).await?
    }
    fn get_frozen_document(app, call, request: GetFrozenDocumentRequest) -> FrozenDocument {
        read_contracts::frozen_document(app, &call, request).await?
    }
    fn sign_contract(app, call, request: SignContractRequest) -> Contract {
        sign_contract::run(app, &call, request).await?
    }
    fn withdraw_from_signature(app, call, request: WithdrawFromSignatureRequest) -> Contract {
        withdraw_from_signature::run(app, &call, request).await?
    }
    fn abandon_contract(app, call, request: AbandonContractRequest) -> Contract {
        abandon_contract::run(app, &call, request).await?
    }
}
