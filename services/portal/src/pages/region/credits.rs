//! The ledger of credits: what is there, engaged and available, by year and origin; then one envelope.

use axum::{extract::Path, response::Response};
use kernel::Decimal;
use proto::targets::v1::{
    CreditBalance, CreditEngagement, CreditEnvelope, CreditPosition, GetCreditEnvelopeRequest,
    GetCreditPositionRequest, ListCreditEngagementsRequest,
};

use super::{by_region, with_region};
use crate::{
    Failure,
    acts::{Acts, Refusal, credit as acts},
    form::Form,
    frame::Section,
    pages::{
        Attempt, acted, id_of, made, notice, region_name, regions_of, resource,
        sheet::{Filter, Part, Picture, Sheet},
    },
    picture::{Level, levels},
    services::{Service, Services, every, within},
    table::{Cell, Table},
    text::{dates, region as words, region::euros},
    visitor::{Posted, Visitor},
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
    let mut offered = Acts::default();
    if records(visitor) {
        offered.forms.push(acts::open(regions_of(visitor)));
    }
    if let Some(attempt) = attempt {
        offered.refuse(acts::open(regions_of(visitor)), &Refusal::of(attempt));
    }
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
                table: engagements_table(&engagements),
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

/// The whole of the region, as three levels.
fn picture(position: &CreditPosition) -> Option<Picture> {
    let total = |of: fn(&CreditBalance) -> &str| {
        let amounts = position
            .balances
            .iter()
            .map(|one| of(one).parse::<Decimal>());
        amounts.sum::<Result<Decimal, _>>().ok()
    };
    let level = |title, value| Level {
        title,
        low: value,
        high: value,
    };
    let of = [
        level("Notifiés", total(|one| &one.credited)?),
        level("Engagés", total(|one| &one.engaged)?),
        level("Disponibles", total(|one| &one.available)?),
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
    table
}

fn engagements_table(engagements: &[CreditEngagement]) -> Table {
    let mut table = Table::new(
        "engagements",
        "Engagements, du plus ancien au plus récent",
        &[
            "Le",
            "État",
            "Pour",
            "Montant (€)#",
            "Reste engagé (€)#",
            "FINESS",
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
            Cell::if_any(&one.finess, Cell::text),
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
            Cell::text(one.recorded_by.as_str()),
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
    let path = format!("{}/{id}", acts::PATH);
    let who = (records(visitor), engages(visitor));
    let mut offered = acts::acts(&envelope, &engagements, &path, who);
    if let Some(attempt) = attempt
        && let Some(fallback) = acts::form(&attempt.method, &engagements)
    {
        offered.refuse(fallback.on(&path, &envelope.etag), &Refusal::of(attempt));
    }
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
                table: engagements_table(&engagements),
                nothing: "Rien n’est engagé sur cette enveloppe.",
            },
        ],
        acts: offered,
        ..Sheet::new(frame, &path)
    };
    sheet.answer(&query, attempt)
}

/// `POST /territoires/credits/actes/{method}`.
pub(crate) async fn create(Path(method): Path<String>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(created(&visitor, &method, form).await).await
}

async fn created(visitor: &Visitor, method: &str, form: Form) -> Result<Response, Failure> {
    if method != "OpenCreditEnvelope" {
        return Err(Failure::NotFound);
    }
    let sent = acts::send_open(&visitor.services, &form).await;
    let (sent, page) = made(sent, acts::PATH);
    let place = (Service::Targets, "");
    acted(visitor, sent, &page, method, form, place)
        .await?
        .or_show(|attempt| async move { list_page(visitor, Some(&attempt)).await })
        .await
}

/// `POST /territoires/credits/{id}/actes/{method}`.
pub(crate) async fn act(Path((id, method)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor
        .answer(do_act(&visitor, &id, &method, form).await)
        .await
}

async fn do_act(
    visitor: &Visitor,
    id: &str,
    method: &str,
    form: Form,
) -> Result<Response, Failure> {
    let name = resource("creditEnvelopes", id)?;
    let sent = acts::send(&visitor.services, name.clone(), method, &form)
        .await
        .ok_or(Failure::NotFound)?;
    let page = format!("{}/{id}", acts::PATH);
    let place = (Service::Targets, name.as_str());
    acted(visitor, sent, &page, method, form, place)
        .await?
        .or_show(|attempt| async move { envelope_page(visitor, id, Some(&attempt)).await })
        .await
}
