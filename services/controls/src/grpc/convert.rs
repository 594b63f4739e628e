//! Between the wire and the domain, and nothing else.

use std::str::FromStr;

use kernel::{Reasons, Region};
use kit::timestamp;
use proto::{controls::v1 as pb, types::v1 as types};
use rpc::{Error, Violation, etag};
use time::{Date, macros::format_description};

use crate::{
    domain::{
        Comparison, ComparisonResult, Finding, FindingId, PolicyId,
        campaign::{Frozen, LateReason, Progress, State},
        compare::Severity,
        control::{Compared, ControlResult},
        finding::{self, Origin},
        pmsi::PmsiImport,
        tolerance::{Defect, Inconsistent},
        trace::{CalculationTrace, Sourced},
    },
    store::{Filter, campaign::Recorded, control::Control},
};

pub use kit::actor;

pub mod mission;
pub mod outcome;
pub mod peers;
pub mod policy;

/// A resource name of the expected collection.
pub fn name<N>(field: &str, text: &str) -> Result<N, Error>
where
    N: FromStr,
    N::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: N::Err| Error::invalid(field, error))
}

/// The same in a filter, where empty does not restrict.
pub fn optional_name<N>(field: &str, text: &str) -> Result<Option<N>, Error>
where
    N: FromStr,
    N::Err: std::fmt::Display,
{
    given(text).map(|text| name(field, text)).transpose()
}

/// A text of a filter, where empty does not restrict.
pub fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// What lists of what a campaign made are restricted to.
pub fn filter(region: &str, campaign: &str, contract: &str) -> Result<Filter, Error> {
    Ok(Filter {
        region: given(region).map(str::to_owned),
        campaign: optional_name("campaign", campaign)?,
        contract: optional_name("contract", contract)?,
    })
}

pub fn region(code: &str) -> Result<Region, Error> {
    code.parse()
        .map_err(|error| Error::invalid("region", error))
}

pub fn reasons(text: &str) -> Result<Reasons, Error> {
    text.to_owned()
        .try_into()
        .map_err(|error| Error::invalid("reasons", error))
}

/// A day written `YYYY-MM-DD`.
pub fn date(field: &str, text: &str) -> Result<Date, Error> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|error| Error::invalid(field, format!("{text:?} is not a date: {error}")))
}

/// Defects as violations, each with `path` before its field.
pub fn inconsistent(path: &str, Inconsistent(defects): Inconsistent) -> Error {
    let violation =
        |defect: Defect| Violation::new(format!("{path}{}", defect.field), defect.explanation);
    Error::Invalid(defects.into_iter().map(violation).collect())
}

/// Lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

pub fn campaign(recorded: &Recorded, progress: Progress) -> pb::Campaign {
    let campaign = &recorded.campaign;
    let state = match campaign.state {
        State::Planned => pb::CampaignState::Planned,
        State::Frozen(_) => pb::CampaignState::Frozen,
        State::Running(_) => pb::CampaignState::Running,
        State::Measured(_) => pb::CampaignState::Measured,
        State::Shared(..) => pb::CampaignState::Shared,
        State::Closed(..) => pb::CampaignState::Closed,
    };
    let shared = campaign.state.shared();
    pb::Campaign {
        name: campaign.id.to_string(),
        etag: etag::of(campaign.version),
        region: campaign.region.to_string(),
        year: campaign.year,
        tolerance_policy: campaign.policy.to_string(),
        state: state.into(),
        freeze_time: campaign
            .state
            .frozen()
            .map(|frozen| timestamp(frozen.freeze_time)),
        frozen: campaign
            .state
            .frozen()
            .map(|frozen| self::frozen(campaign.policy, frozen)),
        share_time: shared.map(|shared| timestamp(shared.at)),
        share_message: shared
            .map(|shared| shared.message.as_str().to_owned())
            .unwrap_or_default(),
        progress: Some(self::progress(progress)),
        position: position(campaign.version, progress),
        create_time: Some(timestamp(recorded.created_at)),
        update_time: Some(timestamp(recorded.updated_at)),
        allowed_actions: Vec::new(),
    }
}

