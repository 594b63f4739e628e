//! The tariffs of one EHPAD: what it is given and was to be given, the equation, and the modulation of its allowances; and
//! what a point of the equation is worth.

pub(crate) mod clause;
pub(crate) mod equation;
pub(crate) mod modulation;
pub(crate) mod points;

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::{
    establishments::v1::{Establishment, GetEstablishmentRequest},
    targets::v1::{
        AllowanceYear, FollowedAllowanceTarget, ListAllowancesRequest, ListAllowancesResponse,
    },
};
use tonic::{Code, Status};

use super::{
    Attempt,
    acting::OnOne,
    notice,
    registry::establishment::{PATH, year},
    resource,
    sheet::{Part, Picture, Sheet},
};
use crate::{
    Failure,
    acts::{Acts, tariff as acts},
    failure::{Explained, explain},
    form::Form,
    frame::{Frame, Section},
    picture::{Aim, aims},
    services::{Services, within},
    table::{Cell, Table},
    text::{labels, numbers},
    visitor::Visitor,
};

/// Where the tariffs of an establishment are.
pub(crate) fn path_of(finess: &str) -> String {
    format!("{PATH}/{finess}/tarifs")
}

/// An establishment in the reader’s sight.
async fn site(services: &Services, finess: &str) -> Result<Establishment, Failure> {
    Ok(read(services, resource("establishments", finess)?).await?)
}

async fn read(services: &Services, name: String) -> Result<Establishment, Status> {
    let request = GetEstablishmentRequest { name };
    let mut registry = services.registry();
    let site = registry.get_establishment(within(request)).await?;
    Ok(site.into_inner())
}

/// What surrounds a page about the tariffs of an establishment.
fn frame(visitor: &Visitor, title: &str, site: &Establishment) -> Frame {
    visitor
        .frame(title, Section::Registry)
        .under("Établissements", PATH)
        .under(&site.title, &format!("{PATH}/{}", site.finess))
}

/// Why something cannot be computed, where that is for its reader to mend.
fn why_not(status: Status) -> Result<Explained, Failure> {
    match status.code() {
        Code::InvalidArgument | Code::FailedPrecondition => Ok(explain(&status)),
        Code::NotFound => Ok(Explained {
            sentence: "Aucune place de cet établissement n’est enregistrée dans votre périmètre."
                .to_owned(),
            ..Explained::default()
        }),
        _ => Err(status.into()),
    }
}

/// A figure of the wire; empty where there is none.
fn figure(text: &str) -> Cell {
    match text {
        "" => Cell::Empty,
        text => Cell::number(text),
    }
}

/// `/etablissements/{finess}/tarifs`.
pub(crate) async fn page(Path(finess): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(tariffs_page(&visitor, &finess, None).await)
        .await
}

async fn tariffs_page(
    visitor: &Visitor,
    finess: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let services = &visitor.services;
    let site = site(services, finess).await?;
    let request = ListAllowancesRequest {
        establishment: finess.to_owned(),
    };
    let mut client = services.fundings();
    let known = client.list_allowances(within(request)).await?.into_inner();
    let path = path_of(finess);
    let years = by_year(&known);
    let mut offered = Acts::default();
    let form = |method: &str| acts::form(method, &path, finess, year(visitor, &query));
    if visitor.keeps_contracts() {
        offered.forms.extend(form("RecordAllowanceTargets"));
        offered.forms.extend(form("RecordAllowances"));
    }
    let offered = offered.after(attempt, &path, "", form);
    let frame = frame(visitor, "Dotations et cibles", &site).telling(notice(&query, acts::done));
    let mut also = vec![
        (format!("{path}/equation"), "Équation tarifaire"),
        (acts::PATH.to_owned(), "Valeurs du point"),
    ];
    if !visitor.is_council() {
        also.push((clause::path(finess), "Clause d’activité"));
    }
    let sheet = Sheet {
        over: vec![format!("FINESS {finess}"), site.title.clone()],
        lead: answer(&years),
        onward: Some((format!("{path}/modulation"), "Modulation")),
        also,
        picture: picture(&years),
        parts: vec![Part {
            id: "trajectoire",
            title: "Année par année".to_owned(),
            table: table(&years),
            nothing: "Aucune dotation et aucune cible ne sont enregistrées : ce n’est pas zéro.",
        }],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// What is known of a year.
#[derive(Debug, Default)]
struct Year<'a> {
    reached: Option<&'a AllowanceYear>,
    target: Option<&'a FollowedAllowanceTarget>,
}

impl Year<'_> {
    fn convergence(&self) -> &str {
        self.reached
            .map_or("", |year| year.convergence_percent.as_str())
    }

    /// The convergence, or the amount, that is aimed at; empty where it is the other.
    fn aimed(&self) -> (&str, &str) {
        let target = self.target.and_then(|one| one.target.as_ref());
        target.map_or(("", ""), |target| {
            (
                target.convergence_percent.as_str(),
                target.care_allowance.as_str(),
            )
        })
    }
}

