//! « Envois »: what was submitted, and of each submission the lines that were refused, as they were sent.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::targets::v1::{
    GetSubmissionRequest, KeptRejection, ListRejectedValuesRequest, ListSubmissionsRequest,
    Submission, indicator_value::Content,
};

use super::{Exports, html, id_of, indicators::column, resource};
use crate::{
    Failure,
    form::{Form, address},
    frame::{Frame, Section},
    services::{every_line, within},
    table::{Cell, Export, Table},
    text::{counted, dates, refusals},
    visitor::Visitor,
};

/// Where the submissions are.
const PATH: &str = "/indicateurs/envois";
/// Rows of a page.
const SHOWN: i32 = 100;
/// Rows of one exported file at most.
const MOST_EXPORTED: usize = 20_000;

#[derive(Template)]
#[template(path = "submissions.html")]
struct ListPage {
    frame: Frame,
    table: Table,
    exports: Exports,
    next: Option<String>,
}

/// `/indicateurs/envois`.
pub(crate) async fn list(visitor: Visitor) -> Response {
    visitor.answer(list_page(&visitor).await).await
}

async fn list_page(visitor: &Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let client = || visitor.services.indicators();
    let mut request = ListSubmissionsRequest::default();
    if let Some(export) = Export::asked(query.text("format")) {
        let submissions = every_line!(
            client(),
            list_submissions,
            request,
            submissions,
            MOST_EXPORTED
        )?;
        return submitted(&submissions).export(export);
    }
    request.page_size = SHOWN;
    query.text("suite").clone_into(&mut request.page_token);
    let page = client()
        .list_submissions(within(request))
        .await?
        .into_inner();
    html(&ListPage {
        frame: visitor
            .frame("Envois d’indicateurs", Section::Indicators)
            .under("Indicateurs", "/indicateurs"),
        table: submitted(&page.submissions),
        exports: Exports::of(PATH, &query),
        next: following(PATH, &query, &page.next_page_token),
    })
}

fn submitted(submissions: &[Submission]) -> Table {
    let titles = [
        "Envoyé le",
        "Fichier ou logiciel",
        "Au nom de",
        "Valeurs acceptées#",
        "Lignes refusées",
    ];
    let mut table = Table::new("envois", "Envois, du plus récent au plus ancien", &titles);
    for submission in submissions {
        let sent = dates::timestamp(submission.create_time.as_ref());
        let refused = match submission.rejected {
            0 => Cell::text("aucune"),
            count => Cell::act(
                format!("{PATH}/{}", id_of(&submission.name)),
                counted(count, "ligne refusée", "lignes refusées"),
                format!("envoi du {sent}"),
            ),
        };
        table.push(vec![
            Cell::text(sent.as_str()),
            Cell::text(submission.source.as_str()),
            Cell::if_any(&submission.establishments.join(", "), Cell::text),
            Cell::count(submission.accepted),
            refused,
        ]);
    }
    table
}

#[derive(Template)]
#[template(path = "submission.html")]
struct Page {
    frame: Frame,
    source: String,
    /// When, and how many were refused.
    lead: String,
    /// What of them is not there; empty when all are.
    left_out: String,
    table: Table,
    exports: Exports,
    next: Option<String>,
}

/// `/indicateurs/envois/{id}`.
pub(crate) async fn page(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(submission_page(&id, &visitor).await).await
}

async fn submission_page(id: &str, visitor: &Visitor) -> Result<Response, Failure> {
    let name = resource("submissions", id)?;
    let query = visitor.query();
    let client = || visitor.services.indicators();
    let mut request = ListRejectedValuesRequest {
        submission: name.clone(),
        ..Default::default()
    };
    if let Some(export) = Export::asked(query.text("format")) {
        let values = every_line!(
            client(),
            list_rejected_values,
            request,
            values,
            MOST_EXPORTED
        )?;
        return refused(&values).export(export);
    }
    let submission = client()
        .get_submission(within(GetSubmissionRequest { name }))
        .await?
        .into_inner();
    request.page_size = SHOWN;
    query.text("suite").clone_into(&mut request.page_token);
    let page = client()
        .list_rejected_values(within(request))
        .await?
        .into_inner();
    let path = format!("{PATH}/{id}");
    html(&Page {
        frame: visitor
            .frame("Lignes refusées", Section::Indicators)
            .under("Indicateurs", "/indicateurs")
            .under("Envois", PATH),
        lead: format!(
            "Envoi du {} : {}, {}.",
            dates::timestamp(submission.create_time.as_ref()),
            counted(submission.accepted, "valeur acceptée", "valeurs acceptées"),
            counted(submission.rejected, "ligne refusée", "lignes refusées"),
        ),
        left_out: left_out(&submission),
        source: submission.source,
        table: refused(&page.values),
        exports: Exports::of(&path, &query),
        next: following(&path, &query, &page.next_page_token),
    })
}

