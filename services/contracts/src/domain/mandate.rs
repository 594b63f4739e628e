//! Mandates and published delegations of signature (CSP L1432-2; CGCT L3221-3), checked on the day of a signature.

use kernel::{HumanActor, Region};
use time::{Date, OffsetDateTime};

use super::{MandateId, Person, Refusal, person::role, signature::Party, text::FieldDefect};

/// An act that lets a person sign for a party without holding its office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    pub id: MandateId,
    pub region: Region,
    pub terms: Terms,
    pub author: HumanActor,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub created_at: OffsetDateTime,
}

/// What the act says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub party: Party,
    /// The `sub` of the token of the person.
    pub subject: String,
    /// In what quality the person signs (CRPA L212-1).
    pub title: String,
    /// Reference of the act, so that anybody can look it up.
    pub act: String,
    /// Before it is published an act of delegation has no effect (CRPA L221-2).
    pub publication_date: Date,
    pub valid_from: Date,
    /// Last day; none while it runs.
    pub valid_to: Option<Date>,
}

impl Mandate {
    /// Whether it lets this person sign for this party on a legal day of the region.
    pub fn covers(&self, subject: &str, party: Party, day: Date) -> bool {
        let terms = &self.terms;
        let has_begun = terms.publication_date <= day && terms.valid_from <= day;
        let has_ended = terms.valid_to.is_some_and(|last| last < day);
        terms.subject == subject && terms.party == party && has_begun && !has_ended
    }

    /// A person records an act.
    pub fn register(
        id: MandateId,
        region: Region,
        terms: Terms,
        person: &Person,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        entitled("RegisterMandate", person)?;
        if terms.valid_to.is_some_and(|last| last < terms.valid_from) {
            let explanation = format!("must not be before the first day, {}", terms.valid_from);
            return Err(Refusal::DateOutOfRange(FieldDefect::new(
                "valid_to",
                explanation,
            )));
        }
        if terms.subject == person.human().subject() {
            return Err(Refusal::OwnMandate);
        }
        Ok(Self {
            id,
            region,
            terms,
            author: person.human().clone(),
            version: 1,
            created_at: at,
        })
    }

    /// A person ends it from a day on, with reasons. Signatures already given stay.
    pub fn end(mut self, valid_to: Date, person: &Person) -> Result<Self, Refusal> {
        entitled("EndMandate", person)?;
        if valid_to < self.terms.valid_from
            || self.terms.valid_to.is_some_and(|last| last < valid_to)
        {
            let explanation = "must lie between the first day and the last day known so far";
            return Err(Refusal::DateOutOfRange(FieldDefect::new(
                "valid_to",
                explanation,
            )));
        }
        self.terms.valid_to = Some(valid_to);
        self.version += 1;
        Ok(self)
    }
}

fn entitled(method: &'static str, person: &Person) -> Result<(), Refusal> {
    const ROLES: &[&str] = &[role::CONTRACT_MANAGER, role::MANAGER];
    person
        .role_among(ROLES)
        .map(drop)
        .ok_or(Refusal::RoleNotEntitled {
            method,
            roles: ROLES,
        })
}
