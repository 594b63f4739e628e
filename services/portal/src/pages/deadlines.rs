//! « Échéances »: what is due, for whom, and the same as a calendar.

use std::collections::{BTreeMap, BTreeSet};

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
    text::{
        counted, dates, labels,
        labels::{Badge, badge},
    },
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "deadlines.html")]
struct Page {
    frame: Frame,
    query: Form,
    roles: Vec<(String, String, bool)>,
    answer: String,
    dues: Vec<Due>,
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
    if let Some(export) = Export::asked(query.text("format")) {
        return table(&deadlines).export(export);
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
        dues: dues(&deadlines),
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
        Some("renewals" | "withdrawals") => {
            return format!("/contrats/{}#terme", id_of(&deadline.contract));
        }
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

/// What is due on one day: by one contract, or the same by several.
struct Due {
    day: String,
    state: Badge,
    title: String,
    contracts: Vec<Concerned>,
    role: String,
    basis: String,
}

/// A contract that owes it, and where it is done. What is about no contract has no number.
struct Concerned {
    path: String,
    contract: String,
    number: String,
    /// How many times on that day: a contract may have several steps.
    times: usize,
}

impl Due {
    fn of(deadline: &Deadline) -> Self {
        Self {
            day: dates::from_wire(&deadline.due_date),
            state: state(deadline),
            title: deadline.title.clone(),
            contracts: Vec::new(),
            role: labels::role(&deadline.role).to_owned(),
            basis: deadline.basis.clone(),
        }
    }

    fn add(&mut self, deadline: &Deadline) {
        let path = path(deadline);
        if let Some(known) = self.contracts.iter_mut().find(|one| one.path == path) {
            known.times += 1;
        } else {
            self.contracts.push(Concerned {
                path,
                contract: format!("/contrats/{}", id_of(&deadline.contract)),
                number: deadline.contract_number.clone(),
                times: 1,
            });
        }
    }

    /// The only one that owes it.
    fn only(&self) -> Option<&Concerned> {
        match self.contracts.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    fn count(&self) -> String {
        let numbers: BTreeSet<&str> = self
            .contracts
            .iter()
            .map(|one| one.number.as_str())
            .collect();
        let count = i64::try_from(numbers.len()).unwrap_or(0);
        counted(count, "contrat", "contrats")
    }
}

/// The same, by day and by what is due, in the order of the list. What is about no contract stands alone.
fn dues(deadlines: &[Deadline]) -> Vec<Due> {
    let mut dues: Vec<Due> = Vec::new();
    let mut known: BTreeMap<(&str, &str, bool), usize> = BTreeMap::new();
    for one in deadlines {
        let place = if one.contract.is_empty() {
            dues.len()
        } else {
            let key = (one.due_date.as_str(), one.kind.as_str(), one.overdue);
            *known.entry(key).or_insert(dues.len())
        };
        if place == dues.len() {
            dues.push(Due::of(one));
        }
        if let Some(due) = dues.get_mut(place) {
            due.add(one);
        }
    }
    for due in &mut dues {
        due.contracts
            .sort_by(|one, other| one.number.cmp(&other.number));
    }
    dues
}

fn state(deadline: &Deadline) -> Badge {
    if deadline.overdue {
        badge("passée", "fr-badge--error")
    } else {
        badge("à venir", "")
    }
}

fn table(deadlines: &[Deadline]) -> Table {
    let mut table = Table::new(
        "echeances",
        "Échéances, la plus proche d’abord",
        &["Jour", "État", "Quoi", "Contrat", "Qui", "Texte"],
    );
    for one in deadlines {
        table.push(vec![
            Cell::day(&one.due_date),
            Cell::Badge(state(one)),
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
    fn what_several_owe_on_one_day_is_one_line() {
        let owed = |contract: &str, kind: &str, day: &str| Deadline {
            subject: contract.to_owned(),
            contract: contract.to_owned(),
            contract_number: id_of(contract).to_owned(),
            kind: kind.to_owned(),
            due_date: day.to_owned(),
            ..Default::default()
        };
        let all = [
            owed("contracts/1", "CONTRACT_END", "2027-12-31"),
            owed("contracts/1", "COMMITMENT_STEP", "2027-12-31"),
            owed("contracts/1", "COMMITMENT_STEP", "2027-12-31"),
            owed("contracts/2", "CONTRACT_END", "2027-12-31"),
            owed("contracts/3", "CONTRACT_END", "2028-12-31"),
            owed("", "PROGRAMMING_PUBLICATION", "2028-12-31"),
            owed("", "PROGRAMMING_PUBLICATION", "2028-12-31"),
        ];
        let told: Vec<(String, Vec<usize>)> = dues(&all)
            .iter()
            .map(|due| {
                let times = due.contracts.iter().map(|one| one.times).collect();
                (due.count(), times)
            })
            .collect();
        let line = |count: &str, times: &[usize]| (count.to_owned(), times.to_vec());
        assert_eq!(
            told,
            [
                line("2 contrats", &[1, 1]),
                line("1 contrat", &[2]),
                line("1 contrat", &[1]),
                line("1 contrat", &[1]),
                line("1 contrat", &[1]),
            ]
        );
        assert_eq!(
            table(&all).rows.len(),
            all.len(),
            "a file has them one by one"
        );
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
        assert_eq!(path(&deadline("renewals/6")), "/contrats/1#terme");
        assert_eq!(path(&deadline("withdrawals/7")), "/contrats/1#terme");
        assert_eq!(path(&deadline("contracts/1")), "/contrats/1");
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
