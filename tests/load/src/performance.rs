//! `docs/PERFORMANCE.md`: the figures of the last run that somebody chose to write down.

use std::{env, fs};

use anyhow::Context as _;
use cpom_tests::repository;

use crate::figure::{Figure, HEADER, Report};

const TITLE: &str = "# Performance\n\n\
Each figure stands beside the raw limit of the same machine in the same run, because ratios can be compared between\n\
machines and figures cannot. Nothing here is asserted by a test; `tests/load` measures it again.\n\n";

const EXPLANATIONS: &str = "## What stands beside what

- **Indicators**: rows validated, deduplicated by batch and durable through the gRPC stream, against one `COPY` of the
  same rows into the same partitioned table with the same indexes. Memory is the growth of `targets` after the first
  tenth of the rows.
- **Commands**: signatures and steps of reviews at 8 clients, against pgbench (`-n -M prepared -c 8 -j 2`) running the
  statements of `tests/load/src/benches/statements.rs`. The service also authenticates, decides, answers and publishes.
- **Campaign**: from the request that starts it to the commit that says it is measured: asking for realisations,
  comparing, and writing controls, findings, chained events and outbox; against one statement on a copy of the same
  database that compares the same figures and inserts the same rows.
- **Finding to review**: from the write in `controls` to the committed review in `contracts`, at 100 findings a
  second, against a chain of an insert and its commit, a publish with acknowledgement, a fetch and a commit. The end of
  both is told by the same notification at the last commit.
- **Proof**: units that append one event at 8 clients while a task seals them each second, against the same without it;
  pages of 50 events of one contract, by five of two hundred persons, through gRPC, against pgbench reading the same rows
  and names by one statement (what an auditor reads is recorded besides, durably: it stands apart); `audit verify` over an
  export, against SHA-256 alone over the same files.
- **Case-mix**: a file of cells through the gRPC stream, first looked at, then applied with its checks, totals and
  profiles; against one `COPY` of the same file into a table without index. An import is both passes.
- **Rates**: crude, direct, indirect, index with its interval and ambulatory share of each territory and activity,
  asked for through gRPC; against DuckDB computing the same from the same cells in memory, by the query of
  `tests/load/src/benches/rates/rates.py`. The answers are compared. The service reads profiles, the cells added up by
  residence, which every import rebuilds.
- **Published**: pages of the rates of one territory read without a token at 8 clients, against PostgREST answering the
  same rows from the same table.
- **Consolidated**: reads of contracts with 40 amendments each by a contract manager, folded at a date and answered
  through gRPC at 8 clients, against pgbench reading the same rows. (What an auditor reads is recorded besides.)
- **Deadlines**: the list of what is due over all contracts, 200 a page, against pgbench reading the same rows.
- **Diff**: the differences of two versions of 200 objectives, against reading both versions.
- **Scale**: an operation on one contract among many, against the same among 200.
- **Document**: a contract of 60 pages and more with the national template, by the program that `contracts` runs, against a
  Python that compiles the same files with Typst from PyPI to the same standards; both start as processes and use no font
  of the machine.
- **Portal**: contract pages of somebody who is signed in at 8 clients, whole, against pgbench running one after the other
  the queries that one such page makes the services and the portal run (read from the log of Postgres, with their values);
  the median of three pages among many contracts against the same among 200; the bytes of the home page and of the files its
  head names.
- **Idle**: resident memory after five quiet seconds; from the start of the program to `/readyz`.
";

/// Begins the section of a run.
const SECTION: &str = "## `";

/// Writes the section of a bench: what other benches measured stays as it was, and a run of everything replaces it all.
pub(crate) fn write(report: &Report) -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let bench = arguments.first().map_or("all", String::as_str);
    let file = repository::root().join("docs/PERFORMANCE.md");
    let others = if bench == "all" {
        String::new()
    } else {
        without(&fs::read_to_string(&file).unwrap_or_default(), bench)
    };
    let section = section(report, bench, &arguments);
    let text = format!("{TITLE}{others}{section}{EXPLANATIONS}");
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))
}

/// The sections of a document but one.
fn without(document: &str, bench: &str) -> String {
    let own = format!("{bench}`");
    let kept: Vec<String> = document
        .split("\n## ")
        .skip(1)
        .filter(|section| {
            section.starts_with('`') && !section.trim_start_matches('`').starts_with(&own)
        })
        .map(|section| format!("## {}\n\n", section.trim_end()))
        .collect();
    kept.concat()
}

fn section(report: &Report, bench: &str, arguments: &[String]) -> String {
    let mut text = format!(
        "{SECTION}{bench}`\n\n```sh\ncargo run --release --package cpom-load -- {}\n```\n\nMeasured on {}.\n\n",
        arguments.join(" "),
        report.machine
    );
    text.push_str(&row(&HEADER.map(str::to_owned)));
    text.push_str(&row(&HEADER.map(|_| "---".to_owned())));
    for cells in report.figures.iter().map(Figure::cells) {
        text.push_str(&row(&cells));
    }
    text.push('\n');
    text
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bench_replaces_its_own_section_and_keeps_the_others() {
        let document = "# Performance\n\n## `all`\n\nold\n\n## `rates`\n\nstale\n\n## What stands beside what\n";
        assert_eq!(without(document, "rates"), "## `all`\n\nold\n\n");
        assert_eq!(
            without(document, "proof"),
            "## `all`\n\nold\n\n## `rates`\n\nstale\n\n"
        );
        assert_eq!(without("", "rates"), "");
    }
}
