//! The versions of a text, each compared with the one before, in words.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{ContractText, ContractVersion, ListContractVersionsRequest};

use super::{contract, html, resource};
use crate::{
    Failure,
    frame::{Frame, Section},
    services::within,
    text::{dates, labels},
    visitor::Visitor,
};

/// A part of a text that changed: what was, what is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    part: &'static str,
    removed: Vec<String>,
    added: Vec<String>,
}

struct Shown {
    number: i32,
    when: String,
    who: String,
    comment: String,
    changes: Vec<Change>,
    is_first: bool,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct Page {
    frame: Frame,
    title: String,
    versions: Vec<Shown>,
}

/// `/contrats/{id}/versions`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    match versions_page(&visitor, &id).await {
        Ok(response) => response,
        Err(failure) => visitor.failed(failure).await,
    }
}

async fn versions_page(visitor: &Visitor, id: &str) -> Result<Response, Failure> {
    let contract = contract::read(&visitor.services, id).await?;
    let request = ListContractVersionsRequest {
        name: resource("contracts", id)?,
    };
    let versions = visitor
        .services
        .contracts()
        .list_contract_versions(within(request))
        .await?
        .into_inner()
        .versions;
    let mut shown: Vec<Shown> = (0..versions.len())
        .map(|place| show(&versions, place))
        .collect();
    shown.reverse();
    html(&Page {
        frame: visitor
            .frame("Versions du texte", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}")),
        title: contract.text.map(|text| text.title).unwrap_or_default(),
        versions: shown,
    })
}

fn show(versions: &[ContractVersion], place: usize) -> Shown {
    let version = &versions[place];
    let text = version.text.clone().unwrap_or_default();
    let before = place
        .checked_sub(1)
        .map(|before| versions[before].text.clone().unwrap_or_default());
    Shown {
        number: version.number,
        when: dates::timestamp(version.create_time.as_ref()),
        who: labels::actor(version.author.as_ref()),
        comment: version.comment.clone(),
        is_first: before.is_none(),
        changes: before.map_or_else(Vec::new, |before| compare(&before, &text)),
    }
}

/// The items of one part of a text.
type Items = fn(&ContractText) -> Vec<String>;

/// What differs, part by part.
fn compare(before: &ContractText, after: &ContractText) -> Vec<Change> {
    let parts: [(&'static str, Items); 7] = [
        ("Intitulé", |text| vec![text.title.clone()]),
        ("Premier jour d’effet", |text| {
            vec![dates::from_wire(&text.effect_date)]
        }),
        ("Dernier jour", |text| {
            vec![dates::from_wire(&text.end_date)]
        }),
        ("Entités signataires", |text| numbers(&text.legal_entities)),
        ("Établissements couverts", |text| {
            numbers(&text.establishments)
        }),
        ("Objectifs stratégiques", |text| {
            text.objectives
                .iter()
                .map(|o| format!("Axe {} — {} : {}", o.axis, o.title, o.description))
                .collect()
        }),
        ("Instances à consulter", |text| text.consultations.clone()),
    ];
    parts
        .into_iter()
        .filter_map(|(part, of)| {
            let (old, new) = (of(before), of(after));
            let removed: Vec<String> = old
                .iter()
                .filter(|item| !new.contains(item))
                .cloned()
                .collect();
            let added: Vec<String> = new
                .iter()
                .filter(|item| !old.contains(item))
                .cloned()
                .collect();
            (!removed.is_empty() || !added.is_empty()).then_some(Change {
                part,
                removed,
                added,
            })
        })
        .collect()
}

fn numbers(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| super::id_of(name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let before = ContractText {
            title: "CPOM".to_owned(),
            end_date: "2028-12-31".to_owned(),
            establishments: vec!["establishments/130001647".to_owned()],
            ..Default::default()
        };
        let after = ContractText {
            end_date: "2029-12-31".to_owned(),
            establishments: Vec::new(),
            ..before.clone()
        };
        let changes = compare(&before, &after);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].part, "Dernier jour");
        assert_eq!(changes[0].added, ["31 décembre 2029"]);
        assert_eq!(changes[1].removed, ["130001647"]);
        assert!(compare(&before, &before).is_empty());
    }
}
