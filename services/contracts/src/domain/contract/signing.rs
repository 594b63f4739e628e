//! C6: who signs for whom, and under which document. The rules are those of the contract and of its amendments.

use std::collections::BTreeSet;

use kernel::{Region, legal_time::legal_day};
use time::OffsetDateTime;

use super::{Contract, Event, acts::Circumstances};
use crate::domain::{
    ContractId, Mandate, MandateId, Person, Refusal,
    mandate::{Matter, Need},
    person::role,
    signature::{DocumentHash, Party, Signature},
};

/// Under what a person may sign for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entitlement {
    /// The director general for the agency, the director for a legal entity: the token says so.
    Office,
    /// A mandate or a published delegation in force on the day.
    Mandate(MandateId),
}

/// A document that waits for signatures.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    pub region: Region,
    /// The contract that is signed or amended; none for what is about no contract.
    pub contract: Option<ContractId>,
    pub required: &'a BTreeSet<Party>,
    pub signatures: &'a [Signature],
    /// Hash of the document; none before the freeze.
    pub document: Option<DocumentHash>,
    pub mandates: &'a [Mandate],
    pub now: OffsetDateTime,
}

impl Signing<'_> {
    /// Under what a person may sign for a party today.
    pub fn entitlement(&self, person: &Person, party: Party) -> Option<Entitlement> {
        let holds_office = match party {
            Party::Ars => person.has_role(role::DIRECTOR_GENERAL),
            Party::LegalEntity(entity) => person.directs(entity),
            // The act that names the president of a council, or whoever signs for a third party, is on record.
            Party::Department(_) | Party::Associated(_) => false,
        };
        if holds_office {
            return Some(Entitlement::Office);
        }
        if !may_be_mandated(person, party) {
            return None;
        }
        let need = Need {
            party,
            matter: Matter::Signature,
            contract: self.contract,
            day: legal_day(self.now, self.region),
        };
        let subject = person.human().subject();
        self.mandates
            .iter()
            .find(|mandate| mandate.covers(subject, need))
            .map(|mandate| Entitlement::Mandate(mandate.id))
    }

    /// A party for which this person could sign and which has not signed yet.
    pub fn party_for(&self, person: &Person) -> Result<Party, Refusal> {
        let mut theirs = self
            .required
            .iter()
            .copied()
            .filter(|party| self.entitlement(person, *party).is_some());
        let first = theirs
            .next()
            .ok_or_else(|| self.why_not(person, self.required.iter().copied()))?;
        std::iter::once(first)
            .chain(theirs)
            .find(|party| !self.has_signed(*party))
            .ok_or(Refusal::AlreadySigned { party: first })
    }

    /// Why a person signs for none of these parties: they have a mandate, of another day, or none at all.
    pub fn why_not(&self, person: &Person, parties: impl IntoIterator<Item = Party>) -> Refusal {
        let day = legal_day(self.now, self.region);
        let has_mandate = |party: &Party| {
            let is_of_party = |mandate: &Mandate| {
                let terms = &mandate.terms;
                terms.subject == person.human().subject()
                    && terms.party == *party
                    && terms.matters.contains(&Matter::Signature)
                    && (terms.contract.is_none() || terms.contract == self.contract)
            };
            may_be_mandated(person, *party) && self.mandates.iter().any(is_of_party)
        };
        match parties.into_iter().find(has_mandate) {
            Some(party) => Refusal::MandateNotInForce { party, day },
            None => Refusal::OutsideMandate,
        }
    }

    fn has_signed(&self, party: Party) -> bool {
        self.signatures
            .iter()
            .any(|signature| signature.party == party)
    }

    /// The signature of a person for a party: a party to the document, by somebody entitled to on that day, once,
    /// under the same document as the others.
    pub fn sign(
        &self,
        (party, title, given): (Party, String, DocumentHash),
        person: &Person,
    ) -> Result<Signature, Refusal> {
        if !self.required.contains(&party) {
            return Err(Refusal::UnknownParty { party });
        }
        let entitlement =
            self.entitlement(person, party)
                .ok_or_else(|| match self.why_not(person, [party]) {
                    Refusal::OutsideMandate => Refusal::WrongSignatory { party },
                    expired => expired,
                })?;
        if self.has_signed(party) {
            return Err(Refusal::AlreadySigned { party });
        }
        if let Some(expected) = self.document
            && expected != given
        {
            return Err(Refusal::DocumentHashMismatch { expected, given });
        }
        let mandate = match entitlement {
            Entitlement::Office => None,
            Entitlement::Mandate(id) => Some(id),
        };
        Ok(Signature {
            party,
            signatory: person.human().clone(),
            title,
            sha256: given,
            at: self.now,
            mandate,
        })
    }

    /// Whether one more signature is the last.
    pub fn completes(&self) -> bool {
        self.signatures.len() + 1 == self.required.len()
    }
}

/// Nobody signs for the council of another département than those of their token, whatever act is on record (CASF
/// L313-12 IV ter: the competent president).
fn may_be_mandated(person: &Person, party: Party) -> bool {
    match party {
        Party::Department(council) => person.serves(council),
        Party::Ars | Party::LegalEntity(_) | Party::Associated(_) => true,
    }
}

impl Contract {
    fn signing<'a>(
        &'a self,
        required: &'a BTreeSet<Party>,
        circumstances: &Circumstances<'a>,
    ) -> Signing<'a> {
        Signing {
            region: self.region,
            contract: Some(self.id),
            required,
            signatures: self.state.signatures(),
            document: self.state.frozen().map(|frozen| frozen.sha256),
            mandates: circumstances.mandates,
            now: circumstances.now,
        }
    }

    /// A party for which this person could sign and which has not signed yet.
    pub(super) fn party_to_sign_for(
        &self,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Party, Refusal> {
        let required = self.required_signatories();
        self.signing(&required, circumstances).party_for(person)
    }

    /// One party signs; with the last signature the contract is signed, and in force if its day has come.
    pub(super) fn sign(
        &self,
        signature: (Party, String, DocumentHash),
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let required = self.required_signatories();
        let signing = self.signing(&required, circumstances);
        let signature = signing.sign(signature, person)?;
        let (sha256, now) = (signature.sha256, circumstances.now);
        let mut events = vec![Event::SignedByParty(signature)];
        if signing.completes() {
            events.push(Event::Signed { sha256 });
            let signed = events
                .iter()
                .fold(self.clone(), |c, event| c.evolve(event, now));
            events.extend(signed.pass_time(now, None));
        }
        Ok(events)
    }
}
