//! Connections to the four services, and sessions: a connection with somebody's token.

use std::time::Duration;

use anyhow::{Context, Result};
use proto::{
    contracts::v1::{
        contract_service_client::ContractServiceClient,
        document_service_client::DocumentServiceClient,
        mandate_service_client::MandateServiceClient,
        procedure_service_client::ProcedureServiceClient,
        programming_service_client::ProgrammingServiceClient,
        review_service_client::ReviewServiceClient,
    },
    controls::v1::{
        campaign_service_client::CampaignServiceClient,
        control_service_client::ControlServiceClient,
        tolerance_policy_service_client::TolerancePolicyServiceClient,
    },
    establishments::v1::establishment_service_client::EstablishmentServiceClient,
    history::v1::{
        history_service_client::HistoryServiceClient, proof_service_client::ProofServiceClient,
    },
    targets::v1::{
        capacity_service_client::CapacityServiceClient,
        case_mix_service_client::CaseMixServiceClient,
        cooperation_service_client::CooperationServiceClient,
        credit_service_client::CreditServiceClient, dialogue_service_client::DialogueServiceClient,
        finance_service_client::FinanceServiceClient,
        framework_service_client::FrameworkServiceClient,
        funding_service_client::FundingServiceClient,
        indicator_service_client::IndicatorServiceClient,
        nomenclature_service_client::NomenclatureServiceClient,
        project_call_service_client::ProjectCallServiceClient,
        published_rate_service_client::PublishedRateServiceClient,
        rate_service_client::RateServiceClient, scheme_service_client::SchemeServiceClient,
        target_set_service_client::TargetSetServiceClient,
        territory_service_client::TerritoryServiceClient,
        waiting_list_service_client::WaitingListServiceClient,
    },
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, ClientTlsConfig, Endpoint},
};

use crate::stack::{Service, Stack};

/// How long one unary call may take before it is tried again.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Largest document that is taken, in bytes.
const DOCUMENT_LIMIT: usize = 32 * 1024 * 1024;

/// Calls a unary method with a deadline, and again while that may help:
/// `call!(session.contracts(), get_contract, GetContractRequest { … }).await`.
#[macro_export]
macro_rules! call {
    ($client:expr, $method:ident, $request:expr $(,)?) => {
        $crate::retry::unary($request, $crate::client::DEADLINE, |request| {
            let mut client = $client;
            async move { client.$method(request).await }
        })
    };
}

/// Connections to the four services.
#[derive(Debug, Clone)]
pub struct Suite {
    /// In the order of [`Service::ALL`].
    channels: Vec<Channel>,
}

impl Suite {
    /// Connects to `needed`. A service that cannot be reached is an error now, with its address, rather
    /// than at the first call. Calls to the others answer `UNAVAILABLE`.
    pub async fn connect(stack: &Stack, needed: &[Service]) -> Result<Self> {
        let mut channels = Vec::with_capacity(Service::ALL.len());
        for service in Service::ALL {
            channels.push(if needed.contains(&service) {
                connect(service, stack.url(service)?).await?
            } else {
                Endpoint::from_static("http://127.0.0.1:0").connect_lazy()
            });
        }
        Ok(Self { channels })
    }

    /// The same connections with a token.
    pub fn session(&self, token: &str) -> Result<Session> {
        let authorization = format!("Bearer {token}").parse();
        let bearer = Bearer(authorization.context("the token holds characters no token has")?);
        Ok(Session {
            suite: self.clone(),
            bearer,
        })
    }
}

async fn connect(service: Service, url: &str) -> Result<Channel> {
    let endpoint = Endpoint::from_shared(url.to_owned())
        .with_context(|| format!("the address of {} is not a URL: {url}", service.name()))?
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .keep_alive_while_idle(true);
    let endpoint = if url.starts_with("https:") {
        endpoint.tls_config(ClientTlsConfig::new().with_native_roots())?
    } else {
        endpoint
    };
    endpoint.connect().await.map_err(|error| {
        let cause = root_cause(&error);
        let status = Status::unavailable(format!("{} at {url}: {cause}", service.name()));
        anyhow::Error::new(status).context(
            "a service does not answer (is the stack running? `cargo dev up` starts a local one)",
        )
    })
}

/// What a chain of errors comes down to.
pub(crate) fn root_cause<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |error| error.source())
        .last()
        .unwrap_or(error)
}

/// A connection with a service, with a token.
pub type Link = InterceptedService<Channel, Bearer>;

/// Puts the token on every call.
#[derive(Debug, Clone)]
pub struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request
            .metadata_mut()
            .insert("authorization", self.0.clone());
        Ok(request)
    }
}

