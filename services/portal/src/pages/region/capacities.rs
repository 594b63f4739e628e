//! The places of a region: authorised, installed and financed, site by site, on any day; and their recording.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::{IntoResponse as _, Redirect, Response};
use proto::targets::v1::{
    Capacity, CapacityRecording, ListCapacitiesRequest, ListCapacityRecordingsRequest,
};

use super::{by_region, of_typed, with_region};
use crate::{
    Failure,
    acts::{Acts, MORE, Shown, capacity as acts},
    form::Form,
    frame::Section,
    pages::{
        acted, names, notice, region_name,
        sheet::{Filter, Part, Sheet},
    },
    services::{Services, every},
    table::{Cell, Table},
    text::{dates, territory},
    visitor::{Posted, Visitor},
};

const MOST: usize = 2_000;
/// Recordings that are shown: the latest.
const MOST_RECORDINGS: usize = 200;

/// `/territoires/places`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    let query = visitor.query();
    visitor
        .answer(places_page(&visitor, &query, Shown::Fresh).await)
        .await
}

async fn places_page(
    visitor: &Visitor,
    query: &Form,
    shown: Shown<'_>,
) -> Result<Response, Failure> {
    let services = &visitor.services;
    let (region, filter) = by_region(visitor, query);
    let (establishment, as_of) = (query.text("etablissement"), query.text("au"));
    let request = ListCapacitiesRequest {
        region: region.clone(),
        establishment: establishment.to_owned(),
        as_of: as_of.to_owned(),
        ..Default::default()
    };
    let (capacities, _) = every!(
        services.capacities(),
        list_capacities,
        request,
        capacities,
        MOST
    )?;
    let recorded = if reads_recordings(visitor) {
        Some(recordings(services, &region, "").await?)
    } else {
        None
    };
    let titles = titles(services, &capacities, recorded.as_deref()).await;
    let mut parts = vec![Part {
        id: "places",
        title: "Places, ligne par ligne".to_owned(),
        table: places_table(&capacities, &titles),
        nothing: "Aucune place n’est enregistrée à cette date.",
    }];
    let mut offered = Acts::default();
    if let Some(recorded) = &recorded {
        parts.push(Part {
            id: "enregistrements",
            title: "Enregistrements, du plus récent au plus ancien".to_owned(),
            table: recordings_table(recorded, &titles),
            nothing: "Rien n’est enregistré dans cette région.",
        });
    }
    let may_record = visitor.keeps_contracts();
    if may_record || !matches!(shown, Shown::Fresh) {
        offered = Acts::one(acts::record(&region, query.text("acte")), shown);
    }
    let frame = visitor
        .frame("Places médico-sociales", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(query, acts::done));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Places autorisées, installées et financées : trois nombres que l’on ne confond jamais, chacun avec l’acte où il figure.".to_owned(),
        filters: vec![
            filter,
            Filter::Line("etablissement", "Établissement (FINESS)", establishment.to_owned()),
            Filter::Day("au", "Au", as_of.to_owned()),
        ],
        parts,
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(query, shown.attempt())
}

/// Names of the establishments of the tables.
async fn titles(
    services: &Services,
    capacities: &[Capacity],
    recorded: Option<&[CapacityRecording]>,
) -> BTreeMap<String, String> {
    let mut sites: BTreeSet<String> = capacities
        .iter()
        .map(|one| one.establishment.clone())
        .collect();
    for one in recorded.unwrap_or_default() {
        sites.extend(one.establishments.iter().cloned());
    }
    names::sites(services, sites).await
}

/// Who acts for establishments or a council reads their places, not what was recorded over all those of the region.
fn reads_recordings(visitor: &Visitor) -> bool {
    [
        "contract_manager",
        "manager",
        "director_general",
        "controller",
        "auditor",
    ]
    .iter()
    .any(|role| visitor.is(role))
}

/// What was recorded together in a region, the latest first; `decision` keeps what has places of that act.
pub(super) async fn recordings(
    services: &Services,
    region: &str,
    decision: &str,
) -> Result<Vec<CapacityRecording>, Failure> {
    let request = ListCapacityRecordingsRequest {
        region: region.to_owned(),
        decision: decision.to_owned(),
        ..Default::default()
    };
    let (recordings, _) = every!(
        services.capacities(),
        list_capacity_recordings,
        request,
        capacity_recordings,
        MOST_RECORDINGS
    )?;
    Ok(recordings)
}

/// A recording in a line: when, how much, where.
pub(super) fn told(recording: &CapacityRecording) -> String {
    format!(
        "{} — {}, établissement(s) {}",
        dates::timestamp(recording.create_time.as_ref()),
        crate::text::counted(recording.lines.into(), "ligne", "lignes"),
        recording.establishments.join(", ")
    )
}

fn places_table(capacities: &[Capacity], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "places",
        "Places en vigueur",
        &[
            "FINESS",
            "Établissement",
            "Ligne",
            "Catégorie",
            "Capacité",
            "Accueil",
            "Public",
            "Places#",
            "Depuis le",
            "Plans",
            "Acte",
        ],
    );
    for one in capacities {
        table.push(vec![
            Cell::link(
                format!("/etablissements/{}", one.establishment),
                one.establishment.as_str(),
            ),
            names::site_cell(titles, &one.establishment),
            Cell::text(one.line.as_str()),
            Cell::text(one.category.as_str()),
            Cell::text(territory::capacity(one.kind())),
            Cell::text(territory::reception(one.mode())),
            Cell::text(territory::public(one.public())),
            Cell::count(one.places.into()),
            Cell::day(&one.valid_from),
            match one.plans.as_slice() {
                [] => Cell::Empty,
                plans => Cell::text(plans.join(", ")),
            },
            Cell::text(one.decision.as_str()),
        ]);
    }
    table
}

fn recordings_table(recordings: &[CapacityRecording], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "enregistrements",
        "Ce qui fut enregistré ensemble",
        &["Quand", "Actes", "Établissements", "Lignes#"],
    );
    for one in recordings {
        let sites = one.establishments.iter();
        let sites: Vec<String> = sites.map(|site| names::site(titles, site)).collect();
        table.push(vec![
            Cell::text(dates::timestamp(one.create_time.as_ref())),
            Cell::text(one.decisions.join(" ; ")),
            Cell::text(sites.join(", ")),
            Cell::count(one.lines.into()),
        ]);
    }
    table
}

/// `POST /territoires/places`.
pub(crate) async fn record(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(recorded(&visitor, form).await).await
}

async fn recorded(visitor: &Visitor, form: Form) -> Result<Response, Failure> {
    let query = of_typed(&form);
    if !form.text(MORE).is_empty() {
        return places_page(visitor, &query, Shown::Grown(&form)).await;
    }
    let sent = acts::send(&visitor.services, &form).await;
    if sent.is_ok() {
        let here = with_region(acts::PATH, query.text("region"));
        return Ok(Redirect::to(&format!("{here}&fait=RecordCapacities")).into_response());
    }
    acted(visitor, sent, acts::PATH, "RecordCapacities", form)
        .await?
        .or_show(
            |attempt| async move { places_page(visitor, &query, Shown::Refused(&attempt)).await },
        )
        .await
}
