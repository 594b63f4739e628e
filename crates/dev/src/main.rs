//! `cargo dev`: sets a machine up, runs the whole suite locally, runs its tests and its checks.
//!
//! Everything it starts is private to this checkout, under `./.cpom`, on the loopback interface, and
//! ends with it.

mod args;
mod check;
mod console;
mod daemon;
mod database_url;
mod failure;
mod foreground;
mod http;
mod infrastructure;
mod interrupt;
mod lock;
mod nats;
mod pid_file;
mod ports;
mod postgres;
mod programs;
mod proto_lint;
mod secret;
mod setup;
mod stack;
mod test;
mod typesetter;
mod up;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    args::{Args, Command},
    failure::Failure,
    interrupt::Interrupt,
    setup::Need,
    workspace::Workspace,
};

fn main() -> ExitCode {
    let Err(error) = run(Args::parse().command) else {
        return ExitCode::SUCCESS;
    };
    match error.downcast_ref::<Failure>() {
        // Cargo or the demonstration has already said what is wrong.
        Some(Failure::Child(code)) => ExitCode::from(*code),
        Some(failure) => {
            eprintln!("\n{failure}");
            failure.exit_code()
        }
        None => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    let interrupt = Interrupt::listen()?;
    match command {
        Command::Setup => {
            setup::run(
                &workspace,
                &[
                    Need::Linker,
                    Need::Protoc,
                    Need::Postgres,
                    Need::Nats,
                    Need::Node,
                    Need::Chromium,
                ],
            )?;
            setup::install_browser_tools(&workspace)?;
            Ok(())
        }
        Command::Up(options) => up::run(&workspace, &interrupt, &options),
        Command::Test(options) => test::run(&workspace, &interrupt, &options),
        Command::Check => check::run(&workspace, &interrupt),
        Command::ProtoLint(options) => proto_lint::run(&workspace, &interrupt, &options),
    }
}
