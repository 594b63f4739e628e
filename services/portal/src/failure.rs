//! What went wrong, in words that say what happened and what to do.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::text::{dates, numbers, refusals};

/// Why a page or an act did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A service refused, or does not answer.
    #[error("{0}")]
    Service(Box<Status>),
    /// Nobody is signed in, or the token has ended under the session.
    #[error("nobody is signed in")]
    SignedOut,
    /// The address leads nowhere.
    #[error("not found")]
    NotFound,
    /// A form that was not sent by one of our pages, or is cut.
    #[error("the form is not valid: {0}")]
    Form(&'static str),
    /// What was sent is larger than allowed.
    #[error("too large")]
    TooLarge,
    #[error("internal error")]
    Internal(#[source] anyhow::Error),
}

impl Failure {
    /// A file of more lines than one may have: it is refused, and never cut.
    pub(crate) fn export_too_large() -> Self {
        let details = ErrorDetails::with_error_info("EXPORT_TOO_LARGE", "cpom", HashMap::new());
        Status::with_error_details(Code::FailedPrecondition, "", details).into()
    }
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        match status.code() {
            Code::Unauthenticated => Self::SignedOut,
            // A name that cannot be one of ours leads nowhere; what exists elsewhere is not told.
            Code::NotFound => Self::NotFound,
            _ => Self::Service(Box::new(status)),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// A refusal as a form shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Explained {
    /// What happened and what to do, in French.
    pub(crate) sentence: String,
    /// What adds to it: the name of a body, a date, a number.
    pub(crate) details: Vec<String>,
    /// The reason, for who asks for help.
    pub(crate) reason: String,
    /// Each wrong field, with what is wrong.
    pub(crate) fields: Vec<(String, String)>,
    /// Somebody changed the thing in between.
    pub(crate) is_stale: bool,
}

/// Facts of a refusal that are days.
const DAYS: [&str; 5] = ["due_date", "last_day", "end_date", "latest", "notice_day"];

/// Reasons whose place only the words of the service tell: which passage of a text, which line of a model.
const TOLD_BY_THE_SERVICE: [&str; 4] = [
    "AMENDED_TEXT_MALFORMED",
    "DOCUMENT_DEFECTIVE",
    "GROUPING_NOT_POSSIBLE",
    "TEMPLATE_DEFECTIVE",
];

/// Says a refusal in French.
pub(crate) fn explain(status: &Status) -> Explained {
    let info = status.get_details_error_info();
    let reason = info
        .as_ref()
        .map(|info| info.reason.clone())
        .unwrap_or_default();
    let facts = info.map(|info| info.metadata).unwrap_or_default();
    let fields: Vec<(String, String)> = status
        .get_details_bad_request()
        .map(|bad| {
            bad.field_violations
                .into_iter()
                .map(|violation| (violation.field, violation.description))
                .collect()
        })
        .unwrap_or_default();
    let is_stale = reason == "ETAG_MISMATCH";
    let known = refusals::sentence(&reason);
    let sentence = if !is_stale && !fields.is_empty() {
        "Certains champs sont à corriger. Votre saisie est conservée."
    } else {
        known.unwrap_or_else(|| by_code(status.code()))
    };
    let mut details: Vec<String> = DAYS
        .into_iter()
        .filter_map(|key| facts.get(key))
        .map(|date| format!("Date en cause : {}.", dates::from_wire(date)))
        .collect();
    if let Some(bodies) = facts.get("bodies") {
        details.push(format!("Instances attendues : {bodies}."));
    }
    if let Some(cap) = facts.get("cap_eur") {
        let cap = numbers::from_wire(cap);
        details.push(format!("Plafond de l’année : {cap}\u{a0}€."));
    }
    let needs_words = known.is_none() || TOLD_BY_THE_SERVICE.contains(&reason.as_str());
    let is_ours = is_stale || !fields.is_empty() || status.code() == Code::Internal;
    if needs_words && !is_ours && !status.message().is_empty() {
        details.push(status.message().to_owned());
    }
    Explained {
        sentence: sentence.to_owned(),
        details,
        reason,
        fields,
        is_stale,
    }
}

fn by_code(code: Code) -> &'static str {
    match code {
        Code::InvalidArgument | Code::OutOfRange => "Une valeur n’est pas acceptée.",
        Code::PermissionDenied => {
            "Votre profil ne permet pas cet acte. Demandez à une personne habilitée de le faire."
        }
        Code::FailedPrecondition | Code::AlreadyExists => "L’état du dossier ne le permet pas.",
        Code::Unavailable | Code::ResourceExhausted => {
            "Un service ne répond pas pour le moment. Rien n’a été perdu : réessayez dans un instant."
        }
        Code::DeadlineExceeded => {
            "Le délai est dépassé. L’acte a peut-être été enregistré : renvoyez le même formulaire, il ne comptera qu’une fois."
        }
        _ => {
            "Une erreur s’est produite de notre côté. Elle est consignée ; réessayez, et signalez-la si elle persiste."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: Code, reason: &str, facts: &[(&str, &str)]) -> Status {
        let facts: HashMap<String, String> = facts
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let details = ErrorDetails::with_error_info(reason, "cpom", facts);
        Status::with_error_details(code, "in English", details)
    }

    #[test]
    fn a_known_reason_is_said_in_french_with_its_date() {
        let told = explain(&refused(
            Code::FailedPrecondition,
            "OBSERVATION_PERIOD_RUNNING",
            &[("due_date", "2026-12-01")],
        ));
        assert!(told.sentence.contains("observations"), "{told:?}");
        assert_eq!(told.details, ["Date en cause : 1er décembre 2026."]);
    }

    #[test]
    fn a_page_that_is_no_longer_current_is_known_as_such() {
        let told = explain(&refused(
            Code::Aborted,
            "ETAG_MISMATCH",
            &[("expected", "\"3\""), ("actual", "\"5\"")],
        ));
        assert!(told.is_stale);
        assert!(told.details.is_empty(), "{told:?}");
    }

    #[test]
    fn an_unknown_reason_keeps_the_words_of_the_service() {
        let told = explain(&refused(Code::FailedPrecondition, "SOMETHING_NEW", &[]));
        assert_eq!(told.details, ["in English"]);
        let internal = explain(&refused(Code::Internal, "INTERNAL", &[]));
        assert!(internal.details.is_empty(), "causes stay in the log");
    }
}
