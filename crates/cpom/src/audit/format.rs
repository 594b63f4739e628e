//! The files of an export.

use kernel::Region;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use transparency::Hash;

/// Names the layout; another one is not read.
pub const FORMAT: &str = "cpom-audit-export/1";

pub const MANIFEST: &str = "manifest.json";
pub const EVENTS: &str = "events.ndjson";
pub const TABLE: &str = "events.csv";
pub const SUBTREES: &str = "subtrees.ndjson";
pub const CHECKPOINTS: &str = "checkpoints.ndjson";
pub const PERSONS: &str = "persons.ndjson";

/// What the folder holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    pub format: String,
    pub scope: Scope,
    pub services: Vec<ServiceEntry>,
    pub files: Vec<FileEntry>,
}

/// Which part of the histories was asked for. None does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// INSEE code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The resource under which the events are looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// From this instant, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Before this instant, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// What stands somewhere in the type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// The identifier of who acted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The `outcome` of what happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

impl Scope {
    /// Whether every leaf of the log is in it.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the life of each resource in it begins with its first event.
    pub fn has_beginnings(&self) -> bool {
        self.start.is_none() && !self.is_filtered()
    }

    /// Whether events are chosen by what they say, so that the life of a resource in it has gaps.
    pub fn is_filtered(&self) -> bool {
        let chosen = [&self.event_type, &self.actor, &self.outcome];
        chosen.into_iter().any(Option::is_some)
    }
}

/// The log of one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceEntry {
    pub service: String,
    /// Leaves of the log at the last checkpoint; 0 when the service has recorded nothing.
    pub tree_size: u64,
    /// Events in this export.
    pub events: u64,
    /// What signed when it was made. An auditor trusts a key obtained otherwise.
    pub verifier_keys: Vec<String>,
    /// What the service told of its events beside their bytes, and is not what these say; the first ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

/// An attribute of an event that a service told otherwise than the bytes that are proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Line in [`EVENTS`], from 1.
    pub line: u64,
    pub leaf_index: u64,
    /// As the bytes say.
    pub aggregate: String,
    pub version: i64,
    pub attribute: String,
    pub told: String,
    pub proved: String,
}

/// A file, with what it must hash to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}

/// A line of [`SUBTREES`]: the hash of a complete subtree in which no exported event lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubtreeLine {
    pub level: u32,
    pub index: u64,
    pub hash: String,
}

/// A line of [`CHECKPOINTS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointLine {
    pub tree_size: u64,
    /// The C2SP signed note.
    pub note: String,
    /// The proof that its log is the beginning of that of the last line.
    pub consistency: Vec<String>,
}

/// A line of [`PERSONS`]: what opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    pub commitment: String,
    pub subject: String,
    pub salt: String,
}

impl PersonLine {
    /// Whether the commitment is to this person.
    pub fn holds(&self) -> bool {
        let Ok(salt) = hex::decode(&self.salt) else {
            return false;
        };
        let hash = Sha256::new()
            .chain_update(b"cpom-person/v1\0")
            .chain_update(salt)
            .chain_update(&self.subject)
            .finalize();
        self.commitment == format!("person:{}", hex::encode(hash))
    }
}

/// A line of [`EVENTS`]. Its layout is fixed, so that the exact bytes of the event can be cut out of it:
/// they stand between `"event":` and the brace that ends the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventLine<'a> {
    pub leaf_index: u64,
    /// The leaf as it was sealed.
    pub leaf: Hash,
    pub previous_hash: Hash,
    pub hash: Hash,
    /// The bytes that were hashed.
    pub event: &'a [u8],
}

const LEAF_INDEX: &[u8] = b"{\"leafIndex\":";
const LEAF: &[u8] = b",\"leaf\":\"";
const PREVIOUS: &[u8] = b"\",\"previousHash\":\"";
const HASH: &[u8] = b"\",\"hash\":\"";
const EVENT: &[u8] = b"\",\"event\":";
const HEX: usize = 64;

