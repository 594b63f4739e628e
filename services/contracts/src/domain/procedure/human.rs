//! What a person's act makes happen to a procedure. There is no other door.

use kernel::{Decimal, HumanActor, Reasons, legal_time::legal_day};
use time::{Date, OffsetDateTime};

use super::{
    Appeal, AppealEnd, AppealKind, AppealOutcome, Ground, Kind, Payment, Procedure, Proposal,
    Sanction,
    act::{HumanAct, Wanted},
    defence::{Answer, Consultation},
};
use crate::domain::{
    Contract, ContractId, MandateId, Person, ProcedureId, Refusal,
    delivery::{Channel, Claim, Receipt},
    denial::Denial,
    person::role,
    statement::{Attachment, Minutes},
};

pub use super::guard::Circumstances;

/// A fact of the life of a procedure. Each carries the proof of the person who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Opened {
        reasons: Reasons,
        by: HumanActor,
        mandate: Option<MandateId>,
    },
    NoticeSent {
        reasons: Reasons,
        measures: Reasons,
        channel: Channel,
        consented: bool,
        months: u32,
        by: HumanActor,
        mandate: Option<MandateId>,
    },
    NoticeReceived(Receipt),
    Answered {
        text: Reasons,
        attachments: Vec<Attachment>,
        by: HumanActor,
    },
    HearingRecorded {
        minutes: Minutes,
        by: HumanActor,
    },
    FileRequested {
        by: HumanActor,
    },
    FileGranted {
        documents: Reasons,
        by: HumanActor,
    },
    Extended {
        reasons: Reasons,
        by: HumanActor,
        mandate: Option<MandateId>,
    },
    Acknowledged {
        answers_read: usize,
        by: HumanActor,
    },
    Dropped {
        reasons: Reasons,
        by: HumanActor,
        mandate: Option<MandateId>,
    },
    Decided {
        reasons: Reasons,
        sanction: Sanction,
        remedies: String,
        algorithmic_notice: Option<String>,
        by: HumanActor,
        mandate: Option<MandateId>,
    },
    DecisionNotified {
        channel: Channel,
        consented: bool,
        months: u32,
        by: HumanActor,
    },
    DecisionReceived(Receipt),
    Paid(Payment),
    Referred {
        fund: String,
        by: HumanActor,
    },
    AppealFiled {
        appeal: Appeal,
        by: HumanActor,
    },
    /// `rank` counts from 1.
    AppealEnded {
        rank: usize,
        end: AppealEnd,
        by: HumanActor,
    },
    DefenceConsulted(Consultation),
    DefenceAnswered(Answer),
}

/// Who may propose a procedure for a refusal to sign.
pub const REFUSAL_ROLES: &[&str] = &[role::MANAGER];

/// A person proposes a procedure against an entity that refuses to sign its contract (CASF L313-12, IV ter). The
/// contract is being negotiated or waits for a signature.
pub fn propose_refusal(
    id: ProcedureId,
    contract: &Contract,
    reasons: Reasons,
    person: &Person,
    now: OffsetDateTime,
) -> Result<Procedure, Refusal> {
    let method = "ProposeRefusalProcedure";
    person.entitled(method, REFUSAL_ROLES)?;
    let unsigned = [
        "NEGOTIATION",
        "CONSULTATION",
        "READY_TO_SIGN",
        "PARTIALLY_SIGNED",
    ];
    if !unsigned.contains(&contract.state.as_str()) {
        return Err(contract.state.refuses(method));
    }
    let proposal = Proposal {
        reasons,
        by: person.human().clone(),
        at: now,
    };
    let (region, contract): (_, ContractId) = (contract.region, contract.id);
    Ok(Procedure::proposed(
        id,
        (region, contract),
        (Kind::RefusalToSign, Ground::Refusal),
        proposal,
    ))
}

