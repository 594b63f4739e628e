//! The history explorer: who did what, when and why, across the four services, with what proves it.

use askama::Template;
use axum::response::Response;
use proto::history::v1::{Event, ListEventsRequest};
use time::{Date, Duration, OffsetDateTime, Time};

use super::{Exports, html};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{Service, within},
    table::{Cell, Export, Table},
    text::{dates, labels},
    visitor::Visitor,
};

/// One recorded fact.
struct Fact {
    id: String,
    what: String,
    kind: String,
    when: String,
    who: String,
    aggregate: String,
    version: i64,
    reason: String,
    request: String,
    hash: String,
    previous: String,
    canonical: String,
    /// Whether the stored bytes give the stored hash, computed here.
    holds: bool,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    frame: Frame,
    query: Form,
    services: Vec<(&'static str, &'static str, bool)>,
    service: &'static str,
    facts: Vec<Fact>,
    next: Option<String>,
    exports: Exports,
}

/// Facts of an export: what a person can still read.
const MOST_EXPORTED: usize = 10_000;

/// `/historique`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(history_page(&visitor).await).await
}

async fn history_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let service = Service::ALL
        .into_iter()
        .find(|service| service.key() == query.text("service"))
        .unwrap_or(Service::Contracts);
    let mut request = request(&query);
    if let Some(export) = Export::asked(query.text("format")) {
        return export_all(visitor, service, request, export).await;
    }
    request.page_size = 50;
    query.text("suite").clone_into(&mut request.page_token);
    let page = visitor
        .services
        .history(service)
        .list_events(within(request))
        .await?
        .into_inner();
    let next = (!page.next_page_token.is_empty()).then(|| {
        let kept = query.encoded_without(&["suite"]);
        let mut with = form_urlencoded::Serializer::new(kept);
        with.append_pair("suite", &page.next_page_token);
        address("/historique", &with.finish())
    });
    html(&Page {
        frame: visitor.frame("Historique", Section::History),
        services: Service::ALL
            .into_iter()
            .map(|one| (one.key(), one.title(), one == service))
            .collect(),
        service: service.key(),
        facts: page.events.iter().map(fact).collect(),
        exports: Exports::of("/historique", &query),
        next,
        query,
    })
}

fn request(query: &Form) -> ListEventsRequest {
    ListEventsRequest {
        root: query.text("racine").to_owned(),
        aggregate: query.text("dossier").to_owned(),
        actor: query.text("auteur").to_owned(),
        r#type: query.text("type").to_owned(),
        start_time: start_of(query.text("du")).map(kit::timestamp),
        // The last day is whole.
        end_time: start_of(query.text("au")).map(|day| kit::timestamp(day + Duration::days(1))),
        ..Default::default()
    }
}

fn start_of(day: &str) -> Option<OffsetDateTime> {
    let day: Date = dates::parse(day)?;
    Some(day.with_time(Time::MIDNIGHT).assume_utc())
}

fn fact(event: &Event) -> Fact {
    Fact {
        id: event.id.clone(),
        what: labels::fact(&event.r#type).to_owned(),
        kind: event.r#type.clone(),
        when: dates::timestamp(event.record_time.as_ref()),
        who: labels::actor(event.actor.as_ref()),
        aggregate: event.aggregate.clone(),
        version: event.version,
        reason: event.reason.clone(),
        request: event.request_id.clone(),
        hash: hex::encode(&event.hash),
        previous: hex::encode(&event.previous_hash),
        canonical: String::from_utf8_lossy(&event.canonical).into_owned(),
        holds: hash_of(&event.previous_hash, &event.canonical) == event.hash,
    }
}

/// The hash that the history gives to these bytes, computed again here:
/// `SHA-256("cpom-event/v1\0" || previous || length || bytes)`.
pub(crate) fn hash_of(previous: &[u8], canonical: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"cpom-event/v1\0");
    hash.update(previous);
    hash.update(
        u64::try_from(canonical.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    hash.update(canonical);
    hash.finalize().to_vec()
}

async fn export_all(
    visitor: &Visitor,
    service: Service,
    mut request: ListEventsRequest,
    export: Export,
) -> Result<Response, Failure> {
    let mut table = Table::new(
        "historique",
        "Historique",
        &[
            "Instant",
            "Fait",
            "Type",
            "Dossier",
            "Version#",
            "Auteur",
            "Motif",
            "Requête",
            "Empreinte",
            "Empreinte précédente",
        ],
    );
    let mut client = visitor.services.history(service);
    request.page_size = 200;
    loop {
        let page = client
            .list_events(within(request.clone()))
            .await?
            .into_inner();
        for event in &page.events {
            let fact = fact(event);
            table.push(vec![
                Cell::text(fact.when),
                Cell::text(fact.what),
                Cell::text(fact.kind),
                Cell::text(fact.aggregate),
                Cell::count(fact.version),
                Cell::text(fact.who),
                Cell::text(fact.reason),
                Cell::text(fact.request),
                Cell::text(fact.hash),
                Cell::text(fact.previous),
            ]);
        }
        if page.next_page_token.is_empty() || table.rows.len() >= MOST_EXPORTED {
            return table.export(export);
        }
        request.page_token = page.next_page_token;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_is_noticed() {
        let hash = hash_of(b"before", b"{}");
        let event = |canonical: &[u8]| Event {
            previous_hash: b"before".to_vec(),
            canonical: canonical.to_vec(),
            hash: hash.clone(),
            ..Default::default()
        };
        assert!(fact(&event(b"{}")).holds);
        assert!(!fact(&event(b"{ }")).holds);
    }

    #[test]
    fn the_last_day_is_whole() {
        let request = request(&Form::parse("du=2026-11-01&au=2026-11-01"));
        let (start, end) = (request.start_time.unwrap(), request.end_time.unwrap());
        assert_eq!(end.seconds - start.seconds, 86_400);
        assert!(super::request(&Form::parse("du=hier")).start_time.is_none());
    }
}
