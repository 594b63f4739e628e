//! The people's door: notifying, answering, examining, concluding. Every function asks for a [`Person`].

use kernel::{HumanActor, Reasons, Region, legal_time::legal_day};
use time::{Date, OffsetDateTime};

use super::{
    AttachedFinding, Ending, Milestone, Outcome, Review, Severity,
    act::{HumanAct, Wanted},
};
use crate::domain::{
    ContractId, Person, ProcedureId, Refusal, ReviewId,
    delivery::{Channel, Claim, Receipt},
    denial::Denial,
    procedure::{Ground, Kind},
    statement::{Attachment, Minutes},
};

pub use super::guard::Circumstances;

/// All that a person's act can make happen. Each carries the proof of who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HumanEvent {
    Notified {
        message: Reasons,
        channel: Channel,
        consented: bool,
        months: u32,
        by: HumanActor,
    },
    Received(Receipt),
    Extended {
        reasons: Reasons,
        by: HumanActor,
    },
    ObservationsSubmitted {
        text: Reasons,
        attachments: Vec<Attachment>,
        by: HumanActor,
    },
    HearingRecorded {
        minutes: Minutes,
        by: HumanActor,
    },
    ContextAdded {
        title: String,
        text: Reasons,
        references: Vec<String>,
        attachments: Vec<Attachment>,
        by: HumanActor,
    },
    Examined {
        analysis: Reasons,
        recommended: Outcome,
        answers_read: usize,
        by: HumanActor,
    },
    Concluded {
        ending: Ending,
        reasons: Reasons,
        by: HumanActor,
    },
    MilestoneReached {
        rank: usize,
        note: Reasons,
        by: HumanActor,
    },
    Reopened {
        reasons: Reasons,
        by: HumanActor,
    },
}

/// What a person's act decided.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    pub event: HumanEvent,
    /// Present when, and only when, a sanction was proposed: all it takes to make a procedure.
    pub sanction: Option<SanctionProposal>,
}

/// A sanction that a person proposed in concluding a review. Only [`Review::by_human`] makes one: its
/// fields are private and it cannot be copied, read from a row or made from an event.
#[derive(Debug, PartialEq, Eq)]
pub struct SanctionProposal {
    procedure: ProcedureId,
    kind: Kind,
    ground: Ground,
    contract: ContractId,
    region: Region,
    reasons: Reasons,
    proposer: HumanActor,
}

