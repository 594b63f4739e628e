//! Taking a part of the histories away.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use indicatif::ProgressBar;
use prost_types::Timestamp;
use proto::{
    content::Content,
    history::v1::{
        Checkpoint, ExportEventsRequest, ExportedEvent, GetCheckpointRequest,
        GetConsistencyProofRequest, GetSubtreeHashesRequest, ListEventsRequest, Subtree,
    },
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tonic::Status;
use tonic_types::StatusExt as _;
use transparency::{Checkpoint as Head, Hash, proof};

use super::{
    format::{
        CHECKPOINTS, CheckpointLine, Difference, EVENTS, EventLine, FORMAT, FileEntry, MANIFEST,
        Manifest, PERSONS, PersonLine, SUBTREES, Scope, ServiceEntry, SubtreeLine, TABLE,
    },
    table::{self, HEADINGS},
};
use crate::{
    call,
    client::Session,
    progress::{self, Count},
    stack::Service,
};

/// What to take.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub scope: Scope,
    /// The same period for the services.
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// More events than this of one service are refused; 0 for what the services allow.
    pub max_events: u32,
    /// Checkpoints kept from before, which the export is to be shown to continue.
    pub since: Vec<Head>,
}

/// Checkpoints of an export beside the last one, spread evenly over the log: a fault that only the root shows is
/// located between two of them.
const EARLIER_CHECKPOINTS: i64 = 16;
/// Subtrees of one call.
const SUBTREES_OF_A_CALL: usize = 500;

/// Writes an export to a folder that is not there yet. When it fails, nothing is left behind.
pub async fn run(session: &Session, request: &Request, folder: &Path) -> Result<Manifest> {
    ensure!(
        !folder.exists(),
        "{} exists already; name another folder",
        folder.display()
    );
    let mut name = folder.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial).with_context(|| format!("creating {}", partial.display()))?;
    match write_all(session, request, &partial).await {
        Ok(manifest) => {
            fs::rename(&partial, folder)?;
            Ok(manifest)
        }
        Err(error) => {
            let _left = fs::remove_dir_all(&partial);
            Err(error)
        }
    }
}

async fn write_all(session: &Session, request: &Request, folder: &Path) -> Result<Manifest> {
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        scope: request.scope.clone(),
        services: Vec::new(),
        files: Vec::new(),
    };
    for service in Service::ALL {
        let part = Part {
            session,
            request,
            service,
            folder: folder.join(service.name()),
        };
        let (entry, files) = part
            .write()
            .await
            .with_context(|| format!("exporting the history of {}", service.name()))?;
        manifest.services.push(entry);
        manifest.files.extend(files);
    }
    let text = serde_json::to_string_pretty(&manifest)? + "\n";
    fs::write(folder.join(MANIFEST), text)?;
    Ok(manifest)
}

/// Differences that are told one by one.
const DIFFERENCES: usize = 1_000;

/// What was written of the events of a service.
#[derive(Default)]
struct Written {
    places: Vec<u64>,
    /// By their commitments.
    persons: BTreeMap<String, PersonLine>,
    differences: Vec<Difference>,
    files: Vec<FileEntry>,
}

impl Written {
    /// Takes down an event, and returns what its bytes say; nothing when they cannot be read.
    fn take(&mut self, exported: &ExportedEvent) -> Content {
        let leaf_index = exported.leaf_index.unsigned_abs();
        self.places.push(leaf_index);
        for person in persons_of(exported) {
            self.persons.insert(person.commitment.clone(), person);
        }
        let Some(event) = &exported.event else {
            return Content::default();
        };
        let Ok(content) = Content::of(event) else {
            return Content::default();
        };
        let line = self.places.len() as u64;
        let room = DIFFERENCES.saturating_sub(self.differences.len());
        let others = content.told_otherwise(event).into_iter().take(room);
        self.differences.extend(others.map(|other| Difference {
            line,
            leaf_index,
            aggregate: content.aggregate.clone(),
            version: content.version.parse().unwrap_or_default(),
            attribute: other.attribute,
            told: other.told,
            proved: other.proved,
        }));
        content
    }
}

/// The part of one service.
struct Part<'a> {
    session: &'a Session,
    request: &'a Request,
    service: Service,
    folder: PathBuf,
}