/// What one person or system can call.
#[derive(Debug, Clone)]
pub struct Session {
    suite: Suite,
    bearer: Bearer,
}

impl Session {
    fn link(&self, service: Service) -> Link {
        InterceptedService::new(
            self.suite.channels[service as usize].clone(),
            self.bearer.clone(),
        )
    }

    pub fn establishments(&self) -> EstablishmentServiceClient<Link> {
        EstablishmentServiceClient::new(self.link(Service::Establishments))
    }

    pub fn contracts(&self) -> ContractServiceClient<Link> {
        ContractServiceClient::new(self.link(Service::Contracts))
    }

    /// Documents are larger than other answers.
    pub fn documents(&self) -> DocumentServiceClient<Link> {
        DocumentServiceClient::new(self.link(Service::Contracts))
            .max_decoding_message_size(DOCUMENT_LIMIT)
    }

    pub fn reviews(&self) -> ReviewServiceClient<Link> {
        ReviewServiceClient::new(self.link(Service::Contracts))
    }

    pub fn procedures(&self) -> ProcedureServiceClient<Link> {
        ProcedureServiceClient::new(self.link(Service::Contracts))
    }

    pub fn programming(&self) -> ProgrammingServiceClient<Link> {
        ProgrammingServiceClient::new(self.link(Service::Contracts))
    }

    pub fn mandates(&self) -> MandateServiceClient<Link> {
        MandateServiceClient::new(self.link(Service::Contracts))
    }

    pub fn target_sets(&self) -> TargetSetServiceClient<Link> {
        TargetSetServiceClient::new(self.link(Service::Targets))
    }

    pub fn nomenclatures(&self) -> NomenclatureServiceClient<Link> {
        NomenclatureServiceClient::new(self.link(Service::Targets))
    }

    pub fn territories(&self) -> TerritoryServiceClient<Link> {
        TerritoryServiceClient::new(self.link(Service::Targets))
    }

    pub fn finances(&self) -> FinanceServiceClient<Link> {
        FinanceServiceClient::new(self.link(Service::Targets))
    }

    pub fn case_mix(&self) -> CaseMixServiceClient<Link> {
        CaseMixServiceClient::new(self.link(Service::Targets))
    }

    pub fn rates(&self) -> RateServiceClient<Link> {
        RateServiceClient::new(self.link(Service::Targets))
    }

    pub fn published_rates(&self) -> PublishedRateServiceClient<Link> {
        PublishedRateServiceClient::new(self.link(Service::Targets))
    }

    pub fn frameworks(&self) -> FrameworkServiceClient<Link> {
        FrameworkServiceClient::new(self.link(Service::Targets))
    }

    pub fn dialogues(&self) -> DialogueServiceClient<Link> {
        DialogueServiceClient::new(self.link(Service::Targets))
    }

    pub fn capacities(&self) -> CapacityServiceClient<Link> {
        CapacityServiceClient::new(self.link(Service::Targets))
    }

    pub fn waiting_lists(&self) -> WaitingListServiceClient<Link> {
        WaitingListServiceClient::new(self.link(Service::Targets))
    }

    pub fn fundings(&self) -> FundingServiceClient<Link> {
        FundingServiceClient::new(self.link(Service::Targets))
    }

    pub fn schemes(&self) -> SchemeServiceClient<Link> {
        SchemeServiceClient::new(self.link(Service::Targets))
    }

    pub fn project_calls(&self) -> ProjectCallServiceClient<Link> {
        ProjectCallServiceClient::new(self.link(Service::Targets))
    }

    pub fn cooperations(&self) -> CooperationServiceClient<Link> {
        CooperationServiceClient::new(self.link(Service::Targets))
    }

    pub fn credits(&self) -> CreditServiceClient<Link> {
        CreditServiceClient::new(self.link(Service::Targets))
    }

    pub fn indicators(&self) -> IndicatorServiceClient<Link> {
        IndicatorServiceClient::new(self.link(Service::Targets))
    }

    pub fn policies(&self) -> TolerancePolicyServiceClient<Link> {
        TolerancePolicyServiceClient::new(self.link(Service::Controls))
    }

    pub fn campaigns(&self) -> CampaignServiceClient<Link> {
        CampaignServiceClient::new(self.link(Service::Controls))
    }

    pub fn controls(&self) -> ControlServiceClient<Link> {
        ControlServiceClient::new(self.link(Service::Controls))
    }

    pub fn history(&self, service: Service) -> HistoryServiceClient<Link> {
        HistoryServiceClient::new(self.link(service))
    }

    pub fn proofs(&self, service: Service) -> ProofServiceClient<Link> {
        ProofServiceClient::new(self.link(service))
    }
}
