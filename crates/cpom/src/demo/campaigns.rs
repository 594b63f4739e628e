//! Step 4: a tolerance policy, then the campaign of each year that is over.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use kernel::{Clock, legal_time::legal_day};
use proto::{
    contracts::v1::{Contract, ListReviewsRequest, Review},
    controls::v1::{
        AdoptTolerancePolicyRequest, Campaign, CampaignState, CreateCampaignRequest,
        CreateTolerancePolicyRequest, Finding, FindingState, FreezeCampaignRequest,
        ListCampaignsRequest, ListFindingsRequest, ListTolerancePoliciesRequest,
        StartCampaignRequest, TolerancePolicy, TolerancePolicyState, ToleranceRules,
    },
};

use super::{
    Demo,
    plan::{CONTRACT_YEARS, CONTROLLED_YEARS},
    waiting::until,
};
use crate::{
    call, following, list_all,
    progress::{self, Count},
};

impl Demo {
    /// Runs the campaign of each year, or goes on with the one that stands.
    pub(super) async fn run_campaigns(&self, contracts: &[Contract]) -> Result<Vec<Campaign>> {
        let mut measured = Vec::new();
        for year in CONTROLLED_YEARS {
            let campaign = self
                .campaign(year)
                .await
                .with_context(|| format!("campaign {year}"))?;
            let listed = campaign.progress.unwrap_or_default().contracts;
            ensure!(
                usize::try_from(listed).is_ok_and(|listed| listed >= contracts.len()),
                "the campaign of {year} listed {listed} contracts and {} are in force",
                contracts.len(),
            );
            measured.push(campaign);
        }
        Ok(measured)
    }

    async fn campaign(&self, year: i32) -> Result<Campaign> {
        let existing = self
            .existing_campaigns()
            .await?
            .into_iter()
            .find(|c| c.year == year);
        let campaign = match existing {
            Some(campaign) => campaign,
            None => self.create_campaign(year).await?,
        };
        let campaign = match campaign.state() {
            CampaignState::Planned => self.start(self.freeze(campaign).await?).await?,
            CampaignState::Frozen => self.start(campaign).await?,
            _ => campaign,
        };
        let bar = progress::bar(&format!("campagne {year}"), 0, Count::Things);
        let followed =
            following::until_measured(&self.personas.controller, &campaign.name, |campaign| {
                let progress = campaign.progress.unwrap_or_default();
                bar.set_length(progress.contracts.unsigned_abs());
                bar.set_position(progress.measured.unsigned_abs());
            })
            .await;
        bar.finish_and_clear();
        Ok(followed?)
    }

    async fn existing_campaigns(&self) -> Result<Vec<Campaign>> {
        let request = ListCampaignsRequest {
            region: self.plan.region.code().to_owned(),
            ..Default::default()
        };
        let controller = &self.personas.controller;
        Ok(list_all!(
            controller.campaigns(),
            list_campaigns,
            request.clone(),
            campaigns
        )
        .await?)
    }

    async fn create_campaign(&self, year: i32) -> Result<Campaign> {
        let request = CreateCampaignRequest {
            region: self.plan.region.code().to_owned(),
            year,
            tolerance_policy: self.tolerance_policy().await?,
            request_id: self.request_id(&["CreateCampaign", &year.to_string()]),
        };
        Ok(call!(
            self.personas.controller.campaigns(),
            create_campaign,
            request.clone()
        )
        .await?)
    }

    async fn freeze(&self, campaign: Campaign) -> Result<Campaign> {
        let request = FreezeCampaignRequest {
            request_id: self.request_id(&["FreezeCampaign", &campaign.name, &campaign.etag]),
            pmsi_version: String::new(),
            name: campaign.name,
            etag: campaign.etag,
        };
        Ok(call!(
            self.personas.controller.campaigns(),
            freeze_campaign,
            request.clone()
        )
        .await?)
    }

