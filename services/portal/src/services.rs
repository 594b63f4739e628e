//! The four services, called with the token of the person who is signed in. The portal has no right of its own.

use std::time::Duration;

use anyhow::Context as _;
use kit::Peers;
use proto::{
    contracts::v1::{
        amendment_service_client::AmendmentServiceClient,
        attachment_service_client::AttachmentServiceClient,
        contract_service_client::ContractServiceClient,
        deadline_service_client::DeadlineServiceClient,
        delivery_consent_service_client::DeliveryConsentServiceClient,
        document_service_client::DocumentServiceClient,
        follow_up_service_client::FollowUpServiceClient,
        mandate_service_client::MandateServiceClient,
        negotiation_service_client::NegotiationServiceClient,
        procedure_service_client::ProcedureServiceClient,
        programming_service_client::ProgrammingServiceClient,
        published_contract_service_client::PublishedContractServiceClient,
        regime_service_client::RegimeServiceClient, review_service_client::ReviewServiceClient,
        task_service_client::TaskServiceClient, term_service_client::TermServiceClient,
    },
    controls::v1::{
        campaign_service_client::CampaignServiceClient,
        control_service_client::ControlServiceClient, mission_service_client::MissionServiceClient,
        peer_comparison_service_client::PeerComparisonServiceClient,
        tolerance_policy_service_client::TolerancePolicyServiceClient,
    },
    establishments::v1::establishment_service_client::EstablishmentServiceClient,
    history::v1::{
        audit_service_client::AuditServiceClient, history_service_client::HistoryServiceClient,
        proof_service_client::ProofServiceClient,
        saved_export_service_client::SavedExportServiceClient,
    },
    targets::v1::{
        capacity_service_client::CapacityServiceClient,
        case_mix_service_client::CaseMixServiceClient,
        cooperation_service_client::CooperationServiceClient,
        credit_service_client::CreditServiceClient, dialogue_service_client::DialogueServiceClient,
        finance_service_client::FinanceServiceClient,
        framework_service_client::FrameworkServiceClient,
        funding_service_client::FundingServiceClient,
        indicator_service_client::IndicatorServiceClient, needs_service_client::NeedsServiceClient,
        nomenclature_service_client::NomenclatureServiceClient,
        project_call_service_client::ProjectCallServiceClient,
        published_rate_service_client::PublishedRateServiceClient,
        rate_service_client::RateServiceClient, scheme_service_client::SchemeServiceClient,
        target_set_service_client::TargetSetServiceClient,
        territory_service_client::TerritoryServiceClient,
        waiting_list_service_client::WaitingListServiceClient,
    },
};
use rpc::client::{Credentials, Peer, channel};
use tonic::{Request, transport::Channel};

/// Longest wait for one call of a page.
const DEADLINE: Duration = Duration::from_secs(10);
/// Answers may be pages of two hundred contracts with their texts.
const MESSAGE_LIMIT: usize = 16 * 1024 * 1024;
/// A document of sixteen mebibytes, and what is said about it.
const PDF_LIMIT: usize = 17 * 1024 * 1024;

/// One of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Establishments,
    Contracts,
    Targets,
    Controls,
}

impl Service {
    pub(crate) const ALL: [Self; 4] = [
        Self::Contracts,
        Self::Targets,
        Self::Controls,
        Self::Establishments,
    ];

    /// In an address.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Establishments => "etablissements",
            Self::Contracts => "contrats",
            Self::Targets => "objectifs",
            Self::Controls => "controles",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Establishments => "Registre des établissements",
            Self::Contracts => "Contrats et revues",
            Self::Targets => "Objectifs et indicateurs",
            Self::Controls => "Campagnes et constats",
        }
    }
}

/// Connections to the four services.
#[derive(Debug, Clone)]
pub(crate) struct Channels {
    establishments: Channel,
    contracts: Channel,
    targets: Channel,
    controls: Channel,
}

