//! Consulting, freezing, signing, and what time does: guards C5 to C8, and C18.

use std::{fs, process::Command};

use cpom_tests::scenario::{CONSULTATION, patiently};
use cucumber::{then, when};
use proto::contracts::v1::{
    Contract, FreezeContractRequest, GetFrozenDocumentRequest, GetSignatureEvidenceRequest,
    OpinionSense, RecordOpinionRequest, SignContractRequest, WithdrawFromSignatureRequest,
};
use testkit::request_id;
use tonic::Response;

use crate::{
    figures::{Day, Side, Someone},
    world::Specification,
};

#[when(regex = "^(.+) consigne un avis (favorable|défavorable)$")]
async fn records_an_opinion(
    world: &mut Specification,
    who: Someone,
    sense: String,
) -> anyhow::Result<()> {
    let sense = match sense.as_str() {
        "favorable" => OpinionSense::Favourable,
        _ => OpinionSense::Unfavourable,
    };
    let today = world.today()?.to_string();
    record_opinion(world, who, sense, today).await
}

#[when(expr = "{personne} consigne un avis daté du {jour}")]
async fn records_an_opinion_of_a_day(
    world: &mut Specification,
    who: Someone,
    day: Day,
) -> anyhow::Result<()> {
    record_opinion(world, who, OpinionSense::Favourable, day.0.to_string()).await
}

async fn record_opinion(
    world: &mut Specification,
    who: Someone,
    sense: OpinionSense,
    date: String,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = RecordOpinionRequest {
        name,
        etag,
        body: CONSULTATION.to_owned(),
        sense: sense.into(),
        date,
        comment: String::new(),
        request_id: request_id(),
    };
    let answer = client.record_opinion(request).await;
    world.contract_answer(answer)
}

#[when(expr = "{personne} fige le document à signer")]
async fn freezes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = FreezeContractRequest {
        name,
        etag,
        request_id: request_id(),
    };
    // It asks another service, which may be busy.
    let answer = patiently(|| {
        let (mut client, request) = (client.clone(), request.clone());
        async move { client.freeze_contract(request).await }
    });
    let answer = answer.await.map(Response::new);
    world.contract_answer(answer)
}

#[when(expr = "{personne} signe")]
async fn signs(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let side = match who {
        Someone::DirectorGeneral => Side::Ars,
        _ => Side::Establishment,
    };
    signs_for(world, who, side).await
}

#[when(expr = "{personne} signe pour {partie}")]
async fn signs_for(world: &mut Specification, who: Someone, side: Side) -> anyhow::Result<()> {
    let hash = world.contract()?.document_sha256;
    sign(world, who, side, hash).await
}

#[when(expr = "{personne} signe un autre document")]
async fn signs_another_document(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    sign(world, who, Side::Ars, "0".repeat(64)).await
}

async fn sign(
    world: &mut Specification,
    who: Someone,
    side: Side,
    document_sha256: String,
) -> anyhow::Result<()> {
    let party = world.party(side)?;
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = SignContractRequest {
        name,
        etag,
        party,
        signatory_title: "En sa qualité".to_owned(),
        document_sha256,
        request_id: request_id(),
    };
    let answer = client.sign_contract(request).await;
    world.contract_answer(answer)
}

#[when(expr = "{personne} se retire de la signature")]
async fn withdraws(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.contracts(&world.persona(who)?)?;
    let Contract { name, etag, .. } = world.contract()?;
    let request = WithdrawFromSignatureRequest {
        name,
        etag,
        reasons: "Un objectif doit être revu.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.withdraw_from_signature(request).await;
    world.contract_answer(answer)
}

#[when(expr = "arrive le {jour}")]
async fn a_day_comes(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    world.let_time_pass(day.0).await
}

#[then("le document figé a pour empreinte celle du CPOM")]
async fn the_document_has_the_hash(world: &mut Specification) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let contract = world.contract()?;
    let mut client = world.suite()?.contracts(&auditor)?;
    let request = GetFrozenDocumentRequest {
        name: contract.name,
    };
    let document = client.get_frozen_document(request).await?.into_inner();
    assert_eq!(document.sha256, contract.document_sha256);
    assert_eq!(document.sha256.len(), 64);
    Ok(())
}

#[then("toutes les signatures portent l’empreinte du document figé")]
async fn all_signed_the_same(world: &mut Specification) -> anyhow::Result<()> {
    let contract = world.contract_now().await?;
    assert_eq!(
        contract.signatures.len(),
        contract.required_signatories.len()
    );
    for signature in &contract.signatures {
        assert_eq!(signature.document_sha256, contract.document_sha256);
    }
    Ok(())
}

#[then("aucune signature ne vaut plus")]
async fn no_signature_counts(world: &mut Specification) -> anyhow::Result<()> {
    let contract = world.contract_now().await?;
    assert!(contract.signatures.is_empty() && contract.document_sha256.is_empty());
    Ok(())
}

#[then("la signature électronique de chaque partie se vérifie avec openssl")]
async fn anybody_verifies(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let auditor = world.scenario()?.people.auditor();
    let contract = world.contract_now().await?;
    let suite = world.suite()?;
    let authority = suite.setup.signing_authority_dir();
    for party in &contract.required_signatories {
        let request = GetSignatureEvidenceRequest {
            name: contract.name.clone(),
            party: party.clone(),
        };
        let mut client = suite.evidence(&auditor)?;
        let evidence = client.get_signature_evidence(request).await?.into_inner();
        let document = authority.join("document");
        let signature = authority.join("document.p7s");
        fs::write(&document, &evidence.document)?;
        fs::write(&signature, &evidence.signature)?;
        let verified = Command::new("openssl")
            .args([
                "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any",
            ])
            .arg("-in")
            .arg(signature)
            .arg("-content")
            .arg(document)
            .arg("-CAfile")
            .arg(authority.join("authority.pem"))
            .output()?;
        assert!(verified.status.success(), "{party}: {verified:?}");
    }
    Ok(())
}
