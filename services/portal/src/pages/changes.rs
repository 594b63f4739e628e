//! What others did to a resource since somebody opened its page: as the refusal tells it; or, for a party to what is not
//! disclosed step by step, from what the resource itself tells of who did what.

use prost_types::Timestamp;
use proto::{
    contracts::v1::{GetProcedureRequest, GetReviewRequest, Procedure, Review},
    types::v1::{Actor, Change},
};
use rpc::etag;
use time::OffsetDateTime;
use tonic::Status;

use crate::{
    form::Form,
    services::{Services, within},
    text::{follow_up as words, labels},
    visitor::Visitor,
};

/// Said where nothing names what changed.
const UNTOLD: &str =
    "Ce que vous pouvez lire ne dit pas qui l’a modifié. Relisez la page avant de décider.";

/// What happened to the resource of a name after the version that a refused form was about: who did what, when.
pub(super) async fn told_by(
    refused: &Status,
    visitor: &Visitor,
    name: &str,
    typed: &Form,
) -> Vec<String> {
    let mut changes: Vec<String> = etag::changes(refused).iter().map(told).collect();
    if changes.is_empty()
        && let Some(opened) = opened(typed.text("request_id"))
    {
        let readable = readable(&visitor.services, name, opened).await;
        changes = readable.unwrap_or_default();
    }
    if changes.is_empty() {
        changes.push(UNTOLD.to_owned());
    }
    changes
}

/// One fact in a sentence.
fn told(change: &Change) -> String {
    format!(
        "{}, par {}",
        labels::fact(&change.r#type),
        labels::signed(change.actor.as_ref(), change.record_time.as_ref())
    )
}

/// When a form was made: its request is named by a `UUIDv7`, which begins with the milliseconds since 1970.
fn opened(request_id: &str) -> Option<OffsetDateTime> {
    let digits: String = request_id.chars().filter(|one| *one != '-').collect();
    let milliseconds = i128::from(u64::from_str_radix(digits.get(..12)?, 16).ok()?);
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).ok()
}

/// What a review or a procedure tells those who read it of what was done to it.
async fn readable(
    services: &Services,
    name: &str,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    match name.split_once('/') {
        Some(("reviews", _)) => of_review(services, name.to_owned(), opened).await,
        Some(("procedures", _)) => of_procedure(services, name.to_owned(), opened).await,
        _ => Ok(Vec::new()),
    }
}

async fn of_review(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.reviews();
    let request = GetReviewRequest { name };
    let review = client.get_review(within(request)).await?.into_inner();
    let mut changes = review_facts(&review, opened);
    changes.push(now(labels::review_state(review.state()).text));
    Ok(changes)
}

fn review_facts(review: &Review, opened: OffsetDateTime) -> Vec<String> {
    let observations = review.observations.iter().map(|one| {
        let author = one.author.as_ref();
        ("Observations déposées", author, one.submit_time.as_ref())
    });
    let hearings = review.hearings.iter().map(|one| {
        let recorder = one.recorder.as_ref();
        ("Audition consignée", recorder, one.record_time.as_ref())
    });
    let context = review.context.iter().map(|one| {
        let author = one.author.as_ref();
        ("Élément de contexte ajouté", author, one.add_time.as_ref())
    });
    let examination = review.examination.iter().map(|one| {
        let reviewer = one.reviewer.as_ref();
        ("Revue instruite", reviewer, one.examine_time.as_ref())
    });
    let conclusion = review.conclusion.iter().map(|one| {
        let author = one.author.as_ref();
        ("Revue conclue", author, one.conclude_time.as_ref())
    });
    observations
        .chain(hearings)
        .chain(context)
        .chain(examination)
        .chain(conclusion)
        .filter_map(|(what, who, at)| later(what, who, at, opened))
        .collect()
}

async fn of_procedure(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.procedures();
    let request = GetProcedureRequest { name };
    let procedure = client.get_procedure(within(request)).await?.into_inner();
    let mut changes = procedure_facts(&procedure, opened);
    changes.push(now(words::procedure_state(procedure.state()).text));
    Ok(changes)
}

