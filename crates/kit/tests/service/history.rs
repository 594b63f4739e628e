//! `HistoryService`.

use prost_types::Timestamp;
use proto::history::v1::{ListEventsRequest, StreamEventsRequest};
use testkit::{Persona, reason, wrong_fields};
use tonic::Code;

use crate::support::{append, auditor, history, open, service};

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

/// More events than one page examines, ten seconds apart.
const MANY: &str = "
    insert into event (id, aggregate_kind, aggregate, version, type, root, region, actor, actor_kind, actor_role,
        recorded_at, canonical, prev_hash, hash)
    select gen_random_uuid(), 'batch', 'filled/' || n, 1, 'cpom.targets.v1.IndicatorsReceived',
        'contracts/2', '93', 'service:filling', 'service', 'service',
        timestamptz '2026-01-01 00:00:00+00' + n * interval '10 seconds', convert_to('{}', 'UTF8'),
        decode(repeat('00', 32), 'hex'), sha256(n::text::bytea)
    from generate_series(1, 50010) as n";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_finds_too_little_says_how_far_it_looked_and_the_list_goes_on() {
    let service = service().await;
    let mut owner = service.database.owner().await;
    sqlx::query(MANY).execute(&mut owner).await.unwrap();
    append(&service.running.runtime.db, "93", "batches/1", 3).await;
    let mut client = history(&service, &auditor());
    let mut request = ListEventsRequest {
        filter: "actor = \"service:test\"".to_owned(),
        page_size: 2,
        ..Default::default()
    };
    let first = client.list_events(request.clone()).await.unwrap();
    let first = first.into_inner();
    assert!(first.events.is_empty());
    // The fifty thousandth.
    let examined = first.examined_time.unwrap().seconds;
    assert_eq!(examined, 1_767_225_600 + 500_000);

    append(&service.running.runtime.db, "93", "batches/2", 1).await;
    let mut told = Vec::new();
    request.page_token = first.next_page_token;
    while !request.page_token.is_empty() {
        let page = client.list_events(request.clone()).await.unwrap();
        let page = page.into_inner();
        assert!(page.examined_time.is_none());
        let events = page.events.into_iter();
        told.extend(events.map(|event| (event.aggregate, event.version)));
        request.page_token = page.next_page_token;
    }
    let expected = [("1", 1), ("1", 2), ("1", 3), ("2", 1)];
    let expected = expected.map(|(batch, version)| (format!("batches/{batch}"), version));
    assert_eq!(told, expected);

    // An index leads to a contract, and the order of recording to a period.
    let of_contract = ListEventsRequest {
        root: "contracts/1".to_owned(),
        filter: "actor = \"service:test\"".to_owned(),
        ..Default::default()
    };
    let page = client.list_events(of_contract).await.unwrap().into_inner();
    assert_eq!((page.events.len(), page.examined_time), (4, None));
    let of_period = ListEventsRequest {
        filter: "time >= \"2026-01-06T00:00:00Z\"".to_owned(),
        ..Default::default()
    };
    let page = client.list_events(of_period).await.unwrap().into_inner();
    assert_eq!(page.events[0].aggregate, "filled/43200");
    assert_eq!((page.events.len(), page.examined_time), (50, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_the_pages_or_the_stream_misses_nothing_that_is_committed_late() {
    let service = service().await;
    let db = &service.running.runtime.db;
    let late = open(db, "batches/1").await;
    append(db, "93", "batches/2", 250).await;
    append(db, "93", "batches/3", 2).await;
    let mut client = history(&service, &auditor());
    let mut request = ListEventsRequest {
        page_size: 200,
        ..Default::default()
    };
    let first = client.list_events(request.clone()).await.unwrap();
    let first = first.into_inner();
    assert!(first.events.is_empty(), "the first place may still appear");
    assert!(!first.next_page_token.is_empty());
    // The last page shows the newest events, whoever is still writing.
    let newest = ListEventsRequest {
        aggregate: "batches/3".to_owned(),
        ..Default::default()
    };
    let newest = client.list_events(newest).await.unwrap().into_inner();
    assert_eq!(
        (newest.events.len(), newest.next_page_token.as_str()),
        (2, "")
    );
    let streaming = tokio::spawn({
        let mut client = client.clone();
        async move {
            let request = StreamEventsRequest {
                aggregate_kind: "batch".to_owned(),
            };
            let mut stream = client.stream_events(request).await.unwrap().into_inner();
            let mut told = Vec::new();
            while let Some(event) = stream.message().await.unwrap() {
                told.push((event.aggregate, event.version));
            }
            told
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    late.done().await.unwrap();
    let mut told = Vec::new();
    request.page_token = first.next_page_token;
    while !request.page_token.is_empty() {
        let page = client.list_events(request.clone()).await.unwrap();
        let page = page.into_inner();
        told.extend(page.events.into_iter().map(|it| (it.aggregate, it.version)));
        request.page_token = page.next_page_token;
    }
    let mut expected = vec![("batches/1".to_owned(), 1_i64)];
    expected.extend((1..=250).map(|version| ("batches/2".to_owned(), version)));
    expected.extend((1..=2).map(|version| ("batches/3".to_owned(), version)));
    assert_eq!(told, expected);
    assert_eq!(streaming.await.unwrap(), expected);
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
