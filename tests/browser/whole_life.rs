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
use tokio_stream::Stream;

use crate::region::REGION;

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
    /// Two other legal entities, for a contract that they share.
    shared: Vec<Holder>,
}

/// A legal entity with its sites, whose director can be chosen.
#[derive(Debug)]
struct Holder {
    entity: String,
    sites: Vec<String>,
    subject: String,
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
            "shared": self.shared.iter().map(Holder::told).collect::<Vec<_>>(),
        })
        .to_string()
    }
}

impl Holder {
    fn told(&self) -> serde_json::Value {
        json!({"entity": self.entity, "sites": self.sites, "subject": self.subject})
    }

    fn director(&self) -> TokenRequest {
        let entity = &self.entity;
        TokenRequest {
            finess: vec![entity.clone()],
            ..TokenRequest::new(
                Kind::Human,
                "establishment_director",
                &format!("person:life-direction-{entity}"),
                &format!("Direction de l’entité {entity}"),
                &[REGION],
            )
        }
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

/// The header first, then the file.
fn upload(file: &str, header: ImportHeader) -> impl Stream<Item = ImportRegistryRequest> + use<> {
    let header = ImportRegistryRequest {
        header: Some(header),
        ..Default::default()
    };
    let chunks = file
        .as_bytes()
        .chunks(32_000)
        .map(|chunk| ImportRegistryRequest {
            chunk: chunk.to_vec(),
            ..Default::default()
        });
    tokio_stream::iter(std::iter::once(header).chain(chunks).collect::<Vec<_>>())
}

/// Fills the registry and lets the directors of three legal entities be chosen.
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
    let messages = upload(&registry, header);
    let report = EstablishmentServiceClient::new(administrator(issuer, peers).await?)
        .import_registry(messages)
        .await?
        .into_inner();
    let created = report.establishments.unwrap_or_default().created;
    ensure!(created > 0, "the registry is empty");

    let mut hospitals = plan.contracts.into_iter().filter_map(|planned| {
        let of_stays = |objective: &&Objective| objective.indicator == INDICATOR;
        let subject = planned.objectives.iter().find(of_stays)?.subject.clone();
        let sites = planned.establishments.iter().map(ToString::to_string);
        Some(Holder {
            entity: planned.legal_entity.to_string(),
            sites: sites.collect(),
            subject,
        })
    });
    let holder = hospitals.next().context("a hospital")?;
    let shared: Vec<Holder> = hospitals.take(2).collect();
    ensure!(shared.len() == 2, "too few hospitals");
    let directors: Vec<TokenRequest> = std::iter::once(&holder)
        .chain(&shared)
        .map(Holder::director)
        .collect();
    IssuerClient::at(issuer)?.offer(&directors).await?;
    Ok(Ground {
        entity: holder.entity,
        sites: holder.sites,
        subject: holder.subject,
        year: Clock::system().now().year() - 1,
        shared,
    })
}
