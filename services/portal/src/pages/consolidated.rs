//! The contract on a day: its signed text with the amendments in effect.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{ConsolidatedContract, GetConsolidatedContractRequest};
use tonic::Code;

use super::{contract, html, id_of, names, registry::establishment, resource};
use crate::{
    Failure,
    failure::{Explained, explain},
    frame::{Frame, Section},
    services::within,
    text::{dates, follow_up as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "consolidated.html")]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    as_of: String,
    day: String,
    refusal: Option<Explained>,
    text: Option<Text>,
}

/// The text, ready to be read.
struct Text {
    answer: String,
    effect: String,
    end: String,
    amendments: Vec<(String, String)>,
    objectives: Vec<(String, String, String)>,
    clauses: Vec<(String, String)>,
    commitments: Vec<(String, String)>,
    /// The page of each site, its name and its number.
    sites: Vec<(String, String)>,
}

/// `/contrats/{id}/consolide`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(consolidated_page(&visitor, &id).await).await
}

async fn consolidated_page(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let query = visitor.query();
    let contract = contract::read(&visitor.services, id).await?;
    let today = visitor.portal.clock.now().date();
    let day = dates::parse(query.text("au")).unwrap_or(today);
    let request = GetConsolidatedContractRequest {
        name: resource("contracts", id)?,
        as_of: day.to_string(),
    };
    let answer = visitor
        .services
        .amendments()
        .get_consolidated_contract(within(request))
        .await;
    let (text, refusal) = match answer {
        Ok(consolidated) => {
            let consolidated = consolidated.into_inner();
            let text = consolidated.text.iter();
            let sites = text.flat_map(|text| text.establishments.iter().cloned());
            let titles = names::sites(&visitor.services, sites.collect()).await;
            (Some(shown(&consolidated, &titles)), None)
        }
        Err(status)
            if matches!(
                status.code(),
                Code::FailedPrecondition | Code::InvalidArgument
            ) =>
        {
            (None, Some(explain(&status)))
        }
        Err(status) => return Err(status.into()),
    };
    html(&Page {
        frame: visitor
            .frame("Le contrat à une date", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}")),
        path: format!("/contrats/{id}/consolide"),
        title: contract.text.map(|text| text.title).unwrap_or_default(),
        as_of: day.to_string(),
        day: dates::day(day),
        refusal,
        text,
    })
}

/// A code, and whose competence it is where somebody said.
fn with(code: &str, competence: &str) -> String {
    match competence {
        "" => code.to_owned(),
        told => format!("{code}, {told}"),
    }
}

fn shown(consolidated: &ConsolidatedContract, titles: &BTreeMap<String, String>) -> Text {
    let text = consolidated.text.clone().unwrap_or_default();
    let content = text.content.clone().unwrap_or_default();
    let answer = match consolidated.amendments.as_slice() {
        [] => "Le texte signé, sans avenant en vigueur à cette date.".to_owned(),
        [one] => format!("Le texte signé, modifié par l’avenant n° {}.", one.number),
        several => format!("Le texte signé, modifié par {} avenants.", several.len()),
    };
    Text {
        answer,
        effect: dates::from_wire(&text.effect_date),
        end: dates::from_wire(&text.end_date),
        amendments: consolidated
            .amendments
            .iter()
            .map(|one| {
                let told = format!(
                    "Avenant n° {} : {}, effet au {}",
                    one.number,
                    one.title,
                    dates::from_wire(&one.effect_date)
                );
                (format!("/avenants/{}", id_of(&one.name)), told)
            })
            .collect(),
        objectives: text
            .objectives
            .iter()
            .map(|one| {
                let mark = words::competence(one.competence.as_ref());
                (
                    with(&one.code, &mark),
                    one.title.clone(),
                    one.description.clone(),
                )
            })
            .collect(),
        clauses: content
            .clauses
            .iter()
            .map(|one| (format!("{} — {}", one.code, one.title), one.text.clone()))
            .collect(),
        commitments: content
            .commitments
            .iter()
            .map(|one| {
                let mark = words::competence(one.competence.as_ref());
                (with(&one.code, &mark), one.text.clone())
            })
            .collect(),
        sites: text
            .establishments
            .iter()
            .map(|name| {
                let path = format!("{}/{}", establishment::PATH, id_of(name));
                (path, names::site(titles, name))
            })
            .collect(),
    }
}
