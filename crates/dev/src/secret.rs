//! Passwords of the private servers: made once, kept in files only their owner reads.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;

/// The password kept in `path`, made at the first call.
pub(crate) fn kept_in(path: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Ok(password) => return Ok(password.trim().to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    }
    let password = random()?;
    write_private(path, &password)?;
    Ok(password)
}

/// Writes a file only its owner reads.
pub(crate) fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("writing {}", path.display()))
}

/// 192 random bits, in hexadecimal so that they stand in a URL as they are.
fn random() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 24];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("reading /dev/urandom")?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use std::{env, os::unix::fs::PermissionsExt as _, process};

    use super::*;

    #[test]
    fn a_password_is_made_once_and_only_its_owner_reads_it() {
        let path = env::temp_dir().join(format!("cpom-dev-secret-{}", process::id()));
        let first = kept_in(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let second = kept_in(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(first.len(), 48);
        assert_eq!(first, second);
    }
}
