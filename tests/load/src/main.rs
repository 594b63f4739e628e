//! Measures what the suite reaches, as ratios to the raw limit of the same machine in the same run.
//!
//! The services run as the programs built beside this one, except for `latency`, which commits inside the
//! process of `controls`. Each run makes databases of its own on the server that `CPOM_TEST_DATABASE_URL`
//! names, and starts a nats-server of its own.

mod benches;
mod figure;
mod machine;
mod performance;
mod raw_database;
mod statistics;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{figure::Report, machine::Machine};

#[derive(Debug, Parser)]
#[command(name = "cpom-load", about, version)]
struct Arguments {
    #[command(subcommand)]
    bench: Bench,
    /// Print the figures as JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Write the figures into docs/PERFORMANCE.md.
    #[arg(long, global = true)]
    write: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum Bench {
    /// Durable rows a second through the stream, against COPY of the same rows; memory meanwhile.
    Indicators {
        #[arg(long, default_value_t = 1_000_000)]
        rows: u32,
    },
    /// Signatures and steps of reviews a second at 8 clients, against pgbench running the same statements.
    Commands {
        #[arg(long, default_value_t = 800)]
        contracts: u32,
    },
    /// Controls a second of a campaign of 20 objectives a contract, against one statement that does the same.
    Campaign {
        #[arg(long, default_value_t = 5_000)]
        contracts: u32,
    },
    /// From a committed finding to its open review, against the raw chain.
    Latency {
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
    /// Appending under a sealed log, pages of a long history, verifying an export.
    Proof {
        #[arg(long, default_value_t = 10_000_000)]
        events: u32,
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
    /// Cells of case-mix imported in both passes, against COPY of the same file.
    Casemix {
        #[arg(long, default_value_t = 10_000_000)]
        cells: u32,
    },
    /// Standardised rates of 100 territories and 30 activities, against `DuckDB` on the same cells.
    Rates {
        #[arg(long, default_value_t = 10_000_000)]
        cells: u32,
    },
    /// Pages of published rates a second, against `PostgREST` on the same database.
    Published {
        #[arg(long, default_value_t = 5)]
        seconds: u32,
    },
    /// Consolidated contracts with 40 amendments a second, against pgbench reading the same rows.
    Consolidated {
        #[arg(long, default_value_t = 1_000)]
        contracts: u32,
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
    /// Pages of the list of deadlines a second, against pgbench reading the same rows.
    Deadlines {
        #[arg(long, default_value_t = 20_000)]
        contracts: u32,
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
    /// The differences of two versions of 200 objectives, against reading both.
    Diff {
        #[arg(long, default_value_t = 300)]
        times: u32,
    },
    /// An operation on one contract among many contracts, against the same among 200.
    Scale {
        #[arg(long, default_value_t = 20_000)]
        contracts: u32,
        #[arg(long, default_value_t = 300)]
        times: u32,
    },
    /// A contract of 60 pages as PDF, against Typst from `PyPI` on the same source.
    Document {
        #[arg(long, default_value_t = 21)]
        times: u32,
    },
    /// A signed-in contract page against the queries behind it, pages among many contracts, the weight of the first.
    Portal {
        #[arg(long, default_value_t = 20_000)]
        contracts: u32,
        #[arg(long, default_value_t = 10)]
        seconds: u32,
        #[arg(long, default_value_t = 60)]
        times: u32,
    },
    /// Memory of an idle service, and the time until it is ready.
    Idle,
    /// Everything, with the usual sizes.
    All,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let database = std::env::var("CPOM_TEST_DATABASE_URL").context(
        "CPOM_TEST_DATABASE_URL is not set: name a role that may create roles and databases on the Postgres \
         to measure, for example postgres://postgres:secret@127.0.0.1:5432/postgres",
    )?;
    let machine = Machine::look(&database).await?;
    let figures = match arguments.bench {
        Bench::Indicators { rows } => benches::indicators::run(rows).await?,
        Bench::Commands { contracts } => benches::commands::run(contracts).await?,
        Bench::Campaign { contracts } => benches::campaign::run(contracts).await?,
        Bench::Latency { seconds } => benches::latency::run(seconds).await?,
        Bench::Proof { events, seconds } => benches::proof::run(events, seconds).await?,
        Bench::Casemix { cells } => benches::case_mix::run(cells).await?,
        Bench::Rates { cells } => benches::rates::run(cells).await?,
        Bench::Published { seconds } => benches::published::run(seconds).await?,
        Bench::Consolidated { contracts, seconds } => {
            benches::consolidated::run(contracts, seconds).await?
        }
        Bench::Deadlines { contracts, seconds } => {
            benches::deadlines::run(contracts, seconds).await?
        }
        Bench::Diff { times } => benches::diff::run(times).await?,
        Bench::Scale { contracts, times } => benches::scale::run(contracts, times).await?,
        Bench::Document { times } => benches::document::run(times).await?,
        Bench::Portal {
            contracts,
            seconds,
            times,
        } => benches::portal::run(contracts, seconds, times).await?,
        Bench::Idle => benches::idle::run().await?,
        Bench::All => benches::all().await?,
    };
    let report = Report { machine, figures };
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    if arguments.write {
        performance::write(&report)?;
    }
    Ok(())
}
