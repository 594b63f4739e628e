//! `cpom import`.

use std::fmt::Write;

use anyhow::{Context as _, Result};
use proto::establishments::v1::{ImportHeader, ImportReport, RegistryFormat, Tally};

use super::Context;
use crate::{
    cli::ImportArgs,
    failure::Exit,
    output::{Table, french},
    progress::{self, Count},
    request_id,
    stack::Service,
    upload,
};

pub(super) async fn run(context: &Context, args: &ImportArgs) -> Result<Exit> {
    let file = tokio::fs::read(&args.file)
        .await
        .with_context(|| format!("could not read {}", args.file.display()))?;
    let session = context
        .session(&[Service::Establishments], "registry_administrator")
        .await?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let header = ImportHeader {
        format: RegistryFormat::from(args.format).into(),
        region: args.region.code().to_owned(),
        file_name: name.chars().take(200).collect(),
        dry_run: args.dry_run,
        complete: args.complete,
        request_id: request_id::fresh(),
    };
    let bar = progress::bar("import", file.len() as u64, Count::Bytes);
    let report = upload::import(session.establishments(), header, &file, &bar).await;
    bar.finish_and_clear();
    let report = report?;
    context.output.message(&report, || describe(&report))?;
    Ok(if report.rejected == 0 {
        Exit::Success
    } else {
        Exit::PartlyRejected
    })
}

fn describe(report: &ImportReport) -> String {
    let mut counts = Table::new(&["", "created", "changed", "unchanged", "closed"]);
    let mut row = |label: &str, tally: Option<&Tally>| {
        let tally = tally.copied().unwrap_or_default();
        let numbers = [tally.created, tally.changed, tally.unchanged, tally.closed].map(french);
        counts.row([label.to_owned()].into_iter().chain(numbers));
    };
    row("legal entities", report.legal_entities.as_ref());
    row("establishments", report.establishments.as_ref());
    let mut text = format!(
        "{}{}: {} lines, {}, {} of other regions skipped, {} rejected, {} taken with reserve\n\n{counts}",
        if report.dry_run {
            "DRY RUN, nothing was changed. "
        } else {
            ""
        },
        report.file_name,
        french(report.lines),
        report.encoding,
        french(report.skipped),
        french(report.rejected),
        french(report.warned),
    );
    let headings = ["line", "field", "reason", "value", "what to do"];
    if !report.rejected_lines.is_empty() {
        let mut rejected = Table::new(&headings);
        for line in &report.rejected_lines {
            let texts = [&line.field, &line.reason, &line.value, &line.explanation];
            rejected.row(
                [line.line.to_string()]
                    .into_iter()
                    .chain(texts.map(Clone::clone)),
            );
        }
        let _ = write!(text, "\nLeft out:\n{rejected}");
    }
    if !report.line_warnings.is_empty() {
        let mut warned = Table::new(&headings);
        for line in &report.line_warnings {
            let texts = [&line.field, &line.reason, &line.value, &line.explanation];
            warned.row(
                [line.line.to_string()]
                    .into_iter()
                    .chain(texts.map(Clone::clone)),
            );
        }
        let _ = write!(text, "\nTaken with reserve:\n{warned}");
    }
    text
}
