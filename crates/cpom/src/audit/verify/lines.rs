//! Reading a file of events in blocks, its lines checked by as many threads as there are processors.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufRead as _, Read as _},
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, Scope},
};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use transparency::{Hash, tree::leaf_hash};

use super::super::format::EventLine;

const BLOCK: usize = 1024 * 1024;
/// An event has at most a million bytes, and its line little more.
const LONGEST_LINE: usize = 2 * 1024 * 1024;
/// Blocks that wait for each thread.
const AHEAD: usize = 2;

/// What a line says, and what holds of it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) leaf_index: u64,
    pub(super) leaf: Hash,
    pub(super) previous_hash: Hash,
    pub(super) hash: Hash,
    pub(super) aggregate: String,
    pub(super) version: i64,
    /// The bytes hash to the hash.
    pub(super) is_whole: bool,
    /// The hash is what was sealed.
    pub(super) is_sealed: bool,
}

/// The attributes of an event by which it takes its place in a chain.
#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    subject: Cow<'a, str>,
    #[serde(borrow)]
    aggregateversion: Cow<'a, str>,
}

/// What a file of events was found to be.
pub(super) struct Read {
    pub(super) bytes: u64,
    pub(super) sha256: Hash,
}

/// A thread that checks blocks, each in its turn.
struct Worker {
    blocks: SyncSender<Vec<u8>>,
    lines: Receiver<Vec<Option<Line>>>,
}

impl Worker {
    fn start<'scope>(scope: &'scope Scope<'scope, '_>) -> Self {
        let (blocks, work) = sync_channel::<Vec<u8>>(AHEAD);
        let (done, lines) = sync_channel(AHEAD);
        scope.spawn(move || {
            while let Ok(block) = work.recv() {
                if done.send(check(&block)).is_err() {
                    return;
                }
            }
        });
        Self { blocks, lines }
    }
}

/// Calls `each` with every line in its order (none for one that cannot be read) and its number from 1.
/// `progress` is told the bytes of each block.
pub(super) fn read(
    path: &Path,
    mut each: impl FnMut(u64, Option<Line>),
    progress: impl Fn(u64),
) -> Result<Read> {
    let mut file =
        File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<Worker> = (0..threads).map(|_| Worker::start(scope)).collect();
        let mut hash = Sha256::new();
        let (mut bytes, mut number) = (0_u64, 0_u64);
        let (mut sent, mut taken) = (0, 0);
        let mut take = |taken: &mut usize| -> Result<()> {
            let lines = workers[*taken % threads].lines.recv()?;
            *taken += 1;
            for line in lines {
                number += 1;
                each(number, line);
            }
            Ok(())
        };
        let mut carried = Vec::new();
        loop {
            let (block, rest) = next_block(&mut file, carried)?;
            carried = rest;
            let Some(block) = block else { break };
            hash.update(&block);
            bytes += block.len() as u64;
            progress(block.len() as u64);
            if sent - taken == threads * AHEAD {
                take(&mut taken)?;
            }
            workers[sent % threads].blocks.send(block)?;
            sent += 1;
        }
        while taken < sent {
            take(&mut taken)?;
        }
        Ok(Read {
            bytes,
            sha256: hash.finalize().into(),
        })
    })
}

/// The next whole lines, and the beginning of the line after them.
fn next_block(file: &mut File, carried: Vec<u8>) -> Result<(Option<Vec<u8>>, Vec<u8>)> {
    let mut block = carried;
    loop {
        let read = file.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        if read == 0 {
            return Ok(((!block.is_empty()).then_some(block), Vec::new()));
        }
        if let Some(end) = block.iter().rposition(|byte| *byte == b'\n') {
            let rest = block.split_off(end + 1);
            return Ok((Some(block), rest));
        }
        ensure!(
            block.len() < LONGEST_LINE,
            "a line is longer than any event"
        );
    }
}

/// Reads the lines of a block and checks each by itself.
fn check(mut block: &[u8]) -> Vec<Option<Line>> {
    let mut lines = Vec::new();
    while !block.is_empty() {
        lines.push(check_line(next_line(&mut block)));
    }
    lines
}

/// The next line, without its newline: found many bytes at a time, where a search by a closure looks at each.
fn next_line<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let whole = *rest;
    // Reading from memory cannot fail.
    let length = rest.skip_until(b'\n').unwrap_or(whole.len());
    let line = &whole[..length];
    line.strip_suffix(b"\n").unwrap_or(line)
}

fn check_line(line: &[u8]) -> Option<Line> {
    let line = EventLine::read(line)?;
    let attributes: Attributes<'_> = serde_json::from_slice(line.event).ok()?;
    Some(Line {
        leaf_index: line.leaf_index,
        leaf: line.leaf,
        previous_hash: line.previous_hash,
        hash: line.hash,
        aggregate: attributes.subject.into_owned(),
        version: attributes.aggregateversion.parse().ok()?,
        is_whole: chain_hash(&line.previous_hash, line.event) == line.hash,
        is_sealed: leaf_hash(&line.hash) == line.leaf,
    })
}

/// SHA-256("cpom-event/v1\0" ‖ previous hash ‖ length in 8 bytes, big-endian ‖ bytes).
fn chain_hash(previous: &Hash, event: &[u8]) -> Hash {
    Sha256::new()
        .chain_update(b"cpom-event/v1\0")
        .chain_update(previous)
        .chain_update((event.len() as u64).to_be_bytes())
        .chain_update(event)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event_line(index: u64) -> Vec<u8> {
        let event = format!(r#"{{"aggregateversion":"{index}","subject":"contracts/1"}}"#);
        let previous_hash = [0; 32];
        let hash = chain_hash(&previous_hash, event.as_bytes());
        let line = EventLine {
            leaf_index: index,
            leaf: leaf_hash(&hash),
            previous_hash,
            hash,
            event: event.as_bytes(),
        };
        [line.write(), b"\n".to_vec()].concat()
    }

    #[test]
    fn lines_come_in_their_order_whatever_the_blocks_and_an_unreadable_one_is_told() {
        let path = std::env::temp_dir().join(format!("cpom-lines-{}", std::process::id()));
        let mut content: Vec<u8> = (0..20_000).flat_map(event_line).collect();
        content.extend_from_slice(b"not a line\n");
        std::fs::write(&path, &content).unwrap();
        let mut seen = Vec::new();
        let read = read(&path, |number, line| seen.push((number, line)), |_| {}).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.bytes, content.len() as u64);
        assert_eq!(read.sha256, <[u8; 32]>::from(Sha256::digest(&content)));
        let (last, whole) = seen.split_last().unwrap();
        assert_eq!(*last, (20_001, None));
        for (index, (number, line)) in (0..).zip(whole) {
            let line = line.as_ref().unwrap();
            assert_eq!((*number, line.leaf_index), (index + 1, index));
            assert!(line.is_whole && line.is_sealed);
        }
    }
}
