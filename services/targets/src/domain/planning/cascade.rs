//! From the framework of a region down to its contracts: what the levels below add up to, and the gap.
//!
//! Nothing is enforced by it. Volumes of contracts are compared with the framework, never forced to fit it.

use kernel::Decimal;

use super::{Inflection, Line, RegionalFramework};
use crate::domain::{ContractId, Objective, Target};

/// The target set of a contract in effect on the day that is looked at.
#[derive(Debug, Clone)]
pub struct SetInEffect {
    pub contract: ContractId,
    /// The only legal entity of the contract, when it has one only.
    pub only_entity: Option<kernel::Finess>,
    pub objectives: Vec<Objective>,
}

/// One line of the framework beside the levels below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cascade {
    pub line: Line,
    pub target: Decimal,
    /// Agreed inflections that are counted, and what they change.
    pub inflections: usize,
    pub inflections_change: Decimal,
    pub inflections_gap: Decimal,
    pub contracts: usize,
    pub contracts_without_target: usize,
    /// The contracts’ targets added up; an interval where some are bands.
    pub lower: Decimal,
    pub upper: Decimal,
    pub contracts_gap: Decimal,
    /// Share without a night of the contracts’ targets and its distance to the one aimed at, in points.
    pub ambulatory: Option<(Decimal, Decimal)>,
}

/// Adds up, line by line in the order of the framework.
pub fn cascade(
    framework: &RegionalFramework,
    inflections: &[Inflection],
    sets: &[SetInEffect],
) -> Vec<Cascade> {
    framework
        .lines
        .iter()
        .map(|line| one_line(line, inflections, sets))
        .collect()
}

fn one_line(line: &Line, inflections: &[Inflection], sets: &[SetInEffect]) -> Cascade {
    let target = line.target();
    let counted: Vec<&Inflection> = inflections
        .iter()
        .filter(|inflection| {
            let proposal = &inflection.proposal;
            (
                proposal.activity.as_str(),
                proposal.mode,
                &proposal.indicator,
            ) == (line.activity.as_str(), line.mode, &line.indicator)
                && proposal.horizon <= line.target_year
        })
        .collect();
    let inflections_change: Decimal = counted
        .iter()
        .map(|inflection| inflection.proposal.to_value - inflection.proposal.from_value)
        .sum();
    let totals: Vec<(Decimal, Decimal)> = sets
        .iter()
        .filter_map(|set| total(set, &line.indicator, line.target_year))
        .collect();
    let lower: Decimal = totals.iter().map(|(lower, _)| lower).sum();
    let upper: Decimal = totals.iter().map(|(_, upper)| upper).sum();
    let middle = (lower + upper) / Decimal::TWO;
    let ambulatory = line.ambulatory.as_ref().and_then(|share| {
        let part: Decimal = sets
            .iter()
            .filter_map(|set| total(set, &share.indicator, line.target_year))
            .map(|(lower, upper)| (lower + upper) / Decimal::TWO)
            .sum();
        let reached = (part * Decimal::ONE_HUNDRED).checked_div(middle)?;
        Some((reached, reached - share.percent))
    });
    Cascade {
        line: line.clone(),
        target,
        inflections: counted.len(),
        inflections_change,
        inflections_gap: line.baseline + inflections_change - target,
        contracts: totals.len(),
        contracts_without_target: sets.len() - totals.len(),
        lower,
        upper,
        contracts_gap: middle - target,
        ambulatory,
    }
}

/// What a contract aims at for an indicator in a year, when it aims at something. An objective on the only legal
/// entity of a contract speaks for its sites, which are then not counted again.
pub fn total(set: &SetInEffect, indicator: &str, year: i16) -> Option<(Decimal, Decimal)> {
    let counting: Vec<(&Objective, (Decimal, Decimal))> = set
        .objectives
        .iter()
        .filter(|objective| objective.indicator == indicator)
        .filter_map(|objective| Some((objective, bounds_of(objective, year)?)))
        .collect();
    let whole = counting
        .iter()
        .find(|(objective, _)| Some(objective.subject) == set.only_entity);
    if let Some((_, bounds)) = whole {
        return Some(*bounds);
    }
    if counting.is_empty() {
        return None;
    }
    let lower = counting.iter().map(|(_, (lower, _))| lower).sum();
    let upper = counting.iter().map(|(_, (_, upper))| upper).sum();
    Some((lower, upper))
}

