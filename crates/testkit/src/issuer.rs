//! Tokens, and who they are for.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Json, Router, routing::get};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use kernel::Clock;
use p256::{
    SecretKey,
    elliptic_curve::rand_core::OsRng,
    pkcs8::{EncodePrivateKey as _, LineEnding},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Somebody or something that calls.
#[derive(Debug, Clone)]
pub struct Persona {
    subject: String,
    kind: &'static str,
    roles: Vec<String>,
    regions: Vec<String>,
    finess: Vec<String>,
    departments: Vec<String>,
}

impl Persona {
    fn new(kind: &'static str, role: &str) -> Self {
        Self {
            subject: format!("{role}-1"),
            kind,
            roles: vec![role.to_owned()],
            regions: Vec::new(),
            finess: Vec::new(),
            departments: Vec::new(),
        }
    }

    /// A person with this role.
    pub fn human(role: &str) -> Self {
        Self::new("human", role)
    }

    /// An establishment's machine.
    pub fn system(role: &str) -> Self {
        Self::new("system", role)
    }

    /// A process of the suite, in every region.
    pub fn service() -> Self {
        Self::new("service", "service").region("*")
    }

    /// Another person with the same role.
    #[must_use]
    pub fn named(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }

    #[must_use]
    pub fn region(mut self, code: &str) -> Self {
        self.regions.push(code.to_owned());
        self
    }

    #[must_use]
    pub fn finess(mut self, number: &str) -> Self {
        self.finess.push(number.to_owned());
        self
    }

    /// Presides or works for the council of a département.
    #[must_use]
    pub fn department(mut self, code: &str) -> Self {
        self.departments.push(code.to_owned());
        self
    }

    /// Whether it has this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    #[must_use]
    pub fn also(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }
}

/// An issuer with a key of its own, serving its JWKS on loopback.
pub struct TestIssuer {
    address: SocketAddr,
    key: Mutex<SigningKey>,
    published: Arc<Mutex<Value>>,
    clock: Clock,
}

struct SigningKey {
    id: String,
    private: EncodingKey,
}

impl std::fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestIssuer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

const LIFETIME_SECONDS: i64 = 3_600;
const DAY_SECONDS: i64 = 24 * LIFETIME_SECONDS;

impl TestIssuer {
    /// Starts an issuer. Tokens live by `clock`.
    #[expect(clippy::expect_used, reason = "a test without its issuer cannot go on")]
    pub async fn start(clock: Clock) -> Self {
        let (key, set) = make_key("test");
        let published = Arc::new(Mutex::new(set));
        let served = Arc::clone(&published);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answer = move || async move { Json(locked(&served).clone()) };
        let router = Router::new().route("/jwks.json", get(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            key: Mutex::new(key),
            published,
            clock,
        }
    }

    /// The `iss` of its tokens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn jwks_url(&self) -> String {
        format!("http://{}/jwks.json", self.address)
    }

    /// Withdraws the key and signs with a new one from now on.
    pub fn rotate(&self) {
        let (key, set) = make_key(&kernel::new_id().to_string());
        *locked(&self.key) = key;
        *locked(&self.published) = set;
    }

    /// A token for a persona, valid for an hour.
    pub fn token(&self, persona: &Persona) -> String {
        self.sign(&self.claims(persona))
    }

    /// The claims of a persona, to be spoiled by a test. An auditor is on a mission of two days.
    pub fn claims(&self, persona: &Persona) -> Value {
        let now = self.clock.now().unix_timestamp();
        let mut claims = json!({
            "iss": self.url(),
            "aud": rpc::AUDIENCE,
            "sub": persona.subject,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "kind": persona.kind,
            "roles": persona.roles,
            "regions": persona.regions,
            "finess": persona.finess,
            "departments": persona.departments,
        });
        if persona.roles.iter().any(|role| role == "auditor") {
            claims["mission"] = json!({
                "id": "missions/1",
                "opened_by": "director_general-1",
                "from": now - DAY_SECONDS,
                "until": now + DAY_SECONDS,
            });
        }
        claims
    }

    /// Signs any claims with this issuer's key.
    #[expect(clippy::expect_used, reason = "a test without its token cannot go on")]
    pub fn sign(&self, claims: &Value) -> String {
        let key = locked(&self.key);
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(key.id.clone());
        encode(&header, claims, &key.private).expect("a token")
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A key and the JWKS that publishes it.
#[expect(clippy::expect_used, reason = "a test without its key cannot go on")]
fn make_key(id: &str) -> (SigningKey, Value) {
    let pem = SecretKey::random(&mut OsRng)
        .to_pkcs8_pem(LineEnding::LF)
        .expect("a key");
    let private = EncodingKey::from_ec_pem(pem.as_bytes()).expect("a P-256 key");
    let mut public = Jwk::from_encoding_key(&private, Algorithm::ES256).expect("its public half");
    public.common.key_id = Some(id.to_owned());
    (
        SigningKey {
            id: id.to_owned(),
            private,
        },
        json!({ "keys": [public] }),
    )
}
