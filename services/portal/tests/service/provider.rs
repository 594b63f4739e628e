//! An identity provider of the test's own: codes, tokens, and userinfo as JSON or as a signed JWT.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::Clock;
use serde_json::{Value, json};
use testkit::TestIssuer;
use tokio::net::TcpListener;

pub(crate) const CLIENT: &str = "portail-de-test";

/// What the provider says, to be spoiled by a test.
#[derive(Debug, Clone)]
pub(crate) struct Saying {
    /// Nonce of the next ID token; none: that of the request.
    pub(crate) nonce: Option<String>,
    pub(crate) audience: String,
    /// `sub` that userinfo speaks of.
    pub(crate) described: String,
    pub(crate) signs_user_info: bool,
    pub(crate) expires_in: i64,
}

impl Default for Saying {
    fn default() -> Self {
        Self {
            nonce: None,
            audience: CLIENT.to_owned(),
            described: "person:test".to_owned(),
            signs_user_info: false,
            expires_in: 36_000,
        }
    }
}

pub(crate) struct Provider {
    pub(crate) url: String,
    state: Arc<Shared>,
}

struct Shared {
    url: String,
    issuer: TestIssuer,
    clock: Clock,
    saying: Mutex<Saying>,
    /// Nonce and challenge of the sign-in on its way.
    asked: Mutex<(String, String)>,
    /// The fields of the last exchange.
    exchanged: Mutex<HashMap<String, String>>,
}

impl Provider {
    pub(crate) async fn start(clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Shared {
            url: url.clone(),
            issuer: TestIssuer::start(clock.clone()).await,
            clock,
            saying: Mutex::default(),
            asked: Mutex::default(),
            exchanged: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, state }
    }

    pub(crate) fn says(&self, saying: Saying) {
        *self.state.saying.lock().unwrap() = saying;
    }

    /// What a person does at the provider: the address a browser was sent to becomes the one it comes back to.
    pub(crate) fn agree(&self, authorization_url: &str) -> String {
        let query = authorization_url.split_once('?').unwrap().1;
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32);
        let challenge = asked.get("code_challenge").cloned().unwrap_or_default();
        *self.state.asked.lock().unwrap() = (asked["nonce"].clone(), challenge);
        let redirect = asked["redirect_uri"].split_once("//").unwrap().1;
        let path = redirect.split_once('/').unwrap().1;
        format!("/{path}?code=le-code&state={}", asked["state"])
    }

    /// A field of the last exchange.
    pub(crate) fn exchanged(&self, name: &str) -> Option<String> {
        self.state.exchanged.lock().unwrap().get(name).cloned()
    }

    pub(crate) fn challenge(&self) -> String {
        self.state.asked.lock().unwrap().1.clone()
    }
}

async fn configuration(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let url = &shared.url;
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "end_session_endpoint": format!("{url}/logout"),
        "jwks_uri": shared.issuer.jwks_url(),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }))
}

async fn token(State(shared): State<Arc<Shared>>, body: String) -> Response {
    let fields: HashMap<String, String> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let is_known = fields.get("code").map(String::as_str) == Some("le-code");
    *shared.exchanged.lock().unwrap() = fields;
    if !is_known {
        let refusal = Json(json!({ "error": "invalid_grant" }));
        return (StatusCode::BAD_REQUEST, refusal).into_response();
    }
    let saying = shared.saying.lock().unwrap().clone();
    let nonce = shared.asked.lock().unwrap().0.clone();
    let now = shared.clock.now().unix_timestamp();
    let id_token = shared.issuer.sign(&json!({
        "iss": shared.url,
        "aud": saying.audience,
        "sub": "person:test",
        "iat": now,
        "exp": now + 300,
        "nonce": saying.nonce.unwrap_or(nonce),
    }));
    Json(json!({
        "access_token": "un-jeton",
        "id_token": id_token,
        "token_type": "Bearer",
        "expires_in": saying.expires_in,
    }))
    .into_response()
}

async fn user_info(State(shared): State<Arc<Shared>>) -> Response {
    let saying = shared.saying.lock().unwrap().clone();
    let claims = json!({
        "iss": shared.url,
        "sub": saying.described,
        "given_name": "Ada",
        "usual_name": "Martin",
        "roles": ["contract_manager"],
        "regions": ["93"],
    });
    if saying.signs_user_info {
        let signed = shared.issuer.sign(&claims);
        ([(header::CONTENT_TYPE, "application/jwt")], signed).into_response()
    } else {
        Json(claims).into_response()
    }
}
