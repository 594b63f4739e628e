//! `EvidenceService`.

use proto::contracts::v1::{
    GetSignatureEvidenceRequest, SignatureEvidence, evidence_service_server::EvidenceService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, evidence};

/// Answers `EvidenceService`.
#[derive(Debug, Clone)]
pub(crate) struct Evidences(pub(crate) App);

#[tonic::async_trait]
impl EvidenceService for Evidences {
    async fn get_signature_evidence(
        &self,
        request: Request<GetSignatureEvidenceRequest>,
    ) -> Result<Response<SignatureEvidence>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(evidence::get(&self.0, &call, request).await?))
    }
}
