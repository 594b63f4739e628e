//! What people may do with a contract, and what the passing of time does to it: guards C1 to C8, C18 and
//! C20 of its state machine.

use kernel::{Reasons, Region, legal_time::legal_day};
use time::OffsetDateTime;

use super::{Contract, Event, Opinion, State};
use crate::domain::{
    AllowedAction, ContractText, LegalRegime, Person, Refusal, Side, TargetSetId,
    perimeter::{Overlap, RegistryView, check_overlaps},
    person::role,
    signature::{DocumentHash, Party, Signature},
};

/// A kind of human act on an existing contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    OpenNegotiation,
    ProposeVersion,
    AgreeToVersion,
    RecordOpinion,
    Freeze,
    Sign,
    Withdraw,
    Abandon,
}

/// A human act with its contents.
#[derive(Debug, Clone)]
pub enum Command {
    OpenNegotiation,
    ProposeVersion {
        text: ContractText,
        comment: String,
        registry: RegistryView,
    },
    /// `overlaps`: other contracts, signed or in force, that cover a site of the text meanwhile.
    AgreeToVersion {
        overlaps: Vec<Overlap>,
    },
    RecordOpinion(Opinion),
    /// `target_set` is the agreed set of `of_contract`, and `sha256` the hash of text and targets.
    Freeze {
        target_set: TargetSetId,
        of_contract: super::ContractId,
        sha256: DocumentHash,
    },
    Sign {
        party: Party,
        title: String,
        sha256: DocumentHash,
    },
    Withdraw {
        reasons: Reasons,
    },
    Abandon {
        reasons: Reasons,
    },
}

/// What a guard needs to know beside the contract.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The regime the contract keeps.
    pub regime: &'a LegalRegime,
    pub now: OffsetDateTime,
}

/// C1: starts a draft. `number` is what [`number`] made of the region's counter.
pub fn draft(
    region: Region,
    number: String,
    text: ContractText,
    registry: &RegistryView,
    overlaps: &[Overlap],
    regime: &LegalRegime,
) -> Result<Event, Refusal> {
    registry.check(&text, region)?;
    check_overlaps(overlaps)?;
    Ok(Event::Drafted {
        region,
        number,
        legal_regime: regime.code.clone(),
        text,
    })
}

/// The number people know a contract by: region, year of the draft, rank in that year.
pub fn number(region: Region, year: i32, rank: i32) -> String {
    format!("{region}-{year:04}-{rank:04}")
}

impl Contract {
    /// Decides what a person's act does now: the events, or a refusal that changes nothing.
    pub fn decide(
        &self,
        command: Command,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let side = self.guard(command.act(), person, circumstances)?;
        let now = circumstances.now;
        match command {
            Command::OpenNegotiation => Ok(vec![Event::NegotiationOpened]),
            Command::ProposeVersion {
                text,
                comment,
                registry,
            } => {
                registry.check(&text, self.region)?;
                Ok(vec![Event::VersionProposed {
                    number: self.text_version + 1,
                    text,
                    comment,
                }])
            }
            Command::AgreeToVersion { overlaps } => {
                check_overlaps(&overlaps)?;
                let agreed = Event::VersionAgreed {
                    number: self.text_version,
                    side,
                };
                let both = self.agreed_by().iter().any(|other| *other != side);
                let opened = both.then_some(Event::ConsultationOpened);
                Ok(std::iter::once(agreed).chain(opened).collect())
            }
            Command::RecordOpinion(opinion) => self.record_opinion(opinion, now),
            Command::Freeze {
                target_set,
                of_contract,
                sha256,
            } => {
                if of_contract != self.id {
                    return Err(Refusal::ForeignTargetSet { target_set });
                }
                Ok(vec![Event::Frozen { target_set, sha256 }])
            }
            Command::Sign {
                party,
                title,
                sha256,
            } => self.sign(party, title, sha256, person, now),
            Command::Withdraw { reasons } => Ok(vec![Event::SignatureWithdrawn { side, reasons }]),
            Command::Abandon { reasons } => Ok(vec![Event::Abandoned { reasons }]),
        }
    }

