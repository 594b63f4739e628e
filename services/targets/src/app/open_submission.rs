//! Opens a submission, or goes on with one after a broken connection.

use kernel::Region;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::By;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{Submission, SubmissionId},
    events::published,
    grpc::scalars::parse,
    store::submission,
};

/// The right to write to a submission. Opening the submission again takes it away, so a connection that is
/// half dead cannot write beside the one that replaced it.
#[derive(Debug, Clone)]
pub(crate) struct Pen {
    pub(crate) submission: SubmissionId,
    pub(crate) region: Region,
    pub(crate) writer: Uuid,
    /// The last durable batch when the pen was taken.
    pub(crate) last_sequence: i64,
}

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::OpenSubmission,
) -> Result<Pen, Error> {
    call.validate(request)?;
    let region: Region = parse("open.region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let own = call.caller.is_establishment().then(|| call.caller.finess());
    let opened = Submission {
        id: SubmissionId(parse("open.submission_id", &request.submission_id)?),
        region,
        source: request.source.clone(),
        submitter: call.caller.actor.subject.clone(),
        establishments: own.map(<[_]>::to_vec).unwrap_or_default(),
        last_sequence: 0,
        accepted: 0,
        rejected: 0,
        rejected_kept: 0,
    };
    let writer = kernel::new_id();
    let mut unit = app.db.unit(by(call)).await?;
    let is_new = submission::insert(unit.connection(), &opened, writer, call.at).await?;
    let submission = if is_new {
        unit.append(vec![published::submission_opened(&opened)?])
            .await?;
        opened
    } else {
        // Waits for the batch that the connection before may still be writing.
        let known = submission::lock(unit.connection(), opened.id)
            .await?
            .ok_or_else(|| Error::NotFound(opened.id.to_string()))?;
        known.resume(&opened.submitter, region)?;
        submission::take_pen(unit.connection(), known.id, writer).await?;
        known
    };
    unit.done().await?;
    let last_sequence = submission.last_sequence;
    Ok(Pen {
        submission: submission.id,
        region,
        writer,
        last_sequence,
    })
}

/// A stream acts without a `request_id`: the submission and the sequence of each batch say what was done.
pub(crate) fn by(call: &Call) -> By {
    By {
        actor: call.caller.actor.clone(),
        request_id: None,
        traceparent: telemetry::current_traceparent(),
        at: call.at,
    }
}
