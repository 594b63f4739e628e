//! An ECDSA key on P-256 that signs SHA-256 digests and says so.

use p256::{
    ecdsa::{
        DerSignature, SigningKey, VerifyingKey,
        signature::{Error, Keypair, Signer},
    },
    elliptic_curve::rand_core::OsRng,
};
use x509_cert::{
    der::asn1::ObjectIdentifier,
    spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, Result},
};

/// `ecdsa-with-SHA256` (RFC 5758).
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

pub(crate) struct Key(SigningKey);

impl Key {
    pub(crate) fn generate() -> Self {
        Self(SigningKey::random(&mut OsRng))
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
