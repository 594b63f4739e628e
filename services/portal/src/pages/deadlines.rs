//! « Échéances »: what is due, for whom, and the same as a calendar.

use askama::Template;
use axum::response::Response;
use proto::contracts::v1::{Deadline, ExportCalendarRequest, ListDeadlinesRequest};

use super::{Exports, html, id_of};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{every, within},
    table::{Cell, Export, Table, attachment},
    text::{counted, dates, labels, labels::badge},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "deadlines.html")]
struct Page {
    frame: Frame,
    query: Form,
    roles: Vec<(String, String, bool)>,
    answer: String,
    table: Table,
    exports: Exports,
    calendar: String,
    is_cut: bool,
}

const MOST: usize = 1_000;
/// Every role, in the address.
const ALL: &str = "tous";

/// `/echeances`.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(deadlines_page(&visitor).await).await
}

/// The contract that an address names, as the services call it.
fn contract(query: &Form) -> Result<String, Failure> {
    match query.text("contrat") {
        "" => Ok(String::new()),
        id => super::resource("contracts", id),
    }
}

/// The role that is looked at: one's own, unless a contract or everybody is asked for.
fn role(visitor: &Visitor, query: &Form) -> String {
    match query.text("pour") {
        ALL => String::new(),
        "" if !query.text("contrat").is_empty() => String::new(),
        "" => own_role(visitor),
        role => role.to_owned(),
    }
}

/// A role under which something can be due.
const ACTING: [&str; 6] = [
    "contract_manager",
    "manager",
    "director_general",
    "controller",
    "reviewer",
    "establishment_director",
];

fn own_role(visitor: &Visitor) -> String {
    let own = ACTING.iter().find(|role| visitor.is(role));
    own.map_or_else(String::new, |role| (*role).to_owned())
}

async fn deadlines_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let role = role(visitor, &query);
    let request = ListDeadlinesRequest {
        contract: contract(&query)?,
        role: role.clone(),
        due_before: dates::parse(query.text("avant"))
            .map_or_else(String::new, |day| day.to_string()),
        overdue: query.text("passees") == "oui",
        ..Default::default()
    };
    let (deadlines, is_cut) = every!(
        visitor.services.deadlines(),
        list_deadlines,
        request,
        deadlines,
        MOST
    )?;
    let table = table(&deadlines);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    let late = deadlines.iter().filter(|one| one.overdue).count();
    html(&Page {
        frame: visitor.frame("Échéances", Section::Deadlines),
        roles: std::iter::once((ALL.to_owned(), "Tout le monde".to_owned(), role.is_empty()))
            .chain(ACTING.iter().map(|one| {
                (
                    (*one).to_owned(),
                    labels::role(one).to_owned(),
                    role == *one,
                )
            }))
            .collect(),
        answer: answer(deadlines.len(), late),
        exports: Exports::of("/echeances", &query),
        calendar: address("/echeances/calendrier", &query.encoded_without(&["format"])),
        query,
        table,
        is_cut,
    })
}

fn answer(all: usize, late: usize) -> String {
    let count = |items: usize| i64::try_from(items).unwrap_or(0);
    match (all, late) {
        (0, _) => "Rien n’est dû.".to_owned(),
        (all, 0) => format!(
            "{}, aucune n’est passée.",
            counted(count(all), "échéance", "échéances")
        ),
        (all, late) => format!(
            "{}, dont {}.",
            counted(count(all), "échéance", "échéances"),
            counted(count(late), "est passée", "sont passées")
        ),
    }
}

/// Where the act is done.
pub(super) fn path(deadline: &Deadline) -> String {
    let id = id_of(&deadline.subject);
    let page = match deadline.subject.split('/').next() {
        Some("reviews") => "/revues",
        Some("procedures") => "/procedures",
        Some("amendments") => "/avenants",
        Some("evaluations") => "/evaluations",
        Some("meetings") => "/reunions",
        Some("programmings") => "/programmations",
        _ => return format!("/contrats/{}", id_of(&deadline.contract)),
    };
    format!("{page}/{id}")
}

fn contract_cell(deadline: &Deadline) -> Cell {
    if deadline.contract.is_empty() {
        return Cell::text("aucun");
    }
    Cell::link(
        format!("/contrats/{}", id_of(&deadline.contract)),
        deadline.contract_number.as_str(),
    )
}

fn table(deadlines: &[Deadline]) -> Table {
    let mut table = Table::new(
        "echeances",
        "Échéances, la plus proche d’abord",
        &["Jour", "État", "Quoi", "Contrat", "Qui", "Texte"],
    );
    for one in deadlines {
        let state = if one.overdue {
            badge("passée", "fr-badge--error")
        } else {
            badge("à venir", "")
        };
        table.push(vec![
            Cell::day(&one.due_date),
            Cell::Badge(state),
            Cell::link(path(one), one.title.as_str()),
            contract_cell(one),
            Cell::text(labels::role(&one.role)),
            Cell::text(one.basis.as_str()),
        ]);
    }
    table
}

/// `/echeances/calendrier`: the same list, for a calendar.
pub(crate) async fn calendar(visitor: Visitor) -> Response {
    visitor.answer(calendar_file(&visitor).await).await
}

async fn calendar_file(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let request = ExportCalendarRequest {
        contract: contract(&query)?,
        role: role(visitor, &query),
        due_before: dates::parse(query.text("avant"))
            .map_or_else(String::new, |day| day.to_string()),
        ..Default::default()
    };
    let calendar = visitor
        .services
        .deadlines()
        .export_calendar(within(request))
        .await?
        .into_inner();
    Ok(attachment(
        calendar.content,
        "text/calendar; charset=utf-8",
        "echeances-cpom.ics",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_first_how_much_is_late() {
        assert_eq!(answer(0, 0), "Rien n’est dû.");
        assert_eq!(answer(1, 0), "1 échéance, aucune n’est passée.");
        assert_eq!(answer(12, 2), "12 échéances, dont 2 sont passées.");
    }

    #[test]
    fn a_deadline_leads_to_where_it_is_met() {
        let deadline = |subject: &str| Deadline {
            subject: subject.to_owned(),
            contract: "contracts/1".to_owned(),
            ..Default::default()
        };
        assert_eq!(path(&deadline("reviews/2")), "/revues/2");
        assert_eq!(path(&deadline("procedures/3")), "/procedures/3");
        assert_eq!(path(&deadline("evaluations/4")), "/evaluations/4");
        assert_eq!(path(&deadline("meetings/5")), "/reunions/5");
        assert_eq!(path(&deadline("renewals/6")), "/contrats/1");
    }

    #[test]
    fn the_publication_of_a_programming_leads_to_it_and_to_no_contract() {
        let deadline = Deadline {
            subject: "programmings/5".to_owned(),
            ..Default::default()
        };
        assert_eq!(path(&deadline), "/programmations/5");
        assert_eq!(contract_cell(&deadline).href(), None);
    }
}
