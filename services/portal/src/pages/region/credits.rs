//! The ledger of credits: what is there, engaged and available, by year and origin; then one envelope.

use std::collections::BTreeMap;

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::targets::v1::{
    CreditBalance, CreditEngagement, CreditEnvelope, CreditPosition, GetCreditEnvelopeRequest,
    GetCreditPositionRequest, ListCreditEngagementsRequest,
};

use super::{by_region, with_region};
use crate::{
    Failure,
    acts::{Acts, credit as acts},
    frame::Section,
    pages::{
        Attempt,
        acting::{Does::Makes, OnList, OnOne},
        id_of, names, notice, region_name, regions_of, resource,
        sheet::{Filter, Part, Picture, Sheet},
    },
    picture::{Level, levels},
    services::{Services, every, within},
    table::{Cell, Table},
    text::{dates, region as words, region::euros},
    visitor::Visitor,
};

const MOST: usize = 5_000;

fn records(visitor: &Visitor) -> bool {
    visitor.is("manager") || visitor.is("director_general")
}

fn engages(visitor: &Visitor) -> bool {
    records(visitor) || visitor.is("contract_manager")
}

/// `/territoires/credits`: the position at the end of a day.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor, None).await).await
}

async fn list_page(visitor: &Visitor, attempt: Option<&Attempt>) -> Result<Response, Failure> {
    let query = visitor.query();
    let (region, filter) = by_region(visitor, &query);
    let request = GetCreditPositionRequest {
        region: region.clone(),
        as_of: query.text("au").to_owned(),
    };
    let mut client = visitor.services.credits();
    let position = client
        .get_credit_position(within(request))
        .await?
        .into_inner();
    let engagements = engagements(&visitor.services, &region).await?;
    let titles = titles(&visitor.services, &engagements).await;
    let offered = Acts::offered(acts::open(regions_of(visitor)), records(visitor), attempt);
    let frame = visitor
        .frame("Crédits anticipés", Section::Territories)
        .under("Territoires", "/territoires")
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![
            region_name(&region),
            format!("au {}", dates::from_wire(&position.as_of)),
        ],
        lead: "Ce qui est notifié d’avance, ce qui en est engagé, et ce qui reste.".to_owned(),
        filters: vec![
            filter,
            Filter::Day("au", "À la fin du", position.as_of.clone()),
        ],
        picture: picture(&position),
        parts: vec![
            Part {
                id: "position",
                title: "Par année et origine".to_owned(),
                table: position_table(&position),
                nothing: "Aucune enveloppe n’est ouverte dans cette région.",
            },
            Part {
                id: "engagements",
                title: "Engagements".to_owned(),
                table: engagements_table(&engagements, &titles),
                nothing: "Rien n’est engagé.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, acts::PATH)
    };
    sheet.answer(&query, attempt)
}

async fn engagements(services: &Services, region: &str) -> Result<Vec<CreditEngagement>, Failure> {
    let request = ListCreditEngagementsRequest {
        region: region.to_owned(),
        ..Default::default()
    };
    let (engagements, _) = every!(
        services.credits(),
        list_credit_engagements,
        request,
        engagements,
        MOST
    )?;
    Ok(engagements)
}

/// Names of whom credits are engaged for.
async fn titles(services: &Services, engagements: &[CreditEngagement]) -> BTreeMap<String, String> {
    let named = engagements
        .iter()
        .filter(|one| !one.finess.is_empty())
        .map(|one| one.finess.clone());
    names::holders(services, named.collect()).await
}

/// What is notified, engaged and available of every envelope together; none where a figure cannot be read.
fn totals(position: &CreditPosition) -> Option<[Decimal; 3]> {
    let total = |of: fn(&CreditBalance) -> &str| {
        let amounts = position
            .balances
            .iter()
            .map(|one| of(one).parse::<Decimal>());
        amounts.sum::<Result<Decimal, _>>().ok()
    };
    Some([
        total(|one| &one.credited)?,
        total(|one| &one.engaged)?,
        total(|one| &one.available)?,
    ])
}

/// The whole of the region, as three levels.
fn picture(position: &CreditPosition) -> Option<Picture> {
    let level = |title, value| Level {
        title,
        low: value,
        high: value,
        gap: None,
    };
    let [credited, engaged, available] = totals(position)?;
    let of = [
        level("Notifiés", credited),
        level("Engagés", engaged),
        level("Disponibles", available),
    ];
    (!position.balances.is_empty()).then(|| Picture {
        title: "Toutes années et origines",
        svg: levels(
            "credits",
            "Crédits notifiés, engagés et disponibles",
            "€",
            &of,
        ),
        caption: "En euros, à la fin du jour choisi.",
    })
}

fn position_table(position: &CreditPosition) -> Table {
    let mut table = Table::new(
        "position",
        "Position par année et origine",
        &[
            "Enveloppe",
            "Année",
            "Notifiés (€)#",
            "Engagés (€)#",
            "Disponibles (€)#",
        ],
    );
    for one in &position.balances {
        table.push(vec![
            Cell::link(
                format!("{}/{}", acts::PATH, id_of(&one.envelope)),
                one.origin.as_str(),
            ),
            Cell::text(one.year.to_string()),
            Cell::number(&one.credited),
            Cell::number(&one.engaged),
            Cell::number(&one.available),
        ]);
    }
    if position.balances.len() > 1
        && let Some(totals) = totals(position)
    {
        let whole = [Cell::text("Ensemble"), Cell::Empty];
        table.push(whole.into_iter().chain(totals.map(Cell::Number)).collect());
    }
    table
}

fn engagements_table(engagements: &[CreditEngagement], titles: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new(
        "engagements",
        "Engagements, du plus ancien au plus récent",
        &[
            "Le",
            "État",
            "Pour",
            "Montant (€)#",
            "Reste engagé (€)#",
            "Bénéficiaire",
            "Décision",
            "Libérations",
        ],
    );
    for one in engagements {
        let released: Vec<String> = one
            .releases
            .iter()
            .map(|release| {
                let day = dates::from_wire(&release.day);
                format!("{} le {day} : {}", euros(&release.amount), release.reasons)
            })
            .collect();
        table.push(vec![
            Cell::day(&one.day),
            Cell::Badge(words::engagement(one.state())),
            Cell::text(one.purpose.as_str()),
            Cell::number(&one.amount),
            Cell::number(&one.outstanding),
            Cell::if_any(&one.finess, |finess| {
                Cell::text(names::site(titles, finess))
            }),
            Cell::text(one.decision.as_str()),
            Cell::if_any(&released.join(" ; "), Cell::text),
        ]);
    }
    table
}

fn movements_table(envelope: &CreditEnvelope) -> Table {
    let mut table = Table::new(
        "mouvements",
        "Crédits notifiés et repris",
        &["Le", "Montant (€)#", "Notification", "Enregistré par"],
    );
    for one in &envelope.movements {
        table.push(vec![
            Cell::day(&one.day),
            Cell::number(&one.amount),
            Cell::text(one.decision.as_str()),
            Cell::text(crate::text::labels::person(&one.recorded_by)),
        ]);
    }
    table
}

/// `/territoires/credits/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor
        .answer(envelope_page(&visitor, &id, None).await)
        .await
}