/// What an objective aims at in a year: equal for a point, the two ends of a band.
pub fn bounds_of(objective: &Objective, year: i16) -> Option<(Decimal, Decimal)> {
    let yearly = objective.yearly.iter().find(|yearly| yearly.year == year)?;
    Some(match yearly.target {
        Target::Point(value) => (value, value),
        Target::Band { min, max } => (min, max),
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{
        Unit, YearlyTarget,
        objective::tests::an_objective,
        planning::{
            ActivityMode,
            framework::{
                AmbulatoryShare,
                tests::{a_line, drafted},
            },
            inflection::tests::an_inflection,
        },
    };

    /// A set whose objectives aim at these bounds in 2026.
    pub(crate) fn a_set(aims: &[(&str, &str, Target)]) -> SetInEffect {
        let objectives = aims
            .iter()
            .enumerate()
            .map(|(place, (subject, indicator, target))| {
                let mut objective = an_objective(&format!("o{place}"));
                objective.subject = subject.parse().unwrap();
                objective.indicator = (*indicator).to_owned();
                objective.unit = Unit::Stays;
                objective.yearly = vec![YearlyTarget {
                    year: 2026,
                    target: *target,
                }];
                objective
            })
            .collect();
        SetInEffect {
            contract: ContractId::generate(),
            only_entity: Some("130786049".parse().unwrap()),
            objectives,
        }
    }

    fn point(value: i64) -> Target {
        Target::Point(value.into())
    }

    const SITE: &str = "010000040";
    const ENTITY: &str = "130786049";

    #[test]
    fn contracts_and_inflections_are_added_up_beside_the_framework() {
        let mut line = a_line("CHIRURGIE");
        line.ambulatory = Some(AmbulatoryShare {
            percent: 50.into(),
            indicator: "MCO_DAY_STAYS".to_owned(),
        });
        let mut framework = drafted(vec![a_line("CHIRURGIE")]).unwrap();
        framework.lines = vec![line];
        let band = Target::Band {
            min: 300.into(),
            max: 500.into(),
        };
        let sets = [
            a_set(&[
                (SITE, "MCO_STAYS", point(400)),
                (SITE, "MCO_DAY_STAYS", point(320)),
            ]),
            a_set(&[(SITE, "MCO_STAYS", band)]),
            a_set(&[(SITE, "MCO_SESSIONS", point(7))]),
        ];
        let mut early = an_inflection();
        early.proposal.horizon = 2026;
        let mut late = an_inflection();
        late.proposal.horizon = 2027;
        let mut other = an_inflection();
        other.proposal.mode = ActivityMode::Ambulatory;
        let [line] = cascade(&framework, &[early, late, other], &sets)
            .try_into()
            .unwrap();
        assert_eq!(line.target, 1025.into());
        assert_eq!((line.inflections, line.inflections_change), (1, 50.into()));
        assert_eq!(line.inflections_gap, 25.into());
        assert_eq!((line.contracts, line.contracts_without_target), (2, 1));
        assert_eq!((line.lower, line.upper), (700.into(), 900.into()));
        assert_eq!(line.contracts_gap, (-225).into());
        assert_eq!(line.ambulatory, Some((40.into(), (-10).into())));
    }

    #[test]
    fn the_only_legal_entity_speaks_for_its_sites() {
        let mut set = a_set(&[
            (ENTITY, "MCO_STAYS", point(1000)),
            (SITE, "MCO_STAYS", point(600)),
        ]);
        assert_eq!(
            total(&set, "MCO_STAYS", 2026),
            Some((1000.into(), 1000.into()))
        );
        set.only_entity = None;
        assert_eq!(
            total(&set, "MCO_STAYS", 2026),
            Some((1600.into(), 1600.into()))
        );
        assert_eq!(total(&set, "MCO_STAYS", 2027), None);
    }
}