impl Part<'_> {
    async fn write(&self) -> Result<(ServiceEntry, Vec<FileEntry>)> {
        fs::create_dir(&self.folder)?;
        let Some(last) = self.last_checkpoint().await? else {
            return self.write_nothing();
        };
        let bar = progress::bar(
            self.service.name(),
            last.tree_size.unsigned_abs(),
            Count::Things,
        );
        let Written {
            places,
            persons,
            differences,
            mut files,
        } = self.write_events(&last, &bar).await?;
        files.push(self.write_subtrees(&places, &last).await?);
        files.push(self.write_checkpoints(&last).await?);
        let persons: Vec<PersonLine> = persons.into_values().collect();
        files.push(self.write_lines(PERSONS, &persons)?);
        bar.finish_and_clear();
        let entry = ServiceEntry {
            service: self.service.name().to_owned(),
            tree_size: last.tree_size.unsigned_abs(),
            events: places.len() as u64,
            verifier_keys: last.verifier_keys,
            differences,
        };
        Ok((entry, files))
    }

    /// A service that recorded nothing has files too, so that one that is missing is a fault.
    fn write_nothing(&self) -> Result<(ServiceEntry, Vec<FileEntry>)> {
        let none: [(); 0] = [];
        let files = [EVENTS, TABLE, SUBTREES, CHECKPOINTS, PERSONS]
            .iter()
            .map(|name| self.write_lines(name, &none))
            .collect::<Result<_>>()?;
        let entry = ServiceEntry {
            service: self.service.name().to_owned(),
            tree_size: 0,
            events: 0,
            verifier_keys: Vec::new(),
            differences: Vec::new(),
        };
        Ok((entry, files))
    }

    /// The latest checkpoint; none when nothing was ever recorded.
    async fn last_checkpoint(&self) -> Result<Option<Checkpoint>> {
        let request = GetCheckpointRequest::default();
        match call!(self.session.proofs(self.service), get_checkpoint, request).await {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(status) if has_reason(&status, "NO_CHECKPOINT") => {
                let request = ListEventsRequest {
                    page_size: 1,
                    ..Default::default()
                };
                let page = call!(self.session.history(self.service), list_events, request).await?;
                // A page without events is no end: more may follow it.
                if page.events.is_empty() && page.next_page_token.is_empty() {
                    Ok(None)
                } else {
                    Err(status.into())
                }
            }
            Err(status) => Err(status.into()),
        }
    }

    async fn write_events(&self, last: &Checkpoint, bar: &ProgressBar) -> Result<Written> {
        let scope = &self.request.scope;
        let request = ExportEventsRequest {
            tree_size: last.tree_size,
            region: scope
                .region
                .map(|region| region.code().to_owned())
                .unwrap_or_default(),
            root: scope.root.clone().unwrap_or_default(),
            start_time: self.request.start,
            end_time: self.request.end,
            max_events: self.request.max_events.into(),
            r#type: scope.event_type.clone().unwrap_or_default(),
            actor: scope.actor.clone().unwrap_or_default(),
            outcome: scope.outcome.clone().unwrap_or_default(),
        };
        let mut stream = self
            .session
            .proofs(self.service)
            .export_events(request)
            .await?
            .into_inner();
        let mut lines = self.create(EVENTS)?;
        let mut rows = csv::Writer::from_writer(self.create(TABLE)?);
        rows.write_record(HEADINGS)?;
        let mut written = Written::default();
        while let Some(exported) = stream.message().await? {
            lines.write_all(&event_line(&exported)?)?;
            lines.write_all(b"\n")?;
            let content = written.take(&exported);
            rows.write_record(table::row(&exported, &content))?;
            bar.set_position(exported.leaf_index.unsigned_abs() + 1);
        }
        let rows = rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
        written.files = vec![lines.finish()?, rows.finish()?];
        Ok(written)
    }

    async fn write_subtrees(&self, places: &[u64], last: &Checkpoint) -> Result<FileEntry> {
        let nodes = proof::others(places, last.tree_size.unsigned_abs());
        let mut file = self.create(SUBTREES)?;
        for nodes in nodes.chunks(SUBTREES_OF_A_CALL) {
            let subtrees = nodes
                .iter()
                .map(|node| {
                    Ok(Subtree {
                        level: node.level.try_into()?,
                        index: node.index.try_into()?,
                    })
                })
                .collect::<Result<_>>()?;
            let request = GetSubtreeHashesRequest { subtrees };
            let answer = call!(
                self.session.proofs(self.service),
                get_subtree_hashes,
                request
            )
            .await?;
            for (node, hash) in nodes.iter().zip(answer.hashes) {
                let line = SubtreeLine {
                    level: node.level,
                    index: node.index,
                    hash: hex::encode(hash),
                };
                file.line(&line)?;
            }
        }
        file.finish()
    }

    /// Some earlier checkpoints and the last one.
    async fn write_checkpoints(&self, last: &Checkpoint) -> Result<FileEntry> {
        let mut sizes: Vec<i64> = (1..EARLIER_CHECKPOINTS)
            .map(|part| last.tree_size * part / EARLIER_CHECKPOINTS)
            .filter(|size| *size > 0)
            .collect();
        let origin = last.note.lines().next().unwrap_or_default();
        for known in self
            .request
            .since
            .iter()
            .filter(|head| head.origin == origin)
        {
            let size = i64::try_from(known.size)?;
            if size <= last.tree_size {
                sizes.push(size);
            }
        }
        let mut earlier = BTreeMap::new();
        for tree_size in sizes {
            let request = GetCheckpointRequest { tree_size };
            let head = call!(self.session.proofs(self.service), get_checkpoint, request).await?;
            if head.tree_size < last.tree_size {
                earlier.insert(head.tree_size, head);
            }
        }
        let mut file = self.create(CHECKPOINTS)?;
        for (first_tree_size, head) in earlier {
            let request = GetConsistencyProofRequest {
                first_tree_size,
                second_tree_size: last.tree_size,
            };
            let proof = call!(
                self.session.proofs(self.service),
                get_consistency_proof,
                request
            )
            .await?;
            file.line(&CheckpointLine {
                tree_size: first_tree_size.unsigned_abs(),
                note: head.note,
                consistency: proof.hashes.iter().map(hex::encode).collect(),
            })?;
        }
        file.line(&CheckpointLine {
            tree_size: last.tree_size.unsigned_abs(),
            note: last.note.clone(),
            consistency: Vec::new(),
        })?;
        file.finish()
    }

    fn write_lines(&self, name: &str, lines: &[impl Serialize]) -> Result<FileEntry> {
        let mut file = self.create(name)?;
        for line in lines {
            file.line(line)?;
        }
        file.finish()
    }

    fn create(&self, name: &str) -> Result<Hashed> {
        let path = self.folder.join(name);
        let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Hashed {
            path: format!("{}/{name}", self.service.name()),
            file: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        })
    }
}

