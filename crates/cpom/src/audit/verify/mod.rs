//! Verifying an export, with no server and no trust in whoever made it.

mod fault;
mod lines;
mod log;
mod small;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde::Serialize;
use transparency::{Checkpoint, VerifyingKey};

use fault::Faults;
pub use fault::{Fault, Kind};

use super::format::{
    CHECKPOINTS, EVENTS, FORMAT, MANIFEST, Manifest, PERSONS, SUBTREES, Scope, ServiceEntry, TABLE,
};
use crate::progress::{self, Count};

/// What an auditor brings along.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Keys obtained otherwise than from the export. Without any, those of the export are taken, which proves only
    /// that it is sound in itself.
    pub keys: Vec<VerifyingKey>,
    /// Checkpoints kept from before.
    pub known: Vec<Checkpoint>,
}

/// What was verified, and what was found.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub is_sound: bool,
    /// Whether the signatures were checked against keys of the auditor's own.
    pub keys_are_trusted: bool,
    /// Whether nothing of the logs is left out, so that a deletion would show.
    pub is_complete: bool,
    /// What the export says it was asked for.
    pub scope: Scope,
    pub services: Vec<ServiceReport>,
    pub fault_count: u64,
    /// The first ones.
    pub faults: Vec<Fault>,
}

/// What was verified of one service.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceReport {
    pub service: String,
    pub events: u64,
    pub tree_size: u64,
    pub checkpoints: u64,
    /// The instant that the last checkpoint names.
    pub sealed_at: Option<String>,
}

/// Verifies the export in a folder.
///
/// # Errors
/// When the folder cannot be read or holds no export; what is wrong inside it is in the report.
pub fn run(folder: &Path, trust: &Trust) -> Result<Report> {
    let manifest = manifest(folder)?;
    let mut faults = Faults::default();
    check_file_set(folder, &manifest, &mut faults)?;
    let total = manifest.files.iter().map(|file| file.bytes).sum();
    let bar = progress::bar("verifying", total, Count::Bytes);
    let mut services = Vec::new();
    for entry in &manifest.services {
        let keys = if trust.keys.is_empty() {
            parse_keys(&entry.verifier_keys)?
        } else {
            trust.keys.clone()
        };
        let work = log::Work {
            folder,
            manifest: &manifest,
            entry,
            keys: &keys,
            known: &trust.known,
            bar: &bar,
        };
        services.push(work.verify(&mut faults)?);
    }
    bar.finish_and_clear();
    Ok(Report {
        is_sound: faults.count == 0,
        keys_are_trusted: !trust.keys.is_empty(),
        is_complete: manifest.scope.is_everything(),
        scope: manifest.scope,
        services,
        fault_count: faults.count,
        faults: faults.listed,
    })
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("{} is not an export", folder.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        manifest.format == FORMAT,
        "{} has the format {}, this version reads {FORMAT}",
        path.display(),
        manifest.format
    );
    Ok(manifest)
}

/// Reads keys as C2SP writes them.
pub fn parse_keys(keys: &[String]) -> Result<Vec<VerifyingKey>> {
    keys.iter()
        .map(|key| {
            key.parse()
                .with_context(|| format!("{key:?} is not a verifier key"))
        })
        .collect()
}

/// The files of a service.
fn files_of(entry: &ServiceEntry) -> Vec<String> {
    [EVENTS, TABLE, SUBTREES, CHECKPOINTS, PERSONS]
        .iter()
        .map(|file| format!("{}/{file}", entry.service))
        .collect()
}

/// The manifest lists every file that is needed and every file that is there, and no other.
fn check_file_set(folder: &Path, manifest: &Manifest, faults: &mut Faults) -> Result<()> {
    let needed: BTreeSet<String> = manifest.services.iter().flat_map(files_of).collect();
    let listed: BTreeSet<String> = manifest.files.iter().map(|f| f.path.clone()).collect();
    let present = files_under(folder)?;
    for path in needed.union(&listed) {
        let what = match (
            needed.contains(path),
            listed.contains(path),
            present.contains(path),
        ) {
            (_, false, _) => "the manifest does not list it",
            (false, ..) => "the manifest lists it, and it is no part of an export",
            (_, _, false) => "it is missing",
            (true, true, true) => continue,
        };
        faults.push(Fault::of_file(Kind::FileSet, path, what));
    }
    for path in present.difference(&listed).filter(|path| *path != MANIFEST) {
        if !needed.contains(path) {
            let what = "it is there and the manifest does not list it";
            faults.push(Fault::of_file(Kind::FileSet, path, what));
        }
    }
    Ok(())
}

fn files_under(folder: &Path) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(inside) = path.strip_prefix(folder) {
                files.insert(inside.to_string_lossy().into_owned());
            }
        }
    }
    Ok(files)
}
