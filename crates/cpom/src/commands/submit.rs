//! `cpom submit`.

use anyhow::{Context as _, Result};
use proto::targets::v1::{GetSubmissionRequest, OpenSubmission};
use serde_json::json;
use tokio::sync::mpsc;

use super::Context;
use crate::{
    call,
    cli::SubmitArgs,
    client::Suite,
    failure::Exit,
    output::{Table, french},
    progress::{self, Count},
    request_id,
    stack::Service,
    submission::{
        Rejections,
        file::{self, Format},
        stream,
    },
    text, token,
};

/// Batches read ahead of the sending.
const READ_AHEAD: usize = 2;

pub(super) async fn run(context: &Context, args: &SubmitArgs) -> Result<Exit> {
    let format = args.format.map_or_else(|| Format::of(&args.file), Ok)?;
    let path = args.file.clone();
    let survey = tokio::task::spawn_blocking(move || text::survey(&path)).await??;
    let token = context.token("establishment_system").await?;
    let session = Suite::connect(&context.stack, &[Service::Targets])
        .await?
        .session(&token)?;

    let batch = usize::from(args.batch);
    let id = args.submission_id.unwrap_or_else(|| {
        let submitter = token::subject(&token).unwrap_or_default();
        let parts = [
            &survey.sha256,
            args.region.code(),
            &batch.to_string(),
            &submitter,
        ];
        request_id::derived(&parts)
    });
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let open = OpenSubmission {
        submission_id: id.to_string(),
        region: args.region.code().to_owned(),
        source: format!("{} (cpom {})", name, env!("CARGO_PKG_VERSION"))
            .chars()
            .take(300)
            .collect(),
    };

    let (batches, source) = mpsc::channel(READ_AHEAD);
    let path = args.file.clone();
    let reader = tokio::task::spawn_blocking(move || {
        file::read(&path, format, survey.encoding, batch, &batches)
    });
    let bar = progress::bar("submit", survey.lines, Count::Things);
    let sent = stream::send(session.indicators(), open, source, &bar).await;
    bar.finish_and_clear();
    let sent =
        sent.with_context(|| format!("submission {id} stopped; the same command resumes it"))?;
    let unreadable = reader.await??;

    let request = GetSubmissionRequest {
        name: format!("submissions/{id}"),
    };
    let submission = call!(session.indicators(), get_submission, request).await?;
    let rejections = sent.rejections.and(unreadable);
    let value = json!({
        "submission": submission.name,
        "lines": survey.lines,
        "acceptedNow": sent.accepted,
        "alreadyReceived": sent.already_received,
        "acceptedInAll": submission.accepted,
        "rejected": rejections.count,
        "rejectedRows": rejections.first,
        "reconnections": sent.reconnections,
    });
    context.output.print(&value, || {
        let mut text = format!(
            "{}: {} values accepted now, {} received by an earlier run, {} rejected\n",
            submission.name,
            french(sent.accepted.cast_signed()),
            french(sent.already_received.cast_signed()),
            french(rejections.count.cast_signed()),
        );
        text.push_str(&describe(&rejections));
        text
    })?;
    Ok(if rejections.count == 0 {
        Exit::Success
    } else {
        Exit::PartlyRejected
    })
}

fn describe(rejections: &Rejections) -> String {
    if rejections.first.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["line", "field", "reason", "what to do"]);
    for row in &rejections.first {
        table.row([
            row.line.to_string(),
            row.field.clone(),
            row.reason.clone(),
            row.explanation.clone(),
        ]);
    }
    format!("\n{table}")
}
