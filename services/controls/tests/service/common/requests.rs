//! Who calls, and what they ask.

use super::*;

pub(crate) fn manager() -> Persona {
    Persona::human("manager").region(REGION)
}

pub(crate) fn controller() -> Persona {
    Persona::human("controller").region(REGION)
}

pub(crate) fn policy_request() -> pb::CreateTolerancePolicyRequest {
    pb::CreateTolerancePolicyRequest {
        region: REGION.to_owned(),
        rules: Some(pb::ToleranceRules {
            first_year: 2023,
            last_year: 2025,
            conforming_percent: "5".to_owned(),
            minor_percent: "10".to_owned(),
            minimum_count: "30".to_owned(),
            ..Default::default()
        }),
        reasons: "Bandes retenues après concertation régionale.".to_owned(),
        request_id: request_id(),
    }
}

pub(crate) fn start(campaign: &pb::Campaign) -> pb::StartCampaignRequest {
    pb::StartCampaignRequest {
        name: campaign.name.clone(),
        etag: campaign.etag.clone(),
        request_id: request_id(),
    }
}

pub(crate) fn freeze(campaign: &pb::Campaign) -> pb::FreezeCampaignRequest {
    pb::FreezeCampaignRequest {
        name: campaign.name.clone(),
        etag: campaign.etag.clone(),
        pmsi_version: String::new(),
        request_id: request_id(),
    }
}

pub(crate) fn close(campaign: &pb::Campaign) -> pb::CloseCampaignRequest {
    pb::CloseCampaignRequest {
        name: campaign.name.clone(),
        etag: campaign.etag.clone(),
        request_id: request_id(),
    }
}

pub(crate) fn adopt(
    policy: &pb::TolerancePolicy,
    effect_date: &str,
) -> pb::AdoptTolerancePolicyRequest {
    pb::AdoptTolerancePolicyRequest {
        name: policy.name.clone(),
        etag: policy.etag.clone(),
        effect_date: effect_date.to_owned(),
        replaces: String::new(),
        reasons: "Adoptée après concertation régionale.".to_owned(),
        request_id: request_id(),
    }
}
