//! What a contract was given in a year and the one before, beside what it did with it. Never one divided by the other.

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::targets::v1::{
    Funding, GetMeansAndResultsRequest, MeansAndResults, ObjectiveToDate, RealisedState,
};

use super::{
    Acted, Attempt, acted, contract,
    establishment::year,
    notice, resource,
    sheet::{Filter, Part, Picture, Sheet},
};
use crate::{
    Failure,
    acts::{Acts, Refusal, funding as acts},
    form::Form,
    frame::Section,
    picture::{Bar, bars},
    services::{Service, within},
    table::{Cell, Table},
    text::{region as words, region::euros},
    visitor::{Posted, Visitor},
};

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
    let mut offered = Acts::default();
    if visitor.is("contract_manager") || visitor.is("manager") {
        offered.forms.push(acts::record(&path, year));
    }
    if let Some(attempt) = attempt {
        offered.refuse(acts::record(&path, year), &Refusal::of(attempt));
    }
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
                table: results_table(&results.objectives),
                nothing: "Aucun objectif chiffré n’était en vigueur cette année-là.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
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

fn results_table(objectives: &[ObjectiveToDate]) -> Table {
    let mut table = Table::new(
        "resultats",
        "Réalisé et visé",
        &[
            "Indicateur",
            "FINESS",
            "Cible, de#",
            "à#",
            "Réalisé#",
            "Ce qu’on en sait",
            "Avancement (%)#",
        ],
    );
    let figure = |text: &str| match text {
        "" => Cell::Empty,
        text => Cell::number(text),
    };
    for one in objectives {
        table.push(vec![
            Cell::text(one.indicator.as_str()),
            Cell::text(one.subject.as_str()),
            figure(&one.target_lower),
            figure(&one.target_upper),
            figure(&one.value),
            Cell::text(known(one.state())),
            figure(&one.progress_percent),
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

/// `POST /contrats/{id}/moyens/actes/{method}`.
pub(crate) async fn act(Path((id, method)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor
        .answer(do_act(&visitor, &id, &method, form).await)
        .await
}

async fn do_act(
    visitor: &Visitor,
    id: &str,
    method: &str,
    form: Form,
) -> Result<Response, Failure> {
    if method != "RecordFundings" {
        return Err(Failure::NotFound);
    }
    let name = resource("contracts", id)?;
    let contract = contract::read(&visitor.services, id).await?;
    let sent = acts::send(&visitor.services, (name, contract.region), &form).await;
    let page = format!("/contrats/{id}/moyens");
    let place = (Service::Targets, "");
    match acted(visitor, sent, &page, method, form, place).await? {
        Acted::Back(response) => Ok(response),
        Acted::Again(attempt) => means_page(visitor, id, Some(&attempt)).await,
    }
}