    /// What the passing of time does: C8, and C18 once the last day is over. Calling it twice adds nothing.
    pub fn pass_time(&self, now: OffsetDateTime) -> Vec<Event> {
        let today = legal_day(now, self.region);
        let takes_effect =
            matches!(self.state, State::Signed { .. }) && today >= self.text.effect_date;
        let is_in_force = takes_effect || matches!(self.state, State::InForce { .. });
        let expires = is_in_force && today > self.text.end_date;
        let effect = takes_effect.then_some(Event::TookEffect);
        effect
            .into_iter()
            .chain(expires.then_some(Event::Expired))
            .collect()
    }

    /// What a caller may do now, and why not the rest. `person` is none for a machine.
    pub fn allowed_actions(
        &self,
        person: Option<&Person>,
        circumstances: &Circumstances<'_>,
    ) -> Vec<AllowedAction> {
        let guard = |act: Act| match person {
            Some(person) => self.guard(act, person, circumstances).map(drop),
            None => Err(Refusal::HumanRequired {
                method: act.method(),
            }),
        };
        Act::ALL
            .into_iter()
            .map(|act| AllowedAction::of(act.method(), guard(act)))
            .collect()
    }

    /// Whether a person may do an act now, whatever its contents, and on which side they do it. Both
    /// [`Self::decide`] and [`Self::allowed_actions`] ask here.
    pub fn guard(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Side, Refusal> {
        let (method, roles) = (act.method(), act.roles());
        let role = person
            .role_among(roles)
            .ok_or(Refusal::RoleNotEntitled { method, roles })?;
        let side = Side::of_role(role);
        if side == Side::Establishment
            && !self.text.legal_entities.iter().any(|e| person.directs(*e))
        {
            return Err(Refusal::OutsideMandate);
        }
        match (act, &self.state) {
            (Act::OpenNegotiation, State::Draft) => self.text.check_substance()?,
            (Act::ProposeVersion, State::Draft) if side == Side::Ars => {}
            (Act::AgreeToVersion, State::Negotiation { agreed_by }) => {
                if agreed_by.contains(&side) {
                    return Err(Refusal::AlreadyAgreed {
                        version: self.text_version,
                    });
                }
                circumstances.regime.check(&self.text)?;
            }
            (Act::Freeze, State::Consultation) => self.check_opinions()?,
            (Act::Sign, State::ReadyToSign { .. } | State::PartiallySigned { .. }) => {
                self.party_to_sign_for(person)?;
            }
            (Act::ProposeVersion, State::Negotiation { .. })
            | (Act::RecordOpinion, State::Consultation)
            | (Act::Withdraw, State::ReadyToSign { .. } | State::PartiallySigned { .. })
            | (
                Act::Abandon,
                State::Draft
                | State::Negotiation { .. }
                | State::Consultation
                | State::ReadyToSign { .. },
            ) => {}
            (_, state) => {
                let state = state.as_str();
                return Err(Refusal::WrongState {
                    method,
                    resource: "contract",
                    state,
                });
            }
        }
        Ok(side)
    }

    /// Guard C5: every body named by the text has given its opinion, whatever its sense.
    fn check_opinions(&self) -> Result<(), Refusal> {
        let bodies: Vec<String> = self
            .text
            .consultations
            .iter()
            .filter(|body| !self.opinions.iter().any(|opinion| opinion.body == **body))
            .cloned()
            .collect();
        if bodies.is_empty() {
            Ok(())
        } else {
            Err(Refusal::OpinionsMissing { bodies })
        }
    }

    fn record_opinion(&self, opinion: Opinion, now: OffsetDateTime) -> Result<Vec<Event>, Refusal> {
        let body = opinion.body.clone();
        if !self.text.consultations.contains(&body) {
            return Err(Refusal::UnknownConsultation { body });
        }
        if self.opinions.iter().any(|earlier| earlier.body == body) {
            return Err(Refusal::OpinionAlreadyRecorded { body });
        }
        if opinion.date > legal_day(now, self.region) {
            return Err(Refusal::OpinionInFuture { date: opinion.date });
        }
        Ok(vec![Event::OpinionRecorded(opinion)])
    }

    /// A party for which this person could sign and which has not signed yet.
    fn party_to_sign_for(&self, person: &Person) -> Result<Party, Refusal> {
        let mut theirs = self
            .required_signatories()
            .into_iter()
            .filter(|party| holds_mandate(person, *party));
        let first = theirs.next().ok_or(Refusal::OutsideMandate)?;
        std::iter::once(first)
            .chain(theirs)
            .find(|party| !self.has_signed(*party))
            .ok_or(Refusal::AlreadySigned { party: first })
    }

    fn has_signed(&self, party: Party) -> bool {
        self.state
            .signatures()
            .iter()
            .any(|signature| signature.party == party)
    }

    /// C6: the agency signs by its director general only, a legal entity by somebody whose mandate holds
    /// it, and all sign the same document.
    fn sign(
        &self,
        party: Party,
        title: String,
        given: DocumentHash,
        person: &Person,
        now: OffsetDateTime,
    ) -> Result<Vec<Event>, Refusal> {
        let required = self.required_signatories();
        if !required.contains(&party) {
            return Err(Refusal::UnknownParty { party });
        }
        if !holds_mandate(person, party) {
            return Err(Refusal::WrongSignatory { party });
        }
        if self.has_signed(party) {
            return Err(Refusal::AlreadySigned { party });
        }
        if let Some(frozen) = self.state.frozen()
            && frozen.sha256 != given
        {
            return Err(Refusal::DocumentHashMismatch {
                expected: frozen.sha256,
                given,
            });
        }
        let signatory = person.human().clone();
        let signature = Signature {
            party,
            signatory,
            title,
            sha256: given,
            at: now,
        };
        let mut events = vec![Event::SignedByParty(signature)];
        if self.state.signatures().len() + 1 == required.len() {
            events.push(Event::Signed { sha256: given });
            let signed = events
                .iter()
                .fold(self.clone(), |c, event| c.evolve(event, now));
            events.extend(signed.pass_time(now));
        }
        Ok(events)
    }
}

fn holds_mandate(person: &Person, party: Party) -> bool {
    match party {
        Party::Ars => person.has_role(role::DIRECTOR_GENERAL),
        Party::LegalEntity(entity) => person.directs(entity),
    }
}

impl Act {
    pub const ALL: [Self; 8] = [
        Self::OpenNegotiation,
        Self::ProposeVersion,
        Self::AgreeToVersion,
        Self::RecordOpinion,
        Self::Freeze,
        Self::Sign,
        Self::Withdraw,
        Self::Abandon,
    ];

