//! The four services together, in this process or as the real programs, over one broker and four databases.

mod people;
mod ports;
mod program;

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use kernel::{Region, legal_time::legal_day};
use kit::{Config, Running, Runtime};
use proto::{
    contracts::v1::{
        amendment_service_client::AmendmentServiceClient,
        contract_service_client::ContractServiceClient,
        deadline_service_client::DeadlineServiceClient,
        delivery_consent_service_client::DeliveryConsentServiceClient,
        evidence_service_client::EvidenceServiceClient,
        follow_up_service_client::FollowUpServiceClient,
        mandate_service_client::MandateServiceClient,
        negotiation_service_client::NegotiationServiceClient,
        procedure_service_client::ProcedureServiceClient,
        programming_service_client::ProgrammingServiceClient,
        review_service_client::ReviewServiceClient, term_service_client::TermServiceClient,
    },
    controls::v1::{
        campaign_service_client::CampaignServiceClient,
        control_service_client::ControlServiceClient, mission_service_client::MissionServiceClient,
        tolerance_policy_service_client::TolerancePolicyServiceClient,
    },
    establishments::v1::establishment_service_client::EstablishmentServiceClient,
    history::v1::history_service_client::HistoryServiceClient,
    targets::v1::{
        indicator_service_client::IndicatorServiceClient,
        target_set_service_client::TargetSetServiceClient,
    },
};
use rpc::client::{Credentials, Peer};
use testkit::{Persona, Setup, TestDatabase};
use time::OffsetDateTime;
use tonic::transport::Channel;

pub use people::People;
pub use ports::free_port;
pub use program::{Program, find_program};

/// One of the four services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    Establishments,
    Contracts,
    Targets,
    Controls,
}

impl Service {
    pub const ALL: [Self; 4] = [
        Self::Establishments,
        Self::Contracts,
        Self::Targets,
        Self::Controls,
    ];

    /// Its name, which is also that of its program.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// What it is.
    pub fn definition(self) -> &'static kit::Definition {
        match self {
            Self::Establishments => &establishments::DEFINITION,
            Self::Contracts => &contracts::DEFINITION,
            Self::Targets => &targets::DEFINITION,
            Self::Controls => &controls::DEFINITION,
        }
    }
}

/// How the services run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// In this process: fast to start, easy to debug.
    InProcess,
    /// As programs of their own, which can be killed.
    Programs,
}

/// The suite as it runs.
#[derive(Debug)]
pub struct Suite {
    pub setup: Setup,
    mode: Mode,
    places: BTreeMap<Service, Place>,
    /// What is kept between calls; none: each call has its own connection and token.
    kept: Option<Mutex<Kept>>,
}

/// Connections by service, tokens by persona.
#[derive(Debug, Default)]
struct Kept {
    channels: HashMap<Service, Channel>,
    tokens: HashMap<String, String>,
}

/// Where a service is, whether it runs or not.
#[derive(Debug)]
struct Place {
    address: SocketAddr,
    database: TestDatabase,
    run: Option<Run>,
}

#[derive(Debug)]
enum Run {
    InProcess(Box<Running>),
    Program(Program),
}

/// As many to each database as in production.
const CONNECTIONS: u32 = 10;

/// Longest wait for something that has to recover first.
pub const PATIENCE: Duration = Duration::from_mins(1);

impl Suite {
    /// Starts all four. Each knows the addresses of the others, which are chosen beforehand.
    pub async fn start(mode: Mode) -> anyhow::Result<Self> {
        Self::within(Setup::new().await, mode).await
    }

    /// The same in this process, on a day that the test chooses and moves.
    pub async fn starting_at(now: OffsetDateTime) -> anyhow::Result<Self> {
        Self::within(Setup::starting_at(now).await, Mode::InProcess).await
    }

    async fn within(mut setup: Setup, mode: Mode) -> anyhow::Result<Self> {
        let mut places = BTreeMap::new();
        for service in Service::ALL {
            let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
            let url = Some(format!("http://{address}"));
            let peers = &mut setup.peers;
            match service {
                Service::Establishments => peers.establishments = url,
                Service::Contracts => peers.contracts = url,
                Service::Targets => peers.targets = url,
                Service::Controls => peers.controls = url,
            }
            let database = TestDatabase::new(service.definition()).await;
            places.insert(
                service,
                Place {
                    address,
                    database,
                    run: None,
                },
            );
        }
        let mut suite = Self {
            setup,
            mode,
            places,
            kept: None,
        };
        for service in Service::ALL {
            suite.start_service(service).await?;
        }
        Ok(suite)
    }