/// Every year of which something is known.
fn by_year(known: &ListAllowancesResponse) -> BTreeMap<i32, Year<'_>> {
    let mut years: BTreeMap<i32, Year<'_>> = BTreeMap::new();
    for one in &known.years {
        let year = one.allowance.as_ref().map_or(0, |one| one.year);
        years.entry(year).or_default().reached = Some(one);
    }
    for one in &known.targets {
        let year = one.target.as_ref().map_or(0, |one| one.year);
        years.entry(year).or_default().target = Some(one);
    }
    years
}

/// Where the allowance stands, and where it is to go.
fn answer(years: &BTreeMap<i32, Year<'_>>) -> String {
    let last = years
        .iter()
        .rev()
        .find(|(_, one)| !one.convergence().is_empty());
    let reached = last.map(|(year, one)| {
        let share = numbers::percent_from_wire(one.convergence());
        format!("En {year}, le forfait soins est à {share} du résultat de l’équation tarifaire.")
    });
    let ahead = years
        .iter()
        .find(|(_, one)| one.target.is_some() && one.reached.is_none());
    let aimed = ahead.map(|(year, one)| match one.aimed() {
        ("", amount) => format!(
            "La cible de {year} est de {}\u{a0}€.",
            numbers::from_wire(amount)
        ),
        (percent, _) => format!(
            "La cible de {year} est de {}.",
            numbers::percent_from_wire(percent)
        ),
    });
    let told: Vec<String> = reached.into_iter().chain(aimed).collect();
    if told.is_empty() {
        "Ce que l’établissement reçoit, à côté de ce qui était visé.".to_owned()
    } else {
        told.join(" ")
    }
}

/// In percent of the equation; in euros where every target is an amount.
fn picture(years: &BTreeMap<i32, Year<'_>>) -> Option<Picture> {
    let mut targets = years.values().filter(|one| one.target.is_some()).peekable();
    let by_amount = targets.peek().is_some() && targets.all(|one| one.aimed().0.is_empty());
    let of: Vec<Aim> = years
        .iter()
        .map(|(year, one)| {
            let (aimed, reached) = if by_amount {
                let allowance = one.reached.and_then(|one| one.allowance.as_ref());
                let reached = allowance.map_or("", |one| one.care_allowance.as_str());
                (one.aimed().1, reached)
            } else {
                (one.aimed().0, one.convergence())
            };
            Aim {
                title: year.to_string(),
                aimed: aimed.parse().ok(),
                reached: reached.parse().ok(),
            }
        })
        .filter(|aim| aim.aimed.is_some() || aim.reached.is_some())
        .collect();
    let line = (!by_amount).then_some((Decimal::ONE_HUNDRED, "résultat de l’équation"));
    (!of.is_empty()).then(|| Picture {
        title: "Visé et atteint",
        svg: aims(
            "trajectoire-image",
            "Forfait soins visé et atteint, par année",
            line,
            &of,
        ),
        caption: if by_amount {
            "Cercle ouvert : visé ; point plein : atteint. En euros."
        } else {
            "Cercle ouvert : visé ; point plein : atteint. En % du résultat de l’équation ; une cible en euros ne figure qu’au tableau."
        },
    })
}

