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

use crate::app::{App, amend, amendment_impact, propose_amendment, read_amendments};

/// Answers `AmendmentService`.
#[derive(Debug, Clone)]
pub(crate) struct Amendments(pub(crate) App);

rpc::answers! {
    AmendmentService for Amendments;

    fn propose_amendment(app, call, request: ProposeAmendmentRequest) -> Amendment {
        propose_amendment::run(app, &call, request).await?
    }
    fn get_amendment(app, call, request: GetAmendmentRequest) -> Amendment {
        read_amendments::get(app, &call, request).await?
    }
    fn list_amendments(app, call, request: ListAmendmentsRequest) -> ListAmendmentsResponse {
        read_amendments::list(app, &call, request).await?
    }
    fn open_amendment_negotiation(app, call, request: OpenAmendmentNegotiationRequest)
        -> Amendment
    {
        amend::open_negotiation(app, &call, request).await?
    }
    fn revise_amendment(app, call, request: ReviseAmendmentRequest) -> Amendment {
        amend::revise(app, &call, request).await?
    }
    fn agree_to_amendment(app, call, request: AgreeToAmendmentRequest) -> Amendment {
        amend::agree(app, &call, request).await?
    }
    fn record_amendment_opinion(app, call, request: RecordAmendmentOpinionRequest) -> Amendment {
        amend::record_opinion(app, &call, request).await?
    }
    fn get_impact_review(app, call, request: GetImpactReviewRequest) -> ImpactReview {
        amendment_impact::run(app, &call, request).await?
    }
    fn acknowledge_impact(app, call, request: AcknowledgeImpactRequest) -> Amendment {
        amend::acknowledge(app, &call, request).await?
    }
    fn freeze_amendment(app, call, request: FreezeAmendmentRequest) -> Amendment {
        amend::freeze(app, &call, request).await?
    }
    fn get_amendment_document(app, call, request: GetAmendmentDocumentRequest)
        -> AmendmentDocument
    {
        read_amendments::document(app, &call, request).await?
    }
    fn sign_amendment(app, call, request: SignAmendmentRequest) -> Amendment {
        amend::sign(app, &call, request).await?
    }
    fn withdraw_from_amendment_signature(app, call, request: WithdrawFromAmendmentSignatureRequest)
        -> Amendment
    {
        amend::withdraw_from_signature(app, &call, request).await?
    }
    fn reject_amendment(app, call, request: RejectAmendmentRequest) -> Amendment {
        amend::reject(app, &call, request).await?
    }
    fn withdraw_amendment(app, call, request: WithdrawAmendmentRequest) -> Amendment {
        amend::withdraw(app, &call, request).await?
    }
    fn get_consolidated_contract(app, call, request: GetConsolidatedContractRequest)
        -> ConsolidatedContract
    {
        read_amendments::consolidated_contract(app, &call, request).await?
    }
}
