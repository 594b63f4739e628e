//! Step 5: people conduct one review to its end. No machine could: each act is somebody's, and the person
//! who examines is not the one who measured.

use std::cmp::Reverse;

use anyhow::{Context, Result};
use proto::{
    contracts::v1::{
        ConcludeReviewRequest, ExamineReviewRequest, GetContractRequest, MilestoneDraft,
        NotifyReviewRequest, Outcome, Review, ReviewState, SubmitObservationsRequest,
    },
    controls::v1::Campaign,
    types::v1::Severity,
};

use super::{Demo, registry::finess_of};
use crate::call;

const MESSAGE: &str = "Le contrôle annuel de votre contrat a relevé les écarts ci-joints. Ils n’emportent par \
    eux-mêmes aucune conséquence. Vous êtes invités à présenter vos observations, par écrit ou oralement, \
    dans le délai indiqué.";
const OBSERVATIONS: &str = "L’écart s’explique par des travaux qui ont limité notre activité pendant plusieurs \
    mois. L’activité a repris depuis ; nous proposons un suivi trimestriel.";
const ANALYSIS: &str = "L’écart est confirmé par les données. L’explication de l’établissement est cohérente avec \
    le calendrier des travaux. Un suivi rapproché suffit.";
const MILESTONE: &str = "Retrouver le niveau d’activité prévu au contrat";
const REASONS: &str = "Au vu du constat, des observations de l’établissement et de leur examen, un plan d’action \
    avec un point d’étape chaque trimestre est retenu. Aucune procédure n’est proposée.";

impl Demo {
    /// Conducts the review that most deserves it, from where it stands. None when nothing deviates.
    pub(super) async fn conduct_one_review(
        &self,
        campaigns: &[Campaign],
    ) -> Result<Option<Review>> {
        let mut reviews = Vec::new();
        for campaign in campaigns {
            reviews.extend(self.reviews(&campaign.name).await?);
        }
        let Some(review) = most_deserving(reviews) else {
            return Ok(None);
        };
        let name = review.name.clone();
        let conducted = self
            .conduct(review)
            .await
            .with_context(|| format!("review {name}"))?;
        Ok(Some(conducted))
    }

    async fn conduct(&self, mut review: Review) -> Result<Review> {
        loop {
            review = match review.state() {
                ReviewState::Open => self.notify(&review).await?,
                ReviewState::Notified if review.observations.is_empty() => {
                    self.observe(&review).await?
                }
                ReviewState::Notified => self.examine(&review).await?,
                ReviewState::Examined => self.conclude(&review).await?,
                ReviewState::Concluded | ReviewState::Unspecified => return Ok(review),
            };
        }
    }

    async fn notify(&self, review: &Review) -> Result<Review> {
        let request = NotifyReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            message: MESSAGE.to_owned(),
            request_id: self.act_id("NotifyReview", review),
            ..Default::default()
        };
        Ok(call!(
            self.personas.manager.reviews(),
            notify_review,
            request.clone()
        )
        .await?)
    }

    async fn observe(&self, review: &Review) -> Result<Review> {
        let request = GetContractRequest {
            name: review.contract.clone(),
        };
        let contract = call!(
            self.personas.auditor.contracts(),
            get_contract,
            request.clone()
        )
        .await?;
        let parties = contract.text.unwrap_or_default().legal_entities;
        let entity = parties.first().and_then(|name| finess_of(name));
        let entity = entity.with_context(|| format!("{} has no party", review.contract))?;
        let director = self.personas.director(entity).await?;
        let request = SubmitObservationsRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            text: OBSERVATIONS.to_owned(),
            request_id: self.act_id("SubmitObservations", review),
            ..Default::default()
        };
        Ok(call!(director.reviews(), submit_observations, request.clone()).await?)
    }

    async fn examine(&self, review: &Review) -> Result<Review> {
        let request = ExamineReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            analysis: ANALYSIS.to_owned(),
            recommended_outcome: Outcome::ActionPlan.into(),
            request_id: self.act_id("ExamineReview", review),
        };
        Ok(call!(
            self.personas.reviewer.reviews(),
            examine_review,
            request.clone()
        )
        .await?)
    }

    async fn conclude(&self, review: &Review) -> Result<Review> {
        let request = ConcludeReviewRequest {
            name: review.name.clone(),
            etag: review.etag.clone(),
            outcome: Outcome::ActionPlan.into(),
            reasons: REASONS.to_owned(),
            milestones: vec![MilestoneDraft {
                title: MILESTONE.to_owned(),
                due_date: format!("{}-12-31", review.year + 3),
            }],
            request_id: self.act_id("ConcludeReview", review),
            ..Default::default()
        };
        Ok(call!(
            self.personas.manager.reviews(),
            conclude_review,
            request.clone()
        )
        .await?)
    }

    fn act_id(&self, method: &str, review: &Review) -> String {
        self.request_id(&[method, &review.name, &review.etag])
    }
}

/// The review with the gravest finding, an opposable one first. It depends on what was found only, so that
/// a second run comes back to the same one.
fn most_deserving(reviews: Vec<Review>) -> Option<Review> {
    let weight = |review: &Review| {
        let gravest = review.findings.iter().max_by_key(|finding| {
            (
                finding.opposable,
                finding.severity,
                Reverse(finding.objective.clone()),
            )
        })?;
        let deviates = gravest.severity > i32::from(Severity::Info);
        let weight = (
            gravest.opposable,
            gravest.severity,
            Reverse(gravest.objective.clone()),
        );
        deviates.then_some((weight, review.year))
    };
    reviews
        .into_iter()
        .filter(|r| weight(r).is_some())
        .max_by_key(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::contracts::v1::AttachedFinding;

    fn review(name: &str, findings: &[(&str, Severity, bool)]) -> Review {
        let finding =
            |&(objective, severity, opposable): &(&str, Severity, bool)| AttachedFinding {
                objective: objective.to_owned(),
                severity: severity.into(),
                opposable,
                ..Default::default()
            };
        Review {
            name: name.to_owned(),
            findings: findings.iter().map(finding).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn the_review_chosen_depends_on_its_findings_not_on_its_place_in_the_list() {
        let minor = review("minor", &[("a", Severity::Minor, false)]);
        let major = review("major", &[("b", Severity::Major, false)]);
        let binding = review(
            "binding",
            &[("z", Severity::Info, false), ("c", Severity::Minor, true)],
        );
        let reminder = review("reminder", &[("d", Severity::Info, false)]);
        let chosen = |reviews: &[&Review]| {
            most_deserving(reviews.iter().copied().cloned().collect()).map(|review| review.name)
        };
        assert_eq!(
            chosen(&[&minor, &binding, &major, &reminder]).as_deref(),
            Some("binding")
        );
        assert_eq!(chosen(&[&major, &minor]).as_deref(), Some("major"));
        assert_eq!(chosen(&[&minor, &major]).as_deref(), Some("major"));
        assert_eq!(chosen(&[&reminder]), None);
    }
}