/// What is counted and cannot be shown.
fn left_out(submission: &Submission) -> String {
    let (rejected, kept) = (submission.rejected, submission.rejected_kept);
    if rejected <= kept {
        return String::new();
    }
    if kept == 0 {
        return "Cet envoi est antérieur à la conservation des lignes refusées : seul leur nombre est connu."
            .to_owned();
    }
    format!(
        "Seules les 1 000 premières lignes refusées de chaque lot sont conservées : {} sur {}.",
        counted(kept, "ligne", "lignes"),
        crate::text::numbers::whole(rejected)
    )
}

fn refused(values: &[KeptRejection]) -> Table {
    let titles = [
        "Lot#",
        "Rang dans le lot#",
        "FINESS",
        "Indicateur",
        "Période",
        "Valeur transmise",
        "En cause",
        "Motif",
        "Code du motif",
    ];
    let mut table = Table::new(
        "lignes-refusees",
        "Lignes refusées, dans l’ordre de l’envoi",
        &titles,
    );
    for rejection in values {
        let sent = rejection.value.clone().unwrap_or_default();
        let reason = rejection.reason.as_str();
        table.push(vec![
            Cell::count(rejection.sequence),
            Cell::count(i64::from(rejection.index) + 1),
            Cell::if_any(&sent.subject, Cell::text),
            Cell::if_any(&sent.indicator, Cell::text),
            Cell::if_any(&sent.period, Cell::text),
            match &sent.content {
                Some(Content::Value(written)) => Cell::if_any(written, Cell::text),
                Some(Content::Absence(1)) => Cell::text("manquante"),
                Some(Content::Absence(2)) => Cell::text("masquée"),
                _ => Cell::Empty,
            },
            Cell::text(column(&rejection.field)),
            Cell::text(refusals::sentence(reason).unwrap_or(reason)),
            Cell::text(reason),
        ]);
    }
    table
}

/// The address of the next page, if there is one.
fn following(path: &str, query: &Form, token: &str) -> Option<String> {
    (!token.is_empty()).then(|| {
        let kept = query.encoded_without(&["suite"]);
        let mut with = form_urlencoded::Serializer::new(kept);
        with.append_pair("suite", token);
        address(path, &with.finish())
    })
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::IndicatorValue;

    use super::*;

    fn rejection(content: Option<Content>) -> KeptRejection {
        KeptRejection {
            sequence: 2,
            index: 0,
            value: Some(IndicatorValue {
                subject: "010000040".to_owned(),
                indicator: "MCO_STAYS".to_owned(),
                period: "2024".to_owned(),
                content,
            }),
            field: "value".to_owned(),
            reason: "NEGATIVE_VALUE".to_owned(),
        }
    }

    #[test]
    fn a_refused_line_is_told_as_it_was_sent_with_its_reason_in_french() {
        let table = refused(&[rejection(Some(Content::Value("-3".to_owned())))]);
        assert_eq!(
            table.csv().lines().nth(1),
            Some(
                "2;1;010000040;MCO_STAYS;2024;'-3;Valeur;Une valeur ne peut pas être négative.;NEGATIVE_VALUE"
            )
        );
        let masked = refused(&[rejection(Some(Content::Absence(2))), rejection(None)]);
        assert_eq!(masked.rows[0][5].shown(), "masquée");
        assert_eq!(masked.rows[1][5].shown(), "—");
    }

    #[test]
    fn the_page_says_what_is_counted_only() {
        let of = |rejected, rejected_kept| {
            left_out(&Submission {
                rejected,
                rejected_kept,
                ..Default::default()
            })
        };
        assert_eq!(of(3, 3), "");
        assert!(of(3, 0).contains("antérieur"));
        assert!(of(1_200, 1_000).contains("1 000 premières"));
    }
}
