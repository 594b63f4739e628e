//! What a region has already measured and adopted, before a policy of tolerance.

use proto::controls::v1::{
    CampaignState, ListCampaignsRequest, ListTolerancePoliciesRequest, TolerancePolicy,
    TolerancePolicyState,
};

use crate::{Failure, services::every, text::dates, visitor::Visitor};

/// Campaigns and policies of a region, at most.
const MOST: usize = 1_000;

/// Whether a campaign of the region has measured contracts, on which a policy can be tried.
pub(super) async fn has_measured(visitor: &Visitor, region: &str) -> Result<bool, Failure> {
    let request = ListCampaignsRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let (campaigns, _) = every!(
        visitor.services.campaigns(),
        list_campaigns,
        request,
        campaigns,
        MOST
    )?;
    Ok(campaigns.iter().any(|campaign| {
        let state = campaign.state();
        let is_measured = matches!(
            state,
            CampaignState::Measured | CampaignState::Shared | CampaignState::Closed
        );
        is_measured && campaign.progress.unwrap_or_default().contracts > 0
    }))
}

/// Policies in effect, or adopted, that another one of their region may replace.
pub(super) async fn replaceable(
    visitor: &Visitor,
    policy: &TolerancePolicy,
) -> Result<Vec<(String, String)>, Failure> {
    let request = ListTolerancePoliciesRequest {
        region: policy.region.clone(),
        ..Default::default()
    };
    let (policies, _) = every!(
        visitor.services.policies(),
        list_tolerance_policies,
        request,
        tolerance_policies,
        MOST
    )?;
    let stands = |one: &TolerancePolicy| {
        let state = one.state();
        matches!(
            state,
            TolerancePolicyState::InEffect | TolerancePolicyState::Adopted
        )
    };
    Ok(policies
        .into_iter()
        .filter(stands)
        .map(|one| {
            let rules = one.rules.unwrap_or_default();
            let told = format!(
                "{} à {}, depuis le {}",
                rules.first_year,
                rules.last_year,
                dates::from_wire(&one.effect_date)
            );
            (one.name, told)
        })
        .collect())
}
