//! An ECDSA key on P-256 that signs SHA-256 digests and says so. ring computes, faster than the portable
//! arithmetic of `p256`, whose types the builders of certificates and messages know.

use p256::ecdsa::{
    DerSignature, VerifyingKey,
    signature::{Error, Keypair, Signer},
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use x509_cert::{
    der::{
        asn1::ObjectIdentifier,
        pem::{LineEnding, decode_vec, encode_string},
    },
    spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, Result},
};

use crate::{Error as SigningError, malformed};

/// `ecdsa-with-SHA256` (RFC 5758).
const ECDSA_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
/// Of a PKCS #8 key in PEM (RFC 7468, section 10).
const LABEL: &str = "PRIVATE KEY";

pub(crate) struct Key {
    pair: EcdsaKeyPair,
    public: VerifyingKey,
    pkcs8: Vec<u8>,
}

impl Key {
    pub(crate) fn generate() -> std::result::Result<Self, SigningError> {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random);
        Self::new(made.map_err(malformed)?.as_ref().to_vec())
    }

    pub(crate) fn to_pem(&self) -> std::result::Result<String, SigningError> {
        encode_string(LABEL, LineEnding::LF, &self.pkcs8).map_err(malformed)
    }

    pub(crate) fn from_pem(text: &str) -> std::result::Result<Self, SigningError> {
        let (label, pkcs8) = decode_vec(text.as_bytes()).map_err(malformed)?;
        if label != LABEL {
            return Err(malformed(format!("a {label} is no {LABEL}")));
        }
        Self::new(pkcs8)
    }

    fn new(pkcs8: Vec<u8>) -> std::result::Result<Self, SigningError> {
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pair =
            EcdsaKeyPair::from_pkcs8(algorithm, &pkcs8, &SystemRandom::new()).map_err(malformed)?;
        let public =
            VerifyingKey::from_sec1_bytes(pair.public_key().as_ref()).map_err(malformed)?;
        Ok(Self {
            pair,
            public,
            pkcs8,
        })
    }

    pub(crate) fn public(&self) -> VerifyingKey {
        self.public
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
        let signature = self.pair.sign(&SystemRandom::new(), message);
        DerSignature::from_bytes(signature.map_err(|_| Error::new())?.as_ref())
    }
}
