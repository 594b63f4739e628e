//! What can be asked on the command line.

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(
    name = "cargo dev",
    bin_name = "cargo dev",
    about,
    disable_help_subcommand = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Sets the machine up, runs the suite, its tests and its checks.
///
/// `CPOM_DATABASE_URL` (an administrator's URL) and `CPOM_NATS_URL` use existing servers instead of
/// private ones.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find or install what the suite needs, and stop there
    Setup,
    /// Start everything, load a region, run the loop once, and stay until Ctrl-C
    Up(Up),
    /// Run every test, on a private Postgres and a private NATS
    Test(Test),
    /// Format, clippy, proto lint, and "regenerating changes nothing"
    Check,
    /// Lint proto/, and compare it with an earlier revision
    ProtoLint(ProtoLint),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Up {
    /// Stop after the loop has run once
    #[arg(long)]
    pub(crate) once: bool,
    /// Print what happened as JSON, alone on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Use this folder of registry and activity files instead of the synthetic region
    #[arg(long, value_name = "DIR", requires = "region")]
    pub(crate) data: Option<PathBuf>,
    /// The region of the folder to load (INSEE code, such as 93)
    #[arg(long, value_name = "CODE", requires = "data")]
    pub(crate) region: Option<String>,
    /// Build with optimisations
    #[arg(long)]
    pub(crate) release: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Which nats-server to test against
    #[arg(long, value_enum, default_value_t = NatsChoice::Found)]
    pub(crate) nats: NatsChoice,
    /// Only the journeys in a real browser
    #[arg(long)]
    pub(crate) browser: bool,
    /// Passed on to `cargo test`; a `--package` replaces `--workspace`
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    pub(crate) cargo: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NatsChoice {
    /// The one of the machine, else the distribution's
    Found,
    /// A current release, installed into `.cpom/venv`
    Current,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ProtoLint {
    /// Also refuse a change that breaks the wire or the JSON of this git revision
    #[arg(long, value_name = "REVISION")]
    pub(crate) against: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Args::try_parse_from(line.split(' ')).map(|args| args.command)
    }

    fn test(line: &str) -> Test {
        match parse(line) {
            Ok(Command::Test(options)) => options,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn what_follows_test_goes_to_cargo_as_it_stands() {
        assert_eq!(test("dev test").cargo, Vec::<OsString>::new());
        assert_eq!(test("dev test -- -p bus").cargo, ["-p", "bus"]);
        assert!(test("dev test --browser").browser);
        let current = test("dev test --nats current -p cpom-tests -p bus -- --nocapture");
        assert_eq!(current.nats, NatsChoice::Current);
        assert_eq!(
            current.cargo,
            ["-p", "cpom-tests", "-p", "bus", "--", "--nocapture"]
        );
    }

    #[test]
    fn a_folder_and_its_region_come_together() {
        assert!(parse("dev up --data /d").is_err());
        assert!(parse("dev up --region 93").is_err());
        match parse("dev up --once --json --data /d --region 93") {
            Ok(Command::Up(up)) => {
                assert!(up.once && up.json && !up.release);
                assert_eq!(up.region.as_deref(), Some("93"));
            }
            other => panic!("{other:?}"),
        }
    }
}
