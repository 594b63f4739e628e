//! The annexes of the text of a contract: a file is kept before a version names it, and read by whoever reads the contract.

use proto::contracts::v1::{
    AmendmentChanges, Annex, AssociatedParty, Clause, Confidentiality, Contract, ContractContent,
    ContractText, CreateContractRequest, GetContractRequest, ListContractVersionsRequest,
    ProposeVersionRequest, RegisterMandateRequest,
};
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};

use crate::support::{
    REGION, SITE, World, auditor, contract_manager, director, manager, mandate, stranger, text,
};

const PLAN: &[u8] = b"%PDF-1.7\nplan de financement\n";

fn annex(code: &str, file_sha256: &str) -> Annex {
    Annex {
        code: code.into(),
        title: "Plan de financement".into(),
        text: if file_sha256.is_empty() {
            "Par année.".into()
        } else {
            String::new()
        },
        file_sha256: file_sha256.into(),
        confidentiality: Confidentiality::BusinessSecret.into(),
    }
}

fn annexed(annexes: Vec<Annex>) -> ContractText {
    ContractText {
        content: Some(ContractContent {
            annexes,
            ..Default::default()
        }),
        ..text(&[SITE])
    }
}

async fn propose(
    world: &World,
    who: &Persona,
    contract: &Contract,
    annexes: Vec<Annex>,
) -> Result<Contract, Status> {
    propose_text(world, who, contract, annexed(annexes)).await
}

async fn propose_text(
    world: &World,
    who: &Persona,
    contract: &Contract,
    text: ContractText,
) -> Result<Contract, Status> {
    let request = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(text),
        comment: String::new(),
        request_id: request_id(),
    };
    let mut client = world.contracts(who);
    Ok(client.propose_version(request).await?.into_inner())
}

