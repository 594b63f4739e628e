//! What a contract was given in a year and the one before, beside what it did with it. Never one divided by the other.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::{
    contracts::v1::{Contract, GetContractRequest},
    targets::v1::{
        AllowanceYear, Funding, GetMeansAndResultsRequest, ListAllowancesRequest, MeansAndResults,
        ObjectiveToDate, RealisedState,
    },
};
use tonic::{Code, Status};

use super::{
    Attempt,
    acting::OnOne,
    contract, id_of, names, notice,
    registry::establishment::year,
    sheet::{Filter, Part, Picture, Sheet},
};
use crate::{
    Failure,
    acts::{ActForm, Acts, funding as acts},
    form::Form,
    frame::Section,
    picture::{Bar, bars},
    services::{Services, within},
    table::{Cell, Table},
    text::{indicators, region as words, region::euros},
    visitor::Visitor,
};

/// Establishments of a contract whose allowances are shown.
const MOST_SITES: usize = 50;

/// `/contrats/{id}/moyens`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(means_page(&visitor, &id, None).await).await
}

async fn means_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let year = year(visitor, &query);
    let contract = contract::read(&visitor.services, id).await?;
    let request = GetMeansAndResultsRequest {
        contract: contract.name.clone(),
        year,
    };
    let mut client = visitor.services.fundings();
    let known = client
        .get_means_and_results(within(request))
        .await?
        .into_inner();
    let path = format!("/contrats/{id}/moyens");
    let sites = sites(&contract);
    let (allowances, titles) = tokio::join!(
        allowances(&visitor.services, &sites),
        names::sites(&visitor.services, sites.iter().cloned().collect())
    );
    let allowances = allowances?;
    let form = |method: &str| -> Option<ActForm> {
        match method {
            "RecordFundings" => Some(acts::record(&path, year)),
            "RecordAllowances" => {
                let choices = sites
                    .iter()
                    .map(|site| (site.clone(), names::site(&titles, site)));
                Some(acts::record_allowance(&path, year, choices.collect()))
            }
            _ => None,
        }
    };
    let mut offered = Acts::default();
    if visitor.keeps_contracts() {
        offered.forms = ["RecordFundings", "RecordAllowances"]
            .into_iter()
            .filter(|method| *method == "RecordFundings" || !sites.is_empty())
            .filter_map(form)
            .collect();
    }
    let offered = offered.after(attempt, &path, "", form);
    let frame = visitor
        .frame("Moyens et résultats", Section::Contracts)
        .under("Contrats", "/contrats")
        .under(&contract.number, &format!("/contrats/{id}"))
        .telling(notice(&query, acts::done));
    let results = known.results.clone().unwrap_or_default();
    let sheet = Sheet {
        over: vec![format!("contrat {}", contract.number), year.to_string()],
        lead: "Les moyens de l’année et de la précédente, à côté des résultats. Aucun score n’en est tiré.".to_owned(),
        filters: vec![Filter::Line("annee", "Année", year.to_string())],
        picture: picture(&known),
        parts: vec![
            Part {
                id: "moyens",
                title: "Moyens".to_owned(),
                table: means_table(&known.means),
                nothing: "Personne n’a enregistré de financement : ce n’est pas zéro.",
            },
            Part {
                id: "resultats",
                title: format!("Résultats de {year}"),
                table: results_table(&results.objectives, &titles),
                nothing: "Aucun objectif chiffré n’était en vigueur cette année-là.",
            },
            Part {
                id: "dotations",
                title: "Dotations des établissements et convergence".to_owned(),
                table: allowances_table(&allowances, &titles),
                nothing: "Aucune dotation n’est enregistrée pour les établissements de ce contrat : ce n’est pas zéro.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// The FINESS numbers of the establishments of a contract.
fn sites(contract: &Contract) -> Vec<String> {
    let text = contract.text.iter();
    text.flat_map(|text| &text.establishments)
        .map(|name| id_of(name).to_owned())
        .collect()
}

/// The allowances on record, establishment by establishment and year after year.
async fn allowances(services: &Services, sites: &[String]) -> Result<Vec<AllowanceYear>, Failure> {
    let mut client = services.fundings();
    let mut known = Vec::new();
    for site in sites.iter().take(MOST_SITES) {
        let request = ListAllowancesRequest {
            establishment: site.clone(),
        };
        match client.list_allowances(within(request)).await {
            Ok(listed) => known.extend(listed.into_inner().years),
            // What is kept from the reader, or what nobody recorded, is not shown.
            Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {}
            Err(status) => return Err(status.into()),
        }
    }
    Ok(known)
}

fn allowances_table(years: &[AllowanceYear], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "dotations",
        "Dotations enregistrées",
        &[
            "FINESS",
            "Établissement",
            "Année",
            "Forfait soins (€)#",
            "Équation (€)#",
            "Convergence (%)#",
            "Évolution (points)#",
            "Forfait dépendance (€)#",
            "Décision",
        ],
    );
    for one in years {
        let allowance = one.allowance.clone().unwrap_or_default();
        table.push(vec![
            Cell::text(allowance.establishment.as_str()),
            names::site_cell(titles, &allowance.establishment),
            Cell::text(allowance.year.to_string()),
            Cell::if_any(&allowance.care_allowance, Cell::number),
            Cell::if_any(&allowance.equation_result, Cell::number),
            Cell::if_any(&one.convergence_percent, Cell::number),
            Cell::if_any(&one.change_points, Cell::number),
            Cell::if_any(&allowance.dependence_allowance, Cell::number),
            Cell::text(allowance.decision.as_str()),
        ]);
    }
    table
}

fn picture(known: &MeansAndResults) -> Option<Picture> {
    let mut of: Vec<Bar> = Vec::new();
    for funding in &known.means {
        of.push(Bar {
            title: format!("{} {}", funding.year, words::funding(funding.kind())),
            value: funding.amount.parse::<Decimal>().ok()?,
            shown: euros(&funding.amount),
        });
    }
    (!of.is_empty()).then(|| Picture {
        title: "Ce qui a été financé",
        svg: bars("moyens-image", "Financements par année et nature", &of),
        caption: "En euros.",
    })
}

fn means_table(means: &[Funding]) -> Table {
    let mut table = Table::new(
        "moyens",
        "Financements enregistrés",
        &["Année", "Nature", "Montant (€)#", "Source"],
    );
    for one in means {
        table.push(vec![
            Cell::text(one.year.to_string()),
            Cell::text(words::funding(one.kind())),
            Cell::number(&one.amount),
            Cell::text(one.source.as_str()),
        ]);
    }
    table
}

fn results_table(objectives: &[ObjectiveToDate], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "resultats",
        "Réalisé et visé",
        &[
            "Indicateur",
            "FINESS",
            "Établissement",
            "Unité",
            "Cible, de#",
            "à#",
            "Réalisé#",
            "Ce qu’on en sait",
            "Avancement (%)#",
        ],
    );
    for one in objectives {
        table.push(vec![
            Cell::text(indicators::title(&one.indicator)),
            Cell::text(one.subject.as_str()),
            names::site_cell(titles, &one.subject),
            Cell::if_any(indicators::unit(&one.indicator), Cell::text),
            Cell::if_any(&one.target_lower, Cell::number),
            Cell::if_any(&one.target_upper, Cell::number),
            Cell::if_any(&one.value, Cell::number),
            Cell::text(known(one.state())),
            Cell::if_any(&one.progress_percent, Cell::number),
        ]);
    }
    table
}

/// How much of a figure is known.
fn known(state: RealisedState) -> &'static str {
    match state {
        RealisedState::Exact => "connu",
        RealisedState::Masked => "masqué : au moins ce nombre",
        RealisedState::Incomplete => "incomplet",
        RealisedState::Missing | RealisedState::Unspecified => "rien n’a été transmis",
    }
}

/// Acts on the means of a contract.
pub(crate) static ACTS: OnOne = OnOne {
    of: "contracts",
    page: |id| format!("/contrats/{id}/moyens"),
    send: |services, name, method, form| Box::pin(send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(means_page(visitor, id, Some(attempt))),
};

async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    let request = GetContractRequest { name: name.clone() };
    let region = match services.contracts().get_contract(within(request)).await {
        Ok(contract) => contract.into_inner().region,
        Err(status) => return Some(Err(status)),
    };
    Some(match method {
        "RecordFundings" => acts::send(services, (name, region), form).await,
        "RecordAllowances" => acts::send_allowance(services, region, form).await,
        _ => return None,
    })
}
