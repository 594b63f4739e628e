//! What those who act for a departmental council see, sign and draft: what is of their own département, and nothing else.

mod marks;
mod notices;
mod walk;

use proto::contracts::v1::{
    Amendment, AmendmentChanges, AmendmentReason, Contract, ContractContent, ContractState,
    ContractText, FundingLine, FundingSource, ListContractsRequest, ListMandatesRequest,
    ListPositionsRequest, ProposeAmendmentRequest, ProposeVersionRequest, RecordPositionRequest,
    ReviseAmendmentRequest, Side, Stance, WithdrawAmendmentRequest,
};
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};

use crate::support::{
    OTHER_SITE, REGION, SITE, World, contract_manager, manager, mandate, president, text,
};

const COUNCIL: &str = "departments/13";

fn officer(department: &str) -> Persona {
    Persona::human("department_manager")
        .named(&format!("officer-{department}"))
        .region(REGION)
        .department(department)
}

fn line(code: &str, source: FundingSource, department: &str) -> FundingLine {
    FundingLine {
        code: code.into(),
        label: "Section dépendance".into(),
        source: source.into(),
        year: 2027,
        amount_eur: "120000".into(),
        department: department.into(),
        ..Default::default()
    }
}

/// A text that these councils sign, with a line of the agency.
fn shared(site: &str, councils: &[&str]) -> ContractText {
    let mut text = text(&[site]);
    text.effect_date = "2026-03-01".into();
    text.end_date = "2031-02-28".into();
    text.content = Some(ContractContent {
        funding: vec![line("A", FundingSource::Fir, "")],
        departmental_councils: councils.iter().map(|&council| council.into()).collect(),
        ..Default::default()
    });
    text
}

async fn listed(world: &World, who: &Persona) -> Vec<String> {
    let mut names = Vec::new();
    let mut request = ListContractsRequest {
        page_size: 1,
        ..Default::default()
    };
    loop {
        let mut client = world.contracts(who);
        let page = client.list_contracts(request.clone()).await.unwrap();
        let page = page.into_inner();
        names.extend(page.contracts.into_iter().map(|contract| contract.name));
        if page.next_page_token.is_empty() {
            return names;
        }
        request.page_token = page.next_page_token;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_sees_the_contracts_it_is_a_party_to_and_no_others() {
    let world = World::new().await;
    let both = shared(SITE, &[COUNCIL, "departments/84"]);
    let both = world.create(both).await.unwrap();
    let alone = world.create(text(&[OTHER_SITE])).await.unwrap();
    let own = world.create(shared(OTHER_SITE, &[COUNCIL])).await.unwrap();
    for who in [president("13"), officer("13")] {
        assert_eq!(listed(&world, &who).await, [&*both.name, &*own.name]);
        assert_eq!(world.get(&own, &who).await.unwrap().name, own.name);
        let hidden = world.get(&alone, &who).await.unwrap_err();
        assert_eq!(hidden.code(), Code::NotFound);
    }
    assert_eq!(listed(&world, &president("84")).await, [&*both.name]);
    let hidden = world.get(&own, &president("84")).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);
    // The region of a token opens nothing to a council.
    let of_no_council = Persona::human("department_president").region("*");
    assert_eq!(listed(&world, &of_no_council).await, [""; 0]);
    let hidden = world.get(&own, &of_no_council).await.unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);

    // The council that is not a party any more does not see it any more.
    let negotiated = world.open_negotiation(&both).await.unwrap();
    let without = shared(SITE, &["departments/84"]);
    propose(&world, &negotiated, without, &contract_manager())
        .await
        .unwrap();
    assert_eq!(listed(&world, &president("13")).await, [&*own.name]);
    assert_eq!(listed(&world, &president("84")).await, [&*both.name]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_president_signs_for_its_own_council_and_whoever_it_mandates_too() {
    let world = World::new().await;
    let councils = [COUNCIL, "departments/84"];
    let contract = world.ready_to_sign(shared(SITE, &councils)).await;
    for (party, subject) in [
        (COUNCIL, "president-13"),
        (COUNCIL, "president-06"),
        (COUNCIL, "president-84"),
        ("departments/84", "officer-84"),
    ] {
        world
            .register_mandate(mandate(party, subject))
            .await
            .unwrap();
    }
    let unknown = world.sign(&contract, COUNCIL, &president("06")).await;
    assert_eq!(unknown.unwrap_err().code(), Code::NotFound);
    // The act on record names it, but its token is that of the other council.
    let refused = world.sign(&contract, COUNCIL, &president("84")).await;
    assert_eq!(reason(&refused.unwrap_err()), "OUTSIDE_MANDATE");
    let refused = world
        .sign(&contract, "departments/84", &officer("13"))
        .await;
    assert_eq!(reason(&refused.unwrap_err()), "OUTSIDE_MANDATE");
    let refused = world
        .sign(&contract, "departments/84", &president("13"))
        .await;
    assert_eq!(reason(&refused.unwrap_err()), "WRONG_SIGNATORY");

    let contract = world
        .sign(&contract, COUNCIL, &president("13"))
        .await
        .unwrap();
    let contract = world
        .sign(&contract, "departments/84", &officer("84"))
        .await
        .unwrap();
    assert_eq!(contract.state(), ContractState::PartiallySigned);
    let of_council = |party: &str| {
        let mut signatures = contract.signatures.iter();
        signatures.any(|s| s.party == party && s.mandate.starts_with("mandates/"))
    };
    assert!(of_council(COUNCIL) && of_council("departments/84"));
    let mandates = ListMandatesRequest::default();
    let read = world
        .mandates(&president("84"))
        .list_mandates(mandates)
        .await;
    let read = read.unwrap().into_inner().mandates;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].party, "departments/84");
}