impl Procedure {
    /// Decides what a person's act does now: an event, or a refusal that changes nothing.
    pub fn by_human(
        &self,
        act: HumanAct,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Event, Refusal> {
        let by = self.guard(act.kind(), person, circumstances)?;
        let mandate = self.delegation(act.kind(), person, circumstances)?;
        let today = legal_day(circumstances.now, self.region);
        Ok(match act {
            HumanAct::Open { reasons } => Event::Opened {
                reasons,
                by,
                mandate,
            },
            HumanAct::SendNotice {
                reasons,
                measures,
                channel,
                consented,
                months,
            } => Event::NoticeSent {
                reasons,
                measures,
                channel,
                consented,
                months,
                by,
                mandate,
            },
            HumanAct::RecordReceipt(claim) => self.receive(claim, by, circumstances.now)?,
            HumanAct::Answer { text, attachments } => Event::Answered {
                text,
                attachments,
                by,
            },
            HumanAct::RecordHearing(minutes) => {
                self.check_hearing(&minutes, today)?;
                Event::HearingRecorded { minutes, by }
            }
            HumanAct::RequestFile => Event::FileRequested { by },
            HumanAct::GrantFile { documents } => Event::FileGranted { documents, by },
            HumanAct::Extend { reasons } => Event::Extended {
                reasons,
                by,
                mandate,
            },
            HumanAct::Acknowledge => Event::Acknowledged {
                answers_read: self.answers(),
                by,
            },
            HumanAct::Drop { reasons } => Event::Dropped {
                reasons,
                by,
                mandate,
            },
            HumanAct::Decide {
                reasons,
                sanction,
                remedies,
                algorithmic_notice,
            } => Event::Decided {
                reasons,
                sanction: self.sanction(sanction, circumstances, today)?,
                remedies,
                algorithmic_notice,
                by,
                mandate,
            },
            HumanAct::NotifyDecision {
                channel,
                consented,
                months,
            } => Event::DecisionNotified {
                channel,
                consented,
                months,
                by,
            },
            HumanAct::RecordPayment {
                amount,
                date,
                reference,
            } => self.pay(amount, date, reference, (by, today))?,
            HumanAct::Refer { fund } => Event::Referred { fund, by },
            HumanAct::FileAppeal {
                kind,
                date,
                grounds,
            } => self.file_appeal(kind, date, grounds, (by, today))?,
            HumanAct::EndAppeal {
                rank,
                outcome,
                date,
                reasons,
            } => {
                self.check_appeal(rank, outcome)?;
                check_past(date, today)?;
                let end = AppealEnd {
                    outcome,
                    date,
                    reasons,
                };
                Event::AppealEnded { rank, end, by }
            }
            HumanAct::ConsultDefence {
                asked_on,
                answer_by,
                letter,
                attachments,
            } => {
                let consultation = Consultation {
                    asked_on,
                    answer_by,
                    letter,
                    attachments,
                    by,
                    answer: None,
                };
                consultation.check(today)?;
                Event::DefenceConsulted(consultation)
            }
            HumanAct::RecordDefenceAnswer {
                received_on,
                text,
                continuity_until,
                attachments,
            } => {
                let answer = Answer {
                    received_on,
                    text,
                    continuity_until,
                    attachments,
                    by,
                };
                answer.check(self.check_answerable()?, today)?;
                Event::DefenceAnswered(answer)
            }
        })
    }

    /// A receipt is that of the decision once it is notified, and of the formal notice before.
    fn receive(&self, claim: Claim, by: HumanActor, now: OffsetDateTime) -> Result<Event, Denial> {
        if let Some(delay) = self.state.payment_delay() {
            let receipt = delay.delivery.receive(claim, by, self.region, now)?;
            return Ok(Event::DecisionReceived(receipt));
        }
        let notice = self.state.notice().ok_or(Denial::ReceiptNotProven)?;
        let receipt = notice.delay.delivery.receive(claim, by, self.region, now)?;
        Ok(Event::NoticeReceived(receipt))
    }

    fn check_hearing(&self, minutes: &Minutes, today: Date) -> Result<(), Denial> {
        let notice = self.state.notice().ok_or(Denial::ReceiptNotProven)?;
        let sent = legal_day(notice.delay.delivery.sent_at, self.region);
        minutes.check_date(sent, today)
    }

    /// P5: within the cap for a penalty; for a termination not in the past, nor before the mission of the armed forces can do
    /// without the contract; and the one that was proposed.
    fn sanction(
        &self,
        wanted: Wanted,
        circumstances: &Circumstances<'_>,
        today: Date,
    ) -> Result<Sanction, Refusal> {
        match (self.kind, wanted) {
            (Kind::Penalty | Kind::RefusalToSign, Wanted::Penalty { amount, cap }) => {
                if !circumstances.legal_entities.contains(&cap.entity) {
                    let entity = cap.entity;
                    return Err(Denial::NotAParty { entity }.into());
                }
                cap.check(amount)?;
                Ok(Sanction::Penalty { amount, cap })
            }
            (Kind::Termination, Wanted::Termination { on }) => {
                if on < today {
                    return Err(Denial::TerminationInPast { day: on, today }.into());
                }
                self.check_continuity(on)?;
                Ok(Sanction::Termination { on })
            }
            (kind, _) => Err(Denial::OtherSanction {
                kind: kind.as_str(),
            }
            .into()),
        }
    }

    fn pay(
        &self,
        amount: Decimal,
        date: Date,
        reference: String,
        (by, today): (HumanActor, Date),
    ) -> Result<Event, Denial> {
        check_past(date, today)?;
        if amount <= Decimal::ZERO {
            return Err(Denial::AmountNotPositive);
        }
        let balance = self.balance().unwrap_or_default();
        if amount > balance {
            return Err(Denial::PaymentOverBalance { balance });
        }
        Ok(Event::Paid(Payment {
            amount,
            date,
            reference,
            by,
        }))
    }

    fn file_appeal(
        &self,
        kind: AppealKind,
        date: Date,
        grounds: Reasons,
        (by, today): (HumanActor, Date),
    ) -> Result<Event, Denial> {
        check_past(date, today)?;
        let is_pending = |appeal: &Appeal| appeal.kind == kind && appeal.ended.is_none();
        if self.appeals.iter().any(is_pending) {
            return Err(Denial::AppealPending);
        }
        let appeal = Appeal {
            kind,
            date,
            grounds,
            ended: None,
        };
        Ok(Event::AppealFiled { appeal, by })
    }

    fn check_appeal(&self, rank: usize, outcome: AppealOutcome) -> Result<(), Denial> {
        let appeal = rank
            .checked_sub(1)
            .and_then(|place| self.appeals.get(place));
        if appeal
            .ok_or(Denial::UnknownAppeal { rank })?
            .ended
            .is_some()
        {
            return Err(Denial::AppealEnded { rank });
        }
        if let AppealOutcome::Reduced(reduced) = outcome {
            let amount = self.penalty().unwrap_or_default();
            if reduced >= amount {
                return Err(Denial::NotAReduction { reduced, amount });
            }
        }
        Ok(())
    }
}

fn check_past(day: Date, today: Date) -> Result<(), Denial> {
    if day > today {
        return Err(Denial::DateInFuture { day, today });
    }
    Ok(())
}
