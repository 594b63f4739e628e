//! Modulation: rules and proposals, to the wire.

use kernel::Decimal;
use proto::targets::v1 as pb;
use rpc::Error;

use super::capacities::write_occupancy;
use crate::{
    domain::medicosocial::{
        Clause, Occupancy, Parameter, Section, SectionProposal, modulation::NOTICE,
    },
    grpc::scalars::{decimal, parse},
};

/// Reads the clause of a contract.
pub(crate) fn read_clause(request: &pb::ComputeClauseModulationRequest) -> Result<Clause, Error> {
    Ok(Clause {
        target: parse("target", &request.target)?,
        tolerance_percent: parse("tolerance_percent", &request.tolerance_percent)?,
        slope: parse("slope", &request.slope)?,
        cap_percent: parse("cap_percent", &request.cap_percent)?,
        amount: parse("amount", &request.amount)?,
        source: request.clause.clone(),
    })
}

pub(crate) fn write_section(section: Section) -> pb::AllowanceSection {
    match section {
        Section::Care => pb::AllowanceSection::Care,
        Section::Dependence => pb::AllowanceSection::Dependence,
        Section::Clause => pb::AllowanceSection::Clause,
    }
}

/// Reads a section of the allowance; none for the clause of a contract.
pub(crate) fn read_section(section: pb::AllowanceSection) -> Option<Section> {
    match section {
        pb::AllowanceSection::Care => Some(Section::Care),
        pb::AllowanceSection::Dependence => Some(Section::Dependence),
        pb::AllowanceSection::Clause | pb::AllowanceSection::Unspecified => None,
    }
}

fn figure(value: Decimal) -> String {
    decimal(value.normalize())
}

fn amount(value: Decimal) -> String {
    format!("{value:.2}")
}

/// Writes a rule.
pub(crate) fn write_parameter(parameter: &Parameter) -> pb::ModulationParameter {
    pb::ModulationParameter {
        section: write_section(parameter.section).into(),
        first_year: parameter.first_year.into(),
        last_year: parameter.last_year.map_or(0, i32::from),
        convergence_from_percent: figure(parameter.convergence_from),
        convergence_below_percent: parameter.convergence_below.map(figure).unwrap_or_default(),
        threshold_percent: parameter.threshold.map(figure).unwrap_or_default(),
        slope: figure(parameter.slope),
        upward: parameter.upward,
        neutralised: parameter.neutralised,
        source: parameter.source.clone(),
    }
}

fn write_proposal(proposal: &SectionProposal) -> pb::SectionProposal {
    pb::SectionProposal {
        section: write_section(proposal.section).into(),
        parameter: proposal.parameter.as_ref().map(write_parameter),
        measured: figure(proposal.measured),
        compared_with: proposal.compared_with.map(figure).unwrap_or_default(),
        rate_percent: amount(proposal.rate),
        amount: amount(proposal.amount),
        change: amount(proposal.change),
        explanation: proposal.explanation.clone(),
    }
}

/// Writes proposals with what they rest on and that nobody has decided anything.
pub(crate) fn write(
    establishment: &str,
    occupancy: Option<&Occupancy>,
    convergence: Option<Decimal>,
    sections: &[SectionProposal],
) -> pb::ModulationProposal {
    pb::ModulationProposal {
        establishment: establishment.to_owned(),
        occupancy: occupancy.map(write_occupancy),
        convergence_percent: convergence.map(figure).unwrap_or_default(),
        sections: sections.iter().map(write_proposal).collect(),
        notice: NOTICE.to_owned(),
    }
}
