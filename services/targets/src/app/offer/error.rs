//! How each refusal of the medico-social offer appears on the wire.

use std::time::Duration;

use rpc::{Reason, ReasonDoc};
use tonic::Code;

use crate::{
    app::error::violations,
    domain::offer::{
        Cooperation, Engagement, Envelope, Kept, Life, OfferRefusal, ProjectCall, Scheme,
    },
};

/// What each constraint of the table of a thing refuses, where a person can come upon it.
pub(crate) trait Constrained: Life {
    fn refusal(_: &Kept<Self>, _: &str) -> Option<OfferRefusal> {
        None
    }
}

impl Constrained for Scheme {
    fn refusal(kept: &Kept<Self>, constraint: &str) -> Option<OfferRefusal> {
        match constraint {
            "scheme_draft_key" => Some(OfferRefusal::SchemeDraftExists(kept.region)),
            "scheme_first_day_key" => {
                Some(OfferRefusal::SchemeSameDay(kept.value.content.valid_from))
            }
            _ => None,
        }
    }
}

impl Constrained for Envelope {
    fn refusal(kept: &Kept<Self>, constraint: &str) -> Option<OfferRefusal> {
        (constraint == "credit_envelope_origin_key").then(|| OfferRefusal::EnvelopeExists {
            year: kept.value.year,
            origin: kept.value.origin.clone(),
        })
    }
}

impl Constrained for Engagement {}
impl Constrained for Cooperation {}
impl Constrained for ProjectCall {}

impl rpc::Refusal for OfferRefusal {
    fn reason(&self) -> Reason {
        let precondition = |reason| Reason::new(reason, Code::FailedPrecondition);
        let exists = |reason| Reason::new(reason, Code::AlreadyExists);
        let invalid = |reason| Reason::new(reason, Code::InvalidArgument);
        match self {
            Self::Defects(_) => invalid("OFFER_INVALID"),
            Self::AxesExist(name) => exists("AXES_EXIST").with("name", name),
            Self::SchemeAdopted => precondition("SCHEME_ADOPTED").with("state", "adopted"),
            Self::SchemeDraftExists(region) => exists("SCHEME_DRAFT_EXISTS").with("region", region),
            Self::SchemeSameDay(day) => precondition("SCHEME_SAME_DAY").with("day", day),
            Self::NoScheme { region, day } => Reason::new("NO_SCHEME_IN_EFFECT", Code::NotFound)
                .with("region", region)
                .with("day", day),
            Self::EnvelopeExists { year, origin } => exists("CREDIT_ENVELOPE_EXISTS")
                .with("year", year)
                .with("origin", origin),
            Self::Overcommitted { asked, available } => precondition("CREDITS_OVERCOMMITTED")
                .with("asked", asked)
                .with("available", available),
            Self::ReleaseTooMuch { asked, outstanding } => precondition("RELEASE_TOO_MUCH")
                .with("asked", asked)
                .with("outstanding", outstanding),
            Self::OutsideCompetence { place } => {
                Reason::new("OUTSIDE_COMPETENCE", Code::PermissionDenied).with("place", place)
            }
            Self::CooperationEnded => precondition("COOPERATION_ENDED").with("state", "ended"),
            Self::CallState { state, .. } => {
                precondition("PROJECT_CALL_STATE").with("state", state)
            }
            Self::CallWithoutCalendar => precondition("PROJECT_CALL_WITHOUT_CALENDAR"),
            Self::CandidateOutOfTime { deadline, .. } => {
                precondition("CANDIDATE_OUT_OF_TIME").with("deadline", deadline)
            }
            Self::CandidateUnknown(id) => precondition("CANDIDATE_UNKNOWN").with("candidate", id),
            Self::ChoiceWithoutReasons(id) => {
                invalid("CHOICE_WITHOUT_REASONS").with("candidate", id)
            }
            Self::PlacesOfAnotherAct { decision, .. } => {
                precondition("PLACES_OF_ANOTHER_ACT").with("decision", decision)
            }
            // The copy of the amendments follows within moments of a proposal.
            Self::AmendmentUnknown { amendment, .. } => precondition("AMENDMENT_UNKNOWN")
                .with("amendment", amendment)
                .retry_after(Duration::from_millis(100)),
        }
    }
}