impl Channels {
    /// Connections that are made when they are first used.
    pub(crate) fn new(peers: &Peers) -> anyhow::Result<Self> {
        let to = |service: &str| -> anyhow::Result<Channel> {
            let url = peers
                .url(service)
                .with_context(|| format!("the address of {service} is not configured"))?;
            channel(url).with_context(|| format!("the address of {service}: {url}"))
        };
        Ok(Self {
            establishments: to("establishments")?,
            contracts: to("contracts")?,
            targets: to("targets")?,
            controls: to("controls")?,
        })
    }

    fn of(&self, service: Service) -> &Channel {
        match service {
            Service::Establishments => &self.establishments,
            Service::Contracts => &self.contracts,
            Service::Targets => &self.targets,
            Service::Controls => &self.controls,
        }
    }

    /// What everybody may read: no token is sent.
    pub(crate) fn published_rates(&self) -> PublishedRateServiceClient<Channel> {
        PublishedRateServiceClient::new(self.targets.clone())
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    /// Outlines of territories, for everybody.
    pub(crate) fn outlines(&self) -> TerritoryServiceClient<Channel> {
        TerritoryServiceClient::new(self.targets.clone())
    }

    /// Contracts in force, for everybody.
    pub(crate) fn published_contracts(&self) -> PublishedContractServiceClient<Channel> {
        PublishedContractServiceClient::new(self.contracts.clone())
            .max_decoding_message_size(PDF_LIMIT)
    }

    /// The same connections for one person.
    pub(crate) fn with_token(&self, token: &str) -> Services {
        Services {
            channels: self.clone(),
            token: token.to_owned(),
        }
    }
}

/// What one person can call.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    channels: Channels,
    token: String,
}

impl Services {
    fn peer(&self, channel: &Channel) -> Peer {
        Peer::new(channel.clone(), Credentials::Token(self.token.clone()))
    }

    pub(crate) fn registry(&self) -> EstablishmentServiceClient<Peer> {
        EstablishmentServiceClient::new(self.peer(&self.channels.establishments))
    }

