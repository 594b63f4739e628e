//! Makes checked batches durable: rows, progress and one event each, in one transaction for all that wait.

use rpc::{Call, Error};

use super::{
    App,
    open_submission::{Pen, by},
    validate_batch::Checked,
};
use crate::{
    domain::{Refusal, Rejection},
    events::published::{self, BatchReceived},
    store::{
        indicator_value::{self, Values},
        rejected_value,
        submission::{self, Advance},
    },
};

/// Stores batches that follow each other. When this returns, they are durable.
///
/// # Errors
/// [`Refusal::SubmissionTakenOver`] when another connection holds the pen: then nothing is stored.
pub(crate) async fn run(
    app: &App,
    call: &Call,
    pen: &Pen,
    batches: &[&Checked],
) -> Result<(), Error> {
    let (Some(first), Some(last)) = (batches.first(), batches.last()) else {
        return Ok(());
    };
    let mut origin = by(call);
    origin.at = app.db.clock().now();
    let mut unit = app.db.unit(origin).await?;
    let kept: Vec<&Rejection> = batches.iter().flat_map(|batch| &batch.kept).collect();
    let advance = Advance {
        first_sequence: first.sequence,
        last_sequence: last.sequence,
        accepted: batches
            .iter()
            .map(|batch| count(batch.accepted.len()))
            .sum(),
        rejected: batches
            .iter()
            .map(|batch| count(batch.rejected.len()))
            .sum(),
        rejected_kept: count(kept.len()),
    };
    let now = unit.at();
    let holds_pen =
        submission::advance(unit.connection(), pen.submission, pen.writer, &advance, now).await?;
    if !holds_pen {
        return Err(Refusal::SubmissionTakenOver.into());
    }
    if !kept.is_empty() {
        rejected_value::insert(unit.connection(), pen.submission, &kept).await?;
    }
    let values: Vec<Values<'_>> = batches
        .iter()
        .map(|batch| Values {
            sequence: batch.sequence,
            rows: &batch.accepted,
        })
        .collect();
    indicator_value::announce_writer(unit.connection()).await?;
    let received_at = app.db.clock().now();
    indicator_value::copy_in(
        unit.connection(),
        &app.catalogue,
        pen.submission,
        received_at,
        &values,
    )
    .await?;
    let facts = batches.iter().map(|batch| {
        published::batch_received(&BatchReceived {
            submission: pen.submission,
            region: pen.region,
            sequence: batch.sequence,
            accepted: count(batch.accepted.len()),
            rejected: count(batch.rejected.len()),
            sha256: batch.sha256,
        })
    });
    unit.append(facts.collect::<Result<_, _>>()?).await?;
    unit.done().await?;
    Ok(())
}

pub(crate) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
