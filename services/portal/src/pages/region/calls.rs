//! Calls for projects of a region; then one, from its need to its authorisation.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    GetProjectCallRequest, ListProjectCallsRequest, ListSchemesRequest, ProjectCall,
};

use super::{
    by_region,
    call_links::{followed, linked_table, record_places},
    of_typed, with_region,
};
use crate::{
    Failure,
    acts::{ActForm, Acts, Refusal, call as acts},
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Makes, OnList, OnOne},
        id_of, notice, region_name, resource,
        sheet::{Part, Picture, Sheet},
        territory::{territories, versions},
    },
    picture::{Moment, timeline},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{dates, region as words, territory},
    visitor::Visitor,
};

const MOST: usize = 2_000;

fn reader(visitor: &Visitor) -> acts::Reader {
    let general = visitor.is("director_general");
    acts::Reader {
        runs: visitor.keeps_contracts(),
        authorises: general,
        drops: general || visitor.is("manager"),
    }
}

/// `/territoires/appels-a-projet`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = attempt.map_or_else(|| visitor.query(), |attempt| of_typed(&attempt.typed));
    let services = &visitor.services;
    let (region, filter) = by_region(visitor, &query);
    let request = ListProjectCallsRequest {
        region: region.clone(),
        ..Default::default()
    };
    let (calls, _) = every!(
        services.calls(),
        list_project_calls,
        request,
        project_calls,
        MOST
    )?;
    let mut offered = Acts::default();
    if reader(visitor).runs {
        let form = open_form(services, &region).await?;
        match attempt {
            Some(attempt) => offered.refuse(form, &Refusal::of(attempt)),
            None => offered.forms.push(form),
        }
    }
    let frame = visitor
        .frame("Appels à projet", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Du besoin à l’autorisation : calendrier, cahier des charges, candidats, avis, décision.".to_owned(),
        filters: vec![filter],
        parts: vec![Part {
            id: "appels",
            title: "Tous les appels".to_owned(),
            table: calls_table(&calls),
            nothing: "Aucun appel à projet n’est préparé dans cette région.",
        }],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

/// The form of a new call, with the territories and the objectives it may name.
async fn open_form(services: &Services, region: &str) -> Result<ActForm, Failure> {
    let (places, objectives) =
        tokio::try_join!(places(services, region), objectives(services, region))?;
    Ok(acts::open(region, places.into_iter().collect(), objectives))
}

/// The territories of the latest version of a region, by resource name.
pub(super) async fn places(
    services: &Services,
    region: &str,
) -> Result<BTreeMap<String, String>, Failure> {
    let versions = versions(services, region).await?;
    let Some(version) = versions.last() else {
        return Ok(BTreeMap::new());
    };
    let places = territories(services, &version.name).await?;
    Ok(places
        .into_iter()
        .map(|one| {
            let name = format!("{}/territories/{}", version.name, one.code);
            (name, one.title)
        })
        .collect())
}

/// The objectives of the schemes of a region, by resource name.
async fn objectives(services: &Services, region: &str) -> Result<Vec<(String, String)>, Failure> {
    let request = ListSchemesRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let (schemes, _) = every!(services.schemes(), list_schemes, request, schemes, MOST)?;
    Ok(schemes
        .into_iter()
        .flat_map(|scheme| {
            let content = scheme.content.unwrap_or_default();
            let name = scheme.name;
            content
                .objectives
                .into_iter()
                .map(move |one| (format!("{name}/objectives/{}", one.id), one.title))
        })
        .collect())
}

fn calls_table(calls: &[ProjectCall]) -> Table {
    let mut table = Table::new(
        "appels-a-projet",
        "Appels à projet, du plus ancien au plus récent",
        &[
            "Appel",
            "État",
            "Public",
            "Catégorie",
            "Places#",
            "Réponses jusqu’au",
            "Candidats#",
        ],
    );
    for call in calls {
        let need = call.need.clone().unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("{}/{}", acts::PATH, id_of(&call.name)),
                need.title.as_str(),
            ),
            Cell::Badge(words::call(call.state())),
            Cell::text(territory::public(need.public())),
            Cell::text(need.category.as_str()),
            Cell::count(need.places.into()),
            call.calendar
                .as_ref()
                .map_or(Cell::Empty, |calendar| Cell::day(&calendar.deadline)),
            Cell::count(i64::try_from(call.candidates.len()).unwrap_or(0)),
        ]);
    }
    table
}

/// `/territoires/appels-a-projet/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(call_page(&visitor, &id, None).await).await
}

