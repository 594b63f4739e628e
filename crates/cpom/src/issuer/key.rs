//! The signing key: made once, kept in a file that only its owner reads.

use std::{fs, io, path::Path};

use anyhow::{Context, Result};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::Jwk, jwk::JwkSet,
    jwk::ThumbprintHash,
};
use p256::{
    SecretKey,
    elliptic_curve::rand_core::OsRng,
    pkcs8::{EncodePrivateKey, LineEnding},
};

use serde::Serialize;

use super::{AUDIENCE, Claims};
use crate::private_file;

const FILE: &str = "issuer-es256.pem";

/// A P-256 key with its public half as a JWK.
pub struct IssuerKey {
    signing: EncodingKey,
    public: Jwk,
    id: String,
}

impl std::fmt::Debug for IssuerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuerKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl IssuerKey {
    /// Reads the key of `folder`, or makes one at the first start.
    pub fn load_or_create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("could not create {}", folder.display()))?;
        let path = folder.join(FILE);
        let pem = match fs::read_to_string(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path)?,
            Err(error) => {
                return Err(error).with_context(|| format!("could not read {}", path.display()));
            }
        };
        Self::from_pem(&pem).with_context(|| {
            format!(
                "{} is not a P-256 key in PKCS#8; delete it to make a new one",
                path.display()
            )
        })
    }

    fn from_pem(pem: &str) -> Result<Self> {
        let signing = EncodingKey::from_ec_pem(pem.as_bytes())?;
        let mut public = Jwk::from_encoding_key(&signing, Algorithm::ES256)?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(jsonwebtoken::jwk::PublicKeyUse::Signature);
        Ok(Self {
            signing,
            public,
            id,
        })
    }

    /// Signs with ES256.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.signing)
    }

    /// The claims of an access token of our own, expired or not.
    pub(super) fn verify(&self, token: &str, issuer: &str) -> Option<Claims> {
        let key = DecodingKey::from_jwk(&self.public).ok()?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer]);
        // The caller has its own clock.
        validation.validate_exp = false;
        jsonwebtoken::decode(token, &key, &validation)
            .ok()
            .map(|verified| verified.claims)
    }

    /// What verifiers need.
    pub fn key_set(&self) -> JwkSet {
        JwkSet {
            keys: vec![self.public.clone()],
        }
    }
}

fn create(path: &Path) -> Result<String> {
    let pem = SecretKey::random(&mut OsRng).to_pkcs8_pem(LineEnding::LF)?;
    private_file::write(path, pem.as_bytes())?;
    Ok(pem.to_string())
}
