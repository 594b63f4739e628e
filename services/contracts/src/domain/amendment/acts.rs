//! What people may do with an amendment, and what the passing of time does to it.

use std::collections::BTreeSet;

use kernel::{Reasons, legal_time::legal_day};
use time::{Date, OffsetDateTime};

use super::{
    Acknowledgement, Amendment, Changes, Event, Later, Proposal, State,
    changes::{check_effect, check_holders},
    later::Measure,
};
use crate::domain::{
    AllowedAction, Contract, ContractText, LegalRegime, Mandate, Person, Refusal, Side, competence,
    consultation,
    contract::{Opinion, Signing},
    perimeter::{Overlap, RegistryView, check_overlaps},
    person::role,
    signature::{DocumentHash, Party},
};

/// A kind of human act on an existing amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    OpenNegotiation,
    Revise,
    Agree,
    RecordOpinion,
    AcknowledgeImpact,
    Freeze,
    Sign,
    WithdrawFromSignature,
    Reject,
    Withdraw,
}

/// A human act with its contents.
#[derive(Debug, Clone)]
pub enum Command {
    OpenNegotiation,
    Revise {
        effect_date: Date,
        changes: Box<Changes>,
        holders: BTreeSet<kernel::Finess>,
        /// The contract on the new day of effect, without the amendment.
        text: Box<ContractText>,
    },
    /// `text` is the contract on the day of effect without the amendment; `overlaps` other contracts over the sites
    /// of the amended text, and `later` the signed amendments with effect after it.
    Agree {
        text: Box<ContractText>,
        later: Vec<Later>,
        registry: RegistryView,
        overlaps: Vec<Overlap>,
    },
    RecordOpinion(Opinion),
    /// `given` is the hash the person has read, `current` that of the impact as it stands.
    AcknowledgeImpact {
        given: DocumentHash,
        current: DocumentHash,
    },
    /// `impact` is the hash of the impact as it stands, `number` the next of the contract, `text` the contract on the day
    /// of effect without the amendment, `later` the signed amendments with effect after it, `registry` what is known of the
    /// contract with all of them.
    Freeze {
        impact: DocumentHash,
        number: i32,
        sha256: DocumentHash,
        text: Box<ContractText>,
        later: Vec<Later>,
        registry: RegistryView,
    },
    Sign {
        party: Party,
        title: String,
        sha256: DocumentHash,
    },
    WithdrawFromSignature {
        reasons: Reasons,
    },
    Reject {
        reasons: Reasons,
    },
    Withdraw {
        reasons: Reasons,
    },
}

/// What a guard needs to know beside the amendment.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    pub contract: &'a Contract,
    /// The regime the contract keeps.
    pub regime: &'a LegalRegime,
    /// Mandates and delegations of the person who acts.
    pub mandates: &'a [Mandate],
    pub now: OffsetDateTime,
}

/// Roles that open, agree and reject.
const NEGOTIATORS: &[&str] = &[
    role::CONTRACT_MANAGER,
    role::MANAGER,
    role::ESTABLISHMENT_DIRECTOR,
];

/// Roles that propose and revise.
const PROPOSERS: &[&str] = &[
    role::CONTRACT_MANAGER,
    role::MANAGER,
    role::ESTABLISHMENT_DIRECTOR,
    role::DEPARTMENT_PRESIDENT,
    role::DEPARTMENT_MANAGER,
];

/// A side proposes an amendment to a contract that binds it, a departmental council one of its own money. A proposal may
/// come without changes yet: they are agreed on later. `text` is the contract on the day of effect without it.
pub fn propose(
    mut proposal: Proposal,
    holders: &BTreeSet<kernel::Finess>,
    text: &ContractText,
    contract: &Contract,
    person: &Person,
) -> Result<Proposal, Refusal> {
    let method = "ProposeAmendment";
    proposal.side = side(method, PROPOSERS, contract, person)?;
    if !contract.state.binds() {
        return Err(contract.state.refuses(method));
    }
    check_holders(holders, &contract.text)?;
    check_effect(proposal.effect_date, &contract.text, contract.last_day())?;
    proposal.changes.check_members(&contract.text, text)?;
    if proposal.side == Side::Department {
        let own = contract.councils_of(person);
        let day = proposal.effect_date;
        competence::check(text, &proposal.changes.apply(text), &own, day)?;
    }
    Ok(proposal)
}

fn side(
    method: &'static str,
    roles: &'static [&'static str],
    contract: &Contract,
    person: &Person,
) -> Result<Side, Refusal> {
    let side = Side::of_role(person.entitled(method, roles)?);
    contract.check_side(side, person)?;
    Ok(side)
}

