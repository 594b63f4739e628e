//! Tokens: JWT signed by a known issuer, keys from its JWKS.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use kernel::Clock;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::caller::Claims;

/// The token does not prove an identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    #[error("a bearer token is required")]
    Missing,
    #[error("the token has expired; ask for a new one")]
    Expired,
    #[error("the token is not valid: {0}")]
    Invalid(String),
    /// The issuer's keys cannot be read, so nothing can be said of the token.
    #[error("the keys of the token issuer cannot be read at the moment")]
    KeysAway,
}

/// Audience that a token must name.
pub const AUDIENCE: &str = "cpom";
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::EdDSA,
];
/// An unknown key id makes the keys be read again, at most this often.
const REFRESH_AT_MOST_EVERY: Duration = Duration::from_secs(5);
const REFRESH_PERIOD: Duration = Duration::from_mins(5);
const CLOCK_SKEW_SECONDS: u64 = 30;
const MAX_CACHED: usize = 10_000;
const HTTP_TIMEOUT: Duration = Duration::from_secs(3);

type Digest = [u8; 32];

/// Verifies tokens. A signature is checked once per token and remembered until it expires or the keys change.
#[derive(Debug, Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    issuer: String,
    jwks_url: String,
    http: reqwest::Client,
    clock: Clock,
    keys: RwLock<HashMap<String, Arc<DecodingKey>>>,
    verified: RwLock<HashMap<Digest, Arc<Claims>>>,
    last_refresh: Mutex<Option<Refresh>>,
}

struct Refresh {
    at: Instant,
    outcome: Result<(), IdentityError>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl Identity {
    /// Tokens of `issuer`, whose keys are at `jwks_url`.
    pub fn new(issuer: &str, jwks_url: &str, clock: Clock) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(HTTP_TIMEOUT).build()?;
        Ok(Self(Arc::new(Inner {
            issuer: issuer.to_owned(),
            jwks_url: jwks_url.to_owned(),
            http,
            clock,
            keys: RwLock::default(),
            verified: RwLock::default(),
            last_refresh: Mutex::default(),
        })))
    }

    /// Reads the issuer's keys, so that the first call does not wait for them. Asked again within a few seconds,
    /// it only repeats what came of it.
    ///
    /// # Errors
    /// [`IdentityError::KeysAway`]; the keys known before stay.
    pub async fn refresh(&self) -> Result<(), IdentityError> {
        let mut last = self.0.last_refresh.lock().await;
        if let Some(last) = &*last
            && last.at.elapsed() < REFRESH_AT_MOST_EVERY
        {
            return last.outcome.clone();
        }
        let outcome = self.read_keys().await.map_err(|error| {
            tracing::warn!(%error, "the keys of the token issuer cannot be read");
            IdentityError::KeysAway
        });
        *last = Some(Refresh {
            at: Instant::now(),
            outcome: outcome.clone(),
        });
        outcome
    }

    /// Reads the keys again now and then until `stop`, so that a key the issuer withdrew is not trusted for ever.
    pub async fn keep_fresh(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(REFRESH_PERIOD) => {}
                () = stop.cancelled() => return,
            }
            // A failure was logged; the known keys stay meanwhile.
            let _outcome = self.refresh().await;
        }
    }

    async fn read_keys(&self) -> Result<(), reqwest::Error> {
        let response = self
            .0
            .http
            .get(&self.0.jwks_url)
            .send()
            .await?
            .error_for_status()?;
        let set: JwkSet = response.json().await?;
        let keys: HashMap<_, _> = set
            .keys
            .iter()
            .filter_map(|jwk| {
                let id = jwk.common.key_id.clone()?;
                Some((id, Arc::new(DecodingKey::from_jwk(jwk).ok()?)))
            })
            .collect();
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.0
            .verified
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        Ok(())
    }

    pub(crate) async fn verify(&self, token: &str) -> Result<Arc<Claims>, IdentityError> {
        let digest: Digest = Sha256::digest(token).into();
        let now = self.0.clock.now().unix_timestamp();
        if let Some(claims) = self.remembered(&digest) {
            return if claims.exp > now {
                Ok(claims)
            } else {
                Err(IdentityError::Expired)
            };
        }
        let header = decode_header(token).map_err(|e| IdentityError::Invalid(e.to_string()))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(IdentityError::Invalid(format!(
                "algorithm {:?} is refused",
                header.alg
            )));
        }
        let key_id = header.kid.unwrap_or_default();
        let mut key = self.key(&key_id);
        if key.is_none() {
            self.refresh().await?;
            key = self.key(&key_id);
        }
        let key = key.ok_or_else(|| IdentityError::Invalid("unknown signing key".to_owned()))?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.0.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = CLOCK_SKEW_SECONDS;
        // Expiry is judged by our own clock, below.
        validation.validate_exp = false;
        let claims = decode::<Claims>(token, &key, &validation)
            .map_err(|e| IdentityError::Invalid(e.to_string()))?
            .claims;
        if claims.exp <= now {
            return Err(IdentityError::Expired);
        }
        Ok(self.remember(digest, claims, now))
    }

    fn key(&self, id: &str) -> Option<Arc<DecodingKey>> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(id).map(Arc::clone)
    }

    fn remembered(&self, digest: &Digest) -> Option<Arc<Claims>> {
        let verified = self
            .0
            .verified
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        verified.get(digest).map(Arc::clone)
    }

    fn remember(&self, digest: Digest, claims: Claims, now: i64) -> Arc<Claims> {
        let claims = Arc::new(claims);
        let mut verified = self
            .0
            .verified
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if verified.len() >= MAX_CACHED {
            verified.retain(|_, claims| claims.exp > now);
        }
        if verified.len() < MAX_CACHED {
            verified.insert(digest, Arc::clone(&claims));
        }
        claims
    }
}
