//! Inflections, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::reading;
use crate::{
    domain::planning::{Direction, Inflection, InflectionState, Position, Proposal, Stance},
    grpc::{objectives::write_unit, scalars::decimal},
    store::planning::Dated,
};

const DIRECTIONS: [(pb::InflectionDirection, Direction); 3] = [
    (pb::InflectionDirection::Develop, Direction::Develop),
    (pb::InflectionDirection::Moderate, Direction::Moderate),
    (pb::InflectionDirection::Maintain, Direction::Maintain),
];

const STANCES: [(pb::Stance, Stance); 4] = [
    (pb::Stance::InFavour, Stance::InFavour),
    (pb::Stance::Against, Stance::Against),
    (pb::Stance::Abstains, Stance::Abstains),
    (pb::Stance::Absent, Stance::Absent),
];

/// Reads what is proposed.
pub(crate) fn read_proposal(proposal: &pb::InflectionProposal) -> Result<Proposal, Error> {
    read(proposal).map_err(reading::one)
}

fn read(proposal: &pb::InflectionProposal) -> Result<Proposal, Violation> {
    let path = "proposal";
    let direction = DIRECTIONS
        .iter()
        .find(|(wire, _)| *wire == proposal.direction())
        .map(|(_, direction)| *direction)
        .ok_or_else(|| reading::wrong(path, ".direction", "is required"))?;
    Ok(Proposal {
        activity: proposal.activity.clone(),
        mode: reading::mode(path, proposal.mode())?,
        indicator: proposal.indicator.clone(),
        unit: reading::unit(path, proposal.unit())?,
        direction,
        from_value: reading::decimal(path, ".from_value", &proposal.from_value)?,
        from_year: reading::year(path, ".from_year", proposal.from_year)?,
        to_value: reading::decimal(path, ".to_value", &proposal.to_value)?,
        horizon: reading::year(path, ".horizon", proposal.horizon)?,
        rationale: proposal.rationale.clone(),
        evidence: reading::evidence(path, &proposal.evidence)?,
    })
}

pub(crate) fn write_proposal(proposal: &Proposal) -> pb::InflectionProposal {
    let direction = DIRECTIONS
        .iter()
        .find(|(_, known)| *known == proposal.direction)
        .map_or(pb::InflectionDirection::Unspecified, |(wire, _)| *wire);
    pb::InflectionProposal {
        activity: proposal.activity.clone(),
        mode: reading::write_mode(proposal.mode).into(),
        indicator: proposal.indicator.clone(),
        unit: write_unit(proposal.unit).into(),
        direction: direction.into(),
        from_value: decimal(proposal.from_value),
        from_year: proposal.from_year.into(),
        to_value: decimal(proposal.to_value),
        horizon: proposal.horizon.into(),
        rationale: proposal.rationale.clone(),
        evidence: reading::write_evidence(&proposal.evidence),
    }
}

/// Reads a stance.
pub(crate) fn read_stance(stance: pb::Stance) -> Result<Stance, Error> {
    STANCES
        .iter()
        .find(|(wire, _)| *wire == stance)
        .map(|(_, stance)| *stance)
        .ok_or_else(|| Error::invalid("position.stance", "is required"))
}

pub(crate) fn write_position(position: &Position) -> pb::Position {
    let stance = STANCES
        .iter()
        .find(|(_, known)| *known == position.stance)
        .map_or(pb::Stance::Unspecified, |(wire, _)| *wire);
    pb::Position {
        finess: position.finess.to_string(),
        stance: stance.into(),
        reasons: position.reasons.clone(),
        recorded_by: position.recorded_by.clone(),
        record_time: Some(kit::timestamp(position.recorded_at)),
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::InflectionState) -> Option<&'static str> {
    match state {
        pb::InflectionState::Unspecified => None,
        pb::InflectionState::Proposed => Some("proposed"),
        pb::InflectionState::Agreed => Some("agreed"),
        pb::InflectionState::Dropped => Some("dropped"),
    }
}

/// Writes an inflection.
pub(crate) fn write(dated: &Dated<Inflection>) -> pb::Inflection {
    let inflection = &dated.value;
    let (state, decided, reasons) = match &inflection.state {
        InflectionState::Proposed => (pb::InflectionState::Proposed, None, ""),
        InflectionState::Agreed { by, at } => (pb::InflectionState::Agreed, Some((by, at)), ""),
        InflectionState::Dropped { by, at, reasons } => (
            pb::InflectionState::Dropped,
            Some((by, at)),
            reasons.as_str(),
        ),
    };
    pb::Inflection {
        name: inflection.id.to_string(),
        etag: rpc::etag::of(inflection.version),
        region: inflection.region.to_string(),
        dialogue: inflection.dialogue.to_string(),
        territory: inflection.territory.clone(),
        state: state.into(),
        proposal: Some(write_proposal(&inflection.proposal)),
        positions: inflection.positions.iter().map(write_position).collect(),
        disputed: inflection.dissent().next().is_some(),
        decided_by: decided.map(|(by, _)| by.clone()).unwrap_or_default(),
        decide_time: decided.map(|(_, at)| kit::timestamp(*at)),
        decision_reasons: reasons.to_owned(),
        create_time: Some(kit::timestamp(dated.created_at)),
        update_time: Some(kit::timestamp(dated.updated_at)),
    }
}
