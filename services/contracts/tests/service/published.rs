//! What anybody reads of the contracts in force, and what they are found by.

use proto::{
    contracts::v1::{
        Annex, Clause, Confidentiality, ContractContent, GetPublishedContractPdfRequest,
        GetPublishedContractRequest, ListContractsRequest, ListPublishedContractsRequest,
        PublishedContract, RegimeKind, Rendition,
        published_contract_service_client::PublishedContractServiceClient,
    },
    establishments::v1::{Establishment, RegistryState},
};
use testkit::{eventually, reason};
use time::Duration;
use tonic::{Code, transport::Channel};

use crate::support::{
    ENTITY, OTHER_ENTITY, REGION, SITE, Shown, World, contract_manager, director, stranger, text,
};

/// A client that sends no token.
fn nobody(world: &World) -> PublishedContractServiceClient<Channel> {
    let url = format!("http://{}", world.service.running.address);
    PublishedContractServiceClient::new(rpc::client::channel(&url).unwrap())
}

async fn listed(world: &World, request: ListPublishedContractsRequest) -> Vec<PublishedContract> {
    let mut client = nobody(world);
    let answer = client.list_published_contracts(request).await.unwrap();
    answer.into_inner().contracts
}

fn named(query: &str) -> ListPublishedContractsRequest {
    ListPublishedContractsRequest {
        query: query.into(),
        ..Default::default()
    }
}

/// The registry tells where the site is.
async fn tell_the_commune(world: &World) {
    let site = Establishment {
        name: format!("establishments/{SITE}"),
        finess: SITE.into(),
        legal_entity: format!("legalEntities/{ENTITY}"),
        title: "Hôpital de l’Étang".into(),
        region: REGION.into(),
        department: "13".into(),
        commune: "Berre-l’Étang".into(),
        category: "355".into(),
        state: RegistryState::Open.into(),
        ..Default::default()
    };
    world.producer.site_changed(site, &["commune"], 2).await;
    let known = "select count(*) from establishment_copy where commune <> ''";
    eventually("the commune is copied", || async {
        (world.count(known).await == 1).then_some(())
    })
    .await;
}

