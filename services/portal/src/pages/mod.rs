//! The pages, a file each, in folders by part of the portal: ask the services, shape what they say, render.

mod acting;
pub(crate) mod amendment;
mod amendment_impact;
mod amendment_members;
mod annexes;
mod changes;
pub(crate) mod comparison;
pub(crate) mod consolidated;
pub(crate) mod contract;
pub(crate) mod contract_draft;
pub(crate) mod contracts;
pub(crate) mod controls;
pub(crate) mod deadlines;
pub(crate) mod dossier;
pub(crate) mod error;
pub(crate) mod follow_up;
pub(crate) mod ground;
pub(crate) mod history;
pub(crate) mod indicators;
pub(crate) mod mandates;
pub(crate) mod means;
mod names;
pub(crate) mod objectives;
pub(crate) mod pdf;
mod peers;
pub(crate) mod perimeter;
pub(crate) mod pieces;
pub(crate) mod procedures;
pub(crate) mod programming;
pub(crate) mod proof;
pub(crate) mod public;
pub(crate) mod reads;
pub(crate) mod region;
pub(crate) mod registry;
pub(crate) mod reminders;
pub(crate) mod saved_exports;
pub(crate) mod saved_lists;
mod sheet;
pub(crate) mod sign_in;
mod steps;
pub(crate) mod submissions;
pub(crate) mod tariffs;
pub(crate) mod tasks;
mod term;
pub(crate) mod territory;
mod territory_context;
pub(crate) mod versions;
pub(crate) mod work;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse as _, Redirect, Response},
};
use tonic::{Code, Status};

use crate::{
    Failure,
    acts::{MORE, RESUMED},
    failure::{Explained, explain},
    form::{Form, address},
    frame::Notice,
    text::typography::french,
    visitor::Visitor,
};

/// Renders a page.
pub(crate) fn html(page: &impl Template) -> Result<Response, Failure> {
    Ok(Html(french(&page.render()?)).into_response())
}

/// Renders a page that shows an act that was not accepted.
pub(crate) fn html_refused(page: &impl Template, attempt: &Attempt) -> Result<Response, Failure> {
    Ok((attempt.code, Html(french(&page.render()?))).into_response())
}

/// Renders a page, with an act that was not accepted if there is one.
pub(crate) fn html_after(
    page: &impl Template,
    attempt: Option<&Attempt>,
) -> Result<Response, Failure> {
    match attempt {
        Some(attempt) => html_refused(page, attempt),
        None => html(page),
    }
}

/// Where the table of a page can be had as a file: the same address, another format.
#[derive(Debug, Clone)]
pub(crate) struct Exports {
    pub(crate) csv: String,
    pub(crate) xlsx: String,
}

impl Exports {
    pub(crate) fn of(path: &str, query: &Form) -> Self {
        Self::of_one(path, query, "")
    }

    /// The same for one of several tables, by its name.
    pub(crate) fn of_one(path: &str, query: &Form, table: &str) -> Self {
        let kept = query.encoded_without(&["format", "tableau", "suite", "fait"]);
        let with = |format: &str| {
            let mut query = form_urlencoded::Serializer::new(kept.clone());
            query.append_pair("format", format);
            if !table.is_empty() {
                query.append_pair("tableau", table);
            }
            address(path, &query.finish())
        };
        Self {
            csv: with("csv"),
            xlsx: with("xlsx"),
        }
    }
}

/// What a person may not read is left out of the page, not an error of it.
pub(super) fn visible<T>(answer: Result<T, Status>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(read) => Ok(Some(read)),
        Err(status) if status.code() == Code::PermissionDenied => Ok(None),
        Err(status) => Err(status.into()),
    }
}

/// `{uuid}` of a resource name.
pub(crate) fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The resource that an address names; an address that names none leads nowhere.
pub(crate) fn resource(collection: &str, id: &str) -> Result<String, Failure> {
    let is_id = if collection == "establishments" {
        id.parse::<kernel::Finess>().is_ok()
    } else {
        let is_of_id = |c: char| c == '-' || matches!(c, '0'..='9' | 'a'..='f');
        id.len() == 36 && id.chars().all(is_of_id)
    };
    if is_id {
        Ok(format!("{collection}/{id}"))
    } else {
        Err(Failure::NotFound)
    }
}

/// Names of the regions of a person, by their codes; every region for who sees all.
pub(crate) fn regions_of(visitor: &Visitor) -> Vec<(String, String)> {
    let own = &visitor.person().regions;
    kernel::Region::all()
        .filter(|region| own.iter().any(|code| code == "*" || code == region.code()))
        .map(|region| (region.code().to_owned(), region.name().to_owned()))
        .collect()
}

/// Name of a region by its code.
pub(crate) fn region_name(code: &str) -> String {
    code.parse::<kernel::Region>()
        .map_or_else(|_| code.to_owned(), |region| region.name().to_owned())
}

