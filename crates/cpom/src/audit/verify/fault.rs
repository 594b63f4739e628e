//! What is wrong with an export, and where.

use std::fmt;

use serde::Serialize;

/// Kinds of faults; their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A file is not what the manifest lists.
    FileChanged,
    /// A file is missing, or was not listed.
    FileSet,
    /// A line cannot be read.
    Malformed,
    /// The bytes of an event do not hash to its hash: they were changed.
    BytesChanged,
    /// An event does not follow the one before it in its aggregate: one of them was replaced.
    ChainBroken,
    /// A version of an aggregate is missing: it was deleted.
    VersionMissing,
    /// An event is not the one that was sealed at its place: it was rewritten, or moved, after that.
    SealBroken,
    /// A place in the log has no event: it was deleted after it was sealed.
    LeafMissing,
    /// Events do not stand in the order of the log.
    OutOfOrder,
    /// A checkpoint is not signed by a key that is trusted.
    Signature,
    /// The log does not have the root that a checkpoint signs: it was rewritten.
    RootMismatch,
    /// One checkpoint does not continue another.
    Inconsistent,
    /// The log is shorter than it once was: its end was cut off.
    Shrunk,
    /// What opens a commitment does not.
    Person,
    /// What the service told of an event beside its bytes is not what they say: the columns of pages and filters were
    /// changed.
    ColumnsChanged,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    pub kind: Kind,
    /// Path in the export.
    pub file: String,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Place in the log, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaf_index: Option<u64>,
    /// For people.
    pub what: String,
}

impl Fault {
    /// A fault of a file as a whole.
    pub(super) fn of_file(kind: Kind, file: &str, what: impl Into<String>) -> Self {
        Self {
            kind,
            file: file.to_owned(),
            line: None,
            aggregate: None,
            version: None,
            leaf_index: None,
            what: what.into(),
        }
    }

    /// The same fault, on a line.
    pub(super) fn at_line(self, line: u64) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let (Some(aggregate), Some(version)) = (&self.aggregate, self.version) {
            write!(f, "  {aggregate} version {version}")?;
        }
        if let Some(index) = self.leaf_index {
            write!(f, "  leaf {index}")?;
        }
        write!(f, "  {:?}: {}", self.kind, self.what)
    }
}

/// Faults as they are found: the first ones in full, the others counted.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) listed: Vec<Fault>,
    pub(super) count: u64,
}

/// Faults that are told one by one.
const LISTED: usize = 100;

impl Faults {
    pub(super) fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.listed.len() < LISTED {
            self.listed.push(fault);
        }
    }
}
