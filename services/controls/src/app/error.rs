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
            Self::FindingWithdrawn { on } => precondition("FINDING_WITHDRAWN")
                .with("state", "withdrawn")
                .with("on", on),
        }
    }
}

/// The reasons of this service, for `docs/ERRORS.md`.
pub const REASONS: &[ReasonDoc] = &[
    doc(
        "WRONG_STATE",
        Code::FailedPrecondition,
        "read the campaign again; the step was done already or comes later",
    ),
    doc(
        "YEAR_NOT_OVER",
        Code::FailedPrecondition,
        "start the campaign once the year is over in the region",
    ),
    doc(
        "NOT_ALL_MEASURED",
        Code::FailedPrecondition,
        "follow the campaign with WatchCampaign until it is measured",
    ),
    doc(
        "POLICY_OUT_OF_YEARS",
        Code::FailedPrecondition,
        "choose or record a policy that covers the year",
    ),
    doc(
        "POLICY_OF_OTHER_REGION",
        Code::FailedPrecondition,
        "choose or record a policy of the region",
    ),
    doc(
        "CAMPAIGN_OPEN",
        Code::AlreadyExists,
        "continue the campaign that is open, or close it first",
    ),
    doc(
        "COPY_NOT_READY",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again",
    ),
    doc(
        "COPY_BEHIND",
        Code::FailedPrecondition,
        "wait as RetryInfo says and send the same request again",
    ),
    doc(
        "FINDING_WITHDRAWN",
        Code::FailedPrecondition,
        "nothing to do: the finding no longer counts",
    ),
];

const fn doc(reason: &'static str, code: Code, remedy: &'static str) -> ReasonDoc {
    ReasonDoc {
        reason,
        code,
        remedy,
    }
}

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
