//! Calls for projects, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::{Written, day, public};
use crate::{
    domain::offer::{
        Kept, ProjectCall,
        project_call::{Authorisation, Calendar, Candidate, Need, Opinion, Specification, Stage},
    },
    grpc::{
        medicosocial::capacities::write_public,
        planning::reading::{self, wrong},
    },
    store::planning::Dated,
};

/// Reads a need.
pub(crate) fn read_need(need: &pb::ProjectNeed) -> Result<Need, Error> {
    Ok(Need {
        title: need.title.clone(),
        territory: need.territory.clone(),
        category: need.category.clone(),
        public: public("need", need.public()).map_err(reading::one)?,
        places: need.places,
        scheme_objective: Some(need.scheme_objective.clone()).filter(|name| !name.is_empty()),
        rationale: need.rationale.clone(),
    })
}

/// Reads a calendar; what is to be noticed of it is added by whoever knows the rule.
pub(crate) fn read_calendar(calendar: &pb::ProjectCalendar) -> Result<Calendar, Error> {
    let date = |field, text| day("calendar", field, text).map_err(reading::one);
    Ok(Calendar {
        publication: date(".publication", &calendar.publication)?,
        deadline: date(".deadline", &calendar.deadline)?,
        commission: date(".commission", &calendar.commission)?,
        notices: Vec::new(),
    })
}

/// Reads a specification.
pub(crate) fn read_specification(specification: pb::ProjectSpecification) -> Specification {
    Specification {
        title: specification.title,
        reference: specification.reference,
        sha256: specification.sha256,
        criteria: specification.criteria,
    }
}

/// Reads a candidate.
pub(crate) fn read_candidate(candidate: &pb::ProjectCandidate) -> Result<Candidate, Error> {
    let read = || -> Result<Candidate, Violation> {
        let finess = match candidate.finess.as_str() {
            "" => None,
            number => Some(
                number
                    .parse()
                    .map_err(|error| wrong("candidate", ".finess", error))?,
            ),
        };
        Ok(Candidate {
            id: candidate.id.clone(),
            finess,
            title: candidate.title.clone(),
            places: candidate.places,
            received: day("candidate", ".received", &candidate.received)?,
        })
    };
    read().map_err(reading::one)
}

/// Reads an opinion.
pub(crate) fn read_opinion(opinion: &pb::CommissionOpinion) -> Result<Opinion, Error> {
    Ok(Opinion {
        day: day("opinion", ".day", &opinion.day).map_err(reading::one)?,
        ranking: opinion.ranking.clone(),
        text: opinion.text.clone(),
    })
}

/// Writes a need.
pub(crate) fn write_need(need: &Need) -> pb::ProjectNeed {
    pb::ProjectNeed {
        title: need.title.clone(),
        territory: need.territory.clone(),
        category: need.category.clone(),
        public: write_public(need.public).into(),
        places: need.places,
        scheme_objective: need.scheme_objective.clone().unwrap_or_default(),
        rationale: need.rationale.clone(),
    }
}

/// Writes a calendar.
pub(crate) fn write_calendar(calendar: &Calendar) -> pb::ProjectCalendar {
    pb::ProjectCalendar {
        publication: calendar.publication.to_string(),
        deadline: calendar.deadline.to_string(),
        commission: calendar.commission.to_string(),
    }
}

/// Writes a specification.
pub(crate) fn write_specification(specification: &Specification) -> pb::ProjectSpecification {
    pb::ProjectSpecification {
        title: specification.title.clone(),
        reference: specification.reference.clone(),
        sha256: specification.sha256.clone(),
        criteria: specification.criteria.clone(),
    }
}

/// Writes a candidate.
pub(crate) fn write_candidate(candidate: &Candidate) -> pb::ProjectCandidate {
    pb::ProjectCandidate {
        finess: candidate
            .finess
            .map(|number| number.to_string())
            .unwrap_or_default(),
        id: candidate.id.clone(),
        title: candidate.title.clone(),
        places: candidate.places,
        received: candidate.received.to_string(),
    }
}

