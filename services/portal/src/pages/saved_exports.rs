//! « Exports enregistrés »: files of the histories that a person ordered, made in the background by each service.

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures::{StreamExt as _, future::try_join_all};
use proto::history::v1::{
    DownloadSavedExportRequest, ListSavedExportsRequest, SavedExport, SavedExportState,
};

use super::{
    Attempt,
    acting::{Does::Notes, OnList},
    html, html_refused, id_of, notice, region_name, regions_of, resource,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, saved_export as acts},
    frame::{Frame, Section},
    services::{Service, every, within},
    table::{Cell, Export, Table},
    text::{dates, labels, numbers},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "saved_exports.html")]
struct Page {
    frame: Frame,
    table: Table,
    /// Some are still being made.
    is_waiting: bool,
    progress: Vec<String>,
    acts: Acts,
}

/// Exports of one register that are shown at most.
const MOST: usize = 400;

/// `/historique/exports`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let asked = Service::ALL.into_iter().map(|service| async move {
        let (exports, _) = every!(
            visitor.services.saved_exports(service),
            list_saved_exports,
            ListSavedExportsRequest::default(),
            saved_exports,
            MOST
        )?;
        let of = exports.into_iter().map(move |export| (service, export));
        Ok::<_, Failure>(of.collect::<Vec<_>>())
    });
    let mut exports: Vec<(Service, SavedExport)> =
        try_join_all(asked).await?.into_iter().flatten().collect();
    // The latest first: names are made in the order of time.
    exports.sort_by(|(_, one), (_, other)| other.name.cmp(&one.name));
    let table = table(&exports).at(acts::PATH, &query);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let form = || {
        let sees_all = visitor.person().regions.iter().any(|code| code == "*");
        acts::form(regions_of(visitor), sees_all)
    };
    let mut offered = Acts::default();
    match attempt {
        Some(attempt) => offered.refuse(form(), &Refusal::of(attempt)),
        None => offered.open(form()),
    }
    let page = Page {
        frame: visitor
            .frame("Exports enregistrés", Section::History)
            .under("Historique", "/historique")
            .telling(notice(&query, acts::done)),
        progress: progress(&exports),
        is_waiting: exports
            .iter()
            .any(|(_, export)| export.state() == SavedExportState::Ordered),
        table,
        acts: offered,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

/// How far each export that is being made has come.
fn progress(exports: &[(Service, SavedExport)]) -> Vec<String> {
    let made = exports
        .iter()
        .filter(|(_, export)| export.state() == SavedExportState::Ordered);
    made.map(|(service, export)| {
        format!(
            "{} — entrées du journal examinées : {} sur {}.",
            service.title(),
            numbers::whole(export.examined_entries),
            numbers::whole(export.tree_size),
        )
    })
    .collect()
}

fn table(exports: &[(Service, SavedExport)]) -> Table {
    let mut table = Table::new(
        "exports",
        "Exports que vous avez demandés, le plus récent d’abord",
        &[
            "Registre",
            "Périmètre",
            "Demandé le",
            "État",
            "Fichier",
            "Faits#",
            "Octets#",
            "Conservé jusqu’au",
            "Empreinte SHA-256",
        ],
    );
    for (service, export) in exports {
        let told = scope(export);
        let is_ready = export.state() == SavedExportState::Ready;
        let (state, class) = match export.state() {
            SavedExportState::Ready => ("prêt", "fr-badge--success"),
            SavedExportState::Expired => ("supprimé à son terme", ""),
            SavedExportState::TooLarge => ("trop volumineux", "fr-badge--warning"),
            _ => ("en préparation", "fr-badge--info"),
        };
        let count = |number: i64| {
            if matches!(
                export.state(),
                SavedExportState::Ordered | SavedExportState::TooLarge
            ) {
                Cell::Empty
            } else {
                Cell::count(number)
            }
        };
        table.push(vec![
            Cell::text(service.title()),
            Cell::text(told.as_str()),
            Cell::text(dates::timestamp(export.order_time.as_ref())),
            Cell::Badge(labels::badge(state, class)),
            if is_ready {
                let (key, id) = (service.key(), id_of(&export.name));
                let path = format!("{}/{key}/{id}", acts::PATH);
                Cell::act(path, "Télécharger", format!("{}, {told}", service.title()))
            } else {
                Cell::Empty
            },
            count(export.events),
            count(export.size_bytes),
            Cell::text(dates::timestamp(export.expire_time.as_ref())),
            Cell::if_any(&export.sha256, |hash| Cell::Hash(hash.to_owned())),
        ]);
    }
    table
}

/// What was asked for, in words.
fn scope(export: &SavedExport) -> String {
    let mut parts = Vec::new();
    if !export.region.is_empty() {
        parts.push(region_name(&export.region));
    }
    if !export.root.is_empty() {
        parts.push(export.root.clone());
    }
    if export.start_time.is_some() {
        let start = dates::timestamp(export.start_time.as_ref());
        parts.push(format!("à partir du {start}"));
    }
    if export.end_time.is_some() {
        let end = dates::timestamp(export.end_time.as_ref());
        parts.push(format!("avant le {end}"));
    }
    if !export.r#type.is_empty() {
        parts.push(format!("faits de type « {} »", export.r#type));
    }
    if !export.actor.is_empty() {
        parts.push(format!("auteur {}", labels::person(&export.actor)));
    }
    if !export.outcome.is_empty() {
        let outcome = labels::outcome_named(&export.outcome);
        parts.push(format!("issue « {outcome} »"));
    }
    if parts.is_empty() {
        "tout le registre".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "CreateSavedExport",
        Notes(|services, form| Box::pin(acts::send(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// `/historique/exports/{service}/{id}`: the file, as it comes.
pub(crate) async fn download(
    Path((service, id)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    let answer = file(&visitor, &service, &id).await;
    visitor.answer(answer).await
}

async fn file(visitor: &Visitor, service: &str, id: &str) -> Result<Response, Failure> {
    let service = Service::ALL
        .into_iter()
        .find(|one| one.key() == service)
        .ok_or(Failure::NotFound)?;
    let request = DownloadSavedExportRequest {
        name: resource("savedExports", id)?,
    };
    let messages = visitor
        .services
        .saved_exports(service)
        .download_saved_export(within(request))
        .await?
        .into_inner();
    // A file that ends early is cut by the server, so that nobody takes it for whole.
    let bytes = messages.map(|message| message.map(|message| Bytes::from(message.chunk)));
    let mut response = Body::from_stream(bytes).into_response();
    let name = format!(
        "attachment; filename=\"export-{}-{id}.ndjson\"",
        service.key()
    );
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_is_ready_is_offered() {
        let export = |state: SavedExportState| SavedExport {
            name: "savedExports/0198c0de-0000-7000-8000-000000000001".to_owned(),
            state: state.into(),
            events: 12,
            ..Default::default()
        };
        let all = [
            (Service::Contracts, export(SavedExportState::Ready)),
            (Service::Controls, export(SavedExportState::Ordered)),
            (Service::Controls, export(SavedExportState::Expired)),
            (Service::Targets, export(SavedExportState::TooLarge)),
        ];
        let made = progress(&all);
        assert_eq!(
            made,
            ["Campagnes et constats — entrées du journal examinées : 0 sur 0."]
        );
        let table = table(&all);
        let file = |row: usize| table.rows[row].get(4).and_then(Cell::href);
        assert_eq!(
            file(0),
            Some("/historique/exports/contrats/0198c0de-0000-7000-8000-000000000001")
        );
        assert_eq!((file(1), file(2), file(3)), (None, None, None));
        assert_eq!(table.rows[0][5].shown(), "12");
        assert_eq!(table.rows[1][5].shown(), "—");
    }

    #[test]
    fn a_scope_says_what_was_asked_for() {
        assert_eq!(scope(&SavedExport::default()), "tout le registre");
        let export = SavedExport {
            region: "93".to_owned(),
            root: "contracts/1".to_owned(),
            ..Default::default()
        };
        assert!(scope(&export).ends_with(", contracts/1"));
        let filtered = SavedExport {
            r#type: "Review".to_owned(),
            actor: "claire".to_owned(),
            outcome: "OUTCOME_ACTION_PLAN".to_owned(),
            ..Default::default()
        };
        assert_eq!(
            scope(&filtered),
            "faits de type « Review », auteur claire, issue « plan d’action »"
        );
    }
}
