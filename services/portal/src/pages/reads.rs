//! « Lectures des auditeurs »: what auditors read under which mission, and what they were refused, as each service recorded it.

use askama::Template;
use axum::response::Response;
use proto::history::v1::{ListReadsRequest, Read};

use super::{Exports, html};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{Service, every_line, within},
    table::{Cell, Export, Table},
    text::{criteria, dates, labels, readings},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "reads.html")]
struct Page {
    frame: Frame,
    query: Form,
    services: Vec<(&'static str, &'static str, bool)>,
    table: Table,
    exports: Exports,
    next: Option<String>,
}

/// Where they are.
const PATH: &str = "/historique/lectures";
/// Calls of one exported file at most.
const MOST_EXPORTED: usize = 20_000;

/// `/historique/lectures`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(reads_page(&visitor).await).await
}

async fn reads_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let service = Service::ALL
        .into_iter()
        .find(|service| service.key() == query.text("service"))
        .unwrap_or(Service::Contracts);
    let mut request = ListReadsRequest {
        actor: query.text("auteur").trim().to_owned(),
        mission: query.text("mission").to_owned(),
        outcome: match query.text("refus") {
            "oui" => "PERMISSION_DENIED".to_owned(),
            _ => String::new(),
        },
        ..Default::default()
    };
    let client = || visitor.services.audits(service);
    if let Some(export) = Export::asked(query.text("format")) {
        let reads = every_line!(client(), list_reads, request, reads, MOST_EXPORTED)?;
        return file(&reads).export(export);
    }
    request.page_size = 100;
    query.text("suite").clone_into(&mut request.page_token);
    let page = client().list_reads(within(request)).await?.into_inner();
    let next = (!page.next_page_token.is_empty()).then(|| {
        let kept = query.encoded_without(&["suite"]);
        let mut with = form_urlencoded::Serializer::new(kept);
        with.append_pair("suite", &page.next_page_token);
        address(PATH, &with.finish())
    });
    html(&Page {
        frame: visitor
            .frame("Lectures des auditeurs", Section::History)
            .under("Historique", "/historique"),
        services: Service::ALL
            .into_iter()
            .map(|one| (one.key(), one.title(), one == service))
            .collect(),
        table: table(&page.reads),
        exports: Exports::of(PATH, &query),
        next,
        query,
    })
}

/// What the page shows: words for the method, and what of the request restricts something.
fn table(reads: &[Read]) -> Table {
    let titles = [
        "Quand",
        "Qui",
        "Mission",
        "Ce qui a été demandé",
        "Critères",
        "Réponse",
    ];
    let mut table = Table::new("lectures", CAPTION, &titles);
    for read in reads {
        let [when, who, mission, what, answer] = cells(read);
        let criteria = criteria::of(&read.request);
        let criteria = Cell::if_any(&criteria, Cell::text);
        table.push(vec![when, who, mission, what, criteria, answer]);
    }
    table
}

/// The same as a file, with the method and the whole request as they were recorded.
fn file(reads: &[Read]) -> Table {
    let titles = [
        "Quand",
        "Qui",
        "Mission",
        "Ce qui a été demandé",
        "Méthode",
        "Requête",
        "Réponse",
    ];
    let mut table = Table::new("lectures", CAPTION, &titles);
    for read in reads {
        let [when, who, mission, what, answer] = cells(read);
        let method = Cell::text(read.method.trim_start_matches('/'));
        let request = Cell::text(read.request.as_str());
        table.push(vec![when, who, mission, what, method, request, answer]);
    }
    table
}

const CAPTION: &str = "Lectures, dans l’ordre où elles ont pris fin";

/// When, who, under which mission, what, and with which answer.
fn cells(read: &Read) -> [Cell; 5] {
    let outcome = match read.outcome.as_str() {
        "OK" => labels::badge("lu", "fr-badge--success"),
        "PERMISSION_DENIED" => labels::badge("refusé", "fr-badge--error"),
        "NOT_FOUND" => labels::badge("introuvable", ""),
        _ => labels::badge("sans réponse", "fr-badge--warning"),
    };
    [
        Cell::text(dates::timestamp(read.read_time.as_ref())),
        Cell::text(labels::actor(read.actor.as_ref())),
        Cell::if_any(&read.mission, Cell::text),
        Cell::text(readings::asked(&read.method)),
        Cell::Badge(outcome),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_in_french_what_was_read_and_a_file_how_it_was_asked() {
        let read = Read {
            method: "/cpom.contracts.v1.ContractService/GetContract".to_owned(),
            request: "GetContractRequest { name: \"contracts/1\" }".to_owned(),
            outcome: "OK".to_owned(),
            ..Default::default()
        };
        let shown = table(std::slice::from_ref(&read));
        assert_eq!(shown.rows[0][3].shown(), "un contrat");
        assert_eq!(shown.rows[0][4].shown(), "contracts/1");
        let file = file(&[read]);
        assert_eq!(
            file.rows[0][4].shown(),
            "cpom.contracts.v1.ContractService/GetContract"
        );
        assert_eq!(file.columns.len(), file.rows[0].len());
    }
}
