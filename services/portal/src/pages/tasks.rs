//! « Changements à examiner »: what the registry, the clock or a programming changed under a contract, and what was made of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use proto::contracts::v1::{ListTasksRequest, Task};

use super::{
    Attempt, Exports,
    acting::{Does::Notes, OnList},
    html_after, id_of, notice,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, task as task_acts},
    form::{Form, address},
    frame::{Frame, Section},
    services::every,
    table::{Cell, Export, Table},
    text::{counted, dates, labels, upkeep as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "tasks.html")]
struct Page {
    frame: Frame,
    query: Form,
    table: Table,
    exports: Exports,
    count: String,
    acts: Acts,
    may_complete: bool,
}

const MOST: usize = 2_000;

/// `/taches`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let request = ListTasksRequest {
        contract: match query.text("contrat") {
            "" => String::new(),
            id => super::resource("contracts", id)?,
        },
        include_done: query.text("closes") == "oui",
        ..Default::default()
    };
    let (tasks, _) = every!(visitor.services.tasks(), list_tasks, request, tasks, MOST)?;
    let contracts = tasks.iter().map(|task| task.contract.clone());
    let numbers = super::names::contracts(&visitor.services, contracts.collect()).await;
    let may_complete = visitor.keeps_contracts();
    if let Some(export) = Export::asked(query.text("format")) {
        return table(&tasks, &numbers, &query, false).export(export);
    }
    let asked = attempt.map_or_else(
        || query.text("tache").to_owned(),
        |attempt| id_of(attempt.typed.text("name")).to_owned(),
    );
    let mut acts = Acts::default();
    let open = tasks
        .iter()
        .find(|task| id_of(&task.name) == asked && !task.done);
    if let (true, Some(task)) = (may_complete, open) {
        acts.open(task_acts::complete(task));
    }
    if let Some(attempt) = attempt {
        let fallback = task_acts::complete(open.unwrap_or(&Task::default()));
        acts.refuse(fallback, &Refusal::of(attempt));
    }
    let page = Page {
        frame: visitor
            .frame("Changements à examiner", Section::Work)
            .under("À faire", "/travail")
            .telling(notice(&query, task_acts::done)),
        count: counted(
            i64::try_from(tasks.len()).unwrap_or(0),
            "changement",
            "changements",
        ),
        exports: Exports::of(task_acts::PATH, &query),
        table: table(&tasks, &numbers, &query, may_complete),
        query,
        acts,
        may_complete,
    };
    html_after(&page, attempt)
}

fn table(
    tasks: &[Task],
    numbers: &BTreeMap<String, String>,
    query: &Form,
    may_complete: bool,
) -> Table {
    let mut titles = vec![
        "Depuis le",
        "Quoi",
        "Ce qui a changé",
        "Contrat",
        "État",
        "Ce qui a été fait",
    ];
    if may_complete {
        titles.push("Suite");
    }
    let mut table = Table::new("taches", "Changements, le plus ancien d’abord", &titles);
    let kept = query.encoded_without(&["tache", "fait", "format"]);
    for task in tasks {
        let state = if task.done {
            labels::badge("clos", "fr-badge--success")
        } else {
            labels::badge("à examiner", "fr-badge--new")
        };
        let done = if task.done {
            format!(
                "{} — {}",
                task.note,
                labels::signed(task.done_by.as_ref(), task.done_time.as_ref())
            )
        } else {
            String::new()
        };
        let mut row = vec![
            Cell::text(dates::timestamp(task.raise_time.as_ref())),
            Cell::text(words::task(task.kind())),
            Cell::text(task.explanation.as_str()),
            super::names::contract_cell(numbers, &task.contract),
            Cell::Badge(state),
            Cell::text(done),
        ];
        if may_complete {
            row.push(if task.done {
                Cell::Empty
            } else {
                let mut asked = form_urlencoded::Serializer::new(kept.clone());
                asked.append_pair("tache", id_of(&task.name));
                let path = address(task_acts::PATH, &asked.finish());
                let contract = super::names::contract_cell(numbers, &task.contract).shown();
                Cell::act(
                    format!("{path}#CompleteTask"),
                    "dire ce qui a été fait",
                    format!(
                        "contrat {contract}, {}",
                        super::names::begun(&task.explanation)
                    ),
                )
            });
        }
        table.push(row);
    }
    table
}

/// Acts on tasks.
pub(crate) static ON_LIST: OnList = OnList {
    page: task_acts::PATH,
    acts: &[(
        "CompleteTask",
        Notes(|services, form| Box::pin(task_acts::send(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};