impl Amendment {
    /// Decides what a person's act does now: the events, or a refusal that changes nothing.
    pub fn decide(
        &self,
        command: Command,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let side = self.guard(command.act(), person, circumstances)?;
        let contract = circumstances.contract;
        match command {
            Command::OpenNegotiation => Ok(vec![Event::NegotiationOpened]),
            Command::Revise {
                effect_date,
                changes,
                holders,
                text,
            } => {
                check_holders(&holders, &contract.text)?;
                check_effect(effect_date, &contract.text, contract.last_day())?;
                changes.check_members(&contract.text, &text)?;
                if side == Side::Department {
                    self.check_competence((effect_date, &changes), &text, contract, person)?;
                }
                let revision = self.revision + 1;
                Ok(vec![Event::Revised {
                    revision,
                    effect_date,
                    changes,
                }])
            }
            Command::Agree {
                text,
                later,
                registry,
                overlaps,
            } => {
                self.changes.check_members(&contract.text, &text)?;
                self.changes
                    .check_departures(&text, &registry, circumstances.regime)?;
                let amended = self.changes.check(&text)?;
                registry.check(&amended, self.region)?;
                registry.check_signatories(&amended, circumstances.regime)?;
                circumstances.regime.check(&amended)?;
                check_overlaps(&overlaps)?;
                self.check_later((&text, &later), &registry, circumstances)?;
                let agreed = Event::Agreed {
                    revision: self.revision,
                    side,
                };
                let both = self.state.agreed_by().iter().any(|other| *other != side);
                let opened = both.then_some(Event::ConsultationOpened);
                Ok(std::iter::once(agreed).chain(opened).collect())
            }
            Command::RecordOpinion(opinion) => self.record_opinion(opinion, circumstances.now),
            Command::AcknowledgeImpact { given, current } => {
                if given != current {
                    return Err(Refusal::ImpactMoved { current });
                }
                let by = person.human().clone();
                Ok(vec![Event::ImpactAcknowledged(Acknowledgement {
                    impact: given,
                    by,
                })])
            }
            Command::Freeze {
                impact,
                number,
                sha256,
                text,
                later,
                registry,
            } => {
                // Another amendment may have moved members and sites since both sides agreed to this one.
                self.changes.check_members(&contract.text, &text)?;
                self.changes
                    .check_departures(&text, &registry, circumstances.regime)?;
                self.check_later((&text, &later), &registry, circumstances)?;
                if self
                    .acknowledged
                    .as_ref()
                    .is_none_or(|read| read.impact != impact)
                {
                    return Err(Refusal::ImpactMoved { current: impact });
                }
                Ok(vec![Event::Frozen { number, sha256 }])
            }
            Command::Sign {
                party,
                title,
                sha256,
            } => {
                let required = self.required_signatories(contract);
                let signing = self.signing(&required, circumstances);
                let signature = signing.sign((party, title, sha256), person)?;
                let mut events = vec![Event::SignedByParty(signature)];
                if signing.completes() {
                    events.push(Event::Signed { sha256 });
                    let now = circumstances.now;
                    let signed = events
                        .iter()
                        .fold(self.clone(), |a, event| a.evolve(event, now));
                    events.extend(signed.pass_time(now));
                }
                Ok(events)
            }
            Command::WithdrawFromSignature { reasons } => {
                Ok(vec![Event::SignatureWithdrawn { side, reasons }])
            }
            Command::Reject { reasons } => Ok(vec![Event::Rejected { reasons }]),
            Command::Withdraw { reasons } => Ok(vec![Event::Withdrawn { reasons }]),
        }
    }

    /// A signed amendment takes effect on its day. Calling it twice adds nothing.
    pub fn pass_time(&self, now: OffsetDateTime) -> Option<Event> {
        let has_come = legal_day(now, self.region) >= self.effect_date;
        (matches!(self.state, State::Signed { .. }) && has_come).then_some(Event::TookEffect)
    }

    /// What a caller may do now, and why not the rest. `person` is none for a machine.
    pub fn allowed_actions(
        &self,
        person: Option<&Person>,
        circumstances: &Circumstances<'_>,
    ) -> Vec<AllowedAction> {
        AllowedAction::of_each(Act::ALL, Act::method, person, |act, person| {
            self.guard(act, person, circumstances)
        })
    }

