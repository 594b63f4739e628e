//! Signing in by OpenID Connect: the authorization code flow, as ProConnect, Pro Santé Connect and every certified
//! provider speak it (OpenID Connect Core 1.0, RFC 6749, RFC 7636).
//!
//! The portal believes three things only: a `state` that this browser was given, an ID token signed by the
//! provider's keys for this client with the `nonce` of this sign-in, and what the provider says of the same `sub`.

mod discovery;
mod token;

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use form_urlencoded::Serializer;
use kernel::Clock;
use reqwest::{RequestBuilder, header};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tokio::sync::RwLock;

use self::discovery::Metadata;
use crate::{config::Provider, store::Person};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    /// It does not answer, or not as a provider does.
    #[error("the identity provider cannot be used: {0}")]
    Away(String),
    /// It answered, and refused.
    #[error("the identity provider refused: {0}")]
    Refused(String),
    /// What it sent does not prove an identity.
    #[error("the proof of identity is not valid: {0}")]
    Invalid(String),
}

/// Who signed in, and with what.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    /// When the access token ends, and with it what can be asked of the services.
    pub(crate) expires_at: OffsetDateTime,
}

/// A client of one provider.
#[derive(Debug, Clone)]
pub(crate) struct Oidc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    provider: Provider,
    redirect_uri: String,
    after_sign_out: String,
    http: reqwest::Client,
    clock: Clock,
    metadata: RwLock<Option<Arc<Metadata>>>,
    keys: token::Keys,
}

/// Longest wait for an answer of the provider.
const HTTP_TIMEOUT: Duration = Duration::from_secs(5);
/// Where the provider sends browsers back to.
pub(crate) const RETURN_PATH: &str = "/connexion/retour";

impl Oidc {
    /// A client that sends people back to the portal at `public_url`.
    pub(crate) fn new(
        provider: Provider,
        public_url: &str,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(HTTP_TIMEOUT).build()?;
        Ok(Self(Arc::new(Inner {
            redirect_uri: format!("{public_url}{RETURN_PATH}"),
            after_sign_out: format!("{public_url}/"),
            keys: token::Keys::default(),
            metadata: RwLock::default(),
            provider,
            http,
            clock,
        })))
    }

    /// Whether the provider takes a proof key.
    pub(crate) fn uses_pkce(&self) -> bool {
        self.0.provider.pkce
    }

    /// Where to send a browser to sign in.
    pub(crate) async fn authorization_url(
        &self,
        state: &str,
        nonce: &str,
        code_verifier: Option<&str>,
    ) -> Result<String, SignInError> {
        let metadata = self.metadata().await?;
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.0.provider.client_id)
            .append_pair("redirect_uri", &self.0.redirect_uri)
            .append_pair("scope", &self.0.provider.scopes)
            .append_pair("state", state)
            .append_pair("nonce", nonce);
        if let Some(verifier) = code_verifier {
            query
                .append_pair("code_challenge", &challenge(verifier))
                .append_pair("code_challenge_method", "S256");
        }
        if let Some(resource) = &self.0.provider.resource {
            query.append_pair("resource", resource);
        }
        Ok(with_query(
            &metadata.authorization_endpoint,
            &query.finish(),
        ))
    }

    /// Exchanges a code for tokens and says whose they are.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        nonce: &str,
        code_verifier: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let metadata = self.metadata().await?;
        let tokens = self.tokens(&metadata, code, code_verifier).await?;
        let now = self.0.clock.now();
        let identity = token::verify_id_token(self, &metadata, &tokens.id_token, nonce).await?;
        let described = self
            .user_info(&metadata, &tokens.access_token, &identity.sub)
            .await?;
        let person = described.unwrap_or_default().over(identity).person();
        let lifetime = time::Duration::seconds(tokens.expires_in.unwrap_or(300).max(0));
        Ok(SignedIn {
            person,
            access_token: tokens.access_token,
            id_token: tokens.id_token,
            expires_at: now + lifetime,
        })
    }

    /// Where to send a browser to sign out of the provider too, if it wants to know.
    pub(crate) async fn sign_out_url(&self, id_token: &str) -> Option<String> {
        let metadata = self.metadata().await.ok()?;
        let endpoint = metadata.end_session_endpoint.as_ref()?;
        let mut query = Serializer::new(String::new());
        query
            .append_pair("id_token_hint", id_token)
            .append_pair("client_id", &self.0.provider.client_id)
            .append_pair("post_logout_redirect_uri", &self.0.after_sign_out)
            .append_pair("state", &random_text());
        Some(with_query(endpoint, &query.finish()))
    }

    async fn tokens(
        &self,
        metadata: &Metadata,
        code: &str,
        code_verifier: Option<&str>,
    ) -> Result<Tokens, SignInError> {
        let provider = &self.0.provider;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.0.redirect_uri),
        ];
        fields.extend(code_verifier.map(|verifier| ("code_verifier", verifier)));
        let resource = provider.resource.as_deref();
        fields.extend(resource.map(|resource| ("resource", resource)));
        let mut request = self.0.http.post(&metadata.token_endpoint);
        match &provider.client_secret {
            Some(secret) if metadata.takes_basic_authentication() => {
                // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
                let encoded = |text: &str| -> String {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect()
                };
                request = request.basic_auth(encoded(&provider.client_id), Some(encoded(secret)));
            }
            secret => {
                fields.push(("client_id", &provider.client_id));
                fields.extend(
                    secret
                        .iter()
                        .map(|secret| ("client_secret", secret.as_str())),
                );
            }
        }
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let answer = send(
            request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::ACCEPT, "application/json")
                .body(body),
        )
        .await?;
        let status = answer.status();
        let text = answer.text().await.map_err(away)?;
        if !status.is_success() {
            let refusal: Refusal = serde_json::from_str(&text).unwrap_or_default();
            return Err(SignInError::Refused(format!(
                "{status} {} {}",
                refusal.error, refusal.error_description
            )));
        }
        serde_json::from_str(&text).map_err(|error| SignInError::Away(error.to_string()))
    }

    /// What the provider says of a person: JSON, or a signed JWT as ProConnect does.
    async fn user_info(
        &self,
        metadata: &Metadata,
        access_token: &str,
        subject: &str,
    ) -> Result<Option<Claims>, SignInError> {
        let Some(endpoint) = &metadata.userinfo_endpoint else {
            return Ok(None);
        };
        let answer = send(self.0.http.get(endpoint).bearer_auth(access_token)).await?;
        if !answer.status().is_success() {
            return Err(SignInError::Refused(format!(
                "userinfo: {}",
                answer.status()
            )));
        }
        let is_signed = answer
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/jwt"));
        let text = answer.text().await.map_err(away)?;
        let claims: Claims = if is_signed {
            token::verify_user_info(self, metadata, &text).await?
        } else {
            serde_json::from_str(&text).map_err(|error| SignInError::Invalid(error.to_string()))?
        };
        // OpenID Connect Core 5.3.2: otherwise it describes somebody else.
        if claims.sub != subject {
            return Err(SignInError::Invalid(
                "userinfo speaks of another subject than the ID token".to_owned(),
            ));
        }
        Ok(Some(claims))
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, SignInError> {
        if let Some(metadata) = &*self.0.metadata.read().await {
            return Ok(Arc::clone(metadata));
        }
        let metadata = Arc::new(discovery::read(&self.0.http, &self.0.provider.issuer).await?);
        *self.0.metadata.write().await = Some(Arc::clone(&metadata));
        Ok(metadata)
    }
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    id_token: String,
    expires_in: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
}

