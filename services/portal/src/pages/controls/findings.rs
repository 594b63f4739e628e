//! Findings: the table with its filters, and one finding with the calculation that led to it.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::{
    controls::v1::{
        CalculationTrace, Finding, FindingCorrection, FindingState, GetControlOutcomeRequest,
        GetFindingRequest, ListFindingsRequest, OutcomeStep,
    },
    types::v1::Severity,
};

use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, finding as finding_acts},
    form::Form,
    frame::{Frame, Section},
    pages::{
        Attempt, Exports, acting::OnOne, html, html_after, id_of, notice, region_name, resource,
    },
    services::{every, within},
    table::{Cell, Export, Table},
    text::{self, dates, labels, labels::Badge, numbers},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "findings.html")]
struct ListPage {
    frame: Frame,
    query: Form,
    severities: Vec<(&'static str, &'static str, bool)>,
    table: Table,
    exports: Exports,
    count: String,
    is_cut: bool,
}

const MOST: usize = 2_000;
const SEVERITIES: [(Severity, &str); 3] = [
    (Severity::Major, "majeur"),
    (Severity::Minor, "mineur"),
    (Severity::Info, "rappel"),
];

/// `/constats`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor).await).await
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let named = |collection: &str, id: &str| {
        if id.is_empty() {
            Ok(String::new())
        } else {
            resource(collection, id)
        }
    };
    let request = ListFindingsRequest {
        campaign: named("campaigns", query.text("campagne"))?,
        contract: named("contracts", query.text("contrat"))?,
        ..Default::default()
    };
    let (findings, is_cut) = every!(
        visitor.services.controls(),
        list_findings,
        request,
        findings,
        MOST
    )?;
    let found: Vec<&Finding> = findings
        .iter()
        .filter(|finding| is_asked(finding, &query))
        .collect();
    let table = table(&found);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    html(&ListPage {
        frame: visitor.frame("Constats", Section::Findings),
        severities: SEVERITIES
            .iter()
            .map(|(severity, key)| {
                (
                    *key,
                    labels::severity(*severity).text,
                    *key == query.text("gravite"),
                )
            })
            .collect(),
        count: text::counted(
            i64::try_from(found.len()).unwrap_or(0),
            "constat",
            "constats",
        ),
        exports: Exports::of("/constats", &query),
        query,
        table,
        is_cut,
    })
}

/// Whether a finding passes the filters that the service does not know.
fn is_asked(finding: &Finding, query: &Form) -> bool {
    let severity = SEVERITIES
        .iter()
        .find(|(_, key)| *key == query.text("gravite"))
        .map(|(severity, _)| *severity);
    let words = query.text("q").to_lowercase();
    severity.is_none_or(|severity| finding.severity() == severity)
        && query.whole("annee").is_none_or(|year| finding.year == year)
        && (query.text("opposable").is_empty() || finding.opposable)
        && (!query.text("retires").is_empty() || finding.state() == FindingState::Raised)
        && (words.is_empty()
            || finding.summary.to_lowercase().contains(&words)
            || finding.objective.to_lowercase().contains(&words))
}

/// A parameter is a number, or the instant at which data were frozen.
fn value(text: &str) -> Cell {
    match Cell::number(text) {
        Cell::Text(text) => Cell::Text(dates::in_words(&text)),
        number => number,
    }
}

fn table(findings: &[&Finding]) -> Table {
    let mut table = Table::new(
        "constats",
        "Constats",
        &[
            "Constat",
            "Gravité",
            "Année",
            "Région",
            "Opposable",
            "Pénalité possible",
            "État",
            "Relevé le",
        ],
    );
    for finding in findings {
        table.push(vec![
            Cell::link(
                format!("/constats/{}", id_of(&finding.name)),
                finding.summary.as_str(),
            ),
            Cell::Badge(labels::severity(finding.severity())),
            Cell::text(finding.year.to_string()),
            Cell::text(region_name(&finding.region)),
            Cell::yes_or_no(finding.opposable),
            Cell::yes_or_no(finding.penalty_eligible),
            Cell::Badge(labels::finding_state(finding.state())),
            Cell::text(dates::timestamp(finding.raise_time.as_ref())),
        ]);
    }
    table
}

#[derive(Template)]
#[template(path = "finding.html")]
struct Page {
    frame: Frame,
    summary: String,
    severity: Badge,
    state: Badge,
    year: i32,
    objective: String,
    is_opposable: bool,
    is_penalty_eligible: bool,
    raised: String,
    withdrawal: String,
    corrections: Vec<Correction>,
    /// How far the control has come, in words, and by which steps.
    outcome: String,
    steps: Vec<Step>,
    trace: CalculationTrace,
    inputs: Table,
    parameters: Table,
    contract_path: String,
    /// Campaigns are the agency’s.
    campaign_path: Option<String>,
    acts: Acts,
}

/// What a finding said before somebody corrected it.
struct Correction {
    when: String,
    who: String,
    reasons: String,
    before: String,
    severity: Badge,
}

