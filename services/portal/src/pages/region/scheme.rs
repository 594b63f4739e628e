//! One scheme: its axes, what it sets for each territory and public, and the share it wants in ordinary surroundings.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    GetSchemeRequest, ListAxisVersionsRequest, SchemeContent, SchemeObjective, SchemeState,
};

use super::{calls::places, scheme_draft::drafts, schemes::above};
use crate::{
    Failure,
    acts::{scheme as acts, scheme_content},
    frame::Section,
    pages::{
        Attempt,
        acting::OnOne,
        id_of, notice, region_name, resource,
        sheet::{Part, Sheet},
    },
    services::{Services, within},
    table::{Cell, Table},
    text::{dates, region as words, territory},
    visitor::Visitor,
};

/// `/territoires/schema/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(scheme_page(&visitor, &id, None).await).await
}

async fn scheme_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let request = GetSchemeRequest {
        name: resource("schemes", id)?,
    };
    let mut client = services.schemes();
    let scheme = client.get_scheme(within(request)).await?.into_inner();
    let content = scheme.content.clone().unwrap_or_default();
    let (places, axes) = tokio::try_join!(
        places(services, &scheme.region),
        axes(services, &content.axes)
    )?;
    let path = format!("{}/{id}", acts::PATH);
    let offered = acts::acts(&scheme, &path, visitor.is("director_general")).after(
        attempt,
        &path,
        &scheme.etag,
        acts::form,
    );
    let frame = visitor
        .frame(&content.title, Section::Territories)
        .under("Territoires", "/territoires")
        .under("Schéma régional", &above(&scheme.region))
        .telling(notice(&query, |method| {
            acts::done(method).or_else(|| scheme_content::done(method))
        }));
    let onward = if scheme.state() == SchemeState::Draft && drafts(visitor) {
        (format!("{path}/modification"), "Modifier le projet")
    } else {
        (scheme_content::AXES_PATH.to_owned(), "Axes nationaux")
    };
    let mut facts = vec![
        ("Version", content.scheme_version.clone()),
        (
            "En vigueur",
            format!(
                "du {} au {}",
                dates::from_wire(&content.valid_from),
                dates::from_wire(&content.valid_to)
            ),
        ),
        ("Publié", content.source.clone()),
    ];
    if !scheme.decision.is_empty() {
        facts.push(("Adopté par", scheme.decision.clone()));
    }
    let sheet = Sheet {
        badge: Some(words::scheme(scheme.state())),
        over: vec![region_name(&scheme.region)],
        onward: Some(onward),
        facts,
        parts: vec![
            Part {
                id: "objectifs",
                title: "Objectifs, axe par axe".to_owned(),
                table: objectives_table(&content, &axes, &places),
                nothing: "Aucun objectif.",
            },
            Part {
                id: "domicile",
                title: "Part à domicile visée".to_owned(),
                table: home_table(&content, &places),
                nothing: "Le schéma n’en fixe pas.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// The axes of a version, by their codes.
async fn axes(services: &Services, version: &str) -> Result<BTreeMap<String, String>, Failure> {
    let mut client = services.schemes();
    let listed = client
        .list_axis_versions(within(ListAxisVersionsRequest::default()))
        .await?
        .into_inner();
    let versions = listed.axis_versions.into_iter();
    let own = versions.filter(|one| one.name == version);
    Ok(own
        .flat_map(|one| one.axes)
        .map(|axis| (axis.code, axis.title))
        .collect())
}

fn objectives_table(
    content: &SchemeContent,
    axes: &BTreeMap<String, String>,
    places: &BTreeMap<String, String>,
) -> Table {
    let mut table = Table::new(
        "objectifs-du-schema",
        "Objectifs du schéma",
        &[
            "Axe",
            "Objectif",
            "Territoire",
            "Public",
            "Catégorie",
            "Places au départ#",
            "À créer#",
            "À transformer#",
            "Pour",
            "Crédits (€)#",
            "Note",
        ],
    );
    let mut objectives: Vec<&SchemeObjective> = content.objectives.iter().collect();
    objectives.sort_by_key(|one| &one.axis);
    for one in objectives {
        let place = places.get(&one.territory).map(String::as_str);
        let title = axes.get(&one.axis).unwrap_or(&one.axis);
        table.push(vec![
            Cell::text(title.as_str()),
            Cell::text(one.title.as_str()),
            Cell::text(place.unwrap_or_else(|| id_of(&one.territory))),
            Cell::text(territory::public(one.public())),
            Cell::text(one.category.as_str()),
            Cell::count(one.baseline_places.into()),
            Cell::count(one.places_to_create.into()),
            Cell::count(one.places_to_transform.into()),
            Cell::text(one.horizon.to_string()),
            Cell::if_any(&one.credits, Cell::number),
            Cell::if_any(&one.note, Cell::text),
        ]);
    }
    table
}

fn home_table(content: &SchemeContent, places: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "part-a-domicile",
        "Part des places en milieu ordinaire",
        &["Territoire", "Public", "Visée (%)#", "Pour"],
    );
    for one in &content.home_shares {
        let place = places.get(&one.territory).map(String::as_str);
        table.push(vec![
            Cell::text(place.unwrap_or_else(|| id_of(&one.territory))),
            Cell::text(territory::public(one.public())),
            Cell::number(&one.percent),
            Cell::text(one.horizon.to_string()),
        ]);
    }
    table
}

/// Acts on a scheme.
pub(crate) static ACTS: OnOne = OnOne {
    of: "schemes",
    page: |id| format!("{}/{id}", acts::PATH),
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(scheme_page(visitor, id, Some(attempt))),
};
