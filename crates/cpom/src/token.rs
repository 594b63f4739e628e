//! Tokens: the one that was given, or one from the development issuer.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use tonic::Status;

use crate::{client::root_cause, issuer::TokenRequest, stack::Stack};

/// A client of the development issuer.
#[derive(Debug, Clone)]
pub struct IssuerClient {
    http: reqwest::Client,
    url: String,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    error_description: Option<String>,
}

impl IssuerClient {
    /// A client of the issuer of this stack.
    pub fn of(stack: &Stack) -> Result<Self> {
        let Some(url) = stack.issuer() else {
            bail!(
                "no token and no development issuer: set CPOM_TOKEN to a token of your identity \
                 provider, or start a local stack with `cargo dev up`"
            );
        };
        Self::at(url)
    }

    /// A client of the issuer at this address.
    pub fn at(url: &str) -> Result<Self> {
        // Fails only when another provider is already installed, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .no_proxy()
            .build()
            .context("could not make an HTTP client")?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
        })
    }

    /// Offers people on the sign-in page of the development issuer.
    pub async fn offer(&self, people: &[TokenRequest]) -> Result<()> {
        let url = format!("{}/personas", self.url);
        let response = self.http.post(&url).json(people).send().await;
        let status = response
            .with_context(|| format!("nobody answers at {url}"))?
            .status();
        if !status.is_success() {
            bail!("the issuer does not take these people: {status}");
        }
        Ok(())
    }

    /// Asks for a token.
    pub async fn mint(&self, request: &TokenRequest) -> Result<String> {
        let url = format!("{}/token", self.url);
        let response = self
            .http
            .post(&url)
            .json(request)
            .send()
            .await
            .map_err(|error| {
                Status::unavailable(format!("nobody answers at {url} ({})", root_cause(&error)))
            })
            .context("the development issuer does not answer")?;
        let status = response.status();
        let text = response
            .text()
            .await
            .context("the issuer’s answer was cut")?;
        let answer: Option<Answer> = serde_json::from_str(&text).ok();
        match answer {
            Some(Answer {
                access_token: Some(token),
                ..
            }) => Ok(token),
            Some(Answer {
                error_description: Some(why),
                ..
            }) => bail!("no token: {why}"),
            _ => bail!("no token: the issuer answered {status}: {}", text.trim()),
        }
    }
}

/// The subject that a token claims. Nothing is verified: services do that.
pub fn subject(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Sub {
        sub: String,
    }
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Sub>(&payload)
        .ok()
        .map(|claims| claims.sub)
}
