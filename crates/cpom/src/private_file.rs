//! Files that only their owner may read.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::{Context, Result};

/// Writes a file with mode 0600. A reader sees the old content or the new one, never a half.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let describe = || format!("could not write {}", path.display());
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).with_context(describe)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = Path::new(&name);
    let _ = fs::remove_file(temporary);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(temporary)
        .with_context(describe)?;
    file.write_all(content).with_context(describe)?;
    file.sync_all().with_context(describe)?;
    fs::rename(temporary, path).with_context(describe)
}
