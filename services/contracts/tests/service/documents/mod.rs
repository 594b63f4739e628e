//! Documents as the program sets them for real: what they show to whom, and that they stay as they are.

mod archive;
mod names;

use contracts::domain::signature::DocumentHash;
use lopdf::{Document, Object};
use proto::contracts::v1::{
    AmendmentChanges, Clause, Confidentiality, Contract, ContractContent, ContractText,
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetDecisionPdfRequest,
    GetFormalNoticePdfRequest, GetFrozenDocumentRequest, GetVersionPdfRequest, Pdf,
    ProposeVersionRequest, Rendition,
};
use sha2::{Digest as _, Sha256};
use testkit::{Persona, reason, request_id};
use time::Duration;
use tonic::{Code, Status};

use crate::support::{
    ENTITY, OTHER_SITE, SITE, Shown, World, auditor, contract_manager, director, director_general,
    stranger, text,
};

const OPEN: &str = "Les parties se réunissent chaque année.";
const SECRET: &str = "Le tarif du fournisseur est de douze euros.";

async fn consolidated_pdf(
    world: &World,
    contract: &Contract,
    as_of: &str,
    rendition: Rendition,
) -> Result<Pdf, Status> {
    let request = GetConsolidatedPdfRequest {
        name: contract.name.clone(),
        as_of: as_of.into(),
        rendition: rendition.into(),
    };
    let answer = world
        .documents(&auditor())
        .get_consolidated_pdf(request)
        .await?;
    Ok(answer.into_inner())
}

async fn version_pdf(
    world: &World,
    contract: &Contract,
    text_version: i32,
    who: &Persona,
) -> Result<Pdf, Status> {
    let request = GetVersionPdfRequest {
        name: contract.name.clone(),
        text_version,
    };
    let answer = world.documents(who).get_version_pdf(request).await?;
    Ok(answer.into_inner())
}

/// A text with a passage for everybody and one that is a business secret.
fn with_a_secret() -> ContractText {
    let clause = |code: &str, text: &str, class: Confidentiality| Clause {
        code: code.into(),
        title: format!("Article {code}"),
        text: text.into(),
        confidentiality: class.into(),
    };
    ContractText {
        content: Some(ContractContent {
            clauses: vec![
                clause("ART-1", OPEN, Confidentiality::Public),
                clause("ART-2", SECRET, Confidentiality::BusinessSecret),
            ],
            ..Default::default()
        }),
        ..text(&[SITE])
    }
}

/// The legal entity as documents name it.
fn named_entity() -> String {
    format!("CH de démonstration (FINESS {ENTITY})")
}

fn named_site() -> String {
    format!("Site de démonstration (FINESS {SITE})")
}

