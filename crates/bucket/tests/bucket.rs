//! A bucket of a real S3 server of another make.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what does not work should stop it"
)]

use std::time::{Duration, Instant};

use bucket::{Bucket, Error};
use bytes::Bytes;
use testkit::TestBucket;

/// A folder of the bucket, for who has this secret.
fn folder(server: &TestBucket, secret: &str) -> Bucket {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let mut variables = server.variables(secret);
    // Not every variable of the environment is about the bucket.
    let others = [("AWS_PROFILE", "ars"), ("PATH", "/bin")];
    variables.extend(others.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Bucket::open("s3://evidence/paca/2024", variables.into_iter()).unwrap()
}

#[tokio::test]
async fn what_was_put_is_got_under_its_path_and_nothing_else_is() {
    let server = TestBucket::start().await;
    let bucket = folder(&server, TestBucket::SECRET);
    let small = Bytes::from_static(b"finess;sejours\n130786049;12\n");
    // As large as a file may be.
    let largest = Bytes::from(vec![7; 25 * 1024 * 1024]);
    for (path, bytes) in [
        ("ab/ab1", small),
        ("ab/ab2", largest),
        ("cd/cd1", Bytes::new()),
    ] {
        bucket.put(path, bytes.clone()).await.unwrap();
        bucket.put(path, bytes.clone()).await.unwrap();
        let found = bucket.get(path).await.unwrap();
        assert!(found == Some(bytes), "{path}");
    }
    assert_eq!(bucket.get("ab/ab3").await.unwrap(), None);
    assert_eq!(bucket.get("ef/ef1").await.unwrap(), None);
}

#[tokio::test]
async fn without_the_right_key_nothing_is_kept_and_nothing_is_said_to_be_missing() {
    let server = TestBucket::start().await;
    let stranger = folder(&server, "another-secret");
    let refused = stranger
        .put("ab/ab1", Bytes::from_static(b"a report"))
        .await;
    assert!(!matches!(refused.unwrap_err(), Error::NotFound { .. }));
    assert!(stranger.get("ab/ab1").await.is_err());
    let kept = folder(&server, TestBucket::SECRET).get("ab/ab1").await;
    assert_eq!(kept.unwrap(), None);
}

#[tokio::test]
async fn a_bucket_that_is_away_is_told_in_time() {
    let mut server = TestBucket::start().await;
    let bucket = folder(&server, TestBucket::SECRET);
    server.stop();
    let begin = Instant::now();
    let away = bucket.get("ab/ab1").await.unwrap_err();
    assert!(!matches!(away, Error::NotFound { .. }), "{away}");
    let waited = begin.elapsed();
    assert!(waited < Duration::from_secs(15), "{waited:?}");
}

#[test]
fn an_address_that_names_no_bucket_is_refused() {
    for address in ["", "evidence", "ftp://evidence/paca"] {
        assert!(
            Bucket::open(address, std::iter::empty()).is_err(),
            "{address}"
        );
    }
}
