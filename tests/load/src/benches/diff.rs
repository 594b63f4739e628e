//! The differences of two versions of 200 objectives, against reading both.

use std::time::Instant;

use cpom_tests::{
    scenario::{Registry, Scenario},
    suite::{Mode, Service, Suite},
};
use proto::contracts::v1::{
    DiffVersionsRequest, ListContractVersionsRequest, ProposeVersionRequest, StrategicObjective,
    negotiation_service_client::NegotiationServiceClient,
};
use testkit::request_id;

use crate::{
    figure::{Figure, Target},
    statistics::Durations,
};

const OBJECTIVES: usize = 200;
/// Objectives that the second version rewrites.
const REWRITTEN: usize = 20;

pub(crate) async fn run(times: u32) -> anyhow::Result<Vec<Figure>> {
    let mut suite = Suite::start(Mode::Programs).await?;
    let name = {
        let scenario = Scenario::new(&suite)?;
        let registry = Registry::generate(scenario.people.region, 1, 1)?;
        scenario.import(&registry).await?;
        let draft = scenario.draft(&registry.entities[0]).await?;
        let mut contracts = suite.contracts(&scenario.people.contract_manager())?;
        let mut etag = draft.etag;
        for rewritten in [0, REWRITTEN] {
            let mut text = draft.text.clone().unwrap_or_default();
            text.objectives = objectives(rewritten);
            let request = ProposeVersionRequest {
                name: draft.name.clone(),
                etag,
                text: Some(text),
                comment: "Version de travail".into(),
                request_id: request_id(),
            };
            etag = contracts.propose_version(request).await?.into_inner().etag;
        }
        draft.name
    };
    suite.keep_connections();
    let manager = Scenario::new(&suite)?.people.contract_manager();
    let (mut reading, mut comparing) = (Vec::new(), Vec::new());
    // In turns, so that what else the machine does falls on both.
    for _ in 0..times {
        let begin = Instant::now();
        let request = ListContractVersionsRequest { name: name.clone() };
        let mut client = suite.contracts(&manager)?;
        let versions = client.list_contract_versions(request).await?;
        let versions = versions.into_inner().versions;
        reading.push(begin.elapsed());
        anyhow::ensure!(versions.len() == 3, "{} versions", versions.len());

        let begin = Instant::now();
        let request = DiffVersionsRequest {
            name: name.clone(),
            from_version: 2,
            to_version: 3,
        };
        let peer = suite.peer(Service::Contracts, &manager)?;
        let mut client = NegotiationServiceClient::new(peer);
        let changes = client.diff_versions(request).await?.into_inner().changes;
        comparing.push(begin.elapsed());
        anyhow::ensure!(changes.len() == REWRITTEN, "{} changes", changes.len());
    }
    Ok(vec![Figure::ratio(
        format!("differences of two versions of {OBJECTIVES} objectives, median"),
        "ms",
        Durations::new(comparing).percentile_ms(50),
        Durations::new(reading).percentile_ms(50),
        Target::AtMost(1.0),
    )])
}

fn objectives(rewritten: usize) -> Vec<StrategicObjective> {
    let objective = |rank: usize| StrategicObjective {
        code: format!("O{rank}"),
        axis: "A".into(),
        title: format!("Objectif {rank}"),
        description: if rank <= rewritten {
            "Une autre rédaction de cet objectif. ".repeat(10)
        } else {
            "Développer la chirurgie ambulatoire du territoire. ".repeat(10)
        },
        competence: None,
    };
    (1..=OBJECTIVES).map(objective).collect()
}
