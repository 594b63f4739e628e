//! Where the figures were measured.

use std::{fmt, fs, process::Command};

use serde::Serialize;
use sqlx::{Connection as _, PgConnection, Row as _};

/// The machine and its servers, as far as they explain the figures.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory: String,
    pub postgres: String,
    /// Figures of a server that does not wait for its disk say little.
    pub fsync: String,
    pub nats: String,
    pub build: &'static str,
}

impl Machine {
    pub(crate) async fn look(database_url: &str) -> anyhow::Result<Self> {
        let mut connection = PgConnection::connect(database_url).await?;
        let row = sqlx::query(
            "select
                 current_setting('server_version') as version,
                 'fsync ' || current_setting('fsync')
                     || ', synchronous_commit ' || current_setting('synchronous_commit') as durability",
        )
        .fetch_one(&mut connection)
        .await?;
        Ok(Self {
            processor: line("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism()?.get(),
            memory: line("/proc/meminfo", "MemTotal"),
            postgres: row.get("version"),
            fsync: row.get("durability"),
            nats: nats_version(),
            build: if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
        })
    }
}

fn nats_version() -> String {
    let chosen = std::env::var_os("CPOM_TEST_NATS_SERVER").unwrap_or_else(|| "nats-server".into());
    Command::new(chosen)
        .arg("--version")
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

/// What stands after the colon of the first line that begins so.
fn line(file: &str, start: &str) -> String {
    fs::read_to_string(file)
        .unwrap_or_default()
        .lines()
        .find(|line| line.starts_with(start))
        .and_then(|line| line.split_once(':'))
        .map(|(_, value)| value.trim().to_owned())
        .unwrap_or_default()
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cores ({}), {} of memory; Postgres {} ({}); {}; {} build",
            self.cores,
            self.processor,
            self.memory,
            self.postgres,
            self.fsync,
            self.nats,
            self.build
        )
    }
}
