//! What the texts would make of an activity: proposals, computed and not kept.

use kernel::{Decimal, Finess};
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::get_occupancy::{figure, figures, of_year, visible};
use crate::{
    app::{App, offer::state_figures::of_establishment},
    domain::{
        Realised,
        medicosocial::{
            MedicosocialRefusal, Occupancy, ReceptionMode, Section, SectionProposal,
            modulation as rules,
        },
    },
    grpc::{
        medicosocial::{
            capacities::read_mode,
            modulation::{read_clause, write, write_parameter},
        },
        planning::reading,
        scalars::parse_optional,
    },
    store::medicosocial::{capacity, parameter},
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
    Ok(propose(app, call, request).await?.write())
}

/// What the texts make of the occupancy of an EHPAD.
pub(crate) struct Proposed {
    pub(crate) establishment: Finess,
    pub(crate) tariff_year: i16,
    pub(crate) sections: Vec<SectionProposal>,
    occupancy: Occupancy,
    convergence: Decimal,
}

impl Proposed {
    pub(crate) fn write(&self) -> pb::ModulationProposal {
        write(
            self.establishment.as_str(),
            Some(&self.occupancy),
            Some(self.convergence),
            &self.sections,
        )
    }
}

/// Computes a proposal on an establishment that the caller may see.
pub(crate) async fn propose(
    app: &App,
    call: &Call,
    request: &pb::ComputeEhpadModulationRequest,
) -> Result<Proposed, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let tariff_year = year("tariff_year", request.tariff_year)?;
    let Amounts {
        care,
        equation,
        dependence,
    } = amounts(app, establishment, tariff_year, request).await?;
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
    Ok(Proposed {
        establishment,
        tariff_year,
        sections,
        occupancy,
        convergence,
    })
}

/// What a proposal for an EHPAD starts from, in euros.
struct Amounts {
    care: Decimal,
    equation: Decimal,
    dependence: Option<Decimal>,
}

/// The amounts that are given, or those of the allowance on record for the year.
async fn amounts(
    app: &App,
    establishment: Finess,
    year: i16,
    request: &pb::ComputeEhpadModulationRequest,
) -> Result<Amounts, Error> {
    let care = parse_optional("care_allowance", &request.care_allowance)?;
    let equation = parse_optional("equation_result", &request.equation_result)?;
    let dependence = parse_optional("dependence_allowance", &request.dependence_allowance)?;
    match (care, equation) {
        (Some(care), Some(equation)) => Ok(Amounts {
            care,
            equation,
            dependence,
        }),
        (None, None) => {
            let region = capacity::region_of(app.db.pool(), establishment).await?;
            let stated = match region {
                Some(region) => of_establishment(app, region, establishment).await?,
                None => Vec::new(),
            };
            let known = stated
                .into_iter()
                .find(|allowance| allowance.year == year)
                .ok_or(MedicosocialRefusal::AllowanceUnknown {
                    establishment,
                    year,
                })?;
            Ok(Amounts {
                care: known.care,
                equation: known.equation,
                dependence: dependence.or(known.dependence),
            })
        }
        _ => Err(Error::invalid(
            "equation_result",
            "the allowance and the result of the equation are given together, or neither",
        )),
    }
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
