//! How each refusal of the domain appears on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::domain::Refusal;

/// How long a caller waits before it asks again whether the copies are complete.
const COPY_RETRY: Duration = Duration::from_secs(1);

impl rpc::Refusal for Refusal {
    fn reason(&self) -> Reason {
        let precondition = |reason| Reason::new(reason, Code::FailedPrecondition);
        match self {
            Self::CampaignState { actual, needed } => {
                precondition("WRONG_STATE").with("state", actual).with("needed", needed)
            }
            Self::YearNotOver { year, today } => {
                precondition("YEAR_NOT_OVER").with("year", year).with("today", today)
            }
            Self::NotAllMeasured { remaining } => {
                precondition("NOT_ALL_MEASURED").with("remaining", remaining)
            }
            Self::PolicyDoesNotCover { year, first, last } => precondition("POLICY_OUT_OF_YEARS")
                .with("year", year)
                .with("first_year", first)
                .with("last_year", last),
            Self::PolicyOfOtherRegion { policy, campaign } => {
                precondition("POLICY_OF_OTHER_REGION").with("policy", policy).with("campaign", campaign)
            }
            Self::CampaignOpen { region, year } => Reason::new("CAMPAIGN_OPEN", Code::AlreadyExists)
                .with("region", region)
                .with("year", year),
            Self::CopyNotReady { missing } => {
                precondition("COPY_NOT_READY").with("missing", missing).retry_after(COPY_RETRY)
            }
            Self::FindingWithdrawn { on } => {
                precondition("FINDING_WITHDRAWN").with("state", "withdrawn").with("on", on)
            }
        }
    }
}

/// The reasons of this service, for `docs/ERRORS.md`.
pub const REASONS: [ReasonDoc; 8] = [
    doc("WRONG_STATE", Code::FailedPrecondition, "read the campaign again; the step was done already or comes later"),
    doc("YEAR_NOT_OVER", Code::FailedPrecondition, "start the campaign once the year is over in the region"),
    doc("NOT_ALL_MEASURED", Code::FailedPrecondition, "follow the campaign with WatchCampaign until it is measured"),
    doc("POLICY_OUT_OF_YEARS", Code::FailedPrecondition, "choose or record a policy that covers the year"),
    doc("POLICY_OF_OTHER_REGION", Code::FailedPrecondition, "choose or record a policy of the region"),
    doc("CAMPAIGN_OPEN", Code::AlreadyExists, "continue the campaign that is open, or close it first"),
    doc("COPY_NOT_READY", Code::FailedPrecondition, "wait as RetryInfo says and send the same request again"),
    doc("FINDING_WITHDRAWN", Code::FailedPrecondition, "nothing to do: the finding no longer counts"),
];

const fn doc(reason: &'static str, code: Code, remedy: &'static str) -> ReasonDoc {
    ReasonDoc { reason, code, remedy }
}
