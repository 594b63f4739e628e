//! The DEVELOPMENT token issuer: signs whatever it is asked to, for anybody on this machine. A real
//! deployment takes its tokens from an identity provider instead.

mod claims;
mod codes;
mod http;
mod key;
mod personas;
mod service_token;
mod sign_in;

use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use kernel::Clock;
use tokio::net::TcpListener;

pub use claims::{AUDIENCE, BadRequest, Claims, Kind, MAX_LIFETIME_SECONDS, TokenRequest};
pub use key::IssuerKey;

use codes::Codes;
use personas::Personas;

/// Said at every start.
pub const WARNING: &str = "DEVELOPMENT ONLY: this issuer signs a token for anybody on this machine who asks, \
     with any role. Never let a real deployment trust it.";

/// Where the issuer listens and what it keeps.
#[derive(Debug, Clone)]
pub struct Options {
    /// A loopback address, unless a container name is given. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Name under which the other containers of a private network reach this one.
    pub container_name: Option<String>,
    /// Address under which browsers reach it, when it is not the one it listens on.
    pub browser_url: Option<String>,
    /// Holds the signing key, readable by its owner alone.
    pub state_dir: PathBuf,
    /// Receives the token that the processes of the suite use between themselves.
    pub service_token_file: PathBuf,
}

/// Signs tokens in the name of one address.
#[derive(Debug)]
pub struct Issuer {
    /// The `iss` of its tokens.
    url: String,
    /// Where browsers find its pages.
    browser_url: String,
    personas: Personas,
    codes: Codes,
    /// Accepted as `Host` beside the names of this machine.
    container_name: Option<String>,
    key: IssuerKey,
    clock: Clock,
}

impl Issuer {
    /// Signs a token, or says what is wrong with the request.
    pub fn sign(&self, request: &TokenRequest) -> Result<String, BadRequest> {
        let claims = request.claims(&self.url, self.clock.now())?;
        Ok(self.key.sign(&claims)?)
    }
}

/// An issuer that has bound its address and is ready to serve.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    issuer: Arc<Issuer>,
    service_token_file: PathBuf,
}

/// Makes or reads the key, binds, and writes the first service token.
pub async fn bind(options: &Options, clock: Clock) -> Result<Bound> {
    ensure!(
        is_loopback(options.listen.ip()) || options.container_name.is_some(),
        "the development issuer only listens on this machine: {} is not a loopback address (inside a \
         private network of containers, say --container-name)",
        options.listen.ip()
    );
    let key = IssuerKey::load_or_create(&options.state_dir)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("could not listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    let container_name = options.container_name.clone();
    let url = match &container_name {
        Some(name) => format!("http://{name}:{}", address.port()),
        None => format!("http://{address}"),
    };
    let issuer = Arc::new(Issuer {
        browser_url: options.browser_url.clone().unwrap_or_else(|| url.clone()),
        personas: Personas::default(),
        codes: Codes::default(),
        url,
        container_name,
        key,
        clock,
    });
    service_token::write(&issuer, &options.service_token_file)?;
    Ok(Bound {
        listener,
        issuer,
        service_token_file: options.service_token_file.clone(),
    })
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

impl Bound {
    /// The `iss` of its tokens.
    pub fn url(&self) -> &str {
        &self.issuer.url
    }

    /// Serves until `stop` completes.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let renewal = service_token::renew_for_ever(&self.issuer, &self.service_token_file);
        let serving = axum::serve(self.listener, http::router(Arc::clone(&self.issuer)))
            .with_graceful_shutdown(stop);
        tokio::select! {
            ended = serving.into_future() => ended.context("the issuer stopped serving"),
            failed = renewal => failed,
        }
    }
}
