//! The electronic signatures themselves, verified with the tool that everybody has.

use std::{fs, path::PathBuf, process::Command};

use contracts::app::evidence;
use proto::contracts::v1::{
    AmendmentChanges, FundingLine, FundingSource, GetSignatureEvidenceRequest, SignatureEvidence,
    evidence_service_client::EvidenceServiceClient,
};
use testkit::{Persona, TestDatabase};
use tonic::Status;

use crate::support::{ENTITY, SITE, World, auditor, director, director_general, stranger, text};

async fn read(
    world: &World,
    name: &str,
    party: &str,
    who: &Persona,
) -> Result<SignatureEvidence, Status> {
    let request = GetSignatureEvidenceRequest {
        name: name.to_owned(),
        party: party.to_owned(),
    };
    let mut client = EvidenceServiceClient::new(world.service.peer(who));
    Ok(client.get_signature_evidence(request).await?.into_inner())
}

/// A folder of its own, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("cpom-evidence-{}", kernel::new_id().simple()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
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

/// Whether openssl verifies the signature over a document, with the certificate that the authority shows.
fn verifies(world: &World, evidence: &SignatureEvidence, document: &[u8]) -> bool {
    let folder = Folder::new();
    let authority = world.service.setup.signing_authority_dir();
    Command::new("openssl")
        .args([
            "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-purpose", "any",
        ])
        .arg("-in")
        .arg(folder.write("signature.p7s", &evidence.signature))
        .arg("-content")
        .arg(folder.write("document.json", document))
        .arg("-CAfile")
        .arg(authority.join(signing::CERTIFICATE_FILE))
        .output()
        .unwrap()
        .status
        .success()
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_verifies_each_signature_over_the_document_and_over_no_other() {
    let world = World::new().await;
    let contract = world.signed(text(&[SITE])).await;
    let party = format!("legalEntities/{ENTITY}");
    let mut documents = Vec::new();
    for signatory in ["ars", &party] {
        let evidence = read(&world, &contract.name, signatory, &auditor())
            .await
            .unwrap();
        assert_eq!(evidence.document_sha256, contract.document_sha256);
        assert_eq!(evidence.provider, "development");
        assert!(
            verifies(&world, &evidence, &evidence.document),
            "{signatory}"
        );
        let mut other = evidence.document.clone();
        other[0] ^= 1;
        assert!(!verifies(&world, &evidence, &other), "{signatory}");
        documents.push(evidence.document);
    }
    assert_eq!(documents[0], documents[1], "the same document for all");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_has_its_evidence_too() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let changes = AmendmentChanges {
        put_funding: vec![FundingLine {
            code: "F1".into(),
            label: "Aide à l’investissement".into(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: "1000".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let amendment = world
        .signed_amendment(&contract, "2026-06-01", changes)
        .await;
    let evidence = read(&world, &amendment.name, "ars", &director())
        .await
        .unwrap();
    assert_eq!(evidence.document_sha256, amendment.document_sha256);
    assert!(verifies(&world, &evidence, &evidence.document));
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_is_for_those_who_see_the_contract_and_only_of_signatures_that_count() {
    let world = World::new().await;
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let missing = read(&world, &contract.name, "ars", &auditor()).await;
    assert_eq!(missing.unwrap_err().code(), tonic::Code::NotFound);
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    assert!(
        read(&world, &contract.name, "ars", &auditor())
            .await
            .is_ok()
    );
    let hidden = read(&world, &contract.name, "ars", &stranger()).await;
    assert_eq!(hidden.unwrap_err().code(), tonic::Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_signature_leaves_no_evidence() {
    let world = World::new().await;
    let contract = world.ready_to_sign(text(&[SITE])).await;
    let refused = world.sign(&contract, "ars", &director()).await;
    assert!(refused.is_err());
    assert_eq!(
        world.count("select count(*) from signature_evidence").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_development_authority_does_not_stand_beside_an_identity_provider() {
    let setup = testkit::Setup::new().await;
    let database = TestDatabase::new(&contracts::DEFINITION).await;
    let mut config = setup.config(&database);
    let now = setup.clock.now();
    assert!(evidence::provider(&config, now).unwrap().is_some());
    config.issuer = "https://identite.example".to_owned();
    let refused = evidence::provider(&config, now).unwrap_err();
    assert!(
        refused.to_string().contains("no legal signature"),
        "{refused}"
    );
    config.signing_authority_dir = None;
    assert!(evidence::provider(&config, now).unwrap().is_none());
}
