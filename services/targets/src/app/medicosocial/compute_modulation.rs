//! What the texts would make of an activity: proposals, computed and not kept.

use kernel::Decimal;
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::get_occupancy::{figure, figures, of_year, visible};
use crate::{
    app::App,
    domain::{
        Realised,
        medicosocial::{
            MedicosocialRefusal, Occupancy, ReceptionMode, Section, modulation as rules,
        },
    },
    grpc::{
        medicosocial::{
            capacities::read_mode,
            modulation::{read_clause, write, write_parameter},
        },
        planning::reading,
        scalars::{parse, parse_optional},
    },
    store::medicosocial::parameter,
};

/// The dated rules.
pub(crate) async fn parameters(
    app: &App,
    request: &pb::ListModulationParametersRequest,
) -> Result<pb::ListModulationParametersResponse, Error> {
    let year = Some(year("year", request.year)?).filter(|year| *year != 0);
    let found = parameter::list(app.db.pool(), year).await?;
    Ok(pb::ListModulationParametersResponse {
        parameters: found.iter().map(write_parameter).collect(),
    })
}

/// Care and dependence of an EHPAD.
pub(crate) async fn of_ehpad(
    app: &App,
    call: &Call,
    request: &pb::ComputeEhpadModulationRequest,
) -> Result<pb::ModulationProposal, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let tariff_year = year("tariff_year", request.tariff_year)?;
    let care: Decimal = parse("care_allowance", &request.care_allowance)?;
    let equation: Decimal = parse("equation_result", &request.equation_result)?;
    let dependence: Option<Decimal> =
        parse_optional("dependence_allowance", &request.dependence_allowance)?;
    let convergence = rules::convergence(care, equation)?;
    let parameters = parameter::list(app.db.pool(), Some(tariff_year)).await?;
    let occupancy = of_year(
        app,
        establishment,
        ReceptionMode::Permanent,
        year("activity_year", request.activity_year)?,
    )
    .await?;
    let amounts = [
        (Section::Care, Some(care)),
        (Section::Dependence, dependence),
    ];
    let sections = amounts
        .into_iter()
        .filter_map(|(section, amount)| Some((section, amount?)))
        .map(|(section, amount)| {
            rules::of_occupancy(
                &parameters,
                section,
                tariff_year,
                convergence,
                occupancy.rate,
                amount,
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(write(
        &request.establishment,
        Some(&occupancy),
        Some(convergence),
        &sections,
    ))
}

/// The clause of a contract under L313-12-2.
pub(crate) async fn of_clause(
    app: &App,
    call: &Call,
    request: &pb::ComputeClauseModulationRequest,
) -> Result<pb::ModulationProposal, Error> {
    let clause = read_clause(request)?;
    let (occupancy, measured) = measured(app, call, request).await?;
    let proposal = rules::of_clause(&clause, measured)?;
    Ok(write(
        &request.establishment,
        occupancy.as_ref(),
        None,
        &[proposal],
    ))
}

/// What the indicator of a clause amounts to: an occupancy, or a figure that was submitted.
async fn measured(
    app: &App,
    call: &Call,
    request: &pb::ComputeClauseModulationRequest,
) -> Result<(Option<Occupancy>, Decimal), Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let year = year("year", request.year)?;
    match request.indicator.as_str() {
        "MS_OCCUPANCY" => {
            let mode = read_mode(request.mode())
                .ok_or_else(|| Error::invalid("mode", "is required with MS_OCCUPANCY"))?;
            let occupancy = of_year(app, establishment, mode, year).await?;
            let rate = occupancy.rate;
            Ok((Some(occupancy), rate))
        }
        code @ ("MS_PERSONS" | "MS_SERVICES") => {
            let values = figures(app, &[establishment], &[code], year).await?;
            match figure(&values, establishment, code) {
                Realised::Exact(value) => Ok((None, value)),
                Realised::Masked { .. } | Realised::Incomplete { .. } | Realised::Missing => {
                    Err(MedicosocialRefusal::ActivityUnknown {
                        establishment,
                        year,
                        indicators: code.to_owned(),
                    }
                    .into())
                }
            }
        }
        _ => Err(Error::invalid(
            "indicator",
            "a clause names MS_OCCUPANCY, MS_PERSONS or MS_SERVICES (CASF R314-43-2)",
        )),
    }
}

fn year(field: &str, value: i32) -> Result<i16, Error> {
    reading::year("", field, value).map_err(reading::one)
}
