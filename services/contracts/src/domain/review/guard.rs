//! Who may do what now. This is the one place: [`Review::by_human`] and [`Review::allowed_actions`] both ask here.

use std::collections::BTreeSet;

use kernel::{Finess, HumanActor};
use time::OffsetDateTime;

use super::{Examination, Notification, Outcome, Review, State, act::Act};
use crate::domain::{AllowedAction, Person, Refusal, Side, denial::Denial};

/// What a guard needs to know beside the review.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// Parties to the contract.
    pub legal_entities: &'a BTreeSet<Finess>,
    /// Subjects of those who planned or conducted the campaign or the controls, as far as they are known.
    pub controllers: &'a BTreeSet<String>,
    pub now: OffsetDateTime,
}

impl Review {
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
        let side = Side::of_role(person.entitled(method, act.roles())?);
        person.check_directs(side, circumstances.legal_entities)?;
        let now = circumstances.now;
        match (act, &self.state) {
            (Act::Notify | Act::AddContext, State::Open)
            | (
                Act::SubmitObservations | Act::RecordHearing | Act::AddContext,
                State::Notified { .. } | State::Examined { .. },
            ) => {}
            (
                Act::RecordReceipt,
                State::Notified { notification } | State::Examined { notification, .. },
            ) => {
                let delivery = &notification.delay.delivery;
                delivery.check_receivable(side, self.region, now)?;
            }
            (
                Act::Extend,
                State::Notified { notification } | State::Examined { notification, .. },
            ) => notification.delay.check_extensible(self.region, now)?,
            (
                Act::Examine,
                State::Notified { notification } | State::Examined { notification, .. },
            ) => check_examiner(person, notification, circumstances)?,
            (
                Act::Conclude,
                State::Examined {
                    notification,
                    examination,
                },
            ) => {
                self.check_answered(notification, now)?;
                self.check_read(examination)?;
            }
            (Act::CompleteMilestone, State::Concluded { conclusion, .. })
                if conclusion.ending.outcome() == Outcome::ActionPlan => {}
            (Act::Reopen, State::Concluded { conclusion, .. })
                if conclusion.ending.outcome() != Outcome::SanctionProposed =>
            {
                if !self.changed_after_conclusion() && !self.has_overdue_milestone(now) {
                    return Err(Denial::NothingToReopen.into());
                }
            }
            (_, state) => {
                let state = state.as_str();
                return Err(Refusal::WrongState {
                    method,
                    resource: "review",
                    state,
                });
            }
        }
        Ok(person.human().clone())
    }

    /// The establishment has answered, or its time to answer is over (CRPA L122-1).
    fn check_answered(
        &self,
        notification: &Notification,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        if self.is_answered() {
            return Ok(());
        }
        notification
            .delay
            .check_over(self.region, now)
            .map_err(|denial| match denial {
                Denial::DelayRunning { due } => Refusal::ObservationPeriodRunning { due_date: due },
                other => other.into(),
            })
    }

    /// The examination had every observation and hearing before it.
    fn check_read(&self, examination: &Examination) -> Result<(), Refusal> {
        let unread = self.answers().saturating_sub(examination.answers_read);
        if unread > 0 {
            return Err(Denial::ObservationsUnread { unread }.into());
        }
        Ok(())
    }
}

/// Who examines has neither controlled nor notified.
fn check_examiner(
    person: &Person,
    notification: &Notification,
    circumstances: &Circumstances<'_>,
) -> Result<(), Refusal> {
    let subject = person.human().subject();
    if circumstances.controllers.contains(subject) {
        return Err(Refusal::ExaminerIsController);
    }
    if notification.by.subject() == subject {
        return Err(Denial::ExaminerNotified.into());
    }
    Ok(())
}
