//! Electronic signatures of documents.
//!
//! [`Provider`] is the seam: a qualified provider (eIDAS) stands behind it in production, [`Authority`] in
//! development. Both give the same evidence, a detached CMS signature with the attributes of CAdES-B-B
//! (ETSI EN 319 122-1), which standard tools verify:
//!
//! ```text
//! openssl cms -verify -binary -inform DER -in evidence.p7s -content document.pdf -CAfile authority.pem
//! ```

mod authority;
mod cades;
mod key;

use std::{fmt, pin::Pin};

use time::OffsetDateTime;

pub use authority::{Authority, CERTIFICATE_FILE};

/// What is signed, by whom, and when.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub document: &'a [u8],
    pub signatory: &'a Signatory,
    pub at: OffsetDateTime,
}

/// The person who signs, as the certificate will say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// First and last name, or the identifier of the person.
    pub name: String,
    /// In what quality the person signs.
    pub title: String,
    pub organization: String,
}

/// A detached signature: DER of a CMS `SignedData` with the certificates of the signatory and of the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence(pub Vec<u8>);

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the provider did not sign: {0}")]
    Refused(String),
    #[error("the signature could not be made: {0}")]
    Malformed(String),
    #[error("the signing authority cannot be kept: {0}")]
    Kept(#[from] std::io::Error),
}

/// Something under way.
pub type Signing<'a> = Pin<Box<dyn Future<Output = Result<Evidence, Error>> + Send + 'a>>;

/// Who signs documents for people once they have said yes.
pub trait Provider: fmt::Debug + Send + Sync {
    /// How its signatures are known, for example `development`.
    fn name(&self) -> &'static str;

    /// Signs a document for a person.
    fn sign<'a>(&'a self, request: Request<'a>) -> Signing<'a>;
}

/// The encoders speak of many kinds of errors; none of them can be acted upon.
fn malformed(error: impl std::fmt::Display) -> Error {
    Error::Malformed(error.to_string())
}
