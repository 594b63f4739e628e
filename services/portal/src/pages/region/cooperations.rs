//! Cooperations of a region with what they save; then one of them.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    Cooperation, GetCooperationRequest, GetSavingsReportRequest, ListCooperationsRequest,
    SavingsReport,
};
use tonic::Status;

use super::{by_region, with_region};
use crate::{
    Failure,
    acts::{Acts, cooperation as acts, wrong},
    form::Form,
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Makes, OnList, OnOne},
        comparison::of_number,
        contract, id_of, names, notice, region_name, regions_of, resource,
        sheet::{Part, Picture, Sheet},
    },
    picture::{Bar, bars},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{dates, region as words, region::euros},
    visitor::Visitor,
};

const MOST: usize = 2_000;

/// `/territoires/cooperations`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let (region, filter) = by_region(visitor, &query);
    let request = ListCooperationsRequest {
        region: region.clone(),
        ..Default::default()
    };
    let (cooperations, _) = every!(
        services.cooperations(),
        list_cooperations,
        request,
        cooperations,
        MOST
    )?;
    let mut client = services.cooperations();
    let request = GetSavingsReportRequest {
        region: region.clone(),
    };
    let report = client
        .get_savings_report(within(request))
        .await?
        .into_inner();
    let offered = Acts::offered(
        acts::register(regions_of(visitor)),
        visitor.keeps_contracts(),
        attempt,
    );
    let frame = visitor
        .frame("Coopérations", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![region_name(&region)],
        lead: "Qui met ses moyens en commun, dans quels contrats, et ce que cela économise."
            .to_owned(),
        filters: vec![filter],
        parts: vec![
            Part {
                id: "cooperations",
                title: "Toutes les coopérations".to_owned(),
                table: cooperations_table(&cooperations),
                nothing: "Aucune coopération n’est enregistrée dans cette région.",
            },
            Part {
                id: "economies",
                title: "Économies par année".to_owned(),
                table: report_table(&report),
                nothing: "Aucune économie n’est attendue ni constatée.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

fn cooperations_table(cooperations: &[Cooperation]) -> Table {
    let mut table = Table::new(
        "cooperations",
        "Coopérations, de la plus ancienne à la plus récente",
        &[
            "Coopération",
            "État",
            "Forme",
            "Membres#",
            "Contrats#",
            "Depuis",
        ],
    );
    let count = |count: usize| Cell::count(i64::try_from(count).unwrap_or(0));
    for one in cooperations {
        let content = one.content.clone().unwrap_or_default();
        table.push(vec![
            Cell::link(
                format!("{}/{}", acts::PATH, id_of(&one.name)),
                content.title.as_str(),
            ),
            Cell::Badge(words::cooperation(one.state())),
            Cell::text(words::cooperation_kind(content.kind())),
            count(content.members.len()),
            count(content.contracts.len()),
            Cell::day(&content.start_date),
        ]);
    }
    table
}

fn report_table(report: &SavingsReport) -> Table {
    let mut table = Table::new(
        "economies",
        "Économies attendues et constatées",
        &[
            "Année",
            "Attendues (€)#",
            "Constatées (€)#",
            "Coopérations qui en attendent#",
            "Qui les ont dites#",
        ],
    );
    for one in &report.years {
        table.push(vec![
            Cell::text(one.year.to_string()),
            Cell::if_any(&one.expected, Cell::number),
            Cell::if_any(&one.obtained, Cell::number),
            Cell::count(one.cooperations_expecting.into()),
            Cell::count(one.cooperations_told.into()),
        ]);
    }
    table
}

/// `/territoires/cooperations/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(cooperation_page(&visitor, &id, None).await)
        .await
}

async fn cooperation_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let request = GetCooperationRequest {
        name: resource("cooperations", id)?,
    };
    let mut client = visitor.services.cooperations();
    let one = client.get_cooperation(within(request)).await?.into_inner();
    let path = format!("{}/{id}", acts::PATH);
    let content = one.content.clone().unwrap_or_default();
    let numbers = numbers(&visitor.services, &content.contracts).await?;
    let members = content.members.iter().cloned();
    let titles = names::holders(&visitor.services, members.collect()).await;
    let shown: Vec<String> = numbers.iter().map(|(_, number)| number.clone()).collect();
    let offered = acts::acts(&one, &path, visitor.keeps_contracts(), &shown).after(
        attempt,
        &path,
        &one.etag,
        |method| acts::form(method, &one, &shown),
    );
    let frame = visitor
        .frame(&content.title, Section::Territories)
        .under("Territoires", "/territoires")
        .under("Coopérations", &with_region(acts::PATH, &one.region))
        .telling(notice(&query, acts::done));
    let mut facts = vec![
        ("Forme", words::cooperation_kind(content.kind()).to_owned()),
        ("Depuis le", dates::from_wire(&content.start_date)),
        ("Convention ou acte", content.decision.clone()),
    ];
    let mut texts = vec![("Ce qui est fait ensemble", content.purpose.clone())];
    if !one.end_date.is_empty() {
        facts.push(("Terminée le", dates::from_wire(&one.end_date)));
        texts.push(("Pourquoi elle s’est terminée", one.end_reasons.clone()));
    }
    let sheet = Sheet {
        badge: Some(words::cooperation(one.state())),
        over: vec![region_name(&one.region)],
        facts,
        texts,
        picture: picture(&one),
        parts: vec![
            Part {
                id: "economies",
                title: "Économies".to_owned(),
                table: savings_table(&one),
                nothing: "Aucune économie n’est attendue ni constatée.",
            },
            Part {
                id: "membres",
                title: "Membres et contrats".to_owned(),
                table: members_table(&content.members, &titles, &numbers),
                nothing: "Aucun membre.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// What was saved, where it is a saving.
fn picture(one: &Cooperation) -> Option<Picture> {
    let of: Vec<Bar> = one
        .obtained
        .iter()
        .filter_map(|saving| {
            Some(Bar {
                title: saving.year.to_string(),
                value: saving.amount.parse().ok()?,
                shown: euros(&saving.amount),
            })
        })
        .collect();
    (!of.is_empty()).then(|| Picture {
        title: "Économies constatées",
        svg: bars("economies", "Économies constatées par année", &of),
        caption: "Une année qui n’est pas dite n’est pas nulle. Un coût n’a pas de barre.",
    })
}

fn savings_table(one: &Cooperation) -> Table {
    let mut table = Table::new(
        "economies",
        "Économies par année",
        &[
            "Année",
            "Attendue (€)#",
            "Estimation",
            "Constatée (€)#",
            "Source",
        ],
    );
    let content = one.content.clone().unwrap_or_default();
    let mut years: Vec<i32> = content.expected.iter().map(|e| e.year).collect();
    years.extend(one.obtained.iter().map(|o| o.year));
    years.sort_unstable();
    years.dedup();
    for year in years {
        let expected = content.expected.iter().find(|e| e.year == year);
        let obtained = one.obtained.iter().find(|o| o.year == year);
        table.push(vec![
            Cell::text(year.to_string()),
            expected.map_or(Cell::Empty, |e| Cell::number(&e.amount)),
            expected.map_or(Cell::Empty, |e| Cell::text(e.basis.as_str())),
            obtained.map_or(Cell::Empty, |o| Cell::number(&o.amount)),
            obtained.map_or(Cell::Empty, |o| Cell::text(o.source.as_str())),
        ]);
    }
    table
}

/// The contracts of a cooperation with their numbers. One that the reader may not see is told by its name.
async fn numbers(
    services: &Services,
    contracts: &[String],
) -> Result<Vec<(String, String)>, Failure> {
    let mut numbers = Vec::new();
    for name in contracts {
        let number = match contract::read(services, id_of(name)).await {
            Ok(contract) => contract.number,
            Err(Failure::NotFound) => name.clone(),
            Err(failure) => return Err(failure),
        };
        numbers.push((name.clone(), number));
    }
    Ok(numbers)
}

fn members_table(
    members: &[String],
    titles: &BTreeMap<String, String>,
    contracts: &[(String, String)],
) -> Table {
    let mut table = Table::new("membres", "Membres et contrats", &["Quoi", "Lequel"]);
    for member in members {
        table.push(vec![
            Cell::text("Membre"),
            Cell::link(
                format!("/etablissements?q={member}"),
                names::site(titles, member),
            ),
        ]);
    }
    for (name, number) in contracts {
        table.push(vec![
            Cell::text("Contrat"),
            Cell::link(format!("/contrats/{}", id_of(name)), number.as_str()),
        ]);
    }
    table
}

/// Acts on the list.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "RegisterCooperation",
        Makes(|services, form| Box::pin(register(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// The contracts whose numbers were typed. A name that the form held stands for itself.
async fn contracts(services: &Services, form: &Form) -> Result<Vec<String>, Status> {
    let mut contracts = Vec::new();
    for number in form.lines("contracts") {
        if number.starts_with("contracts/") {
            contracts.push(number);
            continue;
        }
        let contract = of_number(services, &number).await?.ok_or_else(|| {
            let why = format!("Aucun contrat de votre périmètre ne porte le numéro {number}.");
            wrong("contracts", &why)
        })?;
        contracts.push(contract.name);
    }
    Ok(contracts)
}

/// Registers a cooperation in the contracts whose numbers were typed.
async fn register(services: &Services, form: &Form) -> Result<String, Status> {
    let contracts = contracts(services, form).await?;
    acts::send_register(services, contracts, form).await
}

async fn revise(services: &Services, name: String, form: &Form) -> Result<(), Status> {
    let contracts = contracts(services, form).await?;
    acts::send_revise(services, name, contracts, form).await
}

/// Acts on a cooperation.
pub(crate) static ACTS: OnOne = OnOne {
    of: "cooperations",
    page: |id| format!("{}/{id}", acts::PATH),
    send: |services, name, method, form| Box::pin(send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(cooperation_page(visitor, id, Some(attempt))),
};

async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    if method == "ReviseCooperation" {
        Some(revise(services, name, form).await)
    } else {
        acts::send(services, name, method, form).await
    }
}
