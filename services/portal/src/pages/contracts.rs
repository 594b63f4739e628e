//! Contracts: search with an address that can be shared or kept under a name, page after page.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Json,
    extract::Query,
    response::{IntoResponse as _, Response},
};
use futures::{StreamExt as _, stream};
use kernel::Decimal;
use proto::{
    contracts::v1::{Contract, ContractState, ListContractsRequest, RegimeKind},
    establishments::v1::{
        GetLegalEntityRequest, ListEstablishmentsRequest, ListLegalEntitiesRequest,
    },
};
use serde::Deserialize;

use super::{Exports, html, id_of, notice, regions_of, saved_lists};
use crate::{
    Failure,
    acts::contract as contract_acts,
    form::{Form, address},
    frame::{Frame, Section},
    picture::{Tile, tiles},
    services::{Services, every_line, within},
    table::{Cell, Export, Table},
    text::{self, dates, labels},
    visitor::Visitor,
};

/// A choice of a filter: its word in the address, how it reads, whether it is chosen.
type Choice = (String, String, bool);

#[derive(Template)]
#[template(path = "contracts.html")]
struct Page {
    frame: Frame,
    query: Form,
    states: Vec<Choice>,
    regions: Vec<Choice>,
    kinds: Vec<Choice>,
    /// Whether a filter of the advanced search is in use.
    is_advanced: bool,
    table: Table,
    exports: Exports,
    count: String,
    /// The contracts after these; none at the end.
    next: Option<String>,
    /// The first page, when this is another one.
    first: Option<String>,
    territory: Option<String>,
    territory_table: Table,
    may_create: bool,
    /// Whether the person reads mandates.
    keeps: bool,
    saved: saved_lists::Saved,
}

/// Contracts on one page.
const PAGE: i32 = 100;
/// Contracts in one exported file at most.
const MOST_EXPORTED: usize = 50_000;
/// Names that are asked for at the same time.
const AT_ONCE: usize = 12;

/// The states one can look for, with their words in an address.
const STATES: [(ContractState, &str); 13] = [
    (ContractState::Draft, "projet"),
    (ContractState::Negotiation, "negociation"),
    (ContractState::Consultation, "consultation"),
    (ContractState::ReadyToSign, "a-signer"),
    (ContractState::PartiallySigned, "signature"),
    (ContractState::Signed, "signe"),
    (ContractState::InForce, "en-vigueur"),
    (ContractState::NoticeOfTermination, "mise-en-demeure"),
    (ContractState::Expired, "echu"),
    (ContractState::Renewed, "renouvele"),
    (ContractState::Terminated, "resilie"),
    (ContractState::Closed, "clos"),
    (ContractState::Abandoned, "abandonne"),
];

/// The kinds one can look for, with their words in an address.
pub(super) const KINDS: [(RegimeKind, &str); 4] = [
    (RegimeKind::Hospital, "sante"),
    (RegimeKind::Ehpad, "ehpad"),
    (RegimeKind::Disability, "handicap"),
    (RegimeKind::Optional, "volontaire"),
];

/// The kind that an address names.
pub(super) fn kind_of(query: &Form) -> RegimeKind {
    let wanted = query.text("nature");
    KINDS
        .into_iter()
        .find(|(_, word)| *word == wanted)
        .map_or(RegimeKind::Unspecified, |(kind, _)| kind)
}

/// The kinds, as a filter shows them.
pub(super) fn kind_choices(query: &Form) -> Vec<Choice> {
    let chosen = query.text("nature");
    KINDS
        .into_iter()
        .map(|(kind, word)| {
            let label = labels::regime_kind(kind).to_owned();
            (word.to_owned(), label, word == chosen)
        })
        .collect()
}

/// `/contrats`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor).await).await
}

