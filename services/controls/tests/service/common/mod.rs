//! A controls service over real Postgres and NATS, with what it needs around it.

pub(crate) mod case_mix;
pub(crate) mod peers;

mod contract;
mod realised;
mod registry;
mod requests;

use std::sync::{Arc, atomic::Ordering};

pub(crate) use self::contract::{TestContract, contract, contract_without_targets};
use self::peers::{OwnersEvent, Peers};
pub(crate) use self::realised::Realised;
pub(crate) use self::registry::registered;
pub(crate) use self::requests::{adopt, close, controller, freeze, manager, policy_request, start};
use kit::Running;
use proto::{
    controls::v1::{
        self as pb, campaign_service_client::CampaignServiceClient,
        control_service_client::ControlServiceClient, mission_service_client::MissionServiceClient,
        peer_comparison_service_client::PeerComparisonServiceClient,
        tolerance_policy_service_client::TolerancePolicyServiceClient,
    },
    targets::v1 as targets,
};
use rpc::client::Peer;
use sqlx::Row as _;
use testkit::{Persona, Setup, TestDatabase, eventually, request_id};
use time::macros::datetime;

pub(crate) const REGION: &str = "93";
pub(crate) const YEAR: i32 = 2024;

/// The service and its surroundings, on 1 March 2025.
pub(crate) struct World {
    pub(crate) setup: Setup,
    pub(crate) peers: Arc<Peers>,
    pub(crate) database: TestDatabase,
    pub(crate) running: Running,
}

impl World {
    /// Starts the service once the owners hold these contracts.
    pub(crate) async fn with(contracts: &[TestContract]) -> Self {
        let (setup, peers) = Self::surroundings().await;
        for contract in contracts {
            hold(&peers, contract);
        }
        let (running, database) = setup.start(&controls::DEFINITION, controls::start).await;
        let world = Self {
            setup,
            peers,
            database,
            running,
        };
        world.bootstrapped().await;
        world
    }

    /// Everything but the service.
    pub(crate) async fn surroundings() -> (Setup, Arc<Peers>) {
        let mut setup = Setup::starting_at(datetime!(2025-03-01 08:00 UTC)).await;
        let (peers, url) = Peers::start().await;
        setup.peers.contracts = Some(url.clone());
        setup.peers.establishments = Some(url.clone());
        setup.peers.targets = Some(url);
        (setup, peers)
    }

