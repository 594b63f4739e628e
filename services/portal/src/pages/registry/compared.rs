//! Establishments side by side, by their FINESS numbers.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use futures::future::{join_all, try_join_all};
use kernel::Decimal;
use proto::targets::v1::{CapacityKind, CompareOccupancyRequest, ReceptionMode};
use tonic::Code;

use super::establishment::{Known, PATH, category, commune, read, state, year};
use crate::{
    Failure,
    frame::{Frame, Section},
    pages::{Exports, html},
    picture::{Against, Bar, against, bars},
    services::{Services, within},
    table::{Cell, Export, Table},
    text::{labels, numbers, territory as words},
    visitor::Visitor,
};

/// A picture of some lines of the table.
struct Picture {
    title: String,
    svg: String,
    caption: &'static str,
}

#[derive(Template)]
#[template(path = "establishments_compared.html")]
struct Page {
    frame: Frame,
    asked: String,
    year: i32,
    /// Numbers that no establishment in sight has.
    unknown: Vec<String>,
    table: Option<Table>,
    pictures: Vec<Picture>,
    exports: Exports,
}

/// Establishments beside each other at most.
const MOST: usize = 6;

/// `/etablissements/comparaison?finess=…`: numbers separated by spaces, or the field several times.
pub(crate) async fn page(visitor: Visitor) -> Response {
    visitor.answer(comparison_page(&visitor).await).await
}

async fn comparison_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let year = year(visitor, &query);
    let mut asked: Vec<String> = Vec::new();
    for typed in query.all("finess") {
        let numbers = typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        for number in numbers.map(str::to_uppercase) {
            if !number.is_empty() && !asked.contains(&number) {
                asked.push(number);
            }
        }
    }
    asked.truncate(MOST);
    let services = &visitor.services;
    let found = join_all(asked.iter().map(|number| read(services, number, year))).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for (number, found) in asked.iter().zip(found) {
        match found {
            Ok(one) => known.push(one),
            Err(Failure::NotFound) => unknown.push(number.clone()),
            Err(failure) => return Err(failure),
        }
    }
    let (table, pictures) = if known.is_empty() {
        (None, Vec::new())
    } else {
        let medians = medians(services, &known, year).await?;
        let pictures = drawn(&known, &medians, year);
        (Some(compared(&known, &medians, year)), pictures)
    };
    if let (Some(export), Some(table)) = (Export::asked(query.text("format")), &table) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor
            .frame("Comparer des établissements", Section::Registry)
            .under("Établissements", PATH),
        exports: Exports::of(&format!("{PATH}/comparaison"), &query),
        asked: asked.join(" "),
        year,
        unknown,
        table,
        pictures,
    })
}

/// The middle of the establishments of a category, in percent, by region, category and reception.
type Medians = BTreeMap<(String, String, i32), String>;

async fn medians(services: &Services, known: &[Known], year: i32) -> Result<Medians, Failure> {
    let mut groups: Vec<(String, String, i32)> = known
        .iter()
        .flat_map(|one| {
            let site = &one.site;
            let modes = one.occupancy.iter().map(|o| o.mode);
            modes.map(|mode| (site.region.clone(), site.category.clone(), mode))
        })
        .collect();
    groups.sort();
    groups.dedup();
    let asked = groups.into_iter().map(|group| async move {
        let request = CompareOccupancyRequest {
            region: group.0.clone(),
            category: group.1.clone(),
            mode: group.2,
            year,
        };
        let mut client = services.capacities();
        match client.compare_occupancy(within(request)).await {
            Ok(answer) => Ok(Some((group, answer.into_inner().median_percent))),
            // Establishments do not see one another; a category may be unknown.
            Err(status)
                if matches!(
                    status.code(),
                    Code::PermissionDenied | Code::InvalidArgument | Code::NotFound
                ) =>
            {
                Ok(None)
            }
            Err(status) => Err(Failure::from(status)),
        }
    });
    Ok(try_join_all(asked).await?.into_iter().flatten().collect())
}

