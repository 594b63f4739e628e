//! Signing in and out, and the form that waits for its author in between.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{error, html};
use crate::{
    Failure,
    acts::{PIECES, RESUMED, file_name},
    cookies,
    form::{FORM_TOKEN, Form, TO_CHOOSE},
    frame::{Frame, Section},
    identity::{SignInError, random_text},
    portal::Portal,
    security::{local_path, same_secret},
    store::{
        Draft, PostedForm, Session, SignIn, begin_sign_in, end_session, find_draft, keep_draft,
        start_session, take_sign_in,
    },
    visitor::{Anybody, Posted, Visitor},
};

/// Sends whoever posted a form without a session to the identity provider. It is kept, and shown to its author
/// afterwards; `page` is where it was typed.
pub(crate) async fn begin_with(portal: &Portal, page: &str, action: &str, form: &Form) -> Response {
    begin(portal, page, Some(waiting(action, form))).await
}

fn waiting(action: &str, form: &Form) -> PostedForm {
    PostedForm {
        action: action.to_owned(),
        fields: form.without_files().whole_without(&[FORM_TOKEN]),
    }
}

/// A form of a page that was opened in an earlier session: shown again to who is signed in now, who may send it.
pub(crate) async fn take_up(
    visitor: &Visitor,
    page: String,
    form: &Form,
) -> Result<Response, Failure> {
    let portal = &visitor.portal;
    let draft = Draft {
        form: waiting(visitor.uri.path(), form),
        return_to: page,
    };
    let subject = &visitor.person().subject;
    let id = keep_draft(&portal.db, subject, &draft, portal.clock.now()).await?;
    Ok(Redirect::to(&format!("/reprise/{id}")).into_response())
}

/// Sends a browser to the identity provider; it comes back to `return_to`.
pub(crate) async fn begin(portal: &Portal, return_to: &str, draft: Option<PostedForm>) -> Response {
    let has_typed = draft.is_some();
    match prepare(portal, return_to, draft).await {
        Ok(response) => response,
        Err(failure) => {
            tracing::warn!(%failure, "nobody can sign in");
            let sentence = if has_typed { AWAY_WITH_FORM } else { AWAY };
            let here = Uri::from_static("/connexion");
            let title = "Connexion impossible";
            let frame = Frame::new(title, Section::None, None, "", portal, "system", &here);
            refused_page(frame, StatusCode::SERVICE_UNAVAILABLE, sentence)
        }
    }
}

/// Said when the identity provider does not answer; to who has sent a form, how to send it once more.
const AWAY: &str = "La connexion est momentanément impossible : le fournisseur d’identité ne répond pas. Réessayez dans un instant.";
const AWAY_WITH_FORM: &str = "Votre session a pris fin, et le fournisseur d’identité ne répond pas : rien n’est enregistré. Rechargez cette page dans un instant : le navigateur renverra votre saisie.";

