//! The authorization code flow of the development issuer: a page to choose who one is, the exchange of a code, and
//! what is said of a person. It speaks as real providers do (OpenID Connect Core 1.0), so that the portal needs no
//! development mode of its own.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use form_urlencoded::{Serializer, parse};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Issuer, TokenRequest,
    codes::{Grant, Presented},
    is_loopback,
};

/// What a client asks at `/authorize`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
}

impl Asked {
    /// Why nobody may be sent back, if so: a code must not leave this machine.
    fn fault(&self) -> Option<&'static str> {
        if self.response_type != "code" {
            return Some("response_type must be `code`");
        }
        if self.client_id.is_empty() {
            return Some("client_id is required");
        }
        if !self.code_challenge.is_empty() && self.code_challenge_method != "S256" {
            return Some("code_challenge_method must be `S256`");
        }
        (!is_local_address(&self.redirect_uri))
            .then_some("redirect_uri must be an address of this machine")
    }

    fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("response_type", &self.response_type),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("state", &self.state),
            ("nonce", &self.nonce),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ]
    }

    fn of(fields: &[(String, String)]) -> Self {
        let field = |name: &str| value(fields, name).to_owned();
        Self {
            response_type: field("response_type"),
            client_id: field("client_id"),
            redirect_uri: field("redirect_uri"),
            state: field("state"),
            nonce: field("nonce"),
            code_challenge: field("code_challenge"),
            code_challenge_method: field("code_challenge_method"),
        }
    }

    /// Back to the client, with what came of it.
    fn back(&self, name: &str, content: &str) -> Response {
        let mut query = Serializer::new(String::new());
        query
            .append_pair(name, content)
            .append_pair("state", &self.state);
        let separator = if self.redirect_uri.contains('?') {
            '&'
        } else {
            '?'
        };
        Redirect::to(&format!(
            "{}{separator}{}",
            self.redirect_uri,
            query.finish()
        ))
        .into_response()
    }
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn read(body: &str) -> Vec<(String, String)> {
    parse(body.as_bytes()).into_owned().collect()
}

/// `http://127.0.0.1:7405/…`, `http://localhost/…`.
fn is_local_address(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(is_loopback)
}

/// `GET /authorize`: the page on which one chooses who one is.
pub(super) async fn choose(
    State(issuer): State<Arc<Issuer>>,
    Query(asked): Query<Asked>,
) -> Response {
    match asked.fault() {
        Some(fault) => (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response(),
        None => Html(page(&asked, &issuer.personas.all())).into_response(),
    }
}

/// `POST /authorize`: somebody was chosen.
pub(super) async fn chosen(State(issuer): State<Arc<Issuer>>, body: String) -> Response {
    let fields = read(&body);
    let asked = Asked::of(&fields);
    if let Some(fault) = asked.fault() {
        return (StatusCode::BAD_REQUEST, format!("{fault}\n")).into_response();
    }
    let Some(person) = issuer.personas.find(value(&fields, "persona")) else {
        return asked.back("error", "access_denied");
    };
    let grant = Grant {
        person,
        client_id: asked.client_id.clone(),
        redirect_uri: asked.redirect_uri.clone(),
        nonce: asked.nonce.clone(),
        code_challenge: asked.code_challenge.clone(),
    };
    let code = issuer.codes.issue(grant, issuer.clock.now());
    asked.back("code", &code)
}

/// What an ID token says.
#[derive(Debug, Serialize)]
struct IdClaims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
    nonce: &'a str,
    name: &'a str,
}

/// `POST /oidc/token`: a code for tokens, once.
pub(super) async fn exchange(State(issuer): State<Arc<Issuer>>, body: String) -> Response {
    let fields = read(&body);
    let refused =
        |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    if value(&fields, "grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    let presented = Presented {
        code: value(&fields, "code"),
        client_id: value(&fields, "client_id"),
        redirect_uri: value(&fields, "redirect_uri"),
        code_verifier: value(&fields, "code_verifier"),
    };
    let now = issuer.clock.now();
    let Some(grant) = issuer.codes.redeem(&presented, now) else {
        return refused("invalid_grant");
    };
    let lifetime = grant.person.lifetime_seconds;
    let id_claims = IdClaims {
        iss: &issuer.url,
        aud: &grant.client_id,
        sub: &grant.person.sub,
        iat: now.unix_timestamp(),
        exp: now.unix_timestamp() + i64::from(lifetime),
        nonce: &grant.nonce,
        name: &grant.person.name,
    };
    let signed = issuer
        .sign(&grant.person)
        .ok()
        .zip(issuer.key.sign(&id_claims).ok());
    match signed {
        Some((access_token, id_token)) => Json(json!({
            "access_token": access_token,
            "id_token": id_token,
            "token_type": "Bearer",
            "expires_in": lifetime,
        }))
        .into_response(),
        None => refused("server_error"),
    }
}

