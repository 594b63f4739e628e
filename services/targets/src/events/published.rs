//! Domain events as the facts that others read.

use kernel::Region;
use proto::targets::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::{Event, Submission, SubmissionId, TargetSet},
    grpc::objectives,
};

const TARGET_SET: &str = "target_set";
const SUBMISSION: &str = "submission";

/// The fact of an event, `after` being the set once the event is applied.
pub(crate) fn target_set(after: &TargetSet, event: &Event) -> Result<Fact, Error> {
    let region = after.region.to_string();
    let contract = after.contract.to_string();
    match event {
        Event::Drafted { objectives, note } => fact(
            after,
            &pb::TargetSetDrafted {
                region,
                contract,
                objectives: objectives::write_all(objectives),
                note: note.clone(),
                amendment: objectives::write_amendment(after.carrier),
                sequence: after.carrier.sequence,
            },
        ),
        Event::ObjectivesReplaced { objectives, note } => fact(
            after,
            &pb::ObjectivesReplaced {
                objectives: objectives::write_all(objectives),
                note: note.clone(),
            },
        ),
        Event::AgreedBySide(side) => fact(
            after,
            &pb::TargetSetAgreedBySide {
                side: objectives::write_side(*side).into(),
            },
        ),
        Event::Agreed => fact(after, &pb::TargetSetAgreed { contract }),
        Event::TookEffect(term) => fact(
            after,
            &pb::TargetSetInEffect {
                region,
                contract,
                effect_date: term.effect_date.to_string(),
                end_date: term.end_date.to_string(),
                objectives: objectives::write_all(&after.objectives),
                amendment: objectives::write_amendment(after.carrier),
                sequence: after.carrier.sequence,
            },
        ),
        Event::Ended | Event::EndedOn(_) => {
            let (_, last_day) = objectives::write_term(after.state);
            fact(after, &pb::TargetSetEnded { contract, last_day })
        }
    }
}

fn fact<M: prost::Message + prost::Name>(after: &TargetSet, message: &M) -> Result<Fact, Error> {
    Fact::new(
        TARGET_SET,
        after.id,
        after.version,
        after.contract,
        after.region,
        message,
    )
}

/// A submission was opened: the first event of its history.
pub(crate) fn submission_opened(submission: &Submission) -> Result<Fact, Error> {
    let message = pb::SubmissionOpenedEvent {
        region: submission.region.to_string(),
        source: submission.source.clone(),
    };
    Fact::new(
        SUBMISSION,
        submission.id,
        1,
        submission.id,
        submission.region,
        &message,
    )
}

/// A batch became durable. Batch `n` is event `n + 1` of its submission.
pub(crate) struct BatchReceived {
    pub(crate) submission: SubmissionId,
    pub(crate) region: Region,
    pub(crate) sequence: i64,
    pub(crate) accepted: i64,
    pub(crate) rejected: i64,
    pub(crate) sha256: [u8; 32],
}

/// The fact of a batch.
pub(crate) fn batch_received(batch: &BatchReceived) -> Result<Fact, Error> {
    let message = pb::IndicatorsReceived {
        region: batch.region.to_string(),
        sequence: batch.sequence,
        accepted: batch.accepted,
        rejected: batch.rejected,
        batch_sha256: hex::encode(batch.sha256),
    };
    let version = batch.sequence + 1;
    Fact::new(
        SUBMISSION,
        batch.submission,
        version,
        batch.submission,
        batch.region,
        &message,
    )
}
