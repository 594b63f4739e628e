//! What others did to a resource since somebody opened its page: from its history, or, for those who may not read that,
//! from what the resource itself tells of who did what.

use prost_types::Timestamp;
use proto::{
    contracts::v1::{
        GetAmendmentRequest, GetContractRequest, GetEvaluationRequest, GetMeetingRequest,
        GetProcedureRequest, GetReviewRequest, ListContractVersionsRequest, Procedure, Review,
        Signature,
    },
    controls::v1::GetMissionRequest,
    history::v1::{Event, ListEventsRequest},
    targets::v1::{GetInflectionRequest, Inflection},
    types::v1::Actor,
};
use time::OffsetDateTime;
use tonic::Status;

use super::resource;
use crate::{
    acts::contract::party_title,
    form::Form,
    services::{Service, Services, within},
    text::{dates, follow_up as words, labels, missions, territory},
    visitor::Visitor,
};

/// Said where nothing names what changed.
const UNTOLD: &str =
    "Ce que vous pouvez lire ne dit pas qui l’a modifié. Relisez la page avant de décider.";

/// What happened to a resource after the version that a form was about: who did what, when.
pub(super) async fn since(
    visitor: &Visitor,
    (service, aggregate): (Service, &str),
    seen: i64,
    typed: &Form,
) -> Vec<String> {
    let request = ListEventsRequest {
        aggregate: aggregate.to_owned(),
        page_size: 200,
        ..Default::default()
    };
    let answer = visitor
        .services
        .history(service)
        .list_events(within(request))
        .await;
    let mut changes: Vec<String> = match answer {
        Ok(page) => {
            let events = page.into_inner().events;
            let later = events.iter().filter(|event| event.version > seen);
            later.map(told).collect()
        }
        // The history is not theirs to read, or does not answer.
        Err(_) => match opened(typed.text("request_id")) {
            Some(opened) => readable(&visitor.services, aggregate, opened)
                .await
                .unwrap_or_default(),
            None => Vec::new(),
        },
    };
    if changes.is_empty() {
        changes.push(UNTOLD.to_owned());
    }
    changes
}

