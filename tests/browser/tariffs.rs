//! What EHPAD of the synthetic region are given, and how full they were: enough of them to be compared, one of them well under the
//! threshold of the modulation.

use anyhow::{Context as _, ensure};
use cpom::{
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};
use kit::Peers;
use proto::targets::v1::{
    Allowance, Capacity, CapacityKind, CarePublic, IndicatorBatch, IndicatorValue, OpenSubmission,
    ReceptionMode, SubmitIndicatorsRequest, indicator_service_client::IndicatorServiceClient,
    indicator_value::Content,
};
use rpc::client::{Credentials, Peer, peer};
use testkit::request_id;

use crate::region::REGION;

/// Places of each, permanent and financed.
const PLACES: i32 = 100;
const YEAR: i32 = 2024;
/// The category of EHPAD.
const CATEGORY: &str = "500";

/// As many places for every site.
pub(crate) fn places(sites: &[String]) -> Vec<Capacity> {
    let line = |rank: usize, site: &String, kind: CapacityKind| Capacity {
        establishment: site.clone(),
        line: "ehpad".to_owned(),
        category: CATEGORY.to_owned(),
        kind: kind.into(),
        mode: ReceptionMode::Permanent.into(),
        public: CarePublic::OlderPeople.into(),
        places: PLACES,
        opening_days: 0,
        valid_from: "2020-01-01".to_owned(),
        commune: format!("00{:03}", rank + 1),
        plans: Vec::new(),
        decision: "Arrêté de démonstration".to_owned(),
    };
    sites
        .iter()
        .enumerate()
        .flat_map(|(rank, site)| {
            [CapacityKind::Authorised, CapacityKind::Financed].map(|kind| line(rank, site, kind))
        })
        .collect()
}

/// The first is given far more than the others.
pub(crate) fn allowances(sites: &[String]) -> Vec<Allowance> {
    (0..)
        .zip(sites)
        .map(|(rank, site): (i64, &String)| {
            let care = if rank == 0 {
                2_400_000
            } else {
                1_100_000 + 15_000 * rank
            };
            Allowance {
                establishment: site.clone(),
                year: YEAR,
                care_allowance: format!("{care}.00"),
                equation_result: "1300000.00".to_owned(),
                dependence_allowance: "400000.00".to_owned(),
                decision: "Décision tarifaire <b>2024</b>".to_owned(),
            }
        })
        .collect()
}

/// Somebody of the agency, calling targets.
async fn agent(issuer: &str, peers: &Peers) -> anyhow::Result<Peer> {
    let (role, sub) = ("contract_manager", "person:region-contract-manager");
    let request = TokenRequest::new(Kind::Human, role, sub, role, &[REGION]);
    let token = IssuerClient::at(issuer)?.mint(&request).await?;
    let url = peers.url("targets").context("targets")?;
    Ok(peer(url, Credentials::Token(token))?)
}

/// Fewer days than the places of the year allow. A site that no contract covers is left out by the service.
pub(crate) async fn submit_days(
    issuer: &str,
    peers: &Peers,
    sites: &[String],
) -> anyhow::Result<()> {
    let value = |site: &String| IndicatorValue {
        subject: site.clone(),
        indicator: "EHPAD_DAYS".to_owned(),
        period: YEAR.to_string(),
        content: Some(Content::Value("32000".to_owned())),
    };
    let open = OpenSubmission {
        submission_id: request_id(),
        region: REGION.to_owned(),
        source: "Région synthétique".to_owned(),
    };
    let batch = IndicatorBatch {
        sequence: 1,
        values: sites.iter().map(value).collect(),
    };
    let messages = [
        SubmitIndicatorsRequest {
            open: Some(open),
            batch: None,
        },
        SubmitIndicatorsRequest {
            open: None,
            batch: Some(batch),
        },
    ];
    let mut answers = IndicatorServiceClient::new(agent(issuer, peers).await?)
        .submit_indicators(tokio_stream::iter(messages))
        .await?
        .into_inner();
    let mut accepted = 0;
    while let Some(answer) = answers.message().await? {
        accepted += answer.acknowledged.map_or(0, |batch| batch.accepted);
    }
    ensure!(accepted > 0, "no site of the region is under contract");
    Ok(())
}
