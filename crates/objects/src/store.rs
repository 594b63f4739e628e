//! Where files are kept.

use std::{ffi::OsString, path::Path};

#[cfg(feature = "s3")]
use bucket::Bucket;
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::folder::Folder;

/// SHA-256 of the bytes of a file.
pub type Sha256Hash = [u8; 32];

/// The hash under which these bytes are kept.
pub fn hash(bytes: &[u8]) -> Sha256Hash {
    Sha256::digest(bytes).into()
}

/// Why a file was not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    #[error(
        "{url:?} is not the address of an object store such as file:///var/lib/cpom or s3://bucket/folder: {cause}"
    )]
    Address { url: String, cause: String },
    #[error("the folder of files: {0}")]
    Folder(#[from] std::io::Error),
    #[cfg(feature = "s3")]
    #[error("the bucket of files: {0}")]
    Bucket(#[from] bucket::Error),
    /// The bytes were changed behind our back, or are damaged.
    #[error("the bytes under {0} do not have that hash")]
    Damaged(String),
}

/// A store of files under their hash. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Objects(Place);

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    #[cfg(feature = "s3")]
    Bucket(Bucket),
}

impl Objects {
    /// Opens the store at an address: `file:///folder` (made if it is not there), or `s3://bucket/folder` with
    /// the usual `AWS_…` variables of the environment.
    ///
    /// # Errors
    /// [`ObjectsError::Address`] when nothing is understood by that address, or when this program was not built
    /// for it.
    pub fn open(url: &str) -> Result<Self, ObjectsError> {
        let readable = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::open_with(url, std::env::vars_os().filter_map(readable))
    }

    /// The same with these variables in the place of the environment.
    ///
    /// # Errors
    /// As [`Objects::open`].
    pub fn open_with(
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ObjectsError> {
        let place =
            Place::open(url, variables.into_iter()).map_err(|cause| ObjectsError::Address {
                url: url.to_owned(),
                cause: cause.to_string(),
            })?;
        Ok(Self(place))
    }

    /// Keeps bytes and returns their hash. The same bytes again change nothing.
    pub async fn put(&self, bytes: Bytes) -> Result<Sha256Hash, ObjectsError> {
        let hash = hash(&bytes);
        let path = path(&hash);
        match &self.0 {
            Place::Folder(folder) => folder.put(&path, &bytes).await?,
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.put(&path, bytes).await?,
        }
        Ok(hash)
    }

    /// The bytes with this hash; None when they are not kept.
    ///
    /// # Errors
    /// [`ObjectsError::Damaged`] when what is kept has another hash: it is never handed out.
    pub async fn get(&self, wanted: &Sha256Hash) -> Result<Option<Bytes>, ObjectsError> {
        let path = path(wanted);
        let found = match &self.0 {
            Place::Folder(folder) => folder.get(&path).await?,
            #[cfg(feature = "s3")]
            Place::Bucket(bucket) => bucket.get(&path).await?,
        };
        match found {
            Some(bytes) if hash(&bytes) != *wanted => {
                Err(ObjectsError::Damaged(hex::encode(wanted)))
            }
            found => Ok(found),
        }
    }
}

impl Place {
    fn open(
        url: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        if let Some(folder) = url.strip_prefix("file://") {
            let folder = Path::new(folder);
            if !folder.is_absolute() {
                return Err("the folder is not an absolute path".into());
            }
            return Ok(Self::Folder(Folder::open(folder)?));
        }
        #[cfg(feature = "s3")]
        if url.starts_with("s3://") {
            return Ok(Self::Bucket(Bucket::open(url, variables)?));
        }
        #[cfg(not(feature = "s3"))]
        if url.starts_with("s3://") {
            drop(variables);
            return Err("this program was built without the feature s3".into());
        }
        Err("it names neither a folder nor a bucket".into())
    }
}

/// `ab/abcdef…`: folders stay small.
fn path(hash: &Sha256Hash) -> String {
    let name = hex::encode(hash);
    format!("{}/{name}", &name[..2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        std::env::temp_dir().join(format!("cpom-objects-{}", kernel::new_id().simple()))
    }

    #[tokio::test]
    async fn what_was_put_is_got_by_its_hash_and_nothing_else_is() {
        let folder = folder();
        let objects = Objects::open(&format!("file://{}", folder.display())).unwrap();
        let bytes = Bytes::from(vec![7; 300_000]);
        let hash = objects.put(bytes.clone()).await.unwrap();
        assert_eq!(objects.put(bytes.clone()).await.unwrap(), hash);
        assert_eq!(objects.get(&hash).await.unwrap(), Some(bytes));
        assert_eq!(objects.get(&[0; 32]).await.unwrap(), None);

        std::fs::write(folder.join(path(&hash)), b"something else").unwrap();
        let damaged = objects.get(&hash).await.unwrap_err();
        assert!(matches!(damaged, ObjectsError::Damaged(_)), "{damaged}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_address_that_names_no_store_is_refused_with_an_example() {
        for url in ["", "folder", "ftp://host/folder", "file://relative"] {
            let refused = Objects::open(url).unwrap_err().to_string();
            assert!(refused.contains("s3://bucket/folder"), "{url}: {refused}");
        }
    }
}
