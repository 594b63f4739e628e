//! Pages of the portal: a signed-in contract page against pgbench running the queries behind it, three pages among many
//! contracts against the same among few, and what a first visit weighs.

mod queries;
mod visitor;

use std::time::{Duration, Instant};

use cpom_tests::{
    scenario::Scenario,
    suite::{Service, Suite},
};

use self::visitor::Visitor;
use super::{
    many_contracts, production, published,
    reading::{self, CLIENTS},
};
use crate::{
    figure::{Figure, Target},
    raw_database::settle,
    statistics::Durations,
};

const FEW: u32 = 200;
/// Cells behind the map.
const CELLS: u32 = 100_000;
/// What a page may take longer among many contracts.
const GROWTH: f64 = 1.3;
const FIRST_PAGE_KILOBYTES: f64 = 100.0;

pub(crate) async fn run(many: u32, seconds: u32, times: u32) -> anyhow::Result<Vec<Figure>> {
    let (suite, real) = many_contracts::with_real(1).await?;
    let map = map(&suite).await?;
    let id = real[0].trim_start_matches("contracts/");
    let contract = format!("/contrats/{id}");
    let manager = Scenario::new(&suite)?.people.contract_manager();
    let visitor = Visitor::sign_in(&suite, &manager).await?;
    let pages = [
        ("work list", "/travail"),
        ("contract page", &contract),
        ("territory map", &map),
    ];

    many_contracts::multiply(&suite, &real[0], FEW).await?;
    let few = medians(&visitor, &pages, times).await?;
    many_contracts::multiply(&suite, &real[0], many).await?;
    let among_many = medians(&visitor, &pages, times).await?;
    let mut figures = vec![against_queries(&suite, &visitor, &contract, seconds).await?];
    for (((what, _), few), many_times) in pages.iter().zip(few).zip(among_many) {
        figures.push(Figure::ratio(
            format!("{what} among {many} contracts, median"),
            "ms",
            many_times.percentile_ms(50),
            few.percentile_ms(50),
            Target::AtMost(GROWTH),
        ));
    }
    figures.push(Figure::absolute(
        "first page with its style sheets and script, compressed",
        "kB",
        visitor.first_visit_kilobytes().await?,
        Target::AtMost(FIRST_PAGE_KILOBYTES),
    ));
    Ok(figures)
}

/// Territories with their people, an import and a publication: the address of its map.
async fn map(suite: &Suite) -> anyhow::Result<String> {
    let scenario = Scenario::new(suite)?;
    let region = production::Region::new(scenario.people.region)?;
    production::prepare(&scenario, &region).await?;
    let file = region.case_mix(CELLS)?;
    production::import(&scenario, &file).await?;
    let set = published::publish(&scenario).await?;
    Ok(format!("/taux/{}/{}", set.series, set.version))
}

/// Each page in turn, so that what else the machine does falls on all.
async fn medians(
    visitor: &Visitor,
    pages: &[(&str, &str)],
    times: u32,
) -> anyhow::Result<Vec<Durations>> {
    let mut taken: Vec<Vec<Duration>> = vec![Vec::new(); pages.len()];
    for (_, path) in pages {
        visitor.page(path).await?;
    }
    for _ in 0..times {
        for ((_, path), taken) in pages.iter().zip(&mut taken) {
            let begin = Instant::now();
            visitor.page(path).await?;
            taken.push(begin.elapsed());
        }
    }
    Ok(taken.into_iter().map(Durations::new).collect())
}

/// Contract pages a second at eight clients, against the queries of one page, run one after the other by pgbench over each
/// database as often.
async fn against_queries(
    suite: &Suite,
    visitor: &Visitor,
    path: &str,
    seconds: u32,
) -> anyhow::Result<Figure> {
    settle().await?;
    let queries = queries::of(|| async { visitor.page(path).await.map(drop) }).await?;
    let reached = reading::calls(
        seconds,
        |_, _| async move { visitor.page(path).await.map(drop) },
    )
    .await?;
    let (mut seconds_a_page, mut count) = (0.0, 0);
    let mut databases = vec![visitor.database()];
    for service in Service::ALL {
        databases.push(suite.database(service)?);
    }
    for database in databases {
        let url = database.owner_url.as_str();
        let name = url.rsplit('/').next().unwrap_or_default();
        let name = name.split('?').next().unwrap_or_default();
        if let Some(queries) = queries.get(name) {
            count += queries.len();
            seconds_a_page += 1.0 / reading::pgbench(url, &queries.join(";\n"), seconds)?;
        }
    }
    Ok(Figure::ratio(
        format!("contract pages at {CLIENTS} clients, {count} queries behind each"),
        "/s",
        reached,
        1.0 / seconds_a_page,
        Target::AtLeast(0.25),
    ))
}
