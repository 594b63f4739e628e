//! What happens to frameworks, dialogues and inflections, as the facts that others read.

use prost::{Message, Name};
use proto::targets::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::planning::{
        Dialogue, Inflection, Position, RegionalFramework, dialogue::DialogueEvent,
        framework::FrameworkEvent, inflection::InflectionEvent,
    },
    grpc::planning::{dialogues, frameworks, inflections, projections},
};

/// The fact of an event, `after` being the framework once the event is applied.
pub(crate) fn framework(after: &RegionalFramework, event: &FrameworkEvent) -> Result<Fact, Error> {
    fn fact<M: Message + Name>(after: &RegionalFramework, message: &M) -> Result<Fact, Error> {
        Fact::new(
            "framework",
            after.id,
            after.version,
            after.id,
            after.region,
            message,
        )
    }
    match event {
        FrameworkEvent::Drafted => fact(
            after,
            &pb::FrameworkDrafted {
                region: after.region.to_string(),
                revision: after.revision,
                effect_date: after.term.effect_date.to_string(),
                end_date: after.term.end_date.to_string(),
                lines: frameworks::write_lines(&after.lines),
                note: after.note.clone(),
            },
        ),
        FrameworkEvent::LinesReplaced { lines, note } => fact(
            after,
            &pb::FrameworkLinesReplaced {
                lines: frameworks::write_lines(lines),
                note: note.clone(),
            },
        ),
        FrameworkEvent::AgreedBySide(side) => fact(
            after,
            &pb::FrameworkAgreedBySide {
                side: frameworks::write_side(*side).into(),
            },
        ),
        FrameworkEvent::Agreed => fact(
            after,
            &pb::FrameworkAgreed {
                region: after.region.to_string(),
                revision: after.revision,
            },
        ),
    }
}

/// The fact of an event, `after` being the dialogue once the event is applied.
pub(crate) fn dialogue(after: &Dialogue, event: &DialogueEvent) -> Result<Fact, Error> {
    fn fact<M: Message + Name>(after: &Dialogue, message: &M) -> Result<Fact, Error> {
        Fact::new(
            "dialogue",
            after.id,
            after.version,
            after.id,
            after.region,
            message,
        )
    }
    match event {
        DialogueEvent::Opened => fact(
            after,
            &pb::DialogueOpened {
                region: after.region.to_string(),
                territory: after.territory.clone(),
                title: after.title.clone(),
                participants: dialogues::write_participants(&after.record.participants),
            },
        ),
        DialogueEvent::Invited(participants) => fact(
            after,
            &pb::ParticipantsInvited {
                participants: dialogues::write_participants(participants),
            },
        ),
        DialogueEvent::SessionRecorded(session) => fact(
            after,
            &pb::SessionRecorded {
                session: Some(dialogues::write_session(session)),
            },
        ),
        DialogueEvent::DiagnosisRecorded(finding) => fact(
            after,
            &pb::DiagnosisRecorded {
                finding: Some(dialogues::write_finding(finding)),
            },
        ),
        DialogueEvent::ProjectionRetained(retained) => fact(
            after,
            &pb::ProjectionRetained {
                input: Some(projections::write_input(&retained.input)),
                result: Some(projections::write(
                    &retained.input.parameters,
                    &retained.result,
                )),
                reasons: retained.reasons.clone(),
            },
        )
        .map(|fact| fact.because(&retained.reasons)),
        DialogueEvent::Closed { conclusion } => fact(
            after,
            &pb::DialogueClosed {
                conclusion: conclusion.clone(),
            },
        )
        .map(|fact| fact.because(conclusion)),
    }
}

/// The fact of an event, `after` being the inflection once the event is applied. An auditor finds it under its
/// dialogue.
pub(crate) fn inflection(after: &Inflection, event: &InflectionEvent) -> Result<Fact, Error> {
    fn fact<M: Message + Name>(after: &Inflection, message: &M) -> Result<Fact, Error> {
        Fact::new(
            "inflection",
            after.id,
            after.version,
            after.dialogue,
            after.region,
            message,
        )
    }
    match event {
        InflectionEvent::Proposed => fact(
            after,
            &pb::InflectionProposed {
                region: after.region.to_string(),
                dialogue: after.dialogue.to_string(),
                territory: after.territory.clone(),
                proposal: Some(inflections::write_proposal(&after.proposal)),
            },
        )
        .map(|fact| fact.because(&after.proposal.rationale)),
        InflectionEvent::PositionRecorded(position) => fact(
            after,
            &pb::PositionRecorded {
                position: Some(without_recorder(position)),
            },
        ),
        InflectionEvent::Agreed { .. } => fact(
            after,
            &pb::InflectionAgreed {
                proposal: Some(inflections::write_proposal(&after.proposal)),
                dissent: after.dissent().map(without_recorder).collect(),
            },
        ),
        InflectionEvent::Dropped { reasons, .. } => fact(
            after,
            &pb::InflectionDropped {
                reasons: reasons.clone(),
            },
        )
        .map(|fact| fact.because(reasons)),
    }
}

/// A position as events tell it: who recorded it is the actor of the event, not a part of its data.
fn without_recorder(position: &Position) -> pb::Position {
    pb::Position {
        recorded_by: String::new(),
        ..inflections::write_position(position)
    }
}
