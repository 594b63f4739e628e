//! Clients of the services around the contract, and the usual way of an amendment.

use proto::contracts::v1::{
    AcknowledgeImpactRequest, AgreeToAmendmentRequest, Amendment, AmendmentChanges,
    AmendmentReason, ConsolidatedContract, Contract, FreezeAmendmentRequest, GetAmendmentRequest,
    GetConsolidatedContractRequest, GetImpactReviewRequest, ImpactReview, Mandate,
    OpenAmendmentNegotiationRequest, ProposeAmendmentRequest, RegisterMandateRequest,
    SignAmendmentRequest, amendment_service_client::AmendmentServiceClient,
    follow_up_service_client::FollowUpServiceClient, mandate_service_client::MandateServiceClient,
    negotiation_service_client::NegotiationServiceClient,
    programming_service_client::ProgrammingServiceClient,
    regime_service_client::RegimeServiceClient, task_service_client::TaskServiceClient,
    term_service_client::TermServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, request_id};
use tonic::Status;

use super::{ENTITY, World, auditor, contract_manager, director, director_general, manager};

impl World {
    pub(crate) fn amendments(&self, who: &Persona) -> AmendmentServiceClient<Peer> {
        AmendmentServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn follow_up(&self, who: &Persona) -> FollowUpServiceClient<Peer> {
        FollowUpServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn mandates(&self, who: &Persona) -> MandateServiceClient<Peer> {
        MandateServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn negotiation(&self, who: &Persona) -> NegotiationServiceClient<Peer> {
        NegotiationServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn programming(&self, who: &Persona) -> ProgrammingServiceClient<Peer> {
        ProgrammingServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn regimes(&self, who: &Persona) -> RegimeServiceClient<Peer> {
        RegimeServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn tasks(&self, who: &Persona) -> TaskServiceClient<Peer> {
        TaskServiceClient::new(self.service.peer(who))
    }

    pub(crate) fn terms(&self, who: &Persona) -> TermServiceClient<Peer> {
        TermServiceClient::new(self.service.peer(who))
    }

    pub(crate) async fn register_mandate(
        &self,
        request: RegisterMandateRequest,
    ) -> Result<Mandate, Status> {
        let answer = self
            .mandates(&contract_manager())
            .register_mandate(request)
            .await?;
        Ok(answer.into_inner())
    }

    /// An amendment that the agency proposes.
    pub(crate) async fn propose(
        &self,
        contract: &Contract,
        effect_date: &str,
        changes: AmendmentChanges,
    ) -> Result<Amendment, Status> {
        let request = ProposeAmendmentRequest {
            contract: contract.name.clone(),
            reason: AmendmentReason::Funding.into(),
            title: "Aide à l’investissement".into(),
            effect_date: effect_date.into(),
            changes: Some(changes),
            consultations: vec![],
            request_id: request_id(),
        };
        let answer = self
            .amendments(&contract_manager())
            .propose_amendment(request)
            .await?;
        Ok(answer.into_inner())
    }

    /// The establishment opens the negotiation of what the agency proposed.
    pub(crate) async fn talk(&self, amendment: &Amendment) -> Result<Amendment, Status> {
        let request = OpenAmendmentNegotiationRequest {
            name: amendment.name.clone(),
            etag: amendment.etag.clone(),
            request_id: request_id(),
        };
        let answer = self
            .amendments(&director())
            .open_amendment_negotiation(request)
            .await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn agree_to_amendment(
        &self,
        amendment: &Amendment,
        who: &Persona,
    ) -> Result<Amendment, Status> {
        let request = AgreeToAmendmentRequest {
            name: amendment.name.clone(),
            etag: amendment.etag.clone(),
            request_id: request_id(),
        };
        Ok(self
            .amendments(who)
            .agree_to_amendment(request)
            .await?
            .into_inner())
    }

    /// An amendment to which both sides have agreed.
    pub(crate) async fn agreed_amendment(
        &self,
        contract: &Contract,
        effect_date: &str,
        changes: AmendmentChanges,
    ) -> Amendment {
        let amendment = self.propose(contract, effect_date, changes).await.unwrap();
        let amendment = self.talk(&amendment).await.unwrap();
        let amendment = self
            .agree_to_amendment(&amendment, &manager())
            .await
            .unwrap();
        self.agree_to_amendment(&amendment, &director())
            .await
            .unwrap()
    }

    pub(crate) async fn impact(&self, amendment: &Amendment) -> ImpactReview {
        let request = GetImpactReviewRequest {
            name: amendment.name.clone(),
        };
        let answer = self.amendments(&manager()).get_impact_review(request).await;
        answer.unwrap().into_inner()
    }

    pub(crate) async fn acknowledge_impact_of(
        &self,
        amendment: &Amendment,
        impact_sha256: &str,
    ) -> Result<Amendment, Status> {
        let request = AcknowledgeImpactRequest {
            name: amendment.name.clone(),
            etag: amendment.etag.clone(),
            impact_sha256: impact_sha256.into(),
            request_id: request_id(),
        };
        Ok(self
            .amendments(&manager())
            .acknowledge_impact(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn freeze_amendment(
        &self,
        amendment: &Amendment,
    ) -> Result<Amendment, Status> {
        let request = FreezeAmendmentRequest {
            name: amendment.name.clone(),
            etag: amendment.etag.clone(),
            request_id: request_id(),
        };
        Ok(self
            .amendments(&manager())
            .freeze_amendment(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn sign_amendment(
        &self,
        amendment: &Amendment,
        party: &str,
        who: &Persona,
    ) -> Result<Amendment, Status> {
        let request = SignAmendmentRequest {
            name: amendment.name.clone(),
            etag: amendment.etag.clone(),
            party: party.into(),
            signatory_title: "Directrice générale".into(),
            document_sha256: amendment.document_sha256.clone(),
            request_id: request_id(),
        };
        Ok(self
            .amendments(who)
            .sign_amendment(request)
            .await?
            .into_inner())
    }

    /// An amendment signed by everybody.
    pub(crate) async fn signed_amendment(
        &self,
        contract: &Contract,
        effect_date: &str,
        changes: AmendmentChanges,
    ) -> Amendment {
        let amendment = self.agreed_amendment(contract, effect_date, changes).await;
        let impact = self.impact(&amendment).await;
        let amendment = self
            .acknowledge_impact_of(&amendment, &impact.sha256)
            .await
            .unwrap();
        let amendment = self.freeze_amendment(&amendment).await.unwrap();
        let amendment = self
            .sign_amendment(&amendment, "ars", &director_general())
            .await
            .unwrap();
        let party = format!("legalEntities/{ENTITY}");
        self.sign_amendment(&amendment, &party, &director())
            .await
            .unwrap()
    }

    pub(crate) async fn get_amendment(&self, amendment: &Amendment) -> Amendment {
        let request = GetAmendmentRequest {
            name: amendment.name.clone(),
        };
        let answer = self.amendments(&auditor()).get_amendment(request).await;
        answer.unwrap().into_inner()
    }

    pub(crate) async fn consolidated(
        &self,
        contract: &Contract,
        as_of: &str,
    ) -> ConsolidatedContract {
        let request = GetConsolidatedContractRequest {
            name: contract.name.clone(),
            as_of: as_of.into(),
        };
        let answer = self
            .amendments(&auditor())
            .get_consolidated_contract(request)
            .await;
        answer.unwrap().into_inner()
    }
}
