//! The regional scheme beside contracts, both ways: what no contract answers, and what answers nothing in the scheme.

use std::collections::BTreeMap;

use axum::response::Response;
use proto::targets::v1::{
    AnsweringObjective, GetSchemeCoverageRequest, ListAnsweringObjectivesRequest,
    ListSchemesRequest, Scheme, SchemeCoverage,
};
use tonic::Code;

use super::{by_region, calls::places, scheme_draft::drafts, with_region};
use crate::{
    Failure,
    acts::scheme as acts,
    form::Form,
    frame::Section,
    pages::{
        id_of, names, region_name,
        sheet::{Filter, Part, Picture, Sheet},
    },
    picture::{Bar, bars},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{counted, dates, indicators, region as words, territory},
    visitor::Visitor,
};

const MOST: usize = 2_000;
/// Objectives that a picture still shows.
const MOST_DRAWN: usize = 20;

/// `/territoires/schema`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(schemes_page(&visitor).await).await
}

async fn schemes_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (region, filter) = by_region(visitor, &query);
    let as_of = query.text("au").to_owned();
    let (schemes, coverage, places) = tokio::try_join!(
        schemes(services, &region),
        coverage(visitor, &region, &as_of),
        places(services, &region)
    )?;
    let answering = match &coverage {
        Some(coverage) => answering(services, coverage, query.text("objectif")).await?,
        None => Vec::new(),
    };
    let contracts = answering.iter().map(|one| one.contract.clone());
    let numbers = names::contracts(services, contracts.collect()).await;
    let frame = visitor
        .frame("Schéma régional", Section::Territories)
        .under("Territoires", "/territoires");
    let mut parts = vec![Part {
        id: "schemas",
        title: "Schémas".to_owned(),
        table: schemes_table(&schemes),
        nothing: "Aucun schéma n’est enregistré pour cette région.",
    }];
    if let Some(coverage) = &coverage {
        parts.push(Part {
            id: "couverture",
            title: "Ce que le schéma fixe, et qui y répond".to_owned(),
            table: coverage_table(coverage, &places, &query),
            nothing: "Le schéma ne fixe aucun objectif.",
        });
        parts.push(Part {
            id: "reponses",
            title: answers_title(coverage, query.text("objectif")),
            table: answering_table(&answering, &numbers),
            nothing: "Aucun objectif de contrat.",
        });
    }
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: coverage.as_ref().map_or_else(
            || "Aucun schéma adopté n’est en vigueur à cette date, ou il n’est pas dans votre périmètre.".to_owned(),
            answer,
        ),
        onward: drafts(visitor).then(|| {
            let address = with_region(&format!("{}/nouveau", acts::PATH), &region);
            (address, "Préparer un schéma")
        }),
        filters: vec![filter, Filter::Day("au", "Au", as_of)],
        picture: coverage.as_ref().and_then(picture),
        parts,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, None)
}

async fn schemes(services: &Services, region: &str) -> Result<Vec<Scheme>, Failure> {
    let request = ListSchemesRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let (schemes, _) = every!(services.schemes(), list_schemes, request, schemes, MOST)?;
    Ok(schemes)
}