/// The reasons of the medico-social offer, for `docs/ERRORS.md`.
pub const OFFER_REASONS: &[ReasonDoc] = &[
    ReasonDoc::new(
        "OFFER_INVALID",
        Code::InvalidArgument,
        "correct the fields named in the violations",
    ),
    ReasonDoc::new(
        "AXES_EXIST",
        Code::AlreadyExists,
        "choose another version_id: a version of the axes never changes",
    ),
    ReasonDoc::new(
        "SCHEME_ADOPTED",
        Code::FailedPrecondition,
        "draft another scheme to revise an adopted one",
    ),
    ReasonDoc::new(
        "SCHEME_DRAFT_EXISTS",
        Code::AlreadyExists,
        "replace what the draft of the region says, or adopt it first",
    ),
    ReasonDoc::new(
        "SCHEME_SAME_DAY",
        Code::FailedPrecondition,
        "replace the draft with another first day",
    ),
    ReasonDoc::new(
        "NO_SCHEME_IN_EFFECT",
        Code::NotFound,
        "choose a day on which an adopted scheme is in effect, or adopt one",
    ),
    ReasonDoc::new(
        "CREDIT_ENVELOPE_EXISTS",
        Code::AlreadyExists,
        "record the credits in the envelope of that year and origin",
    ),
    ReasonDoc::new(
        "CREDITS_OVERCOMMITTED",
        Code::FailedPrecondition,
        "engage no more than `available`, release an engagement, or record further credits",
    ),
    ReasonDoc::new(
        "RELEASE_TOO_MUCH",
        Code::FailedPrecondition,
        "release no more than `outstanding`",
    ),
    ReasonDoc::new(
        "OUTSIDE_COMPETENCE",
        Code::PermissionDenied,
        "record the money of your own département alone, and let the agency record the rest",
    ),
    ReasonDoc::new(
        "COOPERATION_ENDED",
        Code::FailedPrecondition,
        "register another cooperation",
    ),
    ReasonDoc::new(
        "PROJECT_CALL_STATE",
        Code::FailedPrecondition,
        "read the call again: the state it is in is in `state`",
    ),
    ReasonDoc::new(
        "PROJECT_CALL_WITHOUT_CALENDAR",
        Code::FailedPrecondition,
        "schedule the call, then publish its specification",
    ),
    ReasonDoc::new(
        "CANDIDATE_OUT_OF_TIME",
        Code::FailedPrecondition,
        "only answers received between publication and deadline are registered",
    ),
    ReasonDoc::new(
        "CANDIDATE_UNKNOWN",
        Code::FailedPrecondition,
        "register the candidate first",
    ),
    ReasonDoc::new(
        "CHOICE_WITHOUT_REASONS",
        Code::InvalidArgument,
        "write why another candidate than the first of the ranking is authorised",
    ),
    ReasonDoc::new(
        "PLACES_OF_ANOTHER_ACT",
        Code::FailedPrecondition,
        "record the places with the decision of the authorisation, then link them",
    ),
    ReasonDoc::new(
        "AMENDMENT_UNKNOWN",
        Code::FailedPrecondition,
        "propose the amendment to a contract of the region first, then link it",
    ),
];

/// What does not hold together names its fields; every other refusal is a refusal.
pub(crate) fn refused(refusal: OfferRefusal) -> rpc::Error {
    match refusal {
        OfferRefusal::Defects(defects) => rpc::Error::Invalid(violations(&defects)),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use rpc::Refusal as _;
    use time::macros::date;

    use super::*;

    #[test]
    fn every_refusal_is_documented_with_its_code() {
        let text = String::new;
        let region: kernel::Region = "93".parse().unwrap();
        let day = date!(2024 - 01 - 01);
        let refusals = [
            OfferRefusal::Defects(Vec::new()),
            OfferRefusal::AxesExist(text()),
            OfferRefusal::SchemeAdopted,
            OfferRefusal::SchemeDraftExists(region),
            OfferRefusal::SchemeSameDay(day),
            OfferRefusal::NoScheme { region, day },
            OfferRefusal::EnvelopeExists {
                year: 2024,
                origin: text(),
            },
            OfferRefusal::Overcommitted {
                asked: 2.into(),
                available: 1.into(),
            },
            OfferRefusal::ReleaseTooMuch {
                asked: 2.into(),
                outstanding: 1.into(),
            },
            OfferRefusal::OutsideCompetence { place: 0 },
            OfferRefusal::CooperationEnded,
            OfferRefusal::CallState {
                state: "dropped",
                action: "",
            },
            OfferRefusal::CallWithoutCalendar,
            OfferRefusal::CandidateOutOfTime {
                received: day,
                publication: day,
                deadline: day,
            },
            OfferRefusal::CandidateUnknown(text()),
            OfferRefusal::ChoiceWithoutReasons(text()),
            OfferRefusal::PlacesOfAnotherAct {
                recording: text(),
                decision: text(),
            },
            OfferRefusal::AmendmentUnknown {
                amendment: text(),
                region,
            },
        ];
        assert_eq!(refusals.len(), OFFER_REASONS.len());
        for refusal in refusals {
            let Reason { reason, code, .. } = refusal.reason();
            let documented = OFFER_REASONS.iter().find(|doc| doc.reason == reason);
            assert_eq!(documented.map(|doc| doc.code), Some(code), "{refusal:?}");
        }
    }
}
