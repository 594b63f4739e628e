//! Fields that several messages share.

use std::fmt::Display;

use kernel::Decimal;
use proto::{targets::v1 as pb, types::v1 as types};
use rpc::{Error, Violation};
use time::Date;

use crate::{
    domain::{
        Unit,
        planning::{ActivityMode, Evidence, EvidenceKind},
    },
    grpc::{objectives::read_unit, scalars},
};

/// A field that cannot be read.
pub(crate) fn wrong(path: &str, field: &str, why: impl Display) -> Violation {
    Violation::new(format!("{path}{field}"), why)
}

/// A decimal; the pattern of the field has been checked, its size has not.
pub(crate) fn decimal(path: &str, field: &str, text: &str) -> Result<Decimal, Violation> {
    text.parse()
        .map_err(|_| wrong(path, field, format!("{text:?} is not a decimal")))
}

/// A year.
pub(crate) fn year(path: &str, field: &str, year: i32) -> Result<i16, Violation> {
    i16::try_from(year).map_err(|_| wrong(path, field, "is not a year"))
}

/// A unit.
pub(crate) fn unit(path: &str, unit: types::Unit) -> Result<Unit, Violation> {
    read_unit(unit).ok_or_else(|| wrong(path, ".unit", "is required"))
}

/// `YYYY-MM-DD`.
pub(crate) fn day(field: &str, text: &str) -> Result<Date, Error> {
    scalars::date(text).ok_or_else(|| Error::invalid(field, format!("{text:?} is not a day")))
}

/// Reads each item of a list; every one that cannot be read is named.
pub(crate) fn all<T, U>(
    items: &[T],
    read: impl Fn(usize, &T) -> Result<U, Violation>,
) -> Result<Vec<U>, Error> {
    let mut violations = Vec::new();
    let mut values = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        match read(place, item) {
            Ok(value) => values.push(value),
            Err(violation) => violations.push(violation),
        }
    }
    if violations.is_empty() {
        return Ok(values);
    }
    Err(Error::Invalid(violations))
}

/// One wrong field.
pub(crate) fn one(violation: Violation) -> Error {
    Error::Invalid(vec![violation])
}

const MODES: [(pb::ActivityMode, ActivityMode); 6] = [
    (pb::ActivityMode::All, ActivityMode::All),
    (pb::ActivityMode::Full, ActivityMode::Full),
    (pb::ActivityMode::Ambulatory, ActivityMode::Ambulatory),
    (pb::ActivityMode::Session, ActivityMode::Session),
    (pb::ActivityMode::PartTime, ActivityMode::PartTime),
    (pb::ActivityMode::Home, ActivityMode::Home),
];

/// The part of an activity.
pub(crate) fn mode(path: &str, mode: pb::ActivityMode) -> Result<ActivityMode, Violation> {
    MODES
        .iter()
        .find(|(wire, _)| *wire == mode)
        .map(|(_, mode)| *mode)
        .ok_or_else(|| wrong(path, ".mode", "is required"))
}

pub(crate) fn write_mode(mode: ActivityMode) -> pb::ActivityMode {
    MODES
        .iter()
        .find(|(_, known)| *known == mode)
        .map_or(pb::ActivityMode::Unspecified, |(wire, _)| *wire)
}

const EVIDENCE: [(pb::EvidenceKind, EvidenceKind); 3] = [
    (pb::EvidenceKind::PublishedRate, EvidenceKind::PublishedRate),
    (pb::EvidenceKind::CaseMix, EvidenceKind::CaseMix),
    (pb::EvidenceKind::Document, EvidenceKind::Document),
];

/// Cited figures.
pub(crate) fn evidence(path: &str, cited: &[pb::Evidence]) -> Result<Vec<Evidence>, Violation> {
    cited
        .iter()
        .enumerate()
        .map(|(place, evidence)| {
            let kind = EVIDENCE
                .iter()
                .find(|(wire, _)| *wire == evidence.kind())
                .map(|(_, kind)| *kind)
                .ok_or_else(|| wrong(path, &format!(".evidence[{place}].kind"), "is required"))?;
            Ok(Evidence {
                kind,
                reference: evidence.reference.clone(),
                locator: evidence.locator.clone(),
                figure: evidence.figure.clone(),
            })
        })
        .collect()
}

pub(crate) fn write_evidence(cited: &[Evidence]) -> Vec<pb::Evidence> {
    cited
        .iter()
        .map(|evidence| {
            let kind = EVIDENCE
                .iter()
                .find(|(_, known)| *known == evidence.kind)
                .map_or(pb::EvidenceKind::Unspecified, |(wire, _)| *wire);
            pb::Evidence {
                kind: kind.into(),
                reference: evidence.reference.clone(),
                locator: evidence.locator.clone(),
                figure: evidence.figure.clone(),
            }
        })
        .collect()
}
