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

#[derive(Debug)]
pub struct Campaigns {
    pub db: Db,
    /// The contracts service, which owns the population.
    pub contracts: Peer,
    /// The targets service, which owns the PMSI data.
    pub targets: Peer,
    /// Wakes the worker of this process.
    pub started: Arc<Notify>,
    pub stop: CancellationToken,
}

#[tonic::async_trait]
impl CampaignService for Campaigns {
    async fn create_campaign(
        &self,
        request: Request<pb::CreateCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            create_campaign::run(&self.db, &call, request).await?,
        ))
    }

    async fn freeze_campaign(
        &self,
        request: Request<pb::FreezeCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        let owners = Owners {
            contracts: self.contracts.clone(),
            targets: self.targets.clone(),
        };
        Ok(Response::new(
            freeze_campaign::run(&self.db, owners, &call, request).await?,
        ))
    }

    async fn check_population(
        &self,
        request: Request<pb::CheckPopulationRequest>,
    ) -> Result<Response<pb::PopulationCheck>, Status> {
        let (call, request) = rpc::accept(request)?;
        let contracts = self.contracts.clone();
        Ok(Response::new(
            check_population::run(&self.db, contracts, &call, request).await?,
        ))
    }

    async fn list_late_contracts(
        &self,
        request: Request<pb::ListLateContractsRequest>,
    ) -> Result<Response<pb::ListLateContractsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            check_population::list_late(&self.db, &call, request).await?,
        ))
    }

    async fn share_campaign(
        &self,
        request: Request<pb::ShareCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            share_campaign::run(&self.db, &call, request).await?,
        ))
    }

    async fn start_campaign(
        &self,
        request: Request<pb::StartCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        let campaign = start_campaign::run(&self.db, &call, request).await?;
        self.started.notify_one();
        Ok(Response::new(campaign))
    }

    async fn get_campaign(
        &self,
        request: Request<pb::GetCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_campaigns::get(&self.db, &call, request).await?,
        ))
    }

    async fn list_campaigns(
        &self,
        request: Request<pb::ListCampaignsRequest>,
    ) -> Result<Response<pb::ListCampaignsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_campaigns::list(&self.db, &call, request).await?,
        ))
    }

    type WatchCampaignStream = Pin<Box<dyn Stream<Item = Result<pb::Campaign, Status>> + Send>>;

    async fn watch_campaign(
        &self,
        request: Request<pb::WatchCampaignRequest>,
    ) -> Result<Response<Self::WatchCampaignStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        let changes =
            read_campaigns::watch(self.db.clone(), call, request, self.stop.clone()).await?;
        Ok(Response::new(Box::pin(changes)))
    }

    async fn close_campaign(
        &self,
        request: Request<pb::CloseCampaignRequest>,
    ) -> Result<Response<pb::Campaign>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            close_campaign::run(&self.db, &call, request).await?,
        ))
    }
}
