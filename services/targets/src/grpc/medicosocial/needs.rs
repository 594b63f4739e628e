//! Needs, from the wire and to it.

use kernel::Decimal;
use proto::targets::v1 as pb;
use rpc::Error;

use super::capacities::{read_mode, write_mode};
use crate::{
    domain::{
        medicosocial::{Dispersion, TerritoryNeeds, TerritoryOccupancy, Waiting, needs::Change},
        offer::scheme::HomeShare,
    },
    grpc::{
        planning::reading::{self, wrong},
        scalars::decimal,
    },
};

/// Reads a scenario.
pub(crate) fn read_scenario(scenario: &[pb::PlacesChange]) -> Result<Vec<Change>, Error> {
    reading::all(scenario, |place, change| {
        let mode = read_mode(change.mode())
            .ok_or_else(|| wrong(&format!("scenario[{place}]"), ".mode", "is required"))?;
        Ok(Change {
            territory: change.territory.clone(),
            mode,
            places: change.places.into(),
        })
    })
}

fn figure(value: Option<Decimal>) -> String {
    value
        .map(|value| decimal(value.normalize()))
        .unwrap_or_default()
}

/// Writes a territory with what the scheme aims at, who waits, and how places were occupied in a year.
pub(crate) fn write_territory(
    needs: &TerritoryNeeds,
    aim: Option<&HomeShare>,
    waiting: Waiting,
    (year, occupied): (i16, &[TerritoryOccupancy]),
) -> pb::TerritoryNeeds {
    pb::TerritoryNeeds {
        territory: needs.inhabited.territory.clone(),
        title: needs.inhabited.title.clone(),
        population: needs.inhabited.population,
        authorised: needs.authorised,
        installed: needs.installed,
        financed: needs.financed,
        equipment_rate: figure(needs.before.equipment),
        home_share_percent: figure(needs.before.home_share),
        equipment_rate_after: figure(needs.after.equipment),
        home_share_percent_after: figure(needs.after.home_share),
        home_share_target_percent: figure(aim.map(|aim| aim.percent)),
        home_share_target_year: aim.map(|aim| aim.horizon.into()).unwrap_or_default(),
        waiting_persons: waiting
            .persons
            .map(|persons| persons.to_string())
            .unwrap_or_default(),
        establishments: waiting.establishments,
        establishments_with_waiting_list: waiting.told,
        occupancies: occupied
            .iter()
            .map(|occupancy| write_occupancy(year, occupancy))
            .collect(),
    }
}

fn write_occupancy(year: i16, occupancy: &TerritoryOccupancy) -> pb::TerritoryOccupancy {
    pb::TerritoryOccupancy {
        mode: write_mode(occupancy.mode).into(),
        year: year.into(),
        rate_percent: figure(occupancy.rate),
        establishments: occupancy.establishments,
        establishments_known: occupancy.known,
    }
}

/// Writes how unequal territories are.
pub(crate) fn write_dispersion(dispersion: &Dispersion) -> pb::Dispersion {
    pb::Dispersion {
        regional_rate: figure(dispersion.regional),
        lowest_rate: figure(dispersion.lowest),
        highest_rate: figure(dispersion.highest),
        ratio: figure(dispersion.ratio),
        variation_percent: figure(dispersion.variation),
        widest_gap: figure(dispersion.widest_gap),
    }
}