    /// Today in the legal time of a region, as the services see it: `YYYY-MM-DD`.
    pub fn today(&self, region: Region) -> String {
        legal_day(self.setup.clock.now(), region).to_string()
    }

    /// Starts one service, at its address and on its database.
    pub async fn start_service(&mut self, service: Service) -> anyhow::Result<()> {
        let address = self.place(service)?.address;
        let config = Config {
            listen: address,
            ..self.config(service)?
        };
        let run = self.run(service, config).await?;
        self.place_mut(service)?.run = Some(run);
        Ok(())
    }

    /// One more process of a service, on the same database, at an address of its own.
    pub async fn start_replica(&self, service: Service) -> anyhow::Result<Replica> {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let config = Config {
            listen: address,
            ..self.config(service)?
        };
        Ok(Replica {
            run: self.run(service, config).await?,
        })
    }

    /// Kills a service as a power cut would. It must run as a program.
    pub fn kill(&mut self, service: Service) -> anyhow::Result<()> {
        match self.place_mut(service)?.run.take() {
            Some(Run::Program(program)) => program.kill(),
            _ => anyhow::bail!("{} does not run as a program", service.name()),
        }
    }

    /// The database of a service.
    pub fn database(&self, service: Service) -> anyhow::Result<&TestDatabase> {
        Ok(&self.place(service)?.database)
    }

    /// An authenticated channel to a service.
    pub fn peer(&self, service: Service, persona: &Persona) -> anyhow::Result<Peer> {
        let Some(kept) = &self.kept else {
            return self.peer_with(service, self.setup.issuer.token(persona));
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let token = kept.tokens.entry(format!("{persona:?}"));
        let token = token
            .or_insert_with(|| self.setup.issuer.token(persona))
            .clone();
        let known = kept.channels.get(&service).cloned();
        let channel = if let Some(channel) = known {
            channel
        } else {
            let channel = rpc::client::channel(&self.url(service)?)?;
            kept.channels.insert(service, channel.clone());
            channel
        };
        Ok(Peer::new(channel, Credentials::Token(token)))
    }

    /// From here on, connections and tokens are kept, as real clients do.
    pub fn keep_connections(&mut self) {
        self.kept = Some(Mutex::default());
    }

    /// A channel to a service with any token.
    pub fn peer_with(&self, service: Service, token: String) -> anyhow::Result<Peer> {
        Ok(rpc::client::peer(
            &self.url(service)?,
            Credentials::Token(token),
        )?)
    }

    /// Where a service answers gRPC.
    pub fn url(&self, service: Service) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.place(service)?.address))
    }

    /// Stops every service in its two phases.
    pub async fn stop(self) {
        let stops = self.places.into_values().map(|place| async {
            if let Some(Run::InProcess(running)) = place.run {
                running.stop().await;
            }
        });
        futures::future::join_all(stops).await;
    }

    /// The program of a service, where services run as programs.
    pub fn program(&self, service: Service) -> anyhow::Result<&Program> {
        match &self.place(service)?.run {
            Some(Run::Program(program)) => Ok(program),
            _ => anyhow::bail!("{} does not run as a program", service.name()),
        }
    }

    /// The inside of a service, where services run in this process.
    pub fn runtime(&self, service: Service) -> anyhow::Result<&Runtime> {
        match &self.place(service)?.run {
            Some(Run::InProcess(running)) => Ok(&running.runtime),
            _ => anyhow::bail!("{} does not run in this process", service.name()),
        }
    }

    /// The programs need an admin address that is known beforehand, to be asked whether they are ready.
    fn config(&self, service: Service) -> anyhow::Result<Config> {
        let admin_listen = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        Ok(Config {
            admin_listen,
            database_connections: CONNECTIONS,
            ..self.setup.config(&self.place(service)?.database)
        })
    }

    async fn run(&self, service: Service, config: Config) -> anyhow::Result<Run> {
        if self.mode == Mode::Programs {
            return Ok(Run::Program(Program::start(service.name(), &config).await?));
        }
        let definition = service.definition();
        let clock = self.setup.clock.clone();
        let running = match service {
            Service::Establishments => {
                kit::serve(definition, config, clock, None, establishments::start).await
            }
            Service::Contracts => {
                kit::serve(definition, config, clock, None, contracts::start).await
            }
            Service::Targets => kit::serve(definition, config, clock, None, targets::start).await,
            Service::Controls => kit::serve(definition, config, clock, None, controls::start).await,
        };
        let running = running.with_context(|| format!("starting {}", service.name()))?;
        Ok(Run::InProcess(Box::new(running)))
    }

    fn place(&self, service: Service) -> anyhow::Result<&Place> {
        self.places
            .get(&service)
            .with_context(|| format!("{} has no place", service.name()))
    }

    fn place_mut(&mut self, service: Service) -> anyhow::Result<&mut Place> {
        self.places
            .get_mut(&service)
            .with_context(|| format!("{} has no place", service.name()))
    }
}

