//! The programming of medico-social contracts: every decision, then one with its lines, approvals and publication.

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    GetProgrammingRequest, ListProgrammingsRequest, Programming, ProgrammingState, RegimeKind,
};
use time::Date;

use super::{
    Attempt,
    acting::{Does::Makes, OnList, OnOne},
    contracts::titles_of,
    id_of, names, notice, region_name, regions_of, resource,
    sheet::{Filter, Part, Sheet},
};
use crate::{
    Failure,
    acts::{Acts, programming as acts},
    form::Form,
    frame::Section,
    services::{Services, every, within},
    table::{Cell, Table},
    text::{dates, labels, upkeep as words},
    visitor::Visitor,
};

const MOST: usize = 2_000;
/// Entities whose names are asked for.
const MOST_NAMED: usize = 200;

const KINDS: [(&str, RegimeKind); 2] = [
    ("ehpad", RegimeKind::Ehpad),
    ("handicap", RegimeKind::Disability),
];

const STATES: [(&str, ProgrammingState, &str); 3] = [
    ("projet", ProgrammingState::Draft, "projets"),
    ("publiee", ProgrammingState::Published, "publiées"),
    ("abandonnee", ProgrammingState::Discarded, "abandonnées"),
];

fn reader(visitor: &Visitor) -> acts::Reader {
    acts::Reader {
        prepares: visitor.keeps_contracts(),
        for_agency: visitor.is("director_general") || visitor.is("manager"),
        for_council: visitor.is("department_president") || visitor.is("department_manager"),
    }
}

/// `/programmations`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let regions = regions_of(visitor);
    let region = regions
        .iter()
        .find(|(code, _)| code == query.text("region"))
        .map(|(code, _)| code.clone())
        .unwrap_or_default();
    let department = query.text("departement").to_uppercase();
    let request = ListProgrammingsRequest {
        region: region.clone(),
        regime_kind: kind(&query).unwrap_or_default().into(),
        state: state(&query).unwrap_or_default().into(),
        ..Default::default()
    };
    let mut known = listed(&visitor.services, request).await?;
    known
        .retain(|one| department.is_empty() || one.councils.iter().any(|c| id_of(c) == department));
    let offered = Acts::offered(
        acts::draft(regions.clone()),
        reader(visitor).prepares,
        attempt,
    );
    let frame = visitor
        .frame(
            "Programmation des contrats médico-sociaux",
            Section::Contracts,
        )
        .under("Contrats", "/contrats")
        .telling(notice(&query, acts::done));
    let today = visitor.portal.clock.now().date();
    let sheet = Sheet {
        lead: "Quels contrats signer, et en quelle année : une décision conjointe de l’agence et des départements, à publier avant la première année. Elle n’oblige personne par elle-même : un projet de contrat qui s’en écarte est signalé, et se poursuit (CASF, art. L313-12, IV ter, et L313-12-2).".to_owned(),
        filters: filters(&query, &regions, &region, department),
        parts: vec![Part {
            id: "programmations",
            title: "Toutes les décisions".to_owned(),
            table: decisions_table(&known, today),
            nothing: "Aucune programmation ne correspond.",
        }],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

async fn listed(
    services: &Services,
    request: ListProgrammingsRequest,
) -> Result<Vec<Programming>, Failure> {
    let (known, _) = every!(
        services.programming(),
        list_programmings,
        request,
        programmings,
        MOST
    )?;
    Ok(known)
}

fn kind(query: &Form) -> Option<RegimeKind> {
    let asked = query.text("nature");
    let known = KINDS.iter().find(|(key, _)| *key == asked);
    known.map(|(_, kind)| *kind)
}

fn state(query: &Form) -> Option<ProgrammingState> {
    let asked = query.text("etat");
    let known = STATES.iter().find(|(key, ..)| *key == asked);
    known.map(|(_, state, _)| *state)
}

fn filters(
    query: &Form,
    regions: &[(String, String)],
    region: &str,
    department: String,
) -> Vec<Filter> {
    let everything = |label: &str, is_chosen: bool| (String::new(), label.to_owned(), is_chosen);
    let mut filters = Vec::new();
    if regions.len() > 1 {
        let mut choices = vec![everything("Toutes", region.is_empty())];
        choices.extend(
            regions
                .iter()
                .map(|(code, name)| (code.clone(), name.clone(), code == region)),
        );
        filters.push(Filter::Choice("region", "Région", choices));
    }
    let chosen = kind(query);
    let mut kinds = vec![everything("Toutes", chosen.is_none())];
    kinds.extend(KINDS.map(|(key, kind)| {
        let label = labels::regime_kind(kind).to_owned();
        (key.to_owned(), label, chosen == Some(kind))
    }));
    filters.push(Filter::Choice("nature", "Nature", kinds));
    let chosen = state(query);
    let mut states = vec![everything("Tous", chosen.is_none())];
    states.extend(
        STATES.map(|(key, state, label)| (key.to_owned(), label.to_owned(), chosen == Some(state))),
    );
    filters.push(Filter::Choice("etat", "État", states));
    filters.push(Filter::Line(
        "departement",
        "Département dont le conseil décide",
        department,
    ));
    filters
}

/// Where the publication stands to its last day. Days compare as they are written.
fn punctuality(one: &Programming, today: Date) -> Option<&'static str> {
    match one.state() {
        ProgrammingState::Published if one.late => Some("publiée en retard"),
        ProgrammingState::Published => Some("publiée à temps"),
        ProgrammingState::Draft if one.publication_due_date < today.to_string() => {
            Some("délai dépassé")
        }
        ProgrammingState::Draft => Some("à publier"),
        ProgrammingState::Discarded | ProgrammingState::Unspecified => None,
    }
}

