//! `EvidenceService`.

use proto::contracts::v1::{
    GetSignatureEvidenceRequest, SignatureEvidence, evidence_service_server::EvidenceService,
};

use crate::app::{App, evidence};

/// Answers `EvidenceService`.
#[derive(Debug, Clone)]
pub(crate) struct Evidences(pub(crate) App);

rpc::answers! {
    EvidenceService for Evidences;

    fn get_signature_evidence(app, call, request: GetSignatureEvidenceRequest)
        -> SignatureEvidence
    {
        evidence::get(app, &call, request).await?
    }
}
