//! Targets of allowances, values of the point, equations and waivers, from the wire and to it.

use kernel::Department;
use prost::Message as _;
use proto::targets::v1 as pb;
use rpc::{Error, Violation};

use super::optional;
use crate::{
    domain::{
        medicosocial::{
            EquationParameter, WaiverReason,
            equation::{Computed, NOTICE, Terms},
        },
        offer::{
            Aim, AllowanceTarget, PointValue, TariffOption, allowance_target::Followed,
            point_value::department_name,
        },
    },
    grpc::{
        medicosocial::modulation::write_section,
        planning::reading::{self, wrong},
        scalars::decimal,
    },
    store::medicosocial::waiver::Decided,
};

/// Reads targets that somebody sets. Every one that cannot be read is named.
pub(crate) fn read_targets(
    targets: &[pb::AllowanceTarget],
    (set_by, set_role): (&str, &str),
) -> Result<Vec<AllowanceTarget>, Error> {
    reading::all(targets, |place, given| {
        let path = format!("targets[{place}]");
        Ok(AllowanceTarget {
            establishment: given
                .establishment
                .parse()
                .map_err(|error| wrong(&path, ".establishment", error))?,
            year: reading::year(&path, ".year", given.year)?,
            aim: read_aim(&path, given)?,
            source: given.source.clone(),
            set_by: set_by.to_owned(),
            set_role: set_role.to_owned(),
        })
    })
}

fn read_aim(path: &str, given: &pb::AllowanceTarget) -> Result<Aim, Violation> {
    match (
        given.care_allowance.as_str(),
        given.convergence_percent.as_str(),
    ) {
        (amount, "") if !amount.is_empty() => {
            reading::decimal(path, ".care_allowance", amount).map(Aim::Amount)
        }
        ("", percent) if !percent.is_empty() => {
            reading::decimal(path, ".convergence_percent", percent).map(Aim::Convergence)
        }
        _ => Err(wrong(
            path,
            ".care_allowance",
            "an amount or a convergence is aimed at, one of the two",
        )),
    }
}

/// Writes a target with what was reached.
pub(crate) fn write_followed(followed: &Followed) -> pb::FollowedAllowanceTarget {
    let target = &followed.target;
    let (amount, percent) = match target.aim {
        Aim::Amount(amount) => (Some(amount), None),
        Aim::Convergence(percent) => (None, Some(percent)),
    };
    pb::FollowedAllowanceTarget {
        target: Some(pb::AllowanceTarget {
            establishment: target.establishment.to_string(),
            year: target.year.into(),
            care_allowance: optional(amount),
            convergence_percent: optional(percent),
            source: target.source.clone(),
        }),
        set_by: target.set_by.clone(),
        set_role: target.set_role.clone(),
        reached_allowance: optional(followed.reached),
        reached_convergence_percent: optional(
            followed
                .reached_convergence
                .map(|percent| percent.normalize()),
        ),
        gap: optional(followed.gap.map(|gap| gap.normalize())),
    }
}

/// Reads the tariff that an EHPAD chose; none when it is not given.
pub(crate) fn read_option(option: pb::TariffOption) -> Option<TariffOption> {
    match option {
        pb::TariffOption::Global => Some(TariffOption::Global),
        pb::TariffOption::Partial => Some(TariffOption::Partial),
        pb::TariffOption::Unspecified => None,
    }
}

fn write_option(option: TariffOption) -> pb::TariffOption {
    match option {
        TariffOption::Global => pb::TariffOption::Global,
        TariffOption::Partial => pb::TariffOption::Partial,
    }
}

