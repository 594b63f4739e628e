//! Dialogues, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::Error;

use super::{
    projections,
    reading::{self, one},
};
use crate::{
    domain::planning::{Dialogue, DialogueState, Finding, Participant, Session},
    grpc::scalars::parse,
    store::planning::Dated,
};

/// Reads who is invited.
pub(crate) fn read_participants(
    participants: &[pb::Participant],
) -> Result<Vec<Participant>, Error> {
    reading::all(participants, |place, participant| {
        let finess = match participant.finess.as_str() {
            "" => None,
            number => Some(number.parse().map_err(|error| {
                reading::wrong(&format!("participants[{place}]"), ".finess", error)
            })?),
        };
        Ok(Participant {
            finess,
            title: participant.title.clone(),
        })
    })
}

pub(crate) fn write_participants(participants: &[Participant]) -> Vec<pb::Participant> {
    participants
        .iter()
        .map(|participant| pb::Participant {
            finess: participant
                .finess
                .map(|finess| finess.to_string())
                .unwrap_or_default(),
            title: participant.title.clone(),
        })
        .collect()
}

/// Reads a sitting.
pub(crate) fn read_session(session: &pb::DialogueSession) -> Result<Session, Error> {
    let present = session
        .present
        .iter()
        .map(|number| parse("session.present", number))
        .collect::<Result<_, _>>()?;
    Ok(Session {
        date: reading::day("session.date", &session.date)?,
        subject: session.subject.clone(),
        minutes: session.minutes.clone(),
        present,
    })
}

pub(crate) fn write_session(session: &Session) -> pb::DialogueSession {
    pb::DialogueSession {
        date: session.date.to_string(),
        subject: session.subject.clone(),
        minutes: session.minutes.clone(),
        present: session.present.iter().map(ToString::to_string).collect(),
    }
}

/// Reads a finding of the diagnosis.
pub(crate) fn read_finding(finding: &pb::DiagnosisFinding) -> Result<Finding, Error> {
    Ok(Finding {
        statement: finding.statement.clone(),
        evidence: reading::evidence("finding", &finding.evidence).map_err(one)?,
    })
}

pub(crate) fn write_finding(finding: &Finding) -> pb::DiagnosisFinding {
    pb::DiagnosisFinding {
        statement: finding.statement.clone(),
        evidence: reading::write_evidence(&finding.evidence),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::DialogueState) -> Option<&'static str> {
    match state {
        pb::DialogueState::Unspecified => None,
        pb::DialogueState::Open => Some("open"),
        pb::DialogueState::Closed => Some("closed"),
    }
}

/// Writes a dialogue.
pub(crate) fn write(dated: &Dated<Dialogue>) -> pb::TerritoryDialogue {
    let dialogue = &dated.value;
    let (state, conclusion) = match &dialogue.state {
        DialogueState::Open => (pb::DialogueState::Open, String::new()),
        DialogueState::Closed { conclusion } => (pb::DialogueState::Closed, conclusion.clone()),
    };
    let record = &dialogue.record;
    pb::TerritoryDialogue {
        name: dialogue.id.to_string(),
        etag: rpc::etag::of(dialogue.version),
        region: dialogue.region.to_string(),
        territory: dialogue.territory.clone(),
        title: dialogue.title.clone(),
        state: state.into(),
        participants: write_participants(&record.participants),
        sessions: record.sessions.iter().map(write_session).collect(),
        diagnosis: record.diagnosis.iter().map(write_finding).collect(),
        projections: record
            .projections
            .iter()
            .map(projections::write_retained)
            .collect(),
        conclusion,
        create_time: Some(kit::timestamp(dated.created_at)),
        update_time: Some(kit::timestamp(dated.updated_at)),
    }
}
