//! `cpom`: see `cpom --help`.

use std::process::ExitCode;

use clap::Parser;
use cpom::{cli::Cli, commands, failure};

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run(Cli::parse()).await {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("{}", failure::explain(&error));
            failure::exit_of(&error).into()
        }
    }
}
