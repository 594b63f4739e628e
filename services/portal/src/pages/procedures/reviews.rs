//! The list of reviews.

use askama::Template;
use axum::response::Response;
use proto::contracts::v1::{ListReviewsRequest, Review, ReviewState};

use crate::{
    Failure,
    form::Form,
    frame::{Frame, Section},
    pages::{Exports, html, id_of, region_name},
    services::every,
    table::{Cell, Export, Table},
    text::{self, labels},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "reviews.html")]
struct Page {
    frame: Frame,
    query: Form,
    states: Vec<(&'static str, &'static str, bool)>,
    table: Table,
    exports: Exports,
    count: String,
    is_cut: bool,
}

const MOST: usize = 2_000;
const STATES: [(ReviewState, &str); 4] = [
    (ReviewState::Open, "ouverte"),
    (ReviewState::Notified, "notifiee"),
    (ReviewState::Examined, "examinee"),
    (ReviewState::Concluded, "conclue"),
];

/// `/revues`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor).await).await
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let chosen = STATES.iter().find(|(_, key)| *key == query.text("etat"));
    let campaign = query.text("campagne");
    let request = ListReviewsRequest {
        state: chosen.map_or(0, |(state, _)| (*state).into()),
        campaign: if campaign.is_empty() {
            String::new()
        } else {
            crate::pages::resource("campaigns", campaign)?
        },
        ..Default::default()
    };
    let (reviews, is_cut) = every!(
        visitor.services.reviews(),
        list_reviews,
        request,
        reviews,
        MOST
    )?;
    let year = query.whole("annee");
    let found: Vec<&Review> = reviews
        .iter()
        .filter(|review| year.is_none_or(|year| review.year == year))
        .collect();
    let table = table(&found);
    if let Some(export) = Export::asked(query.text("format")) {
        return table.export(export);
    }
    html(&Page {
        frame: visitor.frame("Revues", Section::Reviews),
        states: STATES
            .iter()
            .map(|(state, key)| {
                (
                    *key,
                    labels::review_state(*state).text,
                    *key == query.text("etat"),
                )
            })
            .collect(),
        count: text::counted(i64::try_from(found.len()).unwrap_or(0), "revue", "revues"),
        exports: Exports::of("/revues", &query),
        query,
        table,
        is_cut,
    })
}

fn table(reviews: &[&Review]) -> Table {
    let mut table = Table::new(
        "revues",
        "Revues",
        &[
            "Contrat",
            "Région",
            "Année",
            "État",
            "Constats#",
            "Gravité la plus forte",
            "Observations jusqu’au",
            "Suite",
        ],
    );
    for review in reviews {
        let standing = review.findings.iter().filter(|f| f.withdraw_time.is_none());
        let gravest = standing
            .clone()
            .max_by_key(|finding| finding.severity)
            .map(|finding| labels::severity(finding.severity()));
        table.push(vec![
            Cell::link(format!("/revues/{}", id_of(&review.name)), said(review)),
            Cell::text(region_name(&review.region)),
            Cell::text(review.year.to_string()),
            Cell::Badge(labels::review_state(review.state())),
            Cell::count(i64::try_from(standing.count()).unwrap_or(0)),
            gravest.map_or(Cell::Empty, Cell::Badge),
            Cell::if_any(&review.observations_due_date, Cell::day),
            review
                .conclusion
                .as_ref()
                .map_or(Cell::Empty, |c| Cell::text(labels::outcome(c.outcome()))),
        ]);
    }
    table
}

/// What people know a review by: the number of its contract.
fn said(review: &Review) -> String {
    match review.contract_number.as_str() {
        "" => format!("Revue {}", short(id_of(&review.name))),
        number => number.to_owned(),
    }
}

/// The end of an identifier: what tells two of them apart.
pub(crate) fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
}