/// Writes an opinion.
pub(crate) fn write_opinion(opinion: &Opinion) -> pb::CommissionOpinion {
    pb::CommissionOpinion {
        day: opinion.day.to_string(),
        ranking: opinion.ranking.clone(),
        text: opinion.text.clone(),
    }
}

/// Writes an authorisation.
pub(crate) fn write_authorisation(authorisation: &Authorisation) -> pb::ProjectAuthorisation {
    pb::ProjectAuthorisation {
        candidate: authorisation.candidate.clone(),
        places: authorisation.places,
        decision: authorisation.decision.clone(),
        reasons: authorisation.reasons.clone(),
        authorised_by: authorisation.by.clone(),
        authorise_time: Some(kit::timestamp(authorisation.at)),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::ProjectCallState) -> Option<&'static str> {
    match state {
        pb::ProjectCallState::Unspecified => None,
        pb::ProjectCallState::Prepared => Some("prepared"),
        pb::ProjectCallState::Published => Some("published"),
        pb::ProjectCallState::Examined => Some("examined"),
        pb::ProjectCallState::Authorised => Some("authorised"),
        pb::ProjectCallState::Dropped => Some("dropped"),
    }
}

fn write_state(stage: &Stage) -> pb::ProjectCallState {
    match stage {
        Stage::Prepared { .. } => pb::ProjectCallState::Prepared,
        Stage::Published(_) => pb::ProjectCallState::Published,
        Stage::Examined(..) => pb::ProjectCallState::Examined,
        Stage::Authorised(..) => pb::ProjectCallState::Authorised,
        Stage::Dropped { .. } => pb::ProjectCallState::Dropped,
    }
}

impl Written for ProjectCall {
    type Wire = pb::ProjectCall;

    fn write(dated: &Dated<Kept<Self>>) -> pb::ProjectCall {
        let kept = &dated.value;
        let stage = &kept.value.stage;
        let publication = stage.publication();
        let authorised = stage.authorised();
        let (drop_reasons, dropped_by) = if let Stage::Dropped { reasons, by, .. } = stage {
            (reasons.clone(), by.clone())
        } else {
            (String::new(), String::new())
        };
        pb::ProjectCall {
            name: kept.name(),
            etag: rpc::etag::of(kept.version),
            region: kept.region.to_string(),
            state: write_state(stage).into(),
            need: Some(write_need(&kept.value.need)),
            calendar: stage.calendar().map(write_calendar),
            specification: publication.map(|known| write_specification(&known.specification)),
            candidates: publication
                .map(|known| known.candidates.iter().map(write_candidate).collect())
                .unwrap_or_default(),
            opinion: stage.opinion().map(write_opinion),
            authorisation: authorised.map(|known| write_authorisation(&known.authorisation)),
            drop_reasons,
            dropped_by,
            capacity_recordings: authorised
                .map(|known| known.recordings.clone())
                .unwrap_or_default(),
            amendment: authorised
                .and_then(|known| known.amendment.clone())
                .unwrap_or_default(),
            notices: notices(stage),
            create_time: Some(kit::timestamp(dated.created_at)),
            update_time: Some(kit::timestamp(dated.updated_at)),
        }
    }
}

/// What a reader should look at.
fn notices(stage: &Stage) -> Vec<String> {
    let of_calendar = stage
        .calendar()
        .map(|calendar| calendar.notices.clone())
        .unwrap_or_default();
    let chosen = stage
        .authorised()
        .map(|known| &known.authorisation.candidate);
    let first = stage.opinion().and_then(|opinion| opinion.ranking.first());
    let is_other = chosen.is_some_and(|chosen| first != Some(chosen));
    let of_choice = is_other.then(|| {
        "Le candidat autorisé n’est pas le premier du classement de la commission, dont l’avis ne lie pas.".to_owned()
    });
    of_calendar.into_iter().chain(of_choice).collect()
}
