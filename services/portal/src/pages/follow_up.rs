//! The follow-up of a contract: its evaluations and meetings, planned, reported, concluded.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::contracts::v1::{
    Contract, ContractState, ContractText, Evaluation, GetContractRequest, GetEvaluationRequest,
    GetMeetingRequest, ListEvaluationsRequest, ListMeetingsRequest, Meeting,
};
use tonic::Status;

use super::{
    Attempt, Exports,
    acting::OnOne,
    html_after, id_of, notice, resource,
    steps::{self, Promise},
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, evaluation as evaluations, meeting as meetings, step},
    form::Form,
    frame::{Frame, Section},
    services::{Services, within},
    table::{Cell, Export, Table},
    text::{dates, follow_up as words, labels, labels::Badge},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "follow_up.html")]
struct Page {
    frame: Frame,
    meetings: Table,
    promises: Vec<Promise>,
    steps: Table,
    done: Vec<steps::Done>,
    acts: Acts,
    may_act: bool,
}

async fn contract(visitor: &Visitor, name: String) -> Result<Contract, Failure> {
    let mut client = visitor.services.contracts();
    let request = GetContractRequest { name };
    Ok(client.get_contract(within(request)).await?.into_inner())
}

fn said(method: &str) -> Option<&'static str> {
    evaluations::done(method)
        .or_else(|| meetings::done(method))
        .or_else(|| step::done(method))
}

/// `/contrats/{id}/suivi`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(follow_up_page(&visitor, &id, None).await)
        .await
}

async fn follow_up_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let name = resource("contracts", id)?;
    let contract = contract(visitor, name.clone()).await?;
    let (mut client, mut same) = (visitor.services.follow_up(), visitor.services.follow_up());
    let (listed, met) = tokio::try_join!(
        client.list_evaluations(within(ListEvaluationsRequest {
            contract: name.clone()
        })),
        same.list_meetings(within(ListMeetingsRequest { contract: name }))
    )?;
    let text = steps::text_today(visitor, &contract).await?;
    let query = visitor.query();
    let path = format!("/contrats/{id}/suivi");
    let today = visitor.portal.clock.now().date().to_string();
    let shown = steps::shown(&contract, &text, &today);
    let meetings = table(&listed.into_inner().evaluations, &met.into_inner().meetings);
    let (meetings, steps) = (meetings.at(&path, &query), shown.table.at(&path, &query));
    if let Some(file) = Table::asked_among(&query, [&meetings, &steps]) {
        return file;
    }
    let acts = acts(visitor, &contract, &text, &path, attempt);
    let page = Page {
        frame: visitor
            .frame("Suivi du contrat", Section::Contracts)
            .under("Contrats", "/contrats")
            .under(&contract.number, &format!("/contrats/{id}"))
            .telling(notice(&query, said)),
        meetings,
        promises: steps::promises(&text),
        steps,
        done: shown.done,
        may_act: !acts.forms.is_empty(),
        acts,
    };
    html_after(&page, attempt)
}

/// What the person may do here: tell of the steps they owe; for the agency, plan.
fn acts(
    visitor: &Visitor,
    contract: &Contract,
    text: &ContractText,
    path: &str,
    attempt: Option<&Attempt>,
) -> Acts {
    let mut acts = Acts::default();
    let is_followed = matches!(
        contract.state(),
        ContractState::InForce
            | ContractState::NoticeOfTermination
            | ContractState::Expired
            | ContractState::Terminated
            | ContractState::Renewed
    );
    if let Some(teller) = steps::teller(visitor)
        && is_followed
    {
        let all = step::steps(text, &contract.completed_steps);
        acts.forms.extend(step::form(&all, teller, path));
    }
    if visitor.keeps_contracts() {
        let plans = [evaluations::plan(path), meetings::plan(path)];
        acts.forms.extend(plans);
    }
    if let Some(attempt) = attempt {
        let fallback = match attempt.method.as_str() {
            "PlanMeeting" => meetings::plan(path),
            step::METHOD => step::fallback(&attempt.typed, path),
            _ => evaluations::plan(path),
        };
        acts.refuse(fallback, &Refusal::of(attempt));
    }
    acts
}

