//! Who asks for a page: anybody, or somebody who is signed in.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, Uri, header, request::Parts},
    response::Response,
};

use crate::{
    Failure, cookies,
    form::{FORM_TOKEN, Form, MAX_FORM},
    frame::{Frame, Section},
    pages::{error, sign_in},
    portal::Portal,
    security::same_secret,
    services::Services,
    store::{Person, Session, find_session},
    upload,
};

/// Anybody; `session` when somebody is signed in.
#[derive(Debug)]
pub(crate) struct Anybody {
    pub(crate) session: Option<Session>,
    pub(crate) portal: Portal,
    pub(crate) uri: Uri,
    scheme: &'static str,
}

impl Anybody {
    async fn of(portal: &Portal, headers: &HeaderMap, uri: Uri) -> Result<Self, Failure> {
        let session = match cookies::read(headers, cookies::SESSION) {
            Some(secret) => {
                let now = portal.clock.now();
                find_session(&portal.db, secret, portal.config.idle, now).await?
            }
            None => None,
        };
        Ok(Self {
            session,
            portal: portal.clone(),
            uri,
            scheme: scheme(headers),
        })
    }

    /// What the address asks.
    pub(crate) fn query(&self) -> Form {
        Form::parse(self.uri.query().unwrap_or_default())
    }

    /// What surrounds a page.
    pub(crate) fn frame(&self, title: &str, section: Section) -> Frame {
        let session = self.session.as_ref();
        Frame::new(
            title,
            section,
            session.map(|session| &session.person),
            session.map_or("", |session| &session.form_token),
            &self.portal,
            self.scheme,
            &self.uri,
        )
    }
}

/// The theme that was chosen; empty: as the system says.
fn scheme(headers: &HeaderMap) -> &'static str {
    match cookies::read(headers, cookies::SCHEME) {
        Some("clair") => "light",
        Some("sombre") => "dark",
        _ => "system",
    }
}

impl FromRequestParts<Portal> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let uri = parts.uri.clone();
        match Self::of(portal, &parts.headers, uri).await {
            Ok(anybody) => Ok(anybody),
            Err(failure) => Err(error::bare(portal, &failure)),
        }
    }
}

/// Somebody who is signed in.
#[derive(Debug)]
pub(crate) struct Visitor {
    pub(crate) session: Session,
    pub(crate) services: Services,
    pub(crate) portal: Portal,
    pub(crate) uri: Uri,
    scheme: &'static str,
}

impl Visitor {
    fn new(anybody: Anybody, session: Session) -> Self {
        let services = anybody.portal.channels.with_token(&session.access_token);
        Self {
            session,
            services,
            portal: anybody.portal,
            uri: anybody.uri,
            scheme: anybody.scheme,
        }
    }

    pub(crate) fn person(&self) -> &Person {
        &self.session.person
    }

    /// Whether the person has a role. It decides what is shown first; the services decide what is allowed.
    pub(crate) fn is(&self, role: &str) -> bool {
        self.person().roles.iter().any(|own| own == role)
    }

    /// Whether the person acts for establishments.
    pub(crate) fn is_establishment(&self) -> bool {
        self.is("establishment_director")
    }

    /// Whether the person acts for a departmental council.
    pub(crate) fn is_council(&self) -> bool {
        self.is("department_president") || self.is("department_manager")
    }

    /// Whether the person keeps contracts, and what stands around them, for the agency.
    pub(crate) fn keeps_contracts(&self) -> bool {
        self.is("contract_manager") || self.is("manager")
    }

    /// What surrounds a page.
    pub(crate) fn frame(&self, title: &str, section: Section) -> Frame {
        Frame::new(
            title,
            section,
            Some(self.person()),
            &self.session.form_token,
            &self.portal,
            self.scheme,
            &self.uri,
        )
    }

    /// What the address asks.
    pub(crate) fn query(&self) -> Form {
        Form::parse(self.uri.query().unwrap_or_default())
    }

    /// The page that was asked for, or the one that says why it cannot be shown.
    pub(crate) async fn answer(&self, page: Result<Response, Failure>) -> Response {
        match page {
            Ok(response) => response,
            Err(failure) => self.failed(failure).await,
        }
    }

    /// The page that says what went wrong; when the token has ended under the session, the way to a new one.
    pub(crate) async fn failed(&self, failure: Failure) -> Response {
        match failure {
            Failure::SignedOut => {
                // Where a form was sent to is no page.
                let here = page_of_form(self.uri.path());
                let here = here.unwrap_or_else(|| path_and_query(&self.uri));
                sign_in::begin(&self.portal, here, None).await
            }
            other => error::page(self.frame("Erreur", Section::None), &other),
        }
    }
}

