//! The history explorer: who did what, when and why, across the four services, with what proves it.

use askama::Template;
use axum::response::Response;
use futures::future::try_join_all;
use prost_types::Timestamp;
use proto::history::v1::{Event, ListEventsRequest, ListEventsResponse};
use time::{Date, Duration, OffsetDateTime, Time};

use super::{Exports, comparison::of_number, html};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{Service, Services, within},
    table::{Cell, Export, Table},
    text::{
        altered::{self, Altered},
        dates, labels,
    },
    visitor::Visitor,
};

/// One recorded fact.
struct Fact {
    /// The register it stands in, in an address and in words.
    service: &'static str,
    register: &'static str,
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
    /// What is shown otherwise than these bytes say.
    altered: Vec<Altered>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct Page {
    frame: Frame,
    query: Form,
    services: Vec<(&'static str, &'static str, bool)>,
    /// Outcomes to choose from, by the name in the history, and whether it is the one asked for.
    outcomes: Vec<(String, String, bool)>,
    /// Several registers at once.
    is_everywhere: bool,
    facts: Vec<Fact>,
    next: Option<String>,
    /// Some registers have more than is shown.
    is_cut: bool,
    /// Up to when all that is asked for was looked for, where the search stopped before the end.
    examined: Option<String>,
    exports: Exports,
}

/// Facts of an export: what a person can still read. One of more is refused; saved exports take more.
const MOST_EXPORTED: usize = 10_000;
/// All registers, in an address and in words.
const EVERYWHERE: (&str, &str) = ("tous", "Tous les registres");
/// Facts of each register, when several are read at once.
const MOST_OF_EACH: i32 = 100;

/// `/historique`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(history_page(&visitor).await).await
}

async fn history_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let asked = registers(&query);
    let mut request = request(&query);
    request.root = root(&visitor.services, query.text("racine")).await;
    if let Some(export) = Export::asked(query.text("format")) {
        return export_all(visitor, &asked, &request, export).await;
    }
    let is_everywhere = asked.len() > 1;
    if is_everywhere {
        request.page_size = MOST_OF_EACH;
    } else {
        request.page_size = 50;
        query.text("suite").clone_into(&mut request.page_token);
    }
    let pages = try_join_all(
        asked
            .iter()
            .copied()
            .map(|service| one_page(visitor, service, request.clone())),
    )
    .await?;
    let next = match pages.as_slice() {
        [(_, page)] if !page.next_page_token.is_empty() => {
            let kept = query.encoded_without(&["suite"]);
            let mut with = form_urlencoded::Serializer::new(kept);
            with.append_pair("suite", &page.next_page_token);
            Some(address("/historique", &with.finish()))
        }
        _ => None,
    };
    let is_cut = is_everywhere && pages.iter().any(|(_, page)| has_more(page));
    let examined = pages
        .iter()
        .any(|(_, page)| page.examined_time.is_some())
        .then(|| dates::timestamp(horizon(&pages).as_ref()));
    let known = Service::ALL.into_iter();
    let choices = known.map(|one| (one.key(), one.title(), asked == [one]));
    let everywhere = (EVERYWHERE.0, EVERYWHERE.1, is_everywhere);
    html(&Page {
        frame: visitor.frame("Historique", Section::History),
        services: choices.chain([everywhere]).collect(),
        outcomes: labels::outcomes_by_name()
            .into_iter()
            .map(|(name, label)| {
                let is_asked = name == query.text("issue");
                (name, label, is_asked)
            })
            .collect(),
        is_everywhere,
        facts: in_order(pages)
            .iter()
            .map(|(service, event)| fact(*service, event))
            .collect(),
        exports: Exports::of("/historique", &query),
        next,
        is_cut,
        examined,
        query,
    })
}

/// The registers that are asked for: one, or all.
fn registers(query: &Form) -> Vec<Service> {
    let asked = query.text("service");
    if asked == EVERYWHERE.0 {
        return Service::ALL.to_vec();
    }
    let one = Service::ALL.into_iter().find(|one| one.key() == asked);
    vec![one.unwrap_or(Service::Contracts)]
}

async fn one_page(
    visitor: &Visitor,
    service: Service,
    request: ListEventsRequest,
) -> Result<(Service, ListEventsResponse), Failure> {
    let mut client = visitor.services.history(service);
    let page = client.list_events(within(request)).await?.into_inner();
    Ok((service, page))
}

