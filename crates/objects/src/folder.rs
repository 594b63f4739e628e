//! Files in a folder of this machine, or of one that it mounts.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use kernel::new_id;
use tokio::{fs, io::AsyncWriteExt as _};

/// A folder of files under their hash.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Opens a folder, and makes it if it is not there.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    /// Keeps bytes under a path: whole and on the disk, or not at all.
    pub(crate) async fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let place = self.0.join(path);
        if fs::try_exists(&place).await? {
            return Ok(());
        }
        let folder = place.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder).await?;
        let unfinished = folder.join(format!(".{}", new_id().simple()));
        let mut file = fs::File::create(&unfinished).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, &place).await?;
        fs::File::open(folder).await?.sync_all().await
    }

    /// The bytes under a path; None when there are none.
    pub(crate) async fn get(&self, path: &str) -> io::Result<Option<Bytes>> {
        match fs::read(self.0.join(path)).await {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
