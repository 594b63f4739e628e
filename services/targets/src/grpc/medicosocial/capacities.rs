//! Places and occupancy, from the wire and to it.

use std::collections::BTreeMap;

use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use crate::{
    domain::medicosocial::{
        Capacity, CapacityKind, CarePublic, Occupancy, ReceptionMode, Stretch, capacity,
    },
    grpc::{
        planning::reading::{self, wrong},
        scalars::{self, decimal},
    },
};

const KINDS: [(pb::CapacityKind, CapacityKind); 3] = [
    (pb::CapacityKind::Authorised, CapacityKind::Authorised),
    (pb::CapacityKind::Installed, CapacityKind::Installed),
    (pb::CapacityKind::Financed, CapacityKind::Financed),
];

const MODES: [(pb::ReceptionMode, ReceptionMode); 6] = [
    (pb::ReceptionMode::Permanent, ReceptionMode::Permanent),
    (pb::ReceptionMode::Temporary, ReceptionMode::Temporary),
    (pb::ReceptionMode::Day, ReceptionMode::Day),
    (pb::ReceptionMode::Boarding, ReceptionMode::Boarding),
    (pb::ReceptionMode::SemiBoarding, ReceptionMode::SemiBoarding),
    (pb::ReceptionMode::Home, ReceptionMode::Home),
];

const PUBLICS: [(pb::CarePublic, CarePublic); 4] = [
    (pb::CarePublic::OlderPeople, CarePublic::OlderPeople),
    (
        pb::CarePublic::DisabledChildren,
        CarePublic::DisabledChildren,
    ),
    (pb::CarePublic::DisabledAdults, CarePublic::DisabledAdults),
    (
        pb::CarePublic::SpecificDifficulties,
        CarePublic::SpecificDifficulties,
    ),
];

/// Reads a kind of places; none when it is not given.
pub(crate) fn read_kind(kind: pb::CapacityKind) -> Option<CapacityKind> {
    KINDS
        .iter()
        .find(|(wire, _)| *wire == kind)
        .map(|(_, kind)| *kind)
}

/// Reads a mode; none when it is not given.
pub(crate) fn read_mode(mode: pb::ReceptionMode) -> Option<ReceptionMode> {
    MODES
        .iter()
        .find(|(wire, _)| *wire == mode)
        .map(|(_, mode)| *mode)
}

/// Reads a public; none when it is not given.
pub(crate) fn read_public(public: pb::CarePublic) -> Option<CarePublic> {
    PUBLICS
        .iter()
        .find(|(wire, _)| *wire == public)
        .map(|(_, public)| *public)
}

pub(crate) fn write_public(public: CarePublic) -> pb::CarePublic {
    PUBLICS
        .iter()
        .find(|(_, known)| *known == public)
        .map_or(pb::CarePublic::Unspecified, |(wire, _)| *wire)
}

pub(crate) fn write_kind(kind: CapacityKind) -> pb::CapacityKind {
    KINDS
        .iter()
        .find(|(_, known)| *known == kind)
        .map_or(pb::CapacityKind::Unspecified, |(wire, _)| *wire)
}

pub(crate) fn write_mode(mode: ReceptionMode) -> pb::ReceptionMode {
    MODES
        .iter()
        .find(|(_, known)| *known == mode)
        .map_or(pb::ReceptionMode::Unspecified, |(wire, _)| *wire)
}

/// Reads places, whose public is that of their category when it is not given. Every line that cannot be read is named.
pub(crate) fn read(
    capacities: &[pb::Capacity],
    publics: &BTreeMap<String, CarePublic>,
) -> Result<Vec<Capacity>, Error> {
    reading::all(capacities, |place, capacity| {
        read_one(&format!("capacities[{place}]"), capacity, publics)
    })
}

fn read_one(
    path: &str,
    capacity: &pb::Capacity,
    publics: &BTreeMap<String, CarePublic>,
) -> Result<Capacity, Violation> {
    let required = |field| wrong(path, field, "is required");
    let public = read_public(capacity.public())
        .or_else(|| publics.get(&capacity.category).copied())
        .ok_or_else(|| {
            let why = format!(
                "is required: the category {} does not say for whom its places are",
                capacity.category
            );
            wrong(path, ".public", why)
        })?;
    Ok(Capacity {
        establishment: capacity
            .establishment
            .parse()
            .map_err(|error| wrong(path, ".establishment", error))?,
        line: capacity.line.clone(),
        category: capacity.category.clone(),
        kind: read_kind(capacity.kind()).ok_or_else(|| required(".kind"))?,
        mode: read_mode(capacity.mode()).ok_or_else(|| required(".mode"))?,
        public,
        places: capacity.places,
        opening_days: Some(capacity.opening_days).filter(|days| *days > 0),
        valid_from: scalars::date(&capacity.valid_from)
            .ok_or_else(|| wrong(path, ".valid_from", "is not a day"))?,
        commune: capacity.commune.clone(),
        plans: capacity.plans.clone(),
        decision: capacity.decision.clone(),
    })
}

/// Writes places.
pub(crate) fn write(capacity: &Capacity) -> pb::Capacity {
    pb::Capacity {
        establishment: capacity.establishment.to_string(),
        line: capacity.line.clone(),
        category: capacity.category.clone(),
        kind: write_kind(capacity.kind).into(),
        mode: write_mode(capacity.mode).into(),
        public: write_public(capacity.public).into(),
        places: capacity.places,
        opening_days: capacity.opening_days.unwrap_or_default(),
        valid_from: capacity.valid_from.to_string(),
        commune: capacity.commune.clone(),
        plans: capacity.plans.clone(),
        decision: capacity.decision.clone(),
    }
}

/// Writes an occupancy with what it was computed from.
pub(crate) fn write_occupancy(occupancy: &Occupancy) -> pb::Occupancy {
    pb::Occupancy {
        establishment: occupancy.establishment.to_string(),
        mode: write_mode(occupancy.mode).into(),
        year: occupancy.year.into(),
        rate_percent: decimal(occupancy.rate.normalize()),
        realised_days: decimal(occupancy.realised_days.normalize()),
        indicators: occupancy
            .indicators
            .iter()
            .map(|code| (*code).to_owned())
            .collect(),
        theoretical_days: decimal(occupancy.theoretical_days.round_dp(2).normalize()),
        days_in_year: capacity::days_in_year(occupancy.year.into()).into(),
        stretches: occupancy.stretches.iter().map(write_stretch).collect(),
    }
}

fn write_stretch(stretch: &Stretch) -> pb::CapacityStretch {
    pb::CapacityStretch {
        first_day: stretch.first_day.to_string(),
        last_day: stretch.last_day.to_string(),
        places: stretch.places,
        authorised: stretch.authorised,
        financed: stretch.financed,
    }
}
