//! `AmendmentService`.

use proto::contracts::v1::{
    AcknowledgeImpactRequest, AgreeToAmendmentRequest, Amendment, AmendmentDocument,
    ConsolidatedContract, FreezeAmendmentRequest, GetAmendmentDocumentRequest, GetAmendmentRequest,
    GetConsolidatedContractRequest, GetImpactReviewRequest, ImpactReview, ListAmendmentsRequest,
    ListAmendmentsResponse, OpenAmendmentNegotiationRequest, ProposeAmendmentRequest,
    RecordAmendmentOpinionRequest, RejectAmendmentRequest, ReviseAmendmentRequest,
    SignAmendmentRequest, WithdrawAmendmentRequest, WithdrawFromAmendmentSignatureRequest,
    amendment_service_server::AmendmentService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, amend, amendment_impact, propose_amendment, read_amendments};

/// Answers `AmendmentService`.
#[derive(Debug, Clone)]
pub(crate) struct Amendments(pub(crate) App);

#[tonic::async_trait]
impl AmendmentService for Amendments {
    async fn propose_amendment(
        &self,
        request: Request<ProposeAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            propose_amendment::run(&self.0, &call, request).await?,
        ))
    }

    async fn get_amendment(
        &self,
        request: Request<GetAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_amendments::get(&self.0, &call, request).await?,
        ))
    }

    async fn list_amendments(
        &self,
        request: Request<ListAmendmentsRequest>,
    ) -> Result<Response<ListAmendmentsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_amendments::list(&self.0, &call, request).await?,
        ))
    }

    async fn open_amendment_negotiation(
        &self,
        request: Request<OpenAmendmentNegotiationRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amend::open_negotiation(&self.0, &call, request).await?,
        ))
    }

    async fn revise_amendment(
        &self,
        request: Request<ReviseAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(amend::revise(&self.0, &call, request).await?))
    }

    async fn agree_to_amendment(
        &self,
        request: Request<AgreeToAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(amend::agree(&self.0, &call, request).await?))
    }

    async fn record_amendment_opinion(
        &self,
        request: Request<RecordAmendmentOpinionRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amend::record_opinion(&self.0, &call, request).await?,
        ))
    }

    async fn get_impact_review(
        &self,
        request: Request<GetImpactReviewRequest>,
    ) -> Result<Response<ImpactReview>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amendment_impact::run(&self.0, &call, request).await?,
        ))
    }

    async fn acknowledge_impact(
        &self,
        request: Request<AcknowledgeImpactRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amend::acknowledge(&self.0, &call, request).await?,
        ))
    }

    async fn freeze_amendment(
        &self,
        request: Request<FreezeAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(amend::freeze(&self.0, &call, request).await?))
    }

    async fn get_amendment_document(
        &self,
        request: Request<GetAmendmentDocumentRequest>,
    ) -> Result<Response<AmendmentDocument>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_amendments::document(&self.0, &call, request).await?,
        ))
    }

    async fn sign_amendment(
        &self,
        request: Request<SignAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(amend::sign(&self.0, &call, request).await?))
    }

    async fn withdraw_from_amendment_signature(
        &self,
        request: Request<WithdrawFromAmendmentSignatureRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amend::withdraw_from_signature(&self.0, &call, request).await?,
        ))
    }

    async fn reject_amendment(
        &self,
        request: Request<RejectAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(amend::reject(&self.0, &call, request).await?))
    }

    async fn withdraw_amendment(
        &self,
        request: Request<WithdrawAmendmentRequest>,
    ) -> Result<Response<Amendment>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            amend::withdraw(&self.0, &call, request).await?,
        ))
    }

    async fn get_consolidated_contract(
        &self,
        request: Request<GetConsolidatedContractRequest>,
    ) -> Result<Response<ConsolidatedContract>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_amendments::consolidated_contract(&self.0, &call, request).await?,
        ))
    }
}
