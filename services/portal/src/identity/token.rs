//! Signed tokens of the provider: the ID token, and userinfo where it is signed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Claims, Oidc, SignInError, away, discovery::Metadata};

const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::EdDSA,
];
const CLOCK_SKEW_SECONDS: i64 = 30;

/// Public keys of the provider, by identifier.
#[derive(Default)]
pub(super) struct Keys(RwLock<HashMap<String, Arc<DecodingKey>>>);

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

#[derive(Deserialize)]
struct IdToken {
    exp: i64,
    #[serde(default)]
    nonce: String,
    azp: Option<String>,
    #[serde(flatten)]
    claims: Claims,
}

/// Checks an ID token (OpenID Connect Core 3.1.3.7) and says whom it names.
pub(super) async fn verify_id_token(
    oidc: &Oidc,
    metadata: &Metadata,
    token: &str,
    nonce: &str,
) -> Result<Claims, SignInError> {
    let client_id = &oidc.0.provider.client_id;
    let token: IdToken = verify(oidc, metadata, token, Some(client_id)).await?;
    let invalid = |why: &str| Err(SignInError::Invalid(why.to_owned()));
    if token.nonce != nonce {
        return invalid("the nonce is not that of this sign-in");
    }
    if token.azp.as_ref().is_some_and(|azp| azp != client_id) {
        return invalid("the token was issued to another client");
    }
    if token.exp + CLOCK_SKEW_SECONDS <= oidc.0.clock.now().unix_timestamp() {
        return invalid("the token has expired");
    }
    if token.claims.sub.is_empty() {
        return invalid("the token names nobody");
    }
    Ok(token.claims)
}

/// Checks a signed userinfo answer.
pub(super) async fn verify_user_info(
    oidc: &Oidc,
    metadata: &Metadata,
    token: &str,
) -> Result<Claims, SignInError> {
    verify(oidc, metadata, token.trim(), None).await
}

/// The claims of a token signed by the provider, and meant for `audience`.
async fn verify<T: DeserializeOwned>(
    oidc: &Oidc,
    metadata: &Metadata,
    token: &str,
    audience: Option<&str>,
) -> Result<T, SignInError> {
    let invalid = |error: jsonwebtoken::errors::Error| SignInError::Invalid(error.to_string());
    let header = decode_header(token).map_err(invalid)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(SignInError::Invalid(format!(
            "algorithm {:?} is refused",
            header.alg
        )));
    }
    let key = key(oidc, metadata, &header.kid.unwrap_or_default()).await?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[&metadata.issuer]);
    if let Some(audience) = audience {
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    } else {
        validation.validate_aud = false;
        validation.set_required_spec_claims::<&str>(&[]);
    }
    // Expiry is judged by our own clock.
    validation.validate_exp = false;
    Ok(decode::<T>(token, &key, &validation)
        .map_err(invalid)?
        .claims)
}

/// A key by its identifier; one that is unknown makes the keys be read again.
async fn key(oidc: &Oidc, metadata: &Metadata, id: &str) -> Result<Arc<DecodingKey>, SignInError> {
    let keys = &oidc.0.keys.0;
    let known = || {
        let keys = keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(id).map(Arc::clone)
    };
    if let Some(key) = known() {
        return Ok(key);
    }
    let answer = oidc.0.http.get(&metadata.jwks_uri).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let set: JwkSet = answer.map_err(away)?.json().await.map_err(away)?;
    let fresh = set
        .keys
        .iter()
        .filter_map(|jwk| {
            let id = jwk.common.key_id.clone().unwrap_or_default();
            Some((id, Arc::new(DecodingKey::from_jwk(jwk).ok()?)))
        })
        .collect();
    *keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    known().ok_or_else(|| SignInError::Invalid("the signing key is unknown".to_owned()))
}
