//! The usual way of a contract and of a review, step by step.

use contracts::app::time_passes;
use proto::contracts::v1::{
    AgreeToVersionRequest, ConcludeReviewRequest, Contract, ContractState, ContractText,
    CreateContractRequest, ExamineReviewRequest, FreezeContractRequest, ListReviewsRequest,
    MilestoneDraft, NotifyReviewRequest, OpenNegotiationRequest, OpinionSense, Outcome,
    RecordOpinionRequest, Review, SignContractRequest, SubmitObservationsRequest,
};
use testkit::{Persona, eventually, request_id};
use time::Duration;
use tonic::Status;

use super::{
    CONSULTED, ENTITY, Finding, REGION, World, auditor, contract_manager, director,
    director_general, manager, reviewer, text,
};

impl World {
    pub(crate) async fn create(&self, text: ContractText) -> Result<Contract, Status> {
        let request = CreateContractRequest {
            region: REGION.into(),
            text: Some(text),
            request_id: request_id(),
            ..Default::default()
        };
        let answer = self
            .contracts(&contract_manager())
            .create_contract(request)
            .await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn open_negotiation(&self, contract: &Contract) -> Result<Contract, Status> {
        let request = OpenNegotiationRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            request_id: request_id(),
        };
        let answer = self
            .contracts(&contract_manager())
            .open_negotiation(request)
            .await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn agree(
        &self,
        contract: &Contract,
        who: &Persona,
    ) -> Result<Contract, Status> {
        let request = AgreeToVersionRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            request_id: request_id(),
        };
        Ok(self
            .contracts(who)
            .agree_to_version(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn record_opinion(
        &self,
        contract: &Contract,
        body: &str,
    ) -> Result<Contract, Status> {
        let request = RecordOpinionRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            body: body.into(),
            sense: OpinionSense::Reserved.into(),
            date: "2026-03-05".into(),
            comment: "Sous réserve du calendrier.".into(),
            request_id: request_id(),
        };
        let answer = self
            .contracts(&contract_manager())
            .record_opinion(request)
            .await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn freeze(&self, contract: &Contract) -> Result<Contract, Status> {
        let request = FreezeContractRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            request_id: request_id(),
        };
        let answer = self
            .contracts(&contract_manager())
            .freeze_contract(request)
            .await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn sign(
        &self,
        contract: &Contract,
        party: &str,
        who: &Persona,
    ) -> Result<Contract, Status> {
        let request = SignContractRequest {
            name: contract.name.clone(),
            etag: contract.etag.clone(),
            party: party.into(),
            signatory_title: "Directrice générale".into(),
            document_sha256: contract.document_sha256.clone(),
            request_id: request_id(),
        };
        Ok(self
            .contracts(who)
            .sign_contract(request)
            .await?
            .into_inner())
    }

    /// A contract that both sides have agreed to.
    pub(crate) async fn consulted(&self, text: ContractText) -> Contract {
        let contract = self.create(text).await.unwrap();
        let contract = self.open_negotiation(&contract).await.unwrap();
        let contract = self.agree(&contract, &manager()).await.unwrap();
        self.agree(&contract, &director()).await.unwrap()
    }

    /// A contract that waits for its signatures.
    pub(crate) async fn ready_to_sign(&self, text: ContractText) -> Contract {
        let contract = self.consulted(text).await;
        let contract = self.record_opinion(&contract, CONSULTED).await.unwrap();
        self.freeze(&contract).await.unwrap()
    }

    pub(crate) async fn signed(&self, text: ContractText) -> Contract {
        let contract = self.ready_to_sign(text).await;
        let contract = self
            .sign(&contract, "ars", &director_general())
            .await
            .unwrap();
        let party = format!("legalEntities/{ENTITY}");
        self.sign(&contract, &party, &director()).await.unwrap()
    }

    /// A contract in force since 1 March 2026.
    pub(crate) async fn in_force(&self, sites: &[&str]) -> Contract {
        let mut text = text(sites);
        text.effect_date = "2026-03-01".into();
        text.end_date = "2031-02-28".into();
        self.signed(text).await
    }

    pub(crate) async fn get(&self, contract: &Contract, who: &Persona) -> Result<Contract, Status> {
        let request = proto::contracts::v1::GetContractRequest {
            name: contract.name.clone(),
        };
        Ok(self
            .contracts(who)
            .get_contract(request)
            .await?
            .into_inner())
    }

    /// The contract once time has brought it to a state: by this call, or by the clock of the service itself.
    pub(crate) async fn until(&self, contract: &Contract, state: ContractState) -> Contract {
        eventually("time passes", || async {
            time_passes::once(&self.service.running.runtime.machine)
                .await
                .unwrap();
            let contract = self.get(contract, &auditor()).await.unwrap();
            (contract.state() == state).then_some(contract)
        })
        .await
    }

    /// The review that these findings open, once all of them are attached.
    pub(crate) async fn review_with(&self, findings: &[Finding]) -> Review {
        for finding in findings {
            self.producer.raised(finding).await;
        }
        self.review_when(findings[0].campaign.clone(), |review| {
            review.findings.len() == findings.len()
        })
        .await
    }

    /// The review of a campaign, once it is as awaited.
    pub(crate) async fn review_when(
        &self,
        campaign: String,
        awaited: impl Fn(&Review) -> bool,
    ) -> Review {
        let request = ListReviewsRequest {
            campaign,
            ..Default::default()
        };
        let awaited = &awaited;
        eventually("the review is as awaited", || {
            let (request, mut client) = (request.clone(), self.reviews(&auditor()));
            async move {
                let mut reviews = client
                    .list_reviews(request)
                    .await
                    .ok()?
                    .into_inner()
                    .reviews;
                assert!(reviews.len() < 2, "one review a contract and campaign");
                reviews.pop().filter(|review| awaited(review))
            }
        })
        .await
    }

    pub(crate) async fn notify(&self, review: &Review) -> Result<Review, Status> {
        let request = NotifyReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            message: "Vos observations sont attendues.".into(),
            request_id: request_id(),
            ..Default::default()
        };
        Ok(self
            .reviews(&manager())
            .notify_review(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn answer(&self, review: &Review, who: &Persona) -> Result<Review, Status> {
        let request = SubmitObservationsRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            text: "Les travaux ont retardé l’ouverture.".into(),
            request_id: request_id(),
            ..Default::default()
        };
        Ok(self
            .reviews(who)
            .submit_observations(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn examine(&self, review: &Review, who: &Persona) -> Result<Review, Status> {
        let request = ExamineReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            analysis: "L’écart est avéré.".into(),
            recommended_outcome: Outcome::ActionPlan.into(),
            request_id: request_id(),
        };
        Ok(self
            .reviews(who)
            .examine_review(request)
            .await?
            .into_inner())
    }

    pub(crate) async fn conclude(
        &self,
        review: &Review,
        outcome: Outcome,
        who: &Persona,
    ) -> Result<Review, Status> {
        let milestones = match outcome {
            Outcome::ActionPlan => vec![MilestoneDraft {
                title: "Ouvrir la seconde implantation".into(),
                due_date: "2026-09-30".into(),
            }],
            _ => vec![],
        };
        let request = ConcludeReviewRequest {
            milestones,
            name: review.name.clone(),
            etag: review.etag.clone(),
            outcome: outcome.into(),
            reasons: "Manquement répété et non justifié.".into(),
            request_id: request_id(),
            ..Default::default()
        };
        Ok(self
            .reviews(who)
            .conclude_review(request)
            .await?
            .into_inner())
    }

    /// A review that was notified, answered and examined.
    pub(crate) async fn examined(&self, findings: &[Finding]) -> Review {
        let review = self.review_with(findings).await;
        let review = self.notify(&review).await.unwrap();
        let review = self.answer(&review, &director()).await.unwrap();
        self.examine(&review, &reviewer()).await.unwrap()
    }

    /// The day after the establishment's time to answer is over.
    pub(crate) fn let_the_due_date_pass(&self) {
        self.advance(Duration::days(32));
    }
}