/// Both by their days.
fn table(evaluations: &[Evaluation], meetings: &[Meeting]) -> Table {
    let mut table = Table::new(
        "suivi",
        "Évaluations et réunions, par jour",
        &["Jour", "Quoi", "État", "Décisions à faire#"],
    );
    let mut rows: Vec<(&str, Vec<Cell>)> = Vec::new();
    for one in evaluations {
        let state = if one.overdue {
            labels::badge("échéance passée", "fr-badge--error")
        } else {
            words::evaluation_state(one.state())
        };
        rows.push((
            &one.due_date,
            vec![
                Cell::day(&one.due_date),
                Cell::link(
                    format!("/evaluations/{}", id_of(&one.name)),
                    format!("{} {}", words::evaluation(one.kind()), one.year),
                ),
                Cell::Badge(state),
                Cell::Empty,
            ],
        ));
    }
    for one in meetings {
        let left = one.decisions.iter().filter(|d| d.done_date.is_empty());
        let left = i64::try_from(left.count()).unwrap_or(0);
        rows.push((
            &one.date,
            vec![
                Cell::day(&one.date),
                Cell::link(
                    format!("/reunions/{}", id_of(&one.name)),
                    words::meeting(one.kind()),
                ),
                Cell::Badge(meeting_state(one)),
                Cell::count(left),
            ],
        ));
    }
    rows.sort_by_key(|(day, _)| *day);
    for (_, row) in rows {
        table.push(row);
    }
    table
}

fn meeting_state(meeting: &Meeting) -> Badge {
    if meeting.minutes.is_empty() {
        labels::badge("compte rendu attendu", "fr-badge--new")
    } else {
        labels::badge("compte rendu enregistré", "fr-badge--success")
    }
}

