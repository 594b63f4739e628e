//! Contracts in force, for everybody: the list, and what may be read of each.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    GetPublishedContractRequest, ListPublishedContractsRequest, PublishedContract, PublishedPlace,
    PublishedText,
};
use serde_json::{Value, json};

use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    pages::{
        Exports,
        contracts::{counted, kind_choices, kind_of},
        error, html, id_of, region_name, resource,
    },
    services::{every_line, within},
    table::{Cell, Export, Table, attachment},
    text::{dates, labels},
    visitor::Anybody,
};

/// Where the list is.
const PATH: &str = "/contrats-en-vigueur";
/// Contracts on one page.
const PAGE: i32 = 50;
/// Contracts in one exported file at most.
const MOST_EXPORTED: usize = 50_000;
/// Places that a cell of the page names; a file has them all.
const MOST_NAMED: usize = 2;

#[derive(Template)]
#[template(path = "public_contracts.html")]
struct ListPage {
    frame: Frame,
    query: Form,
    regions: Vec<(String, String, bool)>,
    kinds: Vec<(String, String, bool)>,
    table: Table,
    exports: Exports,
    json: String,
    count: String,
    next: Option<String>,
    first: Option<String>,
}

/// A passage that is communicated.
struct Passage {
    code: String,
    title: String,
    text: String,
    /// SHA-256 of an annex that is a file.
    file: String,
}