    /// The RPC that does this act.
    pub fn method(self) -> &'static str {
        match self {
            Self::OpenNegotiation => "OpenNegotiation",
            Self::ProposeVersion => "ProposeVersion",
            Self::AgreeToVersion => "AgreeToVersion",
            Self::RecordOpinion => "RecordOpinion",
            Self::Freeze => "FreezeContract",
            Self::Sign => "SignContract",
            Self::Withdraw => "WithdrawFromSignature",
            Self::Abandon => "AbandonContract",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        use role::{CONTRACT_MANAGER, DIRECTOR_GENERAL, ESTABLISHMENT_DIRECTOR, MANAGER};
        match self {
            Self::OpenNegotiation | Self::RecordOpinion => &[CONTRACT_MANAGER],
            Self::ProposeVersion => &[CONTRACT_MANAGER, ESTABLISHMENT_DIRECTOR],
            Self::AgreeToVersion => &[CONTRACT_MANAGER, MANAGER, ESTABLISHMENT_DIRECTOR],
            Self::Freeze | Self::Abandon => &[CONTRACT_MANAGER, MANAGER],
            Self::Sign => &[DIRECTOR_GENERAL, ESTABLISHMENT_DIRECTOR],
            Self::Withdraw => &[MANAGER, DIRECTOR_GENERAL, ESTABLISHMENT_DIRECTOR],
        }
    }
}

impl Command {
    /// The kind of this act.
    pub fn act(&self) -> Act {
        match self {
            Self::OpenNegotiation => Act::OpenNegotiation,
            Self::ProposeVersion { .. } => Act::ProposeVersion,
            Self::AgreeToVersion { .. } => Act::AgreeToVersion,
            Self::RecordOpinion(_) => Act::RecordOpinion,
            Self::Freeze { .. } => Act::Freeze,
            Self::Sign { .. } => Act::Sign,
            Self::Withdraw { .. } => Act::Withdraw,
            Self::Abandon { .. } => Act::Abandon,
        }
    }
}
