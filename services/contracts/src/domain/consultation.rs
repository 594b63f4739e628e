//! The bodies that a text has consulted, and what they said of it: whether all have, and whether one may be noted.

use std::collections::BTreeSet;

use time::Date;

use super::{Refusal, contract::Opinion};

/// Guard C5: every body named by the text has given its opinion, whatever its sense.
pub fn check_complete(named: &BTreeSet<String>, given: &[Opinion]) -> Result<(), Refusal> {
    let bodies: Vec<String> = named
        .iter()
        .filter(|body| !has_spoken(body, given))
        .cloned()
        .collect();
    if bodies.is_empty() {
        Ok(())
    } else {
        Err(Refusal::OpinionsMissing { bodies })
    }
}

/// An opinion is that of a body that the text names, the first it gives, and of no day to come.
pub fn check_recordable(
    opinion: &Opinion,
    (named, given): (&BTreeSet<String>, &[Opinion]),
    today: Date,
) -> Result<(), Refusal> {
    let body = opinion.body.clone();
    if !named.contains(&body) {
        return Err(Refusal::UnknownConsultation { body });
    }
    if has_spoken(&body, given) {
        return Err(Refusal::OpinionAlreadyRecorded { body });
    }
    if opinion.date > today {
        return Err(Refusal::OpinionInFuture { date: opinion.date });
    }
    Ok(())
}

fn has_spoken(body: &str, given: &[Opinion]) -> bool {
    given.iter().any(|opinion| opinion.body == body)
}