#[derive(Template)]
#[template(path = "public_contract.html")]
struct ContractPage {
    frame: Frame,
    number: String,
    title: String,
    region: String,
    kind: &'static str,
    effect: String,
    last_day: String,
    as_of: String,
    amended: Vec<String>,
    holders: Vec<PublishedPlace>,
    path: String,
    sites: Table,
    exports: Exports,
    clauses: Vec<Passage>,
    annexes: Vec<Passage>,
    withheld: Vec<(String, &'static str)>,
}

/// `/contrats-en-vigueur`.
pub(crate) async fn list(anybody: Anybody) -> Response {
    let made = list_page(&anybody).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

fn request(query: &Form) -> ListPublishedContractsRequest {
    let region = query.text("region");
    ListPublishedContractsRequest {
        region: region.chars().take(2).collect(),
        department: query
            .text("departement")
            .to_uppercase()
            .chars()
            .take(3)
            .collect(),
        kind: kind_of(query).into(),
        query: query.text("q").chars().take(200).collect(),
        ..Default::default()
    }
}

async fn list_page(anybody: &Anybody) -> Result<Response, Failure> {
    let query = anybody.query();
    let mut request = request(&query);
    let format = query.text("format");
    if format == "json" || Export::asked(format).is_some() {
        let contracts = every_line!(
            anybody.portal.channels.published_contracts(),
            list_published_contracts,
            request,
            contracts,
            MOST_EXPORTED
        )?;
        return match Export::asked(format) {
            Some(export) => table(&contracts).export(export),
            None => json_file(&contracts, &anybody.portal.config.public_url),
        };
    }
    request.page_size = PAGE;
    query.text("suite").clone_into(&mut request.page_token);
    let page = anybody
        .portal
        .channels
        .published_contracts()
        .list_published_contracts(within(request))
        .await?
        .into_inner();
    let is_first = query.text("suite").is_empty();
    let is_whole = is_first && page.next_page_token.is_empty();
    let kept = query.encoded_without(&["suite", "format"]);
    let chosen = query.text("region");
    html(&ListPage {
        frame: anybody.frame("Contrats en vigueur", Section::Published),
        regions: kernel::Region::all()
            .map(|region| {
                let is_chosen = region.code() == chosen;
                (
                    region.code().to_owned(),
                    region.name().to_owned(),
                    is_chosen,
                )
            })
            .collect(),
        kinds: kind_choices(&query),
        table: page_table(&page.contracts),
        exports: Exports::of(PATH, &query),
        json: with(&kept, "format", "json"),
        count: counted(page.contracts.len(), is_whole, is_first),
        next: Some(page.next_page_token)
            .filter(|token| !token.is_empty())
            .map(|token| with(&kept, "suite", &token)),
        first: (!is_first).then(|| address(PATH, &kept)),
        query,
    })
}

/// The same search with one more field.
fn with(kept: &str, name: &str, value: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(kept.to_owned());
    query.append_pair(name, value);
    address(PATH, &query.finish())
}

/// As a page shows it: short names, some sites.
fn page_table(contracts: &[PublishedContract]) -> Table {
    let mut table = Table::new(
        "contrats-en-vigueur",
        "Contrats en vigueur, le plus ancien d’abord",
        &[
            "Contrat",
            "Titulaire",
            "Nature",
            "Établissements",
            "Départements",
            "Jusqu’au",
        ],
    );
    for contract in contracts {
        table.push(vec![
            link(contract),
            Cell::text(short(&contract.holders)),
            Cell::text(labels::regime_kind(contract.kind())),
            Cell::text(short(&contract.sites)),
            Cell::text(departments(contract)),
            Cell::day(&contract.last_day),
        ]);
    }
    table
}

/// Everything of the list, for a file.
fn table(contracts: &[PublishedContract]) -> Table {
    let mut table = Table::new(
        "contrats-en-vigueur",
        "Contrats en vigueur, le plus ancien d’abord",
        &[
            "Numéro",
            "Intitulé",
            "Région",
            "Titulaire",
            "Nature",
            "Établissements",
            "Départements",
            "Premier jour",
            "Dernier jour",
        ],
    );
    for contract in contracts {
        table.push(vec![
            link(contract),
            Cell::text(contract.title.as_str()),
            Cell::text(region_name(&contract.region)),
            Cell::text(numbered(&contract.holders)),
            Cell::text(labels::regime_kind(contract.kind())),
            Cell::text(numbered(&contract.sites)),
            Cell::text(departments(contract)),
            Cell::day(&contract.effect_date),
            Cell::day(&contract.last_day),
        ]);
    }
    table
}

fn link(contract: &PublishedContract) -> Cell {
    let path = format!("{PATH}/{}", id_of(&contract.name));
    Cell::link(path, contract.number.as_str())
}

fn departments(contract: &PublishedContract) -> String {
    let codes: BTreeSet<&str> = contract
        .sites
        .iter()
        .map(|site| site.department.as_str())
        .filter(|code| !code.is_empty())
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(", ")
}

/// Every place with its number.
fn numbered(places: &[PublishedPlace]) -> String {
    let named = places.iter().map(|place| match place.title.as_str() {
        "" => place.finess.clone(),
        title => format!("{title} ({})", place.finess),
    });
    named.collect::<Vec<_>>().join(", ")
}

/// The first places by their names, and how many are left.
fn short(places: &[PublishedPlace]) -> String {
    let named = places.iter().take(MOST_NAMED).map(|place| {
        let name = match place.title.as_str() {
            "" => &place.finess,
            title => title,
        };
        name.to_owned()
    });
    let mut all: Vec<String> = named.collect();
    match places.len().saturating_sub(MOST_NAMED) {
        0 => {}
        1 => all.push("et un autre".to_owned()),
        others => all.push(format!("et {others} autres")),
    }
    all.join(", ")
}

/// The list for a machine: what the page shows, under stable names.
fn json_file(contracts: &[PublishedContract], portal: &str) -> Result<Response, Failure> {
    let places = |places: &[PublishedPlace]| -> Vec<Value> {
        places
            .iter()
            .map(|place| {
                json!({
                    "finess": place.finess,
                    "nom": place.title,
                    "departement": place.department,
                    "commune": place.commune,
                })
            })
            .collect()
    };
    let told: Vec<Value> = contracts
        .iter()
        .map(|contract| {
            json!({
                "numero": contract.number,
                "intitule": contract.title,
                "region": contract.region,
                "nature": labels::regime_kind(contract.kind()),
                "titulaires": places(&contract.holders),
                "etablissements": places(&contract.sites),
                "premier_jour": contract.effect_date,
                "dernier_jour": contract.last_day,
                "adresse": format!("{portal}{PATH}/{}", id_of(&contract.name)),
            })
        })
        .collect();
    let bytes = serde_json::to_vec(&json!({ "contrats": told }))
        .map_err(|error| Failure::Internal(error.into()))?;
    Ok(attachment(
        bytes,
        "application/json; charset=utf-8",
        "contrats-en-vigueur.json",
    ))
}

/// `/contrats-en-vigueur/{id}`.
pub(crate) async fn page(Path(id): Path<String>, anybody: Anybody) -> Response {
    let made = contract_page(&id, &anybody).await;
    made.unwrap_or_else(|failure| error::page(anybody.frame("Erreur", Section::None), &failure))
}

async fn contract_page(id: &str, anybody: &Anybody) -> Result<Response, Failure> {
    let request = GetPublishedContractRequest {
        name: resource("publishedContracts", id)?,
    };
    let mut client = anybody.portal.channels.published_contracts();
    let told = client.get_published_contract(within(request)).await?;
    let told = told.into_inner();
    let contract = told.contract.clone().unwrap_or_default();
    let sites = sites(&contract.sites);
    let query = anybody.query();
    if let Some(export) = Export::asked(query.text("format")) {
        return sites.export(export);
    }
    html(&ContractPage {
        frame: anybody
            .frame(&contract.title, Section::Published)
            .under("Contrats en vigueur", PATH),
        number: contract.number.clone(),
        title: contract.title.clone(),
        region: region_name(&contract.region),
        kind: labels::regime_kind(contract.kind()),
        effect: dates::from_wire(&contract.effect_date),
        last_day: dates::from_wire(&contract.last_day),
        as_of: dates::from_wire(&told.as_of),
        amended: told
            .amended_on
            .iter()
            .map(|day| dates::from_wire(day))
            .collect(),
        exports: Exports::of(&format!("{PATH}/{id}"), &query),
        path: format!("{PATH}/{id}"),
        sites,
        clauses: clauses(&told),
        annexes: annexes(&told),
        withheld: told
            .withheld
            .iter()
            .map(|passage| (passage.code.clone(), labels::withheld(passage.ground())))
            .collect(),
        holders: contract.holders,
    })
}

fn clauses(told: &PublishedText) -> Vec<Passage> {
    let passages = told.clauses.iter().map(|clause| Passage {
        code: clause.code.clone(),
        title: clause.title.clone(),
        text: clause.text.clone(),
        file: String::new(),
    });
    passages.collect()
}

fn annexes(told: &PublishedText) -> Vec<Passage> {
    let passages = told.annexes.iter().map(|annex| Passage {
        code: annex.code.clone(),
        title: annex.title.clone(),
        text: annex.text.clone(),
        file: annex.file_sha256.clone(),
    });
    passages.collect()
}

fn sites(places: &[PublishedPlace]) -> Table {
    let mut table = Table::new(
        "etablissements-du-contrat",
        "Établissements que le contrat couvre",
        &["FINESS", "Établissement", "Commune", "Département"],
    );
    for place in places {
        table.push(vec![
            Cell::text(place.finess.as_str()),
            Cell::if_any(&place.title, Cell::text),
            Cell::if_any(&place.commune, Cell::text),
            Cell::if_any(&place.department, Cell::text),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(finess: &str, title: &str) -> PublishedPlace {
        PublishedPlace {
            finess: finess.to_owned(),
            title: title.to_owned(),
            department: "13".to_owned(),
            ..Default::default()
        }
    }

    #[test]
    fn a_page_names_some_sites_and_a_file_names_all() {
        let sites = [
            place("130783293", "Hôpital A"),
            place("130784234", ""),
            place("130785", "C"),
            place("130786", "D"),
        ];
        assert_eq!(short(&sites), "Hôpital A, 130784234, et 2 autres");
        assert!(short(&sites[..3]).ends_with("et un autre"));
        assert_eq!(
            numbered(&sites),
            "Hôpital A (130783293), 130784234, C (130785), D (130786)"
        );
    }

    #[test]
    fn an_address_keeps_the_search() {
        assert_eq!(
            with("", "format", "json"),
            "/contrats-en-vigueur?format=json"
        );
        assert_eq!(
            with("q=a", "suite", "x=y"),
            "/contrats-en-vigueur?q=a&suite=x%3Dy"
        );
    }
}
