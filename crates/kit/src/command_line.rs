//! `<service> serve` and `<service> migrate`.

use std::{env, future::Future, process::ExitCode};

use anyhow::{Context as _, bail};
use kernel::Clock;
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};
use telemetry::LogFormat;
use tokio::signal::unix::{SignalKind, signal};
use tonic::service::Routes;
use tracing::{error, info};

use crate::{Config, Definition, Runtime, serve};

/// Wrong configuration or command line (`EX_USAGE`, `EX_CONFIG`).
const EXIT_CONFIGURATION: u8 = 78;

/// The whole of a service's `main`.
pub fn main<Start, Starting>(definition: &'static Definition, start: Start) -> ExitCode
where
    Start: FnOnce(Runtime) -> Starting + Send + 'static,
    Starting: Future<Output = anyhow::Result<Routes>> + Send,
{
    // One cryptography provider for the whole process.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{}: {error}", definition.name);
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        let format = match env::var("CPOM_LOG").as_deref() {
            Ok("json") => LogFormat::Json,
            _ => LogFormat::Human,
        };
        let guard = match telemetry::init(definition.name, format) {
            Ok(guard) => guard,
            Err(error) => {
                eprintln!("{}: {error:#}", definition.name);
                return ExitCode::FAILURE;
            }
        };
        let done = match env::args().nth(1).as_deref() {
            None | Some("serve") => run(definition, start, &guard).await,
            Some("migrate") => migrate(definition).await,
            Some(other) => Err(anyhow::anyhow!("unknown command {other}: use `serve` or `migrate`")),
        };
        let code = match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                error!(error = format!("{error:#}"), "{} stops", definition.name);
                ExitCode::from(EXIT_CONFIGURATION)
            }
        };
        guard.shutdown().await;
        code
    })
}

async fn run<Start, Starting>(
    definition: &'static Definition,
    start: Start,
    guard: &telemetry::Guard,
) -> anyhow::Result<()>
where
    Start: FnOnce(Runtime) -> Starting,
    Starting: Future<Output = anyhow::Result<Routes>>,
{
    let config = Config::from_env(definition.name)?;
    let metrics = Some(guard.metrics());
    let running = serve(definition, config, Clock::system(), metrics, start).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let soft = running.runtime.tasks.stop();
    tokio::select! {
        _ = terminate.recv() => info!("asked to stop"),
        _ = interrupt.recv() => info!("asked to stop"),
        () = soft.cancelled() => {}
    }
    tokio::select! {
        () = running.stop() => {}
        _ = terminate.recv() => bail!("asked to stop at once"),
        _ = interrupt.recv() => bail!("asked to stop at once"),
    }
    if running.runtime.tasks.failed() {
        bail!("a task ended by itself");
    }
    Ok(())
}

/// Creates the database, the login and the roles where they are missing, and migrates.
async fn migrate(definition: &'static Definition) -> anyhow::Result<()> {
    let admin = env::var("CPOM_ADMIN_DATABASE_URL")
        .context("CPOM_ADMIN_DATABASE_URL is not set (a role that may create roles and databases)")?;
    let variable = format!("CPOM_{}_DATABASE_URL", definition.name.to_uppercase());
    let url = env::var(&variable).with_context(|| format!("{variable} is not set"))?;
    let login: PgConnectOptions = url.parse().with_context(|| format!("{variable} is not an address"))?;
    let database = login.get_database().context("the service's address names no database")?.to_owned();
    let password = login
        .to_url_lossy()
        .password()
        .map(ToOwned::to_owned)
        .context("the service's address has no password")?;
    store::provision(&admin, &database, login.get_username(), &password, definition.migrations)
        .await
        .with_context(|| format!("migrating {database}"))?;
    Ok(())
}