/// What is planned, and told, on the follow-up of a contract.
pub(crate) static PLANS: OnOne = OnOne {
    of: "contracts",
    page: |id| format!("/contrats/{id}/suivi"),
    send: |services, name, method, form| Box::pin(planned(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(follow_up_page(visitor, id, Some(attempt))),
};

async fn planned(
    services: &Services,
    contract: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    Some(match method {
        "PlanEvaluation" => evaluations::send_plan(services, contract, form).await,
        "PlanMeeting" => meetings::send_plan(services, contract, form).await,
        step::METHOD => step::send(services, contract, form).await,
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "evaluation.html")]
struct EvaluationPage {
    frame: Frame,
    badge: Badge,
    is_late: bool,
    due: String,
    report: String,
    reported: String,
    assessments: Vec<(String, &'static str, String)>,
    conclusion: String,
    concluded: String,
    acts: Acts,
}

/// `/evaluations/{id}`.
pub(crate) async fn evaluation(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(evaluation_page(&visitor, &id, None).await)
        .await
}

async fn evaluation_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let request = GetEvaluationRequest {
        name: resource("evaluations", id)?,
    };
    let mut client = visitor.services.follow_up();
    let one = client.get_evaluation(within(request)).await?.into_inner();
    let contract = contract(visitor, one.contract.clone()).await?;
    let path = format!("/evaluations/{id}");
    let who = (visitor.keeps_contracts(), visitor.is_establishment());
    let acts =
        evaluations::acts(&one, &contract, &path, who).after(attempt, &path, &one.etag, |method| {
            evaluations::form(method, &contract)
        });
    let title = format!("{} {}", words::evaluation(one.kind()), one.year);
    let page = EvaluationPage {
        frame: under(visitor, &title, &contract).telling(notice(&visitor.query(), said)),
        badge: words::evaluation_state(one.state()),
        is_late: one.overdue,
        due: dates::from_wire(&one.due_date),
        reported: labels::signed(one.reported_by.as_ref(), one.report_time.as_ref()),
        concluded: labels::signed(one.concluded_by.as_ref(), one.conclude_time.as_ref()),
        assessments: one
            .assessments
            .iter()
            .map(|said| {
                let told = words::achievement(said.achievement());
                (said.objective.clone(), told, said.comment.clone())
            })
            .collect(),
        report: one.report,
        conclusion: one.conclusion,
        acts,
    };
    html_after(&page, attempt)
}

/// A page under the follow-up of a contract.
fn under(visitor: &Visitor, title: &str, contract: &Contract) -> Frame {
    let id = id_of(&contract.name);
    visitor
        .frame(title, Section::Contracts)
        .under("Contrats", "/contrats")
        .under(&contract.number, &format!("/contrats/{id}"))
        .under("Suivi", &format!("/contrats/{id}/suivi"))
}

/// Acts on an evaluation.
pub(crate) static ON_EVALUATION: OnOne = OnOne {
    of: "evaluations",
    page: |id| format!("/evaluations/{id}"),
    send: |services, name, method, form| Box::pin(evaluations::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(evaluation_page(visitor, id, Some(attempt))),
};

#[derive(Template)]
#[template(path = "meeting.html")]
struct MeetingPage {
    frame: Frame,
    badge: Badge,
    date: String,
    agenda: String,
    minutes: String,
    recorded: String,
    attendees: Vec<String>,
    decisions: Table,
    exports: Exports,
    acts: Acts,
}

/// `/reunions/{id}`.
pub(crate) async fn meeting(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(meeting_page(&visitor, &id, None).await)
        .await
}

async fn meeting_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let request = GetMeetingRequest {
        name: resource("meetings", id)?,
    };
    let mut client = visitor.services.follow_up();
    let one = client.get_meeting(within(request)).await?.into_inner();
    let decisions = decisions(&one);
    let query = visitor.query();
    if let Some(export) = Export::asked(query.text("format")) {
        return decisions.export(export);
    }
    let contract = contract(visitor, one.contract.clone()).await?;
    let path = format!("/reunions/{id}");
    let acts = if visitor.keeps_contracts() {
        meetings::acts(&one, &path)
    } else {
        Acts::default()
    };
    let acts = acts.after(attempt, &path, &one.etag, |method| {
        meetings::form(method, &one)
    });
    let page = MeetingPage {
        frame: under(visitor, words::meeting(one.kind()), &contract).telling(notice(&query, said)),
        badge: meeting_state(&one),
        date: dates::from_wire(&one.date),
        recorded: labels::signed(one.recorded_by.as_ref(), one.record_time.as_ref()),
        exports: Exports::of(&path, &query),
        agenda: one.agenda,
        minutes: one.minutes,
        attendees: one.attendees,
        decisions,
        acts,
    };
    html_after(&page, attempt)
}

fn decisions(meeting: &Meeting) -> Table {
    let mut table = Table::new(
        "decisions",
        "Décisions de la réunion",
        &["Décision", "Qui", "Pour le", "État", "Faite le", "Comment"],
    );
    let day = |text: &str| match text {
        "" => Cell::Empty,
        text => Cell::day(text),
    };
    for one in &meeting.decisions {
        let state = if !one.done_date.is_empty() {
            labels::badge("faite", "fr-badge--success")
        } else if one.overdue {
            labels::badge("échéance passée", "fr-badge--error")
        } else {
            labels::badge("à faire", "fr-badge--new")
        };
        table.push(vec![
            Cell::text(one.text.as_str()),
            Cell::text(one.owner.as_str()),
            day(&one.due_date),
            Cell::Badge(state),
            day(&one.done_date),
            Cell::text(one.note.as_str()),
        ]);
    }
    table
}

/// Acts on a meeting.
pub(crate) static ON_MEETING: OnOne = OnOne {
    of: "meetings",
    page: |id| format!("/reunions/{id}"),
    send: |services, name, method, form| Box::pin(meetings::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(meeting_page(visitor, id, Some(attempt))),
};