async fn call_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let request = GetProjectCallRequest {
        name: resource("projectCalls", id)?,
    };
    let mut client = visitor.services.calls();
    let call = client.get_project_call(within(request)).await?.into_inner();
    let places = places(&visitor.services, &call.region).await?;
    let path = format!("{}/{id}", acts::PATH);
    let followed = followed(visitor, &call).await?;
    let offered = acts::acts(&call, &path, reader(visitor), &followed).after(
        attempt,
        &path,
        &call.etag,
        |method| acts::form(method, &call, &followed),
    );
    let need = call.need.clone().unwrap_or_default();
    let frame = visitor
        .frame(&need.title, Section::Territories)
        .under("Territoires", "/territoires")
        .under("Appels à projet", &with_region(acts::PATH, &call.region))
        .telling(notice(&query, acts::done));
    let place = places.get(&need.territory);
    let sheet = Sheet {
        badge: Some(words::call(call.state())),
        over: vec![region_name(&call.region)],
        facts: facts(
            &call,
            place.map_or_else(|| id_of(&need.territory), String::as_str),
        ),
        onward: record_places(reader(visitor), &call),
        texts: texts(&call),
        picture: picture(visitor, &call),
        parts: vec![
            Part {
                id: "candidats",
                title: "Candidats".to_owned(),
                table: candidates_table(&call),
                nothing: "Aucun candidat n’est enregistré.",
            },
            Part {
                id: "calendrier",
                title: "Calendrier".to_owned(),
                table: calendar_table(&call),
                nothing: "Le calendrier n’est pas encore fixé.",
            },
            Part {
                id: "suites",
                title: "Ce qui a suivi".to_owned(),
                table: linked_table(&call, &followed),
                nothing: "Ni places ni avenant ne sont encore reliés à cet appel.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

fn facts(call: &ProjectCall, place: &str) -> Vec<(&'static str, String)> {
    let need = call.need.clone().unwrap_or_default();
    let mut facts = vec![
        ("Territoire", place.to_owned()),
        ("Public", territory::public(need.public()).to_owned()),
        ("Catégorie", need.category),
        ("Places", need.places.to_string()),
    ];
    if let Some(specification) = &call.specification {
        facts.push(("Cahier des charges", specification.title.clone()));
        facts.push(("Publié", specification.reference.clone()));
        facts.push(("Empreinte (SHA-256)", specification.sha256.clone()));
    }
    if let Some(authorisation) = &call.authorisation {
        let candidate = title_of(call, &authorisation.candidate);
        facts.push(("Candidat autorisé", candidate.to_owned()));
        facts.push(("Places autorisées", authorisation.places.to_string()));
        facts.push(("Arrêté", authorisation.decision.clone()));
    }
    facts
}

/// A candidate by its identifier in the call.
fn title_of<'a>(call: &'a ProjectCall, id: &'a str) -> &'a str {
    let candidate = call.candidates.iter().find(|one| one.id == id);
    candidate.map_or(id, |one| one.title.as_str())
}

fn texts(call: &ProjectCall) -> Vec<(&'static str, String)> {
    let need = call.need.clone().unwrap_or_default();
    let mut texts = vec![("Pourquoi ce besoin", need.rationale)];
    if !call.notices.is_empty() {
        texts.push(("À regarder", call.notices.join("\n")));
    }
    if let Some(specification) = &call.specification {
        texts.push(("Critères", specification.criteria.join("\n")));
    }
    if let Some(opinion) = &call.opinion {
        texts.push(("Avis de la commission", opinion.text.clone()));
    }
    let authorisation = call.authorisation.clone().unwrap_or_default();
    if !authorisation.reasons.is_empty() {
        texts.push(("Motifs de l’autorisation", authorisation.reasons));
    }
    if !call.drop_reasons.is_empty() {
        texts.push(("Pourquoi l’appel est sans suite", call.drop_reasons.clone()));
    }
    texts
}

/// Its steps, each with its day.
fn steps(call: &ProjectCall) -> Vec<(&'static str, String)> {
    let Some(calendar) = &call.calendar else {
        return Vec::new();
    };
    let mut steps = vec![
        ("publication", calendar.publication.clone()),
        ("dernier jour pour répondre", calendar.deadline.clone()),
        ("commission de sélection", calendar.commission.clone()),
    ];
    if let Some(opinion) = &call.opinion {
        steps.push(("avis rendu", opinion.day.clone()));
    }
    steps
}

fn calendar_table(call: &ProjectCall) -> Table {
    let mut table = Table::new("calendrier", "Étapes de l’appel", &["Étape", "Jour"]);
    for (title, day) in steps(call) {
        table.push(vec![Cell::text(title), Cell::day(&day)]);
    }
    table
}

fn picture(visitor: &Visitor, call: &ProjectCall) -> Option<Picture> {
    let mut moments: Vec<Moment> = steps(call)
        .into_iter()
        .filter_map(|(title, day)| {
            Some(Moment {
                on: dates::parse(&day)?,
                title: title.to_owned(),
            })
        })
        .collect();
    moments.sort_by_key(|moment| moment.on);
    let (first, last) = (moments.first()?.on, moments.last()?.on);
    let today = visitor.portal.clock.now().date();
    Some(Picture {
        title: "Le calendrier",
        svg: timeline("calendrier-image", first, last, &moments, today),
        caption: "De la publication à la commission.",
    })
}

fn candidates_table(call: &ProjectCall) -> Table {
    let mut table = Table::new(
        "candidats",
        "Candidats",
        &[
            "Candidat",
            "Identifiant",
            "FINESS",
            "Places#",
            "Reçu le",
            "Rang de l’avis",
        ],
    );
    let ranking = call.opinion.as_ref().map(|opinion| &opinion.ranking);
    for one in &call.candidates {
        let rank = ranking.map(|ranking| {
            let place = ranking.iter().position(|id| *id == one.id);
            place.map_or_else(
                || Cell::text("écarté"),
                |place| Cell::text((place + 1).to_string()),
            )
        });
        table.push(vec![
            Cell::text(one.title.as_str()),
            Cell::text(one.id.as_str()),
            Cell::if_any(&one.finess, |finess| {
                Cell::link(format!("/etablissements?q={finess}"), finess)
            }),
            Cell::count(one.places.into()),
            Cell::day(&one.received),
            rank.unwrap_or(Cell::Empty),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "OpenProjectCall",
        Makes(|services, form| Box::pin(acts::send_open(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Acts on a call.
pub(crate) static ACTS: OnOne = OnOne {
    of: "projectCalls",
    page: |id| format!("{}/{id}", acts::PATH),
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(call_page(visitor, id, Some(attempt))),
};
