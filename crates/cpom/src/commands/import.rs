//! `cpom import`.

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
    let content = tokio::fs::read(&args.file)
        .await
        .with_context(|| format!("could not read {}", args.file.display()))?;
    let session = context.session(&[Service::Establishments], "registry_administrator").await?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let header = ImportHeader {
        format: RegistryFormat::from(args.format).into(),
        region: args.region.code().to_owned(),
        file_name: name.chars().take(200).collect(),
        dry_run: args.dry_run,
        complete: args.complete,
        request_id: request_id::fresh(),
    };
    let bar = progress::bar("import", content.len() as u64, Count::Bytes);
    let report = upload::import(session.establishments(), header, &content, &bar).await;
    bar.finish_and_clear();
    let report = report?;
    context.output.message(&report, || describe(&report))?;
    Ok(if report.rejected == 0 { Exit::Success } else { Exit::PartlyRejected })
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
        "{}{}: {} lines, {}, {} of other regions skipped, {} rejected\n\n{counts}",
        if report.dry_run { "DRY RUN, nothing was changed. " } else { "" },
        report.file_name,
        french(report.lines),
        report.encoding,
        french(report.skipped),
        french(report.rejected),
    );
    if !report.rejected_lines.is_empty() {
        let mut lines = Table::new(&["line", "field", "reason", "value", "what to do"]);
        for line in &report.rejected_lines {
            lines.row([
                line.line.to_string(),
                line.field.clone(),
                line.reason.clone(),
                line.value.clone(),
                line.explanation.clone(),
            ]);
        }
        text.push('\n');
        text.push_str(&lines.to_string());
    }
    text
}
