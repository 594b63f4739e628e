//! Files in an S3 bucket.
//!
//! A crate of its own, and the only one that needs `object_store`: `objects` takes it in with the feature `s3`, which usual
//! builds leave out, while its tests run with all others.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
pub use object_store::Error;
use object_store::{
    ObjectStore, ObjectStoreExt as _, ObjectStoreScheme, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    path::Path,
};
use url::Url;

/// Longest time in which a request that failed is tried again: a person waits for the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A bucket, or a folder of one.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    root: Path,
}

impl Bucket {
    /// Opens `s3://bucket/folder` with the usual `AWS_…` variables, of those that are given.
    ///
    /// # Errors
    /// When the address names no bucket, or a variable is not what it should be.
    pub fn open(
        url: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let (_, root) = ObjectStoreScheme::parse(&Url::parse(url)?)?;
        let mut builder = AmazonS3Builder::new()
            .with_url(url)
            .with_retry(RetryConfig {
                max_retries: 3,
                retry_timeout: PATIENCE,
                ..RetryConfig::default()
            });
        for (name, value) in variables.filter(|(name, _)| name.starts_with("AWS_")) {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        Ok(Self {
            store: Arc::new(builder.build()?),
            root,
        })
    }

    /// Keeps bytes under a path. The same bytes again change nothing.
    ///
    /// # Errors
    /// What the bucket answered, or that it did not.
    pub async fn put(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        self.store.put(&self.place(path), bytes.into()).await?;
        Ok(())
    }

    /// The bytes under a path; None when there are none.
    ///
    /// # Errors
    /// What the bucket answered, or that it did not.
    pub async fn get(&self, path: &str) -> Result<Option<Bytes>, Error> {
        match self.store.get(&self.place(path)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn place(&self, path: &str) -> Path {
        Path::from(format!("{}/{path}", self.root))
    }
}
