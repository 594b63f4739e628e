//! Where files are kept.

use std::{env, path::Path as Folder, sync::Arc};

use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use object_store::{ObjectStore, ObjectStoreExt as _, local::LocalFileSystem, parse_url_opts, path::Path};
use sha2::{Digest as _, Sha256};
use url::Url;

/// SHA-256 of the bytes of a file.
pub type Sha256Hash = [u8; 32];

/// The hash under which these bytes are kept.
pub fn hash(bytes: &[u8]) -> Sha256Hash {
    Sha256::digest(bytes).into()
}

/// Why a file was not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    #[error("{url:?} is not the address of an object store such as file:///var/lib/cpom or s3://bucket/folder: {cause}")]
    Address { url: String, cause: String },
    #[error("the object store: {0}")]
    Store(#[from] object_store::Error),
}

/// A store of files under their hash. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    root: Path,
}

impl Objects {
    /// Opens the store at an address: `file:///folder` (made if it is not there), or `s3://bucket/folder` with
    /// the usual `AWS_…` variables of the environment.
    ///
    /// # Errors
    /// [`ObjectsError::Address`] when nothing is understood by that address.
    pub fn open(url: &str) -> Result<Self, ObjectsError> {
        let wrong = |cause: &dyn std::fmt::Display| ObjectsError::Address {
            url: url.to_owned(),
            cause: cause.to_string(),
        };
        let parsed = Url::parse(url).map_err(|error| wrong(&error))?;
        if parsed.scheme() == "file" {
            let folder = parsed
                .to_file_path()
                .map_err(|()| wrong(&"not an absolute path"))?;
            return Self::folder(&folder).map_err(|error| wrong(&error));
        }
        let settings = env::vars()
            .filter(|(name, _)| name.starts_with("AWS_"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value));
        let (store, root) = parse_url_opts(&parsed, settings).map_err(|error| wrong(&error))?;
        Ok(Self {
            store: Arc::from(store),
            root,
        })
    }

    /// Opens a folder, and makes it if it is not there.
    fn folder(folder: &Folder) -> Result<Self, Box<dyn std::error::Error>> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?;
        Ok(Self {
            store: Arc::new(store),
            root: Path::default(),
        })
    }

    /// Keeps bytes and returns their hash. The same bytes again change nothing.
    pub async fn put(&self, bytes: Bytes) -> Result<Sha256Hash, ObjectsError> {
        let hash = hash(&bytes);
        self.store.put(&self.path(&hash), bytes.into()).await?;
        Ok(hash)
    }

    /// The bytes with this hash, piece by piece; None when they are not kept.
    pub async fn get(
        &self,
        hash: &Sha256Hash,
    ) -> Result<Option<impl Stream<Item = Result<Bytes, ObjectsError>> + Send + use<>>, ObjectsError>
    {
        match self.store.get(&self.path(hash)).await {
            Ok(found) => Ok(Some(found.into_stream().map_err(ObjectsError::from))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// `ab/abcdef…`: folders stay small.
    fn path(&self, hash: &Sha256Hash) -> Path {
        let name = hex::encode(hash);
        let parts = self.root.parts();
        parts
            .chain([name[..2].to_owned().into(), name.clone().into()])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        env::temp_dir().join(format!("cpom-objects-{}", kernel::new_id().simple()))
    }

    #[tokio::test]
    async fn what_was_put_is_got_by_its_hash_and_nothing_else_is() {
        let folder = folder();
        let url = Url::from_file_path(&folder).unwrap();
        let objects = Objects::open(url.as_str()).unwrap();
        let bytes = Bytes::from(vec![7; 300_000]);
        let hash = objects.put(bytes.clone()).await.unwrap();
        assert_eq!(objects.put(bytes.clone()).await.unwrap(), hash);
        let got: Vec<Bytes> = objects
            .get(&hash)
            .await
            .unwrap()
            .unwrap()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(got.concat(), bytes);
        assert!(objects.get(&[0; 32]).await.unwrap().is_none());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_address_that_names_no_store_is_refused_with_an_example() {
        for url in ["", "folder", "ftp://host/folder", "file:relative"] {
            let refused = Objects::open(url).unwrap_err().to_string();
            assert!(refused.contains("s3://bucket/folder"), "{url}: {refused}");
        }
    }
}