    pub(crate) fn contracts(&self) -> ContractServiceClient<Peer> {
        ContractServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn reviews(&self) -> ReviewServiceClient<Peer> {
        ReviewServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn procedures(&self) -> ProcedureServiceClient<Peer> {
        ProcedureServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn attachments(&self) -> AttachmentServiceClient<Peer> {
        AttachmentServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn documents(&self) -> DocumentServiceClient<Peer> {
        DocumentServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(PDF_LIMIT)
    }

    pub(crate) fn amendments(&self) -> AmendmentServiceClient<Peer> {
        AmendmentServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn negotiation(&self) -> NegotiationServiceClient<Peer> {
        NegotiationServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn deadlines(&self) -> DeadlineServiceClient<Peer> {
        DeadlineServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn consents(&self) -> DeliveryConsentServiceClient<Peer> {
        DeliveryConsentServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn follow_up(&self) -> FollowUpServiceClient<Peer> {
        FollowUpServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn terms(&self) -> TermServiceClient<Peer> {
        TermServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn regimes(&self) -> RegimeServiceClient<Peer> {
        RegimeServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn tasks(&self) -> TaskServiceClient<Peer> {
        TaskServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn programming(&self) -> ProgrammingServiceClient<Peer> {
        ProgrammingServiceClient::new(self.peer(&self.channels.contracts))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn mandates(&self) -> MandateServiceClient<Peer> {
        MandateServiceClient::new(self.peer(&self.channels.contracts))
    }

    pub(crate) fn territories(&self) -> TerritoryServiceClient<Peer> {
        TerritoryServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn rates(&self) -> RateServiceClient<Peer> {
        RateServiceClient::new(self.peer(&self.channels.targets))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn capacities(&self) -> CapacityServiceClient<Peer> {
        CapacityServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn waiting_lists(&self) -> WaitingListServiceClient<Peer> {
        WaitingListServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn fundings(&self) -> FundingServiceClient<Peer> {
        FundingServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn finances(&self) -> FinanceServiceClient<Peer> {
        FinanceServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn schemes(&self) -> SchemeServiceClient<Peer> {
        SchemeServiceClient::new(self.peer(&self.channels.targets))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn credits(&self) -> CreditServiceClient<Peer> {
        CreditServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn cooperations(&self) -> CooperationServiceClient<Peer> {
        CooperationServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn calls(&self) -> ProjectCallServiceClient<Peer> {
        ProjectCallServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn case_mix(&self) -> CaseMixServiceClient<Peer> {
        CaseMixServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn nomenclatures(&self) -> NomenclatureServiceClient<Peer> {
        NomenclatureServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn dialogues(&self) -> DialogueServiceClient<Peer> {
        DialogueServiceClient::new(self.peer(&self.channels.targets))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn frameworks(&self) -> FrameworkServiceClient<Peer> {
        FrameworkServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn needs(&self) -> NeedsServiceClient<Peer> {
        NeedsServiceClient::new(self.peer(&self.channels.targets))
    }

    pub(crate) fn target_sets(&self) -> TargetSetServiceClient<Peer> {
        TargetSetServiceClient::new(self.peer(&self.channels.targets))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn indicators(&self) -> IndicatorServiceClient<Peer> {
        IndicatorServiceClient::new(self.peer(&self.channels.targets))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn policies(&self) -> TolerancePolicyServiceClient<Peer> {
        TolerancePolicyServiceClient::new(self.peer(&self.channels.controls))
    }

    pub(crate) fn campaigns(&self) -> CampaignServiceClient<Peer> {
        CampaignServiceClient::new(self.peer(&self.channels.controls))
    }

    pub(crate) fn controls(&self) -> ControlServiceClient<Peer> {
        ControlServiceClient::new(self.peer(&self.channels.controls))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn comparisons(&self) -> PeerComparisonServiceClient<Peer> {
        PeerComparisonServiceClient::new(self.peer(&self.channels.controls))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn missions(&self) -> MissionServiceClient<Peer> {
        MissionServiceClient::new(self.peer(&self.channels.controls))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn history(&self, of: Service) -> HistoryServiceClient<Peer> {
        HistoryServiceClient::new(self.peer(self.channels.of(of)))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn audits(&self, of: Service) -> AuditServiceClient<Peer> {
        AuditServiceClient::new(self.peer(self.channels.of(of)))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn saved_exports(&self, of: Service) -> SavedExportServiceClient<Peer> {
        SavedExportServiceClient::new(self.peer(self.channels.of(of)))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }

    pub(crate) fn proofs(&self, of: Service) -> ProofServiceClient<Peer> {
        ProofServiceClient::new(self.peer(self.channels.of(of)))
            .max_decoding_message_size(MESSAGE_LIMIT)
    }
}

/// A request that is not waited for longer than a page can wait.
pub(crate) fn within<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(DEADLINE);
    request
}

/// Pages of a list until its end or `most` items:
/// `every!(services.reviews(), list_reviews, ListReviewsRequest { … }, reviews, 500)`.
/// Says too whether some were left.
macro_rules! every {
    ($client:expr, $method:ident, $request:expr, $items:ident, $most:expr) => {
        // A block of its own: a refusal is the value of this expression, for the caller to judge, and never leaves
        // the function around it.
        async {
            let mut client = $client;
            let mut request = $request;
            let most: usize = $most;
            let mut all = Vec::new();
            loop {
                request.page_size = 200;
                let page = client
                    .$method($crate::services::within(request.clone()))
                    .await?
                    .into_inner();
                all.extend(page.$items);
                if page.next_page_token.is_empty() {
                    break Ok::<_, tonic::Status>((all, false));
                }
                if all.len() >= most {
                    all.truncate(most);
                    break Ok((all, true));
                }
                request.page_token = page.next_page_token;
            }
        }
        .await
    };
}
pub(crate) use every;

/// All lines of a file: one that would be cut is refused.
macro_rules! every_line {
    ($client:expr, $method:ident, $request:expr, $items:ident, $most:expr) => {
        match $crate::services::every!($client, $method, $request, $items, $most) {
            Ok((all, false)) => Ok(all),
            Ok((_, true)) => Err($crate::failure::Failure::export_too_large()),
            Err(status) => Err($crate::failure::Failure::from(status)),
        }
    };
}
pub(crate) use every_line;
