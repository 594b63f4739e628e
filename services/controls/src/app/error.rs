//! How each refusal of the domain appears on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::domain::Refusal;

/// How long a caller waits before it asks again whether the copies are complete.
const COPY_RETRY: Duration = Duration::from_millis(100);

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        let precondition = |reason| Reason::new(reason, Code::FailedPrecondition);
        match self {
            Self::CampaignState { actual, needed } => precondition("WRONG_STATE")
                .with("state", actual)
                .with("needed", needed),
            Self::YearNotOver { year, today } => precondition("YEAR_NOT_OVER")
                .with("year", year)
                .with("today", today),
            Self::DataNotFrozen { year } => precondition("DATA_NOT_FROZEN").with("year", year),
            Self::PolicyNotInEffect { policy, today } => precondition("POLICY_NOT_IN_EFFECT")
                .with("policy", policy)
                .with("today", today),
            Self::PolicyNotSimulated => precondition("POLICY_NOT_SIMULATED"),
            Self::PolicyRetroactive { effect, today } => precondition("POLICY_RETROACTIVE")
                .with("effect_date", effect)
                .with("today", today),
            Self::PolicyAdopted { effect } => {
                precondition("POLICY_ADOPTED").with("effect_date", effect)
            }
            Self::PolicyOverlap => precondition("POLICY_OVERLAP"),
            Self::PolicyNotReplaceable { policy } => {
                precondition("POLICY_NOT_REPLACEABLE").with("policy", policy)
            }
            Self::YearNotMeasured { year } => precondition("YEAR_NOT_MEASURED").with("year", year),
            Self::NothingMeasured => precondition("NOTHING_MEASURED"),
            Self::UnreadObservations { reviews } => {
                precondition("UNREAD_OBSERVATIONS").with("reviews", reviews)
            }
            Self::MissionsOpen { missions } => {
                precondition("MISSIONS_OPEN").with("missions", missions)
            }
            Self::CorrectionConforms => precondition("CORRECTION_CONFORMS"),
            Self::CorrectionEmpty => precondition("CORRECTION_EMPTY"),
            Self::CorrectionKind { origin, needed } => precondition("CORRECTION_KIND")
                .with("origin", origin)
                .with("needed", needed),
            Self::NotControlled { contract, campaign } => precondition("NOT_CONTROLLED")
                .with("contract", contract)
                .with("campaign", campaign),
            Self::MissionCampaignClosed => precondition("MISSION_CAMPAIGN_CLOSED"),
            Self::MissionOutOfDate { first, last, today } => precondition("MISSION_OUT_OF_DATE")
                .with("start_date", first)
                .with("end_date", last)
                .with("today", today),
            Self::NotOnMission => Reason::new("NOT_ON_MISSION", Code::PermissionDenied),
            Self::MissionOver { state } => precondition("MISSION_OVER").with("state", state),
            Self::MissionFull { what } => {
                Reason::new("MISSION_FULL", Code::ResourceExhausted).with("what", what)
            }
            Self::NotAllMeasured { remaining } => {
                precondition("NOT_ALL_MEASURED").with("remaining", remaining)
            }
            Self::PolicyDoesNotCover { year, first, last } => precondition("POLICY_OUT_OF_YEARS")
                .with("year", year)
                .with("first_year", first)
                .with("last_year", last),
            Self::PolicyOfOtherRegion { policy, campaign } => {
                precondition("POLICY_OF_OTHER_REGION")
                    .with("policy", policy)
                    .with("campaign", campaign)
            }
            Self::CampaignOpen { region, year } => {
                Reason::new("CAMPAIGN_OPEN", Code::AlreadyExists)
                    .with("region", region)
                    .with("year", year)
            }
            Self::CopyNotReady { owner } => precondition("COPY_NOT_READY")
                .with("owner", owner)
                .retry_after(COPY_RETRY),
            Self::CopyBehind {
                contracts,
                target_sets,
            } => precondition("COPY_BEHIND")
                .with("contracts", contracts)
                .with("target_sets", target_sets)
                .retry_after(COPY_RETRY),
            Self::PmsiVersionNotHeld { meant, held } => precondition("PMSI_VERSION_NOT_HELD")
                .with("meant", meant)
                .with("held", held),
            Self::FindingWithdrawn { on } => precondition("FINDING_WITHDRAWN")
                .with("state", "withdrawn")
                .with("on", on),
        }
    }
}

