//! Domain events as the public events of `proto/cpom/controls/v1/events.proto`.

use ::store::{Error, Fact};
use kit::timestamp;
use prost::Message as _;
use proto::controls::v1 as pb;

use crate::{
    domain::{
        Campaign, Finding,
        campaign::{self, Start},
        finding,
    },
    grpc::convert,
    store::{control::Outcome, tolerance_policy::Policy},
};

/// A policy was recorded.
pub fn policy_created(policy: &Policy) -> Result<Fact, Error> {
    let event = pb::TolerancePolicyCreated {
        region: policy.region.to_string(),
        rules: Some(convert::rules_message(&policy.rules)),
        reasons: policy.reasons.clone(),
    };
    let fact = Fact::new(
        "tolerance_policy",
        policy.id,
        1,
        policy.id,
        policy.region,
        &event,
    )?;
    Ok(fact.because(policy.reasons.clone()))
}

/// An event of a campaign, which it brought to `campaign`.
pub fn campaign(campaign: &Campaign, event: &campaign::Event) -> Result<Fact, Error> {
    match event {
        campaign::Event::Planned {
            region,
            year,
            policy,
        } => campaign_fact(
            campaign,
            &pb::CampaignPlanned {
                region: region.to_string(),
                year: *year,
                tolerance_policy: policy.to_string(),
            },
        ),
        campaign::Event::Started(Start {
            freeze_time,
            contracts,
        }) => campaign_fact(
            campaign,
            &pb::CampaignStarted {
                freeze_time: Some(timestamp(*freeze_time)),
                contracts: contracts.cast_signed(),
            },
        ),
        campaign::Event::Measured { progress } => campaign_fact(
            campaign,
            &pb::CampaignMeasured {
                progress: Some(convert::progress(*progress)),
            },
        ),
        campaign::Event::Closed => campaign_fact(campaign, &pb::CampaignClosed {}),
    }
}

fn campaign_fact<M: prost::Message + prost::Name>(
    campaign: &Campaign,
    event: &M,
) -> Result<Fact, Error> {
    Fact::new(
        "campaign",
        campaign.id,
        campaign.version,
        campaign.id,
        campaign.region,
        event,
    )
}

/// An event must fit in a message of the broker (1 MiB by default), envelope included.
const LONGEST_COMPARISONS: usize = 512 * 1024;

/// A contract was controlled.
pub fn control_measured(campaign: &Campaign, outcome: &Outcome) -> Result<Fact, Error> {
    let event = measured(campaign, outcome);
    Fact::new(
        "control",
        outcome.id,
        1,
        outcome.contract,
        campaign.region,
        &event,
    )
}

/// The calculations travel with the event, unless there are too many of them for one message: then they stay
/// in the control, and in the findings, whose events carry one each.
fn measured(campaign: &Campaign, outcome: &Outcome) -> pb::ControlMeasured {
    let mut event = pb::ControlMeasured {
        region: campaign.region.to_string(),
        campaign: campaign.id.to_string(),
        contract: outcome.contract.to_string(),
        year: campaign.year,
        result: convert::control_result(outcome.measured.result).into(),
        target_set: outcome
            .target_set
            .map(|id| id.to_string())
            .unwrap_or_default(),
        comparisons: outcome
            .measured
            .comparisons
            .iter()
            .map(convert::comparison)
            .collect(),
    };
    if event.encoded_len() > LONGEST_COMPARISONS {
        event
            .comparisons
            .iter_mut()
            .for_each(|comparison| comparison.trace = None);
    }
    event
}

/// An event of a finding, which it brought to `finding`.
pub fn finding(finding: &Finding, event: &finding::Event) -> Result<Fact, Error> {
    let facts = &finding.facts;
    match event {
        finding::Event::Raised(facts) => finding_fact(
            finding,
            &pb::FindingRaised {
                region: facts.region.to_string(),
                campaign: facts.campaign.to_string(),
                control: facts.control.to_string(),
                contract: facts.contract.to_string(),
                year: facts.year,
                objective: facts.objective.clone(),
                severity: convert::severity(facts.severity).into(),
                opposable: facts.opposable,
                penalty_eligible: facts.penalty_eligible,
                summary: facts.trace.conclusion.clone(),
                trace: Some(convert::trace(&facts.trace)),
            },
        ),
        finding::Event::Withdrawn { reasons, .. } => {
            let event = pb::FindingWithdrawn {
                contract: facts.contract.to_string(),
                campaign: facts.campaign.to_string(),
                reasons: reasons.as_str().to_owned(),
            };
            Ok(finding_fact(finding, &event)?.because(reasons.as_str()))
        }
    }
}

fn finding_fact<M: prost::Message + prost::Name>(
    finding: &Finding,
    event: &M,
) -> Result<Fact, Error> {
    let facts = &finding.facts;
    Fact::new(
        "finding",
        finding.id,
        finding.version,
        facts.contract,
        facts.region,
        event,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        CampaignId, ContractId, ControlId, FindingId, PolicyId, compare,
        control::Measured,
        trace::{CalculationTrace, Sourced},
    };

    /// A control of `objectives` objectives, each computed from `inputs` values.
    fn event_of(objectives: usize, inputs: usize) -> pb::ControlMeasured {
        let line = Sourced {
            name: "MCO_STAYS 130786049 2024-05".into(),
            value: "1234".into(),
            source: "submissions/0198c0de-0000-7000-8000-000000000009, lot 3, reçu le 2025-02-01"
                .into(),
        };
        let trace = CalculationTrace {
            inputs: vec![line; inputs],
            formula: String::new(),
            parameters: vec![],
            steps: vec![],
            rounding: String::new(),
            conclusion: String::new(),
            contribution: String::new(),
        };
        let comparison = compare::Comparison {
            objective: "stays".into(),
            title: "Séjours".into(),
            result: compare::ComparisonResult::Conforming,
            severity: None,
            trace,
        };
        let region = "93".parse().unwrap();
        let campaign =
            Campaign::planned(CampaignId::generate(), region, 2024, PolicyId::generate());
        let outcome = Outcome {
            id: ControlId::generate(),
            contract: ContractId::generate(),
            target_set: None,
            measured: Measured::conclude(vec![comparison; objectives], FindingId::generate),
        };
        measured(&campaign, &outcome)
    }

    #[test]
    fn the_largest_control_fits_in_a_message_of_the_broker() {
        for (objectives, inputs, carried) in [(30, 12, true), (200, 12, true), (200, 240, false)] {
            let event = event_of(objectives, inputs);
            assert_eq!(event.comparisons.len(), objectives);
            assert_eq!(event.comparisons.iter().all(|c| c.trace.is_some()), carried);
            let json = proto::json::to_value(&event, false).unwrap().to_string();
            assert!(json.len() < 1_000_000, "{} bytes", json.len());
        }
    }
}