    async fn start(&self, campaign: Campaign) -> Result<Campaign> {
        let request = StartCampaignRequest {
            request_id: self.request_id(&["StartCampaign", &campaign.name, &campaign.etag]),
            name: campaign.name,
            etag: campaign.etag,
        };
        Ok(call!(
            self.personas.controller.campaigns(),
            start_campaign,
            request.clone()
        )
        .await?)
    }

    /// The policy of the plan, recorded once.
    async fn tolerance_policy(&self) -> Result<String> {
        let region = self.plan.region.code().to_owned();
        let tolerance = &self.plan.tolerance;
        let manager = &self.personas.manager;
        let request = ListTolerancePoliciesRequest {
            region: region.clone(),
            ..Default::default()
        };
        let policies = list_all!(
            manager.policies(),
            list_tolerance_policies,
            request.clone(),
            tolerance_policies
        )
        .await?;
        if let Some(ours) = policies
            .into_iter()
            .find(|p| p.reasons == tolerance.reasons)
        {
            return self.in_effect(ours).await;
        }
        let request = CreateTolerancePolicyRequest {
            region,
            rules: Some(ToleranceRules {
                first_year: *CONTRACT_YEARS.start(),
                last_year: *CONTRACT_YEARS.end(),
                conforming_percent: tolerance.conforming_percent.to_owned(),
                minor_percent: tolerance.minor_percent.to_owned(),
                minimum_count: tolerance.minimum_count.to_owned(),
                ..Default::default()
            }),
            reasons: tolerance.reasons.to_owned(),
            request_id: self.request_id(&["CreateTolerancePolicy"]),
        };
        let draft = call!(manager.policies(), create_tolerance_policy, request.clone()).await?;
        self.in_effect(draft).await
    }

    /// Adopts a draft; what was adopted already stays as it is.
    async fn in_effect(&self, policy: TolerancePolicy) -> Result<String> {
        if policy.state() != TolerancePolicyState::Draft {
            return Ok(policy.name);
        }
        let today = legal_day(Clock::system().now(), self.plan.region);
        let request = AdoptTolerancePolicyRequest {
            request_id: self.request_id(&["AdoptTolerancePolicy", &policy.name, &policy.etag]),
            effect_date: today.to_string(),
            reasons: policy.reasons,
            name: policy.name,
            etag: policy.etag,
            replaces: String::new(),
        };
        let manager = &self.personas.manager;
        let adopted = call!(manager.policies(), adopt_tolerance_policy, request.clone()).await?;
        Ok(adopted.name)
    }

    /// Waits until every finding that stands is attached to a review.
    pub(super) async fn wait_for_reviews(&self, campaigns: &[Campaign]) -> Result<()> {
        for campaign in campaigns {
            let findings = self.findings(&campaign.name).await?;
            let raised: BTreeSet<String> = findings
                .into_iter()
                .filter(|finding| finding.state() == FindingState::Raised)
                .map(|finding| finding.name)
                .collect();
            until("reviews of all findings", async || {
                let reviews = self.reviews(&campaign.name).await?;
                let attached: BTreeSet<String> = reviews
                    .into_iter()
                    .flat_map(|review| review.findings)
                    .map(|finding| finding.finding)
                    .collect();
                let lacking = raised.difference(&attached).count();
                Ok(if lacking == 0 {
                    Ok(())
                } else {
                    Err(format!("{lacking} are not attached"))
                })
            })
            .await?;
        }
        Ok(())
    }

    pub(super) async fn findings(&self, campaign: &str) -> Result<Vec<Finding>> {
        let request = ListFindingsRequest {
            campaign: campaign.to_owned(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(auditor.controls(), list_findings, request.clone(), findings);
        list.await.context("the findings could not be listed")
    }

    pub(super) async fn reviews(&self, campaign: &str) -> Result<Vec<Review>> {
        let request = ListReviewsRequest {
            campaign: campaign.to_owned(),
            ..Default::default()
        };
        let auditor = &self.personas.auditor;
        let list = list_all!(auditor.reviews(), list_reviews, request.clone(), reviews);
        list.await.context("the reviews could not be listed")
    }
}
