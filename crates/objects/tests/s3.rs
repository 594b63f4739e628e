//! Files under their hash in a bucket.

use bucket::Bucket;
use bytes::Bytes;
use objects::{Objects, ObjectsError};
use testkit::TestBucket;

const FOLDER: &str = "s3://evidence/paca/2024";

#[tokio::test]
async fn what_was_put_is_got_by_its_hash_and_never_once_it_was_changed() {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let server = TestBucket::start().await;
    let variables = server.variables(TestBucket::SECRET);
    let objects = Objects::open_with(FOLDER, variables.clone()).unwrap();
    let bytes = Bytes::from_static(b"a report");
    let hash = objects.put(bytes.clone()).await.unwrap();
    assert_eq!(hash, objects::hash(&bytes));
    assert_eq!(objects.put(bytes.clone()).await.unwrap(), hash);
    assert_eq!(objects.get(&hash).await.unwrap(), Some(bytes));
    assert_eq!(objects.get(&[0; 32]).await.unwrap(), None);

    let name = hex::encode(hash);
    let bucket = Bucket::open(FOLDER, variables.into_iter()).unwrap();
    let path = format!("{}/{name}", &name[..2]);
    let other = Bytes::from_static(b"another report");
    bucket.put(&path, other).await.unwrap();
    let damaged = objects.get(&hash).await.unwrap_err();
    assert!(matches!(damaged, ObjectsError::Damaged(_)), "{damaged}");
}

#[tokio::test]
async fn a_refusal_of_the_bucket_is_told_as_such() {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let server = TestBucket::start().await;
    let stranger = Objects::open_with(FOLDER, server.variables("another-secret")).unwrap();
    let refused = stranger.get(&[0; 32]).await.unwrap_err();
    assert!(matches!(refused, ObjectsError::Bucket(_)), "{refused}");
}
