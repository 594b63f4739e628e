//! Files of JSON lines that fit in memory, and the hash of any file.

use std::{fs, fs::File, io::Read as _, path::Path};

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use transparency::Hash;

use super::{Fault, Faults, Kind, lines::Read};
use crate::audit::format::Manifest;

/// Reads the lines of a file; those that cannot be read are faults.
pub(super) fn json_lines<T: DeserializeOwned>(
    folder: &Path,
    file: &str,
    faults: &mut Faults,
) -> Result<Vec<T>> {
    let text = fs::read_to_string(folder.join(file)).with_context(|| format!("reading {file}"))?;
    let mut values = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match serde_json::from_str(line) {
            Ok(value) => values.push(value),
            Err(error) => {
                let fault = Fault::of_file(Kind::Malformed, file, error.to_string());
                faults.push(fault.at_line(number));
            }
        }
    }
    Ok(values)
}

/// The hash of a file, read in blocks.
pub(super) fn hash_of(path: &Path) -> Result<Read> {
    let mut file =
        File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1024 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
        bytes += read as u64;
    }
    Ok(Read {
        bytes,
        sha256: hash.finalize().into(),
    })
}

/// Compares a file with what the manifest lists.
pub(super) fn compare(manifest: &Manifest, file: &str, found: &Read, faults: &mut Faults) {
    let Some(listed) = manifest.files.iter().find(|entry| entry.path == file) else {
        // Said already.
        return;
    };
    if listed.bytes != found.bytes || listed.sha256 != hex::encode(found.sha256) {
        let what = format!(
            "the manifest lists {} bytes with SHA-256 {}, there are {} with {}",
            listed.bytes,
            listed.sha256,
            found.bytes,
            hex::encode(found.sha256)
        );
        faults.push(Fault::of_file(Kind::FileChanged, file, what));
    }
}

/// A hash in hexadecimal.
pub(super) fn hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}