fn councils(one: &Programming) -> String {
    let codes: Vec<&str> = one.councils.iter().map(|council| id_of(council)).collect();
    codes.join(", ")
}

fn title(one: &Programming) -> String {
    format!(
        "{}, {}-{}, version {}",
        labels::regime_kind(one.regime_kind()),
        one.first_year,
        one.last_year,
        one.number
    )
}

fn decisions_table(known: &[Programming], today: Date) -> Table {
    let mut table = Table::new(
        "programmations",
        "Programmations, de la plus récente à la plus ancienne",
        &[
            "Programmation",
            "État",
            "Région",
            "Conseils départementaux",
            "À publier au plus tard le",
            "Publiée le",
            "Délai",
        ],
    );
    for one in known {
        table.push(vec![
            Cell::link(format!("{}/{}", acts::PATH, id_of(&one.name)), title(one)),
            Cell::Badge(words::programming(one)),
            Cell::text(region_name(&one.region)),
            Cell::if_any(&councils(one), Cell::text),
            Cell::if_any(&one.publication_due_date, Cell::day),
            Cell::if_any(&one.publication_date, Cell::day),
            punctuality(one, today).map_or(Cell::Empty, Cell::text),
        ]);
    }
    table
}

/// `/programmations/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(programming_page(&visitor, &id, None).await)
        .await
}

