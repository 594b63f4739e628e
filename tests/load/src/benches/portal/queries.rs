//! The queries that something makes the services run, read from the log of Postgres, with their values.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Queries by database, in their order.
pub(super) type Queries = BTreeMap<String, Vec<String>>;

/// A log that Postgres writes to a file is read back through Postgres: its own standard error, under whatever name.
const LOG: &str = "/proc/self/fd/2";
/// Before each line: the database, then this.
const MARK: &str = "@cpom-load@";
/// How long what the services do by themselves is listened to.
const QUIET: Duration = Duration::from_secs(3);
/// Until what was logged is in the file.
const FLUSHED: Duration = Duration::from_millis(200);

/// What is run between the beginning and the end of an act, without what the services run by themselves.
///
/// # Errors
/// When the role of `CPOM_TEST_DATABASE_URL` is no superuser, or Postgres does not log to a file.
pub(super) async fn of<Acting>(act: impl Fn() -> Acting) -> anyhow::Result<Queries>
where
    Acting: Future<Output = anyhow::Result<()>>,
{
    let admin = std::env::var("CPOM_TEST_DATABASE_URL")?;
    let mut admin = PgConnection::connect(&admin).await?;
    // Prepared and warm.
    for _ in 0..20 {
        act().await?;
    }
    for setting in [
        "log_statement = 'all'",
        &format!("log_line_prefix = '%d{MARK}'"),
    ] {
        let command = format!("alter system set {setting}");
        admin
            .execute(AssertSqlSafe(command))
            .await
            .context("the role must be a superuser, to log what is run")?;
    }
    let logged = logged(&mut admin, &act).await;
    for setting in ["log_statement", "log_line_prefix"] {
        let command = format!("alter system reset {setting}");
        admin.execute(AssertSqlSafe(command)).await?;
    }
    admin.execute("select pg_reload_conf()").await?;
    logged
}

async fn logged<Acting>(
    admin: &mut PgConnection,
    act: &impl Fn() -> Acting,
) -> anyhow::Result<Queries>
where
    Acting: Future<Output = anyhow::Result<()>>,
{
    admin.execute("select pg_reload_conf()").await?;
    tokio::time::sleep(FLUSHED).await;
    let begin = size(admin).await?;
    tokio::time::sleep(QUIET).await;
    let quiet = queries(&since(admin, begin).await?);
    let by_themselves: BTreeSet<&str> = quiet.iter().map(|query| shape(&query.text)).collect();
    let begin = size(admin).await?;
    act().await?;
    tokio::time::sleep(FLUSHED).await;
    let mut of_databases = Queries::new();
    for query in queries(&since(admin, begin).await?) {
        if !by_themselves.contains(shape(&query.text)) {
            let database = of_databases.entry(query.database.clone()).or_default();
            database.push(query.with_values());
        }
    }
    anyhow::ensure!(!of_databases.is_empty(), "Postgres logged no query");
    Ok(of_databases)
}

async fn size(admin: &mut PgConnection) -> anyhow::Result<i64> {
    sqlx::query_scalar("select size from pg_stat_file($1)")
        .bind(LOG)
        .fetch_one(admin)
        .await
        .context("Postgres does not log to a file")
}

async fn since(admin: &mut PgConnection, begin: i64) -> anyhow::Result<String> {
    let length = size(admin).await? - begin;
    let bytes: Vec<u8> = sqlx::query_scalar("select pg_read_binary_file($1, $2, $3)")
        .bind(LOG)
        .bind(begin)
        .bind(length)
        .fetch_one(admin)
        .await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A query as it was logged.
struct Query {
    database: String,
    text: String,
    /// `$1 = '…', $2 = NULL`.
    values: String,
}

/// What a query is, whatever its values.
fn shape(text: &str) -> &str {
    text.trim()
}

/// The statements in some lines of the log. A line that begins with a tab goes on with the one before.
fn queries(log: &str) -> Vec<Query> {
    let mut queries: Vec<Query> = Vec::new();
    for entry in log.replace("\n\t", "\r").lines() {
        let Some((database, said)) = entry.split_once(MARK) else {
            continue;
        };
        let said = said.replace('\r', "\n");
        let values = said.split_once("DETAIL:  ").and_then(|(_, detail)| {
            let place = detail.to_lowercase().find("parameters: ")?;
            Some(&detail[place + "parameters: ".len()..])
        });
        if let (Some(values), Some(query)) = (values, queries.last_mut()) {
            values.clone_into(&mut query.values);
            continue;
        }
        let statement = said.strip_prefix("LOG:  ").and_then(|said| {
            let (head, text) = said.split_once(": ")?;
            (head == "statement" || head.starts_with("execute ")).then_some(text)
        });
        if let Some(text) = statement {
            queries.push(Query {
                database: database.to_owned(),
                text: text.to_owned(),
                values: String::new(),
            });
        }
    }
    queries
}

impl Query {
    /// With its values in their places, so that anybody can run it.
    fn with_values(&self) -> String {
        let mut values = BTreeMap::new();
        let mut rest = self.values.as_str();
        while let Some((number, after)) = rest.strip_prefix('$').and_then(|it| it.split_once(" = "))
        {
            let end = end_of_value(after);
            values.insert(number.to_owned(), &after[..end]);
            rest = after[end..].trim_start_matches(", ");
        }
        let mut text = String::new();
        let mut parts = self.text.split('$');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if let Some(value) = values.get(&part[..digits]) {
                text.push_str(value);
            } else {
                text.push('$');
                text.push_str(&part[..digits]);
            }
            text.push_str(&part[digits..]);
        }
        let text = text.trim().trim_end_matches(';');
        format!("{text};")
    }
}

/// Where a value ends: after NULL, or after its closing quote.
fn end_of_value(text: &str) -> usize {
    if !text.starts_with('\'') {
        return text.find(',').unwrap_or(text.len());
    }
    let bytes = text.as_bytes();
    let mut place = 1;
    while place < bytes.len() {
        if bytes[place] == b'\'' {
            if bytes.get(place + 1) != Some(&b'\'') {
                return place + 1;
            }
            place += 1;
        }
        place += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_back_with_its_values() {
        let log = format!(
            "contracts{MARK}LOG:  execute sqlx_s_3: select a\n\tfrom b\n\twhere c = $1 and d = any($2) and e = $10\n\
             contracts{MARK}DETAIL:  parameters: $1 = 'l''été, $2', $2 = '{{x,y}}', $10 = NULL\n\
             other{MARK}LOG:  statement: begin\n\
             other{MARK}LOG:  checkpoint starting: time\n"
        );
        let queries = queries(&log);
        let read: Vec<_> = queries
            .iter()
            .map(|it| (it.database.as_str(), it.with_values()))
            .collect();
        assert_eq!(
            read,
            [
                (
                    "contracts",
                    "select a\nfrom b\nwhere c = 'l''été, $2' and d = any('{x,y}') and e = NULL;"
                        .to_owned()
                ),
                ("other", "begin;".to_owned()),
            ]
        );
    }
}
