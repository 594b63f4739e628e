//! Explanations, corrections and outcomes.

use kit::timestamp;
use proto::controls::v1 as pb;
use rpc::etag;

use super::{actor, pmsi_import, severity};
use crate::{
    domain::{
        Campaign, ControlId, Finding,
        explanation::prose,
        outcome::{self, Stage, Step},
    },
    store::finding_correction::Recorded,
};

pub fn correction(recorded: &Recorded) -> pb::FindingCorrection {
    pb::FindingCorrection {
        reasons: recorded.reasons.clone(),
        author: Some(actor(&recorded.author)),
        correct_time: Some(timestamp(recorded.at)),
        previous_severity: severity(recorded.previous_severity).into(),
        previous_summary: recorded.previous_summary.clone(),
        severity: severity(recorded.severity).into(),
    }
}

/// A finding explained, as it stands.
pub fn explanation(finding: &Finding, campaign: &Campaign) -> pb::Explanation {
    let trace = super::trace(&finding.facts.trace);
    let frozen = campaign.state.frozen();
    let pmsi = frozen.map(|frozen| &frozen.pmsi);
    pb::Explanation {
        finding: finding.id.to_string(),
        finding_etag: etag::of(finding.version),
        text: prose(finding, pmsi),
        contribution: trace.contribution,
        data: trace.inputs,
        parameters: trace.parameters,
        formula: trace.formula,
        operations: trace.steps,
        rounding: trace.rounding,
        campaign: campaign.id.to_string(),
        tolerance_policy: campaign.policy.to_string(),
        received_before: frozen.map(|frozen| timestamp(frozen.freeze_time)),
        pmsi_version: pmsi.map(|pmsi| pmsi.version.clone()).unwrap_or_default(),
        pmsi_imports: pmsi.map_or_else(Vec::new, |pmsi| {
            pmsi.imports.iter().map(pmsi_import).collect()
        }),
    }
}

pub fn control_outcome(control: ControlId, stage: Stage, steps: &[Step]) -> pb::ControlOutcome {
    pb::ControlOutcome {
        control: control.to_string(),
        stage: self::stage(stage).into(),
        outcome: outcome::outcome(steps).to_owned(),
        steps: steps.iter().map(step).collect(),
        summary: outcome::summary(stage).to_owned(),
    }
}

fn stage(stage: Stage) -> pb::ControlStage {
    match stage {
        Stage::Scheduled => pb::ControlStage::Scheduled,
        Stage::NothingRaised => pb::ControlStage::NothingRaised,
        Stage::FindingsRaised => pb::ControlStage::FindingsRaised,
        Stage::UnderReview => pb::ControlStage::UnderReview,
        Stage::Concluded => pb::ControlStage::Concluded,
        Stage::DecisionAwaited => pb::ControlStage::DecisionAwaited,
        Stage::Decided => pb::ControlStage::Decided,
        Stage::UnderAppeal => pb::ControlStage::UnderAppeal,
        Stage::AppealDecided => pb::ControlStage::AppealDecided,
    }
}

fn step(step: &Step) -> pb::OutcomeStep {
    pb::OutcomeStep {
        time: Some(timestamp(step.at)),
        resource: step.resource.clone(),
        event: step.event.clone(),
        description: step.description(),
        actor: step.actor.clone(),
        outcome: step.outcome.clone(),
    }
}
