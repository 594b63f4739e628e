//! Indicators of an establishment: what was received, the model of a file, and sending one.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::Response,
};
use futures::stream;
use multer::{Constraints, Multipart, SizeLimit};
use proto::{
    contracts::v1::ListContractsRequest,
    targets::v1::{
        IndicatorBatch, IndicatorValue, ListIndicatorValuesRequest, ListTargetSetsRequest,
        Objective, OpenSubmission, SubmitIndicatorsRequest, indicator_value::Content,
    },
};
use tonic::Status;

use super::{Exports, error, html, id_of, names, sign_in};
use crate::{
    Failure,
    failure::explain,
    form::{FORM_TOKEN, Form},
    frame::{Frame, Notice, Section},
    indicators::{COLUMNS, Line, MAX_LINES, Reading, cells, read},
    portal::Portal,
    security::same_secret,
    services::{Services, every, within},
    table::{Cell, Export, Table},
    text::{self, dates, indicators},
    visitor::{Posted, Visitor},
};
use axum::extract::FromRequestParts as _;

/// A value that was refused, and why.
struct Rejected {
    line: String,
    field: String,
    why: String,
}

#[derive(Template)]
#[template(path = "indicators.html")]
struct Page {
    frame: Frame,
    /// Numbers with their names, and whether each is the one that is shown.
    subjects: Vec<(String, String, bool)>,
    year: String,
    table: Table,
    exports: Exports,
    may_send: bool,
    sees_submissions: bool,
    rejected: Vec<Rejected>,
}

/// Largest file.
const MAX_FILE: u64 = 4 * 1024 * 1024;
const MOST: usize = 2_000;
/// Establishments that are all named where one is chosen: those of a director, not those of a region.
const MOST_NAMED: usize = 30;

/// Who reads submissions and what they left out.
const SUBMISSION_READERS: [&str; 6] = [
    "establishment_director",
    "contract_manager",
    "manager",
    "controller",
    "reviewer",
    "auditor",
];

/// `/indicateurs`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor
        .answer(indicators_page(&visitor, None, Vec::new()).await)
        .await
}

/// Sites and legal entities that the objectives of the contracts in sight measure.
async fn objectives(services: &Services) -> Result<Vec<Objective>, Failure> {
    let (sets, _) = every!(
        services.target_sets(),
        list_target_sets,
        ListTargetSetsRequest::default(),
        target_sets,
        200
    )?;
    Ok(sets.into_iter().flat_map(|set| set.objectives).collect())
}

async fn indicators_page(
    visitor: &Visitor,
    notice: Option<Notice>,
    rejected: Vec<Rejected>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let objectives = objectives(&visitor.services).await?;
    let subjects: BTreeSet<String> = objectives
        .iter()
        .map(|objective| objective.subject.clone())
        .chain(visitor.person().finess.iter().cloned())
        .collect();
    let asked = query.text("finess").to_owned();
    let subject = if asked.is_empty() {
        subjects.first().cloned().unwrap_or_default()
    } else {
        asked
    };
    let named: BTreeSet<String> = if subjects.len() <= MOST_NAMED {
        subjects.iter().chain([&subject]).cloned().collect()
    } else {
        BTreeSet::from([subject.clone()])
    };
    let year = query.whole("annee").unwrap_or(0);
    let (titles, table) = tokio::join!(
        names::holders(&visitor.services, named),
        values(visitor, &subject, year)
    );
    let mut table = table?;
    table.caption = format!("Valeurs reçues pour {}", names::site(&titles, &subject));
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Indicateurs", Section::Indicators)
            .telling(notice),
        subjects: subjects
            .into_iter()
            .map(|number| {
                let is_chosen = number == subject;
                let title = titles.get(&number).cloned().unwrap_or_default();
                (number, title, is_chosen)
            })
            .collect(),
        year: query.text("annee").to_owned(),
        table,
        exports: Exports::of("/indicateurs", &query),
        may_send: visitor.is_establishment() || visitor.is("contract_manager"),
        sees_submissions: SUBMISSION_READERS.iter().any(|role| visitor.is(role)),
        rejected,
    })
}

/// What was received for a site.
async fn values(visitor: &Visitor, subject: &str, year: i32) -> Result<Table, Failure> {
    let mut table = Table::new(
        "indicateurs",
        format!("Valeurs reçues pour {subject}"),
        &["Indicateur", "Période", "Valeur#", "Unité", "Reçue le"],
    );
    if subject.parse::<kernel::Finess>().is_err() {
        return Ok(table);
    }
    let request = ListIndicatorValuesRequest {
        subject: subject.to_owned(),
        year,
        ..Default::default()
    };
    let (values, _) = every!(
        visitor.services.indicators(),
        list_indicator_values,
        request,
        values,
        MOST
    )?;
    for received in values {
        let value = received.value.unwrap_or_default();
        table.push(vec![
            Cell::text(indicators::title_and_code(&value.indicator)),
            Cell::text(value.period),
            match value.content {
                Some(Content::Value(number)) => Cell::number(&number),
                Some(Content::Absence(2)) => Cell::text("masquée"),
                _ => Cell::text("manquante"),
            },
            Cell::if_any(indicators::unit(&value.indicator), Cell::text),
            Cell::text(dates::timestamp(received.receive_time.as_ref())),
        ]);
    }
    Ok(table)
}

