//! Objectives, from the wire and to it.

use kernel::Decimal;
use proto::{targets::v1 as pb, types::v1 as types};
use rpc::{Error, Violation};
use time::OffsetDateTime;

use super::scalars::decimal;
use crate::domain::{
    Baseline, Carrier, Force, Objective, PathwayStep, Side, State, Target, TargetSet, Unit,
    YearlyTarget,
};

/// Reads objectives. Every field that cannot be read is named, not the first only.
pub(crate) fn read(objectives: &[pb::Objective]) -> Result<Vec<Objective>, Error> {
    let mut violations = Vec::new();
    let mut read = Vec::with_capacity(objectives.len());
    for (place, objective) in objectives.iter().enumerate() {
        match read_one(&format!("objectives[{place}]"), objective) {
            Ok(objective) => read.push(objective),
            Err(violation) => violations.push(violation),
        }
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    Ok(read)
}

fn read_one(path: &str, objective: &pb::Objective) -> Result<Objective, Violation> {
    let wrong =
        |field: &str, why: &dyn std::fmt::Display| Violation::new(format!("{path}.{field}"), why);
    let flags = (objective.opposable, objective.penalty_eligible);
    let force = match objective.kind() {
        pb::ObjectiveKind::Quantified => Force::quantified(flags.0, flags.1),
        pb::ObjectiveKind::Pilot => Force::pilot(flags.0, flags.1),
        pb::ObjectiveKind::Unspecified => return Err(wrong("kind", &"is required")),
    }
    .map_err(|error| wrong("opposable", &error))?;
    let baseline = objective
        .baseline
        .as_ref()
        .map(|baseline| {
            let value = number(&baseline.value);
            Ok(Baseline {
                value: value.map_err(|why| wrong("baseline.value", &why))?,
                period: baseline.period.clone(),
                source: baseline.source.clone(),
            })
        })
        .transpose()?;
    let inflection = match objective.inflection.as_str() {
        "" => None,
        name => Some(name.parse().map_err(|error| wrong("inflection", &error))?),
    };
    let yearly = objective
        .yearly
        .iter()
        .enumerate()
        .map(|(place, yearly)| {
            read_year(yearly).map_err(|why| wrong(&format!("yearly[{place}]"), &why))
        })
        .collect::<Result<_, _>>()?;
    Ok(Objective {
        id: objective.id.clone(),
        title: objective.title.clone(),
        force,
        subject: objective
            .subject
            .parse()
            .map_err(|error| wrong("subject", &error))?,
        indicator: objective.indicator.clone(),
        unit: read_unit(objective.unit()).ok_or_else(|| wrong("unit", &"is required"))?,
        baseline,
        yearly,
        note: objective.note.clone(),
        inflection,
        plans: objective.plans.clone(),
        pathway_steps: objective.pathway_steps().filter_map(read_step).collect(),
        scheme_objective: Some(objective.scheme_objective.clone()).filter(|name| !name.is_empty()),
    })
}

fn read_year(yearly: &pb::YearlyTarget) -> Result<YearlyTarget, String> {
    let target = match (yearly.point.as_str(), &yearly.band) {
        ("", Some(band)) => Target::Band {
            min: number(&band.min)?,
            max: number(&band.max)?,
        },
        ("", None) => return Err("needs a point or a band".to_owned()),
        (point, None) => Target::Point(number(point)?),
        (_, Some(_)) => return Err("has a point and a band: give one of them".to_owned()),
    };
    let year = i16::try_from(yearly.year).map_err(|_| "is not a year".to_owned())?;
    Ok(YearlyTarget { year, target })
}

fn number(text: &str) -> Result<Decimal, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is not a decimal: write digits with a point"))
}

/// Writes objectives.
pub(crate) fn write_all(objectives: &[Objective]) -> Vec<pb::Objective> {
    objectives.iter().map(write).collect()
}

fn write(objective: &Objective) -> pb::Objective {
    let kind = match objective.force {
        Force::Quantified(_) => pb::ObjectiveKind::Quantified,
        Force::Pilot => pb::ObjectiveKind::Pilot,
    };
    pb::Objective {
        id: objective.id.clone(),
        title: objective.title.clone(),
        kind: kind.into(),
        subject: objective.subject.to_string(),
        indicator: objective.indicator.clone(),
        unit: write_unit(objective.unit).into(),
        baseline: objective.baseline.as_ref().map(|baseline| pb::Baseline {
            value: decimal(baseline.value),
            period: baseline.period.clone(),
            source: baseline.source.clone(),
        }),
        yearly: objective.yearly.iter().map(write_year).collect(),
        opposable: objective.force.is_opposable(),
        penalty_eligible: objective.force.is_penalty_eligible(),
        note: objective.note.clone(),
        inflection: objective
            .inflection
            .map(|inflection| inflection.to_string())
            .unwrap_or_default(),
        plans: objective.plans.clone(),
        pathway_steps: objective
            .pathway_steps
            .iter()
            .map(|step| write_step(*step).into())
            .collect(),
        scheme_objective: objective.scheme_objective.clone().unwrap_or_default(),
    }
}

/// Steps on the wire and in the domain.
const STEPS: [(pb::PathwayStep, PathwayStep); 5] = [
    (pb::PathwayStep::Detection, PathwayStep::Detection),
    (pb::PathwayStep::Home, PathwayStep::Home),
    (pb::PathwayStep::Respite, PathwayStep::Respite),
    (pb::PathwayStep::Accommodation, PathwayStep::Accommodation),
    (pb::PathwayStep::EndOfLife, PathwayStep::EndOfLife),
];

