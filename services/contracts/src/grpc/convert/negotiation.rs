//! Regimes, differences, positions, mandates and tasks.

use std::collections::BTreeSet;

use kernel::HumanActor;
use kit::timestamp;
use proto::{
    contracts::v1 as pb,
    types::v1::{Actor, ActorKind},
};
use rpc::{Error, etag};
use time::OffsetDateTime;

use super::{actor, content};
use crate::{
    domain::{
        LegalRegime, Mandate, Task,
        contract::{Event, Position, Stance},
        diff::{Change, Section, What},
        mandate::Matter,
        regime::RegimeKind,
        task::Kind,
    },
    store::{position::Recorded, regime as rows},
};

pub fn regime_kind(kind: RegimeKind) -> pb::RegimeKind {
    match kind {
        RegimeKind::Hospital => pb::RegimeKind::Hospital,
        RegimeKind::Ehpad => pb::RegimeKind::Ehpad,
        RegimeKind::Disability => pb::RegimeKind::Disability,
        RegimeKind::Optional => pb::RegimeKind::Optional,
    }
}

/// The kind asked for; none when it was left out.
pub fn regime_kind_from(kind: pb::RegimeKind) -> Option<RegimeKind> {
    match kind {
        pb::RegimeKind::Hospital => Some(RegimeKind::Hospital),
        pb::RegimeKind::Ehpad => Some(RegimeKind::Ehpad),
        pb::RegimeKind::Disability => Some(RegimeKind::Disability),
        pb::RegimeKind::Optional => Some(RegimeKind::Optional),
        pb::RegimeKind::Unspecified => None,
    }
}

/// A regime with its axes and its checklist; rows of other regimes are left out.
pub fn regime(
    regime: &LegalRegime,
    axes: &[rows::Axis],
    opinions: &[rows::OpinionTemplate],
) -> pb::LegalRegime {
    let count = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    let rhythm = match regime.mid_term_months {
        Some(_) => pb::EvaluationRhythm::MidTerm,
        None => pb::EvaluationRhythm::Annual,
    };
    let axes = axes.iter().filter(|axis| axis.regime == regime.code);
    let opinions = opinions
        .iter()
        .filter(|opinion| opinion.regime == regime.code);
    pb::LegalRegime {
        name: format!("regimes/{}", regime.code),
        kind: regime_kind(regime.kind).into(),
        title: regime.title.clone(),
        source: regime.source.clone(),
        valid_from: regime.valid_from.to_string(),
        valid_to: regime
            .valid_to
            .map(|day| day.to_string())
            .unwrap_or_default(),
        max_objectives: regime.max_objectives.map(count).unwrap_or_default(),
        max_months: count(regime.max_months),
        mandatory: regime.mandatory,
        evaluation_rhythm: rhythm.into(),
        mid_term_months: regime.mid_term_months.map(count).unwrap_or_default(),
        departmental_councils: regime.departmental_councils,
        renewal_notice_months: regime
            .renewal
            .map(|r| count(r.notice_months))
            .unwrap_or_default(),
        renewal_answer_months: regime
            .renewal
            .map(|r| count(r.answer_months))
            .unwrap_or_default(),
        extension_months: regime
            .extension
            .map(|e| count(e.months))
            .unwrap_or_default(),
        max_extensions: regime.extension.map(|e| count(e.times)).unwrap_or_default(),
        max_total_months: regime
            .extension
            .map(|e| count(e.total_months))
            .unwrap_or_default(),
        extension_notice_months: regime
            .extension
            .map(|e| count(e.notice_months))
            .unwrap_or_default(),
        axes: axes
            .map(|axis| pb::RegimeAxis {
                code: axis.code.clone(),
                title: axis.title.clone(),
            })
            .collect(),
        opinions: opinions
            .map(|opinion| pb::OpinionTemplate {
                sector: opinion.sector.clone(),
                body: opinion.body.clone(),
                nature: opinion.nature.clone(),
                source: opinion.source.clone(),
            })
            .collect(),
    }
}

/// A difference between two texts.
pub fn change(change: &Change) -> pb::TextChange {
    let section = match change.section {
        Section::Frame => pb::TextSection::Frame,
        Section::Perimeter => pb::TextSection::Perimeter,
        Section::Objective => pb::TextSection::Objective,
        Section::Commitment => pb::TextSection::Commitment,
        Section::Funding => pb::TextSection::Funding,
        Section::Clause => pb::TextSection::Clause,
        Section::Annex => pb::TextSection::Annex,
        Section::AssociatedParty => pb::TextSection::AssociatedParty,
    };
    let blank = String::new;
    let (kind, field, before, after) = match change.what.clone() {
        What::Added(after) => (pb::ChangeKind::Added, blank(), blank(), after),
        What::Removed(before) => (pb::ChangeKind::Removed, blank(), before, blank()),
        What::Changed {
            field,
            before,
            after,
        } => (pb::ChangeKind::Changed, field, before, after),
    };
    pb::TextChange {
        section: section.into(),
        kind: kind.into(),
        code: change.code.clone(),
        field,
        before,
        after,
    }
}

