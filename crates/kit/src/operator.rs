//! What operators ask of a service: to migrate, to look after the events that could not be applied, and to
//! publish again what the broker lost. All of it works on the database alone; running processes act on it
//! within seconds.

use std::env;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use kernel::Clock;
use serde_json::json;
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use store::{
    By, Db, Role,
    history::{self, Filter},
    parked::{self, Dismissal, Which},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

use crate::{ConfigError, Definition};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Events of other services that could not be applied here
    #[command(subcommand)]
    Parked(Parked),
    /// Persons named in the history
    #[command(subcommand)]
    Persons(Persons),
    /// Publish recorded events again; who applied them ignores them
    Replay {
        /// From this instant, for example 2026-11-21T00:00:00Z
        #[arg(long, value_parser = instant)]
        since: OffsetDateTime,
        /// Only this kind of aggregate, for example contract
        #[arg(long)]
        kind: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Parked {
    /// List what is set aside, one line each
    List {
        /// One JSON object per line, with the message
        #[arg(long)]
        json: bool,
    },
    /// Let refused events be tried again, each aggregate's in its order
    Retry {
        /// The event
        #[arg(required_unless_present = "all")]
        event: Option<Uuid>,
        /// Every event that is set aside
        #[arg(long, conflicts_with = "event")]
        all: bool,
    },
    /// Give an event up: its aggregate goes on without it
    Dismiss {
        event: Uuid,
        /// Who decides
        #[arg(long)]
        by: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Persons {
    /// Forget who stands behind the acts of a person; the acts and every proof stay. There is no way back
    Erase {
        /// The identifier of the person, as tokens carry it
        subject: String,
        /// Who orders it
        #[arg(long)]
        by: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Most lines of a list: an operator looks at the first ones.
const LIST_LIMIT: i64 = 1_000;

fn instant(text: &str) -> Result<OffsetDateTime, time::error::Parse> {
    OffsetDateTime::parse(text, &Rfc3339)
}

pub(crate) async fn run(definition: &Definition, command: Command) -> anyhow::Result<()> {
    let (_, url) = database_url(definition)?;
    let db = Db::connect(&url, Role::Machine, 1, Clock::system()).await?;
    let done = match command {
        Command::Parked(Parked::List { json }) => list(&db, json).await,
        Command::Parked(Parked::Retry { event, .. }) => retry(&db, event).await,
        Command::Parked(Parked::Dismiss { event, by, reason }) => {
            dismiss(&db, event, &by, &reason).await
        }
        Command::Persons(Persons::Erase {
            subject,
            by,
            reason,
        }) => erase(&db, &subject, &by, &reason).await,
        Command::Replay { since, kind } => replay(&db, since, kind).await,
    };
    db.close().await;
    done
}

async fn list(db: &Db, as_json: bool) -> anyhow::Result<()> {
    for parked in parked::list(db.pool(), LIST_LIMIT).await? {
        let state = if parked.waiting { "waiting" } else { "refused" };
        let since = parked.parked_at.format(&Rfc3339)?;
        if as_json {
            let line = json!({
                "event": parked.event_id,
                "consumer": parked.consumer,
                "aggregate": parked.aggregate,
                "version": parked.version,
                "state": state,
                "reason": parked.reason,
                "deliveries": parked.deliveries,
                "parkedAt": since,
                "subject": parked.subject,
                "message": String::from_utf8_lossy(&parked.body),
            });
            println!("{line}");
        } else {
            println!(
                "{}  {state}  {}  {} version {}  since {since}  {}",
                parked.event_id, parked.consumer, parked.aggregate, parked.version, parked.reason
            );
        }
    }
    Ok(())
}

async fn retry(db: &Db, event: Option<Uuid>) -> anyhow::Result<()> {
    let which = event.map_or(Which::All, Which::Event);
    match parked::ask_retry(db.pool(), which).await? {
        0 => bail!("nothing of that kind is set aside"),
        count => println!("{count} will be tried again within seconds"),
    }
    Ok(())
}

async fn dismiss(db: &Db, event: Uuid, by: &str, reason: &str) -> anyhow::Result<()> {
    let mut unit = db.unit(By::service("operator", db.clock().now())).await?;
    let now = unit.at();
    match parked::dismiss(unit.connection(), event, by, reason, now).await? {
        Dismissal::Done => {}
        Dismissal::Unknown => bail!("no event {event} is set aside"),
        Dismissal::Behind { consumer, earlier } => bail!(
            "{earlier} earlier events of its aggregate are not settled in {consumer}: retry or dismiss those first"
        ),
    }
    unit.done().await?;
    println!("dismissed; the next event of its aggregate is tried within seconds");
    Ok(())
}

async fn erase(db: &Db, subject: &str, by: &str, reason: &str) -> anyhow::Result<()> {
    match store::person::erase(db, subject, by, reason).await? {
        Some(commitment) => println!("erased; the history names {commitment}"),
        None => bail!("nobody of that identifier ever acted here, or it is erased already"),
    }
    Ok(())
}

async fn replay(db: &Db, since: OffsetDateTime, kind: Option<String>) -> anyhow::Result<()> {
    let mut unit = db.unit(By::service("operator", db.clock().now())).await?;
    let filter = Filter {
        start: Some(since),
        aggregate_kind: kind,
        ..Filter::default()
    };
    let count = history::publish_again(unit.connection(), &filter).await?;
    unit.done().await?;
    println!("{count} events will be published again by the running processes");
    Ok(())
}

/// Creates the database, the login and the roles where they are missing, and migrates.
///
/// # Errors
/// When an address is missing from the environment, or Postgres refuses.
pub async fn migrate(definition: &Definition) -> anyhow::Result<()> {
    let admin = env::var("CPOM_ADMIN_DATABASE_URL").map_err(|_| {
        ConfigError(vec![
            "CPOM_ADMIN_DATABASE_URL is not set (a role that may create roles and databases)"
                .to_owned(),
        ])
    })?;
    let (variable, url) = database_url(definition)?;
    let login: PgConnectOptions = url
        .parse()
        .with_context(|| format!("{variable} is not an address"))?;
    let database = login
        .get_database()
        .context("the service's address names no database")?
        .to_owned();
    let password = login
        .to_url_lossy()
        .password()
        .map(ToOwned::to_owned)
        .context("the service's address has no password")?;
    store::provision(
        &admin,
        &database,
        login.get_username(),
        &password,
        definition.migrations,
    )
    .await
    .with_context(|| format!("migrating {database}"))?;
    Ok(())
}

/// The address of the service's database and the variable it comes from.
fn database_url(definition: &Definition) -> Result<(String, String), ConfigError> {
    let variable = format!("CPOM_{}_DATABASE_URL", definition.name.to_uppercase());
    match env::var(&variable) {
        Ok(url) => Ok((variable, url)),
        Err(_) => Err(ConfigError(vec![format!("{variable} is not set")])),
    }
}
