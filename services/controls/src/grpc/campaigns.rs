//! `CampaignService`.

use std::{pin::Pin, sync::Arc};

use ::store::Db;
use futures::Stream;
use proto::controls::v1::{self as pb, campaign_service_server::CampaignService};
use rpc::client::Peer;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use crate::app::{
    check_population, close_campaign, create_campaign,
    freeze_campaign::{self, Owners},
    read_campaigns, share_campaign, start_campaign,
};

/// What campaigns work with.
#[derive(Debug)]
pub struct Means {
    pub db: Db,
    /// The contracts service, which owns the population.
    pub contracts: Peer,
    /// The targets service, which owns the PMSI data.
    pub targets: Peer,
    /// Wakes the worker of this process.
    pub started: Arc<Notify>,
    pub stop: CancellationToken,
}

/// Answers `CampaignService`.
#[derive(Debug)]
pub struct Campaigns(pub Means);

rpc::answers! {
    CampaignService for Campaigns;

    fn create_campaign(app, call, request: pb::CreateCampaignRequest) -> pb::Campaign {
        create_campaign::run(&app.db, &call, request).await?
    }
    fn freeze_campaign(app, call, request: pb::FreezeCampaignRequest) -> pb::Campaign {
        let owners = Owners {
            contracts: app.contracts.clone(),
            targets: app.targets.clone(),
        };
        freeze_campaign::run(&app.db, owners, &call, request).await?
    }
    fn start_campaign(app, call, request: pb::StartCampaignRequest) -> pb::Campaign {
        let campaign = start_campaign::run(&app.db, &call, request).await?;
        app.started.notify_one();
        campaign
    }
    fn share_campaign(app, call, request: pb::ShareCampaignRequest) -> pb::Campaign {
        share_campaign::run(&app.db, &call, request).await?
    }
    fn close_campaign(app, call, request: pb::CloseCampaignRequest) -> pb::Campaign {
        close_campaign::run(&app.db, &call, request).await?
    }
    fn get_campaign(app, call, request: pb::GetCampaignRequest) -> pb::Campaign {
        read_campaigns::get(&app.db, &call, request).await?
    }
    fn list_campaigns(app, call, request: pb::ListCampaignsRequest) -> pb::ListCampaignsResponse {
        read_campaigns::list(&app.db, &call, request).await?
    }
    fn check_population(app, call, request: pb::CheckPopulationRequest) -> pb::PopulationCheck {
        check_population::run(&app.db, app.contracts.clone(), &call, request).await?
    }
    fn list_late_contracts(
        app, call, request: pb::ListLateContractsRequest
    ) -> pb::ListLateContractsResponse {
        check_population::list_late(&app.db, &call, request).await?
    }

    by hand {
        type WatchCampaignStream = Pin<Box<dyn Stream<Item = Result<pb::Campaign, Status>> + Send>>;

        async fn watch_campaign(
            &self,
            request: Request<pb::WatchCampaignRequest>,
        ) -> Result<Response<Self::WatchCampaignStream>, Status> {
            let (call, request) = rpc::accept(request)?;
            let changes =
                read_campaigns::watch(self.0.db.clone(), call, request, self.0.stop.clone()).await?;
            Ok(Response::new(Box::pin(changes)))
        }
    }
}