async fn prepare(
    portal: &Portal,
    return_to: &str,
    draft: Option<PostedForm>,
) -> Result<Response, Failure> {
    let (state, nonce) = (random_text(), random_text());
    let code_verifier = portal.oidc.uses_pkce().then(random_text);
    let url = portal
        .oidc
        .authorization_url(&state, &nonce, code_verifier.as_deref())
        .await
        .map_err(|error| Failure::Internal(error.into()))?;
    let sign_in = SignIn {
        nonce,
        code_verifier,
        return_to: local_path(return_to).to_owned(),
        draft,
    };
    begin_sign_in(&portal.db, &state, &sign_in, portal.clock.now()).await?;
    let mut response = Redirect::to(&url).into_response();
    // The way back must come from the browser that left: nobody signs another in.
    if let Some(cookie) = cookies::set(cookies::SIGN_IN, &state) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `/connexion`.
pub(crate) async fn sign_in(State(portal): State<Portal>, anybody: Anybody) -> Response {
    let query = Form::parse(anybody.uri.query().unwrap_or_default());
    let wanted = query.text("retour");
    let return_to = if wanted.is_empty() {
        "/travail"
    } else {
        wanted
    };
    if anybody.session.is_some() {
        return Redirect::to(local_path(return_to)).into_response();
    }
    begin(&portal, return_to, None).await
}

/// What the provider sends back.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// `/connexion/retour`.
pub(crate) async fn come_back(
    State(portal): State<Portal>,
    Query(answer): Query<Answer>,
    headers: HeaderMap,
    anybody: Anybody,
) -> Response {
    match complete(&portal, &answer, &headers).await {
        Ok(response) => response,
        Err(refusal) => {
            tracing::warn!(%refusal, "a sign-in did not succeed");
            refused(
                anybody.frame("Connexion impossible", Section::None),
                &refusal,
            )
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("this browser began no such sign-in, or it is too old")]
    Unknown,
    #[error(transparent)]
    Provider(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] store::Error),
}

async fn complete(
    portal: &Portal,
    answer: &Answer,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let own = cookies::read(headers, cookies::SIGN_IN).unwrap_or_default();
    if answer.state.is_empty() || !same_secret(own, &answer.state) {
        return Err(Refusal::Unknown);
    }
    let now = portal.clock.now();
    let sign_in = take_sign_in(&portal.db, &answer.state, now)
        .await?
        .ok_or(Refusal::Unknown)?;
    if !answer.error.is_empty() || answer.code.is_empty() {
        let told = format!("{} {}", answer.error, answer.error_description);
        return Err(SignInError::Refused(told).into());
    }
    let signed_in = portal
        .oidc
        .exchange(
            &answer.code,
            &sign_in.nonce,
            sign_in.code_verifier.as_deref(),
        )
        .await?;
    // A session never outlives the token that the services ask for.
    let ends_at: OffsetDateTime = signed_in.expires_at.min(now + portal.config.lifetime);
    let session = Session {
        person: signed_in.person,
        access_token: signed_in.access_token,
        id_token: signed_in.id_token,
        form_token: random_text(),
        ends_at,
    };
    // A new secret at each sign-in: one that was planted before is worth nothing.
    let secret = random_text();
    start_session(&portal.db, &secret, &session, now).await?;
    let return_to = match sign_in.draft {
        Some(form) => {
            let draft = Draft {
                form,
                return_to: sign_in.return_to,
            };
            let id = keep_draft(&portal.db, &session.person.subject, &draft, now).await?;
            format!("/reprise/{id}")
        }
        None => sign_in.return_to,
    };
    let mut response = Redirect::to(local_path(&return_to)).into_response();
    for cookie in [
        cookies::set(cookies::SESSION, &secret),
        cookies::forget(cookies::SIGN_IN),
    ]
    .into_iter()
    .flatten()
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "sign_in_refused.html")]
struct RefusedPage {
    frame: Frame,
    sentence: &'static str,
}

fn refused(frame: Frame, refusal: &Refusal) -> Response {
    let (code, sentence) = match refusal {
        Refusal::Unknown => (
            StatusCode::BAD_REQUEST,
            "Cette connexion a expiré, ou elle a commencé dans un autre navigateur. Recommencez.",
        ),
        Refusal::Provider(SignInError::Refused(_)) => (
            StatusCode::FORBIDDEN,
            "Le fournisseur d’identité n’a pas accepté la connexion. Recommencez, ou vérifiez auprès de votre administration que votre compte est ouvert.",
        ),
        Refusal::Provider(SignInError::Invalid(_)) => (
            StatusCode::FORBIDDEN,
            "La preuve d’identité reçue n’est pas valable. Personne n’a été connecté. Recommencez.",
        ),
        Refusal::Provider(SignInError::Away(_)) | Refusal::Store(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "La connexion est momentanément impossible. Réessayez dans un instant.",
        ),
    };
    refused_page(frame, code, sentence)
}

