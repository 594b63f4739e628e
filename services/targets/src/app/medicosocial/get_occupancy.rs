//! The occupancy of a year, from the places on record and the days that were submitted.

use kernel::Finess;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use crate::{
    app::{App, own_sites},
    domain::{
        Realised, Received,
        medicosocial::{
            Capacity, MedicosocialRefusal, Occupancy, ReceptionMode, capacity as rules, occupancy,
        },
        realisation,
    },
    grpc::{
        medicosocial::capacities::{read_mode, write_occupancy},
        planning::reading,
        scalars::parse,
    },
    store::{indicator_value, medicosocial::capacity},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::GetOccupancyRequest,
) -> Result<pb::Occupancy, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let mode = read_mode(request.mode()).ok_or_else(|| Error::invalid("mode", "is required"))?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    Ok(write_occupancy(
        &of_year(app, establishment, mode, year).await?,
    ))
}

/// An establishment whose places are on record, when the caller may see it.
pub(crate) async fn visible(app: &App, call: &Call, number: &str) -> Result<Finess, Error> {
    let establishment: Finess = parse("establishment", number)?;
    let not_found = || Error::NotFound(format!("the places of {establishment}"));
    let region = capacity::region_of(app.db.pool(), establishment)
        .await?
        .filter(|region| call.caller.sees(*region))
        .ok_or_else(not_found)?;
    match own_sites::among(app, call, region, number).await? {
        Some(own) if own.is_empty() => Err(not_found()),
        _ => Ok(establishment),
    }
}

/// Computes an occupancy.
pub(super) async fn of_year(
    app: &App,
    establishment: Finess,
    mode: ReceptionMode,
    year: i16,
) -> Result<Occupancy, Error> {
    let mut computed = of_all(app, &[establishment], mode, year).await?;
    let (_, occupancy) = computed
        .pop()
        .ok_or_else(|| Error::internal("an occupancy was asked for and none computed"))?;
    Ok(occupancy?)
}

/// An occupancy, or why there is none.
pub(super) type Computed = Result<Occupancy, MedicosocialRefusal>;

/// Computes the occupancy of each establishment, in their order.
pub(super) async fn of_all(
    app: &App,
    establishments: &[Finess],
    mode: ReceptionMode,
    year: i16,
) -> Result<Vec<(Finess, Computed)>, Error> {
    let (_, last_day) = rules::bounds_of(year);
    let pool = app.db.pool();
    let capacities = capacity::until(pool, establishments, mode, last_day).await?;
    let codes: Vec<&str> = occupancy::indicators(mode)
        .iter()
        .flat_map(|group| group.iter().copied())
        .collect();
    let values = figures(app, establishments, &codes, year).await?;
    let compute = |establishment: Finess| {
        let own: Vec<Capacity> = capacities
            .iter()
            .filter(|capacity| capacity.establishment == establishment)
            .cloned()
            .collect();
        let stretches = rules::stretches(establishment, &own, year)?;
        occupancy::compute(establishment, mode, year, stretches, |code| {
            figure(&values, establishment, code)
        })
    };
    Ok(establishments
        .iter()
        .map(|establishment| (*establishment, compute(*establishment)))
        .collect())
}

/// The current values of some indicators of establishments.
pub(super) async fn figures(
    app: &App,
    establishments: &[Finess],
    codes: &[&str],
    year: i16,
) -> Result<Vec<Received>, Error> {
    let of_each = |establishment: &Finess| {
        let establishment = *establishment;
        codes
            .iter()
            .map(move |code| (establishment, (*code).to_owned()))
    };
    let asked: Vec<(Finess, String)> = establishments.iter().flat_map(of_each).collect();
    Ok(indicator_value::current_of_year(app.db.pool(), &asked, year, None).await?)
}

/// The yearly figure of one indicator of an establishment.
pub(super) fn figure(values: &[Received], establishment: Finess, code: &str) -> Realised {
    let of_code: Vec<Received> = values
        .iter()
        .filter(|value| value.subject == establishment && value.indicator == code)
        .cloned()
        .collect();
    realisation::realise(&of_code).0
}
