//! Reads how far submissions got, and what they left out.

use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};

use super::App;
use crate::{
    domain::{Submission, SubmissionId},
    grpc::{indicators, scalars::parse},
    store::{
        rejected_value,
        submission::{self, Dated, Filter},
    },
};

/// One submission.
pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetSubmissionRequest,
) -> Result<pb::Submission, Error> {
    Ok(reply(visible(app, call, &request.name).await?))
}

/// A page of submissions, the latest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListSubmissionsRequest,
) -> Result<pb::ListSubmissionsResponse, Error> {
    let page = Page::read(request.page_size, &request.page_token, &[])?;
    let caller = &call.caller;
    let filter = Filter {
        regions: caller.regions(),
        own: caller
            .is_establishment()
            .then(|| (caller.actor.subject.as_str(), caller.finess())),
        after: page.dated()?,
    };
    let mut submissions = submission::list(app.db.pool(), &filter, page.limit()).await?;
    let next_page_token = page.next(&mut submissions, |dated| {
        rpc::dated_key(dated.created_at, dated.submission.id.0)
    });
    Ok(pb::ListSubmissionsResponse {
        submissions: submissions.into_iter().map(reply).collect(),
        next_page_token,
    })
}

/// A page of what a submission left out, in the order in which it was sent.
pub(crate) async fn rejected(
    app: &App,
    call: &Call,
    request: &pb::ListRejectedValuesRequest,
) -> Result<pb::ListRejectedValuesResponse, Error> {
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.submission],
    )?;
    let found = visible(app, call, &request.submission).await?;
    let after = match page.key(0)? {
        Some(sequence) => Some((sequence, page.key(1)?.ok_or_else(damaged)?)),
        None => None,
    };
    let id = found.submission.id;
    let mut values = rejected_value::list(app.db.pool(), id, after, page.limit()).await?;
    let next_page_token = page.next(&mut values, |rejection| {
        vec![
            rejection.sequence.to_string(),
            rejection.position.to_string(),
        ]
    });
    Ok(pb::ListRejectedValuesResponse {
        values: values.into_iter().map(indicators::write_kept).collect(),
        next_page_token,
    })
}

async fn visible(app: &App, call: &Call, name: &str) -> Result<Dated, Error> {
    let id: SubmissionId = parse("name", name)?;
    submission::find(app.db.pool(), id)
        .await?
        .filter(|dated| sees(call, &dated.submission))
        .ok_or_else(|| Error::NotFound(name.to_owned()))
}

/// Establishments see their own submissions, whoever of them opened them; agencies those of their regions. The list
/// restricts itself in the same way.
fn sees(call: &Call, submission: &Submission) -> bool {
    let caller = &call.caller;
    let own = &submission.establishments;
    let is_own = submission.submitter == caller.actor.subject
        || (!own.is_empty() && own.iter().all(|finess| caller.represents(finess)));
    caller.sees(submission.region) && (is_own || !caller.is_establishment())
}

fn reply(dated: Dated) -> pb::Submission {
    let submission = dated.submission;
    pb::Submission {
        name: submission.id.to_string(),
        region: submission.region.to_string(),
        source: submission.source,
        submitter: submission.submitter,
        last_sequence: submission.last_sequence,
        accepted: submission.accepted,
        rejected: submission.rejected,
        create_time: Some(kit::timestamp(dated.created_at)),
        update_time: Some(kit::timestamp(dated.updated_at)),
        rejected_kept: submission.rejected_kept,
        establishments: submission
            .establishments
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}

fn damaged() -> Error {
    Error::invalid("page_token", "is not a token of this method")
}
