//! Targets of allowances and values of the point: recorded by people, all lines or none; and the equation computed from them.

use kernel::{Department, Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::{
    error::refused,
    region_of,
    state_figures::{record, require_numbers},
};
use crate::{
    app::{App, medicosocial::get_occupancy::visible},
    domain::{
        geography,
        medicosocial::{
            Capacity, CapacityKind, MedicosocialRefusal, ReceptionMode, capacity as rules, equation,
        },
        offer::{PointValue, TariffOption, point_value::department_name, statement::check},
    },
    grpc::{offer::tariffs, planning::reading, scalars::parse},
    store::{
        medicosocial::{
            capacity::{self, Filter},
            parameter,
        },
        offer::statement,
    },
};

/// What allowances are to be, years ahead.
pub(crate) async fn targets(
    app: &App,
    call: &Call,
    request: &pb::RecordAllowanceTargetsRequest,
) -> Result<pb::FundingRecording, Error> {
    let by = call.human()?;
    let region = region_of(call, &request.region)?;
    let targets = tariffs::read_targets(&request.targets, (by.subject(), by.role()))?;
    check("targets", &targets).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    let told: Vec<Finess> = targets.iter().map(|one| one.establishment).collect();
    require_numbers(unit.connection(), region, "targets", &told).await?;
    let message = pb::AllowanceTargetsRecorded {
        region: region.to_string(),
        targets: request.targets.clone(),
    };
    record(unit, call, region, &targets, &message).await
}

/// Values of the point.
pub(crate) async fn points(
    app: &App,
    call: &Call,
    request: &pb::RecordPointValuesRequest,
) -> Result<pb::FundingRecording, Error> {
    let region = region_of(call, &request.region)?;
    let values = tariffs::read_points(&request.values)?;
    check("values", &values).map_err(refused)?;
    let unit = claim!(app, call, request);
    let message = pb::PointValuesRecorded {
        region: region.to_string(),
        values: request.values.clone(),
    };
    record(unit, call, region, &values, &message).await
}

/// The values of the point on record; a council reads those of its département.
pub(crate) async fn list_points(
    app: &App,
    call: &Call,
    request: &pb::ListPointValuesRequest,
) -> Result<pb::ListPointValuesResponse, Error> {
    let region = region_of(call, &request.region)?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let subjects: Option<Vec<String>> = call.caller.is_department().then(|| {
        let own = call.caller.departments().iter();
        own.map(|code| department_name(*code)).collect()
    });
    let mut found: Vec<PointValue> =
        statement::current(app.db.pool(), region, subjects.as_deref()).await?;
    found.retain(|point| year == 0 || point.year == year);
    found.sort_by_key(|point| (point.department, point.year, point.option));
    Ok(pb::ListPointValuesResponse {
        values: found.iter().map(tariffs::write_point).collect(),
    })
}

/// The equation of an EHPAD, step by step; nothing is kept.
pub(crate) async fn compute(
    app: &App,
    call: &Call,
    request: &pb::ComputeTariffEquationRequest,
) -> Result<pb::TariffEquation, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let option = tariffs::read_option(request.tariff_option())
        .ok_or_else(|| Error::invalid("tariff_option", "is required"))?;
    let no_place = || MedicosocialRefusal::NoCapacity {
        establishment,
        year,
    };
    let region = capacity::region_of(app.db.pool(), establishment)
        .await?
        .ok_or_else(no_place)?;
    let (first_day, _) = rules::bounds_of(year);
    let filter = Filter {
        establishments: Some(vec![establishment.to_string()]),
        kind: Some(CapacityKind::Financed.as_str()),
        ..Filter::default()
    };
    let mut places =
        capacity::in_effect(app.db.pool(), region, first_day, &filter, i64::MAX).await?;
    places.retain(|capacity| capacity.mode == ReceptionMode::Permanent);
    let department = department_of(&places).ok_or_else(no_place)?;
    let parameter = parameter::of_equation(app.db.pool(), year)
        .await?
        .ok_or(MedicosocialRefusal::NoEquationRule { year })?;
    let asked = (department, year, option, request.internal_pharmacy);
    let point = point(app, region, asked).await?;
    let terms = equation::Terms {
        gmp: parse("gmp", &request.gmp)?,
        pmp: parse("pmp", &request.pmp)?,
        pmp_coefficient: parameter.pmp_coefficient,
        places: places
            .iter()
            .map(|capacity| i64::from(capacity.places))
            .sum(),
        point: point.value,
    };
    let computed = equation::compute(&terms);
    Ok(tariffs::write_equation(
        request, &parameter, &point, &terms, computed,
    ))
}

/// The département of the places of an establishment, which is one site.
pub(super) fn department_of(places: &[Capacity]) -> Option<Department> {
    let place = places.first()?;
    geography::department(&place.commune).parse().ok()
}

/// The value of the point on record.
async fn point(
    app: &App,
    region: Region,
    (department, year, option, internal_pharmacy): (Department, i16, TariffOption, bool),
) -> Result<PointValue, Error> {
    let subjects = [department_name(department)];
    let stated: Vec<PointValue> =
        statement::current(app.db.pool(), region, Some(&subjects)).await?;
    let found = stated.into_iter().find(|point| {
        (point.year, point.option, point.internal_pharmacy) == (year, option, internal_pharmacy)
    });
    let [department] = subjects;
    Ok(found.ok_or(MedicosocialRefusal::PointValueUnknown { department, year })?)
}
