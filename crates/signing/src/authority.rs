//! A certification authority for development: it signs for whoever asks. Its certificates say so.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    str::FromStr as _,
    time::Duration as StdDuration,
};

use p256::ecdsa::DerSignature;
use ring::rand::{SecureRandom as _, SystemRandom};
use time::{Duration, OffsetDateTime};
use x509_cert::{
    Certificate,
    builder::{Builder as _, CertificateBuilder, Profile},
    der::{DecodePem as _, EncodePem as _, asn1::UtcTime, pem::LineEnding},
    name::Name,
    serial_number::SerialNumber,
    spki::SubjectPublicKeyInfoOwned,
    time::{Time, Validity},
};

use crate::{Error, Evidence, Provider, Request, Signatory, Signing, cades, key::Key, malformed};

const NAME: &str = "CN=CPOM development authority,OU=NOT A LEGAL SIGNATURE";
const LIFE: Duration = Duration::days(10 * 365);
/// What it needs to sign, kept from one start to the next: its key, then its certificate.
const SECRET_FILE: &str = "authority-key.pem";
/// Its certificate, for those who verify.
pub const CERTIFICATE_FILE: &str = "authority.pem";
/// Upper bound of each part of a name (RFC 5280, appendix A.1).
const LONGEST_NAME: usize = 64;
/// A certificate is made for one signature.
const LIFE_OF_A_SIGNATORY: Duration = Duration::days(3 * 365);

/// The development authority.
pub struct Authority {
    key: Key,
    certificate: Certificate,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority, which trusts itself.
    pub fn create(now: OffsetDateTime) -> Result<Self, Error> {
        let key = Key::generate()?;
        let name = Name::from_str(NAME).map_err(malformed)?;
        let certificate = certificate(Profile::Root, name, &key, &key, validity(now, LIFE)?)?;
        Ok(Self { key, certificate })
    }

    /// The authority of a folder, made there if there is none. Several processes may ask at once: the first one makes it.
    ///
    /// # Errors
    /// When the folder cannot be written, or does not hold an authority.
    pub fn open(folder: &Path, now: OffsetDateTime) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        let secret = folder.join(SECRET_FILE);
        if !secret.exists() {
            let made = Self::create(now)?;
            let mut serial = [0; 8];
            random(&mut serial)?;
            let draft = folder.join(format!("{SECRET_FILE}.{:x}", u64::from_ne_bytes(serial)));
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&draft)?;
            file.write_all(made.key.to_pem()?.as_bytes())?;
            file.write_all(made.certificate_pem()?.as_bytes())?;
            file.sync_all()?;
            // Whole or not at all, and never over another one.
            let kept = fs::hard_link(&draft, &secret);
            fs::remove_file(&draft)?;
            kept.or_else(unless_there)?;
        }
        let text = fs::read_to_string(&secret)?;
        let place = text.find("-----BEGIN CERTIFICATE-----");
        let (key, certificate) = text.split_at(place.ok_or_else(|| {
            Error::Malformed(format!("{} holds no certificate", secret.display()))
        })?);
        let authority = Self {
            key: Key::from_pem(key)?,
            certificate: Certificate::from_pem(certificate).map_err(malformed)?,
        };
        fs::write(folder.join(CERTIFICATE_FILE), authority.certificate_pem()?)?;
        Ok(authority)
    }

    /// The certificate to trust, as PEM.
    pub fn certificate_pem(&self) -> Result<String, Error> {
        self.certificate.to_pem(LineEnding::LF).map_err(malformed)
    }

    fn sign_now(&self, request: &Request<'_>) -> Result<Evidence, Error> {
        let key = Key::generate()?;
        let profile = Profile::Leaf {
            issuer: self.certificate.tbs_certificate.subject.clone(),
            enable_key_agreement: false,
            enable_key_encipherment: false,
        };
        let name = distinguished(request.signatory)?;
        let life = validity(request.at, LIFE_OF_A_SIGNATORY)?;
        let own = certificate(profile, name, &key, &self.key, life)?;
        cades::detached(
            request.document,
            request.at,
            &key,
            own,
            self.certificate.clone(),
        )
    }
}

fn unless_there(error: io::Error) -> io::Result<()> {
    match error.kind() {
        ErrorKind::AlreadyExists => Ok(()),
        _ => Err(error),
    }
}

impl Provider for Authority {
    fn name(&self) -> &'static str {
        "development"
    }

    fn sign<'a>(&'a self, request: Request<'a>) -> Signing<'a> {
        Box::pin(async move { self.sign_now(&request) })
    }
}

fn certificate(
    profile: Profile,
    name: Name,
    subject: &Key,
    issuer: &Key,
    validity: Validity,
) -> Result<Certificate, Error> {
    let mut serial = [0; 16];
    random(&mut serial)?;
    // A positive number (RFC 5280, 4.1.2.2).
    serial[0] &= 0x7f;
    let serial = SerialNumber::new(&serial).map_err(malformed)?;
    let public = SubjectPublicKeyInfoOwned::from_key(subject.public()).map_err(malformed)?;
    CertificateBuilder::new(profile, serial, validity, name, public, issuer)
        .and_then(CertificateBuilder::build::<DerSignature>)
        .map_err(malformed)
}

fn random(bytes: &mut [u8]) -> Result<(), Error> {
    SystemRandom::new().fill(bytes).map_err(malformed)
}

fn validity(from: OffsetDateTime, life: Duration) -> Result<Validity, Error> {
    Ok(Validity {
        not_before: instant(from)?,
        not_after: instant(from + life)?,
    })
}

/// To the second, as X.509 has it.
pub(crate) fn instant(at: OffsetDateTime) -> Result<Time, Error> {
    let since = u64::try_from(at.unix_timestamp()).map_err(malformed)?;
    let since = StdDuration::from_secs(since);
    UtcTime::from_unix_duration(since)
        .map(Time::UtcTime)
        .map_err(malformed)
}

/// The name of a person in a certificate (RFC 4514: what separates is escaped).
fn distinguished(signatory: &Signatory) -> Result<Name, Error> {
    let escaped = |text: &str| -> String {
        let shown = text.trim().chars().filter(|c| !c.is_control());
        shown
            .take(LONGEST_NAME)
            .flat_map(|c| {
                let special = ",+\"\\<>;=#".contains(c);
                special.then_some('\\').into_iter().chain([c])
            })
            .collect()
    };
    let parts = [
        ("CN", &signatory.name),
        ("TITLE", &signatory.title),
        ("O", &signatory.organization),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(kind, text)| format!("{kind}={}", escaped(text)))
        .collect();
    Name::from_str(&named.join(",")).map_err(malformed)
}
