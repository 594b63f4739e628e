//! Domain events as the public events of `proto/cpom/controls/v1/events.proto`.

use ::store::{Error, Fact};
use kernel::{Actor, Region};
use kit::timestamp;
use proto::controls::v1 as pb;
use sha2::{Digest as _, Sha256};

use crate::{
    domain::{
        Campaign, Finding, FindingId, Mission, Policy, ProgrammeId, campaign, finding, mission,
        policy,
    },
    grpc::convert,
    store::control::Outcome,
};

/// An event of a policy, which it brought to `policy`.
pub fn policy(policy: &Policy, event: &policy::Event) -> Result<Fact, Error> {
    match event {
        policy::Event::Created => {
            let created = pb::TolerancePolicyCreated {
                region: policy.region.to_string(),
                rules: Some(convert::policy::rules_message(&policy.rules)),
                reasons: policy.reasons.clone(),
            };
            Ok(policy_fact(policy, &created)?.because(policy.reasons.clone()))
        }
        policy::Event::Simulated(simulations) => {
            let simulations = simulations
                .iter()
                .map(convert::policy::simulation)
                .collect();
            policy_fact(policy, &pb::TolerancePolicySimulated { simulations })
        }
        policy::Event::Adopted { adoption, replaces } => policy_fact(
            policy,
            &pb::TolerancePolicyAdopted {
                effect_date: adoption.effect_date.to_string(),
                replaces: replaces.map(|id| id.to_string()).unwrap_or_default(),
                reasons: policy.reasons.clone(),
            },
        ),
        policy::Event::Replaced { from, by } => policy_fact(
            policy,
            &pb::TolerancePolicyReplaced {
                replace_date: from.to_string(),
                replaced_by: by.to_string(),
            },
        ),
    }
}

fn policy_fact<M: prost::Message + prost::Name>(policy: &Policy, event: &M) -> Result<Fact, Error> {
    Fact::new(
        "tolerance_policy",
        policy.id,
        policy.version,
        policy.id,
        policy.region,
        event,
    )
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
        campaign::Event::Frozen(frozen) => campaign_fact(
            campaign,
            &pb::CampaignFrozen {
                frozen: Some(convert::frozen(campaign.policy, frozen)),
            },
        ),
        campaign::Event::Started => {
            let frozen = campaign.state.frozen();
            let started = pb::CampaignStarted {
                freeze_time: frozen.map(|frozen| timestamp(frozen.freeze_time)),
                contracts: frozen.map_or(0, |frozen| frozen.contracts.cast_signed()),
            };
            campaign_fact(campaign, &started)
        }
        campaign::Event::LateListed {
            contract,
            reason,
            control,
        } => campaign_fact(
            campaign,
            &pb::LateContractListed {
                contract: contract.to_string(),
                reason: convert::late_reason(*reason).into(),
                control: control.map(|id| id.to_string()).unwrap_or_default(),
            },
        ),
        campaign::Event::Shared(shared) => {
            let message = shared.message.as_str().to_owned();
            campaign_fact(campaign, &pb::CampaignShared { message })
        }
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

/// The calculations stay with the control, and travel with the findings; the event carries their hash, so that
/// they are proved with it.
fn measured(campaign: &Campaign, outcome: &Outcome) -> pb::ControlMeasured {
    let without_trace = |compared| pb::Comparison {
        trace: None,
        ..convert::comparison(compared)
    };
    let (target_set, version) = outcome.target_set.unzip();
    pb::ControlMeasured {
        region: campaign.region.to_string(),
        campaign: campaign.id.to_string(),
        contract: outcome.contract.to_string(),
        year: campaign.year,
        result: convert::control_result(outcome.measured.result).into(),
        target_set: target_set.map(|id| id.to_string()).unwrap_or_default(),
        comparisons: outcome
            .measured
            .comparisons
            .iter()
            .map(without_trace)
            .collect(),
        comparisons_sha256: convert::hexadecimal(&Sha256::digest(&outcome.comparisons)),
        target_set_version: version.unwrap_or_default(),
    }
}

/// An event of a finding, which it brought to `finding`. `controllers` are those who established it, told when it is
/// raised.
pub fn finding(
    finding: &Finding,
    event: &finding::Event,
    controllers: &[Actor],
) -> Result<Fact, Error> {
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
                origin: convert::origin(facts.origin).into(),
                mission: convert::mission_of(facts.origin),
                controllers: controllers.iter().map(convert::actor).collect(),
                consecutive_years: i32::try_from(facts.consecutive_years).unwrap_or(i32::MAX),
                priority: facts.priority,
                legal_basis: facts.legal_basis.clone(),
            },
        ),
        finding::Event::Corrected(correction) => {
            let event = pb::FindingCorrected {
                contract: facts.contract.to_string(),
                campaign: facts.campaign.to_string(),
                objective: facts.objective.clone(),
                previous_severity: convert::severity(correction.previous_severity).into(),
                severity: convert::severity(correction.severity).into(),
                opposable: facts.opposable,
                penalty_eligible: facts.penalty_eligible,
                summary: correction.trace.conclusion.clone(),
                trace: Some(convert::trace(&correction.trace)),
                reasons: correction.reasons.as_str().to_owned(),
            };
            Ok(finding_fact(finding, &event)?.because(correction.reasons.as_str()))
        }
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