/// One line a fact, one column an establishment; a figure that nobody has is no line.
fn compared(known: &[Known], medians: &Medians, year: i32) -> Table {
    let titles: Vec<&str> = ["Rubrique"]
        .into_iter()
        .chain(known.iter().map(|one| one.site.finess.as_str()))
        .collect();
    let mut table = Table::new(
        "etablissements-compares",
        format!("Établissements comparés, {year}"),
        &titles,
    );
    let mut line = |title: &str, of: &dyn Fn(&Known) -> Cell| {
        let cells = known.iter().map(of);
        table.push([Cell::text(title)].into_iter().chain(cells).collect());
    };
    line("Établissement", &|one| {
        Cell::link(
            format!("{PATH}/{}", one.site.finess),
            one.site.title.as_str(),
        )
    });
    line("Entité juridique", &|one| Cell::text(one.owner.as_str()));
    line("État", &|one| Cell::Badge(state(&one.site)));
    line("Catégorie", &|one| Cell::text(category(&one.site)));
    line("Commune", &|one| Cell::text(commune(&one.site)));
    line("Contrats", &|one| {
        let numbers: Vec<&str> = one.contracts.iter().map(|c| c.number.as_str()).collect();
        Cell::when(!numbers.is_empty(), || Cell::text(numbers.join(", ")))
    });
    for (kind, label) in words::CAPACITIES {
        let title = label.replacen('p', "P", 1);
        line(&title, &|one| places(one, kind));
    }
    for (mode, label) in words::RECEPTIONS {
        if known.iter().any(|one| rate(one, mode).is_some()) {
            let title = format!("Occupation en {year}, {label} (%)");
            line(&title, &|one| {
                rate(one, mode).map_or(Cell::Empty, Cell::number)
            });
            line("… médiane de la catégorie (%)", &|one| {
                median(medians, one, mode).map_or(Cell::Empty, Cell::number)
            });
        }
    }
    line("Personnes en attente", &|one| {
        Cell::when(!one.waiting.is_empty(), || {
            Cell::count(one.waiting.iter().map(|list| i64::from(list.persons)).sum())
        })
    });
    for (field, unit) in kinds_of_activity(known) {
        let title = format!("Activité {year} : {field}, {unit}");
        line(&title, &|one| {
            done(one, field, unit).map_or(Cell::Empty, Cell::Number)
        });
    }
    table
}

/// Its places of one kind; empty where none are recorded, which is not zero.
fn places(one: &Known, kind: CapacityKind) -> Cell {
    let of_kind = one.places.iter().filter(|place| place.kind() == kind);
    let places: Vec<i64> = of_kind.map(|place| place.places.into()).collect();
    Cell::when(!places.is_empty(), || Cell::count(places.iter().sum()))
}

/// The same figures as pictures: occupancy beside the middle of the category, then what each did.
fn drawn(known: &[Known], medians: &Medians, year: i32) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (rank, (mode, label)) in words::RECEPTIONS.into_iter().enumerate() {
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<Decimal>().ok());
        let rows: Vec<Against> = known
            .iter()
            .map(|one| Against {
                title: one.site.title.clone(),
                value: number(rate(one, mode)),
                mark: number(median(medians, one, mode)),
            })
            .collect();
        if rows.iter().any(|row| row.value.is_some()) {
            let title = format!("Occupation en {year}, {label} (%)");
            let mark = "médiane de la catégorie";
            pictures.push(Picture {
                svg: against(&format!("occupation-{rank}"), &title, "%", mark, &rows),
                title,
                caption: "La barre est le taux de l’établissement, le trait la médiane de sa catégorie dans la région. Sans chiffre, rien n’est dessiné : ce n’est pas zéro.",
            });
        }
    }
    for (rank, (field, unit)) in kinds_of_activity(known).into_iter().enumerate() {
        let rows: Vec<Bar> = known
            .iter()
            .filter_map(|one| {
                let value = done(one, field, unit)?;
                Some(Bar {
                    title: one.site.title.clone(),
                    value,
                    shown: numbers::decimal(value),
                })
            })
            .collect();
        let title = format!("Activité {year} : {field}, {unit}");
        pictures.push(Picture {
            svg: bars(&format!("activite-{rank}"), &title, &rows),
            title,
            caption: "Activité réalisée. Les établissements sans chiffre n’y sont pas.",
        });
    }
    pictures
}

/// The middle of its category, where it may be read.
fn median<'a>(medians: &'a Medians, one: &Known, mode: ReceptionMode) -> Option<&'a str> {
    let site = &one.site;
    let group = (site.region.clone(), site.category.clone(), mode.into());
    let median = medians.get(&group).map(String::as_str);
    median.filter(|median| !median.is_empty())
}

/// What it did in a field, in one unit.
fn done(one: &Known, field: &str, unit: &str) -> Option<Decimal> {
    let mut values = one
        .activity
        .iter()
        .filter(|f| words::field(f.field()) == field && labels::unit(f.unit()) == unit)
        .map(|figure| Decimal::from(figure.value))
        .peekable();
    values.peek()?;
    Some(values.sum())
}

fn rate(one: &Known, mode: ReceptionMode) -> Option<&str> {
    let of_mode = one.occupancy.iter().find(|o| o.mode() == mode);
    of_mode
        .map(|occupancy| occupancy.rate_percent.as_str())
        .filter(|rate| !rate.is_empty())
}

/// What any of them did, by field and unit.
fn kinds_of_activity(known: &[Known]) -> Vec<(&'static str, &'static str)> {
    let figures = known.iter().flat_map(|one| &one.activity);
    let mut kinds: Vec<_> = figures
        .map(|figure| (words::field(figure.field()), labels::unit(figure.unit())))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
