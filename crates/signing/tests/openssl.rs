//! What anybody can verify, with the tool that everybody has.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use kernel::{Clock, new_id};
use signing::{Authority, Evidence, Provider, Request, Signatory};

/// A folder of its own, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("cpom-signing-{}", new_id().simple()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

const DOCUMENT: &[u8] = b"%PDF-1.7 le contrat\r\n";

fn signatory() -> Signatory {
    Signatory {
        name: "Élodie Martin, dite \"Lo\"".to_owned(),
        title: "Directrice générale".to_owned(),
        organization: "ARS + Provence".to_owned(),
    }
}

async fn signed(authority: &Authority) -> Evidence {
    let request = Request {
        document: DOCUMENT,
        signatory: &signatory(),
        at: Clock::system().now(),
    };
    authority.sign(request).await.unwrap()
}

fn verify(folder: &Folder, evidence: &Path, document: &Path, authority: &Authority) -> Output {
    let trusted = folder.write("authority.pem", authority.certificate_pem().unwrap());
    Command::new("openssl")
        .args([
            "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-purpose", "any",
        ])
        .arg("-in")
        .arg(evidence)
        .arg("-content")
        .arg(document)
        .arg("-CAfile")
        .arg(trusted)
        .output()
        .unwrap()
}

#[tokio::test]
async fn openssl_verifies_the_signature_and_its_certificate() {
    let authority = Authority::create(Clock::system().now()).unwrap();
    let folder = Folder::new();
    let evidence = folder.write("evidence.p7s", signed(&authority).await.0);
    let document = folder.write("document.pdf", DOCUMENT);
    let verified = verify(&folder, &evidence, &document, &authority);
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    assert_eq!(verified.stdout, DOCUMENT);

    let shown = Command::new("openssl")
        .args([
            "cms",
            "-cmsout",
            "-print",
            "-inform",
            "DER",
            "-nameopt",
            "utf8,sep_comma_plus",
            "-in",
        ])
        .arg(&evidence)
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout);
    for expected in [
        "signingTime",
        "id-smime-aa-signingCertificateV2",
        "NOT A LEGAL SIGNATURE",
    ] {
        assert!(shown.contains(expected), "{expected} in {shown}");
    }
}

#[tokio::test]
async fn another_document_or_another_authority_does_not_verify() {
    let now = Clock::system().now();
    let authority = Authority::create(now).unwrap();
    let folder = Folder::new();
    let evidence = folder.write("evidence.p7s", signed(&authority).await.0);
    let document = folder.write("document.pdf", DOCUMENT);
    let other = folder.write("other.pdf", b"%PDF-1.7 un autre contrat\r\n");
    assert!(
        !verify(&folder, &evidence, &other, &authority)
            .status
            .success()
    );
    let stranger = Authority::create(now).unwrap();
    assert!(
        !verify(&folder, &evidence, &document, &stranger)
            .status
            .success()
    );
}

#[tokio::test]
async fn the_certificate_names_the_person_as_written() {
    let authority = Authority::create(Clock::system().now()).unwrap();
    let folder = Folder::new();
    let evidence = folder.write("evidence.p7s", signed(&authority).await.0);
    let certificates = Command::new("openssl")
        .args(["pkcs7", "-print_certs", "-inform", "DER", "-noout", "-in"])
        .arg(&evidence)
        .output()
        .unwrap();
    assert!(certificates.status.success());
    let text = String::from_utf8_lossy(&certificates.stdout).into_owned();
    for expected in ["ARS", "CPOM development authority"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn an_authority_is_the_same_after_a_restart_and_for_everybody_who_starts_at_once() {
    let folder = Folder::new();
    let place = folder.0.join("authority");
    let now = Clock::system().now();
    let opening = || {
        Authority::open(&place, now)
            .unwrap()
            .certificate_pem()
            .unwrap()
    };
    let certificates: Vec<String> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(opening)).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    for certificate in &certificates {
        assert_eq!(*certificate, certificates[0]);
    }
    assert_eq!(opening(), certificates[0]);
    let shown = fs::read_to_string(place.join(signing::CERTIFICATE_FILE)).unwrap();
    assert_eq!(shown, certificates[0]);
}

#[tokio::test]
async fn what_a_kept_authority_signs_is_verified_with_its_certificate() {
    let folder = Folder::new();
    let now = Clock::system().now();
    let place = folder.0.join("authority");
    let made = Authority::open(&place, now).unwrap();
    let kept = Authority::open(&place, now).unwrap();
    let evidence = folder.write("evidence.p7s", signed(&kept).await.0);
    let document = folder.write("document.pdf", DOCUMENT);
    assert!(
        verify(&folder, &evidence, &document, &made)
            .status
            .success()
    );
}
