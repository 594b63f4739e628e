//! What each event makes of a procedure.

use time::OffsetDateTime;

use super::{
    AppealOutcome, Before, Decision, Ending, FileRequest, Grant, Notice, Opening, Procedure,
    Reading, Referral, State, human::Event,
};
use crate::domain::{
    delivery::{Delay, Delivery, Extension},
    statement::{Hearing, Observations},
};

impl Procedure {
    /// The procedure that a history tells after its proposal, oldest event first with the instant it was recorded.
    #[must_use]
    pub fn replay<'a>(
        self,
        history: impl IntoIterator<Item = (&'a Event, OffsetDateTime)>,
    ) -> Self {
        history
            .into_iter()
            .fold(self, |procedure, (event, at)| procedure.evolve(event, at))
    }

    /// Applies a fact recorded `at`. Total, and each event counts as one version.
    #[must_use]
    pub fn evolve(mut self, event: &Event, at: OffsetDateTime) -> Self {
        self.version += 1;
        self.updated_at = at;
        match event {
            Event::Answered {
                text,
                attachments,
                by,
            } => self.observations.push(Observations {
                text: text.clone(),
                attachments: attachments.clone(),
                by: by.clone(),
                at,
            }),
            Event::HearingRecorded { minutes, by } => self.hearings.push(Hearing {
                minutes: minutes.clone(),
                by: by.clone(),
                at,
            }),
            Event::FileRequested { by } => self.file_requests.push(FileRequest {
                by: by.clone(),
                at,
                granted: None,
            }),
            Event::FileGranted { documents, .. } => {
                for request in self
                    .file_requests
                    .iter_mut()
                    .filter(|r| r.granted.is_none())
                {
                    let documents = documents.clone();
                    request.granted = Some(Grant { documents, at });
                }
            }
            Event::Paid(payment) => self.payments.push(payment.clone()),
            Event::Referred { fund, by } => {
                self.referral = Some(Referral {
                    fund: fund.clone(),
                    by: by.clone(),
                    at,
                });
            }
            Event::AppealFiled { appeal, .. } => self.appeals.push(appeal.clone()),
            Event::AppealEnded { rank, end, .. } => {
                if let Some(appeal) = self.appeals.get_mut(rank.saturating_sub(1)) {
                    appeal.ended = Some(end.clone());
                }
                if end.outcome == AppealOutcome::Annulled {
                    self.state = annulled(self.state);
                }
            }
            Event::DefenceConsulted(consultation) => self.defence = Some(consultation.clone()),
            Event::DefenceAnswered(answer) => {
                if let Some(consultation) = &mut self.defence {
                    consultation.answer = Some(answer.clone());
                }
            }
            Event::Opened { .. }
            | Event::NoticeSent { .. }
            | Event::NoticeReceived(_)
            | Event::Extended { .. }
            | Event::Acknowledged { .. }
            | Event::Dropped { .. }
            | Event::Decided { .. }
            | Event::DecisionNotified { .. }
            | Event::DecisionReceived(_) => self.state = advance(self.state, event, at),
        }
        self
    }
}

fn annulled(state: State) -> State {
    match state {
        State::Notified(opening, notice, decision, delay) => {
            State::Annulled(opening, notice, decision, delay)
        }
        other => other,
    }
}

/// The step that an event makes; none for an event that a history of that state cannot hold.
fn advance(state: State, event: &Event, at: OffsetDateTime) -> State {
    match (state, event) {
        (
            State::Proposed,
            Event::Opened {
                reasons,
                by,
                mandate,
            },
        ) => State::Opened(Opening {
            reasons: reasons.clone(),
            by: by.clone(),
            mandate: *mandate,
            at,
        }),
        (
            State::Opened(opening),
            Event::NoticeSent {
                reasons,
                measures,
                channel,
                consented,
                months,
                by,
                mandate,
            },
        ) => {
            let delay = Delay {
                delivery: Delivery::new(*channel, *consented, at),
                months: *months,
                extension: None,
            };
            let notice = Notice {
                reasons: reasons.clone(),
                measures: measures.clone(),
                by: by.clone(),
                mandate: *mandate,
                delay,
                reading: None,
            };
            State::UnderNotice(opening, notice)
        }
        (State::UnderNotice(opening, notice), event) => under_notice(opening, notice, event, at),
        (
            State::Decided(opening, notice, decision),
            Event::DecisionNotified {
                channel,
                consented,
                months,
                ..
            },
        ) => {
            let delay = Delay {
                delivery: Delivery::new(*channel, *consented, at),
                months: *months,
                extension: None,
            };
            State::Notified(opening, notice, decision, delay)
        }
        (
            State::Notified(opening, notice, decision, mut delay),
            Event::DecisionReceived(receipt),
        ) => {
            delay.delivery.receipt = Some(receipt.clone());
            State::Notified(opening, notice, decision, delay)
        }
        (state, Event::Dropped { .. }) => {
            let Some(ending) = ending(event, at) else {
                return state;
            };
            match state {
                State::Proposed => State::Dropped(Before::Proposed, ending),
                State::Opened(opening) => State::Dropped(Before::Opened(opening), ending),
                other => other,
            }
        }
        (state, _) => state,
    }
}

fn under_notice(opening: Opening, mut notice: Notice, event: &Event, at: OffsetDateTime) -> State {
    match event {
        Event::NoticeReceived(receipt) => notice.delay.delivery.receipt = Some(receipt.clone()),
        Event::Extended { reasons, by, .. } => {
            notice.delay.extension = Some(Extension {
                reasons: reasons.clone(),
                by: by.clone(),
                at,
            });
        }
        Event::Acknowledged { answers_read, by } => {
            notice.reading = Some(Reading {
                answers_read: *answers_read,
                by: by.clone(),
            });
        }
        Event::Dropped { .. } => {
            if let Some(ending) = ending(event, at) {
                return State::Dropped(Before::UnderNotice(opening, Box::new(notice)), ending);
            }
        }
        Event::Decided {
            reasons,
            sanction,
            remedies,
            algorithmic_notice,
            by,
            mandate,
        } => {
            let decision = Decision {
                reasons: reasons.clone(),
                sanction: sanction.clone(),
                remedies: remedies.clone(),
                algorithmic_notice: algorithmic_notice.clone(),
                by: by.clone(),
                mandate: *mandate,
                at,
            };
            return State::Decided(opening, notice, decision);
        }
        _ => {}
    }
    State::UnderNotice(opening, notice)
}

fn ending(event: &Event, at: OffsetDateTime) -> Option<Ending> {
    let Event::Dropped {
        reasons,
        by,
        mandate,
    } = event
    else {
        return None;
    };
    Some(Ending {
        reasons: reasons.clone(),
        by: by.clone(),
        mandate: *mandate,
        at,
    })
}
