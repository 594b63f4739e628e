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
    #[error(
        "the data of the campaign of {year} are not frozen: freeze them first, so that what is compared stays the same"
    )]
    DataNotFrozen { year: i32 },
    #[error(
        "{policy} is not in effect on {today}; adopt it from a day that has come, or plan the campaign with the policy in effect"
    )]
    PolicyNotInEffect { policy: String, today: Date },
    #[error("simulate the policy on a year that was measured before you adopt it")]
    PolicyNotSimulated,
    #[error(
        "the policy cannot take effect on {effect}: today is {today}, and a policy never reaches back"
    )]
    PolicyRetroactive { effect: Date, today: Date },
    #[error(
        "the policy was adopted already, with effect on {effect}; record another one that replaces it"
    )]
    PolicyAdopted { effect: Date },
    #[error(
        "another policy of the region is in effect for some of these years from that day on; name it in `replaces`, or choose other years"
    )]
    PolicyOverlap,
    #[error(
        "{policy} cannot be replaced: it must be an adopted policy of the same region, in effect by that day and not replaced yet"
    )]
    PolicyNotReplaceable { policy: String },
    #[error(
        "no campaign of the region has measured a year yet: there is nothing to simulate on, and the policy can be adopted without"
    )]
    NothingMeasured,
    #[error("no campaign of the region has measured {year}; simulate on a year that was measured")]
    YearNotMeasured { year: i32 },
    #[error(
        "{reviews} reviews of the campaign have observations that nobody has examined; examine them before closing"
    )]
    UnreadObservations { reviews: u64 },
    #[error("{missions} missions of the campaign are open; report or cancel them before closing")]
    MissionsOpen { missions: u64 },
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
    #[error(
        "{meant:?} is no version of the PMSI data that the targets service holds for the region and year: it holds \
         {held_text}; leave pmsi_version empty to freeze what it holds, or import the data first",
        held_text = none_if_empty(.held)
    )]
    PmsiVersionNotHeld { meant: String, held: String },
    #[error("the finding has already been withdrawn, on {on}")]
    FindingWithdrawn { on: Date },
    #[error(
        "with that value the objective would not be missed: withdraw the finding instead of correcting it"
    )]
    CorrectionConforms,
    #[error("the correction changes nothing")]
    CorrectionEmpty,
    #[error("a {origin} finding is corrected by {needed}")]
    CorrectionKind {
        origin: &'static str,
        needed: &'static str,
    },
    #[error(
        "{contract} is not controlled by {campaign}: a mission belongs to a control of a campaign"
    )]
    NotControlled { contract: String, campaign: String },
    #[error("the campaign is closed: open the mission within one that is not")]
    MissionCampaignClosed,
    #[error(
        "the mission takes place from {first} to {last}; today, {today}, nothing is recorded for it"
    )]
    MissionOutOfDate {
        first: Date,
        last: Date,
        today: Date,
    },
    #[error("only a member of the team of the mission does this")]
    NotOnMission,
    #[error("the mission is {state}; nothing is added to it any more")]
    MissionOver { state: &'static str },
    #[error("the mission has 200 {what} already; open another one")]
    MissionFull { what: &'static str },
}

fn none_if_empty(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
