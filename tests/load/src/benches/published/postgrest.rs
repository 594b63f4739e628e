//! `PostgREST` before the database of a service.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use cpom_tests::suite::free_port;
use proto::targets::v1::PublishedRateSet;

use crate::benches::foreign;

/// As many connections as a service has.
const CONNECTIONS: &str = "10";
const START_LIMIT: Duration = Duration::from_secs(20);

/// A running `PostgREST`. Stopped with the value.
pub(super) struct PostgRest {
    child: Child,
    http: reqwest::Client,
    url: String,
}

impl PostgRest {
    /// Serves the tables of a database to everybody, as their owner.
    pub(super) async fn start(database: &str) -> anyhow::Result<Self> {
        let (_, after) = database.split_once("://").context("an address")?;
        let role = after.split([':', '@']).next().context("a role")?;
        let port = free_port()?.to_string();
        let url = format!("http://127.0.0.1:{port}/published_rate");
        let child = Command::new(foreign::postgrest()?)
            // What sqlx understands after the question mark, libpq refuses.
            .env(
                "PGRST_DB_URI",
                database.split('?').next().unwrap_or(database),
            )
            .env("PGRST_DB_SCHEMAS", "public")
            .env("PGRST_DB_ANON_ROLE", role)
            .env("PGRST_DB_POOL", CONNECTIONS)
            .env("PGRST_SERVER_HOST", "127.0.0.1")
            .env("PGRST_SERVER_PORT", port)
            .env("PGRST_LOG_LEVEL", "crit")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let postgrest = Self {
            child,
            http: reqwest::Client::new(),
            url,
        };
        let limit = Instant::now() + START_LIMIT;
        loop {
            let probe = postgrest.http.get(format!("{}?limit=1", postgrest.url));
            match probe
                .timeout(START_LIMIT)
                .send()
                .await
                .and_then(reqwest::Response::error_for_status)
            {
                Ok(_) => return Ok(postgrest),
                Err(error) if Instant::now() > limit => return Err(error.into()),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// The rates of one territory.
    pub(super) async fn page(&self, set: &PublishedRateSet, place: u32) -> anyhow::Result<usize> {
        let url = format!(
            "{}?series=eq.{}&version=eq.{}&territory=eq.T{place:03}&order=territory,activity&limit=31",
            self.url, set.series, set.version
        );
        let page = self.http.get(url).send().await?.error_for_status()?;
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&page.bytes().await?)?;
        Ok(rows.len())
    }
}

impl Drop for PostgRest {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}