/// The files that travel inside a document.
fn enclosed(pdf: &Pdf) -> Vec<Vec<u8>> {
    let document = Document::load_mem(&pdf.content).unwrap();
    let is_file = |object: &&Object| object.type_name().is_ok_and(|name| name == b"EmbeddedFile");
    document
        .objects
        .values()
        .filter(is_file)
        .map(|file| {
            let stream = file.as_stream().unwrap();
            stream.get_plain_content().unwrap()
        })
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    DocumentHash(Sha256::digest(bytes).into()).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_reads_the_contract_gets_the_same_bytes_with_the_signed_text_inside() {
    let world = World::new().await;
    let contract = world.signed(with_a_secret()).await;
    let pdf = world
        .contract_pdf(&contract, Rendition::Full, &director())
        .await
        .unwrap();
    assert!(pdf.content.starts_with(b"%PDF-1.7"));
    assert_eq!(pdf.sha256, sha256(&pdf.content));
    assert_eq!(pdf.source_sha256, contract.document_sha256);
    assert_eq!(pdf.template, "contract-2");
    assert_eq!(pdf.file_name, format!("cpom-{}.pdf", contract.number));
    for who in [director(), auditor(), director_general()] {
        let again = world
            .contract_pdf(&contract, Rendition::Unspecified, &who)
            .await;
        assert_eq!(again.unwrap(), pdf);
    }
    assert_eq!(world.count("select count(*) from edition").await, 1);

    let shown = Shown::by(&pdf);
    for expected in [
        "CPOM 2026-2031",
        OPEN,
        SECRET,
        ENTITY,
        "signé électroniquement le 10 mars 2026",
        &contract.document_sha256,
    ] {
        assert!(shown.says(expected), "{expected} in {shown:?}");
    }
    let frozen = GetFrozenDocumentRequest {
        name: contract.name.clone(),
    };
    let mut contracts = world.contracts(&auditor());
    let frozen = contracts.get_frozen_document(frozen).await.unwrap();
    assert_eq!(enclosed(&pdf), [frozen.into_inner().content]);

    let hidden = world
        .contract_pdf(&contract, Rendition::Full, &stranger())
        .await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_shows_the_signatures_so_far_and_there_is_none_before_the_freeze() {
    let world = World::new().await;
    let draft = world.consulted(text(&[SITE])).await;
    let missing = world
        .contract_pdf(&draft, Rendition::Full, &auditor())
        .await;
    assert_eq!(missing.unwrap_err().code(), Code::NotFound);

    let contract = world.ready_to_sign(text(&[OTHER_SITE])).await;
    let unsigned = world
        .contract_pdf(&contract, Rendition::Full, &auditor())
        .await
        .unwrap();
    assert!(Shown::by(&unsigned).says("signature attendue"));
    let signed = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let pdf = world
        .contract_pdf(&signed, Rendition::Full, &auditor())
        .await
        .unwrap();
    assert_ne!(pdf.sha256, unsigned.sha256);
    assert_eq!(pdf.source_sha256, unsigned.source_sha256);
    assert!(Shown::by(&pdf).says("en qualité de Directrice générale"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_reads_what_is_classed_public_and_the_ground_of_the_rest() {
    let world = World::new().await;
    let contract = world.ready_to_sign(with_a_secret()).await;
    let early = world
        .contract_pdf(&contract, Rendition::Public, &auditor())
        .await
        .unwrap_err();
    assert_eq!(
        (early.code(), reason(&early).as_str()),
        (Code::FailedPrecondition, "NOT_COMMUNICABLE")
    );
    let contract = world
        .sign(&contract, "ars", &director_general())
        .await
        .unwrap();
    let party = format!("legalEntities/{ENTITY}");
    let contract = world.sign(&contract, &party, &director()).await.unwrap();

    let pdf = world
        .contract_pdf(&contract, Rendition::Public, &auditor())
        .await
        .unwrap();
    assert!(pdf.file_name.ends_with("-public.pdf"));
    let day = consolidated_pdf(&world, &contract, "2026-06-01", Rendition::Public)
        .await
        .unwrap();
    for public in [&pdf, &day] {
        assert_eq!(public.rendition(), Rendition::Public);
        let shown = Shown::by(public);
        for expected in [OPEN, "ART-2", "secret des affaires, CRPA, art. L311-6"] {
            assert!(shown.says(expected), "{expected} in {shown:?}");
        }
        for withheld in ["fournisseur", "Article ART-2", "chirurgie ambulatoire"] {
            assert!(!shown.says(withheld), "{withheld} in {shown:?}");
        }
        assert!(
            enclosed(public).is_empty(),
            "the signed text says everything"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_and_the_contract_on_a_day_with_it_are_documents_too() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let changes = AmendmentChanges {
        put_clauses: with_a_secret().content.unwrap().clauses,
        ..Default::default()
    };
    let amendment = world
        .signed_amendment(&contract, "2026-06-01", changes)
        .await;
    let request = |rendition: Rendition| GetAmendmentPdfRequest {
        name: amendment.name.clone(),
        rendition: rendition.into(),
    };
    let mut client = world.documents(&director());
    let pdf = client
        .get_amendment_pdf(request(Rendition::Full))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(pdf.source_sha256, amendment.document_sha256);
    assert_eq!(sha256(&enclosed(&pdf)[0]), amendment.document_sha256);
    assert!(Shown::by(&pdf).says(SECRET));
    let public = client
        .get_amendment_pdf(request(Rendition::Public))
        .await
        .unwrap()
        .into_inner();
    let shown = Shown::by(&public);
    assert!(shown.says(OPEN) && !shown.says("fournisseur"), "{shown:?}");

    let before = consolidated_pdf(&world, &contract, "2026-05-31", Rendition::Full)
        .await
        .unwrap();
    let after = consolidated_pdf(&world, &contract, "2026-06-01", Rendition::Full)
        .await
        .unwrap();
    assert!(Shown::by(&before).says("version consolidée au 31 mai 2026"));
    assert!(!Shown::by(&before).says(SECRET));
    assert!(Shown::by(&after).says(SECRET));
    let again = consolidated_pdf(&world, &contract, "2026-06-01", Rendition::Full)
        .await
        .unwrap();
    assert_eq!(again, after, "set again, to the byte");

    let draft = world.consulted(text(&[OTHER_SITE])).await;
    let unsigned = consolidated_pdf(&world, &draft, "2026-06-01", Rendition::Full).await;
    assert_eq!(reason(&unsigned.unwrap_err()), "WRONG_STATE");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_acts_of_a_procedure_are_what_was_sent_and_what_was_decided() {
    let world = World::new().await;
    let opened = world.proposed().await;
    let opened = world.open(&opened, &director_general()).await.unwrap();
    let notice = GetFormalNoticePdfRequest {
        name: opened.name.clone(),
    };
    let decision = GetDecisionPdfRequest {
        name: opened.name.clone(),
    };
    let mut agency = world.documents(&director_general());
    let mut holder = world.documents(&director());
    let missing = agency
        .get_formal_notice_pdf(notice.clone())
        .await
        .unwrap_err();
    assert_eq!(missing.code(), Code::NotFound);

    let noticed = world.give_notice(&opened).await.unwrap();
    let sent = holder
        .get_formal_notice_pdf(notice.clone())
        .await
        .unwrap()
        .into_inner();
    let shown = Shown::by(&sent);
    for expected in [
        "Mise en demeure",
        "R6114-10",
        &named_entity(),
        "Deux implantations ne sont pas mises en œuvre.",
        "Vous disposez d’un mois à compter de la réception",
    ] {
        assert!(shown.says(expected), "{expected} in {shown:?}");
    }
    let answered = world.answer_notice(&noticed).await.unwrap();
    world.advance(Duration::days(32));
    // Tokens of a month ago.
    let mut agency = world.documents(&director_general());
    let mut holder = world.documents(&director());
    let read = world.acknowledge(&answered).await.unwrap();
    let decided = world
        .decide(&read, "1000.00", &director_general())
        .await
        .unwrap();
    let later = holder
        .get_formal_notice_pdf(notice)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(later, sent, "what happened since is not in it");

    let taken = agency
        .get_decision_pdf(decision.clone())
        .await
        .unwrap()
        .into_inner();
    let early = holder.get_decision_pdf(decision.clone()).await.unwrap_err();
    assert_eq!(
        early.code(),
        Code::NotFound,
        "not communicable before it is notified"
    );
    world.notify_decision(&decided).await.unwrap();
    let notified = holder
        .get_decision_pdf(decision)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(notified, taken);
    let shown = Shown::by(&notified);
    for expected in [
        "Décision fixant une pénalité",
        &named_entity(),
        "Le manquement n’est pas justifié.",
        "observations écrites présentées le 10 mars 2026",
        "1 000,00 €",
        "50 000,00 €",
        "L311-3-1",
        "deux mois",
    ] {
        assert!(shown.says(expected), "{expected} in {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_negotiated_is_a_draft_on_every_page_and_never_a_signed_text() {
    let world = World::new().await;
    let created = world.create(with_a_secret()).await.unwrap();
    let opened = world.open_negotiation(&created).await.unwrap();
    let long = Clause {
        code: "ART-3".into(),
        title: "Suivi".into(),
        text: ["Les parties se réunissent deux fois par an."; 200].join(" "),
        confidentiality: Confidentiality::Public.into(),
    };
    let mut proposed = with_a_secret();
    proposed.content.get_or_insert_default().clauses.push(long);
    let request = ProposeVersionRequest {
        name: opened.name.clone(),
        etag: opened.etag.clone(),
        text: Some(proposed),
        comment: String::new(),
        request_id: request_id(),
    };
    let mut contracts = world.contracts(&contract_manager());
    let second = contracts
        .propose_version(request)
        .await
        .unwrap()
        .into_inner();

    let pdf = version_pdf(&world, &second, 0, &director()).await.unwrap();
    assert_eq!(pdf.sha256, sha256(&pdf.content));
    assert_eq!(pdf.template, "draft-1");
    assert_eq!(pdf.source_sha256, "", "nothing is signed");
    assert_eq!(
        pdf.file_name,
        format!("cpom-{}-projet-2.pdf", second.number)
    );
    assert!(enclosed(&pdf).is_empty());
    let pages = Shown::pages(&pdf);
    assert!(pages.len() > 1, "{pages:?}");
    for page in &pages {
        let mark = "Projet — version 2 du 10 mars 2026, sans valeur";
        assert!(page.says(mark), "{page:?}");
    }
    let shown = Shown::by(&pdf);
    for expected in [SECRET, ENTITY, SITE, "deux fois par an"] {
        assert!(shown.says(expected), "{expected} in {shown:?}");
    }
    assert!(!shown.says("signé électroniquement"), "{shown:?}");
    for who in [director(), auditor(), contract_manager()] {
        let again = version_pdf(&world, &second, 2, &who).await;
        assert_eq!(again.unwrap(), pdf, "to the byte, whoever asks");
    }
    assert_eq!(world.count("select count(*) from edition").await, 0);

    let first = version_pdf(&world, &second, 1, &auditor()).await.unwrap();
    assert!(!Shown::by(&first).says("deux fois par an"));
    assert!(Shown::by(&first).says("Projet — version 1"));
    let none = version_pdf(&world, &second, 3, &auditor()).await;
    assert_eq!(none.unwrap_err().code(), Code::NotFound);
    let hidden = version_pdf(&world, &second, 1, &stranger()).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_that_is_frozen_is_no_draft_and_the_registry_names_the_parties() {
    let world = World::new().await;
    let draft = world.consulted(text(&[SITE])).await;
    let pdf = version_pdf(&world, &draft, 0, &auditor()).await.unwrap();
    let shown = Shown::by(&pdf);
    let named = shown.says(&named_entity()) && shown.says(&named_site());
    assert!(named, "{shown:?}");

    let frozen = world.ready_to_sign(text(&[OTHER_SITE])).await;
    for number in [0, 1] {
        let refused = version_pdf(&world, &frozen, number, &auditor()).await;
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused).as_str()),
            (Code::FailedPrecondition, "WRONG_STATE")
        );
    }
}
