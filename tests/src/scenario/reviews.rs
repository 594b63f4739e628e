//! Reviews: what the machine opens, and what people do with it.

use proto::contracts::v1::{
    ConcludeReviewRequest, ExamineReviewRequest, ListProceduresRequest, ListReviewsRequest,
    MilestoneDraft, NotifyReviewRequest, Outcome, Procedure, Review, SubmitObservationsRequest,
};
use testkit::{Persona, request_id};
use tonic::{Code, Response, Status};

use super::{Entity, Scenario, wait_for};

const PAGE: i32 = 200;

impl Scenario<'_> {
    /// Waits until that many findings of a campaign are attached, and returns its reviews.
    pub async fn reviews_with_findings(
        &self,
        campaign: &str,
        findings: usize,
    ) -> anyhow::Result<Vec<Review>> {
        wait_for("the findings reach the reviews", || async {
            let reviews = match self.reviews_of(campaign).await {
                Ok(reviews) => reviews,
                Err(status) if status.code() == Code::Unavailable => return Ok(None),
                Err(status) => return Err(status.into()),
            };
            let attached: usize = reviews.iter().map(|review| review.findings.len()).sum();
            Ok((attached >= findings).then_some(reviews))
        })
        .await
    }

    /// The reviews of a campaign as they are.
    pub async fn reviews_of(&self, campaign: &str) -> Result<Vec<Review>, Status> {
        let away = |error: anyhow::Error| Status::internal(error.to_string());
        let mut client = self.suite.reviews(&self.people.auditor()).map_err(away)?;
        let mut request = ListReviewsRequest {
            campaign: campaign.to_owned(),
            page_size: PAGE,
            ..Default::default()
        };
        let mut reviews = Vec::new();
        loop {
            let page = client.list_reviews(request.clone()).await?.into_inner();
            reviews.extend(page.reviews);
            if page.next_page_token.is_empty() {
                return Ok(reviews);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Every procedure of the region.
    pub async fn procedures(&self) -> anyhow::Result<Vec<Procedure>> {
        let mut client = self.suite.procedures(&self.people.auditor())?;
        let request = ListProceduresRequest {
            page_size: PAGE,
            ..Default::default()
        };
        Ok(client
            .list_procedures(request)
            .await?
            .into_inner()
            .procedures)
    }

    /// The establishment is invited to answer.
    pub async fn notify(&self, review: &Review) -> anyhow::Result<Review> {
        let request = NotifyReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            message: "Les écarts constatés vous sont communiqués.".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        let mut client = self.suite.reviews(&self.people.manager())?;
        Ok(client.notify_review(request).await?.into_inner())
    }

    /// The establishment answers.
    pub async fn observe(&self, review: &Review, entity: &Entity) -> anyhow::Result<Review> {
        let request = SubmitObservationsRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            text: "Une unité a fermé pendant six mois.".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        let mut client = self
            .suite
            .reviews(&self.people.director_of(entity.finess))?;
        Ok(client.submit_observations(request).await?.into_inner())
    }

    /// Somebody examines; refused if they took part in the campaign.
    pub async fn examine(
        &self,
        review: &Review,
        examiner: &Persona,
        outcome: Outcome,
    ) -> anyhow::Result<Result<Review, Status>> {
        let request = ExamineReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            analysis: "L’écart s’explique en partie par la fermeture.".to_owned(),
            recommended_outcome: outcome.into(),
            request_id: request_id(),
        };
        let mut client = self.suite.reviews(examiner)?;
        Ok(client
            .examine_review(request)
            .await
            .map(Response::into_inner))
    }

    /// Somebody concludes, if they may.
    pub async fn conclude(
        &self,
        review: &Review,
        by: &Persona,
        outcome: Outcome,
    ) -> anyhow::Result<Result<Review, Status>> {
        let plan = MilestoneDraft {
            title: "Rouvrir l’unité".to_owned(),
            due_date: "2099-12-31".to_owned(),
        };
        let milestones = Some(plan).filter(|_| outcome == Outcome::ActionPlan);
        let request = ConcludeReviewRequest {
            milestones: milestones.into_iter().collect(),
            name: review.name.clone(),
            etag: review.etag.clone(),
            outcome: outcome.into(),
            reasons: "Au vu des observations et de l’analyse.".to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        let mut client = self.suite.reviews(by)?;
        Ok(client
            .conclude_review(request)
            .await
            .map(Response::into_inner))
    }
}