fn has_reason(status: &Status, reason: &str) -> bool {
    status
        .get_details_error_info()
        .is_some_and(|info| info.reason == reason)
}

fn hash(bytes: &[u8]) -> Result<Hash> {
    bytes
        .try_into()
        .context("the service gave a hash of another length")
}

fn event_line(exported: &ExportedEvent) -> Result<Vec<u8>> {
    let event = exported
        .event
        .as_ref()
        .context("an event without content")?;
    ensure!(
        !event.canonical.contains(&b'\n'),
        "event {} holds a line break",
        event.id
    );
    let line = EventLine {
        leaf_index: exported.leaf_index.unsigned_abs(),
        leaf: hash(&exported.leaf_hash)?,
        previous_hash: hash(&event.previous_hash)?,
        hash: hash(&event.hash)?,
        event: &event.canonical,
    };
    Ok(line.write())
}

/// What opens the commitments in an event, but for those to persons who were erased.
fn persons_of(exported: &ExportedEvent) -> impl Iterator<Item = PersonLine> {
    let named = exported.event.iter().flat_map(|event| &event.persons);
    named.map(|person| PersonLine {
        commitment: person.commitment.clone(),
        subject: person.subject.clone(),
        salt: hex::encode(&person.salt),
    })
}

/// A file that is hashed while it is written.
struct Hashed {
    path: String,
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Hashed {
    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        Ok(self.write_all(&line)?)
    }

    fn finish(mut self) -> Result<FileEntry> {
        self.flush()?;
        Ok(FileEntry {
            path: self.path,
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
        })
    }
}
