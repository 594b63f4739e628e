//! Reads how far a submission got.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::App;
use crate::{domain::SubmissionId, grpc::scalars::parse, store::submission};

/// Establishments see their own submissions, agencies those of their regions.
pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetSubmissionRequest,
) -> Result<pb::Submission, Error> {
    let id: SubmissionId = parse("name", &request.name)?;
    let caller = &call.caller;
    let found = submission::find(app.db.pool(), id).await?.filter(|dated| {
        let submission = &dated.submission;
        let is_own = submission.submitter == caller.actor.subject;
        caller.sees(submission.region) && (is_own || !caller.is_establishment())
    });
    let dated = found.ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let submission = dated.submission;
    Ok(pb::Submission {
        name: submission.id.to_string(),
        region: submission.region.to_string(),
        source: submission.source,
        submitter: submission.submitter,
        last_sequence: submission.last_sequence,
        accepted: submission.accepted,
        rejected: submission.rejected,
        create_time: Some(kit::timestamp(dated.created_at)),
        update_time: Some(kit::timestamp(dated.updated_at)),
    })
}
