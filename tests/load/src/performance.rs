//! `docs/PERFORMANCE.md`: the figures of the last run that somebody chose to write down.

use std::{env, fs};

use anyhow::Context as _;
use cpom_tests::repository;

use crate::figure::{Figure, HEADER, Report};

const TITLE: &str = "# Performance\n\n\
Each figure stands beside the raw limit of the same machine in the same run, because ratios can be compared between\n\
machines and figures cannot. Nothing here is asserted by a test; `tests/load` measures it again:\n\n";

const EXPLANATIONS: &str = "
- **Indicators**: rows validated, deduplicated by batch and durable through the gRPC stream, against one `COPY` of the
  same rows into the same partitioned table with the same indexes. Memory is the growth of `targets` after the first
  tenth of the rows.
- **Commands**: signatures and steps of reviews at 8 clients, against pgbench (`-n -M prepared -c 8 -j 2`) running the
  statements of `tests/load/src/benches/statements.rs`. The service also authenticates, decides, answers and publishes.
- **Campaign**: from the request that starts it to the commit that says it is measured: asking for realisations,
  comparing, and writing controls, findings, chained events and outbox; against one statement on a copy of the same
  database that compares the same figures and inserts the same rows.
- **Finding to review**: from the write in `controls` to the committed review in `contracts`, at 100 findings a
  second, against a chain of an insert and its commit, a publish with acknowledgement, a fetch and a commit.
- **Proof**: units that append one event at 8 clients while a task seals them each second, against the same without it;
  pages of 50 events of one contract through gRPC, against pgbench reading the same rows by the same statement; `audit
  verify` over an export, against SHA-256 alone over the same files.
- **Idle**: resident memory after five quiet seconds; from the start of the program to `/readyz`.
";

/// Replaces the document.
pub(crate) fn write(report: &Report) -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let command = format!(
        "cargo run --release --package cpom-load -- {}",
        arguments.join(" ")
    );
    let mut text = format!(
        "{TITLE}```sh\n{command}\n```\n\nMeasured on {}.\n\n",
        report.machine
    );
    text.push_str(&row(&HEADER.map(str::to_owned)));
    text.push_str(&row(&HEADER.map(|_| "---".to_owned())));
    for cells in report.figures.iter().map(Figure::cells) {
        text.push_str(&row(&cells));
    }
    text.push_str(EXPLANATIONS);
    let file = repository::root().join("docs/PERFORMANCE.md");
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}
