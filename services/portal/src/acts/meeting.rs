//! Meetings about a contract: planned, with their minutes, and what they decided.

use proto::contracts::v1::{
    CompleteDecisionRequest, Meeting, MeetingDecision, MeetingKind, PlanMeetingRequest,
    RecordMinutesRequest,
};
use tonic::Status;

use super::{ActForm, Acts, Field, choices, line::parts, sending::sent};
use crate::{
    form::Form,
    services::{Services, within},
    text::{dates, follow_up as words},
};

/// The form that plans one.
pub(crate) fn plan(page: &str) -> ActForm {
    let kinds = [MeetingKind::Review, MeetingKind::Committee];
    let kinds = choices(&kinds.map(|kind| (kind, words::meeting(kind))));
    ActForm::new("PlanMeeting", "Prévoir une réunion", "Prévoir la réunion")
        .with(Field::radio("kind", "Laquelle", kinds))
        .with(Field::day("date", "Jour"))
        .with(Field::text("agenda", "Ordre du jour"))
        .on(page, "")
}

/// Plans it.
pub(crate) async fn send_plan(
    services: &Services,
    contract: String,
    form: &Form,
) -> Result<(), Status> {
    let request = PlanMeetingRequest {
        contract,
        kind: form.whole("kind").unwrap_or_default(),
        date: form.text("date").to_owned(),
        agenda: form.text("agenda").to_owned(),
        request_id: form.text("request_id").to_owned(),
    };
    let mut client = services.follow_up();
    client.plan_meeting(within(request)).await.map(|_| ())
}

/// What an agent may do on one.
pub(crate) fn acts(meeting: &Meeting, page: &str) -> Acts {
    let mut acts = Acts::default();
    let method = if meeting.minutes.is_empty() {
        Some("RecordMinutes")
    } else if meeting.decisions.iter().any(|one| one.done_date.is_empty()) {
        Some("CompleteDecision")
    } else {
        None
    };
    if let Some(form) = method.and_then(|method| form(method, meeting)) {
        acts.open(form.on(page, &meeting.etag));
    }
    acts
}

/// How an act on a meeting is done.
pub(crate) fn form(method: &str, meeting: &Meeting) -> Option<ActForm> {
    let act = |title: &str, button: &str| ActForm::new(method, title, button);
    Some(match method {
        "RecordMinutes" => act("Enregistrer le compte rendu", "Enregistrer le compte rendu")
            .with(Field::text("minutes", "Compte rendu"))
            .with(Field::text("attendees", "Présents").hint("Une personne par ligne, avec sa qualité."))
            .with(
                Field::text("decisions", "Décisions")
                    .hint("Une ligne chacune : ce qui est décidé | qui le fait | pour le (AAAA-MM-JJ, facultatif).")
                    .optional(),
            ),
        "CompleteDecision" => {
            let left = (1..)
                .zip(&meeting.decisions)
                .filter(|(_, one)| one.done_date.is_empty())
                .map(|(rank, one): (i32, _)| (rank.to_string(), told(one)))
                .collect();
            act("Dire qu’une décision est faite", "Enregistrer")
                .with(Field::radio("rank", "Décision", left))
                .with(Field::day("done_date", "Faite le"))
                .with(Field::text("note", "Comment").optional())
        }
        _ => return None,
    })
}

/// A decision in a sentence.
fn told(decision: &MeetingDecision) -> String {
    let due = match decision.due_date.as_str() {
        "" => String::new(),
        day => format!(", pour le {}", dates::from_wire(day)),
    };
    format!("{} — {}{due}", decision.text, decision.owner)
}

/// Decisions as they were typed.
fn decisions(form: &Form) -> Vec<MeetingDecision> {
    form.lines("decisions")
        .iter()
        .map(|line| {
            let [text, owner, due_date] = parts(line);
            MeetingDecision {
                text: text.to_owned(),
                owner: owner.to_owned(),
                due_date: due_date.to_owned(),
                ..Default::default()
            }
        })
        .collect()
}

/// Sends an act. None: a method that is not one of ours.
pub(crate) async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    sent!(
        services.follow_up(),
        name,
        form,
        match method {
            "RecordMinutes" => record_minutes(RecordMinutesRequest {
                minutes: form.text("minutes").to_owned(),
                attendees: form.lines("attendees"),
                decisions: decisions(form),
            }),
            "CompleteDecision" => complete_decision(CompleteDecisionRequest {
                rank: form.whole("rank").unwrap_or_default(),
                done_date: form.text("done_date").to_owned(),
                note: form.text("note").to_owned(),
            }),
        }
    )
}

/// What is said once it is done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    Some(match method {
        "PlanMeeting" => "La réunion est prévue.",
        "RecordMinutes" => "Le compte rendu est enregistré.",
        "CompleteDecision" => "La décision est notée comme faite.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_typed_a_line_each_with_who_and_when() {
        let form = Form::parse(
            "decisions=Ouvrir+l%27unit%C3%A9+%7C+Direction+%7C+2027-01-01%0ARevoir+%7C+Agence",
        );
        let read = decisions(&form);
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].owner, "Direction");
        assert_eq!(read[0].due_date, "2027-01-01");
        assert_eq!(read[1].due_date, "");
        assert_eq!(told(&read[1]), "Revoir — Agence");
    }
}