/// `/indicateurs/modele`: a file with one line for each figure that the contracts in sight await.
pub(crate) async fn template(visitor: Visitor) -> Response {
    visitor.answer(model(&visitor).await).await
}

async fn model(visitor: &Visitor) -> Result<Response, Failure> {
    let (contracts, _) = every!(
        visitor.services.contracts(),
        list_contracts,
        ListContractsRequest::default(),
        contracts,
        MOST
    )?;
    let numbers: BTreeMap<String, String> = contracts
        .into_iter()
        .map(|contract| (contract.name, contract.number))
        .collect();
    let (sets, _) = every!(
        visitor.services.target_sets(),
        list_target_sets,
        ListTargetSetsRequest::default(),
        target_sets,
        200
    )?;
    let mut table = Table::new(
        "modele-indicateurs",
        "Modèle",
        &[
            "FINESS",
            "Indicateur",
            "Période",
            "Valeur",
            "Objectif",
            "Contrat",
        ],
    );
    for set in sets {
        let number = numbers
            .get(&set.contract)
            .map_or_else(|| id_of(&set.contract), String::as_str);
        for objective in &set.objectives {
            for target in &objective.yearly {
                table.push(vec![
                    Cell::text(objective.subject.as_str()),
                    Cell::text(objective.indicator.as_str()),
                    Cell::text(target.year.to_string()),
                    Cell::Empty,
                    Cell::text(objective.title.as_str()),
                    Cell::text(number),
                ]);
            }
        }
    }
    table.export(Export::Xlsx)
}

#[derive(Template)]
#[template(path = "indicators_preview.html")]
struct PreviewPage {
    frame: Frame,
    file: String,
    problem: String,
    /// Why the lines were not taken.
    refusal: Vec<String>,
    columns: [&'static str; 4],
    reading: Reading,
    /// What is sent if the person confirms: the good lines, one a line.
    lines: String,
    submission: String,
}

/// `POST /indicateurs/envoi`: reads a file and shows what it would send. Nothing is sent yet.
pub(crate) async fn upload(State(portal): State<Portal>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::from_request_parts(&mut parts, &portal).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    let boundary = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok());
    let done = match boundary {
        Some(boundary) => preview(&visitor, boundary, body).await,
        None => Err(Failure::Form("ce type d’envoi n’est pas accepté")),
    };
    visitor.answer(done).await
}

async fn preview(visitor: &Visitor, boundary: String, body: Body) -> Result<Response, Failure> {
    let limits = SizeLimit::new().whole_stream(MAX_FILE);
    let mut parts = Multipart::with_constraints(
        body.into_data_stream(),
        boundary,
        Constraints::new().size_limit(limits),
    );
    let unreadable = |error: multer::Error| match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Failure::TooLarge
        }
        _ => Failure::Form("l’envoi est incomplet"),
    };
    let (mut name, mut content, mut token) = (String::new(), Vec::new(), String::new());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("fichier") => {
                name = part.file_name().unwrap_or_default().to_owned();
                content = part.bytes().await.map_err(unreadable)?.to_vec();
            }
            Some(FORM_TOKEN) => token = part.text().await.map_err(unreadable)?,
            _ => {}
        }
    }
    if !same_secret(&token, &visitor.session.form_token) {
        return Err(Failure::Form("elle a été ouverte dans une autre session"));
    }
    let file = name.clone();
    let rows = tokio::task::spawn_blocking(move || cells(&name, &content))
        .await
        .map_err(|error| Failure::Internal(error.into()))?;
    let (reading, problem) = match rows {
        Ok(rows) => (read(&rows), String::new()),
        Err(unreadable) => (read(&[]), unreadable.to_string()),
    };
    html(&PreviewPage {
        frame: preview_frame(visitor),
        file,
        problem,
        refusal: Vec::new(),
        columns: COLUMNS,
        lines: reading
            .lines
            .iter()
            .filter(|line| line.value.is_some())
            .map(|line| line.typed.join(";"))
            .collect::<Vec<_>>()
            .join("\n"),
        submission: kernel::new_id().to_string(),
        reading,
    })
}

fn preview_frame(visitor: &Visitor) -> Frame {
    visitor
        .frame("Vérifier avant d’envoyer", Section::Indicators)
        .under("Indicateurs", "/indicateurs")
}

