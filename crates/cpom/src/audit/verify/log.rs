//! Verifying what an export holds of one service.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use anyhow::Result;
use indicatif::ProgressBar;
use transparency::{Checkpoint, Frontier, Hash, Node, VerifyingKey, proof};

use super::{
    Fault, Faults, Kind, ServiceReport,
    lines::{self, Line},
    small::{compare, hash, hash_of, json_lines},
};
use crate::audit::format::{
    CHECKPOINTS, CheckpointLine, EVENTS, Manifest, PERSONS, PersonLine, SUBTREES, Scope,
    ServiceEntry, SubtreeLine, TABLE,
};

pub(super) struct Work<'a> {
    pub(super) folder: &'a Path,
    pub(super) manifest: &'a Manifest,
    pub(super) entry: &'a ServiceEntry,
    pub(super) keys: &'a [VerifyingKey],
    pub(super) known: &'a [Checkpoint],
    pub(super) bar: &'a ProgressBar,
}

impl Work<'_> {
    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.entry.service)
    }

    pub(super) fn verify(&self, faults: &mut Faults) -> Result<ServiceReport> {
        for name in [TABLE, SUBTREES, CHECKPOINTS, PERSONS] {
            let file = self.file(name);
            let path = self.folder.join(&file);
            if !path.is_file() {
                // Said already; nothing can be verified without it.
                return Ok(self.report(0, &[]));
            }
            let found = hash_of(&path)?;
            self.bar.inc(found.bytes);
            compare(self.manifest, &file, &found, faults);
        }
        self.check_persons(faults)?;
        self.check_columns(faults);
        let heads = self.checkpoints(faults)?;
        let events = self.check_events(&heads, faults)?;
        Ok(self.report(events, &heads))
    }

    fn report(&self, events: u64, heads: &[Checkpoint]) -> ServiceReport {
        ServiceReport {
            service: self.entry.service.clone(),
            events,
            tree_size: self.entry.tree_size,
            checkpoints: heads.len() as u64,
            sealed_at: heads.last().and_then(|head| head.time.clone()),
        }
    }

    fn check_persons(&self, faults: &mut Faults) -> Result<()> {
        let file = self.file(PERSONS);
        let persons: Vec<PersonLine> = json_lines(self.folder, &file, faults)?;
        for (number, person) in (1..).zip(persons) {
            if !person.holds() {
                let what = format!(
                    "{} is not the commitment to {}",
                    person.commitment, person.subject
                );
                faults.push(Fault::of_file(Kind::Person, &file, what).at_line(number));
            }
        }
        Ok(())
    }

    /// What was told beside the bytes when the export was made. Nothing in it comes from there.
    fn check_columns(&self, faults: &mut Faults) {
        for difference in &self.entry.differences {
            let what = format!(
                "the service tells the {} {:?}, its bytes say {:?}",
                difference.attribute, difference.told, difference.proved
            );
            let fault = Fault::of_file(Kind::ColumnsChanged, &self.file(EVENTS), what);
            faults.push(Fault {
                aggregate: Some(difference.aggregate.clone()),
                version: Some(difference.version),
                leaf_index: Some(difference.leaf_index),
                ..fault.at_line(difference.line)
            });
        }
    }

    /// The checkpoints that are signed, oldest first, each shown to be continued by the last.
    fn checkpoints(&self, faults: &mut Faults) -> Result<Vec<Checkpoint>> {
        let file = self.file(CHECKPOINTS);
        let lines: Vec<CheckpointLine> = json_lines(self.folder, &file, faults)?;
        let mut heads = Vec::new();
        for (number, line) in (1..).zip(&lines) {
            match Checkpoint::open(&line.note, self.keys) {
                Ok(head) if head.size == line.tree_size => heads.push((number, head, line)),
                Ok(head) => {
                    let what = format!(
                        "it is listed with {} leaves and signs {}",
                        line.tree_size, head.size
                    );
                    faults.push(Fault::of_file(Kind::Signature, &file, what).at_line(number));
                }
                Err(error) => {
                    let fault = Fault::of_file(Kind::Signature, &file, error.to_string());
                    faults.push(fault.at_line(number));
                }
            }
        }
        let last = heads.last().map(|(_, head, _)| (head.size, head.root));
        let (size, root) = last.unwrap_or_default();
        if size != self.entry.tree_size {
            let what = format!(
                "the last signed checkpoint is over {size} leaves, the export claims {}",
                self.entry.tree_size
            );
            faults.push(Fault::of_file(Kind::Signature, &file, what));
        }
        for (number, head, line) in &heads {
            let proof: Option<Vec<Hash>> = line.consistency.iter().map(|text| hash(text)).collect();
            let holds = proof.is_some_and(|proof| {
                proof::is_consistent((head.size, head.root), (size, root), &proof)
            });
            if !holds {
                let what = format!(
                    "the log of {} leaves is not shown to be the beginning of that of {size}",
                    head.size
                );
                faults.push(Fault::of_file(Kind::Inconsistent, &file, what).at_line(*number));
            }
        }
        Ok(heads.into_iter().map(|(_, head, _)| head).collect())
    }

    /// Every event by itself, in its chain and in the tree; then the roots of the tree. Returns how many there are.
    fn check_events(&self, heads: &[Checkpoint], faults: &mut Faults) -> Result<u64> {
        let file = self.file(EVENTS);
        let subtrees: Vec<SubtreeLine> = json_lines(self.folder, &self.file(SUBTREES), faults)?;
        let mut tree = Tree::new(&subtrees, heads, self.known_here(heads));
        let mut chains = Chains::new(&self.manifest.scope);
        let everything = self.manifest.scope.is_everything();
        let mut events = 0;
        let read = lines::read(
            &self.folder.join(&file),
            |number, line| {
                events += 1;
                let Some(line) = line else {
                    let what = "it is not the line of an event";
                    faults.push(Fault::of_file(Kind::Malformed, &file, what).at_line(number));
                    return;
                };
                let fault = |kind, what: String| Fault {
                    aggregate: Some(line.aggregate.clone()),
                    version: Some(line.version),
                    leaf_index: Some(line.leaf_index),
                    ..Fault::of_file(kind, &file, what).at_line(number)
                };
                if !line.is_whole {
                    let what = "its bytes were changed: they do not hash to its hash";
                    faults.push(fault(Kind::BytesChanged, what.to_owned()));
                }
                if !line.is_sealed {
                    let what = "it was rewritten or moved after it was sealed: the leaf at its place is another";
                    faults.push(fault(Kind::SealBroken, what.to_owned()));
                }
                if let Some((kind, what)) = chains.follow(&line) {
                    faults.push(fault(kind, what));
                }
                match tree.place(&line) {
                    Ok(0) => {}
                    Ok(skipped) if everything => {
                        let what = format!("{skipped} sealed events before it are missing");
                        faults.push(fault(Kind::LeafMissing, what));
                    }
                    Ok(_) => {}
                    Err(what) => faults.push(fault(Kind::OutOfOrder, what)),
                }
            },
            |bytes| self.bar.inc(bytes),
        )?;
        compare(self.manifest, &file, &read, faults);
        let skipped = tree.end();
        if everything && skipped > 0 {
            let what = format!("{skipped} sealed events after the last line are missing");
            faults.push(Fault::of_file(Kind::LeafMissing, &file, what));
        }
        self.compare_roots(&tree, heads, faults);
        self.compare_known(&tree, heads, faults);
        Ok(events)
    }

    /// Checkpoints kept from before that are of this log.
    fn known_here<'a>(&'a self, heads: &'a [Checkpoint]) -> impl Iterator<Item = &'a Checkpoint> {
        let origin = heads.last().map(|head| &head.origin);
        self.known
            .iter()
            .filter(move |known| Some(&known.origin) == origin)
    }

    fn compare_roots(&self, tree: &Tree, heads: &[Checkpoint], faults: &mut Faults) {
        let file = self.file(CHECKPOINTS);
        let mut sound = 0;
        for head in heads {
            let wrong = tree
                .roots
                .get(&head.size)
                .is_some_and(|root| *root != head.root);
            if wrong {
                let what = format!(
                    "the log does not have the root that was signed at {} leaves: something was rewritten \
                     between leaf {sound} and leaf {}",
                    head.size,
                    head.size - 1
                );
                faults.push(Fault::of_file(Kind::RootMismatch, &file, what));
                return;
            }
            sound = head.size;
        }
        let last = heads.last().map(|head| head.size).unwrap_or_default();
        if tree.frontier.size() != last {
            let what = format!(
                "events and subtrees make up {} leaves, the last checkpoint signs {last}",
                tree.frontier.size()
            );
            faults.push(Fault::of_file(Kind::RootMismatch, &file, what));
        }
    }

    fn compare_known(&self, tree: &Tree, heads: &[Checkpoint], faults: &mut Faults) {
        let file = self.file(CHECKPOINTS);
        let last = heads.last().map(|head| head.size).unwrap_or_default();
        for known in self.known_here(heads) {
            let of_size = heads.iter().find(|head| head.size == known.size);
            let root = of_size
                .map(|head| head.root)
                .or_else(|| tree.roots.get(&known.size).copied());
            let (kind, what) = match root {
                _ if known.size > last => (
                    Kind::Shrunk,
                    format!(
                        "the log had {} leaves and has {last}: its end was cut off",
                        known.size
                    ),
                ),
                Some(root) if root == known.root => continue,
                Some(_) => (
                    Kind::Inconsistent,
                    format!(
                        "at {} leaves the log was another: it was rewritten since",
                        known.size
                    ),
                ),
                None => (
                    Kind::Inconsistent,
                    format!(
                        "nothing here shows that the log of {} leaves is continued; export again with --since",
                        known.size
                    ),
                ),
            };
            faults.push(Fault::of_file(kind, &file, what));
        }
    }
}