fn table(years: &BTreeMap<i32, Year<'_>>) -> Table {
    let mut table = Table::new(
        "trajectoire",
        "Dotations et cibles, par année",
        &[
            "Année",
            "Forfait soins (€)#",
            "Résultat de l’équation (€)#",
            "Convergence (%)#",
            "Évolution (points)#",
            "Forfait dépendance (€)#",
            "Cible (% de l’équation)#",
            "Cible (€)#",
            "Écart à la cible#",
            "Écart en",
            "Source de la cible",
            "Cible fixée par",
            "Décision tarifaire",
        ],
    );
    for (year, one) in years {
        let allowance = one.reached.and_then(|one| one.allowance.clone());
        let allowance = allowance.unwrap_or_default();
        let (percent, amount) = one.aimed();
        let gap = one.target.map_or("", |one| one.gap.as_str());
        let (source, set_by) = one.target.map_or(("", String::new()), |one| {
            let source = one.target.as_ref().map_or("", |one| one.source.as_str());
            (source, labels::role(&one.set_role).to_owned())
        });
        let text = |text: &str| match text {
            "" => Cell::Empty,
            text => Cell::text(text),
        };
        table.push(vec![
            Cell::text(year.to_string()),
            figure(&allowance.care_allowance),
            figure(&allowance.equation_result),
            figure(one.convergence()),
            figure(one.reached.map_or("", |one| one.change_points.as_str())),
            figure(&allowance.dependence_allowance),
            figure(percent),
            figure(amount),
            figure(gap),
            text(match (gap, percent) {
                ("", _) => "",
                (_, "") => "euros",
                _ => "points",
            }),
            text(source),
            text(&set_by),
            text(&allowance.decision),
        ]);
    }
    table
}

/// Acts on the tariffs of an establishment.
pub(crate) static ACTS: OnOne = OnOne {
    of: "establishments",
    page: path_of,
    send: |services, name, method, form| Box::pin(send(services, name, method, form)),
    show: |visitor, finess, attempt| Box::pin(tariffs_page(visitor, finess, Some(attempt))),
};

async fn send(
    services: &Services,
    name: String,
    method: &str,
    form: &Form,
) -> Option<Result<(), Status>> {
    match read(services, name).await {
        Ok(site) => {
            let place = (site.finess.as_str(), site.region.as_str());
            acts::send(services, place, method, form).await
        }
        Err(status) => Some(Err(status)),
    }
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{Allowance, AllowanceTarget};

    use super::*;

    fn known() -> ListAllowancesResponse {
        let allowance = Allowance {
            year: 2025,
            care_allowance: "960000.00".to_owned(),
            ..Default::default()
        };
        let target = |year: i32, percent: &str, gap: &str| FollowedAllowanceTarget {
            target: Some(AllowanceTarget {
                year,
                convergence_percent: percent.to_owned(),
                ..Default::default()
            }),
            gap: gap.to_owned(),
            ..Default::default()
        };
        ListAllowancesResponse {
            years: vec![AllowanceYear {
                allowance: Some(allowance),
                convergence_percent: "96".to_owned(),
                change_points: String::new(),
            }],
            targets: vec![target(2025, "97", "-1"), target(2026, "100", "")],
        }
    }

    #[test]
    fn the_page_says_where_the_allowance_stands_and_where_it_goes() {
        let known = known();
        let years = by_year(&known);
        let told = answer(&years);
        assert!(
            told.contains("En 2025") && told.contains("96\u{202f}%"),
            "{told}"
        );
        assert!(
            told.contains("La cible de 2026 est de 100\u{202f}%."),
            "{told}"
        );
        assert!(answer(&BTreeMap::new()).contains("à côté de ce qui était visé"));
    }

    #[test]
    fn the_picture_and_the_table_tell_the_same_years() {
        let known = known();
        let years = by_year(&known);
        let drawn = picture(&years).unwrap().svg;
        assert!(drawn.contains("2025 : visé 97, atteint 96. 2026 : visé 100."));
        let table = table(&years);
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0][9].shown(), "points");
        assert!(picture(&BTreeMap::new()).is_none());
    }
}
