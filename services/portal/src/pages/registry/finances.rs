//! What the accounts of an establishment and of its legal entity say, and the credits notified to them, year by year. Figures
//! as they were booked: nothing follows from them.

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::Path, response::Response};
use proto::{
    establishments::v1::GetEstablishmentRequest,
    targets::v1::{FinanceFigure, FinanceImport, FinanceLayout, ListFinanceFiguresRequest},
};
use tonic::Status;

use super::establishment::{PATH, if_open};
use crate::{
    Failure,
    frame::Section,
    pages::{
        id_of, resource,
        sheet::{Filter, Part, Sheet},
    },
    services::{Services, within},
    table::{Cell, Table},
    text::{dates, finances as words, region::euros},
    visitor::Visitor,
};

/// Years that stand side by side.
const YEARS: usize = 8;

/// Who may read accounts. It decides where a link is; the service decides what is read.
const READERS: [&str; 9] = [
    "registry_administrator",
    "contract_manager",
    "manager",
    "director_general",
    "controller",
    "establishment_director",
    "department_president",
    "department_manager",
    "auditor",
];

/// Where the accounts of an establishment are.
fn path_of(finess: &str) -> String {
    format!("{PATH}/{finess}/finances")
}

/// The way there, for who may read them.
pub(super) fn way(visitor: &Visitor, finess: &str) -> Option<(String, &'static str)> {
    let may_read = READERS.iter().any(|role| visitor.is(role));
    may_read.then(|| (path_of(finess), "Comptes et crédits"))
}

/// `/etablissements/{finess}/finances`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(finances_page(&visitor, &finess).await).await
}

async fn finances_page(visitor: &Visitor, finess: &str) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let request = GetEstablishmentRequest {
        name: resource("establishments", finess)?,
    };
    let mut registry = services.registry();
    let site = registry.get_establishment(within(request)).await?;
    let site = site.into_inner();
    let own = read(services, finess).await?;
    let entity = match id_of(&site.legal_entity) {
        "" => None,
        number => if_open(read(services, number).await)?,
    };
    let entity = entity.unwrap_or_default();
    let last = last_year(&own, &entity);
    let until = query.whole("jusqua").or(last);
    let mut parts = parts(&own, &entity, until.unwrap_or_default());
    if parts.is_empty() {
        parts.push(nothing(last));
    } else {
        parts.push(sources(&own, &entity));
    }
    let frame = visitor
        .frame("Comptes et crédits", Section::Registry)
        .under("Établissements", PATH)
        .under(&site.title, &format!("{PATH}/{finess}"));
    let sheet = Sheet {
        over: vec![format!("FINESS {finess}"), site.title.clone()],
        lead: answer(&own.figures),
        filters: until
            .map(|year| Filter::Line("jusqua", "Jusqu’à l’année", year.to_string()))
            .into_iter()
            .collect(),
        aside: Some((
            "Des chiffres tels qu’ils ont été comptés",
            "Une dépense est négative là où son producteur l’écrit ainsi ; une case vide n’est pas connue, ce n’est pas zéro. Rien ne découle de ces chiffres : ils éclairent un dialogue.".to_owned(),
        )),
        parts,
        ..Sheet::new(frame, &path_of(finess))
    };
    sheet.answer(&query, None)
}

/// What was imported of one number.
#[derive(Debug, Default)]
struct Booked {
    figures: Vec<FinanceFigure>,
    /// By their names.
    imports: BTreeMap<String, FinanceImport>,
}

/// Every figure of an establishment or a legal entity.
async fn read(services: &Services, finess: &str) -> Result<Booked, Status> {
    let mut client = services.finances();
    let mut request = ListFinanceFiguresRequest {
        finess: finess.to_owned(),
        page_size: 200,
        ..Default::default()
    };
    let mut booked = Booked::default();
    loop {
        let page = client.list_finance_figures(within(request.clone()));
        let page = page.await?.into_inner();
        booked.figures.extend(page.figures);
        let imports = page.imports.into_iter();
        booked
            .imports
            .extend(imports.map(|one| (one.name.clone(), one)));
        if page.next_page_token.is_empty() {
            return Ok(booked);
        }
        request.page_token = page.next_page_token;
    }
}

fn last_year(own: &Booked, entity: &Booked) -> Option<i32> {
    let both = own.figures.iter().chain(&entity.figures);
    both.map(|figure| figure.year).max()
}

