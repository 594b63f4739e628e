//! What EHPAD of the synthetic region are given, and how full they were: enough of them to be compared, one of them well under the
//! threshold of the modulation.

use anyhow::ensure;
use proto::targets::v1::{
    Allowance, Capacity, CapacityKind, CarePublic, IndicatorBatch, IndicatorValue, OpenSubmission,
    ReceptionMode, RecordAllowancesRequest, RecordCapacitiesRequest, SubmitIndicatorsRequest,
    capacity_service_client::CapacityServiceClient, funding_service_client::FundingServiceClient,
    indicator_service_client::IndicatorServiceClient, indicator_value::Content,
};
use rpc::client::Peer;
use testkit::request_id;

use crate::region::REGION;

/// Places of each, permanent and financed.
const PLACES: i32 = 100;
const YEAR: i32 = 2024;
/// The category of EHPAD.
const CATEGORY: &str = "500";

/// Records places, allowances and days of the year for every site.
pub(crate) async fn record_tariffs(agency: &Peer, sites: &[String]) -> anyhow::Result<()> {
    record_places(agency, sites).await?;
    record_allowances(agency, sites).await?;
    submit_days(agency, sites).await
}

async fn record_places(agency: &Peer, sites: &[String]) -> anyhow::Result<()> {
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
    let capacities = sites
        .iter()
        .enumerate()
        .flat_map(|(rank, site)| {
            [CapacityKind::Authorised, CapacityKind::Financed].map(|kind| line(rank, site, kind))
        })
        .collect();
    let request = RecordCapacitiesRequest {
        region: REGION.to_owned(),
        capacities,
        request_id: request_id(),
    };
    CapacityServiceClient::new(agency.clone())
        .record_capacities(request)
        .await?;
    Ok(())
}

/// The first is given far more than the others.
async fn record_allowances(agency: &Peer, sites: &[String]) -> anyhow::Result<()> {
    let allowances = (0..)
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
        .collect();
    let request = RecordAllowancesRequest {
        region: REGION.to_owned(),
        allowances,
        request_id: request_id(),
    };
    FundingServiceClient::new(agency.clone())
        .record_allowances(request)
        .await?;
    Ok(())
}

/// Fewer days than the places of the year allow. A site that no contract covers is left out by the service.
async fn submit_days(agency: &Peer, sites: &[String]) -> anyhow::Result<()> {
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
    let mut answers = IndicatorServiceClient::new(agency.clone())
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