/// `GET /userinfo`: what the access token says of its holder.
pub(super) async fn user_info(State(issuer): State<Arc<Issuer>>, headers: HeaderMap) -> Response {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    match token.and_then(|token| issuer.key.verify(token, &issuer.url)) {
        Some(claims) if claims.exp > issuer.clock.now().unix_timestamp() => Json(json!({
            "sub": claims.sub,
            "name": claims.name,
            "roles": claims.roles,
            "regions": claims.regions,
            "finess": claims.finess,
            "departments": claims.departments,
        }))
        .into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// What a client says at `/logout`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leaving {
    post_logout_redirect_uri: String,
}

/// `GET /logout`: nothing is remembered here; the browser goes back where it came from.
pub(super) async fn leave(Query(leaving): Query<Leaving>) -> Response {
    if is_local_address(&leaving.post_logout_redirect_uri) {
        Redirect::to(&leaving.post_logout_redirect_uri).into_response()
    } else {
        "Signed out.\n".into_response()
    }
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:light-dark(#1b2228,#e9ecee);--soft:light-dark(#4d5861,#b3bcc4);\
--paper:light-dark(#f6f5f1,#13171b);--card:light-dark(#fff,#1b2126);--line:light-dark(#d8d4ca,#39434b);\
--accent:light-dark(#0d4f66,#84cbe0);--warn:light-dark(#7a4a00,#edc07a);--wash:light-dark(#faeed8,#3a2d14)}\
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,sans-serif}\
main{max-width:46rem;margin:3rem auto;padding:0 1.5rem}h1{font-size:1.75rem;line-height:1.25;margin:0 0 .5rem}\
p{margin:0 0 1.25rem;color:var(--soft)}.note{background:var(--wash);color:var(--warn);padding:.75rem 1rem;\
border-left:4px solid var(--warn)}ul{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}\
button{display:block;width:100%;text-align:left;padding:.75rem 1rem;font:inherit;color:inherit;cursor:pointer;\
background:var(--card);border:1px solid var(--line);border-radius:.5rem}button:hover{border-color:var(--accent)}\
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}strong{display:block}\
small{color:var(--soft);font-size:.875rem}";

/// The page of the personas.
fn page(asked: &Asked, personas: &[TokenRequest]) -> String {
    let mut hidden = String::new();
    for (name, content) in asked.fields() {
        let _ = write!(
            hidden,
            r#"<input type="hidden" name="{name}" value="{}">"#,
            escape(content)
        );
    }
    let mut choices = String::new();
    for person in personas {
        let scope = if !person.departments.is_empty() {
            format!("département : {}", person.departments.join(", "))
        } else if person.regions == ["*"] {
            "toutes les régions".to_owned()
        } else if person.finess.is_empty() {
            format!("régions : {}", person.regions.join(", "))
        } else {
            format!("FINESS : {}", person.finess.join(", "))
        };
        let _ = write!(
            choices,
            r#"<li><button name="persona" value="{}"><strong>{}</strong><small>{} — {}</small></button></li>"#,
            escape(&person.sub),
            escape(if person.name.is_empty() {
                &person.sub
            } else {
                &person.name
            }),
            escape(&titles(&person.roles)),
            escape(&scope),
        );
    }
    format!(
        r#"<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Qui êtes-vous ? — développement</title><style>{STYLE}</style></head><body><main><h1>Qui êtes-vous ?</h1><p class="note">Environnement de développement : des personnages fictifs, sans mot de passe. Aucun déploiement réel ne doit faire confiance à cet émetteur.</p><form method="post" action="/authorize">{hidden}<ul>{choices}</ul></form></main></body></html>"#
    )
}

/// Roles in French, for those who choose.
fn titles(roles: &[String]) -> String {
    let title = |role: &String| match role.as_str() {
        "contract_manager" => "chargée de contractualisation".to_owned(),
        "manager" => "responsable à l’agence".to_owned(),
        "director_general" => "directrice générale".to_owned(),
        "controller" => "contrôleur".to_owned(),
        "reviewer" => "instructrice".to_owned(),
        "department_president" => "présidente du conseil départemental".to_owned(),
        "department_manager" => "chargé de mission du conseil départemental".to_owned(),
        "establishment_director" => "direction d’établissement".to_owned(),
        "auditor" => "auditeur".to_owned(),
        "registry_administrator" => "administration du registre".to_owned(),
        other => other.to_owned(),
    };
    roles.iter().map(title).collect::<Vec<_>>().join(", ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_to_this_machine_only() {
        for url in [
            "http://127.0.0.1:7405/connexion/retour",
            "http://localhost/x",
            "http://[::1]:80/",
        ] {
            assert!(is_local_address(url), "{url}");
        }
        for url in [
            "https://portail.example/",
            "http://127.0.0.1.evil.example/",
            "http://localhost@evil.example/",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_local_address(url), "{url}");
        }
    }

    #[test]
    fn what_a_client_says_cannot_break_out_of_the_page() {
        let asked = Asked {
            state: "\"><script>".to_owned(),
            ..Asked::default()
        };
        assert!(!page(&asked, &[]).contains("<script>"));
    }
}