fn has_more(page: &ListEventsResponse) -> bool {
    !page.next_page_token.is_empty()
}

fn moment(event: &Event) -> Option<(i64, i32)> {
    event.record_time.as_ref().map(place)
}

fn place(at: &Timestamp) -> (i64, i32) {
    (at.seconds, at.nanos)
}

/// Up to when everything is known: a register that has more ends with its last fact, or where the search in it stopped.
fn horizon(pages: &[(Service, ListEventsResponse)]) -> Option<Timestamp> {
    let cut = pages.iter().filter(|(_, page)| has_more(page));
    let ends = cut.filter_map(|(_, page)| {
        page.examined_time
            .or_else(|| page.events.last().and_then(|event| event.record_time))
    });
    ends.min_by_key(place)
}

/// The facts of several registers in one order. Where a register has more than its page, nothing later than the page is
/// told: others would stand there without it.
fn in_order(pages: Vec<(Service, ListEventsResponse)>) -> Vec<(Service, Event)> {
    if pages.len() < 2 {
        return every_event(pages).collect();
    }
    let horizon = horizon(&pages).as_ref().map(place);
    let mut events: Vec<(Service, Event)> = every_event(pages)
        .filter(|(_, event)| horizon.is_none_or(|last| moment(event) <= Some(last)))
        .collect();
    events.sort_by_key(|(_, event)| moment(event));
    events
}

fn every_event(
    pages: Vec<(Service, ListEventsResponse)>,
) -> impl Iterator<Item = (Service, Event)> {
    pages.into_iter().flat_map(|(service, page)| {
        let events = page.events.into_iter();
        events.map(move |event| (service, event))
    })
}

fn request(query: &Form) -> ListEventsRequest {
    ListEventsRequest {
        aggregate: query.text("dossier").to_owned(),
        actor: query.text("auteur").trim().to_owned(),
        r#type: query.text("type").to_owned(),
        start_time: start_of(query.text("du")).map(kit::timestamp),
        // The last day is whole.
        end_time: start_of(query.text("au")).map(|day| kit::timestamp(day + Duration::days(1))),
        filter: filter(query),
        ..Default::default()
    }
}

/// A contract may be named by its number, as people know it; anything else is a name of the registers.
async fn root(services: &Services, typed: &str) -> String {
    let is_number = !typed.is_empty() && !typed.contains('/');
    let found = if is_number {
        of_number(services, typed).await.ok().flatten()
    } else {
        None
    };
    found.map_or_else(|| typed.to_owned(), |contract| contract.name)
}

fn start_of(day: &str) -> Option<OffsetDateTime> {
    let day: Date = dates::parse(day)?;
    Some(day.with_time(Time::MIDNIGHT).assume_utc())
}