fn read_step(wire: pb::PathwayStep) -> Option<PathwayStep> {
    let known = STEPS.iter().find(|(known, _)| *known == wire);
    known.map(|(_, step)| *step)
}

/// Writes a step of the pathway.
pub(crate) fn write_step(step: PathwayStep) -> pb::PathwayStep {
    let known = STEPS.iter().find(|(_, known)| *known == step);
    known.map_or(pb::PathwayStep::Unspecified, |(wire, _)| *wire)
}

fn write_year(yearly: &YearlyTarget) -> pb::YearlyTarget {
    let (point, band) = match yearly.target {
        Target::Point(value) => (decimal(value), None),
        Target::Band { min, max } => (
            String::new(),
            Some(pb::Band {
                min: decimal(min),
                max: decimal(max),
            }),
        ),
    };
    pb::YearlyTarget {
        year: yearly.year.into(),
        point,
        band,
    }
}

/// Units on the wire and in the domain.
const UNITS: [(types::Unit, Unit); 10] = [
    (types::Unit::Stays, Unit::Stays),
    (types::Unit::Sessions, Unit::Sessions),
    (types::Unit::Days, Unit::Days),
    (types::Unit::Patients, Unit::Patients),
    (types::Unit::Acts, Unit::Acts),
    (types::Unit::Places, Unit::Places),
    (types::Unit::Sites, Unit::Sites),
    (types::Unit::Devices, Unit::Devices),
    (types::Unit::Percent, Unit::Percent),
    (types::Unit::Minutes, Unit::Minutes),
];

pub(crate) fn read_unit(wire: types::Unit) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(known, _)| *known == wire)
        .map(|(_, unit)| *unit)
}

pub(crate) fn write_unit(unit: Unit) -> types::Unit {
    UNITS
        .iter()
        .find(|(_, known)| *known == unit)
        .map_or(types::Unit::Unspecified, |(wire, _)| *wire)
}

pub(crate) fn write_side(side: Side) -> pb::AgreeingSide {
    match side {
        Side::Ars => pb::AgreeingSide::Ars,
        Side::Establishment => pb::AgreeingSide::Establishment,
    }
}

pub(crate) fn write_state(state: State) -> pb::TargetSetState {
    match state {
        State::Draft { .. } => pb::TargetSetState::Draft,
        State::Agreed => pb::TargetSetState::Agreed,
        State::InEffect(_) => pb::TargetSetState::InEffect,
        State::Ended { .. } => pb::TargetSetState::Ended,
    }
}

/// The stored text of a state to filter by, none when the filter is empty.
pub(crate) fn read_state(state: pb::TargetSetState) -> Option<&'static str> {
    match state {
        pb::TargetSetState::Unspecified => None,
        pb::TargetSetState::Draft => Some("draft"),
        pb::TargetSetState::Agreed => Some("agreed"),
        pb::TargetSetState::InEffect => Some("in_effect"),
        pb::TargetSetState::Ended => Some("ended"),
    }
}

/// The amendment that carries a set; empty for the contract itself.
pub(crate) fn write_amendment(carrier: Carrier) -> String {
    carrier
        .amendment
        .map(|amendment| amendment.to_string())
        .unwrap_or_default()
}

/// First and last day of effect; empty before.
pub(crate) fn write_term(state: State) -> (String, String) {
    match state {
        State::InEffect(term)
        | State::Ended {
            was_in_effect: Some(term),
        } => (term.effect_date.to_string(), term.end_date.to_string()),
        State::Draft { .. }
        | State::Agreed
        | State::Ended {
            was_in_effect: None,
        } => (String::new(), String::new()),
    }
}

/// Writes a target set.
pub(crate) fn write_set(
    set: &TargetSet,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
) -> pb::TargetSet {
    let (effect_date, end_date) = write_term(set.state);
    pb::TargetSet {
        name: set.id.to_string(),
        etag: rpc::etag::of(set.version),
        region: set.region.to_string(),
        contract: set.contract.to_string(),
        state: write_state(set.state).into(),
        objectives: write_all(&set.objectives),
        note: set.note.clone(),
        agreed_by: set
            .state
            .agreed_by()
            .iter()
            .map(|side| write_side(*side).into())
            .collect(),
        create_time: Some(kit::timestamp(created_at)),
        update_time: Some(kit::timestamp(updated_at)),
        sequence: set.carrier.sequence,
        amendment: write_amendment(set.carrier),
        effect_date,
        end_date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_the_wire_is_read_back() {
        for value in 1.. {
            let Ok(wire) = types::Unit::try_from(value) else {
                assert_eq!(usize::try_from(value - 1).unwrap(), UNITS.len());
                return;
            };
            assert_eq!(write_unit(read_unit(wire).unwrap()), wire);
        }
    }

    #[test]
    fn a_binding_pilot_indicator_is_named_where_it_stands() {
        let objective = pb::Objective {
            kind: pb::ObjectiveKind::Pilot.into(),
            opposable: true,
            ..Default::default()
        };
        let Err(Error::Invalid(violations)) = read(&[objective]) else {
            panic!("accepted");
        };
        assert_eq!(violations[0].field, "objectives[0].opposable");
    }
}
