//! Sending indicators in bulk: a file becomes numbered batches, and batches become durable.

pub mod dashboard;
pub mod file;
pub mod row;
pub mod stream;

use proto::targets::v1::IndicatorValue;
use serde::Serialize;

/// Rows that travel and become durable together.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// From 1, one more each time.
    pub sequence: i64,
    pub values: Vec<IndicatorValue>,
    /// Of each value, its line in the file.
    pub lines: Vec<u64>,
}

/// A row that was left out, by this program or by the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedRow {
    /// From 1, the header included.
    pub line: u64,
    pub field: String,
    pub reason: String,
    pub explanation: String,
}

/// Rows that were left out: all of them counted, the first of them listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rejections {
    pub count: u64,
    pub first: Vec<RejectedRow>,
}

impl Rejections {
    /// As many as a person can look at.
    const LISTED: usize = 1_000;

    pub fn push(&mut self, row: RejectedRow) {
        self.count += 1;
        if self.first.len() < Self::LISTED {
            self.first.push(row);
        }
    }

    /// Those of both, in the order of the file.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.sort_by_key(|row| row.line);
        self.first.truncate(Self::LISTED);
        self
    }
}

/// Cuts rows into batches. The same rows and size always give the same batches: that is what makes a
/// submission resumable.
#[derive(Debug)]
pub struct Batcher {
    size: usize,
    current: Batch,
}

impl Batcher {
    pub fn new(size: usize) -> Self {
        Self {
            size,
            current: Batch {
                sequence: 1,
                values: Vec::new(),
                lines: Vec::new(),
            },
        }
    }

    /// Adds a row; gives a batch when one is full.
    pub fn push(&mut self, line: u64, value: IndicatorValue) -> Option<Batch> {
        self.current.values.push(value);
        self.current.lines.push(line);
        if self.current.values.len() < self.size {
            return None;
        }
        let next = Batch {
            sequence: self.current.sequence + 1,
            values: Vec::new(),
            lines: Vec::new(),
        };
        Some(std::mem::replace(&mut self.current, next))
    }

    /// The last batch, unless it is empty.
    pub fn finish(self) -> Option<Batch> {
        (!self.current.values.is_empty()).then_some(self.current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_numbered_without_gaps_and_hold_every_row_once() {
        let mut cutter = Batcher::new(2);
        let mut batches: Vec<Batch> = (2..=6)
            .filter_map(|line| cutter.push(line, IndicatorValue::default()))
            .collect();
        batches.extend(cutter.finish());
        let shape: Vec<_> = batches
            .iter()
            .map(|b| (b.sequence, b.lines.as_slice()))
            .collect();
        assert_eq!(shape, [(1, &[2, 3][..]), (2, &[4, 5]), (3, &[6])]);
    }
}
