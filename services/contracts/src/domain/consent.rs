//! The consent of a legal entity to receive on the portal what is sent to it (CRPA L112-15).

use kernel::{Finess, HumanActor, Region};
use time::OffsetDateTime;

use super::{Person, Refusal, denial::Denial, person::role};

/// Who may give and take back a consent.
pub const ROLES: &[&str] = &[role::ESTABLISHMENT_DIRECTOR];

/// A consent, given or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub entity: Finess,
    pub region: Region,
    pub given: bool,
    /// Where the warning that something is available goes.
    pub email: String,
    pub by: HumanActor,
    /// Number of events so far; also the etag.
    pub version: i64,
    pub updated_at: OffsetDateTime,
}

/// What a director wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Give { email: String },
    Withdraw,
}

/// The consent that a director's wish makes of the one on record, if any.
pub fn decide(
    before: Option<&Consent>,
    (entity, region): (Finess, Region),
    wish: Wish,
    person: &Person,
    now: OffsetDateTime,
) -> Result<Consent, Refusal> {
    if !person.directs(entity) {
        return Err(Refusal::OutsideMandate);
    }
    let (given, email) = match (wish, before) {
        (Wish::Give { email }, Some(consent)) if consent.given && consent.email == email => {
            return Err(Denial::AlreadyConsented.into());
        }
        (Wish::Give { email }, _) => (true, email),
        (Wish::Withdraw, Some(consent)) if consent.given => (false, consent.email.clone()),
        (Wish::Withdraw, _) => return Err(Denial::NotConsented.into()),
    };
    Ok(Consent {
        entity,
        region,
        given,
        email,
        by: person.human().clone(),
        version: before.map_or(0, |consent| consent.version) + 1,
        updated_at: now,
    })
}