fn procedure_facts(procedure: &Procedure, opened: OffsetDateTime) -> Vec<String> {
    let opening = procedure.opening.iter().map(|one| {
        let author = one.author.as_ref();
        ("Procédure ouverte", author, one.open_time.as_ref())
    });
    let notice = procedure.notice.iter().map(|one| {
        let sent = one.delivery.as_ref();
        let sent = sent.and_then(|delivery| delivery.send_time.as_ref());
        ("Mise en demeure envoyée", one.author.as_ref(), sent)
    });
    let answers = procedure.observations.iter().map(|one| {
        let author = one.author.as_ref();
        ("Réponse déposée", author, one.submit_time.as_ref())
    });
    let hearings = procedure.hearings.iter().map(|one| {
        let recorder = one.recorder.as_ref();
        ("Audition consignée", recorder, one.record_time.as_ref())
    });
    let files = procedure.file_accesses.iter().map(|one| {
        let requester = one.requester.as_ref();
        ("Dossier demandé", requester, one.request_time.as_ref())
    });
    let decision = procedure.decision.iter().map(|one| {
        let author = one.author.as_ref();
        ("Décision prise", author, one.decide_time.as_ref())
    });
    opening
        .chain(notice)
        .chain(answers)
        .chain(hearings)
        .chain(files)
        .chain(decision)
        .filter_map(|(what, who, at)| later(what, who, at, opened))
        .collect()
}

/// A fact in a sentence, if it came after the page was opened.
fn later(
    what: &str,
    who: Option<&Actor>,
    at: Option<&Timestamp>,
    opened: OffsetDateTime,
) -> Option<String> {
    let is_later = at
        .and_then(kit::from_timestamp)
        .is_some_and(|at| at > opened);
    is_later.then(|| format!("{what}, par {}", labels::signed(who, at)))
}

/// Where it stands now.
fn now(state: &str) -> String {
    format!("État actuel : {state}")
}

#[cfg(test)]
mod tests {
    use proto::{contracts::v1::Observations, types::v1::ActorKind};

    use super::*;

    #[test]
    fn a_request_says_when_its_form_was_made() {
        let made = opened("0190163d-8694-739b-aea5-966c26f8ad91").unwrap();
        assert_eq!(made.unix_timestamp_nanos() / 1_000_000, 0x0190_163d_8694);
        assert_eq!(opened("x"), None);
        assert_eq!(opened(""), None);
    }

    #[test]
    fn a_change_is_told_with_its_author_as_far_as_they_are_known() {
        let by = |subject: &str| Change {
            r#type: "cpom.targets.v1.DialogueClosed".to_owned(),
            actor: Some(Actor {
                subject: subject.to_owned(),
                kind: ActorKind::Human.into(),
                role: "manager".to_owned(),
            }),
            record_time: Some(Timestamp {
                seconds: 1_700_000_000,
                nanos: 0,
            }),
        };
        let agent = told(&by("person:claire"));
        let named = "Dialogue clos, par responsable de l’agence (claire), le ";
        assert!(agent.starts_with(named), "{agent}");
        let party = told(&by(""));
        let unnamed = "Dialogue clos, par responsable de l’agence, le ";
        assert!(party.starts_with(unnamed), "{party}");
    }

    #[test]
    fn only_what_came_after_the_page_is_told() {
        let opened = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let mut review = Review::default();
        assert!(review_facts(&review, opened).is_empty());
        for seconds in [1_699_999_999, 1_700_000_002] {
            review.observations.push(Observations {
                submit_time: Some(Timestamp { seconds, nanos: 0 }),
                ..Default::default()
            });
        }
        let told = review_facts(&review, opened);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with("Observations déposées, par "),
            "{told:?}"
        );
        let mut procedure = Procedure::default();
        assert!(procedure_facts(&procedure, opened).is_empty());
        procedure.observations.clone_from(&review.observations);
        let told = procedure_facts(&procedure, opened);
        assert!(told[0].starts_with("Réponse déposée, par "), "{told:?}");
        assert!(now("notifiée").ends_with("notifiée"));
    }
}
