//! Programmes, missions and what they record.

use kit::timestamp;
use proto::{controls::v1 as pb, types::v1 as types};
use rpc::{Error, etag};

use super::{actor, hexadecimal, severity};
use crate::{
    domain::{
        Mission,
        mission::{Evidence, Kind, Letter, Note, State},
    },
    store::{
        mission_record::{By, Remarked},
        programme::Programme,
    },
};

pub fn programme(programme: &Programme) -> pb::Programme {
    pb::Programme {
        name: programme.id.to_string(),
        region: programme.region.clone(),
        year: programme.year,
        title: programme.title.clone(),
        priorities: programme.priorities.clone(),
        author: Some(actor(&programme.author)),
        create_time: Some(timestamp(programme.created_at)),
    }
}

pub fn kind(kind: pb::MissionKind) -> Result<Kind, Error> {
    match kind {
        pb::MissionKind::Documents => Ok(Kind::Documents),
        pb::MissionKind::OnSite => Ok(Kind::OnSite),
        pb::MissionKind::Unspecified => Err(Error::invalid("kind", "is required")),
    }
}

pub fn letter(letter: Option<&pb::MissionLetter>) -> Result<Letter, Error> {
    let letter = letter.ok_or_else(|| Error::invalid("letter", "is required"))?;
    Ok(Letter {
        reference: letter.reference.clone(),
        date: super::date("letter.date", &letter.date)?,
        signatory: letter.signatory.clone(),
    })
}

/// A mission without what it recorded.
pub fn listed(mission: &Mission) -> pb::Mission {
    let (state, conclusions, cancellation_reasons, ended_at) = match &mission.state {
        State::Open => (pb::MissionState::Open, "", "", None),
        State::Reported { conclusions, at } => (
            pb::MissionState::Reported,
            conclusions.as_str(),
            "",
            Some(*at),
        ),
        State::Cancelled { reasons, at } => {
            (pb::MissionState::Cancelled, "", reasons.as_str(), Some(*at))
        }
    };
    let kind = match mission.kind {
        Kind::Documents => pb::MissionKind::Documents,
        Kind::OnSite => pb::MissionKind::OnSite,
    };
    pb::Mission {
        name: mission.id.to_string(),
        etag: etag::of(mission.version),
        region: mission.region.to_string(),
        contract: mission.contract.to_string(),
        campaign: mission.campaign.to_string(),
        control: mission.control.to_string(),
        programme: mission
            .programme
            .map(|id| id.to_string())
            .unwrap_or_default(),
        kind: kind.into(),
        state: state.into(),
        letter: Some(pb::MissionLetter {
            reference: mission.letter.reference.clone(),
            date: mission.letter.date.to_string(),
            signatory: mission.letter.signatory.clone(),
        }),
        team: mission.team.clone(),
        start_date: mission.days.0.to_string(),
        end_date: mission.days.1.to_string(),
        evidence: Vec::new(),
        remarks: Vec::new(),
        conclusions: conclusions.to_owned(),
        cancellation_reasons: cancellation_reasons.to_owned(),
        create_time: Some(timestamp(mission.created_at)),
        end_time: ended_at.map(timestamp),
        allowed_actions: Vec::new(),
    }
}

/// A mission with what it recorded.
pub fn message(mission: &Mission, files: &[By<Evidence>], remarks: &[Remarked]) -> pb::Mission {
    pb::Mission {
        evidence: files.iter().map(evidence).collect(),
        remarks: remarks.iter().map(remark).collect(),
        ..listed(mission)
    }
}

pub fn evidence(recorded: &By<Evidence>) -> pb::Evidence {
    let evidence = &recorded.record;
    pb::Evidence {
        name: evidence.id.to_string(),
        mission: recorded.mission.to_string(),
        title: evidence.title.clone(),
        file_name: evidence.file_name.clone(),
        media_type: evidence.media_type.clone(),
        size_bytes: evidence.size_bytes.cast_signed(),
        sha256: hexadecimal(&evidence.sha256),
        author: Some(actor(&recorded.author)),
        create_time: Some(timestamp(recorded.at)),
    }
}

pub fn remark((recorded, finding): &Remarked) -> pb::Remark {
    let remark = &recorded.record;
    let (kind, severity) = match &remark.note {
        Note::Remark => (pb::RemarkKind::Remark, types::Severity::Unspecified),
        Note::Deviation { severity: s, .. } => (pb::RemarkKind::Deviation, severity(*s)),
    };
    pb::Remark {
        name: remark.id.to_string(),
        mission: recorded.mission.to_string(),
        kind: kind.into(),
        text: remark.text.as_str().to_owned(),
        legal_basis: remark.note.legal_basis().to_owned(),
        severity: severity.into(),
        objective: remark.objective.clone(),
        opposable: remark.opposable,
        evidence: remark.evidence.iter().map(ToString::to_string).collect(),
        author: Some(actor(&recorded.author)),
        create_time: Some(timestamp(recorded.at)),
        finding: finding.map(|id| id.to_string()).unwrap_or_default(),
    }
}