/// Reads values of the point. Every one that cannot be read is named.
pub(crate) fn read_points(values: &[pb::PointValue]) -> Result<Vec<PointValue>, Error> {
    reading::all(values, |place, given| {
        let path = format!("values[{place}]");
        let code = given
            .department
            .strip_prefix("departments/")
            .unwrap_or(&given.department);
        let department: Department = code
            .parse()
            .map_err(|error| wrong(&path, ".department", error))?;
        Ok(PointValue {
            department,
            year: reading::year(&path, ".year", given.year)?,
            option: read_option(given.tariff_option())
                .ok_or_else(|| wrong(&path, ".tariff_option", "is required"))?,
            internal_pharmacy: given.internal_pharmacy,
            value: reading::decimal(&path, ".value", &given.value)?,
            source: given.source.clone(),
        })
    })
}

/// Writes a value of the point.
pub(crate) fn write_point(point: &PointValue) -> pb::PointValue {
    pb::PointValue {
        department: department_name(point.department),
        year: point.year.into(),
        tariff_option: write_option(point.option).into(),
        internal_pharmacy: point.internal_pharmacy,
        value: decimal(point.value),
        source: point.source.clone(),
    }
}

/// Writes an equation with all it was computed from.
pub(crate) fn write_equation(
    request: &pb::ComputeTariffEquationRequest,
    parameter: &EquationParameter,
    point: &PointValue,
    terms: &Terms,
    computed: Computed,
) -> pb::TariffEquation {
    pb::TariffEquation {
        establishment: request.establishment.clone(),
        year: request.year,
        gmp: decimal(terms.gmp),
        pmp: decimal(terms.pmp),
        pmp_coefficient: decimal(parameter.pmp_coefficient.normalize()),
        coefficient_source: parameter.source.clone(),
        gmps: decimal(computed.gmps.normalize()),
        places: terms.places,
        point_value: Some(write_point(point)),
        result: format!("{:.2}", computed.result),
        explanation: computed.explanation,
        notice: NOTICE.to_owned(),
    }
}

const REASONS: [(pb::WaiverReason, WaiverReason); 6] = [
    (pb::WaiverReason::Works, WaiverReason::Works),
    (
        pb::WaiverReason::AdministrativeClosure,
        WaiverReason::AdministrativeClosure,
    ),
    (pb::WaiverReason::Epidemic, WaiverReason::Epidemic),
    (pb::WaiverReason::Staffing, WaiverReason::Staffing),
    (pb::WaiverReason::Opening, WaiverReason::Opening),
    (pb::WaiverReason::Other, WaiverReason::Other),
];

/// Reads why a modulation is set aside; none when it is not given.
pub(crate) fn read_reason(reason: pb::WaiverReason) -> Option<WaiverReason> {
    REASONS
        .iter()
        .find(|(wire, _)| *wire == reason)
        .map(|(_, reason)| *reason)
}

/// Writes a decision with the proposal it is on.
pub(crate) fn write_waiver(decided: &Decided) -> Result<pb::ModulationWaiver, Error> {
    let waiver = &decided.waiver;
    let proposal = pb::ModulationProposal::decode(decided.proposal.as_slice())
        .map_err(|error| Error::internal(format!("a stored proposal: {error}")))?;
    let reason = REASONS
        .iter()
        .find(|(_, known)| *known == waiver.reason)
        .map_or(pb::WaiverReason::Unspecified, |(wire, _)| *wire);
    Ok(pb::ModulationWaiver {
        name: waiver.id.to_string(),
        establishment: waiver.establishment.to_string(),
        tariff_year: waiver.tariff_year.into(),
        section: write_section(waiver.section).into(),
        proposal: Some(proposal),
        waived_percent: decimal(waiver.percent.normalize()),
        waived_change: format!("{:.2}", waiver.parts.waived),
        remaining_change: format!("{:.2}", waiver.parts.remaining),
        reason: reason.into(),
        reasons: waiver.reasons.as_str().to_owned(),
        decision: waiver.decision.clone(),
        decided_by: waiver.by.subject().to_owned(),
        decided_role: waiver.by.role().to_owned(),
        decide_time: Some(kit::timestamp(waiver.at)),
    })
}
