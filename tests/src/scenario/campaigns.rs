//! Planning, starting and following a campaign.

use proto::controls::v1::{
    AdoptTolerancePolicyRequest, Campaign, CampaignState, Control, CreateCampaignRequest,
    CreateTolerancePolicyRequest, Finding, FreezeCampaignRequest, GetCampaignRequest,
    ListControlsRequest, ListFindingsRequest, ShareCampaignRequest, StartCampaignRequest,
    ToleranceRules,
};
use testkit::request_id;
use tonic::Code;

use super::{Scenario, Trace, YEAR, patiently, wait_for};

const PAGE: i32 = 200;

impl Scenario<'_> {
    /// Plans the campaign of the year and starts it.
    pub async fn start_campaign(&self, trace: &Trace) -> anyhow::Result<Campaign> {
        let frozen = self.freeze_campaign(trace).await?;
        self.start_frozen(frozen, trace).await
    }

    /// Plans the campaign of the year and freezes its data.
    pub async fn freeze_campaign(&self, trace: &Trace) -> anyhow::Result<Campaign> {
        let region = self.people.region.code().to_owned();
        let mut policies = self.suite.policies(&self.people.manager())?;
        let policy = policies
            .create_tolerance_policy(CreateTolerancePolicyRequest {
                region: region.clone(),
                rules: Some(ToleranceRules {
                    first_year: YEAR,
                    last_year: YEAR,
                    conforming_percent: "5".to_owned(),
                    minor_percent: "10".to_owned(),
                    minimum_count: "30".to_owned(),
                    ..Default::default()
                }),
                reasons: "Seuils de la région".to_owned(),
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let policy = policies
            .adopt_tolerance_policy(AdoptTolerancePolicyRequest {
                name: policy.name,
                etag: policy.etag,
                effect_date: self.suite.today(self.people.region),
                replaces: String::new(),
                reasons: "Seuils adoptés par la région".to_owned(),
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let campaigns = self.suite.campaigns(&self.people.controller())?;
        let campaign = campaigns
            .clone()
            .create_campaign(CreateCampaignRequest {
                region,
                year: YEAR,
                tolerance_policy: policy.name,
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let freeze = FreezeCampaignRequest {
            name: campaign.name,
            etag: campaign.etag,
            pmsi_version: String::new(),
            request_id: request_id(),
        };
        let frozen = patiently(|| {
            let (mut campaigns, request) = (campaigns.clone(), trace.request(freeze.clone()));
            async move { campaigns.freeze_campaign(request).await }
        })
        .await?;
        Ok(frozen)
    }

    /// Starts measuring a campaign whose data are frozen.
    pub async fn start_frozen(&self, frozen: Campaign, trace: &Trace) -> anyhow::Result<Campaign> {
        let campaigns = self.suite.campaigns(&self.people.controller())?;
        let start = StartCampaignRequest {
            name: frozen.name,
            etag: frozen.etag,
            request_id: request_id(),
        };
        let started = patiently(|| {
            let (mut campaigns, request) = (campaigns.clone(), trace.request(start.clone()));
            async move { campaigns.start_campaign(request).await }
        })
        .await?;
        Ok(started)
    }

    /// Tells the parties the results of a measured campaign.
    pub async fn share_campaign(&self, campaign: &str) -> anyhow::Result<Campaign> {
        let mut client = self.suite.campaigns(&self.people.controller())?;
        let request = GetCampaignRequest {
            name: campaign.to_owned(),
        };
        let measured = client.get_campaign(request).await?.into_inner();
        let request = ShareCampaignRequest {
            name: measured.name,
            etag: measured.etag,
            message: "Résultats de la campagne".to_owned(),
            request_id: request_id(),
        };
        Ok(client.share_campaign(request).await?.into_inner())
    }

    /// Waits until every control of the campaign is measured, whatever happens to the services meanwhile.
    pub async fn wait_until_measured(&self, campaign: &str) -> anyhow::Result<Campaign> {
        let client = self.suite.campaigns(&self.people.controller())?;
        let request = GetCampaignRequest {
            name: campaign.to_owned(),
        };
        wait_for("every control is measured", || {
            let (mut client, request) = (client.clone(), request.clone());
            async move {
                match client.get_campaign(request).await {
                    Ok(campaign) => {
                        let campaign = campaign.into_inner();
                        Ok((campaign.state() == CampaignState::Measured).then_some(campaign))
                    }
                    Err(status) if status.code() == Code::Unavailable => Ok(None),
                    Err(status) => Err(status.into()),
                }
            }
        })
        .await
    }

    /// Every control of a campaign.
    pub async fn controls_of(&self, campaign: &str) -> anyhow::Result<Vec<Control>> {
        let mut client = self.suite.controls(&self.people.auditor())?;
        let mut request = ListControlsRequest {
            campaign: campaign.to_owned(),
            page_size: PAGE,
            ..Default::default()
        };
        let mut controls = Vec::new();
        loop {
            let page = client.list_controls(request.clone()).await?.into_inner();
            controls.extend(page.controls);
            if page.next_page_token.is_empty() {
                return Ok(controls);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Every finding of a campaign.
    pub async fn findings_of(&self, campaign: &str) -> anyhow::Result<Vec<Finding>> {
        let mut client = self.suite.controls(&self.people.auditor())?;
        let mut request = ListFindingsRequest {
            campaign: campaign.to_owned(),
            page_size: PAGE,
            ..Default::default()
        };
        let mut findings = Vec::new();
        loop {
            let page = client.list_findings(request.clone()).await?.into_inner();
            findings.extend(page.findings);
            if page.next_page_token.is_empty() {
                return Ok(findings);
            }
            request.page_token = page.next_page_token;
        }
    }
}