/// One more process of a service.
#[derive(Debug)]
pub struct Replica {
    run: Run,
}

impl Replica {
    /// Kills it as a power cut would.
    pub fn kill(self) -> anyhow::Result<()> {
        match self.run {
            Run::Program(program) => program.kill(),
            Run::InProcess(_) => anyhow::bail!("only a program can be killed"),
        }
    }
}

/// The generated clients, each with the token of a persona.
impl Suite {
    pub fn registry(&self, who: &Persona) -> anyhow::Result<EstablishmentServiceClient<Peer>> {
        Ok(EstablishmentServiceClient::new(
            self.peer(Service::Establishments, who)?,
        ))
    }

    pub fn contracts(&self, who: &Persona) -> anyhow::Result<ContractServiceClient<Peer>> {
        Ok(ContractServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn negotiation(&self, who: &Persona) -> anyhow::Result<NegotiationServiceClient<Peer>> {
        Ok(NegotiationServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn reviews(&self, who: &Persona) -> anyhow::Result<ReviewServiceClient<Peer>> {
        Ok(ReviewServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn procedures(&self, who: &Persona) -> anyhow::Result<ProcedureServiceClient<Peer>> {
        Ok(ProcedureServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn amendments(&self, who: &Persona) -> anyhow::Result<AmendmentServiceClient<Peer>> {
        Ok(AmendmentServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn evidence(&self, who: &Persona) -> anyhow::Result<EvidenceServiceClient<Peer>> {
        Ok(EvidenceServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn follow_up(&self, who: &Persona) -> anyhow::Result<FollowUpServiceClient<Peer>> {
        Ok(FollowUpServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn mandates(&self, who: &Persona) -> anyhow::Result<MandateServiceClient<Peer>> {
        Ok(MandateServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn programming(&self, who: &Persona) -> anyhow::Result<ProgrammingServiceClient<Peer>> {
        Ok(ProgrammingServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn deadlines(&self, who: &Persona) -> anyhow::Result<DeadlineServiceClient<Peer>> {
        Ok(DeadlineServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn consents(&self, who: &Persona) -> anyhow::Result<DeliveryConsentServiceClient<Peer>> {
        Ok(DeliveryConsentServiceClient::new(
            self.peer(Service::Contracts, who)?,
        ))
    }

    pub fn terms(&self, who: &Persona) -> anyhow::Result<TermServiceClient<Peer>> {
        Ok(TermServiceClient::new(self.peer(Service::Contracts, who)?))
    }

    pub fn target_sets(&self, who: &Persona) -> anyhow::Result<TargetSetServiceClient<Peer>> {
        Ok(TargetSetServiceClient::new(
            self.peer(Service::Targets, who)?,
        ))
    }

    pub fn indicators(&self, who: &Persona) -> anyhow::Result<IndicatorServiceClient<Peer>> {
        Ok(IndicatorServiceClient::new(
            self.peer(Service::Targets, who)?,
        ))
    }

    pub fn policies(&self, who: &Persona) -> anyhow::Result<TolerancePolicyServiceClient<Peer>> {
        Ok(TolerancePolicyServiceClient::new(
            self.peer(Service::Controls, who)?,
        ))
    }

    pub fn campaigns(&self, who: &Persona) -> anyhow::Result<CampaignServiceClient<Peer>> {
        Ok(CampaignServiceClient::new(
            self.peer(Service::Controls, who)?,
        ))
    }

    pub fn controls(&self, who: &Persona) -> anyhow::Result<ControlServiceClient<Peer>> {
        Ok(ControlServiceClient::new(
            self.peer(Service::Controls, who)?,
        ))
    }

    pub fn missions(&self, who: &Persona) -> anyhow::Result<MissionServiceClient<Peer>> {
        Ok(MissionServiceClient::new(
            self.peer(Service::Controls, who)?,
        ))
    }

    pub fn history(
        &self,
        of: Service,
        who: &Persona,
    ) -> anyhow::Result<HistoryServiceClient<Peer>> {
        Ok(HistoryServiceClient::new(self.peer(of, who)?))
    }
}