/// The tree as it is put together from the events and the subtrees beside them.
struct Tree {
    frontier: Frontier,
    /// Subtrees by their first leaf.
    beside: BTreeMap<u64, (Node, Hash)>,
    /// The root at each size that is asked for and was passed.
    roots: BTreeMap<u64, Hash>,
    asked: Vec<u64>,
}

impl Tree {
    fn new<'a>(
        subtrees: &[SubtreeLine],
        heads: &'a [Checkpoint],
        known: impl Iterator<Item = &'a Checkpoint>,
    ) -> Self {
        let beside = subtrees
            .iter()
            .filter(|line| line.level < 48 && line.index < 1 << (60 - line.level))
            .filter_map(|line| {
                let node = Node {
                    level: line.level,
                    index: line.index,
                };
                Some((node.leaves().start, (node, hash(&line.hash)?)))
            })
            .collect();
        let mut asked: Vec<u64> = heads.iter().chain(known).map(|head| head.size).collect();
        asked.sort_unstable();
        Self {
            frontier: Frontier::default(),
            beside,
            roots: BTreeMap::new(),
            asked,
        }
    }

    /// Puts an event at its place. Returns how many leaves before it have no event here.
    fn place(&mut self, line: &Line) -> Result<u64, String> {
        let skipped = self.skip_to(line.leaf_index);
        if self.frontier.size() != line.leaf_index {
            return Err(format!(
                "its place is {}, and the log is known up to {}",
                line.leaf_index,
                self.frontier.size()
            ));
        }
        self.frontier.push(line.leaf, |_, _| {});
        self.note_root();
        Ok(skipped)
    }

    fn end(&mut self) -> u64 {
        self.skip_to(u64::MAX)
    }

    fn skip_to(&mut self, place: u64) -> u64 {
        let begin = self.frontier.size();
        while self.frontier.size() < place
            && let Some((node, hash)) = self.beside.get(&self.frontier.size()).copied()
            && self.frontier.push_subtree(node, hash).is_ok()
        {
            self.note_root();
        }
        self.frontier.size() - begin
    }

    fn note_root(&mut self) {
        if self.asked.binary_search(&self.frontier.size()).is_ok() {
            self.roots
                .insert(self.frontier.size(), self.frontier.root());
        }
    }
}