/// The last result of the establishment.
fn answer(figures: &[FinanceFigure]) -> String {
    let results = figures.iter().filter(|one| one.code.starts_with("RESULT"));
    match results.max_by_key(|one| one.year) {
        Some(last) => format!("{} de {} : {}.", last.title, last.year, euros(&last.value)),
        None => "Ce que les comptes importés et les crédits notifiés disent, année par année."
            .to_owned(),
    }
}

/// Whose figures a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Site,
    Entity,
}

/// The tables, each with its name and title. Perimeters say which deposits are shown.
const TABLES: [(Whose, FinanceLayout, &str, &str); 7] = [
    (
        Whose::Site,
        FinanceLayout::DiamantErrd,
        "errd",
        "ERRD de l’établissement",
    ),
    (
        Whose::Site,
        FinanceLayout::DiamantCa,
        "compte-administratif",
        "Compte administratif",
    ),
    (
        Whose::Site,
        FinanceLayout::DiamantHospital,
        "comptes-hospitaliers",
        "Comptes de l’établissement de santé",
    ),
    (
        Whose::Site,
        FinanceLayout::DiamantHapi,
        "credits",
        "Crédits notifiés à l’établissement",
    ),
    (
        Whose::Entity,
        FinanceLayout::DiamantErrdLegalEntity,
        "errd-entite",
        "ERRD de l’entité juridique",
    ),
    (
        Whose::Entity,
        FinanceLayout::DiamantHospital,
        "comptes-entite",
        "Comptes de l’entité juridique",
    ),
    (
        Whose::Entity,
        FinanceLayout::DiamantHapi,
        "credits-entite",
        "Crédits notifiés à l’entité juridique",
    ),
];

/// The tables that have figures up to a year.
fn parts(own: &Booked, entity: &Booked, until: i32) -> Vec<Part> {
    let deposits = deposits(&own.figures);
    TABLES
        .into_iter()
        .filter_map(|(whose, layout, name, title)| {
            let figures = match whose {
                Whose::Site => &own.figures,
                Whose::Entity => &entity.figures,
            };
            let shown: Vec<&FinanceFigure> = figures
                .iter()
                .filter(|one| one.layout() == layout && one.year <= until)
                .filter(|one| whose == Whose::Site || covers(&deposits, one))
                .collect();
            (!shown.is_empty()).then(|| Part {
                id: name,
                title: title.to_owned(),
                table: table(&shown, name, title),
                nothing: "",
            })
        })
        .collect()
}

/// The deposits of ERRD that cover the establishment, by year.
fn deposits(figures: &[FinanceFigure]) -> BTreeSet<(i32, &str)> {
    let perimeters = figures
        .iter()
        .filter(|one| one.layout() == FinanceLayout::DiamantPerimeter);
    perimeters
        .map(|one| (one.year, one.detail.as_str()))
        .collect()
}

/// Whether what a legal entity deposited is about the establishment: where perimeters of the year are known, those that cover it.
fn covers(deposits: &BTreeSet<(i32, &str)>, figure: &FinanceFigure) -> bool {
    let is_known = deposits.iter().any(|(year, _)| *year == figure.year);
    figure.layout() != FinanceLayout::DiamantErrdLegalEntity
        || figure.detail.is_empty()
        || !is_known
        || deposits.contains(&(figure.year, figure.detail.as_str()))
}

/// One line a figure, one column a year.
fn table(figures: &[&FinanceFigure], name: &'static str, title: &str) -> Table {
    let years: BTreeSet<i32> = figures.iter().map(|one| one.year).collect();
    let years: Vec<i32> = years.iter().rev().take(YEARS).rev().copied().collect();
    let mut lines: BTreeMap<(&str, &str), BTreeMap<i32, &FinanceFigure>> = BTreeMap::new();
    for one in figures.iter().filter(|one| years.contains(&one.year)) {
        let line = lines.entry((one.code.as_str(), one.detail.as_str()));
        let line = line.or_default();
        line.insert(one.year, one);
    }
    let mut headings = vec!["Rubrique".to_owned(), "En".to_owned()];
    headings.extend(years.iter().map(|year| format!("{year}#")));
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut table = Table::new(name, format!("{title}, par année"), &headings);
    for line in lines.values() {
        let Some(first) = line.values().next() else {
            continue;
        };
        let mut row = vec![
            Cell::text(words::heading(first)),
            Cell::text(words::unit(first.unit())),
        ];
        row.extend(years.iter().map(|year| {
            let known = line.get(year);
            known.map_or(Cell::Empty, |one| Cell::number(&one.value))
        }));
        table.push(row);
    }
    table
}

