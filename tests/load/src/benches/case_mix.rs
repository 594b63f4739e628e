//! Ten million cells of case-mix through both passes of an import, and through COPY.

use std::{
    io::Read as _,
    time::{Duration, Instant},
};

use cpom_tests::{
    scenario::Scenario,
    suite::{Mode, Suite},
};
use sqlx::Executor as _;
use testkit::TestDatabase;

use super::production::{self, CaseMixFile, Region};
use crate::{
    figure::{Figure, Target},
    raw_database::settle,
    statistics::rate,
};

const REQUIRED_RATIO: f64 = 0.5;

/// The cells as they stand in the file.
const TABLE: &str = "create table cell (
    finess     text      not null,
    year       smallint  not null,
    month      smallint  not null,
    activity   text      not null,
    mode       text      not null,
    residence  text      not null,
    age_class  text      not null,
    sex        smallint  not null,
    stays      int,
    patients   int,
    days       int,
    sessions   int
)";

pub(crate) async fn run(rows: u32) -> anyhow::Result<Vec<Figure>> {
    let suite = Suite::start(Mode::Programs).await?;
    let scenario = Scenario::new(&suite)?;
    let region = Region::new(scenario.people.region)?;
    production::prepare(&scenario, &region).await?;
    let file = region.case_mix(rows)?;
    let before = copy(&file).await?;
    settle().await?;
    let imported = production::import(&scenario, &file).await?;
    let raw = before.min(copy(&file).await?);
    Ok(vec![
        Figure::ratio(
            format!("case-mix, {} cells applied", file.rows),
            "cells/s",
            rate(file.rows, imported.applied),
            rate(file.rows, raw),
            Target::AtLeast(REQUIRED_RATIO),
        ),
        Figure::ratio(
            "case-mix, both passes",
            "cells/s",
            rate(file.rows, imported.looked + imported.applied),
            rate(file.rows, raw),
            Target::AtLeast(REQUIRED_RATIO),
        ),
    ])
}

/// COPY of the file, in one transaction, into a table without index.
async fn copy(file: &CaseMixFile) -> anyhow::Result<Duration> {
    const CHUNK: usize = 1024 * 1024;
    let database = TestDatabase::new(&targets::DEFINITION).await;
    let mut owner = database.owner().await;
    owner.execute(TABLE).await?;
    settle().await?;
    let mut bytes = file.open()?;
    let mut chunk = vec![0; CHUNK];
    let begin = Instant::now();
    let mut copy = owner
        .copy_in_raw("copy cell from stdin with (format csv, delimiter ';', header)")
        .await?;
    loop {
        let read = bytes.read(&mut chunk)?;
        let Some(read) = chunk.get(..read).filter(|read| !read.is_empty()) else {
            break;
        };
        copy.send(read).await?;
    }
    copy.finish().await?;
    Ok(begin.elapsed())
}