async fn programming_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let request = GetProgrammingRequest {
        name: resource("programmings", id)?,
    };
    let mut client = services.programming();
    let one = client.get_programming(within(request)).await?.into_inner();
    let series = ListProgrammingsRequest {
        region: one.region.clone(),
        regime_kind: one.regime_kind,
        ..Default::default()
    };
    let mut series = listed(services, series).await?;
    let of = |one: &Programming| one.councils.iter().cloned().collect::<BTreeSet<_>>();
    series.retain(|other| of(other) == of(&one));
    let entities = one.lines.iter().map(|line| line.legal_entity.clone());
    let sites = one.lines.iter().flat_map(|line| &line.establishments);
    let (titles, sites) = tokio::join!(
        titles_of(services, entities.take(MOST_NAMED).collect()),
        names::sites(services, sites.cloned().collect())
    );
    let path = format!("{}/{id}", acts::PATH);
    let offered =
        acts::acts(&one, &path, reader(visitor)).after(attempt, &path, &one.etag, |method| {
            acts::form(method, &one, reader(visitor))
        });
    let frame = visitor
        .frame(
            &format!("Programmation : {}", title(&one)),
            Section::Contracts,
        )
        .under("Contrats", "/contrats")
        .under("Programmation", acts::PATH)
        .telling(notice(&query, acts::done));
    let today = visitor.portal.clock.now().date();
    let sheet = Sheet {
        badge: Some(words::programming(&one)),
        over: vec![region_name(&one.region)],
        facts: facts(&one, today),
        texts: texts(&one),
        parts: vec![
            Part {
                id: "contrats",
                title: "Contrats à signer".to_owned(),
                table: lines_table(&one, &titles, &sites),
                nothing: "Aucun contrat n’est programmé.",
            },
            Part {
                id: "approbations",
                title: "Qui approuve".to_owned(),
                table: approvals_table(&one),
                nothing: "Aucune approbation n’est attendue.",
            },
            Part {
                id: "versions",
                title: "Versions de cette programmation".to_owned(),
                table: decisions_table(&series, today),
                nothing: "Aucune autre version.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

fn facts(one: &Programming, today: Date) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (
            "Contrats",
            labels::regime_kind(one.regime_kind()).to_owned(),
        ),
        ("Années", format!("{} à {}", one.first_year, one.last_year)),
        (
            "Conseils départementaux",
            match councils(one) {
                none if none.is_empty() => "aucun : l’agence décide seule".to_owned(),
                codes => codes,
            },
        ),
        (
            "À publier au plus tard le",
            dates::from_wire(&one.publication_due_date),
        ),
    ];
    if !one.publication_date.is_empty() {
        facts.push(("Publiée le", dates::from_wire(&one.publication_date)));
        facts.push(("Acte publié", one.act.clone()));
    }
    if let Some(told) = punctuality(one, today) {
        facts.push(("Délai", told.to_owned()));
    }
    facts
}

fn texts(one: &Programming) -> Vec<(&'static str, String)> {
    let mut texts = Vec::new();
    if !one.comment.is_empty() {
        texts.push((
            "Ce que cette version change, et pourquoi",
            one.comment.clone(),
        ));
    }
    if !one.discard_reasons.is_empty() {
        texts.push((
            "Pourquoi le projet est abandonné",
            one.discard_reasons.clone(),
        ));
    }
    texts
}

fn lines_table(
    one: &Programming,
    titles: &BTreeMap<String, String>,
    known: &BTreeMap<String, String>,
) -> Table {
    let mut table = Table::new(
        "contrats-programmes",
        "Contrats à signer, par année",
        &[
            "Année",
            "Entité juridique",
            "FINESS",
            "Établissements",
            "Remarque",
        ],
    );
    let mut lines: Vec<_> = one.lines.iter().collect();
    lines.sort_by_key(|line| line.planned_year);
    for line in lines {
        let number = id_of(&line.legal_entity);
        let sites = line.establishments.iter();
        let sites: Vec<String> = sites.map(|site| names::site(known, site)).collect();
        table.push(vec![
            Cell::text(line.planned_year.to_string()),
            titles
                .get(&line.legal_entity)
                .map_or(Cell::Empty, |title| Cell::text(title.as_str())),
            Cell::link(format!("/contrats?entite={number}"), number),
            Cell::text(sites.join(", ")),
            Cell::if_any(&line.note, Cell::text),
        ]);
    }
    table
}

fn approvals_table(one: &Programming) -> Table {
    let mut table = Table::new(
        "approbations",
        "Approbations du projet tel qu’il est",
        &["Autorité", "Approbation", "Par", "En qualité de", "Le"],
    );
    for authority in &one.required_approvals {
        let given = one.approvals.iter().find(|one| one.authority == *authority);
        let said = match given {
            Some(_) => "donnée",
            None if one.state() == ProgrammingState::Draft => "attendue",
            None => "non donnée",
        };
        table.push(vec![
            Cell::text(words::party(authority)),
            Cell::text(said),
            given.map_or(Cell::Empty, |one| {
                Cell::text(labels::actor(one.author.as_ref()))
            }),
            given.map_or(Cell::Empty, |one| Cell::if_any(&one.title, Cell::text)),
            given.map_or(Cell::Empty, |one| {
                Cell::text(dates::timestamp(one.approve_time.as_ref()))
            }),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "DraftProgramming",
        Makes(|services, form| Box::pin(acts::send_draft(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Acts on a decision.
pub(crate) static ACTS: OnOne = OnOne {
    of: "programmings",
    page: |id| format!("{}/{id}", acts::PATH),
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(programming_page(visitor, id, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn a_draft_is_late_once_its_last_day_is_over() {
        let mut one = Programming {
            publication_due_date: "2026-12-31".to_owned(),
            ..Default::default()
        };
        one.set_state(ProgrammingState::Draft);
        assert_eq!(punctuality(&one, date!(2026 - 12 - 31)), Some("à publier"));
        assert_eq!(
            punctuality(&one, date!(2027 - 01 - 01)),
            Some("délai dépassé")
        );
        one.set_state(ProgrammingState::Published);
        one.late = true;
        assert_eq!(
            punctuality(&one, date!(2027 - 01 - 05)),
            Some("publiée en retard")
        );
    }
}