/// What a provider may say of a person, in an ID token or at its userinfo endpoint.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Claims {
    #[serde(default)]
    sub: String,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// ProConnect's family name.
    usual_name: Option<String>,
    roles: Option<Vec<String>>,
    regions: Option<Vec<String>>,
    finess: Option<Vec<String>>,
    departments: Option<Vec<String>>,
}

impl Claims {
    /// These, completed by the others.
    fn over(self, other: Self) -> Self {
        Self {
            sub: other.sub,
            name: self.name.or(other.name),
            given_name: self.given_name.or(other.given_name),
            family_name: self.family_name.or(other.family_name),
            usual_name: self.usual_name.or(other.usual_name),
            roles: self.roles.or(other.roles),
            regions: self.regions.or(other.regions),
            finess: self.finess.or(other.finess),
            departments: self.departments.or(other.departments),
        }
    }

    fn person(self) -> Person {
        let family = self.usual_name.or(self.family_name);
        let composed = [self.given_name, family]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let name = self
            .name
            .filter(|name| !name.is_empty())
            .or_else(|| Some(composed).filter(|name| !name.is_empty()))
            .unwrap_or_else(|| self.sub.clone());
        Person {
            subject: self.sub,
            name,
            roles: self.roles.unwrap_or_default(),
            regions: self.regions.unwrap_or_default(),
            finess: self.finess.unwrap_or_default(),
            departments: self.departments.unwrap_or_default(),
        }
    }
}

async fn send(request: RequestBuilder) -> Result<reqwest::Response, SignInError> {
    request.send().await.map_err(away)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in `map_err`, which gives the error away"
)]
fn away(error: reqwest::Error) -> SignInError {
    SignInError::Away(error.to_string())
}

fn with_query(endpoint: &str, query: &str) -> String {
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{query}")
}

/// RFC 7636, S256.
fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// 256 bits that nobody can guess, as 43 characters.
pub(crate) fn random_text() -> String {
    let mut bytes = [0_u8; 32];
    // The kernel's generator does not fail once the machine has started; without it nothing is safe.
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the system has no randomness to give");
        std::process::abort();
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn secrets_are_long_enough_and_never_the_same() {
        let (one, other) = (random_text(), random_text());
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
    }

    #[test]
    fn names_come_as_each_provider_gives_them() {
        let person =
            |claims: &str| -> Person { serde_json::from_str::<Claims>(claims).unwrap().person() };
        assert_eq!(
            person(r#"{"sub":"a","name":"Ada Martin"}"#).name,
            "Ada Martin"
        );
        assert_eq!(
            person(r#"{"sub":"a","given_name":"Ada","usual_name":"Martin"}"#).name,
            "Ada Martin"
        );
        assert_eq!(person(r#"{"sub":"a"}"#).name, "a");
        let president = person(r#"{"sub":"a","departments":["06"]}"#);
        assert_eq!(president.departments, ["06"]);
    }
}
