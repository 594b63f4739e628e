//! A Python beside this program that holds the same cells in `DuckDB`.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;
use serde::Deserialize;

use crate::benches::{
    foreign,
    production::{CaseMixFile, Region},
};

const SCRIPT: &str = include_str!("rates.py");

/// A running `DuckDB`. Stopped with the value.
pub(super) struct DuckDb {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
}

/// Territory, activity, then cases, crude, direct, expected, index with its interval, indirect, ambulatory cases.
#[derive(Debug, Deserialize)]
pub(super) struct Row(pub(super) String, pub(super) String, pub(super) [f64; 9]);

#[derive(Deserialize)]
struct Answer {
    seconds: f64,
    #[serde(default)]
    rates: Vec<Row>,
}

impl DuckDb {
    /// Loads the cells, the territories and the inhabitants.
    pub(super) fn load(file: &CaseMixFile) -> anyhow::Result<Self> {
        let folder = env::temp_dir().join(format!("cpom-load-{}", kernel::new_id().simple()));
        fs::create_dir_all(&folder)?;
        let (territories, population) = (
            folder.join("territories.csv"),
            folder.join("population.csv"),
        );
        fs::write(&territories, Region::territories())?;
        fs::write(&population, Region::population())?;
        let mut child = Command::new(foreign::duckdb()?)
            .args(["-c", SCRIPT])
            .args([&file.path, &territories, &population])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asked = child.stdin.take().context("its input")?;
        let answers = BufReader::new(child.stdout.take().context("its output")?);
        let mut duckdb = Self {
            child,
            asked,
            answers,
            folder,
        };
        let ready = duckdb.line()?;
        anyhow::ensure!(ready.trim() == "ready", "DuckDB did not load: {ready}");
        Ok(duckdb)
    }

    /// Computes the rates once; they are told the first time.
    pub(super) fn compute(&mut self) -> anyhow::Result<(Duration, Vec<Row>)> {
        writeln!(self.asked, "again")?;
        let answer: Answer = serde_json::from_str(&self.line()?)?;
        Ok((Duration::from_secs_f64(answer.seconds), answer.rates))
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line)
    }
}

impl Drop for DuckDb {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
        let _left = fs::remove_dir_all(&self.folder);
    }
}
