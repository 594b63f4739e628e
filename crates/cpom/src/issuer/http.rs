//! The addresses of the issuer.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header::HOST},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{BadRequest, Issuer, TokenRequest, WARNING, sign_in};

/// A token request is small; a list of FINESS numbers makes most of it.
const MAX_BODY: usize = 64 * 1024;

pub(super) fn router(issuer: Arc<Issuer>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/jwks.json", get(key_set))
        .route("/token", post(token))
        .route("/personas", post(personas))
        .route("/authorize", get(sign_in::choose).post(sign_in::chosen))
        .route("/oidc/token", post(sign_in::exchange))
        .route("/userinfo", get(sign_in::user_info))
        .route("/logout", get(sign_in::leave))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::clone(&issuer), refuse_other_hosts))
        .with_state(issuer)
}

async fn configuration(State(issuer): State<Arc<Issuer>>) -> Json<Value> {
    Json(json!({
        "issuer": issuer.url,
        "jwks_uri": format!("{}/jwks.json", issuer.url),
        // Where browsers go, which may know this machine under another name than the other processes.
        "authorization_endpoint": format!("{}/authorize", issuer.browser_url),
        "end_session_endpoint": format!("{}/logout", issuer.browser_url),
        "token_endpoint": format!("{}/oidc/token", issuer.url),
        "userinfo_endpoint": format!("{}/userinfo", issuer.url),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "warning": WARNING,
    }))
}

async fn key_set(State(issuer): State<Arc<Issuer>>) -> Response {
    Json(issuer.key.key_set()).into_response()
}

async fn token(State(issuer): State<Arc<Issuer>>, Json(request): Json<TokenRequest>) -> Response {
    match issuer.sign(&request) {
        Ok(token) => Json(json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": request.lifetime_seconds,
        }))
        .into_response(),
        Err(error) => refused(&error),
    }
}

/// Adds people to the sign-in page.
async fn personas(
    State(issuer): State<Arc<Issuer>>,
    Json(people): Json<Vec<TokenRequest>>,
) -> Response {
    match issuer.personas.add(people) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &BadRequest) -> Response {
    let code = match error {
        BadRequest::Signature(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let body = json!({"error": "invalid_request", "error_description": error.to_string()});
    (code, Json(body)).into_response()
}

/// A page open in a browser must not obtain a token by having its own name resolve to this machine. (It
/// cannot post JSON here either: that needs a preflight, which is not answered.)
async fn refuse_other_hosts(
    State(issuer): State<Arc<Issuer>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let container = issuer.container_name.as_deref();
    if host.is_some_and(|host| is_local(host) || container == Some(name_in(host))) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        "ask for 127.0.0.1 or localhost\n",
    )
        .into_response()
}

/// A `Host` without its port.
fn name_in(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_local(host: &str) -> bool {
    let name = name_in(host);
    let address = name.trim_start_matches('[').trim_end_matches(']').parse();
    name == "localhost" || address.is_ok_and(super::is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost",
            "localhost:80",
            "127.0.0.1:4000",
            "[::1]:4000",
            "127.0.0.1",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:4000",
            "10.0.0.1:4000",
            "",
            "localhost.evil",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
