//! What waits for somebody, whoever sees the contract; the files of annexes; when reminders leave.

use proto::contracts::v1::{
    Amendment, AmendmentChanges, Annex, Confidentiality, GetAmendmentRequest,
    GetNoticePreferencesRequest, ListAmendmentsRequest, ListContractsRequest,
    ReviseAmendmentRequest, WithdrawAmendmentRequest,
};
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    members,
    support::{
        REGION, SITE, World, auditor, contract_manager, director, director_general, manager,
        president, stranger,
    },
};

/// A legal entity of nobody else.
const THIRD_ENTITY: &str = "750712184";
const PLAN: &[u8] = b"%PDF-1.7\nplan de financement\n";

fn newcomer() -> Persona {
    Persona::human("establishment_director")
        .named("newcomer")
        .region(REGION)
        .finess(THIRD_ENTITY)
}

fn elsewhere() -> Persona {
    Persona::human("manager").region("94")
}

/// A council joins.
fn council_joins() -> AmendmentChanges {
    AmendmentChanges {
        add_departmental_councils: vec!["departments/84".into()],
        ..Default::default()
    }
}

/// The amendments that somebody lists without naming a contract, one a page.
async fn listed(world: &World, who: &Persona, open: bool) -> Vec<Amendment> {
    let mut request = ListAmendmentsRequest {
        open,
        page_size: 1,
        ..Default::default()
    };
    let mut amendments = Vec::new();
    loop {
        let mut client = world.amendments(who);
        let page = client.list_amendments(request.clone()).await.unwrap();
        let page = page.into_inner();
        amendments.extend(page.amendments);
        if page.next_page_token.is_empty() {
            return amendments;
        }
        request.page_token = page.next_page_token;
    }
}

async fn names(world: &World, who: &Persona, open: bool) -> Vec<String> {
    let listed = listed(world, who, open).await;
    listed.into_iter().map(|amendment| amendment.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_listed_for_whoever_sees_the_contract_or_joins_it() {
    let world = members::world().await;
    let contract = members::shared(&world).await;
    let joins = AmendmentChanges {
        add_legal_entities: vec![members::entity(THIRD_ENTITY)],
        ..council_joins()
    };
    let first = world.propose(&contract, "2026-06-01", joins).await.unwrap();
    let ends = AmendmentChanges {
        end_date: "2031-01-31".into(),
        ..Default::default()
    };
    let second = world.propose(&contract, "2026-07-01", ends).await.unwrap();
    let both = [first.name.as_str(), second.name.as_str()];
    for who in [
        contract_manager(),
        director_general(),
        auditor(),
        director(),
        stranger(),
    ] {
        assert_eq!(names(&world, &who, true).await, both, "{who:?}");
    }
    // Who joins by one of them finds that one, and the contract is none of theirs yet.
    for who in [newcomer(), president("84")] {
        let found = listed(&world, &who, true).await;
        assert_eq!(found.len(), 1, "{who:?}");
        assert_eq!(found[0].name, first.name);
        assert_eq!(found[0].contract_number, contract.number);
        let contracts = ListContractsRequest::default();
        let seen = world.contracts(&who).list_contracts(contracts).await;
        assert_eq!(seen.unwrap().into_inner().contracts, []);
        let of_contract = ListAmendmentsRequest {
            contract: contract.name.clone(),
            ..Default::default()
        };
        let hidden = world.amendments(&who).list_amendments(of_contract).await;
        assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    }
    for who in [elsewhere(), president("13")] {
        assert_eq!(names(&world, &who, false).await, [""; 0], "{who:?}");
    }

    // What is given up waits for nobody, and stays on the list of all.
    let withdraw = WithdrawAmendmentRequest {
        name: first.name.clone(),
        etag: first.etag.clone(),
        reasons: "À revoir.".into(),
        request_id: request_id(),
    };
    let mut client = world.amendments(&contract_manager());
    client.withdraw_amendment(withdraw).await.unwrap();
    assert_eq!(names(&world, &manager(), true).await, [&*second.name]);
    assert_eq!(names(&world, &manager(), false).await, both);
    assert_eq!(names(&world, &newcomer(), true).await, [""; 0]);
    let wrong = ListAmendmentsRequest {
        contract: "contracts/1".into(),
        ..Default::default()
    };
    let refused = client.list_amendments(wrong).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["contract"]);
}

fn annex(code: &str, file_sha256: &str) -> Annex {
    Annex {
        code: code.into(),
        title: "Plan de financement".into(),
        text: String::new(),
        file_sha256: file_sha256.into(),
        confidentiality: Confidentiality::BusinessSecret.into(),
    }
}

async fn with_annexes(
    world: &World,
    amendment: &Amendment,
    annexes: Vec<Annex>,
) -> Result<Amendment, Status> {
    let request = ReviseAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        effect_date: amendment.effect_date.clone(),
        changes: Some(AmendmentChanges {
            put_annexes: annexes,
            ..council_joins()
        }),
        request_id: request_id(),
    };
    let mut client = world.amendments(&contract_manager());
    Ok(client.revise_amendment(request).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_an_annex_is_read_by_whoever_reads_the_amendment() {
    let world = World::new().await;
    let contract = world.in_force(&[SITE]).await;
    let amendment = world
        .propose(&contract, "2026-06-01", council_joins())
        .await
        .unwrap();
    let plan = world
        .keep_file(&contract_manager(), &amendment.name, ("plan.pdf", PLAN))
        .await
        .unwrap();
    // Kept, and of no annex yet: nobody reads it.
    let early = world.download(&director(), &amendment.name, &plan).await;
    assert_eq!(early.unwrap_err().code(), Code::NotFound);

    // What was not received for it, nor for its contract, is named by no annex.
    let annexes = vec![annex("A1", &plan.sha256), annex("A2", &"ab".repeat(32))];
    let refused = with_annexes(&world, &amendment, annexes).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "ANNEX_FILE_NOT_KEPT".into())
    );
    assert!(refused.message().contains("A2"), "{refused}");
    let annexes = vec![annex("A1", &plan.sha256)];
    with_annexes(&world, &amendment, annexes).await.unwrap();
    for reader in [contract_manager(), director(), auditor(), president("84")] {
        let request = GetAmendmentRequest {
            name: amendment.name.clone(),
        };
        let shown = world.amendments(&reader).get_amendment(request).await;
        let shown = shown.unwrap().into_inner();
        assert_eq!(shown.annex_files, std::slice::from_ref(&plan));
        let bytes = world.download(&reader, &amendment.name, &plan).await;
        assert_eq!(bytes.unwrap(), PLAN);
    }
    for other in [stranger(), elsewhere(), president("13")] {
        let hidden = world.download(&other, &amendment.name, &plan).await;
        assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
    }
    let sent = world
        .keep_file(&stranger(), &amendment.name, ("plan.pdf", PLAN))
        .await;
    assert_eq!(sent.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_when_reminders_leave() {
    let world = World::new().await;
    for who in [director(), president("13")] {
        let mut client = world.deadlines(&who);
        let request = GetNoticePreferencesRequest {};
        let told = client.get_notice_preferences(request).await.unwrap();
        let told = told.into_inner();
        assert_eq!(told.days_before, [30, 7, 1, -1]);
        assert!(told.etag.is_empty() && told.email.is_empty());
    }
}
