//! `HistoryService`.

use prost_types::Timestamp;
use proto::history::v1::{ListEventsRequest, StreamEventsRequest};
use testkit::{Persona, reason, wrong_fields};
use tonic::Code;

use crate::support::{append, auditor, history, service};

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_and_are_bound_to_their_arguments() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 5).await;
    let mut client = history(&service, &auditor());
    let mut versions = Vec::new();
    let mut request = ListEventsRequest {
        page_size: 2,
        ..Default::default()
    };
    loop {
        let page = client
            .list_events(request.clone())
            .await
            .unwrap()
            .into_inner();
        versions.extend(page.events.iter().map(|event| event.version));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
        let other = ListEventsRequest {
            start_time: Some(Timestamp::default()),
            ..request.clone()
        };
        let refused = client.list_events(other).await.unwrap_err();
        assert_eq!(wrong_fields(&refused), ["page_token"]);
    }
    assert_eq!(versions, [1, 2, 3, 4, 5]);
    let wrong = Timestamp {
        seconds: i64::MAX,
        nanos: 0,
    };
    let refused = client
        .list_events(ListEventsRequest {
            end_time: Some(wrong),
            ..Default::default()
        })
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&refused), ["end_time"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_the_events_of_its_regions_alone() {
    let service = service().await;
    append(&service.running.runtime.db, "93", "batches/1", 2).await;
    append(&service.running.runtime.db, "11", "batches/2", 3).await;
    let mut client = history(&service, &Persona::human("auditor").region("11"));
    let listed = client
        .list_events(ListEventsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(listed.events.iter().all(|event| event.region == "11"));
    assert_eq!(listed.events.len(), 3);
    let request = StreamEventsRequest {
        aggregate_kind: "batch".to_owned(),
    };
    let mut stream = client.stream_events(request).await.unwrap().into_inner();
    let mut streamed = 0;
    while let Some(event) = stream.message().await.unwrap() {
        assert_eq!(event.region, "11");
        streamed += 1;
    }
    assert_eq!(streamed, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn establishments_read_no_history_whatever_the_table_says() {
    let service = service().await;
    let director = Persona::human("establishment_director")
        .region("*")
        .finess("130001647");
    let refused = history(&service, &director)
        .list_events(ListEventsRequest::default())
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
    let system = Persona::system("establishment_system")
        .region("*")
        .finess("130001647");
    let request = StreamEventsRequest {
        aggregate_kind: "batch".to_owned(),
    };
    let refused = history(&service, &system).stream_events(request).await;
    assert_eq!(refused.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_over_the_limit_and_ill_formed_ones_are_refused() {
    let service = service().await;
    let mut client = history(&service, &auditor());
    let huge = ListEventsRequest {
        root: "x".repeat(kit::MESSAGE_LIMIT + 1),
        ..Default::default()
    };
    assert_eq!(
        client.list_events(huge).await.unwrap_err().code(),
        Code::OutOfRange
    );
    let long = ListEventsRequest {
        root: "x".repeat(101),
        ..Default::default()
    };
    let refused = client.list_events(long).await.unwrap_err();
    assert_eq!(
        (refused.code(), wrong_fields(&refused)),
        (Code::InvalidArgument, vec!["root".to_owned()])
    );
    service.database.cut().await;
    let away = client
        .list_events(ListEventsRequest::default())
        .await
        .unwrap_err();
    assert_eq!(
        (away.code(), reason(&away)),
        (Code::Unavailable, "UNAVAILABLE".to_owned())
    );
    service.database.restore().await;
}
