//! Reports of imported files.

use proto::targets::v1 as pb;

use crate::files::{Defect, Read};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    DryRun,
    Applied,
    /// The same content was there.
    Unchanged,
    /// Errors, or gates that were not passed.
    Refused,
}

/// The report of a file of which `records` were made.
pub(crate) fn report<T>(
    name: String,
    read: &Read<T>,
    sha256: &str,
    records: usize,
    fate: Fate,
) -> pb::FileReport {
    pb::FileReport {
        name,
        dry_run: fate == Fate::DryRun,
        applied: matches!(fate, Fate::Applied | Fate::Unchanged),
        unchanged: fate == Fate::Unchanged,
        sha256: sha256.to_owned(),
        lines: count(read.lines),
        records: count(records),
        skipped: count(read.skipped),
        errors: count(read.defects.count()),
        line_errors: read.defects.first().iter().map(line_error).collect(),
    }
}

fn line_error(defect: &Defect) -> pb::LineError {
    pb::LineError {
        line: count(defect.line),
        field: defect.field.clone(),
        reason: defect.reason.to_owned(),
        explanation: defect.explanation.clone(),
        value: defect.value.clone(),
    }
}

/// Counts are far below the limit of the wire.
pub(crate) fn count(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
