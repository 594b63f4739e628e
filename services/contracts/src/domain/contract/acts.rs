//! What people may do with a contract: the guards of its state machine. Signatures are in [`super::signing`], the
//! term and what the passing of time does in [`super::term`].

use std::collections::BTreeSet;

use kernel::{Department, Reasons, Region, legal_time::legal_day};
use time::{Date, OffsetDateTime};

use super::{Contract, Event, Opinion, Position, Stance, State};
use crate::domain::{
    AllowedAction, ContractText, LegalRegime, Mandate, Person, Refusal, Side, TargetSetId,
    competence, consultation,
    perimeter::{Overlap, RegistryView, check_overlaps},
    person::role,
    signature::{DocumentHash, Party},
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
    RecordPosition,
    Extend,
    Close,
}

/// A human act with its contents.
#[derive(Debug, Clone)]
pub enum Command {
    OpenNegotiation,
    ProposeVersion {
        text: Box<ContractText>,
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
    RecordPosition {
        text_version: i32,
        objective: String,
        stance: Stance,
        comment: String,
        /// The council that speaks, of who acts for several.
        council: Option<Department>,
    },
    Extend {
        last_day: Date,
        reasons: Reasons,
        overlaps: Vec<Overlap>,
    },
    /// `evaluated`: the final evaluation is concluded.
    Close {
        reasons: Reasons,
        evaluated: bool,
    },
}

/// What a guard needs to know beside the contract.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The regime the contract keeps.
    pub regime: &'a LegalRegime,
    /// Mandates and delegations of the person who acts, for parties whose office they do not hold.
    pub mandates: &'a [Mandate],
    pub now: OffsetDateTime,
}

