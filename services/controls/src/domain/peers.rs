//! Where the figure of a finding stands among its peers: context for the people who examine it.
//!
//! It is computed from what one campaign measured, and from nothing else. It is no score and no outcome: nothing reads it
//! but people. Groups that are too small are not told of (statistical secrecy).

use std::collections::BTreeSet;

use kernel::{Decimal, Department};
use time::Date;

use super::{
    ContractId,
    compare::Basis,
    objective::{Realised, Target},
    trace::rounded,
};

mod statement;

pub use statement::{Comparison, statement};

/// Below how many contracts nothing is told, from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecrecyRule {
    pub first_day: Date,
    pub minimum_contracts: usize,
    pub source: String,
}

/// An objective that a campaign measured, for the same indicator and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub contract: ContractId,
    /// Identifier of the objective within its target set.
    pub objective: String,
    /// FINESS number of the site or legal entity whose activity is measured.
    pub subject: String,
    /// The département that the registry tells of it.
    pub registered_in: Option<Department>,
    pub basis: Option<Basis>,
    pub has_finding: bool,
}

impl Measured {
    /// Where the figure was realised: what the registry says, and where it says nothing, what the number does.
    pub fn department(&self) -> Option<Department> {
        self.registered_in.or_else(|| department(&self.subject))
    }
}

/// The figure of one contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub ratio: Decimal,
    pub contract: ContractId,
    pub has_finding: bool,
}

/// A group that is large enough to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub contracts: usize,
    /// Of these contracts, those with a standing finding.
    pub with_finding: usize,
    /// Figures without a ratio.
    pub without_ratio: usize,
    pub median: Option<Decimal>,
    pub quartiles: Option<(Decimal, Decimal)>,
    /// What the lowest and the highest tenth lie beyond.
    pub tenths: Option<(Decimal, Decimal)>,
    /// Lowest first.
    pub points: Vec<Point>,
}

/// Realised ÷ target: 1 within a band, and the ratio to the bound that was crossed otherwise, as in the comparison
/// itself. None without an exact figure or without a target above zero.
pub fn ratio(basis: &Basis) -> Option<Decimal> {
    let Realised::Exact(realised) = basis.realised else {
        return None;
    };
    let realised = realised.value();
    let reference = match basis.target {
        Target::Point(point) => point.value(),
        Target::Band { min, .. } if realised < min.value() => min.value(),
        Target::Band { max, .. } if realised > max.value() => max.value(),
        Target::Band { .. } => return Some(Decimal::ONE),
    };
    if reference <= Decimal::ZERO {
        return None;
    }
    let ratio = realised.checked_div(reference).map(rounded)?;
    Some(ratio.normalize())
}

/// The département that a FINESS number begins with: that of its creation, which is nearly always that of the site.
/// Overseas it is written `97`, `0` and the last digit of the code (`9701…` in 971); Mayotte’s begin with `98`.
pub fn department(finess: &str) -> Option<Department> {
    let code = match (finess.get(..2)?, finess.get(2..4)) {
        ("97", Some(digits)) => format!("97{}", digits.strip_prefix('0')?),
        ("98", _) => "976".to_owned(),
        (code, _) => code.to_owned(),
    };
    code.parse().ok()
}

/// What a group amounts to; None when it holds fewer contracts than the rule asks for.
pub fn group<'a>(of: impl IntoIterator<Item = &'a Measured>, rule: &SecrecyRule) -> Option<Group> {
    let of: Vec<&Measured> = of.into_iter().collect();
    let contracts: BTreeSet<ContractId> = of.iter().map(|one| one.contract).collect();
    if contracts.len() < rule.minimum_contracts {
        return None;
    }
    let with_finding: BTreeSet<ContractId> = of
        .iter()
        .filter(|one| one.has_finding)
        .map(|one| one.contract)
        .collect();
    let mut points: Vec<Point> = of
        .iter()
        .filter_map(|one| {
            Some(Point {
                ratio: ratio(one.basis.as_ref()?)?,
                contract: one.contract,
                has_finding: one.has_finding,
            })
        })
        .collect();
    points.sort_unstable();
    // A contract may have the same indicator on several sites: it counts once for what may be told.
    let told: BTreeSet<ContractId> = points.iter().map(|point| point.contract).collect();
    let may_cut = |parts: usize| told.len() >= parts * rule.minimum_contracts;
    let ratios: Vec<Decimal> = points.iter().map(|point| point.ratio).collect();
    let at = |part, parts| quantile(&ratios, part, parts);
    Some(Group {
        contracts: contracts.len(),
        with_finding: with_finding.len(),
        without_ratio: of.len() - points.len(),
        median: may_cut(2).then(|| at(1, 2)).flatten(),
        quartiles: may_cut(4).then(|| at(1, 4).zip(at(3, 4))).flatten(),
        tenths: may_cut(10).then(|| at(1, 10).zip(at(9, 10))).flatten(),
        points,
    })
}

/// The value below which `part` of `parts` of sorted figures lie, interpolated between its two neighbours (Hyndman and
/// Fan 1996, definition 7, which spreadsheets use too).
fn quantile(sorted: &[Decimal], part: usize, parts: usize) -> Option<Decimal> {
    let position = sorted.len().checked_sub(1)? * part;
    let (below, rest) = (position / parts, position % parts);
    let low = *sorted.get(below)?;
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    let share = Decimal::from(rest) / Decimal::from(parts);
    Some(rounded(low + (high - low) * share).normalize())
}

#[cfg(test)]
mod tests;
