//! Contracts side by side, by their numbers.

use askama::Template;
use axum::response::Response;
use futures::future::try_join_all;
use proto::contracts::v1::{Contract, ListContractsRequest, ListReviewsRequest};
use tonic::Status;

use super::{Exports, html, id_of, objectives, sheet::Picture};
use crate::{
    Failure,
    frame::{Frame, Section},
    picture::{Bullet, Realised, Tally, standings},
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
    picture: Option<Picture>,
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
    let (table, picture) = if contracts.is_empty() {
        (None, None)
    } else {
        let (table, tallies) = compare(&visitor.services, &contracts).await?;
        (Some(table), drawn(&tallies))
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
        picture,
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
async fn facts(services: &Services, contract: &Contract) -> Result<(Vec<Cell>, Tally), Failure> {
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
    let years = objectives.shown.iter().flat_map(|shown| &shown.years);
    let tally = tally(&contract.number, years);
    let facts = vec![
        Cell::link(format!("/contrats/{}", id_of(&contract.name)), text.title),
        Cell::Badge(labels::contract_state(contract.state())),
        Cell::day(&text.effect_date),
        Cell::day(&text.end_date),
        count(text.legal_entities.len()),
        count(text.establishments.len()),
        count(text.objectives.len()),
        count(objectives.shown.len()),
        Cell::count(tally.met),
        Cell::count(tally.out),
        Cell::count(tally.open),
        count(reviews.len()),
    ];
    Ok((facts, tally))
}

/// How the years of the objectives of a contract stand.
fn tally<'a>(number: &str, years: impl Iterator<Item = &'a Bullet>) -> Tally {
    let mut tally = Tally {
        title: number.to_owned(),
        ..Tally::default()
    };
    for year in years {
        match year.realised {
            _ if year.is_out() => tally.out += 1,
            Realised::Exact(_) | Realised::Between(..) => tally.met += 1,
            Realised::SoFar(_) | Realised::Unknown => tally.open += 1,
        }
    }
    tally
}

/// Nothing is drawn where no contract has an objective in figures.
fn drawn(tallies: &[Tally]) -> Option<Picture> {
    let title = "Où en sont les objectifs chiffrés";
    let is_empty = tallies
        .iter()
        .all(|tally| tally.met + tally.out + tally.open == 0);
    (!is_empty).then(|| Picture {
        title,
        svg: standings("objectifs-compares", title, tallies),
        caption: "Une année d’un objectif compte pour un. D’abord les années sans écart, puis celles hors tolérance, puis en pointillé celles dont le réalisé manque ou n’est pas complet. Un écart n’est pas un manquement.",
    })
}

const LINES: [&str; 12] = [
    "Intitulé",
    "État",
    "Premier jour",
    "Dernier jour",
    "Entités signataires",
    "Établissements couverts",
    "Objectifs stratégiques",
    "Objectifs chiffrés",
    "Années d’objectif sans écart",
    "Années d’objectif hors tolérance",
    "Années d’objectif sans réalisé complet",
    "Revues ouvertes ou conclues",
];

async fn compare(
    services: &Services,
    contracts: &[Contract],
) -> Result<(Table, Vec<Tally>), Failure> {
    let told = try_join_all(contracts.iter().map(|c| facts(services, c))).await?;
    let (told, tallies): (Vec<Vec<Cell>>, Vec<Tally>) = told.into_iter().unzip();
    let titles: Vec<&str> = ["Rubrique"]
        .into_iter()
        .chain(contracts.iter().map(|contract| contract.number.as_str()))
        .collect();
    let mut table = Table::new("comparaison", "Contrats comparés", &titles);
    for (place, line) in LINES.into_iter().enumerate() {
        let cells = told.iter().filter_map(|facts| facts.get(place)).cloned();
        table.push([Cell::text(line)].into_iter().chain(cells).collect());
    }
    Ok((table, tallies))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_without_its_whole_figure_is_neither_met_nor_out() {
        let year = |realised| Bullet {
            year: 2026,
            target: Some(100.into()),
            band: Some((95.into(), 105.into())),
            realised,
        };
        let years = [
            year(Realised::Exact(100.into())),
            year(Realised::Exact(80.into())),
            year(Realised::Between(90.into(), 96.into())),
            year(Realised::SoFar(10.into())),
            year(Realised::Unknown),
        ];
        let told = tally("93-2024-0001", years.iter());
        assert_eq!((told.met, told.out, told.open), (2, 1, 2));
        assert!(drawn(&[told]).is_some());
        assert!(drawn(&[Tally::default()]).is_none());
    }
}
