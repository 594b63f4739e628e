//! Mandates and published delegations, of signature or of decision (CSP L1432-2; CGCT L3221-3), checked on the day of the
//! act.

use std::collections::BTreeSet;

use kernel::{HumanActor, Region};
use time::{Date, OffsetDateTime};

use super::{
    ContractId, MandateId, Person, Refusal, person::role, signature::Party, text::FieldDefect,
};

/// An act that lets a person act for a party without holding its office.
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
    /// What it covers; never empty.
    pub matters: BTreeSet<Matter>,
    /// The contract whose associated third party it is for: codes of third parties are those of one text.
    pub contract: Option<ContractId>,
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

/// What a mandate covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// Contracts, amendments and programming.
    Signature,
    /// Procedures, in place of the director general.
    Procedures,
}

/// An act for which somebody without the office needs a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    pub party: Party,
    pub matter: Matter,
    /// The contract that is acted on; none when the act is about no contract.
    pub contract: Option<ContractId>,
    /// A legal day of the region.
    pub day: Date,
}

impl Matter {
    pub const ALL: [Self; 2] = [Self::Signature, Self::Procedures];

    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "SIGNATURE",
            Self::Procedures => "PROCEDURES",
        }
    }
}

impl Mandate {
    /// Whether it lets this person do what needs one.
    pub fn covers(&self, subject: &str, need: Need) -> bool {
        let terms = &self.terms;
        let has_begun = terms.publication_date <= need.day && terms.valid_from <= need.day;
        let has_ended = terms.valid_to.is_some_and(|last| last < need.day);
        terms.subject == subject
            && terms.party == need.party
            && terms.matters.contains(&need.matter)
            && (terms.contract.is_none() || terms.contract == need.contract)
            && has_begun
            && !has_ended
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
        let is_associated = matches!(terms.party, Party::Associated(_));
        if is_associated != terms.contract.is_some() {
            return Err(Refusal::MandateOutOfPlace {
                explanation: "the mandate of an associated third party names the contract, and no other does",
            });
        }
        if terms.matters.contains(&Matter::Procedures) && terms.party != Party::Ars {
            return Err(Refusal::MandateOutOfPlace {
                explanation: "only the agency delegates procedures (CSP L1432-2)",
            });
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
    person.entitled(method, ROLES).map(drop)
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use uuid::Uuid;

    use super::*;
    use crate::domain::fixtures::{NOW, delegation, person, region};

    fn need(matter: Matter, day: Date) -> Need {
        Need {
            party: Party::Ars,
            matter,
            contract: None,
            day,
        }
    }

    #[test]
    fn a_delegation_holds_for_its_person_its_matter_and_its_days() {
        let mandate = delegation("camille", Matter::Procedures);
        let holds = |subject, need| mandate.covers(subject, need);
        let day = date!(2026 - 03 - 10);
        assert!(holds("camille", need(Matter::Procedures, day)));
        assert!(holds(
            "camille",
            need(Matter::Procedures, date!(2027 - 03 - 10))
        ));
        assert!(!holds("camille", need(Matter::Signature, day)));
        assert!(!holds("dominique", need(Matter::Procedures, day)));
        for outside in [date!(2026 - 03 - 09), date!(2027 - 03 - 11)] {
            assert!(!holds("camille", need(Matter::Procedures, outside)));
        }
        let mut unpublished = mandate.clone();
        unpublished.terms.publication_date = date!(2026 - 03 - 11);
        assert!(
            !unpublished.covers("camille", need(Matter::Procedures, day)),
            "an act has no effect before it is published"
        );
    }

    #[test]
    fn a_third_party_is_that_of_one_contract_and_only_the_agency_delegates_procedures() {
        let manager = person("lou", role::MANAGER);
        let register = |party: Party, matter, contract| {
            let terms = Terms {
                party,
                contract,
                ..delegation("camille", matter).terms
            };
            let id = MandateId(Uuid::from_u128(4));
            let registered = Mandate::register(id, region(), terms, &manager, NOW);
            registered.map_err(|refusal| refusal.reason())
        };
        let contract = ContractId(Uuid::from_u128(1));
        let university = Party::Associated("U1".parse().unwrap());
        let out_of_place = Err("MANDATE_OUT_OF_PLACE");
        assert_eq!(
            register(university, Matter::Signature, None).map(drop),
            out_of_place
        );
        assert_eq!(
            register(Party::Ars, Matter::Signature, Some(contract)).map(drop),
            out_of_place
        );
        let council = Party::Department("13".parse().unwrap());
        assert_eq!(
            register(council, Matter::Procedures, None).map(drop),
            out_of_place
        );

        let mandate = register(university, Matter::Signature, Some(contract)).unwrap();
        let need = |contract| Need {
            party: university,
            matter: Matter::Signature,
            contract: Some(contract),
            day: date!(2026 - 04 - 01),
        };
        assert!(mandate.covers("camille", need(contract)));
        let other = ContractId(Uuid::from_u128(2));
        assert!(!mandate.covers("camille", need(other)));
    }
}
