//! `cpom campaign`.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use kernel::Region;
use proto::controls::v1::{
    Campaign, CampaignState, CreateCampaignRequest, FreezeCampaignRequest, ListCampaignsRequest,
    ListTolerancePoliciesRequest, StartCampaignRequest, TolerancePolicy, TolerancePolicyState,
};

use super::Context;
use crate::{
    call,
    client::Session,
    failure::Exit,
    following, list_all,
    output::{Table, french, short},
    progress::{self, Count},
    request_id,
    stack::Service,
};

#[derive(Debug, Subcommand)]
pub enum CampaignCommand {
    /// Plan, freeze, start and follow the campaign of a region and year; go on with it when it exists.
    Run {
        #[arg(long)]
        region: Region,
        #[arg(long)]
        year: i32,
        /// `tolerancePolicies/…`; the policy in effect that covers the year when absent.
        #[arg(long, value_name = "NAME")]
        policy: Option<String>,
        /// Version of the PMSI data to freeze; another one than the targets service holds is refused. The one it
        /// holds when absent.
        #[arg(long, value_name = "VERSION", default_value = "")]
        pmsi: String,
    },
    /// Follow a campaign until it is measured.
    Follow { name: String },
    /// List campaigns.
    List {
        #[arg(long)]
        region: Option<Region>,
    },
}

pub(super) async fn run(context: &Context, command: CampaignCommand) -> Result<Exit> {
    let session = context.session(&[Service::Controls], "controller").await?;
    match command {
        CampaignCommand::Run {
            region,
            year,
            policy,
            pmsi,
        } => {
            let campaign = started(&session, region, year, policy, pmsi).await?;
            follow(context, &session, &campaign.name).await
        }
        CampaignCommand::Follow { name } => follow(context, &session, &name).await,
        CampaignCommand::List { region } => list(context, &session, region).await,
    }
}

/// The campaign of the year, planned and started unless somebody did it already.
async fn started(
    session: &Session,
    region: Region,
    year: i32,
    policy: Option<String>,
    pmsi_version: String,
) -> Result<Campaign> {
    let campaigns = campaigns(session, Some(region)).await?;
    let existing = campaigns.into_iter().find(|campaign| campaign.year == year);
    let campaign = if let Some(existing) = existing {
        existing
    } else {
        let request = CreateCampaignRequest {
            region: region.code().to_owned(),
            year,
            tolerance_policy: policy_for(session, region, year, policy).await?,
            request_id: request_id::fresh(),
        };
        call!(session.campaigns(), create_campaign, request).await?
    };
    let campaign = match campaign.state() {
        CampaignState::Planned => freeze(session, campaign, pmsi_version).await?,
        CampaignState::Frozen => campaign,
        _ => return Ok(campaign),
    };
    let request = StartCampaignRequest {
        name: campaign.name,
        etag: campaign.etag,
        request_id: request_id::fresh(),
    };
    Ok(call!(session.campaigns(), start_campaign, request).await?)
}

async fn freeze(session: &Session, campaign: Campaign, pmsi_version: String) -> Result<Campaign> {
    let request = FreezeCampaignRequest {
        name: campaign.name,
        etag: campaign.etag,
        pmsi_version,
        request_id: request_id::fresh(),
    };
    Ok(call!(session.campaigns(), freeze_campaign, request).await?)
}

/// The given policy, or the one in effect that covers the year.
async fn policy_for(
    session: &Session,
    region: Region,
    year: i32,
    given: Option<String>,
) -> Result<String> {
    if let Some(name) = given {
        return Ok(name);
    }
    let request = ListTolerancePoliciesRequest {
        region: region.code().to_owned(),
        ..Default::default()
    };
    let policies = list_all!(
        session.policies(),
        list_tolerance_policies,
        request.clone(),
        tolerance_policies
    )
    .await?;
    let covers = |policy: &TolerancePolicy| {
        let rules = policy.rules.as_ref();
        policy.state() == TolerancePolicyState::InEffect
            && rules.is_some_and(|r| (r.first_year..=r.last_year).contains(&year))
    };
    let in_effect = policies.into_iter().find(covers);
    in_effect.map(|policy| policy.name).ok_or_else(|| {
        anyhow!(
            "no tolerance policy of region {region} is in effect for {year}: record and adopt one"
        )
    })
}

async fn follow(context: &Context, session: &Session, name: &str) -> Result<Exit> {
    let bar = progress::bar("contracts measured", 0, Count::Things);
    let followed = following::until_measured(session, name, |campaign| {
        if let Some(progress) = &campaign.progress {
            bar.set_length(u64::try_from(progress.contracts).unwrap_or_default());
            bar.set_position(u64::try_from(progress.measured).unwrap_or_default());
            bar.set_message(format!("{} findings", progress.findings));
        }
    })
    .await;
    bar.finish_and_clear();
    let campaign = followed?;
    context.output.message(&campaign, || {
        table(std::slice::from_ref(&campaign)).to_string()
    })?;
    Ok(Exit::Success)
}

async fn list(context: &Context, session: &Session, region: Option<Region>) -> Result<Exit> {
    let campaigns = campaigns(session, region).await?;
    context
        .output
        .messages(&campaigns, || table(&campaigns).to_string())?;
    Ok(Exit::Success)
}

async fn campaigns(session: &Session, region: Option<Region>) -> Result<Vec<Campaign>> {
    let request = ListCampaignsRequest {
        region: region.map(Region::code).unwrap_or_default().to_owned(),
        ..Default::default()
    };
    Ok(list_all!(
        session.campaigns(),
        list_campaigns,
        request.clone(),
        campaigns
    )
    .await?)
}

fn table(campaigns: &[Campaign]) -> Table {
    let mut table = Table::new(&[
        "campaign",
        "region",
        "year",
        "state",
        "contracts",
        "measured",
        "conforming",
        "deviating",
        "not assessable",
        "findings",
    ]);
    for campaign in campaigns {
        let progress = campaign.progress.unwrap_or_default();
        let texts = [
            campaign.name.clone(),
            campaign.region.clone(),
            campaign.year.to_string(),
            short(campaign.state().as_str_name(), "CAMPAIGN_STATE_").to_owned(),
        ];
        let numbers = [
            progress.contracts,
            progress.measured,
            progress.conforming,
            progress.deviating,
            progress.not_assessable,
            progress.findings,
        ];
        table.row(texts.into_iter().chain(numbers.map(french)));
    }
    table
}
