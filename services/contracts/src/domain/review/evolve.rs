//! What each human event makes of a review.

use time::OffsetDateTime;

use super::{
    Conclusion, Ending, Examination, Notification, Reached, Review, State, human::HumanEvent,
};
use crate::domain::{
    delivery::{Delay, Delivery, Extension},
    statement::{ContextNote, Hearing, Observations},
};

impl Review {
    pub(super) fn evolve_human(mut self, event: &HumanEvent, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        match event {
            HumanEvent::Notified { .. }
            | HumanEvent::Examined { .. }
            | HumanEvent::Concluded { .. } => {
                self.state = advance(self.state, event, at);
            }
            HumanEvent::Received(receipt) => {
                if let Some(notification) = self.state.notification_mut() {
                    notification.delay.delivery.receipt = Some(receipt.clone());
                }
            }
            HumanEvent::Extended { reasons, by } => {
                if let Some(notification) = self.state.notification_mut() {
                    notification.delay.extension = Some(Extension {
                        reasons: reasons.clone(),
                        by: by.clone(),
                        at,
                    });
                }
            }
            HumanEvent::ObservationsSubmitted {
                text,
                attachments,
                by,
            } => self.observations.push(Observations {
                text: text.clone(),
                attachments: attachments.clone(),
                by: by.clone(),
                at,
            }),
            HumanEvent::HearingRecorded { minutes, by } => self.hearings.push(Hearing {
                minutes: minutes.clone(),
                by: by.clone(),
                at,
            }),
            HumanEvent::ContextAdded {
                title,
                text,
                references,
                attachments,
                by,
            } => self.context.push(ContextNote {
                title: title.clone(),
                text: text.clone(),
                references: references.clone(),
                attachments: attachments.clone(),
                by: by.clone(),
                at,
            }),
            HumanEvent::MilestoneReached { rank, note, .. } => self.reach(*rank, note, at),
            HumanEvent::Reopened { .. } => {
                self.reopenings += 1;
                self.state = State::Open;
            }
        }
        self
    }

    fn reach(&mut self, rank: usize, note: &kernel::Reasons, at: OffsetDateTime) {
        let State::Concluded { conclusion, .. } = &mut self.state else {
            return;
        };
        let Ending::ActionPlan { milestones } = &mut conclusion.ending else {
            return;
        };
        let place = rank.saturating_sub(1);
        if let Some(milestone) = milestones.get_mut(place) {
            let note = note.clone();
            milestone.reached = Some(Reached { note, at });
        }
    }
}

impl State {
    fn notification_mut(&mut self) -> Option<&mut Notification> {
        match self {
            Self::Open => None,
            Self::Notified { notification }
            | Self::Examined { notification, .. }
            | Self::Concluded { notification, .. } => Some(notification),
        }
    }
}

/// The step that an event makes; none for an event that a history of that state cannot hold.
fn advance(state: State, event: &HumanEvent, at: OffsetDateTime) -> State {
    match (state, event) {
        (
            State::Open,
            HumanEvent::Notified {
                message,
                channel,
                consented,
                months,
                by,
            },
        ) => {
            let delay = Delay {
                delivery: Delivery::new(*channel, *consented, at),
                months: *months,
                extension: None,
            };
            let (message, by) = (message.clone(), by.clone());
            State::Notified {
                notification: Notification { message, by, delay },
            }
        }
        (
            State::Notified { notification } | State::Examined { notification, .. },
            HumanEvent::Examined {
                analysis,
                recommended,
                answers_read,
                by,
            },
        ) => State::Examined {
            notification,
            examination: Examination {
                analysis: analysis.clone(),
                recommended: *recommended,
                by: by.clone(),
                at,
                answers_read: *answers_read,
            },
        },
        (
            State::Examined {
                notification,
                examination,
            },
            HumanEvent::Concluded {
                ending,
                reasons,
                by,
            },
        ) => State::Concluded {
            notification,
            examination,
            conclusion: Conclusion {
                ending: ending.clone(),
                reasons: reasons.clone(),
                by: by.clone(),
                at,
            },
        },
        (state, _) => state,
    }
}
