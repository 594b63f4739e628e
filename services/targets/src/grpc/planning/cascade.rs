//! The cascade and consistency warnings, to the wire.

use kernel::Decimal;
use proto::targets::v1 as pb;

use super::frameworks::write_line;
use crate::{
    domain::planning::{Cascade, Warning},
    grpc::scalars::decimal,
};

/// Decimals of computed volumes and shares.
const DECIMALS: u32 = 2;

fn figure(value: Decimal) -> String {
    decimal(value.round_dp(DECIMALS).normalize())
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Writes one line.
pub(crate) fn write(cascade: &Cascade) -> pb::CascadeLine {
    let (share, gap) = cascade
        .ambulatory
        .map(|(share, gap)| (figure(share), figure(gap)))
        .unwrap_or_default();
    pb::CascadeLine {
        line: Some(write_line(&cascade.line)),
        framework_target: figure(cascade.target),
        inflections: count(cascade.inflections),
        inflections_change: figure(cascade.inflections_change),
        inflections_gap: figure(cascade.inflections_gap),
        contracts: count(cascade.contracts),
        contracts_without_target: count(cascade.contracts_without_target),
        contracts_lower: figure(cascade.lower),
        contracts_upper: figure(cascade.upper),
        contracts_gap: figure(cascade.contracts_gap),
        contracts_ambulatory_share_percent: share,
        ambulatory_gap_points: gap,
    }
}

/// Writes a warning.
pub(crate) fn write_warning(warning: &Warning) -> pb::ConsistencyWarning {
    pb::ConsistencyWarning {
        code: warning.code.to_owned(),
        objective: warning.objective.clone(),
        reference: warning.reference.clone(),
        figure: warning.figure.map(figure).unwrap_or_default(),
        compared_with: warning.compared_with.map(figure).unwrap_or_default(),
        explanation: warning.explanation.clone(),
    }
}