fn refused_page(frame: Frame, code: StatusCode, sentence: &'static str) -> Response {
    match html(&RefusedPage { frame, sentence }) {
        Ok(mut response) => {
            *response.status_mut() = code;
            response
        }
        Err(_) => (code, sentence).into_response(),
    }
}

/// Where one signs out.
pub(crate) const OUT_PATH: &str = "/deconnexion";

/// `POST /deconnexion`: here, then at the provider.
pub(crate) async fn sign_out(headers: HeaderMap, posted: Result<Posted, Response>) -> Response {
    let visitor = match posted {
        Ok(posted) => posted.visitor,
        // The session had ended: nobody signs in to sign out.
        Err(refused) if refused.status().is_redirection() => {
            return Redirect::to("/").into_response();
        }
        Err(refused) => return refused,
    };
    if let Some(secret) = cookies::read(&headers, cookies::SESSION)
        && let Err(failure) = end_session(&visitor.portal.db, secret).await
    {
        return visitor.failed(failure.into()).await;
    }
    let provider = visitor.portal.oidc.sign_out_url(&visitor.session.id_token);
    let url = provider.await.unwrap_or_else(|| "/".to_owned());
    let mut response = Redirect::to(&url).into_response();
    if let Some(cookie) = cookies::forget(cookies::SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Template)]
#[template(path = "resume.html")]
struct ResumePage {
    frame: Frame,
    action: String,
    return_to: String,
    fields: Vec<(String, String)>,
    shown: Vec<String>,
    /// Files that were not kept.
    files: Vec<String>,
    /// The value with which the form is shown again instead of being sent; none where its page has no such form.
    read_again: Option<&'static str>,
}

/// Forms whose pages do not show them again: they hold a name, or lines that their own page shows.
const NOT_READ_AGAIN: [&str; 2] = ["/contrats/listes", "/indicateurs/"];

/// `/reprise/{id}`: what was typed before the session ended, to be sent now.
pub(crate) async fn resume(Path(id): Path<String>, visitor: Visitor) -> Response {
    visitor.answer(draft_page(&id, &visitor).await).await
}

async fn draft_page(id: &str, visitor: &Visitor) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| Failure::NotFound)?;
    let portal = &visitor.portal;
    let subject = &visitor.person().subject;
    let draft = find_draft(&portal.db, id, subject, portal.clock.now())
        .await?
        .ok_or(Failure::NotFound)?;
    let form = Form::parse(&draft.form.fields);
    let fields: Vec<(String, String)> = form
        .fields()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let technical = ["etag", "request_id", "document_sha256", "name", TO_CHOOSE];
    let shown = fields
        .iter()
        .filter(|(name, value)| !technical.contains(&name.as_str()) && !value.is_empty())
        .map(|(name, value)| match name.as_str() {
            PIECES => file_name(value).to_owned(),
            _ => value.clone(),
        })
        .collect();
    let action = local_path(&draft.form.action).to_owned();
    let mut others = NOT_READ_AGAIN.iter();
    let is_read_again = !others.any(|path| action.starts_with(path));
    html(&ResumePage {
        frame: visitor.frame("Reprendre votre saisie", Section::None),
        action,
        files: form.all(TO_CHOOSE).map(ToOwned::to_owned).collect(),
        read_again: is_read_again.then_some(RESUMED),
        return_to: draft.return_to,
        fields,
        shown,
    })
}

/// `/affichage/{scheme}`: light, dark, or as the system says.
pub(crate) async fn scheme(Path(scheme): Path<String>, anybody: Anybody) -> Response {
    let query = Form::parse(anybody.uri.query().unwrap_or_default());
    let cookie = match scheme.as_str() {
        "clair" | "sombre" => cookies::keep(cookies::SCHEME, &scheme),
        "auto" => cookies::forget(cookies::SCHEME),
        _ => {
            let frame = anybody.frame("Page introuvable", Section::None);
            return error::page(frame, &Failure::NotFound);
        }
    };
    let mut response = Redirect::to(local_path(query.text("retour"))).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