pub fn frozen(policy: PolicyId, frozen: &Frozen) -> pb::FrozenData {
    pb::FrozenData {
        tolerance_policy: policy.to_string(),
        tolerance_policy_etag: etag::of(frozen.policy_version),
        received_before: Some(timestamp(frozen.freeze_time)),
        pmsi_version: frozen.pmsi.version.clone(),
        pmsi_imports: frozen.pmsi.imports.iter().map(pmsi_import).collect(),
        contracts: frozen.contracts.cast_signed(),
        target_sets: frozen.target_sets.cast_signed(),
        target_sets_sha256: hexadecimal(&frozen.target_sets_sha256),
    }
}

pub fn pmsi_import(import: &PmsiImport) -> pb::PmsiImport {
    pb::PmsiImport {
        import: import.import.clone(),
        pmsi_field: import.field.clone(),
        sha256: import.sha256.clone(),
        source: import.source.clone(),
        extraction_date: import.extraction_date.clone(),
        through_month: import.through_month,
        establishments: import.establishments,
    }
}

pub fn late_reason(reason: LateReason) -> pb::LateReason {
    match reason {
        LateReason::KnownAfterFreeze => pb::LateReason::KnownAfterFreeze,
        LateReason::TermChanged => pb::LateReason::TermChanged,
    }
}

pub fn progress(progress: Progress) -> pb::Progress {
    pb::Progress {
        contracts: progress.contracts.cast_signed(),
        measured: progress.measured.cast_signed(),
        conforming: progress.conforming.cast_signed(),
        deviating: progress.deviating.cast_signed(),
        not_assessable: progress.not_assessable.cast_signed(),
        findings: progress.findings.cast_signed(),
        late_contracts: progress.late.cast_signed(),
    }
}

/// See `Campaign.position`: two states that differ in anything that is told have two positions.
fn position(version: i64, progress: Progress) -> String {
    let Progress {
        contracts,
        measured,
        conforming,
        deviating,
        not_assessable,
        findings,
        late,
    } = progress;
    format!(
        "{version}.{contracts}.{measured}.{conforming}.{deviating}.{not_assessable}.{findings}.{late}"
    )
}

pub fn control(control: &Control) -> pb::Control {
    pb::Control {
        name: control.id.to_string(),
        region: control.region.clone(),
        campaign: control.campaign.to_string(),
        contract: control.contract.to_string(),
        year: control.year,
        result: control
            .result
            .map_or(pb::ControlResult::Scheduled, control_result)
            .into(),
        target_set: control
            .target_set
            .map(|(id, _)| id.to_string())
            .unwrap_or_default(),
        target_set_version: control
            .target_set
            .map(|(_, version)| version)
            .unwrap_or_default(),
        late_reason: control
            .late
            .map_or(pb::LateReason::Unspecified, late_reason)
            .into(),
        comparisons: control.comparisons.iter().map(comparison).collect(),
        measure_time: control.measured_at.map(timestamp),
        departments: Vec::new(),
        allowed_actions: Vec::new(),
    }
}

/// A control of a list: a page of 200 with every calculation would be too long for one message.
pub fn listed_control(control: &Control) -> pb::Control {
    let mut listed = self::control(control);
    listed
        .comparisons
        .iter_mut()
        .for_each(|comparison| comparison.trace = None);
    listed
}

pub fn control_result(result: ControlResult) -> pb::ControlResult {
    match result {
        ControlResult::Conforming => pb::ControlResult::Conforming,
        ControlResult::Deviating => pb::ControlResult::Deviating,
        ControlResult::NotAssessable => pb::ControlResult::NotAssessable,
    }
}

/// The stored text of a result asked for in a filter.
pub fn result_filter(result: pb::ControlResult) -> Option<&'static str> {
    match result {
        pb::ControlResult::Unspecified => None,
        pb::ControlResult::Scheduled => Some("scheduled"),
        pb::ControlResult::Conforming => Some(ControlResult::Conforming.as_str()),
        pb::ControlResult::Deviating => Some(ControlResult::Deviating.as_str()),
        pb::ControlResult::NotAssessable => Some(ControlResult::NotAssessable.as_str()),
    }
}

pub fn comparison(compared: &Compared) -> pb::Comparison {
    let Compared {
        comparison,
        finding,
    } = compared;
    let Comparison {
        objective,
        title,
        result,
        severity: gravity,
        trace,
        basis: _,
    } = comparison;
    pb::Comparison {
        objective: objective.clone(),
        title: title.clone(),
        result: comparison_result(*result).into(),
        severity: gravity
            .map_or(types::Severity::Unspecified, severity)
            .into(),
        trace: Some(self::trace(trace)),
        finding: finding
            .map(|id| FindingId(id).to_string())
            .unwrap_or_default(),
    }
}

