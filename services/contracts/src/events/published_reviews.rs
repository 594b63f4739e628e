//! Facts of reviews as the public events of `events.proto`.

use kernel::{HumanActor, Reasons};
use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};
use time::OffsetDateTime;

use crate::{
    domain::{
        Review,
        review::{Ending, Event as ReviewEvent, human::HumanEvent, machine::MachineEvent},
    },
    grpc::convert,
};

/// Applies what a machine did to a review and tells each event.
pub fn machine(
    before: Review,
    events: &[MachineEvent],
    at: OffsetDateTime,
) -> Result<(Review, Vec<Fact>), Error> {
    let mut current = before;
    let mut facts = Vec::with_capacity(events.len());
    for event in events {
        current = current.evolve(&ReviewEvent::Machine(event.clone()), at);
        facts.push(machine_fact(&current, event)?);
    }
    Ok((current, facts))
}

/// One event of a review that a machine has just brought to its version.
pub fn machine_fact(review: &Review, event: &MachineEvent) -> Result<Fact, Error> {
    match event {
        MachineEvent::Opened(opening) => {
            let opened = pb::ReviewOpened {
                contract: opening.contract.to_string(),
                campaign: opening.campaign.to_string(),
                year: opening.year,
            };
            of_review(review, &opened)
        }
        MachineEvent::FindingAttached(raised) => {
            let attached = review.findings.iter().find(|f| f.finding == raised.finding);
            let finding = attached.map(convert::finding);
            of_review(review, &pb::FindingAttached { finding })
        }
        MachineEvent::FindingDetached { finding, reason } => {
            let (finding, reason) = (finding.to_string(), reason.clone());
            of_review(review, &pb::FindingDetached { finding, reason })
        }
        MachineEvent::FindingAmended {
            finding, reason, ..
        } => {
            let attached = review.findings.iter().find(|f| f.finding == *finding);
            let (finding, reason) = (attached.map(convert::finding), reason.clone());
            of_review(review, &pb::FindingAmended { finding, reason })
        }
    }
}

/// What a person did to a review that it has just brought to its version.
pub fn human(review: &Review, event: &HumanEvent) -> Result<Fact, Error> {
    let sent = || {
        let delivery = review.state.delivery();
        delivery.map(|delivery| convert::delivery(delivery, review.region, None))
    };
    match event {
        HumanEvent::Notified { message, .. } => {
            let notified = pb::ReviewNotified {
                message: message.as_str().to_owned(),
                observations_due_date: due(review),
                delivery: sent(),
            };
            of_review(review, &notified)
        }
        HumanEvent::Received(_) => {
            let received = pb::ReviewReceived {
                delivery: sent(),
                observations_due_date: due(review),
            };
            of_review(review, &received)
        }
        HumanEvent::Extended { reasons, .. } => {
            let extended = pb::ObservationPeriodExtended {
                reasons: reasons.as_str().to_owned(),
                observations_due_date: due(review),
            };
            Ok(of_review(review, &extended)?.because(reasons.as_str()))
        }
        HumanEvent::ObservationsSubmitted {
            text, attachments, ..
        } => {
            let submitted = pb::ObservationsSubmitted {
                text: text.as_str().to_owned(),
                attachments: attachments.iter().map(convert::attachment).collect(),
            };
            of_review(review, &submitted)
        }
        HumanEvent::HearingRecorded { .. } => {
            let hearing = review.hearings.last().map(convert::hearing);
            of_review(review, &pb::ReviewHearingRecorded { hearing })
        }
        HumanEvent::ContextAdded { .. } => {
            let note = review.context.last().map(convert::context_note);
            of_review(review, &pb::ReviewContextAdded { note })
        }
        HumanEvent::Examined {
            analysis,
            recommended,
            answers_read,
            ..
        } => {
            let examined = pb::ReviewExamined {
                analysis: analysis.as_str().to_owned(),
                recommended_outcome: convert::outcome(*recommended).into(),
                observations_read: i32::try_from(*answers_read).unwrap_or(i32::MAX),
            };
            of_review(review, &examined)
        }
        HumanEvent::Concluded {
            ending,
            reasons,
            by,
        } => {
            let concluded = concluded(review, (ending, reasons, by));
            Ok(of_review(review, &concluded)?.because(reasons.as_str()))
        }
        HumanEvent::MilestoneReached { rank, note, .. } => {
            let completed = pb::MilestoneCompleted {
                rank: i32::try_from(*rank).unwrap_or(i32::MAX),
                note: note.as_str().to_owned(),
            };
            of_review(review, &completed)
        }
        HumanEvent::Reopened { reasons, .. } => {
            let reopened = pb::ReviewReopened {
                contract: review.contract.to_string(),
                campaign: review.campaign.to_string(),
                reasons: reasons.as_str().to_owned(),
            };
            Ok(of_review(review, &reopened)?.because(reasons.as_str()))
        }
    }
}

fn due(review: &Review) -> String {
    let delay = review.state.notification().map(|n| &n.delay);
    delay
        .and_then(|delay| delay.due(review.region))
        .map(|day| day.to_string())
        .unwrap_or_default()
}

fn concluded(
    review: &Review,
    (ending, reasons, by): (&Ending, &Reasons, &HumanActor),
) -> pb::ReviewConcluded {
    let standing: Vec<_> = review.standing_findings().collect();
    let mut controls: Vec<_> = standing.iter().filter_map(|f| f.control).collect();
    controls.sort_unstable();
    controls.dedup();
    let (amendment, objectives) = convert::amendment(ending);
    pb::ReviewConcluded {
        contract: review.contract.to_string(),
        campaign: review.campaign.to_string(),
        outcome: convert::outcome(ending.outcome()).into(),
        reasons: reasons.as_str().to_owned(),
        author: Some(convert::actor(by)),
        procedure: ending
            .procedure()
            .map(|id| id.to_string())
            .unwrap_or_default(),
        year: review.year,
        findings: standing.iter().map(|f| f.finding.to_string()).collect(),
        controls: controls.iter().map(ToString::to_string).collect(),
        milestones: ending.milestones().iter().map(convert::milestone).collect(),
        objectives,
        amendment,
    }
}

fn of_review<M: Message + Name>(review: &Review, message: &M) -> Result<Fact, Error> {
    let (version, region) = (review.version, review.region);
    Fact::new(
        "review",
        review.id,
        version,
        review.contract,
        region,
        message,
    )
}
