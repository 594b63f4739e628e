//! Contracts: search with an address that can be shared, the list, and a new draft.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json,
    extract::Query,
    response::{IntoResponse as _, Redirect, Response},
};
use kernel::Decimal;
use proto::{
    contracts::v1::{Contract, ContractState, ListContractsRequest},
    establishments::v1::ListLegalEntitiesRequest,
};
use serde::Deserialize;

use super::{Acted, Attempt, Exports, acted, html, html_refused, id_of, notice, regions_of};
use crate::{
    Failure,
    acts::{ActForm, Acts, FieldKind, Refusal, contract as contract_acts},
    form::Form,
    frame::{Frame, Section},
    picture::{Tile, tiles},
    services::{Service, Services, every, within},
    table::{Cell, Export, Table},
    text::{self, labels},
    visitor::{Posted, Visitor},
};

#[derive(Template)]
#[template(path = "contracts.html")]
struct Page {
    frame: Frame,
    query: Form,
    states: Vec<(&'static str, &'static str, bool)>,
    regions: Vec<(String, String, bool)>,
    table: Table,
    exports: Exports,
    count: String,
    is_cut: bool,
    territory: Option<String>,
    territory_table: Table,
    may_create: bool,
}

/// Contracts looked through at most by one search.
const MOST: usize = 2_000;
/// Legal entities whose names are looked through at most.
const MOST_ENTITIES: usize = 5_000;

/// The states one can look for, with their words in an address.
const STATES: [(ContractState, &str); 9] = [
    (ContractState::Draft, "projet"),
    (ContractState::Negotiation, "negociation"),
    (ContractState::Consultation, "consultation"),
    (ContractState::ReadyToSign, "a-signer"),
    (ContractState::PartiallySigned, "signature"),
    (ContractState::Signed, "signe"),
    (ContractState::InForce, "en-vigueur"),
    (ContractState::Expired, "echu"),
    (ContractState::Abandoned, "abandonne"),
];

/// `/contrats`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    match list_page(&visitor).await {
        Ok(response) => response,
        Err(failure) => visitor.failed(failure).await,
    }
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let (found, titles) = tokio::join!(
        find(&visitor.services, &query),
        entity_titles(&visitor.services)
    );
    let (contracts, is_cut) = found?;
    // Without the registry, parties keep their numbers.
    let titles = titles.unwrap_or_default();
    let words = words(query.text("q"));
    let found: Vec<&Contract> = contracts
        .iter()
        .filter(|contract| matches(contract, &titles, &words))
        .collect();
    let table = table(&found, &titles);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let chosen_state = query.text("etat");
    let chosen_region = query.text("region");
    let by_department = by_department(&found);
    let territory = (by_department.len() > 1)
        .then(|| tiles("territoire", "Contrats par département", &by_department));
    let mut territory_table = Table::new(
        "contrats-par-departement",
        "Contrats par département",
        &["Département", "Contrats#"],
    );
    for tile in &by_department {
        territory_table.push(vec![
            Cell::text(tile.code.as_str()),
            Cell::Number(tile.value),
        ]);
    }
    let title = if visitor.is_establishment() {
        "Mes contrats"
    } else {
        "Contrats"
    };
    html(&Page {
        frame: visitor
            .frame(title, Section::Contracts)
            .telling(notice(&query, contract_acts::done)),
        states: STATES
            .iter()
            .map(|(state, key)| {
                (
                    *key,
                    labels::contract_state(*state).text,
                    *key == chosen_state,
                )
            })
            .collect(),
        regions: regions_of(visitor)
            .into_iter()
            .map(|(code, name)| {
                let is_chosen = code == chosen_region;
                (code, name, is_chosen)
            })
            .collect(),
        count: text::counted(
            i64::try_from(found.len()).unwrap_or(0),
            "contrat",
            "contrats",
        ),
        exports: Exports::of("/contrats", &query),
        may_create: visitor.is("contract_manager"),
        query,
        table,
        is_cut,
        territory,
        territory_table,
    })
}

