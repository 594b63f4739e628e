//! What happens to schemes, credits, cooperations and calls for projects, as the facts that others read. Who acted is the
//! actor of the event, not a part of its data.

use prost::{Message, Name};
use proto::targets::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::offer::{
        Cooperation, Engagement, Envelope, Kept, Life, ProjectCall, Scheme,
        cooperation::{CooperationEvent, Obtained},
        credit::{EngagementEvent, EnvelopeEvent},
        project_call::{Authorisation, CallEvent},
        scheme::SchemeEvent,
    },
    grpc::{
        offer::{cooperations, project_calls, schemes},
        scalars::decimal,
    },
};

/// A thing whose events are told.
pub(crate) trait Told: Life {
    /// Kind of aggregate.
    const KIND: &'static str;

    /// The fact of an event, `after` being the thing once the event is applied.
    fn fact(after: &Kept<Self>, event: &Self::Event) -> Result<Fact, Error>;
}

fn fact<T: Told, M: Message + Name>(after: &Kept<T>, message: &M) -> Result<Fact, Error> {
    let name = after.name();
    Fact::new(T::KIND, &name, after.version, &name, after.region, message)
}

impl Told for Scheme {
    const KIND: &'static str = "scheme";

    fn fact(after: &Kept<Self>, event: &SchemeEvent) -> Result<Fact, Error> {
        match event {
            SchemeEvent::Drafted => fact(
                after,
                &pb::SchemeDrafted {
                    region: after.region.to_string(),
                    content: Some(schemes::write_content(&after.value.content)),
                },
            ),
            SchemeEvent::Replaced(content) => fact(
                after,
                &pb::SchemeReplaced {
                    content: Some(schemes::write_content(content)),
                },
            ),
            SchemeEvent::Adopted(adoption) => fact(
                after,
                &pb::SchemeAdopted {
                    region: after.region.to_string(),
                    scheme_version: after.value.content.scheme_version.clone(),
                    decision: adoption.decision.clone(),
                },
            )
            .map(|fact| fact.because(&adoption.decision)),
        }
    }
}

impl Told for Envelope {
    const KIND: &'static str = "credit_envelope";

    fn fact(after: &Kept<Self>, event: &EnvelopeEvent) -> Result<Fact, Error> {
        match event {
            EnvelopeEvent::Opened => {
                let first = after.value.movements.first();
                let envelope = &after.value;
                fact(
                    after,
                    &pb::CreditEnvelopeOpened {
                        region: after.region.to_string(),
                        year: envelope.year.into(),
                        origin: envelope.origin.clone(),
                        title: envelope.title.clone(),
                        amount: decimal(envelope.credited),
                        decision: first
                            .map(|first| first.decision.clone())
                            .unwrap_or_default(),
                        day: first.map(|first| first.day.to_string()).unwrap_or_default(),
                    },
                )
            }
            EnvelopeEvent::Credited(movement) => fact(
                after,
                &pb::CreditsRecorded {
                    amount: decimal(movement.amount),
                    decision: movement.decision.clone(),
                    day: movement.day.to_string(),
                },
            ),
        }
    }
}

impl Told for Engagement {
    const KIND: &'static str = "credit_engagement";

    fn fact(after: &Kept<Self>, event: &EngagementEvent) -> Result<Fact, Error> {
        let engagement = &after.value;
        match event {
            EngagementEvent::Engaged => fact(
                after,
                &pb::CreditsEngaged {
                    region: after.region.to_string(),
                    envelope: engagement.envelope.clone(),
                    amount: decimal(engagement.amount),
                    purpose: engagement.purpose.clone(),
                    finess: engagement
                        .finess
                        .map(|number| number.to_string())
                        .unwrap_or_default(),
                    decision: engagement.decision.clone(),
                    day: engagement.day.to_string(),
                },
            ),
            EngagementEvent::Released(release) => fact(
                after,
                &pb::CreditsReleased {
                    amount: decimal(release.amount),
                    reasons: release.reasons.clone(),
                    day: release.day.to_string(),
                },
            )
            .map(|fact| fact.because(&release.reasons)),
        }
    }
}

impl Told for Cooperation {
    const KIND: &'static str = "cooperation";

    fn fact(after: &Kept<Self>, event: &CooperationEvent) -> Result<Fact, Error> {
        match event {
            CooperationEvent::Registered => fact(
                after,
                &pb::CooperationRegistered {
                    region: after.region.to_string(),
                    content: Some(cooperations::write_content(&after.value.content)),
                },
            ),
            CooperationEvent::Revised(content) => fact(
                after,
                &pb::CooperationRevised {
                    content: Some(cooperations::write_content(content)),
                },
            ),
            CooperationEvent::Saved(obtained) => {
                let without_recorder = Obtained {
                    by: String::new(),
                    ..obtained.clone()
                };
                fact(
                    after,
                    &pb::SavingsRecorded {
                        saving: Some(cooperations::write_obtained(&without_recorder)),
                    },
                )
            }
            CooperationEvent::Ended(ending) => fact(
                after,
                &pb::CooperationEnded {
                    end_date: ending.day.to_string(),
                    reasons: ending.reasons.clone(),
                },
            )
            .map(|fact| fact.because(&ending.reasons)),
        }
    }
}

impl Told for ProjectCall {
    const KIND: &'static str = "project_call";

    fn fact(after: &Kept<Self>, event: &CallEvent) -> Result<Fact, Error> {
        match event {
            CallEvent::Opened => fact(
                after,
                &pb::ProjectCallOpened {
                    region: after.region.to_string(),
                    need: Some(project_calls::write_need(&after.value.need)),
                },
            )
            .map(|fact| fact.because(&after.value.need.rationale)),
            CallEvent::Scheduled(calendar) => fact(
                after,
                &pb::ProjectCallScheduled {
                    calendar: Some(project_calls::write_calendar(calendar)),
                },
            ),
            CallEvent::Published(specification) => fact(
                after,
                &pb::ProjectCallPublished {
                    specification: Some(project_calls::write_specification(specification)),
                },
            ),
            CallEvent::CandidateRegistered(candidate) => fact(
                after,
                &pb::CandidateRegistered {
                    candidate: Some(project_calls::write_candidate(candidate)),
                },
            ),
            CallEvent::OpinionRecorded(opinion) => fact(
                after,
                &pb::CommissionOpinionRecorded {
                    opinion: Some(project_calls::write_opinion(opinion)),
                },
            ),
            CallEvent::Authorised(authorisation) => {
                let without_author = Authorisation {
                    by: String::new(),
                    ..authorisation.clone()
                };
                let told = fact(
                    after,
                    &pb::CandidateAuthorised {
                        authorisation: Some(project_calls::write_authorisation(&without_author)),
                    },
                )?;
                Ok(match authorisation.reasons.as_str() {
                    "" => told,
                    reasons => told.because(reasons),
                })
            }
            CallEvent::Dropped { reasons, .. } => fact(
                after,
                &pb::ProjectCallDropped {
                    reasons: reasons.clone(),
                },
            )
            .map(|fact| fact.because(reasons)),
            CallEvent::Linked {
                recording,
                amendment,
            } => fact(
                after,
                &pb::ProjectCallLinked {
                    capacity_recording: recording.clone().unwrap_or_default(),
                    amendment: amendment.clone().unwrap_or_default(),
                },
            ),
        }
    }
}