/// The reasons of this service, for `docs/ERRORS.md`.
pub const REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the campaign again; the step was done already or comes later",
    ),
    ReasonDoc::new(
        "YEAR_NOT_OVER",
        Code::FailedPrecondition,
        "freeze the campaign once the year is over in the region",
    ),
    ReasonDoc::new(
        "DATA_NOT_FROZEN",
        Code::FailedPrecondition,
        "freeze the data with FreezeCampaign first",
    ),
    ReasonDoc::new(
        "NOT_ALL_MEASURED",
        Code::FailedPrecondition,
        "follow the campaign with WatchCampaign until it is measured",
    ),
    ReasonDoc::new(
        "UNREAD_OBSERVATIONS",
        Code::FailedPrecondition,
        "examine the observations of these reviews first",
    ),
    ReasonDoc::new(
        "MISSIONS_OPEN",
        Code::FailedPrecondition,
        "report or cancel these missions first",
    ),
    ReasonDoc::new(
        "POLICY_OUT_OF_YEARS",
        Code::FailedPrecondition,
        "choose or record a policy that covers the year",
    ),
    ReasonDoc::new(
        "POLICY_OF_OTHER_REGION",
        Code::FailedPrecondition,
        "choose or record a policy of the region",
    ),
    ReasonDoc::new(
        "POLICY_NOT_IN_EFFECT",
        Code::FailedPrecondition,
        "adopt the policy, wait for its day, or plan the campaign with another",
    ),
    ReasonDoc::new(
        "POLICY_NOT_SIMULATED",
        Code::FailedPrecondition,
        "simulate the policy with SimulateTolerancePolicy first",
    ),
    ReasonDoc::new(
        "POLICY_RETROACTIVE",
        Code::FailedPrecondition,
        "choose today or a later day",
    ),
    ReasonDoc::new(
        "POLICY_ADOPTED",
        Code::FailedPrecondition,
        "record another policy that replaces it",
    ),
    ReasonDoc::new(
        "POLICY_OVERLAP",
        Code::FailedPrecondition,
        "name the policy to replace, or choose other years",
    ),
    ReasonDoc::new(
        "POLICY_NOT_REPLACEABLE",
        Code::FailedPrecondition,
        "name the adopted policy that covers these years",
    ),
    ReasonDoc::new(
        "YEAR_NOT_MEASURED",
        Code::FailedPrecondition,
        "simulate on a year that a campaign has measured",
    ),
    ReasonDoc::new(
        "NOTHING_MEASURED",
        Code::FailedPrecondition,
        "adopt the policy without a simulation, or wait until a campaign has measured a year",
    ),
    ReasonDoc::new(
        "CAMPAIGN_OPEN",
        Code::AlreadyExists,
        "continue the campaign that is open, or close it first",
    ),
    ReasonDoc::new(
        "COPY_NOT_READY",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again",
    ),
    ReasonDoc::new(
        "COPY_BEHIND",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again",
    ),
    ReasonDoc::new(
        "PMSI_VERSION_NOT_HELD",
        Code::FailedPrecondition,
        "leave pmsi_version empty to freeze the version that is held, or import the data you mean",
    ),
    ReasonDoc::new(
        "FINDING_WITHDRAWN",
        Code::FailedPrecondition,
        "nothing to do: the finding no longer counts",
    ),
    ReasonDoc::new(
        "CORRECTION_CONFORMS",
        Code::FailedPrecondition,
        "withdraw the finding with WithdrawFinding",
    ),
    ReasonDoc::new(
        "CORRECTION_EMPTY",
        Code::FailedPrecondition,
        "nothing to do: the finding says that already",
    ),
    ReasonDoc::new(
        "CORRECTION_KIND",
        Code::FailedPrecondition,
        "correct a computed finding by its value, a manual one by its severity or text",
    ),
    ReasonDoc::new(
        "NOT_CONTROLLED",
        Code::FailedPrecondition,
        "name a contract that the campaign controls",
    ),
    ReasonDoc::new(
        "MISSION_CAMPAIGN_CLOSED",
        Code::FailedPrecondition,
        "open the mission within a campaign that is not closed",
    ),
    ReasonDoc::new(
        "MISSION_OUT_OF_DATE",
        Code::FailedPrecondition,
        "record during the mission, or open another one",
    ),
    ReasonDoc::new(
        "NOT_ON_MISSION",
        Code::PermissionDenied,
        "ask a member of the team",
    ),
    ReasonDoc::new(
        "MISSION_OVER",
        Code::FailedPrecondition,
        "open another mission",
    ),
    ReasonDoc::new(
        "MISSION_FULL",
        Code::ResourceExhausted,
        "open another mission",
    ),
    ReasonDoc::new(
        "EVIDENCE_HEADER_EXPECTED",
        Code::InvalidArgument,
        "send what the file is first, alone",
    ),
    ReasonDoc::new(
        "EVIDENCE_CHUNK_EXPECTED",
        Code::InvalidArgument,
        "send only bytes after the first message",
    ),
    ReasonDoc::new(
        "EVIDENCE_SIZE_MISMATCH",
        Code::InvalidArgument,
        "send the whole file, with its size",
    ),
    ReasonDoc::new(
        "EVIDENCE_HASH_MISMATCH",
        Code::InvalidArgument,
        "send the file again, with the hash of its bytes",
    ),
    ReasonDoc::new(
        "EVIDENCE_TYPE_NOT_ACCEPTED",
        Code::InvalidArgument,
        "send the file as one of the accepted types",
    ),
    ReasonDoc::new(
        "EVIDENCE_TYPE_MISMATCH",
        Code::InvalidArgument,
        "tell the type that the bytes have",
    ),
    ReasonDoc::new(
        "UPLOAD_STALLED",
        Code::DeadlineExceeded,
        "send the file again",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use rpc::Refusal as _;
    use time::macros::date;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let today = date!(2024 - 06 - 01);
        for refusal in [
            Refusal::CampaignState {
                actual: "planned",
                needed: "measured",
            },
            Refusal::YearNotOver { year: 2024, today },
            Refusal::NotAllMeasured { remaining: 3 },
            Refusal::DataNotFrozen { year: 2024 },
            Refusal::UnreadObservations { reviews: 1 },
            Refusal::MissionsOpen { missions: 1 },
            Refusal::PolicyNotInEffect {
                policy: "tolerancePolicies/1".into(),
                today,
            },
            Refusal::PolicyNotSimulated,
            Refusal::PolicyRetroactive {
                effect: today,
                today,
            },
            Refusal::PolicyAdopted { effect: today },
            Refusal::PolicyOverlap,
            Refusal::PolicyNotReplaceable {
                policy: "tolerancePolicies/1".into(),
            },
            Refusal::YearNotMeasured { year: 2024 },
            Refusal::NothingMeasured,
            Refusal::CorrectionConforms,
            Refusal::CorrectionEmpty,
            Refusal::CorrectionKind {
                origin: "manual",
                needed: "its text",
            },
            Refusal::NotControlled {
                contract: "contracts/1".into(),
                campaign: "campaigns/1".into(),
            },
            Refusal::MissionCampaignClosed,
            Refusal::MissionOutOfDate {
                first: today,
                last: today,
                today,
            },
            Refusal::NotOnMission,
            Refusal::MissionOver { state: "reported" },
            Refusal::MissionFull { what: "files" },
            Refusal::PolicyDoesNotCover {
                year: 2024,
                first: 2020,
                last: 2023,
            },
            Refusal::PolicyOfOtherRegion {
                policy: "93".into(),
                campaign: "94".into(),
            },
            Refusal::CampaignOpen {
                region: "93".into(),
                year: 2024,
            },
            Refusal::CopyNotReady { owner: "contracts" },
            Refusal::CopyBehind {
                contracts: 1,
                target_sets: 0,
            },
            Refusal::PmsiVersionNotHeld {
                meant: "PMSI 2024".into(),
                held: String::new(),
            },
            Refusal::FindingWithdrawn { on: today },
        ] {
            let reason = refusal.reason();
            let documented = REASONS.iter().find(|doc| doc.reason == reason.reason);
            assert_eq!(
                documented.map(|doc| doc.code),
                Some(reason.code),
                "{}",
                reason.reason
            );
        }
    }
}
