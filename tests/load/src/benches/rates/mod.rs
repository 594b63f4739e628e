//! Standardised rates of a hundred territories and thirty activities, and the same in `DuckDB` from the same cells.

mod duckdb;

use std::time::{Duration, Instant};

use cpom_tests::{
    scenario::Scenario,
    suite::{Mode, Service, Suite},
};
use proto::targets::v1::{
    ComputeRatesRequest, ComputeRatesResponse, rate_service_client::RateServiceClient,
};

use self::duckdb::{DuckDb, Row};
use super::production::{self, ACTIVITIES, Region, TERRITORIES};
use crate::{
    figure::{Figure, Target},
    raw_database::settle,
};

/// Turns of each; the best counts.
const TURNS: usize = 7;
const TIMES_DUCKDB: f64 = 1.5;
const MEMORY_LIMIT_MB: f64 = 1_000.0;

pub(crate) async fn run(rows: u32) -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::Programs).await?;
    let scenario = Scenario::new(&suite)?;
    let region = Region::new(scenario.people.region)?;
    production::prepare(&scenario, &region).await?;
    let file = region.case_mix(rows)?;
    production::import(&scenario, &file).await?;
    let mut duckdb = DuckDb::load(&file)?;
    settle().await?;

    let peer = suite.peer(Service::Targets, &scenario.people.manager())?;
    let mut rates = RateServiceClient::new(peer);
    let request = ComputeRatesRequest {
        basis: Some(production::basis()),
    };
    let (mut reached, mut raw) = (Duration::MAX, Duration::MAX);
    // In turns, so that what else the machine does falls on both.
    for turn in 0..TURNS {
        let begin = Instant::now();
        let answer = rates.compute_rates(request.clone()).await?.into_inner();
        reached = reached.min(begin.elapsed());
        let (elapsed, theirs) = duckdb.compute()?;
        raw = raw.min(elapsed);
        if turn == 0 {
            same(&answer, &theirs)?;
        }
    }
    let peak = suite.program(Service::Targets)?.peak_megabytes()?;
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1_000.0;
    Ok(vec![
        Figure::ratio(
            format!("{} standardised rates, {} cells", answer_size(), file.rows),
            "ms",
            milliseconds(reached),
            milliseconds(raw),
            Target::AtMost(TIMES_DUCKDB),
        ),
        Figure::absolute(
            "highest memory of targets, import and rates",
            "MB",
            peak,
            Target::AtMost(MEMORY_LIMIT_MB),
        ),
    ])
}

fn answer_size() -> u32 {
    TERRITORIES * ACTIVITIES
}

/// Both have to say the same of every territory and activity, or the comparison says nothing.
fn same(ours: &ComputeRatesResponse, theirs: &[Row]) -> anyhow::Result<()> {
    anyhow::ensure!(
        ours.rates.len() == theirs.len(),
        "{} rates here, {} in DuckDB",
        ours.rates.len(),
        theirs.len()
    );
    for (ours, theirs) in ours.rates.iter().zip(theirs) {
        let Row(territory, activity, figures) = theirs;
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
        let own = [
            ours.cases as f64,
            ours.crude,
            ours.direct,
            ours.expected,
            ours.index,
            ours.index_low,
            ours.index_high,
            ours.indirect,
            ours.ambulatory_cases as f64,
        ];
        let agree = own
            .iter()
            .zip(figures)
            .all(|(own, their)| (own - their).abs() <= 1e-9 * own.abs().max(1.0));
        anyhow::ensure!(
            agree && (&ours.territory, &ours.activity) == (territory, activity),
            "{ours:?} here, {theirs:?} in DuckDB"
        );
    }
    Ok(())
}
