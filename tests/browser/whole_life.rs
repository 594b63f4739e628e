//! The ground of one whole life: a registry, and a director who can be chosen.

use anyhow::{Context as _, ensure};
use cpom::{
    demo::synthetic,
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};
use kernel::Clock;
use kit::Peers;
use proto::{
    establishments::v1::{
        ImportHeader, ImportRegistryRequest, RegistryFormat,
        establishment_service_client::EstablishmentServiceClient,
    },
    targets::v1::Objective,
};
use rpc::client::{Credentials, Peer, peer};
use serde_json::json;
use testkit::request_id;

use crate::region::{REGION, upload};

/// The generated region whose registry is taken.
const SEED: u64 = 7;
const INDICATOR: &str = "MCO_STAYS";

/// Who and what the contract is about.
#[derive(Debug)]
pub(crate) struct Ground {
    entity: String,
    sites: Vec<String>,
    /// The site whose activity is measured.
    subject: String,
    /// The year that is controlled: the last one that is over, first of the contract.
    year: i32,
}

impl Ground {
    /// What the journey needs to know.
    pub(crate) fn told(&self) -> String {
        json!({
            "entity": self.entity,
            "sites": self.sites,
            "subject": self.subject,
            "indicator": INDICATOR,
            "year": self.year,
        })
        .to_string()
    }
}

/// Whoever keeps the registry.
async fn administrator(issuer: &str, peers: &Peers) -> anyhow::Result<Peer> {
    let role = "registry_administrator";
    let request = TokenRequest::new(Kind::Human, role, "person:life-registry", role, &[REGION]);
    let token = IssuerClient::at(issuer)?.mint(&request).await?;
    let url = peers.url("establishments").context("establishments")?;
    Ok(peer(url, Credentials::Token(token))?)
}

/// Fills the registry and lets the director of one legal entity be chosen.
pub(crate) async fn prepare(issuer: &str, peers: &Peers) -> anyhow::Result<Ground> {
    let plan = tokio::task::spawn_blocking(|| synthetic::plan(SEED)).await?;
    let registry = String::from_utf8(plan.registry.content)?;
    let header = ImportHeader {
        format: RegistryFormat::SitesCsv.into(),
        region: REGION.to_owned(),
        file_name: plan.registry.name,
        dry_run: false,
        complete: false,
        request_id: request_id(),
    };
    let messages = upload(&registry, header, |header, chunk| ImportRegistryRequest {
        header,
        chunk,
    });
    let report = EstablishmentServiceClient::new(administrator(issuer, peers).await?)
        .import_registry(messages)
        .await?
        .into_inner();
    let created = report.establishments.unwrap_or_default().created;
    ensure!(created > 0, "the registry is empty");

    let found = plan.contracts.into_iter().find_map(|planned| {
        let of_stays = |objective: &&Objective| objective.indicator == INDICATOR;
        let subject = planned.objectives.iter().find(of_stays)?.subject.clone();
        Some((planned, subject))
    });
    let (planned, subject) = found.context("a hospital")?;
    let entity = planned.legal_entity.to_string();
    let director = TokenRequest {
        finess: vec![entity.clone()],
        ..TokenRequest::new(
            Kind::Human,
            "establishment_director",
            &format!("person:life-direction-{entity}"),
            &format!("Direction de l’entité {entity}"),
            &[REGION],
        )
    };
    IssuerClient::at(issuer)?.offer(&[director]).await?;
    let sites = planned.establishments.iter();
    Ok(Ground {
        entity,
        sites: sites.map(ToString::to_string).collect(),
        subject,
        year: Clock::system().now().year() - 1,
    })
}
