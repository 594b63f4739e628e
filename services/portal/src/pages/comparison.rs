//! Contracts side by side, by their numbers.

use askama::Template;
use axum::response::Response;
use futures::future::try_join_all;
use proto::contracts::v1::{Contract, ListContractsRequest, ListReviewsRequest};
use tonic::Status;

use super::{Exports, html, id_of, objectives};
use crate::{
    Failure,
    frame::{Frame, Section},
    services::{Services, every, within},
    table::{Cell, Export, Table},
    text::labels,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "comparison.html")]
struct Page {
    frame: Frame,
    /// What was typed, then empty places.
    numbers: [String; 3],
    /// Numbers that no contract in sight has.
    unknown: Vec<String>,
    table: Option<Table>,
    exports: Exports,
}

/// Contracts whose names and sites begin like a number, at most.
const MOST_ALIKE: i32 = 200;
const MOST_REVIEWS: usize = 50;

/// `/contrats/comparaison`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(comparison_page(&visitor).await).await
}

async fn comparison_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let numbers = ["a", "b", "c"].map(|name| query.text(name).to_owned());
    let asked: Vec<&String> = numbers.iter().filter(|number| !number.is_empty()).collect();
    let contracts = if asked.is_empty() {
        Vec::new()
    } else {
        find(&visitor.services, &asked).await?
    };
    let unknown = asked
        .into_iter()
        .filter(|number| !contracts.iter().any(|c| &c.number == *number))
        .cloned()
        .collect();
    let table = if contracts.is_empty() {
        None
    } else {
        Some(compare(&visitor.services, &contracts).await?)
    };
    if let (Some(export), Some(table)) = (Export::asked(query.text("format")), &table) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Comparer des contrats", Section::Contracts)
            .under("Contrats", "/contrats"),
        exports: Exports::of("/contrats/comparaison", &query),
        numbers,
        unknown,
        table,
    })
}

/// The contracts of these numbers, in their order.
async fn find(services: &Services, asked: &[&String]) -> Result<Vec<Contract>, Failure> {
    let found = asked.iter().map(|number| of_number(services, number));
    let found = try_join_all(found).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The contract in sight that has this number.
pub(super) async fn of_number(
    services: &Services,
    number: &str,
) -> Result<Option<Contract>, Status> {
    let request = ListContractsRequest {
        query: number.chars().take(200).collect(),
        page_size: MOST_ALIKE,
        ..Default::default()
    };
    let page = services.contracts().list_contracts(within(request)).await?;
    let alike = page.into_inner().contracts;
    Ok(alike.into_iter().find(|c| c.number == number))
}

/// What is told of one contract, in the order of the lines.
async fn facts(services: &Services, contract: &Contract) -> Result<Vec<Cell>, Failure> {
    let reviews = async {
        let request = ListReviewsRequest {
            contract: contract.name.clone(),
            ..Default::default()
        };
        Ok::<_, Failure>(every!(
            services.reviews(),
            list_reviews,
            request,
            reviews,
            MOST_REVIEWS
        )?)
    };
    let (objectives, (reviews, _)) =
        tokio::try_join!(objectives::read(services, contract), reviews)?;
    let text = contract.text.clone().unwrap_or_default();
    let count = |count: usize| Cell::count(i64::try_from(count).unwrap_or(0));
    let out_of_tolerance = objectives.table.rows.iter().filter(|row| {
        row.last()
            .is_some_and(|cell| cell.shown() == "hors tolérance")
    });
    Ok(vec![
        Cell::link(format!("/contrats/{}", id_of(&contract.name)), text.title),
        Cell::Badge(labels::contract_state(contract.state())),
        Cell::day(&text.effect_date),
        Cell::day(&text.end_date),
        count(text.legal_entities.len()),
        count(text.establishments.len()),
        count(text.objectives.len()),
        count(objectives.shown.len()),
        count(out_of_tolerance.count()),
        count(reviews.len()),
    ])
}

const LINES: [&str; 10] = [
    "Intitulé",
    "État",
    "Premier jour",
    "Dernier jour",
    "Entités signataires",
    "Établissements couverts",
    "Objectifs stratégiques",
    "Objectifs chiffrés",
    "Années d’objectif hors tolérance",
    "Revues ouvertes ou conclues",
];

async fn compare(services: &Services, contracts: &[Contract]) -> Result<Table, Failure> {
    let told = try_join_all(contracts.iter().map(|c| facts(services, c))).await?;
    let titles: Vec<&str> = ["Rubrique"]
        .into_iter()
        .chain(contracts.iter().map(|contract| contract.number.as_str()))
        .collect();
    let mut table = Table::new("comparaison", "Contrats comparés", &titles);
    for (place, line) in LINES.into_iter().enumerate() {
        let cells = told.iter().filter_map(|facts| facts.get(place)).cloned();
        table.push([Cell::text(line)].into_iter().chain(cells).collect());
    }
    Ok(table)
}