fn path_and_query(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |path| path.as_str())
}

impl FromRequestParts<Portal> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let mut anybody = Anybody::from_request_parts(parts, portal).await?;
        match anybody.session.take() {
            Some(session) => Ok(Self::new(anybody, session)),
            None if parts.method == Method::GET => {
                Err(sign_in::begin(portal, path_and_query(&parts.uri), None).await)
            }
            // What was sent is not kept: its author comes back to where it was chosen.
            None => {
                let page = referring_page(&parts.headers, &portal.config.public_url);
                Err(sign_in::begin(portal, &page, None).await)
            }
        }
    }
}

/// A form sent by somebody who is signed in, from one of our pages. Without a session the form is kept, and shown
/// again after signing in.
pub(crate) struct Posted {
    pub(crate) visitor: Visitor,
    pub(crate) form: Form,
}

impl FromRequest<Portal> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let mut anybody = Anybody::from_request_parts(&mut parts, portal).await?;
        let form = match received(&parts.headers, body, anybody.session.is_some()).await {
            Ok(form) => form,
            Err(failure) => {
                return Err(error::page(
                    anybody.frame("Erreur", Section::None),
                    &failure,
                ));
            }
        };
        let Some(session) = anybody.session.take() else {
            let page = referring_page(&parts.headers, &portal.config.public_url);
            let action = parts.uri.path();
            return Err(sign_in::begin_with(portal, &page, action, &form).await);
        };
        let visitor = Visitor::new(anybody, session);
        let token = form.text(FORM_TOKEN);
        if !same_secret(token, &visitor.session.form_token) {
            // A token of another session: the page was opened before the person signed in again.
            let is_of_another = token.len() == visitor.session.form_token.len();
            if is_of_another && parts.uri.path() != sign_in::OUT_PATH {
                let page = referring_page(&parts.headers, &portal.config.public_url);
                let again = sign_in::take_up(&visitor, page, &form).await;
                return Err(visitor.answer(again).await);
            }
            let failure = Failure::Form("elle a été ouverte dans une autre session");
            return Err(error::page(
                visitor.frame("Erreur", Section::None),
                &failure,
            ));
        }
        Ok(Self { visitor, form })
    }
}

/// The fields that were sent. Of files, what tells them apart: they are hashed as they pass.
async fn received(headers: &HeaderMap, body: Body, is_signed_in: bool) -> Result<Form, Failure> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if let Ok(boundary) = multer::parse_boundary(kind) {
        return upload::read(boundary, body, is_signed_in).await;
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Failure::Form("ce type d’envoi n’est pas accepté"));
    }
    let bytes = to_bytes(body, MAX_FORM)
        .await
        .map_err(|_| Failure::TooLarge)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Failure::Form("texte illisible"))?;
    Ok(Form::parse(&text))
}

/// The page of a form, by the address it is sent to; none for what has a page at its own address.
pub(crate) fn page_of_form(path: &str) -> Option<&str> {
    const PARTS: [&str; 3] = ["/actes/", "/objectifs/", "/listes"];
    let before = |part: &str| path.find(part).and_then(|end| path.get(..end));
    match path {
        "/indicateurs/envoi" | "/indicateurs/confirmation" => Some("/indicateurs"),
        sign_in::OUT_PATH => Some("/"),
        _ => PARTS.into_iter().find_map(before),
    }
}

/// The page a form was on, as the browser says, if it is one of ours.
fn referring_page(headers: &HeaderMap, public_url: &str) -> String {
    headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .and_then(|referer| referer.strip_prefix(public_url))
        .map_or_else(
            || "/travail".to_owned(),
            |path| crate::security::local_path(path).to_owned(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_form_is_where_it_was_typed() {
        for (path, page) in [
            ("/revues/1/actes/ConcludeReview", Some("/revues/1")),
            ("/contrats/1/objectifs/accord", Some("/contrats/1")),
            ("/contrats/listes/1/retrait", Some("/contrats")),
            ("/contrats/listes", Some("/contrats")),
            ("/indicateurs/envoi", Some("/indicateurs")),
            ("/deconnexion", Some("/")),
            ("/territoires/places", None),
        ] {
            assert_eq!(page_of_form(path), page, "{path}");
        }
    }
}