async fn propose(
    world: &World,
    contract: &Contract,
    text: ContractText,
    who: &Persona,
) -> Result<Contract, Status> {
    let request = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(text),
        comment: "Crédits du département.".into(),
        request_id: request_id(),
    };
    Ok(world
        .contracts(who)
        .propose_version(request)
        .await?
        .into_inner())
}

/// The text with this money.
fn with(text: &ContractText, funding: Vec<FundingLine>) -> ContractText {
    let content = text.content.clone().unwrap_or_default();
    ContractText {
        content: Some(ContractContent { funding, ..content }),
        ..text.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_people_of_a_council_draft_its_money_and_nothing_else_of_a_text() {
    let world = World::new().await;
    let councils = [COUNCIL, "departments/84"];
    let draft = world.create(shared(SITE, &councils)).await.unwrap();
    let contract = world.open_negotiation(&draft).await.unwrap();
    let text = contract.text.clone().unwrap();
    let agency = line("A", FundingSource::Fir, "");
    let own = line("D13", FundingSource::Department, COUNCIL);
    let other = line("D84", FundingSource::Department, "departments/84");
    let nobody = line("D", FundingSource::Department, "");
    let mut more = agency.clone();
    more.amount_eur = "999999".into();
    for money in [
        vec![more],
        vec![],
        vec![agency.clone(), own.clone(), other.clone()],
        vec![agency.clone(), nobody],
    ] {
        let refused = propose(&world, &contract, with(&text, money), &officer("13")).await;
        let refused = refused.unwrap_err();
        assert_eq!(reason(&refused), "OUTSIDE_COMPETENCE", "{refused:?}");
        assert!(refused.message().contains("L313-3"), "{refused:?}");
    }
    let mut renamed = text.clone();
    renamed.title = "Autre titre".into();
    let refused = propose(&world, &contract, renamed, &president("13")).await;
    assert_eq!(reason(&refused.unwrap_err()), "OUTSIDE_COMPETENCE");
    let mut strange = own.clone();
    strange.department = "departments/06".into();
    let money = with(&text, vec![agency.clone(), strange]);
    let refused = propose(&world, &contract, money, &officer("13"))
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(
        refused.message().contains("funding[1].department"),
        "{refused:?}"
    );

    let money = with(&text, vec![agency, own]);
    let contract = propose(&world, &contract, money, &officer("13"))
        .await
        .unwrap();
    assert_eq!(contract.text_version, 2);
    let read = world.get(&contract, &officer("84")).await.unwrap();
    let funding = read.text.unwrap().content.unwrap().funding;
    assert_eq!(funding[1].department, COUNCIL);

    let position = RecordPositionRequest {
        name: contract.name.clone(),
        text_version: 2,
        objective: "O1".into(),
        stance: Stance::Reserved.into(),
        comment: "Sous réserve des crédits.".into(),
        request_id: request_id(),
        department: String::new(),
    };
    let mut council = world.negotiation(&officer("13"));
    let recorded = council
        .record_position(position.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(recorded.side(), Side::Department);
    assert_eq!(recorded.department, COUNCIL);
    for (who, department) in [
        (officer("13"), "departments/84"),
        (contract_manager(), COUNCIL),
    ] {
        let spoken = RecordPositionRequest {
            department: department.into(),
            request_id: request_id(),
            ..position.clone()
        };
        let mut client = world.negotiation(&who);
        let refused = client.record_position(spoken).await.unwrap_err();
        assert_eq!(reason(&refused), "COUNCIL_NOT_NAMED", "{refused:?}");
    }
    let list = ListPositionsRequest {
        name: contract.name.clone(),
        text_version: 2,
    };
    let mut agency = world.negotiation(&manager());
    let positions = agency
        .list_positions(list)
        .await
        .unwrap()
        .into_inner()
        .positions;
    assert_eq!(positions.len(), 1);
    assert_eq!(positions[0].side(), Side::Department);
    assert_eq!(positions[0].department, COUNCIL);
    // A council holds the text by its signature: two sides agree to it.
    let refused = world.agree(&contract, &officer("13")).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

fn money(lines: Vec<FundingLine>) -> AmendmentChanges {
    AmendmentChanges {
        put_funding: lines,
        ..Default::default()
    }
}

async fn amend(
    world: &World,
    contract: &Contract,
    lines: Vec<FundingLine>,
    who: &Persona,
) -> Result<Amendment, Status> {
    let request = ProposeAmendmentRequest {
        contract: contract.name.clone(),
        reason: AmendmentReason::Funding.into(),
        title: "Forfait global dépendance 2027".into(),
        effect_date: "2027-01-01".into(),
        changes: Some(money(lines)),
        consultations: vec![],
        request_id: request_id(),
    };
    Ok(world
        .amendments(who)
        .propose_amendment(request)
        .await?
        .into_inner())
}

/// A contract signed by the agency, the establishment and the council.
async fn signed(world: &World) -> Contract {
    for subject in ["president-13", "president-06"] {
        world
            .register_mandate(mandate(COUNCIL, subject))
            .await
            .unwrap();
    }
    let contract = world.signed(shared(SITE, &[COUNCIL])).await;
    let contract = world
        .sign(&contract, COUNCIL, &president("13"))
        .await
        .unwrap();
    assert_eq!(contract.state(), ContractState::InForce);
    contract
}

#[tokio::test(flavor = "multi_thread")]
async fn a_council_amends_its_own_money_and_takes_its_proposal_back() {
    let world = World::new().await;
    let contract = signed(&world).await;
    let own = line("D13", FundingSource::Department, COUNCIL);
    let mut more = line("A", FundingSource::Fir, "");
    more.amount_eur = "1".into();
    let refused = amend(
        &world,
        &contract,
        vec![own.clone(), more.clone()],
        &officer("13"),
    )
    .await;
    assert_eq!(reason(&refused.unwrap_err()), "OUTSIDE_COMPETENCE");

    let proposed = amend(&world, &contract, vec![own.clone()], &officer("13"))
        .await
        .unwrap();
    assert_eq!(proposed.proposed_by(), Side::Department);
    let withdraw = |amendment: &Amendment| WithdrawAmendmentRequest {
        name: amendment.name.clone(),
        etag: amendment.etag.clone(),
        reasons: "Budget reporté.".into(),
        request_id: request_id(),
    };
    let mut council = world.amendments(&officer("13"));
    council
        .withdraw_amendment(withdraw(&proposed))
        .await
        .unwrap();

    // What the agency proposes is revised for the council’s own money only, and taken back by the agency alone.
    let proposed = amend(&world, &contract, vec![more.clone()], &contract_manager())
        .await
        .unwrap();
    let refused = council
        .withdraw_amendment(withdraw(&proposed))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "NOT_YOUR_PROPOSAL");
    let negotiated = world.talk(&proposed).await.unwrap();
    let revise = |lines, effect_date: &str| ReviseAmendmentRequest {
        name: negotiated.name.clone(),
        etag: negotiated.etag.clone(),
        effect_date: effect_date.into(),
        changes: Some(money(lines)),
        request_id: request_id(),
    };
    for request in [
        revise(vec![own.clone()], "2027-01-01"),
        revise(vec![more.clone(), own.clone()], "2027-06-01"),
    ] {
        let refused = council.revise_amendment(request).await.unwrap_err();
        assert_eq!(reason(&refused), "OUTSIDE_COMPETENCE");
    }
    let revised = council
        .revise_amendment(revise(vec![more, own], "2027-01-01"))
        .await;
    assert_eq!(revised.unwrap().into_inner().revision, 2);
}
