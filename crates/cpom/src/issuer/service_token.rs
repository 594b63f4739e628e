//! The token that the processes of the suite use between themselves.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};

use super::{Issuer, Kind, TokenRequest};
use crate::private_file;

const LIFETIME_SECONDS: u32 = 3_600;

/// Long before the end, so that a reader never holds an expired one.
const RENEWAL: Duration = Duration::from_secs(LIFETIME_SECONDS as u64 / 4);

/// Signs a new token into the file.
pub(super) fn write(issuer: &Issuer, path: &Path) -> Result<()> {
    let request = TokenRequest {
        lifetime_seconds: LIFETIME_SECONDS,
        ..TokenRequest::new(
            Kind::Service,
            "service",
            "service:suite",
            "CPOM suite",
            &["*"],
        )
    };
    let token = issuer
        .sign(&request)
        .context("could not sign the service token")?;
    private_file::write(path, token.as_bytes())
}

/// Keeps the file fresh. Only returns on failure.
pub(super) async fn renew_for_ever(issuer: &Issuer, path: &Path) -> Result<()> {
    loop {
        tokio::time::sleep(RENEWAL).await;
        write(issuer, path)?;
    }
}