impl Correction {
    fn of(told: &FindingCorrection) -> Self {
        Self {
            when: dates::timestamp(told.correct_time.as_ref()),
            who: labels::actor(told.author.as_ref()),
            reasons: told.reasons.clone(),
            before: told.previous_summary.clone(),
            severity: labels::severity(told.previous_severity()),
        }
    }
}

/// Something that happened between the measure and the outcome.
struct Step {
    when: String,
    what: String,
    who: String,
}

impl Step {
    fn of(told: &OutcomeStep) -> Self {
        Self {
            when: dates::timestamp(told.time.as_ref()),
            what: told.description.clone(),
            who: match told.actor.strip_prefix("service:") {
                Some(_) => "la suite".to_owned(),
                None => labels::person(&told.actor).to_owned(),
            },
        }
    }
}

/// `/constats/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(finding_page(&visitor, &id, None).await)
        .await
}

async fn finding_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let request = GetFindingRequest {
        name: resource("findings", id)?,
    };
    let finding = visitor
        .services
        .controls()
        .get_finding(within(request))
        .await?
        .into_inner();
    let request = GetControlOutcomeRequest {
        name: finding.control.clone(),
    };
    let outcome = visitor
        .services
        .controls()
        .get_control_outcome(within(request))
        .await?
        .into_inner();
    let path = format!("/constats/{id}");
    let mut acts = finding_acts::acts(&finding, &path);
    if let Some(attempt) = attempt
        && let Some(fallback) = finding_acts::form(&attempt.method, &finding)
    {
        acts.refuse(fallback.on(&path, &finding.etag), &Refusal::of(attempt));
    }
    let mut trace = finding.trace.clone().unwrap_or_default();
    for step in &mut trace.steps {
        step.expression = numbers::operation(&step.expression);
        step.result = numbers::operation(&step.result);
    }
    let mut inputs = Table::new(
        "donnees",
        "Données employées",
        &["Donnée", "Valeur#", "Source"],
    );
    for input in &trace.inputs {
        inputs.push(vec![
            Cell::text(input.name.as_str()),
            Cell::number(&input.value),
            Cell::text(dates::in_words(&input.source)),
        ]);
    }
    let mut parameters = Table::new(
        "parametres",
        "Paramètres appliqués",
        &["Paramètre", "Valeur#", "Fixé par"],
    );
    for parameter in &trace.parameters {
        parameters.push(vec![
            Cell::text(parameter.name.as_str()),
            value(&parameter.value),
            Cell::text(dates::in_words(&parameter.source)),
        ]);
    }
    let query = visitor.query();
    let (inputs, parameters) = (inputs.at(&path, &query), parameters.at(&path, &query));
    if let Some(file) = Table::asked_among(&query, [&inputs, &parameters]) {
        return file;
    }
    let page = Page {
        frame: visitor
            .frame("Constat", Section::Findings)
            .under("Constats", "/constats")
            .telling(notice(&query, finding_acts::done)),
        summary: finding.summary.clone(),
        severity: labels::severity(finding.severity()),
        state: labels::finding_state(finding.state()),
        year: finding.year,
        objective: finding.objective.clone(),
        is_opposable: finding.opposable,
        is_penalty_eligible: finding.penalty_eligible,
        raised: dates::timestamp(finding.raise_time.as_ref()),
        withdrawal: finding.withdrawal_reasons.clone(),
        corrections: finding.corrections.iter().map(Correction::of).collect(),
        outcome: outcome.summary,
        steps: outcome.steps.iter().map(Step::of).collect(),
        contract_path: format!("/contrats/{}", id_of(&finding.contract)),
        campaign_path: (!visitor.is_establishment())
            .then(|| format!("/campagnes/{}", id_of(&finding.campaign))),
        trace,
        inputs,
        parameters,
        acts,
    };
    html_after(&page, attempt)
}

/// Acts on a finding.
pub(crate) static ACTS: OnOne = OnOne {
    of: "findings",
    page: |id| format!("/constats/{id}"),
    send: |services, name, method, form| Box::pin(finding_acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(finding_page(visitor, id, Some(attempt))),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_narrow_and_withdrawn_findings_are_shown_on_demand() {
        let finding = Finding {
            severity: Severity::Major.into(),
            state: FindingState::Withdrawn.into(),
            year: 2025,
            summary: "Séjours en dessous de la cible".to_owned(),
            ..Default::default()
        };
        let asked = |query: &str| is_asked(&finding, &Form::parse(query));
        assert!(!asked(""));
        assert!(asked("retires=oui"));
        assert!(asked(
            "retires=oui&gravite=majeur&annee=2025&q=s%C3%89jours"
        ));
        assert!(!asked("retires=oui&gravite=mineur"));
        assert!(!asked("retires=oui&annee=2024"));
        assert!(!asked("retires=oui&opposable=oui"));
    }
}