/// The region that values are sent to: the person's, or that of the contracts in sight for who sees them all.
async fn region(visitor: &Visitor) -> Result<String, Failure> {
    let own = visitor.person().regions.iter().find(|code| *code != "*");
    if let Some(code) = own {
        return Ok(code.clone());
    }
    let request = ListContractsRequest {
        page_size: 1,
        ..Default::default()
    };
    let mut client = visitor.services.contracts();
    let page = client.list_contracts(within(request)).await?.into_inner();
    Ok(page
        .contracts
        .into_iter()
        .next()
        .map(|contract| contract.region)
        .unwrap_or_default())
}

/// What the column of a refused value is called.
pub(super) fn column(field: &str) -> &str {
    let [subject, indicator, period, value] = COLUMNS;
    match field {
        "subject" => subject,
        "indicator" => indicator,
        "period" => period,
        "value" => value,
        other => other,
    }
}

/// `POST /indicateurs/confirmation`: sends the lines that were shown. When that fails the lines are shown again, under
/// the same submission: what had arrived of it does not count twice.
pub(crate) async fn confirm(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    match confirmed(&visitor, &form).await {
        Ok(response) => response,
        Err(Failure::Service(status)) => visitor.answer(again(&visitor, &form, &status)).await,
        // The token has ended under the session: the lines wait for their author.
        Err(Failure::SignedOut) => {
            let action = visitor.uri.path();
            sign_in::begin_with(&visitor.portal, "/indicateurs", action, &form).await
        }
        Err(failure) => error::page(visitor.frame("Indicateurs", Section::Indicators), &failure),
    }
}

fn again(visitor: &Visitor, form: &Form, status: &Status) -> Result<Response, Failure> {
    let explained = explain(status);
    let mut page = html(&PreviewPage {
        frame: preview_frame(visitor),
        file: form.text("fichier").to_owned(),
        problem: String::new(),
        refusal: [explained.sentence]
            .into_iter()
            .chain(explained.details)
            .collect(),
        columns: COLUMNS,
        reading: read(&rows(form)),
        lines: form.text("lignes").to_owned(),
        submission: form.text("envoi").to_owned(),
    })?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// The lines that were shown, under the names of their columns.
fn rows(form: &Form) -> Vec<Vec<String>> {
    let head = vec![COLUMNS.map(ToOwned::to_owned).to_vec()];
    let lines = form
        .lines("lignes")
        .into_iter()
        .map(|line| line.split(';').map(|cell| cell.trim().to_owned()).collect());
    head.into_iter().chain(lines).collect()
}

async fn confirmed(visitor: &Visitor, form: &Form) -> Result<Response, Failure> {
    let good: Vec<Line> = read(&rows(form))
        .lines
        .into_iter()
        .filter(|line| line.value.is_some())
        .take(MAX_LINES)
        .collect();
    let values: Vec<IndicatorValue> = good.iter().filter_map(|line| line.value.clone()).collect();
    let region = region(visitor).await?;
    let open = OpenSubmission {
        // Chosen when the file was read: sending the same page again changes nothing.
        submission_id: form.text("envoi").to_owned(),
        region,
        source: format!("portail : {}", form.text("fichier")),
    };
    let batch = IndicatorBatch {
        sequence: 1,
        values,
    };
    let messages = [
        SubmitIndicatorsRequest {
            open: Some(open),
            batch: None,
        },
        SubmitIndicatorsRequest {
            open: None,
            batch: Some(batch),
        },
    ];
    let mut answers = visitor
        .services
        .indicators()
        .submit_indicators(within(stream::iter(messages)))
        .await?
        .into_inner();
    let (mut accepted, mut rejected) = (0, Vec::new());
    while let Some(answer) = answers.message().await? {
        let Some(acknowledged) = answer.acknowledged else {
            continue;
        };
        accepted += acknowledged.accepted;
        rejected.extend(acknowledged.rejected.into_iter().map(|value| {
            let place = usize::try_from(value.index).unwrap_or(0);
            let line = good.get(place).map(|line| line.typed.join(" · "));
            Rejected {
                line: line.unwrap_or_default(),
                field: column(&value.field).to_owned(),
                why: crate::text::refusals::sentence(&value.reason)
                    .map_or(value.explanation, ToOwned::to_owned),
            }
        }));
    }
    let notice = Notice::done(&format!(
        "{}, {}.",
        text::counted(accepted, "valeur acceptée", "valeurs acceptées"),
        text::counted(
            i64::try_from(rejected.len()).unwrap_or(0),
            "valeur refusée",
            "valeurs refusées"
        )
    ));
    indicators_page(visitor, Some(notice), rejected).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_value_names_its_column_in_french() {
        assert_eq!(column("period"), "Période");
        assert_eq!(column("subject"), "FINESS");
        assert_eq!(column("something_new"), "something_new");
    }

    #[test]
    fn lines_that_were_shown_are_read_again_as_they_were() {
        let mut form = Form::default();
        form.push("lignes", "130786049;MCO_STAYS;2025;40");
        let reading = read(&rows(&form));
        assert_eq!(reading.lines.len(), 1);
        assert_eq!(reading.lines[0].typed[3], "40");
    }
}