/// What the services are asked; what an address says wrongly does not restrict.
fn request(query: &Form) -> ListContractsRequest {
    let state = STATES
        .into_iter()
        .find(|(_, word)| *word == query.text("etat"))
        .map_or(ContractState::Unspecified, |(state, _)| state);
    let entity = query.text("entite");
    ListContractsRequest {
        region: query.text("region").to_owned(),
        legal_entity: if entity.is_empty() {
            String::new()
        } else {
            format!("legalEntities/{entity}")
        },
        state: state.into(),
        query: query.text("q").chars().take(200).collect(),
        kind: kind_of(query).into(),
        department: query.text("departement").to_uppercase(),
        ending_before: dates::parse(query.text("fin-avant"))
            .map_or_else(String::new, |day| day.to_string()),
        ..Default::default()
    }
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let mut request = request(&query);
    if let Some(export) = Export::asked(query.text("format"))
        && query.text("tableau").is_empty()
    {
        let contracts = every_line!(
            services.contracts(),
            list_contracts,
            request,
            contracts,
            MOST_EXPORTED
        )?;
        let titles = entity_titles(services, &contracts).await;
        return table(&contracts, &titles).export(export);
    }
    request.page_size = PAGE;
    query.text("suite").clone_into(&mut request.page_token);
    let (page, saved) = tokio::try_join!(
        async {
            let answer = services.contracts().list_contracts(within(request)).await?;
            Ok(answer.into_inner())
        },
        saved_lists::of(visitor, &query)
    )?;
    let titles = entity_titles(services, &page.contracts).await;
    let by_department = by_department(&page.contracts);
    let territory_table = territory_table(&by_department).at("/contrats", &query);
    if let Some(file) = Table::asked_among(&query, [&territory_table]) {
        return file;
    }
    let table = table(&page.contracts, &titles);
    let kept = query.encoded_without(&["suite", "fait"]);
    let is_first = query.text("suite").is_empty();
    let is_whole = is_first && page.next_page_token.is_empty();
    let territory = (is_whole && by_department.len() > 1)
        .then(|| tiles("territoire", "Contrats par département", &by_department));
    let title = if visitor.is_establishment() {
        "Mes contrats"
    } else {
        "Contrats"
    };
    let (chosen_state, chosen_region) = (query.text("etat"), query.text("region"));
    html(&Page {
        frame: visitor.frame(title, Section::Contracts).telling(
            notice(&query, contract_acts::done).or_else(|| notice(&query, saved_lists::done)),
        ),
        states: STATES
            .iter()
            .map(|(state, word)| {
                let label = labels::contract_state(*state).text.to_owned();
                ((*word).to_owned(), label, *word == chosen_state)
            })
            .collect(),
        regions: regions_of(visitor)
            .into_iter()
            .map(|(code, name)| {
                let is_chosen = code == chosen_region;
                (code, name, is_chosen)
            })
            .collect(),
        kinds: kind_choices(&query),
        is_advanced: ["nature", "departement", "fin-avant", "entite"]
            .iter()
            .any(|name| !query.text(name).is_empty()),
        count: counted(page.contracts.len(), is_whole, is_first),
        exports: Exports::of("/contrats", &query),
        next: next(&kept, &page.next_page_token),
        first: (!is_first).then(|| address("/contrats", &kept)),
        territory_table,
        may_create: visitor.is("contract_manager"),
        keeps: ["contract_manager", "manager", "director_general", "auditor"]
            .iter()
            .any(|role| visitor.is(role)),
        query,
        table,
        territory,
        saved,
    })
}

/// How many are shown, and whether they are all.
pub(super) fn counted_as(shown: usize, (one, many): (&str, &str), is_whole: bool) -> String {
    let told = text::counted(i64::try_from(shown).unwrap_or(0), one, many);
    if is_whole {
        told
    } else {
        format!("{told} sur cette page")
    }
}

/// The same for contracts, which are listed by age.
pub(super) fn counted(shown: usize, is_whole: bool, is_first: bool) -> String {
    let names = ("contrat", "contrats");
    if is_first && !is_whole {
        return format!("Les {} les plus anciens", counted_as(shown, names, true));
    }
    counted_as(shown, names, is_whole)
}

fn next(kept: &str, token: &str) -> Option<String> {
    if token.is_empty() {
        return None;
    }
    let mut query = form_urlencoded::Serializer::new(kept.to_owned());
    query.append_pair("suite", token);
    Some(address("/contrats", &query.finish()))
}

/// Names of the parties of some contracts, by resource name.
async fn entity_titles(services: &Services, contracts: &[Contract]) -> BTreeMap<String, String> {
    let parties = contracts
        .iter()
        .filter_map(|contract| contract.text.as_ref())
        .flat_map(|text| text.legal_entities.iter().cloned())
        .collect();
    titles_of(services, parties).await
}