/// A programme was recorded.
pub fn programme(id: ProgrammeId, region: Region, recorded: &pb::Programme) -> Result<Fact, Error> {
    let programme = Some(recorded.clone());
    Fact::new(
        "programme",
        id,
        1,
        id,
        region,
        &pb::ProgrammeRecorded { programme },
    )
}

/// A mission was opened.
pub fn mission_opened(mission: &Mission, opened: &pb::Mission) -> Result<Fact, Error> {
    let event = pb::MissionOpened {
        mission: Some(pb::Mission {
            team: Vec::new(),
            ..opened.clone()
        }),
        team: mission.controllers().iter().map(convert::actor).collect(),
    };
    mission_fact(mission, &event)
}

/// A file was added to a mission, which it brought to `mission`.
pub fn evidence_added(mission: &Mission, added: &pb::Evidence) -> Result<Fact, Error> {
    let evidence = Some(added.clone());
    mission_fact(mission, &pb::EvidenceAdded { evidence })
}

/// A remark or a deviation was recorded, which it brought to `mission`.
pub fn remark_recorded(mission: &Mission, recorded: &pb::Remark) -> Result<Fact, Error> {
    let remark = Some(recorded.clone());
    mission_fact(mission, &pb::RemarkRecorded { remark })
}

/// A mission is over, with its findings.
pub fn mission_reported(mission: &Mission, findings: &[FindingId]) -> Result<Fact, Error> {
    let conclusions = ending(mission);
    let event = pb::MissionReported {
        conclusions: conclusions.clone(),
        findings: findings.iter().map(ToString::to_string).collect(),
    };
    Ok(mission_fact(mission, &event)?.because(conclusions))
}

/// A mission was cancelled.
pub fn mission_cancelled(mission: &Mission) -> Result<Fact, Error> {
    let reasons = ending(mission);
    let event = pb::MissionCancelled {
        reasons: reasons.clone(),
    };
    Ok(mission_fact(mission, &event)?.because(reasons))
}

fn ending(mission: &Mission) -> String {
    match &mission.state {
        mission::State::Open => String::new(),
        mission::State::Reported { conclusions, .. } => conclusions.as_str().to_owned(),
        mission::State::Cancelled { reasons, .. } => reasons.as_str().to_owned(),
    }
}

fn mission_fact<M: prost::Message + prost::Name>(
    mission: &Mission,
    event: &M,
) -> Result<Fact, Error> {
    Fact::new(
        "mission",
        mission.id,
        mission.version,
        mission.contract,
        mission.region,
        event,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        CampaignId, ContractId, ControlId, PolicyId, compare,
        control::Measured,
        trace::{CalculationTrace, Sourced},
    };

    /// A control of `objectives` objectives, each computed from `inputs` values.
    fn outcome(objectives: usize, inputs: usize) -> Outcome {
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
            basis: None,
        };
        let measured = Measured::conclude(vec![comparison; objectives], FindingId::generate);
        Outcome {
            id: ControlId::generate(),
            contract: ContractId::generate(),
            target_set: None,
            comparisons: serde_json::to_string(&measured.comparisons).unwrap(),
            measured,
        }
    }

    #[test]
    fn the_largest_control_fits_in_a_message_of_the_broker_and_proves_its_calculations() {
        let region = "93".parse().unwrap();
        let campaign =
            Campaign::planned(CampaignId::generate(), region, 2024, PolicyId::generate());
        let outcome = outcome(200, 240);
        let event = measured(&campaign, &outcome);
        assert_eq!(event.comparisons.len(), 200);
        let json = proto::json::to_value(&event, false).unwrap().to_string();
        assert!(json.len() < 1_000_000, "{} bytes", json.len());
        let kept = convert::hexadecimal(&Sha256::digest(&outcome.comparisons));
        assert_eq!(event.comparisons_sha256, kept);
    }
}
