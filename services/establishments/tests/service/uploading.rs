//! The upload itself: its order, its limits, its repetition.

use std::time::Duration;

use establishments::app::Limits;
use proto::establishments::v1::ImportHeader;
use testkit::{Persona, TestService, reason, wrong_fields};
use tokio_stream::StreamExt as _;
use tonic::Code;

use crate::support::{Registry, chunk, header, messages, sites_file, tally, upload};

async fn limited(limits: Limits) -> Registry {
    let start = move |runtime| async move { Ok(establishments::routes(runtime, limits)) };
    Registry {
        service: TestService::start(&establishments::DEFINITION, start).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gets_the_same_report_and_does_nothing_again() {
    let registry = Registry::start().await;
    let header = header();
    let file = sites_file(5).join("\n");
    let first = registry
        .import_with(header.clone(), file.as_bytes())
        .await
        .unwrap();
    let events = registry.count("event").await;
    let second = registry.import_with(header, file.as_bytes()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(
        tally(second.establishments),
        [5, 0, 0, 0],
        "the answer it got, not a new one"
    );
    assert_eq!(registry.count("event").await, events);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_is_not_used_for_another_file_or_another_header() {
    let registry = Registry::start().await;
    let header = header();
    let file = sites_file(5).join("\n");
    registry
        .import_with(header.clone(), file.as_bytes())
        .await
        .unwrap();
    let longer = sites_file(6).join("\n");
    let other_file = registry
        .import_with(header.clone(), longer.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(reason(&other_file), "REQUEST_ID_REUSED");
    let renamed = ImportHeader {
        file_name: "other.csv".to_owned(),
        ..header
    };
    let other_header = registry
        .import_with(renamed, file.as_bytes())
        .await
        .unwrap_err();
    assert_eq!(reason(&other_header), "REQUEST_ID_REUSED");
    assert_eq!(registry.sites().await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_the_limit_is_refused() {
    let registry = limited(Limits {
        file_bytes: 200_000,
        ..Limits::default()
    })
    .await;
    let refused = registry
        .import_with(header(), &vec![b'a'; 200_001])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(reason(&refused), "FILE_TOO_LARGE");
    assert!(
        registry
            .import_with(header(), sites_file(9).join("\n").as_bytes())
            .await
            .is_ok()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_over_the_limit_is_refused() {
    let registry = Registry::start().await;
    let mut messages = messages(header(), b"");
    messages.push(chunk(&vec![b'a'; 64 * 1024 + 1]));
    let refused = upload(&mut registry.administrator(), messages)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(wrong_fields(&refused), ["chunk"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_the_transport_limit_is_refused() {
    let registry = Registry::start().await;
    let mut messages = messages(header(), b"");
    messages.push(chunk(&vec![b'a'; kit::MESSAGE_LIMIT + 1]));
    let refused = upload(&mut registry.administrator(), messages)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::OutOfRange);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_comes_first_once_and_alone() {
    let registry = Registry::start().await;
    let mut client = registry.administrator();
    let first = messages(header(), b"x").remove(0);
    let mut beside = first.clone();
    beside.chunk = b"x".to_vec();
    for (messages, expected) in [
        (vec![], "HEADER_EXPECTED"),
        (vec![chunk(b"x")], "HEADER_EXPECTED"),
        (vec![beside], "HEADER_EXPECTED"),
        (vec![first.clone(), chunk(b"x"), first], "CHUNK_EXPECTED"),
    ] {
        let refused = upload(&mut client, messages).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(reason(&refused), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_header_names_its_fields() {
    let registry = Registry::start().await;
    let refused = |header| async { registry.import_with(header, b"x").await.unwrap_err() };
    let wrong = ImportHeader {
        format: 0,
        file_name: String::new(),
        request_id: "once".to_owned(),
        ..header()
    };
    assert_eq!(
        wrong_fields(&refused(wrong).await),
        ["header.format", "header.file_name", "header.request_id"]
    );
    let unprintable = ImportHeader {
        file_name: "sites\0.csv".to_owned(),
        ..header()
    };
    assert_eq!(
        wrong_fields(&refused(unprintable).await),
        ["header.file_name"]
    );
    let nowhere = ImportHeader {
        region: "95".to_owned(),
        ..header()
    };
    assert_eq!(wrong_fields(&refused(nowhere).await), ["header.region"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_outside_the_token_is_refused_before_the_upload() {
    let registry = Registry::start().await;
    let somebody = Persona::human("registry_administrator").region("84");
    // The stream never ends: only the header decides.
    let endless = tokio_stream::iter(messages(header(), b"")).chain(tokio_stream::pending());
    let refused = registry
        .client(&somebody)
        .import_registry(endless)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(
        refused.message().contains("region 93"),
        "{}",
        refused.message()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_upload_is_given_up() {
    let registry = limited(Limits {
        silence: Duration::from_millis(200),
        ..Limits::default()
    })
    .await;
    let silent = tokio_stream::iter(messages(header(), b"x")).chain(tokio_stream::pending());
    let refused = registry
        .administrator()
        .import_registry(silent)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::DeadlineExceeded);
    assert_eq!(reason(&refused), "UPLOAD_STALLED");
}