/// One fact in a sentence.
fn told(event: &Event) -> String {
    format!(
        "{}, par {}, le {}",
        labels::fact(&event.r#type),
        labels::actor(event.actor.as_ref()),
        dates::timestamp(event.record_time.as_ref())
    )
}

/// When a form was made: its request is named by a `UUIDv7`, which begins with the milliseconds since 1970.
fn opened(request_id: &str) -> Option<OffsetDateTime> {
    let digits: String = request_id.chars().filter(|one| *one != '-').collect();
    let milliseconds = i128::from(u64::from_str_radix(digits.get(..12)?, 16).ok()?);
    OffsetDateTime::from_unix_timestamp_nanos(milliseconds * 1_000_000).ok()
}

/// What a dossier tells those who read it of what was done to it.
async fn readable(
    services: &Services,
    aggregate: &str,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let (collection, id) = aggregate.split_once('/').unwrap_or_default();
    let Ok(name) = resource(collection, id) else {
        return Ok(Vec::new());
    };
    match collection {
        "contracts" => of_contract(services, name, opened).await,
        "amendments" => of_amendment(services, name, opened).await,
        "reviews" => of_review(services, name, opened).await,
        "evaluations" => of_evaluation(services, name, opened).await,
        "inflections" => of_inflection(services, name, opened).await,
        "meetings" => of_meeting(services, name, opened).await,
        "missions" => of_mission(services, name, opened).await,
        "procedures" => of_procedure(services, name, opened).await,
        _ => Ok(Vec::new()),
    }
}

async fn of_contract(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.contracts();
    let request = ListContractVersionsRequest { name: name.clone() };
    let listed = client.list_contract_versions(within(request)).await?;
    let request = GetContractRequest { name };
    let contract = client.get_contract(within(request)).await?.into_inner();
    let versions = listed.into_inner().versions;
    let mut changes: Vec<String> = versions
        .iter()
        .filter_map(|one| {
            let what = format!("Version {} du texte proposée", one.number);
            later(&what, one.author.as_ref(), one.create_time.as_ref(), opened)
        })
        .collect();
    changes.extend(signatures(&contract.signatures, opened));
    let state = labels::contract_state(contract.state()).text;
    let agreed: Vec<&str> = contract.agreed_by().map(labels::side).collect();
    changes.push(now(state, &agreed));
    Ok(changes)
}

async fn of_amendment(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.amendments();
    let request = GetAmendmentRequest { name };
    let amendment = client.get_amendment(within(request)).await?.into_inner();
    let mut changes: Vec<String> = signatures(&amendment.signatures, opened).collect();
    let state = words::amendment_state(amendment.state()).text;
    let agreed: Vec<&str> = amendment.agreed_by().map(labels::side).collect();
    changes.push(format!(
        "{} (changements proposés {} fois)",
        now(state, &agreed),
        amendment.revision
    ));
    Ok(changes)
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
    changes.push(now(labels::review_state(review.state()).text, &[]));
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

async fn of_evaluation(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.follow_up();
    let request = GetEvaluationRequest { name };
    let one = client.get_evaluation(within(request)).await?.into_inner();
    let reported = later(
        "Rapport déposé",
        one.reported_by.as_ref(),
        one.report_time.as_ref(),
        opened,
    );
    let concluded = later(
        "Évaluation conclue",
        one.concluded_by.as_ref(),
        one.conclude_time.as_ref(),
        opened,
    );
    let mut changes: Vec<String> = [reported, concluded].into_iter().flatten().collect();
    changes.push(now(words::evaluation_state(one.state()).text, &[]));
    Ok(changes)
}

async fn of_meeting(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.follow_up();
    let request = GetMeetingRequest { name };
    let one = client.get_meeting(within(request)).await?.into_inner();
    let recorded = later(
        "Compte rendu enregistré",
        one.recorded_by.as_ref(),
        one.record_time.as_ref(),
        opened,
    );
    Ok(recorded.into_iter().collect())
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
    changes.push(now(words::procedure_state(procedure.state()).text, &[]));
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

async fn of_mission(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.missions();
    let request = GetMissionRequest { name };
    let mission = client.get_mission(within(request)).await?.into_inner();
    let pieces = mission.evidence.iter().map(|one| {
        let author = one.author.as_ref();
        ("Pièce ajoutée", author, one.create_time.as_ref())
    });
    let remarks = mission.remarks.iter().map(|one| {
        let author = one.author.as_ref();
        (
            "Remarque ou écart consigné",
            author,
            one.create_time.as_ref(),
        )
    });
    let mut changes: Vec<String> = pieces
        .chain(remarks)
        .filter_map(|(what, who, at)| later(what, who, at, opened))
        .collect();
    changes.push(now(missions::state(mission.state()).text, &[]));
    Ok(changes)
}

async fn of_inflection(
    services: &Services,
    name: String,
    opened: OffsetDateTime,
) -> Result<Vec<String>, Status> {
    let mut client = services.dialogues();
    let request = GetInflectionRequest { name };
    let inflection = client.get_inflection(within(request)).await?.into_inner();
    let mut changes = inflection_facts(&inflection, opened);
    let state = territory::inflection_state(inflection.state());
    changes.push(now(state.text, &[]));
    Ok(changes)
}

fn inflection_facts(inflection: &Inflection, opened: OffsetDateTime) -> Vec<String> {
    let positions = inflection.positions.iter().map(|one| {
        let what = format!("Position de {} enregistrée", one.finess);
        (what, &one.recorded_by, one.record_time.as_ref())
    });
    let decision = (
        "Inflexion retenue ou abandonnée".to_owned(),
        &inflection.decided_by,
        inflection.decide_time.as_ref(),
    );
    positions
        .chain([decision])
        .filter_map(|(what, who, at)| later_by(&what, labels::person(who), at, opened))
        .collect()
}

/// A fact in a sentence, if it came after the page was opened.
fn later(
    what: &str,
    who: Option<&Actor>,
    at: Option<&Timestamp>,
    opened: OffsetDateTime,
) -> Option<String> {
    later_by(what, &labels::actor(who), at, opened)
}

fn later_by(
    what: &str,
    who: &str,
    at: Option<&Timestamp>,
    opened: OffsetDateTime,
) -> Option<String> {
    let is_later = at
        .and_then(kit::from_timestamp)
        .is_some_and(|at| at > opened);
    is_later.then(|| format!("{what}, par {who}, le {}", dates::timestamp(at)))
}

fn signatures(signatures: &[Signature], opened: OffsetDateTime) -> impl Iterator<Item = String> {
    signatures.iter().filter_map(move |one| {
        let what = format!("Signature pour {}", party_title(&one.party, &[]));
        later(
            &what,
            one.signatory.as_ref(),
            one.sign_time.as_ref(),
            opened,
        )
    })
}

/// Where it stands now.
fn now(state: &str, agreed: &[&str]) -> String {
    match agreed {
        [] => format!("État actuel : {state}"),
        sides => format!(
            "État actuel : {state} ; accords donnés : {}",
            sides.join(" et ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use proto::{contracts::v1::Observations, targets::v1::Position};

    use super::*;

    #[test]
    fn a_request_says_when_its_form_was_made() {
        let made = opened("0190163d-8694-739b-aea5-966c26f8ad91").unwrap();
        assert_eq!(made.unix_timestamp_nanos() / 1_000_000, 0x0190_163d_8694);
        assert_eq!(opened("x"), None);
        assert_eq!(opened(""), None);
    }

    #[test]
    fn only_what_came_after_the_page_is_told() {
        let opened = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let signed = |party: &str, seconds: i64| Signature {
            party: party.to_owned(),
            sign_time: Some(Timestamp { seconds, nanos: 0 }),
            ..Default::default()
        };
        let all = [
            signed("ars", 1_699_999_999),
            signed("departments/06", 1_700_000_001),
        ];
        let told: Vec<String> = signatures(&all, opened).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        let mut review = Review::default();
        assert!(review_facts(&review, opened).is_empty());
        review.observations.push(Observations {
            submit_time: Some(Timestamp {
                seconds: 1_700_000_002,
                nanos: 0,
            }),
            ..Default::default()
        });
        let told = review_facts(&review, opened);
        assert!(
            told[0].starts_with("Observations déposées, par "),
            "{told:?}"
        );
        let mut procedure = Procedure::default();
        assert!(procedure_facts(&procedure, opened).is_empty());
        procedure.observations.clone_from(&review.observations);
        let told = procedure_facts(&procedure, opened);
        assert!(told[0].starts_with("Réponse déposée, par "), "{told:?}");
        let mut inflection = Inflection::default();
        assert!(inflection_facts(&inflection, opened).is_empty());
        inflection.positions.push(Position {
            finess: "130786049".to_owned(),
            recorded_by: "person:directrice".to_owned(),
            record_time: Some(Timestamp {
                seconds: 1_700_000_002,
                nanos: 0,
            }),
            ..Default::default()
        });
        let told = inflection_facts(&inflection, opened);
        let who = "Position de 130786049 enregistrée, par directrice, le ";
        assert!(told[0].starts_with(who), "{told:?}");
        assert!(now("en négociation", &[]).ends_with("en négociation"));
        assert!(now("x", &["l’agence", "l’établissement"]).contains(" et "));
    }
}