/// What the services can filter by themselves.
async fn find(services: &Services, query: &Form) -> Result<(Vec<Contract>, bool), Failure> {
    let state = STATES
        .into_iter()
        .find(|(_, key)| *key == query.text("etat"))
        .map_or(ContractState::Unspecified, |(state, _)| state);
    let entity = query.text("entite").to_owned();
    let request = ListContractsRequest {
        region: query.text("region").to_owned(),
        legal_entity: if entity.is_empty() {
            entity
        } else {
            format!("legalEntities/{entity}")
        },
        state: state.into(),
        ..Default::default()
    };
    Ok(every!(
        services.contracts(),
        list_contracts,
        request,
        contracts,
        MOST
    )?)
}

/// Names of the legal entities in sight, by resource name.
pub(crate) async fn entity_titles(
    services: &Services,
) -> Result<BTreeMap<String, String>, Failure> {
    let (entities, _) = every!(
        services.registry(),
        list_legal_entities,
        ListLegalEntitiesRequest::default(),
        legal_entities,
        MOST_ENTITIES
    )?;
    Ok(entities
        .into_iter()
        .map(|entity| (entity.name, entity.title))
        .collect())
}

/// Words to look for: without case nor accents.
fn words(text: &str) -> Vec<String> {
    plain(text)
        .split_whitespace()
        .map(ToOwned::to_owned)
        .collect()
}

fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            '’' | '\'' | '-' | '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect()
}

/// Whether every word stands in the number, the title, a FINESS number or the name of a party.
fn matches(contract: &Contract, titles: &BTreeMap<String, String>, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut text = contract.number.clone();
    if let Some(part) = &contract.text {
        for piece in [&part.title]
            .into_iter()
            .chain(&part.legal_entities)
            .chain(&part.establishments)
            .chain(
                part.legal_entities
                    .iter()
                    .filter_map(|name| titles.get(name)),
            )
        {
            text.push(' ');
            text.push_str(piece);
        }
    }
    let text = plain(&text);
    words.iter().all(|word| text.contains(word.as_str()))
}

fn table(contracts: &[&Contract], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "contrats",
        "Contrats",
        &[
            "Numéro",
            "Intitulé",
            "Parties",
            "État",
            "Premier jour",
            "Dernier jour",
            "Sites#",
        ],
    );
    for contract in contracts {
        let text = contract.text.clone().unwrap_or_default();
        let parties: Vec<String> = text
            .legal_entities
            .iter()
            .map(|name| {
                let number = id_of(name);
                titles
                    .get(name)
                    .map_or_else(|| number.to_owned(), |title| format!("{title} ({number})"))
            })
            .collect();
        table.push(vec![
            Cell::link(
                format!("/contrats/{}", id_of(&contract.name)),
                contract.number.as_str(),
            ),
            Cell::text(text.title),
            Cell::text(parties.join(", ")),
            Cell::Badge(labels::contract_state(contract.state())),
            Cell::day(&text.effect_date),
            Cell::day(&text.end_date),
            Cell::count(i64::try_from(text.establishments.len()).unwrap_or(0)),
        ]);
    }
    table
}

/// Contracts by département of their first party: the first two characters of a FINESS number, three overseas.
fn by_department(contracts: &[&Contract]) -> Vec<Tile> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for contract in contracts {
        let party = contract
            .text
            .iter()
            .find_map(|text| text.legal_entities.first());
        if let Some(code) = party.and_then(|name| department(id_of(name))) {
            *counts.entry(code).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(code, count)| Tile {
            code,
            value: Decimal::from(count),
        })
        .collect()
}

/// The département that a FINESS number begins with; overseas numbers begin with 97 or 98 and one more digit.
pub(crate) fn department(finess: &str) -> Option<String> {
    let two = finess.get(..2)?;
    let code = if two == "97" || two == "98" {
        // FINESS writes 9A, 9B… for overseas départements in some sources; three digits here.
        finess.get(..3)?
    } else {
        two
    };
    Some(code.to_owned())
}