fn comparison_result(result: ComparisonResult) -> pb::ComparisonResult {
    match result {
        ComparisonResult::Conforming => pb::ComparisonResult::Conforming,
        ComparisonResult::Below => pb::ComparisonResult::Below,
        ComparisonResult::Above => pb::ComparisonResult::Above,
        ComparisonResult::TooSmall => pb::ComparisonResult::TooSmall,
        ComparisonResult::UndecidedMasked => pb::ComparisonResult::UndecidedMasked,
        ComparisonResult::NoData => pb::ComparisonResult::NoData,
        ComparisonResult::NoTarget => pb::ComparisonResult::NoTarget,
        ComparisonResult::Neutralised => pb::ComparisonResult::Neutralised,
    }
}

pub fn severity(severity: Severity) -> types::Severity {
    match severity {
        Severity::Info => types::Severity::Info,
        Severity::Minor => types::Severity::Minor,
        Severity::Major => types::Severity::Major,
        Severity::Grave => types::Severity::Grave,
    }
}

/// A severity that a person names; unspecified names none.
pub fn given_severity(severity: types::Severity) -> Option<Severity> {
    match severity {
        types::Severity::Unspecified => None,
        types::Severity::Info => Some(Severity::Info),
        types::Severity::Minor => Some(Severity::Minor),
        types::Severity::Major => Some(Severity::Major),
        types::Severity::Grave => Some(Severity::Grave),
    }
}

pub fn origin(origin: Origin) -> pb::FindingOrigin {
    match origin {
        Origin::Computed => pb::FindingOrigin::Computed,
        Origin::Manual(_) => pb::FindingOrigin::Manual,
    }
}

/// The mission of a manual finding.
pub fn mission_of(origin: Origin) -> String {
    match origin {
        Origin::Computed => String::new(),
        Origin::Manual(mission) => mission.to_string(),
    }
}

pub fn trace(trace: &CalculationTrace) -> pb::CalculationTrace {
    let input = |line: &Sourced| pb::TraceInput {
        name: line.name.clone(),
        value: line.value.clone(),
        source: line.source.clone(),
    };
    let parameter = |line: &Sourced| pb::TraceParameter {
        name: line.name.clone(),
        value: line.value.clone(),
        source: line.source.clone(),
    };
    let step = |step: &crate::domain::trace::Step| pb::TraceStep {
        expression: step.expression.clone(),
        result: step.result.clone(),
    };
    pb::CalculationTrace {
        inputs: trace.inputs.iter().map(input).collect(),
        formula: trace.formula.clone(),
        parameters: trace.parameters.iter().map(parameter).collect(),
        steps: trace.steps.iter().map(step).collect(),
        rounding: trace.rounding.clone(),
        conclusion: trace.conclusion.clone(),
        contribution: trace.contribution.clone(),
    }
}

pub fn finding(finding: &Finding) -> pb::Finding {
    let facts = &finding.facts;
    let (state, withdrawal_reasons) = match &finding.state {
        finding::State::Raised => (pb::FindingState::Raised, String::new()),
        finding::State::Withdrawn { reasons, .. } => {
            (pb::FindingState::Withdrawn, reasons.as_str().to_owned())
        }
    };
    pb::Finding {
        name: finding.id.to_string(),
        etag: etag::of(finding.version),
        region: facts.region.to_string(),
        campaign: facts.campaign.to_string(),
        control: facts.control.to_string(),
        contract: facts.contract.to_string(),
        year: facts.year,
        objective: facts.objective.clone(),
        state: state.into(),
        severity: severity(facts.severity).into(),
        opposable: facts.opposable,
        penalty_eligible: facts.penalty_eligible,
        summary: facts.trace.conclusion.clone(),
        trace: Some(trace(&facts.trace)),
        raise_time: Some(timestamp(finding.raised_at)),
        withdrawal_reasons,
        origin: origin(facts.origin).into(),
        mission: mission_of(facts.origin),
        consecutive_years: i32::try_from(facts.consecutive_years).unwrap_or(i32::MAX),
        priority: facts.priority,
        legal_basis: facts.legal_basis.clone(),
        corrections: Vec::new(),
        allowed_actions: Vec::new(),
    }
}