/// The last link of each chain.
struct Chains {
    heads: HashMap<String, (i64, Hash)>,
    /// Whether the first link of each is here.
    from_the_beginning: bool,
    /// Whether links are left out because they were not asked for: each of those here is proved by its leaf.
    has_gaps: bool,
}

impl Chains {
    fn new(scope: &Scope) -> Self {
        Self {
            heads: HashMap::new(),
            from_the_beginning: scope.has_beginnings(),
            has_gaps: scope.is_filtered(),
        }
    }

    /// Adds a link, and says what is wrong with it.
    fn follow(&mut self, line: &Line) -> Option<(Kind, String)> {
        let before = self.heads.get(&line.aggregate).copied();
        let (version, hash) = match before {
            Some(head) => head,
            None if self.from_the_beginning => (0, Hash::default()),
            // What came before lies outside of the export.
            None if line.version > 1 => (line.version - 1, line.previous_hash),
            None => (0, Hash::default()),
        };
        self.heads
            .insert(line.aggregate.clone(), (line.version, line.hash));
        if self.has_gaps && line.version > version + 1 {
            return None;
        }
        if line.version != version + 1 {
            let what = format!(
                "it follows version {version}: what was between is missing, or stands elsewhere"
            );
            return Some((Kind::VersionMissing, what));
        }
        if line.previous_hash != hash {
            let what =
                format!("it does not follow version {version} as it stands: that one was replaced");
            return Some((Kind::ChainBroken, what));
        }
        None
    }
}