impl Review {
    /// Decides what a person's act does now: an event, or a refusal that changes nothing.
    pub fn by_human(
        &self,
        act: HumanAct,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Decision, Refusal> {
        let by = self.guard(act.kind(), person, circumstances)?;
        let now = circumstances.now;
        let event = match act {
            HumanAct::Notify {
                message,
                channel,
                consented,
                months,
            } => HumanEvent::Notified {
                message,
                channel,
                consented,
                months,
                by,
            },
            HumanAct::RecordReceipt(claim) => HumanEvent::Received(self.receive(claim, by, now)?),
            HumanAct::Extend { reasons } => HumanEvent::Extended { reasons, by },
            HumanAct::SubmitObservations { text, attachments } => {
                HumanEvent::ObservationsSubmitted {
                    text,
                    attachments,
                    by,
                }
            }
            HumanAct::RecordHearing(minutes) => {
                self.check_hearing(&minutes, now)?;
                HumanEvent::HearingRecorded { minutes, by }
            }
            HumanAct::AddContext {
                title,
                text,
                references,
                attachments,
            } => HumanEvent::ContextAdded {
                title,
                text,
                references,
                attachments,
                by,
            },
            HumanAct::Examine {
                analysis,
                recommended,
            } => HumanEvent::Examined {
                analysis,
                recommended,
                answers_read: self.answers(),
                by,
            },
            HumanAct::Conclude { reasons, wanted } => {
                return self.conclude(wanted, reasons, by, now);
            }
            HumanAct::CompleteMilestone { rank, note } => {
                self.check_milestone(rank)?;
                HumanEvent::MilestoneReached { rank, note, by }
            }
            HumanAct::Reopen { reasons } => HumanEvent::Reopened { reasons, by },
        };
        Ok(Decision {
            event,
            sanction: None,
        })
    }

    fn receive(
        &self,
        claim: Claim,
        by: HumanActor,
        now: OffsetDateTime,
    ) -> Result<Receipt, Refusal> {
        let delivery = self.state.delivery().ok_or(Denial::ReceiptNotProven)?;
        Ok(delivery.receive(claim, by, self.region, now)?)
    }

    fn check_hearing(&self, minutes: &Minutes, now: OffsetDateTime) -> Result<(), Refusal> {
        let delivery = self.state.delivery().ok_or(Denial::ReceiptNotProven)?;
        let (sent, today) = (
            legal_day(delivery.sent_at, self.region),
            legal_day(now, self.region),
        );
        Ok(minutes.check_date(sent, today)?)
    }

    fn check_milestone(&self, rank: usize) -> Result<(), Denial> {
        let milestones = self
            .state
            .conclusion()
            .map_or(&[][..], |conclusion| conclusion.ending.milestones());
        let milestone = rank.checked_sub(1).and_then(|place| milestones.get(place));
        match milestone.ok_or(Denial::UnknownMilestone { rank })?.reached {
            Some(_) => Err(Denial::MilestoneReached { rank }),
            None => Ok(()),
        }
    }

    fn conclude(
        &self,
        wanted: Wanted,
        reasons: Reasons,
        by: HumanActor,
        now: OffsetDateTime,
    ) -> Result<Decision, Refusal> {
        let (ending, sanction) = match wanted {
            Wanted::NoAction => (Ending::NoAction, None),
            Wanted::ActionPlan { milestones } => (self.plan(milestones, now)?, None),
            Wanted::Amendment {
                amendment,
                objectives,
            } => {
                let objectives = self.concerned(objectives)?;
                (
                    Ending::AmendmentProposed {
                        amendment,
                        objectives,
                    },
                    None,
                )
            }
            Wanted::Sanction { kind, procedure } => {
                let proposal = self.propose_sanction(kind, procedure, &reasons, &by)?;
                (Ending::SanctionProposed { procedure }, Some(proposal))
            }
        };
        Ok(Decision {
            event: HumanEvent::Concluded {
                ending,
                reasons,
                by,
            },
            sanction,
        })
    }

    fn plan(&self, steps: Vec<(String, Date)>, now: OffsetDateTime) -> Result<Ending, Denial> {
        let today = legal_day(now, self.region);
        let mut milestones = Vec::with_capacity(steps.len());
        for (title, due) in steps {
            if due <= today {
                return Err(Denial::MilestoneInPast { due, today });
            }
            milestones.push(Milestone {
                title,
                due,
                reached: None,
            });
        }
        Ok(Ending::ActionPlan { milestones })
    }

    /// The objectives that an amendment concerns, among those of the standing findings.
    fn concerned(&self, named: Vec<String>) -> Result<Vec<String>, Denial> {
        let objectives = self.standing_findings().map(|f| &f.objective);
        let mut standing: Vec<_> = objectives.filter(|o| !o.is_empty()).collect();
        standing.dedup();
        if named.is_empty() {
            return Ok(standing.into_iter().cloned().collect());
        }
        match named.iter().find(|named| !standing.contains(named)) {
            Some(objective) => Err(Denial::ObjectiveNotConcerned {
                objective: objective.clone(),
            }),
            None => Ok(named),
        }
    }

    /// The finding on which a sanction rests: the gravest that can bear one.
    pub fn sanction_ground(&self) -> Option<&AttachedFinding> {
        self.findings
            .iter()
            .filter(|finding| finding.can_bear_sanction())
            .max_by_key(|finding| finding.severity)
    }

    /// The ground of a sanction of that kind: a termination asks for a grave breach (CSP R6114-9).
    fn ground_of(&self, kind: Kind) -> Result<&AttachedFinding, Refusal> {
        let gravest = self
            .sanction_ground()
            .ok_or(Refusal::NoSanctionableFinding)?;
        if kind == Kind::Termination && gravest.severity < Severity::Grave {
            return Err(Denial::GraveBreachRequired.into());
        }
        Ok(gravest)
    }

    /// The guards that only a proposed sanction has: a finding that can bear one, and a second person.
    fn propose_sanction(
        &self,
        kind: Kind,
        procedure: ProcedureId,
        reasons: &Reasons,
        by: &HumanActor,
    ) -> Result<SanctionProposal, Refusal> {
        let finding = self.ground_of(kind)?;
        let examiner = self
            .state
            .examination()
            .map(|examination| examination.by.subject());
        if examiner == Some(by.subject()) {
            return Err(Refusal::SecondPersonRequired);
        }
        Ok(SanctionProposal {
            procedure,
            kind,
            ground: Ground::Review {
                review: self.id,
                campaign: self.campaign,
                year: self.year,
                finding: finding.finding,
                control: finding.control,
            },
            contract: self.contract,
            region: self.region,
            reasons: reasons.clone(),
            proposer: by.clone(),
        })
    }
}

impl SanctionProposal {
    pub fn procedure(&self) -> ProcedureId {
        self.procedure
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The review it concludes.
    pub fn review(&self) -> Option<ReviewId> {
        self.ground.review()
    }

    pub fn contract(&self) -> ContractId {
        self.contract
    }

    pub fn region(&self) -> Region {
        self.region
    }

    pub fn reasons(&self) -> &Reasons {
        &self.reasons
    }

    pub fn proposer(&self) -> &HumanActor {
        &self.proposer
    }
}
