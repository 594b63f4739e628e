//! Etags, request ids, and the times when something is away.

use proto::contracts::v1::{CreateContractRequest, OpenNegotiationRequest};
use testkit::{changes, eventually, reason, request_id};
use tonic::Code;

use crate::support::{REGION, SITE, World, auditor, contract_manager, director, stranger, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_etag_is_aborted() {
    let world = World::new().await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    world.open_negotiation(&draft).await.unwrap();
    let stale = world.open_negotiation(&draft).await.unwrap_err();
    assert_eq!(
        (stale.code(), reason(&stale).as_str()),
        (Code::Aborted, "ETAG_MISMATCH")
    );
    let told = changes(&stale);
    assert_eq!(
        told,
        ["NegotiationOpened contract_manager contract_manager-1"]
    );
    // The other side is not told which person it was, and who does not see the contract is told nothing.
    let stale = world.agree(&draft, &director()).await.unwrap_err();
    assert_eq!(changes(&stale), ["NegotiationOpened contract_manager"]);
    let unseen = world.agree(&draft, &stranger()).await.unwrap_err();
    assert_eq!(
        (unseen.code(), changes(&unseen)),
        (Code::NotFound, Vec::new())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_same_answer_and_another_content_is_refused() {
    let world = World::new().await;
    let request = CreateContractRequest {
        region: REGION.into(),
        text: Some(text(&[SITE])),
        request_id: request_id(),
        ..Default::default()
    };
    let mut client = world.contracts(&contract_manager());
    let first = client
        .create_contract(request.clone())
        .await
        .unwrap()
        .into_inner();
    let second = client
        .create_contract(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(first, second);
    assert_eq!(world.count("select count(*) from contract").await, 1);

    let mut other = request;
    other.text.as_mut().unwrap().title = "Un autre contrat".into();
    let refused = client.create_contract(other).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::InvalidArgument, "REQUEST_ID_REUSED")
    );

    // A transition repeated after it was done answers as it did, though its etag is no longer current.
    let open = OpenNegotiationRequest {
        name: first.name.clone(),
        etag: first.etag.clone(),
        request_id: request_id(),
    };
    let once = client
        .open_negotiation(open.clone())
        .await
        .unwrap()
        .into_inner();
    let twice = client.open_negotiation(open).await.unwrap().into_inner();
    assert_eq!(once, twice);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_ten_people_who_open_the_negotiation_at_once_one_does() {
    let world = World::new().await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let mut client = world.contracts(&contract_manager());
        let request = OpenNegotiationRequest {
            name: draft.name.clone(),
            etag: draft.etag.clone(),
            request_id: request_id(),
        };
        calls.spawn(async move { client.open_negotiation(request).await });
    }
    let answers = calls.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(
        answers
            .iter()
            .filter_map(|a| a.as_ref().err())
            .all(|s| s.code() == Code::Aborted)
    );
    assert_eq!(world.count("select count(*) from event").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_nothing_is_acknowledged() {
    let world = World::new().await;
    let draft = world.create(text(&[SITE])).await.unwrap();
    world.service.database.cut().await;
    let refused = world.open_negotiation(&draft).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused).as_str()),
        (Code::Unavailable, "UNAVAILABLE")
    );
    world.service.database.restore().await;
    eventually("the database is back", || async {
        world.get(&draft, &auditor()).await.ok()
    })
    .await;
    world.open_negotiation(&draft).await.unwrap();
}
