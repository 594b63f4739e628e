//! A million rows through the stream, and through COPY.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use cpom_tests::{
    scenario::{Registry, Scenario, Submission, Trace},
    suite::{Mode, Program, Service, Suite},
};
use proto::targets::v1::{IndicatorValue, indicator_value::Content};
use testkit::TestDatabase;

use crate::{
    figure::{Figure, Target},
    raw_database::settle,
    statistics::rate,
};

const ENTITIES: u32 = 30;
const SITES_EACH: u32 = 10;
const BATCH: usize = 10_000;
/// Batches that a client keeps on their way.
const IN_FLIGHT: i64 = 6;
const SAMPLE_EVERY: Duration = Duration::from_millis(100);
const REQUIRED_RATIO: f64 = 0.5;
const GROWTH_LIMIT_MB: f64 = 16.0;

pub(crate) async fn run(rows: u32) -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::Programs).await?;
    let scenario = Scenario::new(&suite)?;
    let registry = Registry::generate(scenario.people.region, ENTITIES, SITES_EACH)?;
    scenario.import(&registry).await?;
    scenario.contracts_in_force(&registry.entities).await?;
    let values = values(&registry, rows);
    let text = copy_text(&values)?;

    let before = copy(&text).await?;
    settle().await?;
    let program = suite.program(Service::Targets)?;
    let (elapsed, growth) = submit(&scenario, program, values).await?;
    let after = copy(&text).await?;
    let raw = before.min(after);
    Ok(vec![
        Figure::ratio(
            format!("indicators, {rows} durable rows"),
            "rows/s",
            rate(rows, elapsed),
            rate(rows, raw),
            Target::AtLeast(REQUIRED_RATIO),
        ),
        Figure::absolute(
            "growth of targets after the first tenth",
            "MB",
            growth,
            Target::AtMost(GROWTH_LIMIT_MB),
        ),
    ])
}

/// Months of two years for each site and indicator, over and over with other figures: corrections.
fn values(registry: &Registry, rows: u32) -> Vec<IndicatorValue> {
    const INDICATORS: [&str; 4] = [
        "MCO_STAYS",
        "MCO_SESSIONS",
        "MCO_FULL_STAYS",
        "MCO_DAY_STAYS",
    ];
    let sites: Vec<String> = registry
        .entities
        .iter()
        .flat_map(|e| &e.sites)
        .map(ToString::to_string)
        .collect();
    let keys: Vec<(&String, &str, String)> = sites
        .iter()
        .flat_map(|site| INDICATORS.iter().map(move |indicator| (site, *indicator)))
        .flat_map(|(site, indicator)| {
            (2023..=2024).flat_map(move |year| {
                (1..=12).map(move |month| (site, indicator, format!("{year}-{month:02}")))
            })
        })
        .collect();
    keys.iter()
        .cycle()
        .zip(0..rows)
        .map(|((site, indicator, period), place)| IndicatorValue {
            subject: (*site).clone(),
            indicator: (*indicator).to_owned(),
            period: period.clone(),
            content: Some(Content::Value((place % 5_000).to_string())),
        })
        .collect()
}

/// Sends everything and returns how long it took and by how much the service grew meanwhile.
async fn submit(
    scenario: &Scenario<'_>,
    program: &Program,
    values: Vec<IndicatorValue>,
) -> anyhow::Result<(Duration, f64)> {
    let client = scenario
        .suite
        .indicators(&scenario.people.contract_manager())?;
    let id = kernel::new_id().to_string();
    let region = scenario.people.region.code();
    let mut submission = Submission::open(client, &id, region, &Trace::begin()).await?;
    let batches: Vec<Vec<IndicatorValue>> = values.chunks(BATCH).map(<[_]>::to_vec).collect();
    let count = i64::try_from(batches.len())?;
    let tenth = count / 10;
    let begin = Instant::now();
    let mut acknowledged = 0;
    let mut baseline = 0.0;
    let mut peak: f64 = 0.0;
    let mut sampled = Instant::now();
    for (sequence, batch) in (1..).zip(batches) {
        submission.send(sequence, batch).await?;
        while acknowledged < sequence - IN_FLIGHT + 1 || (sequence == count && acknowledged < count)
        {
            let answer = submission.acknowledgement().await?;
            anyhow::ensure!(answer.rejected.is_empty(), "{:?}", answer.rejected.first());
            acknowledged = answer.sequence;
            if acknowledged == tenth {
                baseline = program.resident_megabytes()?;
            }
            if acknowledged > tenth && sampled.elapsed() >= SAMPLE_EVERY {
                peak = peak.max(program.resident_megabytes()?);
                sampled = Instant::now();
            }
        }
    }
    let elapsed = begin.elapsed();
    Ok((elapsed, (peak - baseline).max(0.0)))
}

/// The rows as COPY takes them.
fn copy_text(values: &[IndicatorValue]) -> anyhow::Result<String> {
    let submission = kernel::new_id();
    let mut text = String::with_capacity(values.len() * 100);
    for (sequence, batch) in (1..).zip(values.chunks(BATCH)) {
        for (position, value) in (0..).zip(batch) {
            let (year, month) = value.period.split_at(4);
            let month = month.trim_start_matches('-');
            let Some(Content::Value(figure)) = &value.content else {
                continue;
            };
            let (sequence, position): (i64, i32) = (sequence, position);
            let (subject, indicator) = (&value.subject, &value.indicator);
            writeln!(
                text,
                "2025-01-15 10:00:00+00\t{submission}\t{sequence}\t{year}\t{month}\t0\t{position}\t{subject}\t{indicator}\t{figure}"
            )?;
        }
    }
    Ok(text)
}

/// COPY of everything, in one transaction, into a table like the service's own.
async fn copy(text: &str) -> anyhow::Result<Duration> {
    const CHUNK: usize = 1024 * 1024;
    let database = TestDatabase::new(&targets::DEFINITION).await;
    settle().await?;
    let mut owner = database.owner().await;
    let begin = Instant::now();
    let mut copy = owner
        .copy_in_raw(
            "copy indicator_value (received_at, submission, sequence, year, month, kind, position, subject, \
             indicator, value) from stdin",
        )
        .await?;
    for chunk in text.as_bytes().chunks(CHUNK) {
        copy.send(chunk).await?;
    }
    copy.finish().await?;
    Ok(begin.elapsed())
}