/// Names of some legal entities, by resource name. Without the registry they keep their numbers.
pub(super) async fn titles_of(
    services: &Services,
    entities: BTreeSet<String>,
) -> BTreeMap<String, String> {
    stream::iter(entities)
        .map(|name| async move {
            let request = GetLegalEntityRequest { name: name.clone() };
            let answer = services.registry().get_legal_entity(within(request)).await;
            Some((name, answer.ok()?.into_inner().title))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await
}

fn table(contracts: &[Contract], titles: &BTreeMap<String, String>) -> Table {
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
            Cell::day(&contract.last_day),
            Cell::count(i64::try_from(text.establishments.len()).unwrap_or(0)),
        ]);
    }
    table
}

/// Contracts by département of their first party: the first two characters of a FINESS number, three overseas.
fn by_department(contracts: &[Contract]) -> Vec<Tile> {
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

fn territory_table(by_department: &[Tile]) -> Table {
    let mut table = Table::new(
        "contrats-par-departement",
        "Contrats par département",
        &["Département", "Contrats#"],
    );
    for tile in by_department {
        table.push(vec![
            Cell::text(tile.code.as_str()),
            Cell::Number(tile.value),
        ]);
    }
    table
}

/// The département that a FINESS number begins with; overseas numbers begin with 97 or 98 and one more digit.
fn department(finess: &str) -> Option<String> {
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

/// Most suggestions of each kind at a time.
const SUGGESTIONS: i32 = 8;

/// `/contrats/suggestions`: entities and sites whose number, name or commune holds what is typed.
pub(crate) async fn suggestions(Query(typed): Query<Typed>, visitor: Visitor) -> Response {
    let query: String = typed.q.chars().take(200).collect();
    if query.trim().is_empty() {
        return Json(Vec::<String>::new()).into_response();
    }
    let entities = ListLegalEntitiesRequest {
        query: query.clone(),
        page_size: SUGGESTIONS,
        ..Default::default()
    };
    let sites = ListEstablishmentsRequest {
        query,
        page_size: SUGGESTIONS,
        ..Default::default()
    };
    let (mut registry, mut same) = (visitor.services.registry(), visitor.services.registry());
    let (entities, sites) = tokio::join!(
        registry.list_legal_entities(within(entities)),
        same.list_establishments(within(sites))
    );
    // Without the registry nothing is suggested, and the search works all the same.
    let entities = entities.map_or_else(|_| Vec::new(), |page| page.into_inner().legal_entities);
    let sites = sites.map_or_else(|_| Vec::new(), |page| page.into_inner().establishments);
    let named: BTreeSet<String> = entities
        .iter()
        .map(|entity| format!("{} {}", entity.title, entity.finess))
        .chain(
            sites
                .iter()
                .map(|site| format!("{} {}", site.title, site.finess)),
        )
        .collect();
    Json(named).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_looked_for_and_nothing_it_says_wrongly() {
        let asked = request(&Form::parse(
            "q=h%C3%B4pital&etat=en-vigueur&nature=ehpad&departement=2a&fin-avant=2028-01-01&entite=130786049",
        ));
        assert_eq!(asked.query, "hôpital");
        assert_eq!(asked.state(), ContractState::InForce);
        assert_eq!(asked.kind(), RegimeKind::Ehpad);
        assert_eq!(asked.department, "2A");
        assert_eq!(asked.ending_before, "2028-01-01");
        assert_eq!(asked.legal_entity, "legalEntities/130786049");
        let asked = request(&Form::parse("etat=inconnu&fin-avant=bient%C3%B4t"));
        assert_eq!(asked, ListContractsRequest::default());
    }

    #[test]
    fn a_page_says_whether_it_shows_everything() {
        assert_eq!(counted(2, true, true), "2 contrats");
        assert_eq!(
            counted(100, false, true),
            "Les 100 contrats les plus anciens"
        );
        assert_eq!(counted(12, false, false), "12 contrats sur cette page");
    }

    #[test]
    fn the_next_page_keeps_the_search() {
        assert_eq!(
            next("etat=signe", "a=b").as_deref(),
            Some("/contrats?etat=signe&suite=a%3Db")
        );
        assert_eq!(next("", ""), None);
    }

    #[test]
    fn departments_are_read_from_finess_numbers() {
        assert_eq!(department("130786049").as_deref(), Some("13"));
        assert_eq!(department("2A0000014").as_deref(), Some("2A"));
        assert_eq!(department("970100228").as_deref(), Some("970"));
        assert_eq!(department(""), None);
    }
}