/// Where figures come from.
fn sources(own: &Booked, entity: &Booked) -> Part {
    let mut table = Table::new(
        "sources",
        "Fichiers importés",
        &[
            "Fichier",
            "Contenu",
            "Source",
            "Extrait le",
            "Importé le",
            "Empreinte (SHA-256)",
        ],
    );
    let both: BTreeMap<&String, &FinanceImport> =
        own.imports.iter().chain(&entity.imports).collect();
    for import in both.into_values() {
        table.push(vec![
            Cell::text(import.file_name.as_str()),
            Cell::text(words::layout(import.layout())),
            Cell::text(import.source.as_str()),
            Cell::day(&import.extraction_date),
            Cell::text(dates::timestamp(import.create_time.as_ref())),
            Cell::Hash(import.sha256.clone()),
        ]);
    }
    Part {
        id: "sources",
        title: "D’où viennent ces chiffres".to_owned(),
        table,
        nothing: "",
    }
}

/// What is said where there is no figure, or none so early.
fn nothing(last: Option<i32>) -> Part {
    Part {
        id: "comptes",
        title: "Comptes".to_owned(),
        table: Table::new("comptes", "Comptes", &["Rubrique"]),
        nothing: match last {
            Some(_) => "Aucun compte n’est connu jusqu’à cette année : choisissez-en une autre.",
            None => {
                "Aucun compte et aucun crédit n’ont été importés pour cet établissement : ce n’est pas zéro."
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::FinanceUnit;

    use super::*;

    fn figure(layout: FinanceLayout, year: i32, code: &str, value: &str) -> FinanceFigure {
        FinanceFigure {
            year,
            layout: layout.into(),
            code: code.to_owned(),
            title: "Résultat net comptable".to_owned(),
            unit: FinanceUnit::Euros.into(),
            value: value.to_owned(),
            ..Default::default()
        }
    }

    fn booked(figures: Vec<FinanceFigure>) -> Booked {
        Booked {
            figures,
            imports: BTreeMap::new(),
        }
    }

    #[test]
    fn a_line_has_a_column_for_each_year_and_what_is_not_known_is_empty() {
        let errd = FinanceLayout::DiamantErrd;
        let own = booked(vec![
            figure(errd, 2022, "EXPENSES_1", "-90409.18"),
            figure(errd, 2022, "RESULT", "12323.4"),
            figure(errd, 2024, "RESULT", "-500"),
        ]);
        let parts = parts(&own, &Booked::default(), 2025);
        assert_eq!(parts.len(), 1);
        let table = &parts[0].table;
        let titles: Vec<&str> = table.columns.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Rubrique", "En", "2022", "2024"]);
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0][3].shown(), "—");
        assert!(answer(&own.figures).contains("de 2024"));
        let earlier = super::parts(&own, &Booked::default(), 2023);
        assert_eq!(earlier[0].table.columns.len(), 3);
        assert!(super::parts(&own, &Booked::default(), 2020).is_empty());
    }

    #[test]
    fn of_several_deposits_those_that_cover_the_establishment_are_shown() {
        let of_deposit =
            |year: i32, deposit: &str, layout: FinanceLayout, code: &str| FinanceFigure {
                detail: deposit.to_owned(),
                ..figure(layout, year, code, "1")
            };
        let perimeter = FinanceLayout::DiamantPerimeter;
        let entity = FinanceLayout::DiamantErrdLegalEntity;
        let own = booked(vec![of_deposit(
            2019,
            "216495",
            perimeter,
            "ERRD_PERIMETER",
        )]);
        let others = booked(vec![
            of_deposit(2018, "177374", entity, "WORKING_CAPITAL"),
            of_deposit(2019, "216495", entity, "WORKING_CAPITAL"),
            of_deposit(2019, "999999", entity, "WORKING_CAPITAL"),
        ]);
        let parts = parts(&own, &others, 2019);
        assert_eq!(parts.len(), 1);
        let shown: Vec<String> = parts[0]
            .table
            .rows
            .iter()
            .map(|row| row[0].shown())
            .collect();
        // Of 2018 no perimeter is known.
        assert_eq!(shown.len(), 2);
        assert!(shown[0].contains("177374") && shown[1].contains("216495"));
    }
}