async fn read(world: &World, who: &Persona, name: &str) -> Contract {
    let request = GetContractRequest { name: name.into() };
    let shown = world.contracts(who).get_contract(request).await;
    shown.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_an_annex_is_kept_before_a_version_names_it() {
    let world = World::new().await;
    let unread = "ab".repeat(32);
    // Nothing is kept for a contract that is not there yet.
    let request = CreateContractRequest {
        region: REGION.into(),
        text: Some(annexed(vec![annex("A1", &unread)])),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.contracts(&contract_manager());
    let refused = client.create_contract(request).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "ANNEX_FILE_NOT_KEPT".into())
    );
    // An annex that is a text needs no file.
    let draft = world.create(annexed(vec![annex("A1", "")])).await.unwrap();
    assert!(draft.annex_files.is_empty());
    let named = vec![annex("A1", ""), annex("A2", &unread)];
    let refused = propose(&world, &contract_manager(), &draft, named).await;
    let refused = refused.unwrap_err();
    assert_eq!(reason(&refused), "ANNEX_FILE_NOT_KEPT");
    assert!(refused.message().contains("A2"), "{refused}");

    let plan = world
        .keep_file(&contract_manager(), &draft.name, ("plan.pdf", PLAN))
        .await
        .unwrap();
    let early = world.download(&auditor(), &draft.name, &plan).await;
    assert_eq!(early.unwrap_err().code(), Code::NotFound);
    let named = vec![annex("A1", ""), annex("A2", &plan.sha256)];
    propose(&world, &contract_manager(), &draft, named)
        .await
        .unwrap();
    for reader in [contract_manager(), manager(), director(), auditor()] {
        let shown = read(&world, &reader, &draft.name).await;
        assert_eq!(shown.text_version, 2);
        assert_eq!(shown.annex_files, std::slice::from_ref(&plan));
        let bytes = world.download(&reader, &draft.name, &plan).await;
        assert_eq!(bytes.unwrap(), PLAN);
    }
    let hidden = world.download(&stranger(), &draft.name, &plan).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    // What was kept for one contract is named by no other.
    let other = world.create(text(&[SITE])).await.unwrap();
    let named = vec![annex("A1", &plan.sha256)];
    let refused = propose(&world, &contract_manager(), &other, named).await;
    assert_eq!(reason(&refused.unwrap_err()), "ANNEX_FILE_NOT_KEPT");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_establishment_brings_an_annex_while_the_text_is_negotiated() {
    let world = World::new().await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    let contract = world.open_negotiation(&draft).await.unwrap();
    let plan = world
        .keep_file(&director(), &contract.name, ("plan.pdf", PLAN))
        .await
        .unwrap();
    let named = vec![annex("A1", &plan.sha256)];
    let contract = propose(&world, &director(), &contract, named)
        .await
        .unwrap();
    // It is read as long as a version names it.
    let named = vec![annex("A1", &plan.sha256), annex("A2", "")];
    let contract = propose(&world, &contract_manager(), &contract, named)
        .await
        .unwrap();
    let bytes = world.download(&manager(), &contract.name, &plan).await;
    assert_eq!(bytes.unwrap(), PLAN);
    let contract = propose(&world, &contract_manager(), &contract, vec![])
        .await
        .unwrap();
    assert!(
        read(&world, &manager(), &contract.name)
            .await
            .annex_files
            .is_empty()
    );
    // The version that named it stays as it was proposed, with its annex.
    for reader in [contract_manager(), manager(), director(), auditor()] {
        let bytes = world.download(&reader, &contract.name, &plan).await;
        assert_eq!(bytes.unwrap(), PLAN);
    }
    let hidden = world.download(&stranger(), &contract.name, &plan).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    let request = ListContractVersionsRequest {
        name: contract.name.clone(),
    };
    let mut client = world.contracts(&director());
    let listed = client.list_contract_versions(request).await;
    let versions = listed.unwrap().into_inner().versions;
    let files: Vec<usize> = versions.iter().map(|one| one.annex_files.len()).collect();
    assert_eq!(files, [0, 1, 1, 0]);
    assert_eq!(versions[1].annex_files, [plan]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_names_what_is_kept_for_its_contract() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let brings = |file: &str| AmendmentChanges {
        put_annexes: vec![annex("A1", file)],
        ..Default::default()
    };
    let unread = world
        .propose(&contract, "2026-06-01", brings(&"ab".repeat(32)))
        .await;
    assert_eq!(reason(&unread.unwrap_err()), "ANNEX_FILE_NOT_KEPT");
    let plan = world
        .keep_file(&contract_manager(), &contract.name, ("plan.pdf", PLAN))
        .await
        .unwrap();
    let amendment = world
        .propose(&contract, "2026-06-01", brings(&plan.sha256))
        .await
        .unwrap();
    let bytes = world.download(&director(), &amendment.name, &plan).await;
    assert_eq!(bytes.unwrap(), PLAN);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_for_an_associated_third_party_reads_the_annexes_of_its_contract() {
    let world = World::new().await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    let plan = world
        .keep_file(&contract_manager(), &draft.name, ("plan.pdf", PLAN))
        .await
        .unwrap();
    let mut text = annexed(vec![annex("A1", &plan.sha256)]);
    if let Some(content) = &mut text.content {
        content.clauses.push(Clause {
            code: "C1".into(),
            title: "Recherche".into(),
            text: "Recherche et enseignement.".into(),
            confidentiality: Confidentiality::Public.into(),
        });
        content.associated_parties.push(AssociatedParty {
            code: "UNIV".into(),
            name: "Université de démonstration".into(),
            clauses: vec!["C1".into()],
        });
    }
    propose_text(&world, &contract_manager(), &draft, text.clone())
        .await
        .unwrap();
    let dean = Persona::human("associated_party").named("dean");
    let hidden = world.download(&dean, &draft.name, &plan).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound, "no mandate");
    let known = RegisterMandateRequest {
        contract: draft.name.clone(),
        ..mandate("associatedParties/UNIV", "dean")
    };
    world.register_mandate(known).await.unwrap();
    let bytes = world.download(&dean, &draft.name, &plan).await;
    assert_eq!(bytes.unwrap(), PLAN);
    // Of the versions it reads the current one alone.
    let mut without = text;
    if let Some(content) = &mut without.content {
        content.annexes.clear();
    }
    let draft = read(&world, &contract_manager(), &draft.name).await;
    propose_text(&world, &contract_manager(), &draft, without)
        .await
        .unwrap();
    let gone = world.download(&dean, &draft.name, &plan).await;
    assert_eq!(gone.unwrap_err().code(), Code::NotFound);
    let kept = world.download(&manager(), &draft.name, &plan).await;
    assert_eq!(kept.unwrap(), PLAN);
}