    /// Whether a person may do an act now, whatever its contents, and on which side they do it.
    pub fn guard(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Side, Refusal> {
        let (method, contract) = (act.method(), circumstances.contract);
        let side = match self.joins_by_signing(act, person) {
            Some(side) => side,
            None => side(method, act.roles(), contract, person)?,
        };
        let is_proposer = side == self.proposed_by;
        match (act, &self.state) {
            (Act::OpenNegotiation, State::Proposed)
            | (Act::Reject, State::Proposed | State::Negotiation { .. } | State::Consultation) => {
                if is_proposer {
                    return Err(Refusal::OwnProposal { method });
                }
            }
            (Act::Withdraw, State::Proposed | State::Negotiation { .. } | State::Consultation) => {
                if !is_proposer || !self.is_of(side, contract, person) {
                    return Err(Refusal::NotYourProposal);
                }
            }
            (Act::Revise, State::Proposed) if is_proposer => {}
            (Act::Agree, State::Negotiation { agreed_by }) => {
                if agreed_by.contains(&side) {
                    return Err(Refusal::AlreadyAgreed {
                        version: self.revision,
                    });
                }
            }
            (Act::Freeze, State::Consultation) => {
                consultation::check_complete(&self.consultations, &self.opinions)?;
                if self.acknowledged.is_none() {
                    return Err(Refusal::ImpactNotAcknowledged);
                }
            }
            (Act::Sign, State::ReadyToSign { .. } | State::PartiallySigned { .. }) => {
                let required = self.required_signatories(contract);
                self.signing(&required, circumstances).party_for(person)?;
            }
            (Act::Revise, State::Negotiation { .. })
            | (Act::RecordOpinion | Act::AcknowledgeImpact, State::Consultation)
            | (
                Act::WithdrawFromSignature,
                State::ReadyToSign { .. } | State::PartiallySigned { .. },
            ) => {}
            (_, state) => {
                let (resource, state) = ("amendment", state.as_str());
                return Err(Refusal::WrongState {
                    method,
                    resource,
                    state,
                });
            }
        }
        if !contract.state.binds() && !matches!(act, Act::Reject | Act::Withdraw) {
            return Err(contract.state.refuses(method));
        }
        Ok(side)
    }

    fn signing<'a>(
        &'a self,
        required: &'a BTreeSet<Party>,
        circumstances: &Circumstances<'a>,
    ) -> Signing<'a> {
        Signing {
            region: self.region,
            contract: Some(self.contract),
            required,
            signatures: self.state.signatures(),
            document: self.state.frozen().map(|frozen| frozen.sha256),
            mandates: circumstances.mandates,
            now: circumstances.now,
        }
    }

    /// Refuses what is in order on its own day and no more when another signed amendment takes effect.
    fn check_later(
        &self,
        (text, later): (&ContractText, &[Later]),
        registry: &RegistryView,
        circumstances: &Circumstances<'_>,
    ) -> Result<(), Refusal> {
        let measure = Measure {
            contract: circumstances.contract,
            regime: circumstances.regime,
            registry,
        };
        self.changes.check_later(text, later, measure)
    }

    fn record_opinion(&self, opinion: Opinion, now: OffsetDateTime) -> Result<Vec<Event>, Refusal> {
        let today = legal_day(now, self.region);
        let consulted = (&self.consultations, self.opinions.as_slice());
        consultation::check_recordable(&opinion, consulted, today)?;
        Ok(vec![Event::OpinionRecorded(opinion)])
    }
}

impl Act {
    pub const ALL: [Self; 10] = [
        Self::OpenNegotiation,
        Self::Revise,
        Self::Agree,
        Self::RecordOpinion,
        Self::AcknowledgeImpact,
        Self::Freeze,
        Self::Sign,
        Self::WithdrawFromSignature,
        Self::Reject,
        Self::Withdraw,
    ];

    /// The RPC that does this act.
    pub fn method(self) -> &'static str {
        match self {
            Self::OpenNegotiation => "OpenAmendmentNegotiation",
            Self::Revise => "ReviseAmendment",
            Self::Agree => "AgreeToAmendment",
            Self::RecordOpinion => "RecordAmendmentOpinion",
            Self::AcknowledgeImpact => "AcknowledgeImpact",
            Self::Freeze => "FreezeAmendment",
            Self::Sign => "SignAmendment",
            Self::WithdrawFromSignature => "WithdrawFromAmendmentSignature",
            Self::Reject => "RejectAmendment",
            Self::Withdraw => "WithdrawAmendment",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        use role::{
            ASSOCIATED_PARTY, CONTRACT_MANAGER, DEPARTMENT_MANAGER, DEPARTMENT_PRESIDENT,
            DIRECTOR_GENERAL, ESTABLISHMENT_DIRECTOR, MANAGER,
        };
        match self {
            Self::OpenNegotiation | Self::Agree | Self::Reject => NEGOTIATORS,
            Self::Revise | Self::Withdraw => PROPOSERS,
            Self::RecordOpinion => &[CONTRACT_MANAGER],
            Self::AcknowledgeImpact | Self::Freeze => &[CONTRACT_MANAGER, MANAGER],
            Self::Sign => &[
                DIRECTOR_GENERAL,
                ESTABLISHMENT_DIRECTOR,
                MANAGER,
                DEPARTMENT_PRESIDENT,
                DEPARTMENT_MANAGER,
                ASSOCIATED_PARTY,
            ],
            Self::WithdrawFromSignature => &[
                MANAGER,
                DIRECTOR_GENERAL,
                ESTABLISHMENT_DIRECTOR,
                DEPARTMENT_PRESIDENT,
            ],
        }
    }
}

impl Command {
    /// The kind of this act.
    pub fn act(&self) -> Act {
        match self {
            Self::OpenNegotiation => Act::OpenNegotiation,
            Self::Revise { .. } => Act::Revise,
            Self::Agree { .. } => Act::Agree,
            Self::RecordOpinion(_) => Act::RecordOpinion,
            Self::AcknowledgeImpact { .. } => Act::AcknowledgeImpact,
            Self::Freeze { .. } => Act::Freeze,
            Self::Sign { .. } => Act::Sign,
            Self::WithdrawFromSignature { .. } => Act::WithdrawFromSignature,
            Self::Reject { .. } => Act::Reject,
            Self::Withdraw { .. } => Act::Withdraw,
        }
    }
}