/// What is typed so far.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
}

/// Most suggestions at a time.
const SUGGESTIONS: usize = 12;

/// `/contrats/suggestions`: names of legal entities that hold what is typed.
pub(crate) async fn suggestions(Query(typed): Query<Typed>, visitor: Visitor) -> Response {
    let words = words(&typed.q);
    let titles = entity_titles(&visitor.services).await.unwrap_or_default();
    let mut found: Vec<String> = titles
        .iter()
        .map(|(name, title)| format!("{title} {}", id_of(name)))
        .filter(|text| {
            let text = plain(text);
            !words.is_empty() && words.iter().all(|word| text.contains(word.as_str()))
        })
        .take(SUGGESTIONS)
        .collect();
    found.sort();
    Json(found).into_response()
}

#[derive(Template)]
#[template(path = "contract_new.html")]
struct NewPage {
    frame: Frame,
    acts: Acts,
}

/// `GET /contrats/nouveau`.
pub(crate) async fn new(visitor: Visitor) -> Response {
    match new_page(&visitor, None) {
        Ok(response) => response,
        Err(failure) => visitor.failed(failure).await,
    }
}

/// `POST /contrats/nouveau`.
pub(crate) async fn create(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    match created(&visitor, form).await {
        Ok(response) => response,
        Err(failure) => visitor.failed(failure).await,
    }
}

async fn created(visitor: &Visitor, form: Form) -> Result<Response, Failure> {
    let request = contract_acts::create(&form);
    let sent = visitor
        .services
        .contracts()
        .create_contract(within(request))
        .await;
    let sent = match sent {
        Ok(contract) => {
            let id = id_of(&contract.into_inner().name).to_owned();
            return Ok(Redirect::to(&format!("/contrats/{id}?fait=CreateContract")).into_response());
        }
        Err(status) => Err(status),
    };
    let place = (Service::Contracts, "");
    match acted(visitor, sent, "/contrats", "CreateContract", form, place).await? {
        Acted::Back(response) => Ok(response),
        Acted::Again(attempt) => new_page(visitor, Some(&attempt)),
    }
}

fn new_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let form: ActForm = contract_acts::new_contract(regions_of(visitor));
    let mut acts = Acts::default();
    acts.open(form);
    if let Some(attempt) = attempt {
        let fallback = contract_acts::new_contract(regions_of(visitor));
        acts.refuse(fallback, &Refusal::of(attempt));
    }
    let page = NewPage {
        frame: visitor
            .frame("Nouveau contrat", Section::Contracts)
            .under("Contrats", "/contrats"),
        acts,
    };
    match attempt {
        Some(attempt) => html_refused(&page, attempt),
        None => html(&page),
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::ContractText;

    use super::*;

    #[test]
    fn a_contract_is_found_by_any_of_its_words_whatever_the_accents() {
        let contract = Contract {
            number: "93-2026-0042".to_owned(),
            text: Some(ContractText {
                title: "CPOM 2026-2030".to_owned(),
                legal_entities: vec!["legalEntities/130786049".to_owned()],
                ..Default::default()
            }),
            ..Default::default()
        };
        let titles = BTreeMap::from([(
            "legalEntities/130786049".to_owned(),
            "Hôpital de l’Étang".to_owned(),
        )]);
        let found = |text: &str| matches(&contract, &titles, &words(text));
        assert!(found("hopital etang"));
        assert!(found("0042"));
        assert!(found("130786049"));
        assert!(found(""));
        assert!(!found("clinique"));
    }

    #[test]
    fn departments_are_read_from_finess_numbers() {
        assert_eq!(department("130786049").as_deref(), Some("13"));
        assert_eq!(department("2A0000014").as_deref(), Some("2A"));
        assert_eq!(department("970100228").as_deref(), Some("970"));
        assert_eq!(department(""), None);
    }
}
