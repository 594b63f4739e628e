//! `portal serve` and `portal migrate`.

use std::{env, process::ExitCode};

use clap::{Parser, Subcommand};
use kernel::Clock;
use telemetry::LogFormat;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info};

use crate::{Config, DEFINITION, serve};

/// The portal of the suite. Without a command it serves.
#[derive(Debug, Parser)]
#[command(name = "portal")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer browsers, until SIGTERM
    Serve,
    /// Create the database, the login and the roles where they are missing, and migrate
    Migrate,
}

/// Wrong configuration (`EX_CONFIG`).
const EXIT_CONFIGURATION: u8 = 78;

/// The whole of `main`.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // One cryptography provider for the whole process.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("portal: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        let format = match env::var("CPOM_LOG").as_deref() {
            Ok("json") => LogFormat::Json,
            _ => LogFormat::Human,
        };
        let guard = match telemetry::init("portal", format) {
            Ok(guard) => guard,
            Err(error) => {
                eprintln!("portal: {error:#}");
                return ExitCode::FAILURE;
            }
        };
        let done = match arguments.command {
            None | Some(Command::Serve) => run(&guard).await,
            Some(Command::Migrate) => kit::migrate(&DEFINITION).await,
        };
        let code = match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                error!(error = format!("{error:#}"), "the portal stops");
                if error.is::<kit::ConfigError>() {
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

async fn run(guard: &telemetry::Guard) -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let running = serve(config, Clock::system(), Some(guard.metrics())).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let soft = running.tasks.stop();
    tokio::select! {
        _ = terminate.recv() => info!("asked to stop"),
        _ = interrupt.recv() => info!("asked to stop"),
        () = soft.cancelled() => {}
    }
    let failed = running.tasks.failed();
    running.stop().await;
    if failed {
        anyhow::bail!("a task ended by itself");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
        assert!(Arguments::try_parse_from(["portal"]).is_ok());
        assert!(Arguments::try_parse_from(["portal", "migrate"]).is_ok());
        assert!(Arguments::try_parse_from(["portal", "personas"]).is_err());
    }
}
