//! « Lectures des auditeurs »: what auditors read under which mission, and what they were refused, as each service recorded it.

use askama::Template;
use axum::response::Response;
use proto::history::v1::{ListReadsRequest, Read};

use super::{Exports, html};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{Service, every, within},
    table::{Cell, Export, Table},
    text::{dates, labels},
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
        let (reads, _) = every!(client(), list_reads, request, reads, MOST_EXPORTED)?;
        return table(&reads, ToOwned::to_owned).export(export);
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
        table: table(&page.reads, said),
        exports: Exports::of(PATH, &query),
        next,
        query,
    })
}

/// `told` says how a request reads: whole in a file, without its empty fields on a page.
fn table(reads: &[Read], told: impl Fn(&str) -> String) -> Table {
    let mut table = Table::new(
        "lectures",
        "Lectures, dans l’ordre où elles ont pris fin",
        &["Quand", "Qui", "Mission", "Ce qui a été demandé", "Réponse"],
    );
    for read in reads {
        let outcome = match read.outcome.as_str() {
            "OK" => labels::badge("lu", "fr-badge--success"),
            "PERMISSION_DENIED" => labels::badge("refusé", "fr-badge--error"),
            "NOT_FOUND" => labels::badge("introuvable", ""),
            _ => labels::badge("sans réponse", "fr-badge--warning"),
        };
        let method = read.method.rsplit('/').next().unwrap_or(&read.method);
        table.push(vec![
            Cell::text(dates::timestamp(read.read_time.as_ref())),
            Cell::text(labels::actor(read.actor.as_ref())),
            Cell::if_any(&read.mission, Cell::text),
            Cell::text(format!("{method} {}", told(&read.request))),
            Cell::Badge(outcome),
        ]);
    }
    table
}

/// The fields of a request that restrict something. A text that the service wrote in another way is shown whole.
fn said(request: &str) -> String {
    let fields = request
        .split_once(" { ")
        .and_then(|(_, rest)| rest.strip_suffix(" }"));
    let Some(fields) = fields else {
        return request.to_owned();
    };
    let is_empty = |field: &&str| {
        let value = field.rsplit(": ").next().unwrap_or_default();
        matches!(
            value,
            "\"\"" | "None" | "0" | "Unspecified" | "false" | "[]"
        )
    };
    let kept: Vec<&str> = fields
        .split(", ")
        .filter(|field| !is_empty(field))
        .collect();
    kept.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reads_without_what_restricts_nothing() {
        let request = "ListContractsRequest { region: \"00\", state: InForce, page_size: 200, page_token: \"\", kind: Unspecified }";
        assert_eq!(
            said(request),
            "region: \"00\", state: InForce, page_size: 200"
        );
        assert_eq!(said("autrement"), "autrement");
    }
}
