//! What an auditor knew before: checkpoints kept from an earlier export, or one by itself in a file.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use transparency::{Checkpoint, VerifyingKey};

use super::format::{CHECKPOINTS, CheckpointLine, MANIFEST, Manifest};

/// Reads the latest checkpoint of each service of an export, or the signed note in a file. Each must be signed by a
/// trusted key.
pub fn read(path: &Path, trusted: &[VerifyingKey]) -> Result<Vec<Checkpoint>> {
    let notes = if path.is_dir() {
        of_export(path)?
    } else {
        vec![read_text(path)?]
    };
    notes
        .iter()
        .map(|note| {
            Checkpoint::open(note, trusted)
                .with_context(|| format!("the checkpoint in {}", path.display()))
        })
        .collect()
}

fn of_export(folder: &Path) -> Result<Vec<String>> {
    let manifest: Manifest = serde_json::from_str(&read_text(&folder.join(MANIFEST))?)
        .with_context(|| format!("{} in {}", MANIFEST, folder.display()))?;
    let logs = manifest.services.iter().filter(|log| log.tree_size > 0);
    logs.map(|log| {
        let lines = read_text(&folder.join(&log.service).join(CHECKPOINTS))?;
        let last = lines.lines().last().unwrap_or_default();
        let line: CheckpointLine =
            serde_json::from_str(last).with_context(|| format!("{}/{CHECKPOINTS}", log.service))?;
        Ok(line.note)
    })
    .collect()
}

fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}
