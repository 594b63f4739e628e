//! Programming.

use std::collections::BTreeSet;

use kernel::{Department, Finess};
use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, Violation, etag};

use super::{actor, negotiation::regime_kind};
use crate::{
    domain::{
        Programming,
        programming::{Approval, Fit, Line, State},
    },
    store::programming::Programmed,
};

/// A decision; `in_force` says whether it is the one that counts today.
pub fn programming(programming: &Programming, in_force: bool) -> pb::Programming {
    let Programming {
        series, horizon, ..
    } = programming;
    let state = match &programming.state {
        State::Draft { .. } => pb::ProgrammingState::Draft,
        State::Published { .. } => pb::ProgrammingState::Published,
        State::Discarded { .. } => pb::ProgrammingState::Discarded,
    };
    let publication = programming.state.publication();
    let discard_reasons = match &programming.state {
        State::Discarded { reasons } => reasons.as_str().to_owned(),
        State::Draft { .. } | State::Published { .. } => String::new(),
    };
    let authorities = series.authorities();
    pb::Programming {
        name: programming.id.to_string(),
        etag: etag::of(programming.version),
        region: series.region.to_string(),
        regime_kind: regime_kind(series.kind).into(),
        councils: super::content::councils(&series.councils),
        number: programming.number,
        first_year: horizon.first_year,
        last_year: horizon.last_year,
        publication_due_date: horizon.due_date.to_string(),
        lines: programming.lines.as_slice().iter().map(line).collect(),
        comment: programming.comment.clone(),
        state: state.into(),
        required_approvals: authorities.iter().map(ToString::to_string).collect(),
        approvals: programming.state.approvals().iter().map(approval).collect(),
        act: publication.map(|p| p.act.clone()).unwrap_or_default(),
        publication_date: publication.map(|p| p.date.to_string()).unwrap_or_default(),
        late: programming.is_late(),
        discard_reasons,
        in_force,
        create_time: Some(timestamp(programming.created_at)),
        update_time: Some(timestamp(programming.updated_at)),
    }
}

pub fn line(line: &Line) -> pb::ProgrammingLine {
    let site = |site: &Finess| format!("establishments/{site}");
    pb::ProgrammingLine {
        legal_entity: format!("legalEntities/{}", line.legal_entity),
        establishments: line.establishments.iter().map(site).collect(),
        planned_year: line.planned_year,
        note: line.note.clone(),
    }
}

pub fn approval(approval: &Approval) -> pb::ProgrammingApproval {
    pb::ProgrammingApproval {
        authority: approval.authority.to_string(),
        author: Some(actor(&approval.by)),
        title: approval.title.clone(),
        mandate: approval
            .mandate
            .map(|id| id.to_string())
            .unwrap_or_default(),
        approve_time: Some(timestamp(approval.at)),
    }
}

/// The lines of a request, or everything that is not a FINESS number in them.
pub fn lines_from(lines: &[pb::ProgrammingLine]) -> Result<Vec<Line>, Error> {
    let mut violations = Vec::new();
    let mut number = |field: String, prefix: &str, name: &str| {
        let number = name.strip_prefix(prefix).unwrap_or(name).parse::<Finess>();
        number
            .map_err(|error| violations.push(Violation::new(field, error)))
            .ok()
    };
    let mut read = Vec::with_capacity(lines.len());
    for (i, line) in lines.iter().enumerate() {
        let field = format!("lines[{i}].legal_entity");
        let legal_entity = number(field, "legalEntities/", &line.legal_entity);
        let establishments: BTreeSet<Finess> = line
            .establishments
            .iter()
            .enumerate()
            .filter_map(|(j, site)| {
                number(
                    format!("lines[{i}].establishments[{j}]"),
                    "establishments/",
                    site,
                )
            })
            .collect();
        let Some(legal_entity) = legal_entity else {
            continue;
        };
        read.push(Line {
            legal_entity,
            establishments,
            planned_year: line.planned_year,
            note: line.note.clone(),
        });
    }
    if violations.is_empty() {
        Ok(read)
    } else {
        Err(Error::Invalid(violations))
    }
}

/// The councils that decide with the agency.
pub fn councils_from(names: &[String]) -> Result<BTreeSet<Department>, Error> {
    names
        .iter()
        .map(|name| {
            let code = name.strip_prefix("departments/").unwrap_or(name);
            code.parse()
                .map_err(|error| Error::invalid("councils", error))
        })
        .collect()
}

pub fn state_filter(state: pb::ProgrammingState) -> Option<&'static str> {
    match state {
        pb::ProgrammingState::Unspecified => None,
        pb::ProgrammingState::Draft => Some("DRAFT"),
        pb::ProgrammingState::Published => Some("PUBLISHED"),
        pb::ProgrammingState::Discarded => Some("DISCARDED"),
    }
}

/// A site of a contract against what is programmed.
pub fn site(site: Finess, fit: Fit, programmed: Option<&Programmed>) -> pb::ProgrammedSite {
    let kind = match fit {
        Fit::Programmed => pb::ProgrammingFit::Programmed,
        Fit::OtherYear { .. } => pb::ProgrammingFit::OtherYear,
        Fit::NotProgrammed => pb::ProgrammingFit::NotProgrammed,
    };
    pb::ProgrammedSite {
        establishment: format!("establishments/{site}"),
        fit: kind.into(),
        planned_year: programmed.map(|p| p.year).unwrap_or_default(),
        programming: programmed
            .map(|p| p.programming.to_string())
            .unwrap_or_default(),
    }
}