/// The scheme in effect beside contracts; none where there is no such scheme, or for those who do not compare them.
async fn coverage(
    visitor: &Visitor,
    region: &str,
    as_of: &str,
) -> Result<Option<SchemeCoverage>, Failure> {
    let request = GetSchemeCoverageRequest {
        region: region.to_owned(),
        as_of: as_of.to_owned(),
    };
    let mut client = visitor.services.schemes();
    match client.get_scheme_coverage(within(request)).await {
        Ok(coverage) => Ok(Some(coverage.into_inner())),
        Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// Objectives of contracts that answer one of the scheme, or nothing in it.
async fn answering(
    services: &Services,
    coverage: &SchemeCoverage,
    objective: &str,
) -> Result<Vec<AnsweringObjective>, Failure> {
    let scheme_objective = match objective {
        "" => String::new(),
        id => format!("{}/objectives/{id}", coverage.scheme),
    };
    let request = ListAnsweringObjectivesRequest {
        region: coverage.region.clone(),
        as_of: coverage.as_of.clone(),
        scheme_objective,
        ..Default::default()
    };
    let (objectives, _) = every!(
        services.schemes(),
        list_answering_objectives,
        request,
        objectives,
        MOST
    )?;
    Ok(objectives)
}

/// Both ways, in one sentence.
fn answer(coverage: &SchemeCoverage) -> String {
    let unanswered = match coverage.without_contract {
        0 => "Chaque objectif du schéma a au moins un contrat qui y répond".to_owned(),
        count => format!(
            "{} du schéma sans aucun contrat",
            counted(count.into(), "objectif", "objectifs")
        ),
    };
    format!(
        "{unanswered} ; {} de contrat sur {} ne {} à rien dans le schéma.",
        counted(
            coverage.contract_objectives_without_scheme,
            "objectif",
            "objectifs"
        ),
        coverage.contract_objectives,
        if coverage.contract_objectives_without_scheme < 2 {
            "répond"
        } else {
            "répondent"
        }
    )
}

fn answers_title(coverage: &SchemeCoverage, objective: &str) -> String {
    let known = coverage.objectives.iter().find_map(|one| {
        let own = one.objective.as_ref()?;
        (own.id == objective).then(|| own.title.clone())
    });
    known.map_or_else(
        || "Objectifs de contrats qui ne répondent à rien dans le schéma".to_owned(),
        |title| format!("Objectifs de contrats qui répondent à « {title} »"),
    )
}

fn picture(coverage: &SchemeCoverage) -> Option<Picture> {
    let of: Vec<Bar> = coverage
        .objectives
        .iter()
        .take(MOST_DRAWN)
        .filter_map(|one| {
            Some(Bar {
                title: one.objective.as_ref()?.title.clone(),
                value: one.contracts.into(),
                shown: counted(one.contracts, "contrat", "contrats"),
            })
        })
        .collect();
    (!of.is_empty()).then(|| Picture {
        title: "Contrats qui répondent à chaque objectif",
        svg: bars("reponses-image", "Contrats par objectif du schéma", &of),
        caption: "Un objectif sans barre n’a pas de contrat.",
    })
}

fn schemes_table(schemes: &[Scheme]) -> Table {
    let mut table = Table::new(
        "schemas",
        "Schémas, du plus ancien au plus récent",
        &["Schéma", "État", "Du", "Au", "Objectifs#", "Adopté par"],
    );
    for scheme in schemes {
        let content = scheme.content.clone().unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("{}/{}", acts::PATH, id_of(&scheme.name)),
                content.title.as_str(),
            ),
            Cell::Badge(words::scheme(scheme.state())),
            Cell::day(&content.valid_from),
            Cell::day(&content.valid_to),
            Cell::count(i64::try_from(content.objectives.len()).unwrap_or(0)),
            Cell::if_any(&scheme.decision, |decision| {
                let day = dates::timestamp(scheme.adopt_time.as_ref());
                Cell::text(format!("{decision}, le {day}"))
            }),
        ]);
    }
    table
}

fn coverage_table(
    coverage: &SchemeCoverage,
    places: &BTreeMap<String, String>,
    query: &Form,
) -> Table {
    let mut table = Table::new(
        "couverture",
        "Objectifs du schéma et contrats qui y répondent",
        &[
            "Objectif",
            "Axe",
            "Territoire",
            "Public",
            "À créer#",
            "À transformer#",
            "Pour",
            "Contrats#",
            "Objectifs de contrat#",
        ],
    );
    for one in &coverage.objectives {
        let own = one.objective.clone().unwrap_or_default();
        let mut address = form_urlencoded::Serializer::new(
            query.encoded_without(&["objectif", "format", "tableau"]),
        );
        address.append_pair("objectif", &own.id);
        let place = places.get(&own.territory).map(String::as_str);
        table.push(vec![
            Cell::link(
                format!("{}?{}#reponses", acts::PATH, address.finish()),
                own.title.as_str(),
            ),
            Cell::text(one.axis_title.as_str()),
            Cell::text(place.unwrap_or_else(|| id_of(&own.territory))),
            Cell::text(territory::public(own.public())),
            Cell::count(own.places_to_create.into()),
            Cell::count(own.places_to_transform.into()),
            Cell::text(own.horizon.to_string()),
            Cell::count(one.contracts),
            Cell::count(one.contract_objectives),
        ]);
    }
    table
}

fn answering_table(objectives: &[AnsweringObjective], numbers: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "reponses",
        "Objectifs de contrats en vigueur",
        &["Objectif", "Indicateur", "Contrat"],
    );
    for one in objectives {
        table.push(vec![
            Cell::text(one.title.as_str()),
            Cell::text(indicators::title(&one.indicator)),
            names::contract_cell(numbers, &one.contract),
        ]);
    }
    table
}

/// The page of the schemes of a region, from one of them.
pub(super) fn above(region: &str) -> String {
    with_region(acts::PATH, region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_answers_both_ways() {
        let mut coverage = SchemeCoverage {
            without_contract: 2,
            contract_objectives: 12,
            contract_objectives_without_scheme: 5,
            ..Default::default()
        };
        let told = answer(&coverage);
        assert!(told.starts_with("2 objectifs du schéma sans aucun contrat ;"));
        assert!(told.contains("5 objectifs de contrat sur 12 ne répondent à rien"));
        coverage.without_contract = 0;
        assert!(answer(&coverage).starts_with("Chaque objectif"));
    }
}
