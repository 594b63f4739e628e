//! Why something of the offer cannot be recorded or changed.

use kernel::{Decimal, Region};
use time::Date;

use crate::domain::Defect;

/// What the rules of schemes, credits, cooperations and calls do not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfferRefusal {
    #[error("what was given does not hold together; each violation names its field")]
    Defects(Vec<Defect>),
    #[error("{0} is recorded already; a version of the axes never changes: record the next one")]
    AxesExist(String),
    #[error("an adopted scheme stands; a revision is another scheme, drafted and adopted in turn")]
    SchemeAdopted,
    #[error("the region {0} has a draft already: replace what it says, or adopt it first")]
    SchemeDraftExists(Region),
    #[error("another scheme of the region was adopted from {0} on; choose another first day")]
    SchemeSameDay(Date),
    #[error("no adopted scheme of the region {region} is in effect on {day}")]
    NoScheme { region: Region, day: Date },
    #[error("the region has an envelope of {year} for {origin} already: record the credits there")]
    EnvelopeExists { year: i16, origin: String },
    #[error(
        "{asked} € are asked for and {available} € are available in this envelope: release an engagement, or record further credits first"
    )]
    Overcommitted { asked: Decimal, available: Decimal },
    #[error(
        "{asked} € are to be released and {outstanding} € are still engaged; release no more than that"
    )]
    ReleaseTooMuch {
        asked: Decimal,
        outstanding: Decimal,
    },
    #[error(
        "fundings[{place}].kind is not what the département gives: the people of a council record its own money (CASF L313-3, L314-2); let the agency record the rest"
    )]
    OutsideCompetence { place: usize },
    #[error("the cooperation has ended; register another one")]
    CooperationEnded,
    #[error("the call is {state}; {action} is not possible any more, or not yet")]
    CallState {
        state: &'static str,
        action: &'static str,
    },
    #[error("the call has no calendar: set it before the specification is published")]
    CallWithoutCalendar,
    #[error("an answer received on {received} is not between {publication} and {deadline}")]
    CandidateOutOfTime {
        received: Date,
        publication: Date,
        deadline: Date,
    },
    #[error("{0} is no candidate of this call: register it first")]
    CandidateUnknown(String),
    #[error(
        "{0} is not the first of the ranking: the opinion does not bind, and the reasons to go another way must be written"
    )]
    ChoiceWithoutReasons(String),
    #[error("the places of {recording} stand in another act than {decision:?}")]
    PlacesOfAnotherAct { recording: String, decision: String },
    #[error(
        "{amendment} is no amendment of a contract of the region {region} that is known here; propose it first, or wait a moment if it was just proposed"
    )]
    AmendmentUnknown { amendment: String, region: Region },
}
