//! The four services together, over real Postgres and NATS: from a registry to the conclusions of people.

mod chain;
mod events;
mod history;
mod independent;
mod machines;
mod people;
mod tokens;
mod trace;
mod whole_loop;

use cpom_tests::{
    scenario::{Registry, Scenario, Trace, YEAR, devices, stays},
    suite::{Mode, Suite},
};
use proto::{
    contracts::v1::Review,
    controls::v1::{Campaign, Finding},
};

/// Three contracts over the same year: one met its targets, one fell short, one said nothing.
struct Controlled {
    registry: Registry,
    /// In the order of the entities of the registry.
    contracts: Vec<String>,
    campaign: Campaign,
    findings: Vec<Finding>,
    reviews: Vec<Review>,
}

const CONFORMING: usize = 0;
const DEVIATING: usize = 1;
const SILENT: usize = 2;

impl Controlled {
    /// Runs the machine part of the loop, the submissions and the campaign in one trace.
    async fn run(scenario: &Scenario<'_>, trace: &Trace) -> anyhow::Result<Self> {
        let registry = Registry::generate(scenario.people.region, 3, 2)?;
        scenario.import(&registry).await?;
        let contracts = scenario.contracts_in_force(&registry.entities).await?;
        for (place, count, machines) in [(CONFORMING, 1_010, 2), (DEVIATING, 700, 1)] {
            let entity = &registry.entities[place];
            let mut values: Vec<_> = entity
                .sites
                .iter()
                .map(|site| stays(*site, YEAR, count))
                .collect();
            values.push(devices(entity.sites[0], YEAR, machines));
            let expected = i64::try_from(values.len())?;
            let submitter = scenario.people.system_of(entity.finess);
            let acknowledged = scenario.submit(&submitter, values, trace).await?;
            anyhow::ensure!(acknowledged.accepted == expected, "{acknowledged:?}");
        }
        let campaign = scenario.start_campaign(trace).await?;
        let campaign = scenario.wait_until_measured(&campaign.name).await?;
        let findings = scenario.findings_of(&campaign.name).await?;
        let reviews = scenario
            .reviews_with_findings(&campaign.name, findings.len())
            .await?;
        Ok(Self {
            registry,
            contracts,
            campaign,
            findings,
            reviews,
        })
    }

    fn review_of(&self, place: usize) -> &Review {
        let contract = &self.contracts[place];
        self.reviews
            .iter()
            .find(|review| review.contract == *contract)
            .expect("a review")
    }
}

async fn suite() -> anyhow::Result<Suite> {
    Suite::start(Mode::InProcess).await
}
