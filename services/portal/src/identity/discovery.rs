//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::{SignInError, away};

/// The part of a discovery document that a sign-in needs.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
    pub(super) jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Metadata {
    /// Discovery 1.0, section 3: `client_secret_basic` when nothing is said.
    pub(super) fn takes_basic_authentication(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        methods.is_empty() || methods.iter().any(|method| method == "client_secret_basic")
    }
}

/// Reads the document of an issuer.
pub(super) async fn read(http: &reqwest::Client, issuer: &str) -> Result<Metadata, SignInError> {
    let url = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let answer = http
        .get(&url)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(away)?;
    let metadata: Metadata = answer.json().await.map_err(away)?;
    // Section 4.3: otherwise one issuer could speak in the name of another.
    if metadata.issuer.trim_end_matches('/') != issuer.trim_end_matches('/') {
        return Err(SignInError::Away(format!(
            "{url} speaks for {}",
            metadata.issuer
        )));
    }
    Ok(metadata)
}