/// C1: starts a draft. `number` is what [`number`] made of the region's counter.
pub fn draft(
    region: Region,
    number: String,
    text: ContractText,
    registry: &RegistryView,
    overlaps: &[Overlap],
    (regime, today): (&LegalRegime, Date),
) -> Result<Event, Refusal> {
    registry.check(&text, region)?;
    text.check_grouping_request(today)?;
    registry.check_signatories(&text, regime)?;
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
                if side == Side::Department {
                    let own = self.councils_of(person);
                    competence::check(&self.text, &text, &own, text.effect_date)?;
                }
                registry.check(&text, self.region)?;
                registry.check_signatories(&text, circumstances.regime)?;
                if text.content.grouping != self.text.content.grouping {
                    text.check_grouping_request(legal_day(now, self.region))?;
                }
                Ok(vec![Event::VersionProposed {
                    number: self.text_version + 1,
                    text: *text,
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
            } => self.sign((party, title, sha256), person, circumstances),
            Command::Withdraw { reasons } => Ok(vec![Event::SignatureWithdrawn { side, reasons }]),
            Command::Abandon { reasons } => Ok(vec![Event::Abandoned { reasons }]),
            Command::RecordPosition {
                text_version,
                objective,
                stance,
                comment,
                council,
            } => {
                let position = Position {
                    text_version,
                    objective,
                    side,
                    council: self.council_that_speaks(side, person, council)?,
                    stance,
                    comment,
                };
                self.record_position(position)
            }
            Command::Extend {
                last_day,
                reasons,
                overlaps,
            } => self.extend(last_day, reasons, &overlaps, circumstances),
            Command::Close { reasons, evaluated } => Self::close(reasons, evaluated),
        }
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

    /// Whether a person may do an act now, whatever its contents, and on which side they do it. Both
    /// [`Self::decide`] and [`Self::allowed_actions`] ask here.
    pub fn guard(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Side, Refusal> {
        let method = act.method();
        let side = Side::of_role(person.entitled(method, act.roles())?);
        self.check_side(side, person)?;
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
            (Act::Freeze, State::Consultation) => {
                consultation::check_complete(&self.text.consultations, &self.opinions)?;
            }
            (Act::Sign, State::ReadyToSign { .. } | State::PartiallySigned { .. }) => {
                self.party_to_sign_for(person, circumstances)?;
            }
            (Act::Extend, State::InForce(_)) => {
                self.check_extension(circumstances)?;
            }
            (Act::ProposeVersion | Act::RecordPosition, State::Negotiation { .. })
            | (Act::RecordOpinion, State::Consultation)
            | (Act::Withdraw, State::ReadyToSign { .. } | State::PartiallySigned { .. })
            | (
                Act::Close,
                State::Expired { .. } | State::Terminated { .. } | State::Renewed { .. },
            )
            | (
                Act::Abandon,
                State::Draft
                | State::Negotiation { .. }
                | State::Consultation
                | State::ReadyToSign { .. },
            ) => {}
            (_, state) => return Err(state.refuses(method)),
        }
        Ok(side)
    }

    /// Whether the person directs one of the parties.
    pub(crate) fn is_party(&self, person: &Person) -> bool {
        self.members().iter().any(|entity| person.directs(*entity))
    }

    /// The councils of the contract that the person presides or works for.
    pub(crate) fn councils_of(&self, person: &Person) -> BTreeSet<Department> {
        let councils = self.councils().into_iter();
        councils.filter(|council| person.serves(*council)).collect()
    }

    /// Refuses who acts for no party of their side.
    pub(crate) fn check_side(&self, side: Side, person: &Person) -> Result<(), Refusal> {
        let is_concerned = match side {
            Side::Ars => true,
            Side::Establishment => self.is_party(person),
            Side::Department => !self.councils_of(person).is_empty(),
        };
        if is_concerned {
            Ok(())
        } else {
            Err(Refusal::OutsideMandate)
        }
    }

    fn record_position(&self, position: Position) -> Result<Vec<Event>, Refusal> {
        if position.text_version != self.text_version {
            return Err(Refusal::VersionReplaced {
                given: position.text_version,
                current: self.text_version,
            });
        }
        if !self
            .text
            .objectives
            .iter()
            .any(|objective| objective.code == position.objective)
        {
            return Err(Refusal::UnknownElement {
                what: "objective",
                code: position.objective,
            });
        }
        Ok(vec![Event::PositionRecorded(position)])
    }

    fn record_opinion(&self, opinion: Opinion, now: OffsetDateTime) -> Result<Vec<Event>, Refusal> {
        let today = legal_day(now, self.region);
        let consulted = (&self.text.consultations, self.opinions.as_slice());
        consultation::check_recordable(&opinion, consulted, today)?;
        Ok(vec![Event::OpinionRecorded(opinion)])
    }
}

impl Act {
    pub const ALL: [Self; 11] = [
        Self::OpenNegotiation,
        Self::ProposeVersion,
        Self::AgreeToVersion,
        Self::RecordOpinion,
        Self::Freeze,
        Self::Sign,
        Self::Withdraw,
        Self::Abandon,
        Self::RecordPosition,
        Self::Extend,
        Self::Close,
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
            Self::RecordPosition => "RecordPosition",
            Self::Extend => "ExtendContract",
            Self::Close => "CloseContract",
        }
    }

    /// Who may do it. The authorization table says the same, and a test holds them together.
    pub fn roles(self) -> &'static [&'static str] {
        use role::{
            ASSOCIATED_PARTY, CONTRACT_MANAGER, DEPARTMENT_MANAGER, DEPARTMENT_PRESIDENT,
            DIRECTOR_GENERAL, ESTABLISHMENT_DIRECTOR, MANAGER,
        };
        match self {
            Self::OpenNegotiation | Self::RecordOpinion => &[CONTRACT_MANAGER],
            Self::ProposeVersion => &[
                CONTRACT_MANAGER,
                ESTABLISHMENT_DIRECTOR,
                DEPARTMENT_PRESIDENT,
                DEPARTMENT_MANAGER,
            ],
            Self::AgreeToVersion => &[CONTRACT_MANAGER, MANAGER, ESTABLISHMENT_DIRECTOR],
            Self::RecordPosition => &[
                CONTRACT_MANAGER,
                MANAGER,
                ESTABLISHMENT_DIRECTOR,
                DEPARTMENT_PRESIDENT,
                DEPARTMENT_MANAGER,
            ],
            Self::Freeze | Self::Abandon | Self::Close => &[CONTRACT_MANAGER, MANAGER],
            Self::Sign => &[
                DIRECTOR_GENERAL,
                ESTABLISHMENT_DIRECTOR,
                MANAGER,
                DEPARTMENT_PRESIDENT,
                DEPARTMENT_MANAGER,
                ASSOCIATED_PARTY,
            ],
            Self::Withdraw => &[
                MANAGER,
                DIRECTOR_GENERAL,
                ESTABLISHMENT_DIRECTOR,
                DEPARTMENT_PRESIDENT,
            ],
            Self::Extend => &[DIRECTOR_GENERAL],
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
            Self::RecordPosition { .. } => Act::RecordPosition,
            Self::Extend { .. } => Act::Extend,
            Self::Close { .. } => Act::Close,
        }
    }
}