fn clause(code: &str, class: Confidentiality) -> Clause {
    Clause {
        code: code.into(),
        title: format!("Titre de {code}"),
        text: format!("Texte de {code}"),
        confidentiality: class.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_lists_the_contracts_in_force_and_no_other() {
    let world = World::new().await;
    tell_the_commune(&world).await;
    let signed = world.signed(text(&[SITE])).await;
    assert!(
        listed(&world, named("")).await.is_empty(),
        "a signed contract whose first day has not come is not public yet"
    );
    world.advance(Duration::days(30));
    let in_force = eventually("the contract is in force", || async {
        listed(&world, named("")).await.pop()
    })
    .await;
    assert_eq!(in_force.number, signed.number);
    assert_eq!(in_force.kind(), RegimeKind::Hospital);
    assert_eq!(in_force.last_day, "2031-03-31");
    assert_eq!(in_force.holders[0].finess, ENTITY);
    assert_eq!(in_force.sites.len(), 1);
    assert_eq!(in_force.sites[0].department, "13");
    assert_eq!(in_force.sites[0].commune, "Berre-l’Étang");

    for found in [
        "HOPITAL",
        "étang",
        "berre etang",
        "BERRE-L'ETANG",
        SITE,
        ENTITY,
        &signed.number,
        "cpom 2026",
    ] {
        assert_eq!(listed(&world, named(found)).await.len(), 1, "{found}");
    }
    for lost in ["clinique", "etang clinique", "%", "_"] {
        assert!(listed(&world, named(lost)).await.is_empty(), "{lost}");
    }
    let filtered = |department: &str, kind: RegimeKind| ListPublishedContractsRequest {
        region: REGION.into(),
        department: department.into(),
        kind: kind.into(),
        ..Default::default()
    };
    let all = RegimeKind::Unspecified;
    assert_eq!(listed(&world, filtered("13", all)).await.len(), 1);
    assert!(listed(&world, filtered("06", all)).await.is_empty());
    for (query, count) in [("berre etang", 1), ("clinique", 0)] {
        let both = ListPublishedContractsRequest {
            query: query.into(),
            ..filtered("13", RegimeKind::Hospital)
        };
        assert_eq!(listed(&world, both).await.len(), count, "{query}");
    }
    assert!(
        listed(&world, filtered("13", RegimeKind::Ehpad))
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_passages_classed_public_leave_the_service() {
    let world = World::new().await;
    let mut draft = text(&[SITE]);
    draft.content = Some(ContractContent {
        clauses: vec![
            clause("ART-1", Confidentiality::Public),
            clause("ART-2", Confidentiality::BusinessSecret),
            clause("ART-3", Confidentiality::Personal),
        ],
        annexes: vec![Annex {
            code: "A1".into(),
            title: "Certification".into(),
            text: "Texte de A1".into(),
            file_sha256: String::new(),
            confidentiality: Confidentiality::CareQuality.into(),
        }],
        ..Default::default()
    });
    let signed = world.signed(draft).await;
    let name = signed.name.replace("contracts/", "publishedContracts/");
    let request = GetPublishedContractRequest { name };
    let mut client = nobody(&world);
    let early = client.get_published_contract(request.clone()).await;
    assert_eq!(early.unwrap_err().code(), Code::NotFound);
    let early = GetPublishedContractPdfRequest {
        name: request.name.clone(),
    };
    let early = client.get_published_contract_pdf(early).await;
    assert_eq!(early.unwrap_err().code(), Code::NotFound);
    world.advance(Duration::days(30));
    let told = eventually("the contract is public", || async {
        let mut client = nobody(&world);
        client.get_published_contract(request.clone()).await.ok()
    })
    .await
    .into_inner();
    assert_eq!(told.clauses.len(), 1);
    assert_eq!(told.clauses[0].text, "Texte de ART-1");
    assert!(told.annexes.is_empty());
    let withheld: Vec<(&str, Confidentiality)> = told
        .withheld
        .iter()
        .map(|passage| (passage.code.as_str(), passage.ground()))
        .collect();
    assert_eq!(
        withheld,
        [
            ("ART-2", Confidentiality::BusinessSecret),
            ("ART-3", Confidentiality::Personal),
            ("A1", Confidentiality::CareQuality),
        ]
    );
    let whole = format!("{told:?}");
    for hidden in [
        "Texte de ART-2",
        "Titre de ART-3",
        "Texte de A1",
        "ambulatoire",
    ] {
        assert!(!whole.contains(hidden), "{hidden} is not public");
    }

    let request = GetPublishedContractPdfRequest { name: request.name };
    let answer = client.get_published_contract_pdf(request.clone()).await;
    let pdf = answer.unwrap().into_inner();
    assert_eq!(pdf.rendition(), Rendition::Public);
    let shown = Shown::by(&pdf);
    assert!(shown.says("Texte de ART-1"));
    for hidden in ["Texte de ART-2", "Texte de ART-3", "Texte de A1"] {
        assert!(!shown.says(hidden), "{hidden} is not public");
    }
    let again = client.get_published_contract_pdf(request).await;
    assert_eq!(again.unwrap().into_inner().sha256, pdf.sha256);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_and_a_token_serves_its_own_search() {
    let world = World::new().await;
    for _ in 0..3 {
        world.create(text(&[SITE])).await.unwrap();
    }
    let mut client = world.contracts(&contract_manager());
    let request = ListContractsRequest {
        query: "cpom".into(),
        page_size: 2,
        ..Default::default()
    };
    let first = client
        .list_contracts(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first.contracts.len(), 2);
    let second = ListContractsRequest {
        page_token: first.next_page_token.clone(),
        ..request
    };
    let rest = client.list_contracts(second).await.unwrap().into_inner();
    assert_eq!(rest.contracts.len(), 1);
    assert_eq!(rest.next_page_token, "");
    let other = ListContractsRequest {
        query: "autre".into(),
        page_size: 2,
        page_token: first.next_page_token,
        ..Default::default()
    };
    let refused = client.list_contracts(other).await.unwrap_err();
    assert_eq!(
        refused.code(),
        Code::InvalidArgument,
        "{}",
        reason(&refused)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_drafts_by_their_sites_within_what_the_caller_sees() {
    let world = World::new().await;
    tell_the_commune(&world).await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    let found = |persona: &testkit::Persona, request: ListContractsRequest| {
        let mut client = world.contracts(persona);
        async move {
            let page = client.list_contracts(request).await.unwrap().into_inner();
            page.contracts
                .into_iter()
                .map(|c| c.name)
                .collect::<Vec<_>>()
        }
    };
    let query = |query: &str| ListContractsRequest {
        query: query.into(),
        ..Default::default()
    };
    assert_eq!(
        found(&contract_manager(), query("hopital berre")).await,
        std::slice::from_ref(&draft.name)
    );
    assert_eq!(found(&director(), query("etang")).await.len(), 1);
    assert!(found(&stranger(), query("etang")).await.is_empty());
    assert!(
        found(&contract_manager(), query(OTHER_ENTITY))
            .await
            .is_empty()
    );
    let ending = |day: &str| ListContractsRequest {
        ending_before: day.into(),
        department: "13".into(),
        kind: RegimeKind::Hospital.into(),
        ..Default::default()
    };
    assert_eq!(
        found(&contract_manager(), ending("2031-04-01")).await.len(),
        1
    );
    assert!(
        found(&contract_manager(), ending("2031-03-31"))
            .await
            .is_empty()
    );
}