pub fn stance(stance: Stance) -> pb::Stance {
    match stance {
        Stance::Accepted => pb::Stance::Accepted,
        Stance::Reserved => pb::Stance::Reserved,
        Stance::Refused => pb::Stance::Refused,
    }
}

pub fn stance_from(stance: pb::Stance) -> Result<Stance, Error> {
    match stance {
        pb::Stance::Accepted => Ok(Stance::Accepted),
        pb::Stance::Reserved => Ok(Stance::Reserved),
        pb::Stance::Refused => Ok(Stance::Refused),
        pb::Stance::Unspecified => Err(Error::invalid("stance", "is required")),
    }
}

pub fn position(recorded: &Recorded) -> pb::Position {
    let Position {
        text_version,
        objective,
        side,
        council,
        stance: taken,
        comment,
    } = recorded.position.clone();
    pb::Position {
        text_version,
        objective,
        side: super::side(side).into(),
        stance: stance(taken).into(),
        comment,
        author: Some(actor(&recorded.author)),
        record_time: Some(timestamp(recorded.at)),
        department: council.map(content::council).unwrap_or_default(),
    }
}

/// The position that an event records; none for other events.
pub fn recorded(event: &Event, author: &HumanActor, at: OffsetDateTime) -> Option<pb::Position> {
    match event {
        Event::PositionRecorded(taken) => Some(position(&Recorded {
            position: taken.clone(),
            author: author.clone(),
            at,
        })),
        _ => None,
    }
}

pub fn mandate(mandate: &Mandate) -> pb::Mandate {
    let terms = &mandate.terms;
    pb::Mandate {
        name: mandate.id.to_string(),
        etag: etag::of(mandate.version),
        region: mandate.region.to_string(),
        party: terms.party.to_string(),
        subject: terms.subject.clone(),
        title: terms.title.clone(),
        act: terms.act.clone(),
        publication_date: terms.publication_date.to_string(),
        valid_from: terms.valid_from.to_string(),
        valid_to: terms
            .valid_to
            .map(|day| day.to_string())
            .unwrap_or_default(),
        author: Some(actor(&mandate.author)),
        create_time: Some(timestamp(mandate.created_at)),
        holder: Some(Actor {
            subject: terms.subject.clone(),
            kind: ActorKind::Human.into(),
            role: String::new(),
        }),
        matters: terms.matters.iter().map(|m| matter(*m).into()).collect(),
        contract: terms.contract.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn matter(matter: Matter) -> pb::MandateMatter {
    match matter {
        Matter::Signature => pb::MandateMatter::Signature,
        Matter::Procedures => pb::MandateMatter::Procedures,
    }
}

/// What a mandate covers; a signature when nothing is said.
pub fn matters_from(matters: impl Iterator<Item = pb::MandateMatter>) -> BTreeSet<Matter> {
    let matters: BTreeSet<Matter> = matters
        .filter_map(|matter| match matter {
            pb::MandateMatter::Signature => Some(Matter::Signature),
            pb::MandateMatter::Procedures => Some(Matter::Procedures),
            pb::MandateMatter::Unspecified => None,
        })
        .collect();
    if matters.is_empty() {
        BTreeSet::from([Matter::Signature])
    } else {
        matters
    }
}

pub fn task_kind(kind: Kind) -> pb::TaskKind {
    match kind {
        Kind::SiteClosed => pb::TaskKind::SiteClosed,
        Kind::SiteTransferred => pb::TaskKind::SiteTransferred,
        Kind::PartyClosed => pb::TaskKind::PartyClosed,
        Kind::TacitRenewal => pb::TaskKind::TacitRenewal,
        Kind::ProgrammingChanged => pb::TaskKind::ProgrammingChanged,
    }
}

pub fn task(task: &Task) -> pb::Task {
    let done = task.done.as_ref();
    pb::Task {
        name: task.id.to_string(),
        etag: etag::of(task.version),
        region: task.region.to_string(),
        contract: task.contract.to_string(),
        kind: task_kind(task.kind).into(),
        subject: task.subject.clone(),
        explanation: task.explanation.clone(),
        raise_time: Some(timestamp(task.raised_at)),
        done: done.is_some(),
        note: done
            .map(|done| done.note.as_str().to_owned())
            .unwrap_or_default(),
        done_by: done.map(|done| actor(&done.by)),
        done_time: done.map(|done| timestamp(done.at)),
    }
}
