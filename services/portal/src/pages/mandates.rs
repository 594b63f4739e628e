//! Mandates and published delegations of a region.

use askama::Template;
use axum::response::Response;
use proto::contracts::v1::{ListMandatesRequest, Mandate};

use super::{
    Attempt, Exports,
    acting::{Does::Notes, OnList},
    html_after, id_of, notice, region_name, regions_of,
};
use crate::{
    Failure,
    acts::{Acts, FieldKind, Refusal, mandate as mandate_acts},
    frame::{Frame, Section},
    services::every,
    table::{Cell, Export, Table},
    text::{counted, upkeep as words},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "mandates.html")]
struct Page {
    frame: Frame,
    table: Table,
    exports: Exports,
    count: String,
    acts: Acts,
    may_keep: bool,
}

const MOST: usize = 5_000;

/// `/mandats`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (mandates, _) = every!(
        visitor.services.mandates(),
        list_mandates,
        ListMandatesRequest::default(),
        mandates,
        MOST
    )?;
    let may_keep = visitor.keeps_contracts();
    let today = visitor.portal.clock.now().date().to_string();
    if let Some(export) = Export::asked(query.text("format")) {
        return table(&mandates, &today).export(export);
    }
    let mut acts = Acts::default();
    if may_keep {
        // The mandate that the address, or the form that was refused, is about.
        let asked = attempt.map_or_else(
            || query.text("fin").to_owned(),
            |attempt| id_of(attempt.typed.text("name")).to_owned(),
        );
        if let Some(mandate) = mandates.iter().find(|one| id_of(&one.name) == asked) {
            acts.open(mandate_acts::end(mandate));
        }
        let new = mandate_acts::register(regions_of(visitor));
        match attempt {
            Some(attempt) if attempt.method == "RegisterMandate" => {
                acts.refuse(new, &Refusal::of(attempt));
            }
            Some(attempt) => {
                let ended = mandate_acts::end(&Mandate::default());
                acts.refuse(ended, &Refusal::of(attempt));
                acts.forms.push(new);
            }
            None => acts.forms.push(new),
        }
    }
    let page = Page {
        frame: visitor
            .frame("Mandats et délégations", Section::Contracts)
            .under("Contrats", "/contrats")
            .telling(notice(&query, mandate_acts::done)),
        count: counted(
            i64::try_from(mandates.len()).unwrap_or(0),
            "mandat",
            "mandats",
        ),
        exports: Exports::of(mandate_acts::PATH, &query),
        table: page_table(&mandates, &today, may_keep),
        acts,
        may_keep,
    };
    html_after(&page, attempt)
}

/// As a page shows them, with what may be done of each.
fn page_table(mandates: &[Mandate], today: &str, may_end: bool) -> Table {
    let mut titles = vec!["Partie", "Qualité", "État", "Pour", "Acte", "Du", "Au"];
    if may_end {
        titles.push("Suite");
    }
    let mut table = Table::new("mandats", "Mandats et délégations", &titles);
    for mandate in mandates {
        let mut row = vec![
            Cell::text(words::party(&mandate.party)),
            Cell::text(format!("{} ({})", mandate.title, mandate.subject)),
            Cell::Badge(words::mandate(mandate, today)),
            Cell::text(matters(mandate)),
            Cell::text(mandate.act.as_str()),
            Cell::day(&mandate.valid_from),
            last_day(mandate),
        ];
        if may_end {
            let runs = mandate.valid_to.is_empty() || today <= mandate.valid_to.as_str();
            row.push(if runs {
                let path = mandate_acts::PATH;
                let path = format!("{path}?fin={}#EndMandate", id_of(&mandate.name));
                Cell::link(path, format!("mettre fin ({})", mandate.subject))
            } else {
                Cell::Empty
            });
        }
        table.push(row);
    }
    table
}

/// Everything of them, for a file.
fn table(mandates: &[Mandate], today: &str) -> Table {
    let mut table = Table::new(
        "mandats",
        "Mandats et délégations",
        &[
            "Région",
            "Partie",
            "Qualité",
            "Personne",
            "État",
            "Pour",
            "Acte",
            "Publié le",
            "Du",
            "Au",
        ],
    );
    for mandate in mandates {
        table.push(vec![
            Cell::text(region_name(&mandate.region)),
            Cell::text(words::party(&mandate.party)),
            Cell::text(mandate.title.as_str()),
            Cell::text(mandate.subject.as_str()),
            Cell::Badge(words::mandate(mandate, today)),
            Cell::text(matters(mandate)),
            Cell::text(mandate.act.as_str()),
            Cell::day(&mandate.publication_date),
            Cell::day(&mandate.valid_from),
            last_day(mandate),
        ]);
    }
    table
}

fn matters(mandate: &Mandate) -> String {
    let told: Vec<&str> = mandate.matters().map(words::matter).collect();
    told.join(", ")
}

fn last_day(mandate: &Mandate) -> Cell {
    Cell::if_any(&mandate.valid_to, Cell::day)
}

/// Acts on mandates.
pub(crate) static ON_LIST: OnList = OnList {
    page: mandate_acts::PATH,
    acts: &[
        (
            "RegisterMandate",
            Notes(|services, form| Box::pin(mandate_acts::send(services, form))),
        ),
        (
            "EndMandate",
            Notes(|services, form| Box::pin(mandate_acts::send_end(services, form))),
        ),
    ],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};
