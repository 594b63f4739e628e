//! Counts that are too small to be told to the participants of a dialogue. The agency works with them; what a dialogue
//! keeps is read by every establishment that was invited.

use kernel::Decimal;

use super::{Evidence, PlanningRefusal, projection::Flow};
use crate::domain::Defect;

/// What a cited count may be followed by. Anything else makes a rate, a share or an amount of it.
const UNITS: [&str; 8] = [
    "", "cas", "séjour", "séjours", "patient", "patients", "séance", "séances",
];

/// Refuses flows of 1 to `largest_hidden` cases.
///
/// # Errors
/// [`PlanningRefusal::Defects`], one for each flow.
pub fn check_flows(flows: &[Flow], largest_hidden: u64) -> Result<(), PlanningRefusal> {
    let small = Decimal::ONE..=Decimal::from(largest_hidden);
    let flows = flows.iter().enumerate();
    refuse(
        flows
            .filter(|(_, flow)| small.contains(&flow.cases))
            .map(|(place, _)| format!("input.flows[{place}].cases")),
        largest_hidden,
        "add the flow to that of other producers, under one name",
    )
}

/// Refuses cited figures that are a count of 1 to `largest_hidden`.
///
/// # Errors
/// [`PlanningRefusal::Defects`], one for each figure.
pub fn check_cited(
    path: &str,
    evidence: &[Evidence],
    largest_hidden: u64,
) -> Result<(), PlanningRefusal> {
    let cited = evidence.iter().enumerate();
    refuse(
        cited
            .filter(|(_, cited)| {
                count(&cited.figure).is_some_and(|c| (1..=largest_hidden).contains(&c))
            })
            .map(|(place, _)| format!("{path}.evidence[{place}].figure")),
        largest_hidden,
        "cite a larger whole, or say that it is below the threshold",
    )
}

/// The count that a figure is, in words of people.
fn count(figure: &str) -> Option<u64> {
    let figure = figure.trim();
    let end = figure
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(figure.len());
    let (number, unit) = figure.split_at_checked(end)?;
    let is_count = UNITS.contains(&unit.trim().to_lowercase().as_str());
    number.parse().ok().filter(|_| is_count)
}

fn refuse(
    fields: impl Iterator<Item = String>,
    largest_hidden: u64,
    what_to_do: &str,
) -> Result<(), PlanningRefusal> {
    let defects: Vec<Defect> = fields
        .map(|field| Defect {
            field,
            reason: "SMALL_COUNT",
            explanation: format!(
                "establishments read what a dialogue keeps, and counts of 1 to {largest_hidden} stay at the agency: {what_to_do}"
            ),
        })
        .collect();
    super::sound(defects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::planning::EvidenceKind;

    fn flow(cases: &str) -> Flow {
        Flow {
            territory: "A".to_owned(),
            producer: "B".to_owned(),
            cases: cases.parse().unwrap(),
        }
    }

    fn fields(result: Result<(), PlanningRefusal>) -> Vec<String> {
        match result {
            Err(PlanningRefusal::Defects(defects)) => {
                defects.into_iter().map(|defect| defect.field).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn small_flows_are_named_and_negotiated_shares_are_not_counts() {
        let flows = ["800", "10", "0", "11", "0.25", "1"].map(flow);
        assert_eq!(
            fields(check_flows(&flows, 10)),
            ["input.flows[1].cases", "input.flows[5].cases"]
        );
    }

    #[test]
    fn a_small_count_is_not_cited_and_a_rate_is() {
        let cited = |figure: &str| Evidence {
            kind: EvidenceKind::CaseMix,
            reference: String::new(),
            locator: String::new(),
            figure: figure.to_owned(),
        };
        let evidence = [
            "7",
            "7 séjours",
            "98,4 pour 1 000",
            "3 %",
            "12",
            "",
            "séjours",
            "1 250 séjours",
            "2 Patients",
        ]
        .map(cited);
        assert_eq!(
            fields(check_cited("finding", &evidence, 10)),
            [0, 1, 8].map(|place| format!("finding.evidence[{place}].figure"))
        );
    }
}
