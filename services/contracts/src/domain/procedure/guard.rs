//! Who may do what now. This is the one place: [`Procedure::by_human`] and [`Procedure::allowed_actions`] both ask
//! here.

use std::collections::BTreeSet;

use kernel::{Decimal, Finess, HumanActor, legal_time::legal_day};
use time::OffsetDateTime;

use super::{Kind, Notice, Procedure, State, act::Act};
use crate::domain::{
    AllowedAction, Mandate, MandateId, Person, Refusal, Side,
    delivery::Delay,
    denial::Denial,
    mandate::{Matter, Need},
    person::role,
    review::Severity,
    signature::Party,
};

/// What a guard needs to know beside the procedure.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// Parties to the contract.
    pub legal_entities: &'a BTreeSet<Finess>,
    /// How the finding that the procedure rests on stands now: its severity when it can still bear a sanction.
    /// None when it was withdrawn or corrected down. A refusal to sign rests on none.
    pub ground: Option<Severity>,
    /// Whether the contract bears on the health support of the armed forces (CSP L1435-3-1).
    pub defence: bool,
    /// Delegations of the person who acts.
    pub mandates: &'a [Mandate],
    pub now: OffsetDateTime,
}

impl Procedure {
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

    /// Whether a person may do an act now, whatever its contents. Gives the person under the role that entitles
    /// them.
    pub(super) fn guard(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<HumanActor, Refusal> {
        let method = act.method();
        let role = person.entitled(method, act.roles())?;
        self.delegation(act, person, circumstances)?;
        let side = Side::of_role(role);
        person.check_directs(side, circumstances.legal_entities)?;
        let now = circumstances.now;
        match (act, &self.state) {
            (Act::Open, State::Proposed) | (Act::SendNotice, State::Opened(_)) => {
                self.check_other_person(person)?;
                self.check_ground(circumstances)?;
            }
            (Act::RecordReceipt, State::UnderNotice(_, notice)) => {
                let delivery = &notice.delay.delivery;
                delivery.check_receivable(side, self.region, now)?;
            }
            (Act::RecordReceipt, State::Notified(.., delay)) => {
                delay.delivery.check_receivable(side, self.region, now)?;
            }
            (Act::Answer | Act::RecordHearing | Act::Acknowledge, State::UnderNotice(..))
            | (Act::Drop, State::Proposed | State::Opened(_) | State::UnderNotice(..))
            | (Act::NotifyDecision, State::Decided(..))
            | (Act::FileAppeal, State::Notified(..)) => {}
            (
                Act::RequestFile,
                State::Opened(_)
                | State::UnderNotice(..)
                | State::Decided(..)
                | State::Notified(..),
            ) => {
                if self.has_file_request() {
                    return Err(Denial::FileAlreadyRequested.into());
                }
            }
            (
                Act::GrantFile,
                State::Opened(_)
                | State::UnderNotice(..)
                | State::Decided(..)
                | State::Notified(..),
            ) => {
                if !self.has_file_request() {
                    return Err(Denial::NoFileRequest.into());
                }
            }
            (Act::ConsultDefence, State::Opened(_) | State::UnderNotice(..)) => {
                self.check_consultable()?;
            }
            (Act::RecordDefenceAnswer, State::Opened(_) | State::UnderNotice(..)) => {
                self.check_answerable()?;
            }
            (Act::Extend, State::UnderNotice(_, notice)) => {
                notice.delay.check_extensible(self.region, now)?;
            }
            (Act::Decide, State::UnderNotice(_, notice)) => {
                self.check_decidable(notice, person, circumstances)?;
            }
            (Act::RecordPayment, State::Notified(..)) => self.check_owed()?,
            (Act::Refer, State::Notified(.., delay)) => self.check_referable(delay, now)?,
            (Act::EndAppeal, State::Notified(..)) => {
                if self.appeals.iter().all(|appeal| appeal.ended.is_some()) {
                    let rank = self.appeals.len() + 1;
                    return Err(Denial::UnknownAppeal { rank }.into());
                }
            }
            (_, state) => {
                let state = state.as_str();
                return Err(Refusal::WrongState {
                    method,
                    resource: "procedure",
                    state,
                });
            }
        }
        Ok(person.human().clone())
    }

    /// The delegation under which a person acts in place of the director general, in force that day and published before;
    /// none for the director general, and for acts that are not theirs.
    pub(super) fn delegation(
        &self,
        act: Act,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<Option<MandateId>, Refusal> {
        if !act.is_delegable() || person.has_role(role::DIRECTOR_GENERAL) {
            return Ok(None);
        }
        let day = legal_day(circumstances.now, self.region);
        let need = Need {
            party: Party::Ars,
            matter: Matter::Procedures,
            contract: Some(self.contract),
            day,
        };
        let subject = person.human().subject();
        let delegation = circumstances
            .mandates
            .iter()
            .find(|mandate| mandate.covers(subject, need));
        match delegation {
            Some(mandate) => Ok(Some(mandate.id)),
            None => Err(Denial::DelegationRequired { day }.into()),
        }
    }

    /// The proposer does not decide (invariant 2): only another director general opens, gives notice and decides.
    fn check_other_person(&self, person: &Person) -> Result<(), Denial> {
        if self.proposal.by.subject() == person.human().subject() {
            return Err(Denial::DeciderIsProposer);
        }
        Ok(())
    }

    /// What it rests on still stands, and is grave for a termination (CSP R6114-9).
    fn check_ground(&self, circumstances: &Circumstances<'_>) -> Result<(), Denial> {
        match (self.kind, circumstances.ground) {
            (Kind::RefusalToSign, _)
            | (Kind::Penalty, Some(_))
            | (Kind::Termination, Some(Severity::Grave)) => Ok(()),
            (Kind::Termination, Some(_)) => Err(Denial::GraveBreachRequired),
            (Kind::Penalty | Kind::Termination, None) => Err(Denial::GroundChanged),
        }
    }

    /// P5: another person, a ground that stands, the last delay over (invariant 3), the minister of defence consulted (C13),
    /// the file communicated (CRPA L122-2), and everything that was said read by whoever decides (invariant 4).
    fn check_decidable(
        &self,
        notice: &Notice,
        person: &Person,
        circumstances: &Circumstances<'_>,
    ) -> Result<(), Denial> {
        self.check_other_person(person)?;
        self.check_ground(circumstances)?;
        notice.delay.check_over(self.region, circumstances.now)?;
        self.check_defence(circumstances)?;
        if self.has_file_request() {
            return Err(Denial::FileNotCommunicated);
        }
        let read = notice
            .reading
            .as_ref()
            .filter(|reading| reading.by.subject() == person.human().subject())
            .map_or(0, |reading| reading.answers_read);
        match self.answers().saturating_sub(read) {
            0 => Ok(()),
            unread => Err(Denial::ObservationsUnread { unread }),
        }
    }

    /// Whether the establishment waits for its file.
    fn has_file_request(&self) -> bool {
        self.file_requests
            .iter()
            .any(|request| request.granted.is_none())
    }

    fn check_owed(&self) -> Result<(), Denial> {
        match self.balance() {
            Some(balance) if balance > Decimal::ZERO => Ok(()),
            _ => Err(Denial::NothingOwed),
        }
    }

    /// P7: the month to pay is over, something is owed, and the fund does not have it yet.
    fn check_referable(&self, delay: &Delay, now: OffsetDateTime) -> Result<(), Denial> {
        self.check_owed()?;
        if self.referral.is_some() {
            return Err(Denial::AlreadyReferred);
        }
        delay
            .check_over(self.region, now)
            .map_err(|denial| match denial {
                Denial::DelayRunning { due } => Denial::PaymentNotDue { due },
                other => other,
            })
    }
}
