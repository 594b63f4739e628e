//! `<service> serve`, and what operators ask of a service.

use std::{env, future::Future, process::ExitCode};

use anyhow::bail;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use kernel::Clock;
use telemetry::LogFormat;
use tokio::signal::unix::{SignalKind, signal};
use tonic::service::Routes;
use tracing::{error, info};

use crate::{Config, ConfigError, Definition, Runtime, operator, serve};

/// A service of the suite. Without a command it serves.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer calls and apply events, until SIGTERM
    Serve,
    /// Create the database, the login and the roles where they are missing, and migrate
    Migrate,
    #[command(flatten)]
    Operator(operator::Command),
}

/// Wrong configuration (`EX_CONFIG`).
const EXIT_CONFIGURATION: u8 = 78;

/// The whole of a service's `main`.
pub fn main<Start, Starting>(definition: &'static Definition, start: Start) -> ExitCode
where
    Start: FnOnce(Runtime) -> Starting + Send + 'static,
    Starting: Future<Output = anyhow::Result<Routes>> + Send,
{
    let matches = Arguments::command().name(definition.name).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    // One cryptography provider for the whole process.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
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
        let done = match arguments.command {
            None | Some(Command::Serve) => run(definition, start, &guard).await,
            Some(Command::Migrate) => operator::migrate(definition).await,
            Some(Command::Operator(command)) => operator::run(definition, command).await,
        };
        let code = match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                error!(error = format!("{error:#}"), "{} stops", definition.name);
                let configuration = error.is::<ConfigError>();
                if configuration {
                    ExitCode::from(EXIT_CONFIGURATION)
                } else {
                    ExitCode::FAILURE
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_and_an_operator_must_say_who_and_why() {
        Arguments::command().debug_assert();
        let event = kernel::new_id().to_string();
        let parse =
            |arguments: &[&str]| Arguments::try_parse_from([&["contracts"], arguments].concat());
        assert!(parse(&[]).is_ok());
        assert!(parse(&["parked", "list", "--json"]).is_ok());
        assert!(parse(&["parked", "retry", &event]).is_ok());
        assert!(parse(&["parked", "retry", "--all"]).is_ok());
        assert!(parse(&["parked", "retry"]).is_err());
        assert!(parse(&["parked", "dismiss", &event]).is_err());
        assert!(
            parse(&[
                "parked", "dismiss", &event, "--by", "me", "--reason", "twice"
            ])
            .is_ok()
        );
        assert!(parse(&["replay", "--since", "2026-11-21T00:00:00Z"]).is_ok());
        assert!(parse(&["replay", "--since", "yesterday"]).is_err());
    }
}
