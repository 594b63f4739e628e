//! A detached CMS signature (RFC 5652) with the signed attributes of CAdES-B-B.

use cms::{
    builder::{SignedDataBuilder, SignerInfoBuilder},
    cert::{CertificateChoices, IssuerAndSerialNumber},
    signed_data::{EncapsulatedContentInfo, SignerIdentifier},
};
use p256::ecdsa::DerSignature;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use x509_cert::{
    Certificate,
    attr::{Attribute, AttributeValue},
    der::{
        Encode as _,
        asn1::{ObjectIdentifier, OctetString, SetOfVec},
    },
    spki::AlgorithmIdentifierOwned,
};

use crate::{Error, Evidence, authority::instant, key::Key, malformed};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
/// `signing-certificate-v2` (RFC 5035): the certificate cannot be exchanged afterwards.
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

pub(crate) fn detached(
    document: &[u8],
    at: OffsetDateTime,
    key: &Key,
    own: Certificate,
    authority: Certificate,
) -> Result<Evidence, Error> {
    let content = EncapsulatedContentInfo {
        econtent_type: DATA,
        econtent: None,
    };
    let digest_algorithm = AlgorithmIdentifierOwned {
        oid: SHA_256,
        parameters: None,
    };
    let signer = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: own.tbs_certificate.issuer.clone(),
        serial_number: own.tbs_certificate.serial_number.clone(),
    });
    let digest = Sha256::digest(document);
    let mut info = SignerInfoBuilder::new(
        key,
        signer,
        digest_algorithm.clone(),
        &content,
        Some(&digest),
    )
    .map_err(malformed)?;
    let time = AttributeValue::encode_from(&instant(at)?).map_err(malformed)?;
    info.add_signed_attribute(attribute(SIGNING_TIME, time)?)
        .map_err(malformed)?;
    // A list of one certificate, known by its hash; SHA-256 is the default, so its name is not written.
    let hash = Sha256::digest(own.to_der().map_err(malformed)?);
    let hash = OctetString::new(hash.to_vec()).map_err(malformed)?;
    let signed_by = AttributeValue::encode_from(&vec![vec![vec![hash]]]).map_err(malformed)?;
    info.add_signed_attribute(attribute(SIGNING_CERTIFICATE, signed_by)?)
        .map_err(malformed)?;

    let mut builder = SignedDataBuilder::new(&content);
    let message = builder
        .add_digest_algorithm(digest_algorithm)
        .and_then(|b| b.add_certificate(CertificateChoices::Certificate(own)))
        .and_then(|b| b.add_certificate(CertificateChoices::Certificate(authority)))
        .and_then(|b| b.add_signer_info::<Key, DerSignature>(info))
        .and_then(SignedDataBuilder::build)
        .map_err(malformed)?;
    Ok(Evidence(message.to_der().map_err(malformed)?))
}

fn attribute(oid: ObjectIdentifier, value: AttributeValue) -> Result<Attribute, Error> {
    let values = SetOfVec::try_from(vec![value]).map_err(malformed)?;
    Ok(Attribute { oid, values })
}