/// What has no field of its own in the request, in its language of filters (AIP-160).
fn filter(query: &Form) -> String {
    let establishment = match query.text("etablissement") {
        "" => String::new(),
        name if name.contains('/') => name.to_owned(),
        finess => format!("establishments/{finess}"),
    };
    let comparisons: Vec<String> = [
        ("type:", query.text("nature")),
        ("establishment=", establishment.as_str()),
        ("outcome=", query.text("issue")),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(field, value)| {
        let value = value.replace('\\', r"\\").replace('"', r#"\""#);
        format!("{field}\"{value}\"")
    })
    .collect();
    comparisons.join(" AND ")
}

fn fact(service: Service, event: &Event) -> Fact {
    Fact {
        service: service.key(),
        register: service.title(),
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
        altered: altered::of(event).unwrap_or_default(),
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

/// What the hashed bytes say otherwise, in one cell; empty when a fact is as it was recorded.
fn differences(fact: &Fact) -> String {
    let told = fact.altered.iter().map(|one| {
        let (title, shown, sealed) = (&one.title, &one.shown, &one.sealed);
        format!("{title} : affiché {shown}, dans les octets {sealed}")
    });
    let broken = (!fact.holds).then(|| "Les octets ne donnent pas cette empreinte".to_owned());
    let all: Vec<String> = broken.into_iter().chain(told).collect();
    all.join(" ; ")
}

async fn export_all(
    visitor: &Visitor,
    registers: &[Service],
    request: &ListEventsRequest,
    export: Export,
) -> Result<Response, Failure> {
    let mut table = Table::new(
        "historique",
        "Historique",
        &[
            "Registre",
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
            "Écarts avec les octets",
        ],
    );
    for service in registers {
        let mut request = request.clone();
        request.page_size = 200;
        loop {
            let (_, page) = one_page(visitor, *service, request.clone()).await?;
            for event in &page.events {
                let fact = fact(*service, event);
                let differences = differences(&fact);
                table.push(vec![
                    Cell::text(fact.register),
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
                    Cell::text(differences),
                ]);
            }
            if table.rows.len() > MOST_EXPORTED {
                return Err(Failure::export_too_large());
            }
            if !has_more(&page) {
                break;
            }
            request.page_token = page.next_page_token;
        }
    }
    table.export(export)
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
        assert!(fact(Service::Contracts, &event(b"{}")).holds);
        assert!(!fact(Service::Contracts, &event(b"{ }")).holds);
    }

    #[test]
    fn what_differs_from_the_bytes_stands_in_one_cell() {
        let told = |holds, altered: &[(&str, &str, &str)]| {
            let altered = altered.iter().map(|(title, shown, sealed)| Altered {
                title: (*title).to_owned(),
                shown: (*shown).to_owned(),
                sealed: (*sealed).to_owned(),
            });
            differences(&Fact {
                holds,
                altered: altered.collect(),
                ..fact(Service::Contracts, &Event::default())
            })
        };
        assert_eq!(told(true, &[]), "");
        assert_eq!(
            told(true, &[("Auteur", "a", "b"), ("Motif", "rien", "c")]),
            "Auteur : affiché a, dans les octets b ; Motif : affiché rien, dans les octets c"
        );
        assert_eq!(
            told(false, &[]),
            "Les octets ne donnent pas cette empreinte"
        );
    }

    #[test]
    fn registers_are_told_in_one_order_up_to_where_all_are_known() {
        let event = |seconds: i64| Event {
            record_time: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            ..Default::default()
        };
        let page = |seconds: &[i64], more: &str| ListEventsResponse {
            events: seconds.iter().copied().map(event).collect(),
            next_page_token: more.to_owned(),
            ..Default::default()
        };
        let told = |pages: Vec<(Service, ListEventsResponse)>| -> Vec<i64> {
            let seconds = |(_, event): &(Service, Event)| moment(event).unwrap().0;
            in_order(pages).iter().map(seconds).collect()
        };
        let (one, other) = (Service::Contracts, Service::Targets);
        let whole = vec![(one, page(&[1, 4], "")), (other, page(&[2, 9], ""))];
        assert_eq!(told(whole), [1, 2, 4, 9]);
        let cut = vec![(one, page(&[1, 4], "more")), (other, page(&[2, 9], ""))];
        assert_eq!(told(cut), [1, 2, 4]);
        // A search that stopped at the third second, and found nothing up to there.
        let stopped = ListEventsResponse {
            examined_time: event(3).record_time,
            ..page(&[], "more")
        };
        let cut = vec![(one, stopped), (other, page(&[2, 9], ""))];
        assert_eq!(horizon(&cut), event(3).record_time);
        assert_eq!(told(cut), [2]);
    }

    #[test]
    fn one_register_is_read_unless_all_are_asked_for() {
        let of = |query: &str| registers(&Form::parse(query));
        assert_eq!(of(""), [Service::Contracts]);
        assert_eq!(of("service=objectifs"), [Service::Targets]);
        assert_eq!(of("service=tous"), Service::ALL);
    }

    #[test]
    fn what_is_typed_becomes_one_filter_and_stays_text() {
        let of = |query: &str| request(&Form::parse(query)).filter;
        assert_eq!(of("nature=&etablissement=&issue="), "");
        assert_eq!(
            of("nature=Review&etablissement=130786049&issue=OUTCOME_NO_ACTION"),
            r#"type:"Review" AND establishment="establishments/130786049" AND outcome="OUTCOME_NO_ACTION""#
        );
        assert_eq!(
            of("etablissement=establishments%2F1"),
            r#"establishment="establishments/1""#
        );
        assert_eq!(of(r#"nature=a"+\"#), r#"type:"a\" \\""#);
    }

    #[test]
    fn the_last_day_is_whole() {
        let request = request(&Form::parse("du=2026-11-01&au=2026-11-01"));
        let (start, end) = (request.start_time.unwrap(), request.end_time.unwrap());
        assert_eq!(end.seconds - start.seconds, 86_400);
        assert!(super::request(&Form::parse("du=hier")).start_time.is_none());
    }
}