/// An act that was tried and not accepted.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) method: String,
    pub(crate) typed: Form,
    pub(crate) error: Explained,
    pub(crate) changes: Vec<String>,
    pub(crate) is_unknown: bool,
    code: StatusCode,
}

/// Said above a form that its author reads again after signing in.
const READ_AGAIN: &str =
    "Il n’a pas pu l’être quand vous l’avez envoyé. Relisez votre saisie, puis envoyez-la.";

impl Attempt {
    /// A form that its author wants to read again after signing in: nothing of it is sent. None: it is to be sent.
    pub(crate) fn resumed(method: &str, typed: &Form) -> Option<Self> {
        (typed.text(MORE) == RESUMED).then(|| Self {
            method: method.to_owned(),
            typed: typed.clone(),
            error: Explained {
                sentence: READ_AGAIN.to_owned(),
                ..Explained::default()
            },
            changes: Vec::new(),
            // It stays the request it was, about the version that was on screen.
            is_unknown: true,
            code: StatusCode::OK,
        })
    }
}

/// What came of an act: back to the page, or the page again with what was typed.
pub(crate) enum Acted<'a> {
    Back(Response),
    Again(Attempt, Origin<'a>),
}

/// Who tried an act, and on which page.
pub(crate) struct Origin<'a> {
    visitor: &'a Visitor,
    page: String,
}

impl Acted<'_> {
    /// Ends the act: the way back, or what `again` shows, the page with what was typed and why it was not accepted. Where
    /// the page cannot be shown either, what was typed waits for its author.
    pub(crate) async fn or_show<Shown>(
        self,
        again: impl FnOnce(Attempt) -> Shown,
    ) -> Result<Response, Failure>
    where
        Shown: Future<Output = Result<Response, Failure>>,
    {
        let (attempt, origin) = match self {
            Self::Back(response) => return Ok(response),
            Self::Again(attempt, origin) => (attempt, origin),
        };
        let typed = attempt.typed.without_files();
        let Origin { visitor, page } = origin;
        // What shows a page is large, and seldom needed here.
        match Box::pin(again(attempt)).await {
            Err(Failure::Service(status)) if is_away(status.code()) => {
                sign_in::take_up(visitor, page, &typed).await
            }
            Err(Failure::SignedOut) => {
                let action = visitor.uri.path();
                let waiting = sign_in::begin_with(&visitor.portal, &page, action, &typed);
                Ok(Box::pin(waiting).await)
            }
            shown => shown,
        }
    }
}

/// Whether a service did not answer: what was asked of it may have been done.
fn is_away(code: Code) -> bool {
    matches!(
        code,
        Code::DeadlineExceeded | Code::Unavailable | Code::Cancelled
    )
}

/// Where what was asked for was made: its own page below `list`; where it was not, the list it was asked for on.
pub(crate) fn made(sent: Result<String, Status>, list: &str) -> (Result<(), Status>, String) {
    match sent {
        Ok(id) => (Ok(()), format!("{list}/{id}")),
        Err(status) => (Err(status), list.to_owned()),
    }
}

/// Makes of a call either the way back to `page`, or an attempt to be shown there.
pub(crate) async fn acted<'a>(
    visitor: &'a Visitor,
    sent: Result<(), Status>,
    page: &str,
    method: &str,
    typed: Form,
) -> Result<Acted<'a>, Failure> {
    acted_on("", visitor, sent, page, method, typed).await
}

/// The same about the resource of a name, which may itself tell what changed where the refusal does not.
async fn acted_on<'a>(
    name: &str,
    visitor: &'a Visitor,
    sent: Result<(), Status>,
    page: &str,
    method: &str,
    typed: Form,
) -> Result<Acted<'a>, Failure> {
    let status = match sent {
        Ok(()) => {
            return Ok(Acted::Back(
                Redirect::to(&format!("{page}?fait={method}")).into_response(),
            ));
        }
        Err(status) => status,
    };
    if status.code() == Code::Unauthenticated {
        // The token has ended under the session: what was typed waits for its author.
        let action = visitor.uri.path();
        let waiting = sign_in::begin_with(&visitor.portal, page, action, &typed);
        return Ok(Acted::Back(Box::pin(waiting).await));
    }
    if status.code() == Code::NotFound {
        return Err(status.into());
    }
    let error = explain(&status);
    let changes = if error.is_stale {
        changes::told_by(&status, visitor, name, &typed).await
    } else {
        Vec::new()
    };
    let is_unknown = is_away(status.code());
    let code = match status.code() {
        Code::Aborted => StatusCode::CONFLICT,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Code::Internal | Code::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let attempt = Attempt {
        method: method.to_owned(),
        typed,
        error,
        changes,
        is_unknown,
        code,
    };
    let page = page.to_owned();
    Ok(Acted::Again(attempt, Origin { visitor, page }))
}

/// What the address says was just done.
pub(crate) fn notice(query: &Form, said: impl Fn(&str) -> Option<&'static str>) -> Option<Notice> {
    said(query.text("fait")).map(Notice::done)
}
