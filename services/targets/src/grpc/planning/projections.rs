//! Projections, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::Error;

use super::reading::{self, one};
use crate::{
    domain::planning::{
        Projection, ProjectionInput, RetainedProjection,
        projection::{Flow, Parameters, Residence},
    },
    grpc::{objectives::write_unit, scalars::decimal},
};

/// Reads what a projection is computed from.
pub(crate) fn read(input: &pb::ProjectionInput) -> Result<ProjectionInput, Error> {
    let territories = reading::all(&input.territories, |place, residence| {
        let path = format!("input.territories[{place}]");
        Ok(Residence {
            territory: residence.territory.clone(),
            population: residence.population,
            crude_rate: reading::decimal(&path, ".crude_rate", &residence.crude_rate)?,
            standardised_rate: reading::decimal(
                &path,
                ".standardised_rate",
                &residence.standardised_rate,
            )?,
        })
    })?;
    let flows = reading::all(&input.flows, |place, flow| {
        let path = format!("input.flows[{place}]");
        Ok(Flow {
            territory: flow.territory.clone(),
            producer: flow.producer.clone(),
            cases: reading::decimal(&path, ".cases", &flow.cases)?,
        })
    })?;
    let parameters = input.parameters.clone().unwrap_or_default();
    Ok(ProjectionInput {
        activity: input.activity.clone(),
        unit: reading::unit("input", input.unit()).map_err(one)?,
        parameters: read_parameters(&parameters)?,
        territories,
        flows,
        source: input.source.clone(),
    })
}

fn read_parameters(parameters: &pb::ProjectionParameters) -> Result<Parameters, Error> {
    let path = "input.parameters";
    let number = |field, text: &str| reading::decimal(path, field, text).map_err(one);
    let year = |field, value| reading::year(path, field, value).map_err(one);
    Ok(Parameters {
        rebalancing: number(".rebalancing", &parameters.rebalancing)?,
        reference_rate: number(".reference_rate", &parameters.reference_rate)?,
        yearly_trend_percent: number(".yearly_trend_percent", &parameters.yearly_trend_percent)?,
        inadequacy_factor: number(".inadequacy_factor", &parameters.inadequacy_factor)?,
        base_year: year(".base_year", parameters.base_year)?,
        horizon: year(".horizon", parameters.horizon)?,
    })
}

fn write_parameters(parameters: &Parameters) -> pb::ProjectionParameters {
    pb::ProjectionParameters {
        rebalancing: decimal(parameters.rebalancing),
        reference_rate: decimal(parameters.reference_rate),
        yearly_trend_percent: decimal(parameters.yearly_trend_percent),
        inadequacy_factor: decimal(parameters.inadequacy_factor),
        base_year: parameters.base_year.into(),
        horizon: parameters.horizon.into(),
    }
}

/// Writes what a projection was computed from.
pub(crate) fn write_input(input: &ProjectionInput) -> pb::ProjectionInput {
    pb::ProjectionInput {
        activity: input.activity.clone(),
        unit: write_unit(input.unit).into(),
        parameters: Some(write_parameters(&input.parameters)),
        territories: input
            .territories
            .iter()
            .map(|residence| pb::ProjectedTerritory {
                territory: residence.territory.clone(),
                population: residence.population,
                crude_rate: decimal(residence.crude_rate),
                standardised_rate: decimal(residence.standardised_rate),
            })
            .collect(),
        flows: input
            .flows
            .iter()
            .map(|flow| pb::Flow {
                territory: flow.territory.clone(),
                producer: flow.producer.clone(),
                cases: decimal(flow.cases),
            })
            .collect(),
        source: input.source.clone(),
    }
}

/// Writes what follows, with the parameters it follows from.
pub(crate) fn write(parameters: &Parameters, projection: &Projection) -> pb::Projection {
    pb::Projection {
        parameters: Some(write_parameters(parameters)),
        consumption: projection
            .consumption
            .iter()
            .map(|row| pb::ProjectedConsumption {
                territory: row.territory.clone(),
                target_standardised_rate: decimal(row.target_standardised_rate.normalize()),
                target_crude_rate: decimal(row.target_crude_rate.normalize()),
                consumption: decimal(row.consumption.normalize()),
            })
            .collect(),
        production: projection
            .production
            .iter()
            .map(|row| pb::ProjectedProduction {
                producer: row.producer.clone(),
                current: decimal(row.current.normalize()),
                production: decimal(row.production.normalize()),
                change_percent: row
                    .change_percent
                    .map(|percent| decimal(percent.normalize()))
                    .unwrap_or_default(),
            })
            .collect(),
    }
}

/// Writes a projection that people retained.
pub(crate) fn write_retained(retained: &RetainedProjection) -> pb::RetainedProjection {
    pb::RetainedProjection {
        input: Some(write_input(&retained.input)),
        result: Some(write(&retained.input.parameters, &retained.result)),
        reasons: retained.reasons.clone(),
        retained_by: retained.by.clone(),
        retain_time: Some(kit::timestamp(retained.at)),
    }
}