    /// Waits until the copies were built from their owners' histories.
    pub(crate) async fn bootstrapped(&self) {
        let mut owner = self.database.owner().await;
        loop {
            let done: i64 = sqlx::query("select count(*) from copy_bootstrap")
                .fetch_one(&mut owner)
                .await
                .unwrap()
                .get(0);
            if done == 6 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Waits until both copies listen to their streams. A copy whose stream is new reads its owner's history
    /// once more; from here on, it learns from events alone.
    pub(crate) async fn listening(&self) {
        let bus = &self.running.runtime.bus;
        for (service, durable) in [
            ("contracts", "controls-contract"),
            ("targets", "controls-target-set"),
            ("contracts", "controls-review"),
            ("contracts", "controls-decision"),
            ("contracts", "controls-amendment"),
            ("establishments", "controls-establishment"),
        ] {
            bus.ensure_stream(service).await.unwrap();
            eventually("the copy listens", || async {
                let stream = bus.context().get_stream(bus::stream_name(service)).await;
                stream.ok()?.consumer_info(durable).await.ok()
            })
            .await;
        }
        self.bootstrapped().await;
    }

    /// An owner publishes an event that it has just recorded.
    pub(crate) async fn publish(&self, event: &OwnersEvent) {
        let body = event.event.canonical.clone().into();
        let context = self.running.runtime.bus.context();
        let sent = context.publish(event.subject.clone(), body).await.unwrap();
        sent.await.unwrap();
    }

    pub(crate) fn missions_as(&self, persona: &Persona) -> MissionServiceClient<Peer> {
        MissionServiceClient::new(self.peer(persona))
    }

    pub(crate) fn comparisons_as(&self, persona: &Persona) -> PeerComparisonServiceClient<Peer> {
        PeerComparisonServiceClient::new(self.peer(persona))
    }

    pub(crate) fn peer(&self, persona: &Persona) -> Peer {
        self.setup.peer(&self.running, persona)
    }

    pub(crate) fn policies(&self) -> TolerancePolicyServiceClient<Peer> {
        TolerancePolicyServiceClient::new(self.peer(&manager()))
    }

    pub(crate) fn campaigns(&self) -> CampaignServiceClient<Peer> {
        CampaignServiceClient::new(self.peer(&controller()))
    }

    pub(crate) fn controls(&self) -> ControlServiceClient<Peer> {
        self.controls_as(&controller())
    }

    pub(crate) fn controls_as(&self, persona: &Persona) -> ControlServiceClient<Peer> {
        ControlServiceClient::new(self.peer(persona))
    }

    /// The draft of a policy of ±5 %, minor up to 10 %, counts under 30 not judged.
    pub(crate) async fn draft(&self) -> pb::TolerancePolicy {
        self.draft_with(|_| {}).await
    }

    /// The same with other rules.
    pub(crate) async fn draft_with(
        &self,
        change: impl FnOnce(&mut pb::ToleranceRules),
    ) -> pb::TolerancePolicy {
        let mut request = policy_request();
        change(request.rules.as_mut().unwrap());
        self.policies()
            .create_tolerance_policy(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// The policy in effect: the usual one, unless a test adopted another.
    pub(crate) async fn policy(&self) -> pb::TolerancePolicy {
        let list = pb::ListTolerancePoliciesRequest::default();
        let known = self
            .policies()
            .list_tolerance_policies(list)
            .await
            .unwrap()
            .into_inner();
        let in_effect = known
            .tolerance_policies
            .into_iter()
            .find(|policy| policy.state() == pb::TolerancePolicyState::InEffect);
        match in_effect {
            Some(policy) => policy,
            None => self.adopted(&self.draft().await).await,
        }
    }

    /// The draft, in effect from today on.
    pub(crate) async fn adopted(&self, draft: &pb::TolerancePolicy) -> pb::TolerancePolicy {
        self.policies()
            .adopt_tolerance_policy(adopt(draft, &self.today()))
            .await
            .unwrap()
            .into_inner()
    }

    /// The legal day of the region, by the clock of the test.
    pub(crate) fn today(&self) -> String {
        let region: kernel::Region = REGION.parse().unwrap();
        kernel::legal_time::legal_day(self.setup.clock.now(), region).to_string()
    }

    /// The campaign of 2024, planned.
    pub(crate) async fn planned(&self) -> pb::Campaign {
        self.planned_for(YEAR).await
    }

    /// The campaign of a year, planned.
    pub(crate) async fn planned_for(&self, year: i32) -> pb::Campaign {
        let request = pb::CreateCampaignRequest {
            region: REGION.to_owned(),
            year,
            tolerance_policy: self.policy().await.name,
            request_id: request_id(),
        };
        self.campaigns()
            .create_campaign(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// The campaign of 2024, its data frozen.
    pub(crate) async fn frozen(&self) -> pb::Campaign {
        self.frozen_for(YEAR).await
    }

    async fn frozen_for(&self, year: i32) -> pb::Campaign {
        let planned = self.planned_for(year).await;
        self.campaigns()
            .freeze_campaign(freeze(&planned))
            .await
            .unwrap()
            .into_inner()
    }

    /// The campaign of a year, once everything is measured.
    pub(crate) async fn measured_for(&self, year: i32) -> pb::Campaign {
        let frozen = self.frozen_for(year).await;
        let started = self.campaigns().start_campaign(start(&frozen)).await;
        self.until_measured(&started.unwrap().into_inner().name)
            .await
    }

    /// The campaign of 2024, started.
    pub(crate) async fn started(&self) -> pb::Campaign {
        let frozen = self.frozen().await;
        self.campaigns()
            .start_campaign(start(&frozen))
            .await
            .unwrap()
            .into_inner()
    }

    /// The campaign of 2024, once everything is measured.
    pub(crate) async fn measured(&self) -> pb::Campaign {
        let started = self.started().await;
        self.until_measured(&started.name).await
    }

    /// The campaign of 2024, its results told to the parties.
    pub(crate) async fn shared(&self) -> pb::Campaign {
        let measured = self.measured().await;
        self.share(&measured).await
    }

    pub(crate) async fn share(&self, campaign: &pb::Campaign) -> pb::Campaign {
        let request = pb::ShareCampaignRequest {
            name: campaign.name.clone(),
            etag: campaign.etag.clone(),
            message: "Résultats du contrôle de l’année.".to_owned(),
            request_id: request_id(),
        };
        self.campaigns()
            .share_campaign(request)
            .await
            .unwrap()
            .into_inner()
    }

    pub(crate) async fn until_measured(&self, name: &str) -> pb::Campaign {
        eventually("the campaign is measured", || async {
            let campaign = self.campaign(name).await;
            (campaign.state() == pb::CampaignState::Measured).then_some(campaign)
        })
        .await
    }

    pub(crate) async fn campaign(&self, name: &str) -> pb::Campaign {
        let request = pb::GetCampaignRequest {
            name: name.to_owned(),
        };
        self.campaigns()
            .get_campaign(request)
            .await
            .unwrap()
            .into_inner()
    }

    /// Every control of a campaign, page by page.
    pub(crate) async fn all_controls(&self, campaign: &str) -> Vec<pb::Control> {
        let mut controls = vec![];
        let mut page_token = String::new();
        loop {
            let request = pb::ListControlsRequest {
                campaign: campaign.to_owned(),
                page_size: 200,
                page_token,
                ..Default::default()
            };
            let page = self
                .controls()
                .list_controls(request)
                .await
                .unwrap()
                .into_inner();
            controls.extend(page.controls);
            if page.next_page_token.is_empty() {
                return controls;
            }
            page_token = page.next_page_token;
        }
    }

    /// Every finding of a campaign that the persona sees.
    pub(crate) async fn findings_as(&self, persona: &Persona, campaign: &str) -> Vec<pb::Finding> {
        let request = pb::ListFindingsRequest {
            campaign: campaign.to_owned(),
            page_size: 200,
            ..Default::default()
        };
        self.controls_as(persona)
            .list_findings(request)
            .await
            .unwrap()
            .into_inner()
            .findings
    }

    pub(crate) async fn findings(&self, campaign: &str) -> Vec<pb::Finding> {
        self.findings_as(&controller(), campaign).await
    }

    /// A number that the owner of the database counts.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        let mut owner = self.database.owner().await;
        sqlx::query(query)
            .fetch_one(&mut owner)
            .await
            .unwrap()
            .get(0)
    }

    pub(crate) fn targets_away(&self, away: bool) {
        self.peers.targets_away.store(away, Ordering::SeqCst);
    }
}

/// The owners hold the contract, its targets and what it realised.
pub(crate) fn hold(peers: &Peers, contract: &TestContract) {
    let mut events = peers.events.lock().unwrap();
    events.push(contract.in_force());
    if contract.target_set.is_empty() {
        return;
    }
    events.push(contract.targets_in_effect());
    peers.realisations.lock().unwrap().insert(
        contract.name.clone(),
        targets::ContractRealisation {
            contract: contract.name.clone(),
            target_set: contract.target_set.clone(),
            objectives: contract.realised.clone(),
        },
    );
}
