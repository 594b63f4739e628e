//! The equation of care at home: amounts of each year on record, and what they give for one service. Nothing computed is kept.

use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::{error::refused, region_of, set_tariffs::department_of, state_figures::record};
use crate::{
    app::{App, medicosocial::get_occupancy::visible},
    domain::{
        medicosocial::{MedicosocialRefusal, ReceptionMode, capacity as rules, home_care},
        offer::{HomeCareAmounts, statement::check},
    },
    grpc::{offer::home_care as wire, planning::reading},
    store::{
        medicosocial::{
            capacity::{self, Filter},
            parameter,
        },
        offer::statement,
    },
};

/// The amounts of years.
pub(crate) async fn amounts(
    app: &App,
    call: &Call,
    request: &pb::RecordHomeCareAmountsRequest,
) -> Result<pb::FundingRecording, Error> {
    let region = region_of(call, &request.region)?;
    let amounts = wire::read_amounts(&request.amounts)?;
    check("amounts", &amounts).map_err(refused)?;
    let unit = claim!(app, call, request);
    let message = pb::HomeCareAmountsRecorded {
        region: region.to_string(),
        amounts: request.amounts.clone(),
    };
    record(unit, call, region, &amounts, &message).await
}

/// The amounts on record, by year.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListHomeCareAmountsRequest,
) -> Result<pb::ListHomeCareAmountsResponse, Error> {
    let region = region_of(call, &request.region)?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let mut found: Vec<HomeCareAmounts> = statement::current(app.db.pool(), region, None).await?;
    found.retain(|amounts| year == 0 || amounts.year == year);
    found.sort_by_key(|amounts| amounts.year);
    Ok(pb::ListHomeCareAmountsResponse {
        amounts: found.iter().map(wire::write_amounts).collect(),
    })
}

/// The equation of a service, step by step.
pub(crate) async fn compute(
    app: &App,
    call: &Call,
    request: &pb::ComputeHomeCareEquationRequest,
) -> Result<pb::HomeCareEquation, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let parameter = parameter::of_home_care(app.db.pool(), year)
        .await?
        .ok_or(MedicosocialRefusal::NoEquationRule { year })?;
    let no_place = || MedicosocialRefusal::NoCapacity {
        establishment,
        year,
    };
    let region = capacity::region_of(app.db.pool(), establishment)
        .await?
        .ok_or_else(no_place)?;
    let (_, counted_on) = rules::bounds_of(year - 1);
    let filter = Filter {
        establishments: Some(vec![establishment.to_string()]),
        kind: Some(parameter.places.as_str()),
        ..Filter::default()
    };
    let mut places =
        capacity::in_effect(app.db.pool(), region, counted_on, &filter, i64::MAX).await?;
    places.retain(|capacity| capacity.mode == ReceptionMode::Home);
    let department = department_of(&places).ok_or_else(no_place)?;
    let stated: Vec<HomeCareAmounts> = statement::current(app.db.pool(), region, None).await?;
    let amounts = stated
        .into_iter()
        .find(|amounts| amounts.year == year)
        .ok_or(MedicosocialRefusal::HomeCareAmountsUnknown { year })?;
    let is_overseas = department.code().len() == 3;
    let terms = home_care::HomeCareTerms {
        places: places
            .iter()
            .map(|capacity| i64::from(capacity.places))
            .sum(),
        structure: amounts.structure,
        overseas_percent: is_overseas.then_some(parameter.overseas_percent),
        weeks: wire::read_weeks(&request.weeks, &amounts)?,
        complements: wire::read_complements(&request.complements)?,
    };
    let computed = home_care::compute(&terms);
    Ok(wire::write_equation(
        request, &parameter, &amounts, &terms, computed,
    ))
}
