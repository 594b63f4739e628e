//! Files in an S3 bucket.

use std::{env, sync::Arc};

use bytes::Bytes;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, parse_url_opts, path::Path};
use url::Url;

/// A bucket, or a folder of one.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    root: Path,
}

impl Bucket {
    /// Opens `s3://bucket/folder` with the usual `AWS_…` variables of the environment.
    pub(crate) fn open(url: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let settings = env::vars()
            .filter(|(name, _)| name.starts_with("AWS_"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value));
        let (store, root) = parse_url_opts(&Url::parse(url)?, settings)?;
        Ok(Self {
            store: Arc::from(store),
            root,
        })
    }

    /// Keeps bytes under a path. The same bytes again change nothing.
    pub(crate) async fn put(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        self.store.put(&self.place(path), bytes.into()).await?;
        Ok(())
    }

    /// The bytes under a path; None when there are none.
    pub(crate) async fn get(&self, path: &str) -> Result<Option<Bytes>, Error> {
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
