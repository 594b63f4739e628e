//! Authorization codes: short-lived, used once, bound to what the browser came with (RFC 6749, RFC 7636).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use super::TokenRequest;

const LIFETIME: Duration = Duration::seconds(60);
/// Codes that wait at the same time.
const MOST: usize = 1_000;

/// What a code stands for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) person: TokenRequest,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) nonce: String,
    /// S256 challenge; empty when the client does without.
    pub(super) code_challenge: String,
}

/// What a client presents with a code.
#[derive(Debug)]
pub(super) struct Presented<'a> {
    pub(super) code: &'a str,
    pub(super) client_id: &'a str,
    pub(super) redirect_uri: &'a str,
    pub(super) code_verifier: &'a str,
}

/// The codes that wait.
#[derive(Debug, Default)]
pub(super) struct Codes(Mutex<HashMap<String, (Grant, OffsetDateTime)>>);

impl Codes {
    /// A new code. Two identifiers make 244 random bits.
    pub(super) fn issue(&self, grant: Grant, now: OffsetDateTime) -> String {
        let code = format!("{}{}", kernel::new_id().simple(), kernel::new_id().simple());
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (_, issued)| *issued > now - LIFETIME);
        if codes.len() < MOST {
            codes.insert(code.clone(), (grant, now));
        }
        code
    }

    /// What the code stands for, if everything agrees. Whatever comes of it, the code is spent.
    pub(super) fn redeem(&self, presented: &Presented<'_>, now: OffsetDateTime) -> Option<Grant> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (grant, issued) = codes.remove(presented.code)?;
        let proven = grant.code_challenge.is_empty()
            || challenge(presented.code_verifier) == grant.code_challenge;
        let agrees = issued > now - LIFETIME
            && grant.client_id == presented.client_id
            && grant.redirect_uri == presented.redirect_uri
            && proven;
        agrees.then_some(grant)
    }
}

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::issuer::Kind;

    const NOW: OffsetDateTime = datetime!(2026-11-22 08:00 UTC);

    fn grant() -> Grant {
        Grant {
            person: TokenRequest::new(Kind::Human, "auditor", "person:a", "A", &["93"]),
            client_id: "cpom-portal".to_owned(),
            redirect_uri: "http://127.0.0.1/retour".to_owned(),
            nonce: "n".to_owned(),
            code_challenge: challenge("verifier"),
        }
    }

    fn presented<'a>(code: &'a str, verifier: &'a str) -> Presented<'a> {
        Presented {
            code,
            client_id: "cpom-portal",
            redirect_uri: "http://127.0.0.1/retour",
            code_verifier: verifier,
        }
    }

    #[test]
    fn a_code_serves_once() {
        let codes = Codes::default();
        let code = codes.issue(grant(), NOW);
        assert!(codes.redeem(&presented(&code, "verifier"), NOW).is_some());
        assert!(codes.redeem(&presented(&code, "verifier"), NOW).is_none());
    }

    #[test]
    fn a_wrong_verifier_another_client_or_a_late_one_gets_nothing_and_spends_the_code() {
        let codes = Codes::default();
        let late = NOW + Duration::seconds(61);
        let other = Presented {
            client_id: "other",
            ..presented("", "verifier")
        };
        let elsewhere = Presented {
            redirect_uri: "http://127.0.0.1/ailleurs",
            ..presented("", "verifier")
        };
        for (attempt, at) in [
            (presented("", "wrong"), NOW),
            (other, NOW),
            (elsewhere, NOW),
            (presented("", "verifier"), late),
        ] {
            let code = codes.issue(grant(), NOW);
            let attempt = Presented {
                code: &code,
                ..attempt
            };
            assert!(codes.redeem(&attempt, at).is_none(), "{attempt:?}");
            assert!(codes.redeem(&presented(&code, "verifier"), NOW).is_none());
        }
    }
}
