//! The real programs, killed and cut off at the worst moments: nothing acknowledged is lost, nothing is
//! applied twice.

mod broker;
mod campaigns;
mod database;
mod following;
mod replicas;
mod submissions;

use cpom_tests::{
    scenario::{Registry, Scenario, Trace, YEAR, devices, stays, wait_for},
    suite::{Mode, Service, Suite},
};
use sqlx::{PgConnection, Row as _};

/// Contracts of a region that is to be controlled.
const CONTRACTS: u32 = 8;
/// Two sites under their stays, and one short of a device.
const FINDINGS_EACH: usize = 3;
const FINDINGS: usize = CONTRACTS as usize * FINDINGS_EACH;

/// Contracts in force that all fell short, and copies of them wherever they are needed.
async fn region_that_fell_short(suite: &Suite) -> anyhow::Result<Vec<String>> {
    let scenario = Scenario::new(suite)?;
    let registry = Registry::generate(scenario.people.region, CONTRACTS, 2)?;
    scenario.import(&registry).await?;
    let contracts = scenario.contracts_in_force(&registry.entities).await?;
    for entity in &registry.entities {
        let mut values: Vec<_> = entity
            .sites
            .iter()
            .map(|site| stays(*site, YEAR, 700))
            .collect();
        values.push(devices(entity.sites[0], YEAR, 1));
        let submitter = scenario.people.system_of(entity.finess);
        scenario.submit(&submitter, values, &Trace::begin()).await?;
    }
    wait_until(
        suite,
        Service::Controls,
        "controls knows every contract and its targets",
        "select (select count(*) from contract_copy) + (select count(*) from target_set_copy)",
        2 * i64::from(CONTRACTS),
    )
    .await?;
    Ok(contracts)
}

async fn owner(suite: &Suite, service: Service) -> anyhow::Result<PgConnection> {
    Ok(suite.database(service)?.owner().await)
}

/// One number, looked up behind the back of a service.
async fn count(suite: &Suite, service: Service, query: &'static str) -> anyhow::Result<i64> {
    let mut connection = owner(suite, service).await?;
    Ok(sqlx::query(query).fetch_one(&mut connection).await?.get(0))
}

/// Waits until a number is what it should be.
async fn wait_until(
    suite: &Suite,
    service: Service,
    what: &str,
    query: &'static str,
    expected: i64,
) -> anyhow::Result<()> {
    wait_for(what, || async {
        Ok((count(suite, service, query).await? == expected).then_some(()))
    })
    .await
}

async fn programs() -> anyhow::Result<Suite> {
    Suite::start(Mode::Programs).await
}

/// After whatever happened: every contract controlled once, every finding raised and attached once, one
/// review a contract, nothing left behind, and nothing decided by a machine.
async fn assert_exactly_once(suite: &Suite, campaign: &str) -> anyhow::Result<()> {
    let scenario = Scenario::new(suite)?;
    let reviews = scenario.reviews_with_findings(campaign, FINDINGS).await?;
    let controls = scenario.controls_of(campaign).await?;
    let findings = scenario.findings_of(campaign).await?;
    let distinct = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names.len()
    };
    let contracts = CONTRACTS as usize;
    assert_eq!(controls.len(), contracts);
    assert_eq!(
        distinct(
            controls
                .into_iter()
                .map(|control| control.contract)
                .collect()
        ),
        contracts
    );
    assert_eq!(findings.len(), FINDINGS);
    let objectives = findings
        .iter()
        .map(|f| format!("{} {}", f.contract, f.objective))
        .collect();
    assert_eq!(distinct(objectives), FINDINGS);
    assert_eq!(reviews.len(), contracts);
    assert_eq!(
        distinct(
            reviews
                .iter()
                .map(|review| review.contract.clone())
                .collect()
        ),
        contracts
    );
    let attached: Vec<String> = reviews
        .into_iter()
        .flat_map(|review| review.findings)
        .map(|finding| finding.finding)
        .collect();
    assert_eq!(attached.len(), FINDINGS);
    assert_eq!(distinct(attached), FINDINGS);

    for (service, event, expected) in [
        (Service::Controls, "ControlMeasured", contracts),
        (Service::Controls, "CampaignMeasured", 1),
        (Service::Controls, "FindingRaised", FINDINGS),
        (Service::Contracts, "ReviewOpened", contracts),
        (Service::Contracts, "FindingAttached", FINDINGS),
    ] {
        let events = scenario.events(service, "").await?;
        let recorded = events
            .iter()
            .filter(|recorded| recorded.name() == event)
            .count();
        assert_eq!(recorded, expected, "{event}");
    }
    for service in Service::ALL {
        let waiting = "select count(*) from outbox";
        wait_until(suite, service, "every event is published", waiting, 0).await?;
        let parked = count(suite, service, "select count(*) from parked").await?;
        assert_eq!(parked, 0, "{service:?} parked nothing");
    }
    assert!(
        scenario.procedures().await?.is_empty(),
        "no person has acted: no procedure"
    );
    Ok(())
}