async fn envelope_page(
    visitor: &Visitor,
    id: &str,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let request = GetCreditEnvelopeRequest {
        name: resource("creditEnvelopes", id)?,
    };
    let mut client = visitor.services.credits();
    let envelope = client
        .get_credit_envelope(within(request))
        .await?
        .into_inner();
    let mut engagements = engagements(&visitor.services, &envelope.region).await?;
    engagements.retain(|one| one.envelope == envelope.name);
    let titles = titles(&visitor.services, &engagements).await;
    let path = format!("{}/{id}", acts::PATH);
    let who = (records(visitor), engages(visitor));
    let offered = acts::acts(&envelope, &engagements, &path, who).after(
        attempt,
        &path,
        &envelope.etag,
        |method| acts::form(method, &engagements),
    );
    let frame = visitor
        .frame(&envelope.title, Section::Territories)
        .under("Territoires", "/territoires")
        .under(
            "Crédits anticipés",
            &with_region(acts::PATH, &envelope.region),
        )
        .telling(notice(&query, acts::done));
    let sheet = Sheet {
        over: vec![
            region_name(&envelope.region),
            envelope.year.to_string(),
            envelope.origin.clone(),
        ],
        facts: vec![
            ("Notifiés", euros(&envelope.credited)),
            ("Engagés", euros(&envelope.engaged)),
            ("Disponibles", euros(&envelope.available)),
        ],
        parts: vec![
            Part {
                id: "mouvements",
                title: "Mouvements".to_owned(),
                table: movements_table(&envelope),
                nothing: "Aucun crédit n’est notifié.",
            },
            Part {
                id: "engagements",
                title: "Engagements".to_owned(),
                table: engagements_table(&engagements, &titles),
                nothing: "Rien n’est engagé sur cette enveloppe.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// Acts on the ledger.
pub(crate) static ON_LIST: OnList = OnList {
    page: acts::PATH,
    acts: &[(
        "OpenCreditEnvelope",
        Makes(|services, form| Box::pin(acts::send_open(services, form))),
    )],
    show: |visitor, attempt| Box::pin(list_page(visitor, Some(attempt))),
};

/// Acts on an envelope.
pub(crate) static ACTS: OnOne = OnOne {
    of: "creditEnvelopes",
    page: |id| format!("{}/{id}", acts::PATH),
    send: |services, name, method, form| Box::pin(acts::send(services, name, method, form)),
    show: |visitor, id, attempt| Box::pin(envelope_page(visitor, id, Some(attempt))),
};
