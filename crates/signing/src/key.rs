//! An ECDSA key on P-256 that signs SHA-256 digests and says so.

use p256::{
    ecdsa::{
        DerSignature, SigningKey, VerifyingKey,
        signature::{Error, Keypair, Signer},
    },
    elliptic_curve::rand_core::OsRng,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding},
};
use x509_cert::{
    der::asn1::ObjectIdentifier,
    spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, Result},
};

use crate::{Error as SigningError, malformed};

/// `ecdsa-with-SHA256` (RFC 5758).
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn generate() -> Self {
        Self(SigningKey::random(&mut OsRng))
    }

    /// As PKCS #8.
    pub(crate) fn to_pem(&self) -> std::result::Result<String, SigningError> {
        let text = self.0.to_pkcs8_pem(LineEnding::LF).map_err(malformed)?;
        Ok(text.as_str().to_owned())
    }

    pub(crate) fn from_pem(text: &str) -> std::result::Result<Self, SigningError> {
        SigningKey::from_pkcs8_pem(text)
            .map(Self)
            .map_err(malformed)
    }

    pub(crate) fn public(&self) -> VerifyingKey {
        *self.0.verifying_key()
    }
}

impl Keypair for Key {
    type VerifyingKey = VerifyingKey;

    fn verifying_key(&self) -> VerifyingKey {
        self.public()
    }
}

impl DynSignatureAlgorithmIdentifier for Key {
    fn signature_algorithm_identifier(&self) -> Result<AlgorithmIdentifierOwned> {
        Ok(AlgorithmIdentifierOwned {
            oid: ECDSA_WITH_SHA_256,
            parameters: None,
        })
    }
}

impl Signer<DerSignature> for Key {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<DerSignature, Error> {
        self.0.try_sign(message)
    }
}
