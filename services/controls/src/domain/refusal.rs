//! Why a command is refused. The gRPC codes and reasons are given in `app/error.rs`.

use time::Date;

/// A rule of the domain that a command would break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the campaign is {actual}; this needs it to be {needed}")]
    CampaignState {
        actual: &'static str,
        needed: &'static str,
    },
    #[error(
        "the year {year} is not over on {today}: an ex-post control compares whole years; start after 31 December"
    )]
    YearNotOver { year: i32, today: Date },
    #[error("{remaining} contracts are not measured yet")]
    NotAllMeasured { remaining: u64 },
    #[error(
        "the policy applies from {first} to {last}, not to {year}; choose or record one that covers the year"
    )]
    PolicyDoesNotCover { year: i32, first: i32, last: i32 },
    #[error("the policy belongs to region {policy}, the campaign to region {campaign}")]
    PolicyOfOtherRegion { policy: String, campaign: String },
    #[error(
        "a campaign of region {region} for {year} is not closed yet; continue it, or close it first"
    )]
    CampaignOpen { region: String, year: i32 },
    #[error("the history of the {owner} service is still being read; try again in a moment")]
    CopyNotReady { owner: &'static str },
    #[error(
        "{contracts} contracts in force and {target_sets} target sets are still on their way here; try again in a moment"
    )]
    CopyBehind { contracts: u64, target_sets: u64 },
    #[error("the finding has already been withdrawn, on {on}")]
    FindingWithdrawn { on: Date },
}
