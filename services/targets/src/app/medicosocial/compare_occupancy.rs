//! The occupancies of a category side by side; for a departmental council, those of the contracts that it signs.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::get_occupancy::{self, Computed};
use crate::{
    app::{App, own_sites},
    domain::medicosocial::{
        capacity as rules,
        comparison::{self, Spread},
    },
    grpc::{
        medicosocial::capacities::{read_mode, write_mode},
        planning::reading,
        scalars::{decimal, parse},
    },
    store::medicosocial::capacity::{self, Filter},
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::CompareOccupancyRequest,
) -> Result<pb::OccupancyComparison, Error> {
    let region: Region = parse("region", &request.region)?;
    call.caller.require_region(region, &call.permission)?;
    let mode = read_mode(request.mode()).ok_or_else(|| Error::invalid("mode", "is required"))?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let (_, last_day) = rules::bounds_of(year);
    let filter = Filter {
        establishments: own_sites::of(app, call, region).await?,
        ..Filter::default()
    };
    let places = capacity::in_effect(app.db.pool(), region, last_day, &filter, i64::MAX).await?;
    let establishments: BTreeSet<Finess> = places
        .iter()
        .filter(|capacity| capacity.category == request.category && capacity.mode == mode)
        .map(|capacity| capacity.establishment)
        .collect();
    let establishments: Vec<Finess> = establishments.into_iter().collect();
    let computed = get_occupancy::of_all(app, &establishments, mode, year).await?;
    let rates: Vec<_> = computed
        .iter()
        .filter_map(|(_, computed)| computed.as_ref().ok())
        .map(|occupancy| occupancy.rate)
        .collect();
    let spread = comparison::spread(&rates);
    let tenths = spread.and_then(|spread| spread.tenths);
    let told = |figure: Option<_>| figure.map(decimal).unwrap_or_default();
    Ok(pb::OccupancyComparison {
        region: region.to_string(),
        category: request.category.clone(),
        mode: write_mode(mode).into(),
        year: year.into(),
        median_percent: told(spread.map(|spread| spread.median.normalize())),
        tenth_percent: told(tenths.map(|(low, _)| low.normalize())),
        ninetieth_percent: told(tenths.map(|(_, high)| high.normalize())),
        establishments: computed
            .iter()
            .map(|(establishment, computed)| compared(*establishment, computed, spread.as_ref()))
            .collect(),
    })
}

fn compared(
    establishment: Finess,
    computed: &Computed,
    spread: Option<&Spread>,
) -> pb::ComparedOccupancy {
    let place = pb::ComparedOccupancy {
        establishment: establishment.to_string(),
        ..Default::default()
    };
    match computed {
        Ok(occupancy) => pb::ComparedOccupancy {
            rate_percent: decimal(occupancy.rate.normalize()),
            question: spread
                .and_then(|spread| comparison::question(establishment, occupancy.rate, spread))
                .unwrap_or_default(),
            ..place
        },
        Err(refusal) => pb::ComparedOccupancy {
            unknown: refusal.to_string(),
            ..place
        },
    }
}
