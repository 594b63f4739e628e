//! Allowances and funding, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::Error;

use super::optional;
use crate::{
    domain::offer::{Allowance, Funding, FundingKind, statement::Step},
    grpc::{
        planning::reading::{self, wrong},
        scalars::decimal,
    },
};

const KINDS: [(pb::FundingKind, FundingKind); 4] = [
    (pb::FundingKind::Care, FundingKind::Care),
    (pb::FundingKind::Department, FundingKind::Department),
    (pb::FundingKind::OneOff, FundingKind::OneOff),
    (pb::FundingKind::Investment, FundingKind::Investment),
];

/// Reads allowances. Every one that cannot be read is named.
pub(crate) fn read_allowances(allowances: &[pb::Allowance]) -> Result<Vec<Allowance>, Error> {
    reading::all(allowances, |place, given| {
        let path = format!("allowances[{place}]");
        let dependence = match given.dependence_allowance.as_str() {
            "" => None,
            text => Some(reading::decimal(&path, ".dependence_allowance", text)?),
        };
        Ok(Allowance {
            establishment: given
                .establishment
                .parse()
                .map_err(|error| wrong(&path, ".establishment", error))?,
            year: reading::year(&path, ".year", given.year)?,
            care: reading::decimal(&path, ".care_allowance", &given.care_allowance)?,
            equation: reading::decimal(&path, ".equation_result", &given.equation_result)?,
            dependence,
            decision: given.decision.clone(),
        })
    })
}

/// Writes a year of a trajectory.
pub(crate) fn write_step(step: &Step) -> pb::AllowanceYear {
    let allowance = &step.allowance;
    pb::AllowanceYear {
        allowance: Some(pb::Allowance {
            establishment: allowance.establishment.to_string(),
            year: allowance.year.into(),
            care_allowance: decimal(allowance.care),
            equation_result: decimal(allowance.equation),
            dependence_allowance: optional(allowance.dependence),
            decision: allowance.decision.clone(),
        }),
        convergence_percent: optional(step.convergence.map(|percent| percent.normalize())),
        change_points: optional(step.change.map(|points| points.normalize())),
    }
}

/// Reads funding. Every line that cannot be read is named.
pub(crate) fn read_fundings(fundings: &[pb::Funding]) -> Result<Vec<Funding>, Error> {
    reading::all(fundings, |place, given| {
        let path = format!("fundings[{place}]");
        let kind = KINDS
            .iter()
            .find(|(wire, _)| *wire == given.kind())
            .map(|(_, kind)| *kind)
            .ok_or_else(|| wrong(&path, ".kind", "is required"))?;
        Ok(Funding {
            contract: given.contract.clone(),
            year: reading::year(&path, ".year", given.year)?,
            kind,
            amount: reading::decimal(&path, ".amount", &given.amount)?,
            source: given.source.clone(),
        })
    })
}

/// Writes funding.
pub(crate) fn write_funding(funding: &Funding) -> pb::Funding {
    let kind = KINDS
        .iter()
        .find(|(_, known)| *known == funding.kind)
        .map_or(pb::FundingKind::Unspecified, |(wire, _)| *wire);
    pb::Funding {
        contract: funding.contract.clone(),
        year: funding.year.into(),
        kind: kind.into(),
        amount: decimal(funding.amount),
        source: funding.source.clone(),
    }
}