impl<'a> EventLine<'a> {
    /// The line without its newline.
    pub fn write(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(300 + self.event.len());
        line.extend_from_slice(LEAF_INDEX);
        line.extend_from_slice(self.leaf_index.to_string().as_bytes());
        for (name, hash) in [
            (LEAF, &self.leaf),
            (PREVIOUS, &self.previous_hash),
            (HASH, &self.hash),
        ] {
            line.extend_from_slice(name);
            line.extend_from_slice(hex::encode(hash).as_bytes());
        }
        line.extend_from_slice(EVENT);
        line.extend_from_slice(self.event);
        line.push(b'}');
        line
    }

    /// Reads a line; none when it is not one.
    pub fn read(line: &'a [u8]) -> Option<Self> {
        let rest = line.strip_prefix(LEAF_INDEX)?;
        let digits = rest.iter().position(|byte| !byte.is_ascii_digit())?;
        let leaf_index = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
        let (leaf, rest) = hash_after(LEAF, &rest[digits..])?;
        let (previous_hash, rest) = hash_after(PREVIOUS, rest)?;
        let (hash, rest) = hash_after(HASH, rest)?;
        let event = rest.strip_prefix(EVENT)?.strip_suffix(b"}")?;
        if !event.starts_with(b"{") || !event.ends_with(b"}") {
            return None;
        }
        Some(Self {
            leaf_index,
            leaf,
            previous_hash,
            hash,
            event,
        })
    }
}

fn hash_after<'a>(name: &[u8], rest: &'a [u8]) -> Option<(Hash, &'a [u8])> {
    let (digits, rest) = rest.strip_prefix(name)?.split_at_checked(HEX)?;
    let mut hash = Hash::default();
    let mut seen = 0;
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        seen |= high | low;
        *byte = (high << 4) | low;
    }
    (seen < 16).then_some((hash, rest))
}

/// What each byte is worth as a hexadecimal digit, 255 when it is none. Three hashes a line are most of what is read of it.
static VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 10 {
        values[(b'0' + digit) as usize] = digit;
        digit += 1;
    }
    while digit < 16 {
        values[(b'a' + digit - 10) as usize] = digit;
        values[(b'A' + digit - 10) as usize] = digit;
        digit += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_json_and_gives_back_the_exact_bytes() {
        let event = br#"{"id":"x","text":"a \",\"event\": b}"}"#;
        let line = EventLine {
            leaf_index: 12,
            leaf: [1; 32],
            previous_hash: [2; 32],
            hash: [3; 32],
            event,
        };
        let written = line.write();
        let json: serde_json::Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(json["leafIndex"], 12);
        assert_eq!(json["event"]["id"], "x");
        assert_eq!(EventLine::read(&written), Some(line));
        for cut in 0..written.len() - event.len() {
            assert_eq!(EventLine::read(&written[cut + 1..]), None);
        }
        assert_eq!(EventLine::read(&written[..written.len() - 1]), None);
    }

    #[test]
    fn a_hash_has_hexadecimal_digits_and_no_others() {
        let hash: Hash = std::array::from_fn(|place| u8::try_from(place * 8 + 5).unwrap());
        let field = |digits: &str| format!("{}{digits}", String::from_utf8_lossy(LEAF));
        let digits = hex::encode(hash);
        for same in [digits.clone(), digits.to_uppercase()] {
            let field = field(&same);
            assert_eq!(hash_after(LEAF, field.as_bytes()), Some((hash, &[][..])));
        }
        for other in ["g", "/", ":", "@", "`", "G", " ", "\u{7f}"] {
            let field = field(&(digits[..HEX - 1].to_owned() + other));
            assert_eq!(hash_after(LEAF, field.as_bytes()), None, "{other:?}");
        }
    }

    #[test]
    fn a_commitment_holds_for_one_person_and_one_salt() {
        let line = PersonLine {
            commitment: "person:46c81d1d3ff8ad7f3bb8d7b4a7a8ad8ba1b8e4b0f9e0e0b7a0c5d9fb2c1f8e6a"
                .into(),
            subject: "someone".into(),
            salt: "00".repeat(32),
        };
        assert!(!line.holds());
        let hash = Sha256::new()
            .chain_update(b"cpom-person/v1\0")
            .chain_update([0; 32])
            .chain_update("someone")
            .finalize();
        let right = PersonLine {
            commitment: format!("person:{}", hex::encode(hash)),
            ..line
        };
        assert!(right.holds());
        assert!(
            !PersonLine {
                subject: "somebody".into(),
                ..right
            }
            .holds()
        );
    }
}
