//! The rows of `indicator_value` in the binary form of `COPY`, written straight from accepted rows.

use kernel::Decimal;
use time::OffsetDateTime;

use super::numeric;
use crate::domain::{Accepted, Catalogue, Content, SubmissionId};

/// The statement whose columns [`Writer`] writes, in this order.
pub(crate) const STATEMENT: &str = "copy indicator_value (
    received_at,
    submission,
    sequence,
    year,
    month,
    kind,
    position,
    subject,
    indicator,
    value
) from stdin with (format binary)";

const COLUMNS: i16 = 10;
const NULL: [u8; 4] = (-1i32).to_be_bytes();
/// Signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();
/// 2000-01-01 00:00 UTC, from which Postgres counts microseconds, in seconds of Unix time.
const POSTGRES_EPOCH: i64 = 946_684_800;

/// What `kind` holds.
pub(crate) const VALUE: i16 = 0;
pub(crate) const MISSING: i16 = 1;
pub(crate) const MASKED: i16 = 2;

/// Writes rows of one batch after another into a buffer that is sent and emptied as it fills.
pub(crate) struct Writer<'a> {
    catalogue: &'a Catalogue,
    /// What the rows of the current batch have in common: the column count and the first three columns.
    common: Vec<u8>,
    buffer: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// A writer whose buffer holds the header.
    pub(crate) fn new(catalogue: &'a Catalogue, capacity: usize) -> Self {
        let mut buffer = Vec::with_capacity(capacity);
        buffer.extend_from_slice(HEADER);
        Self {
            catalogue,
            common: Vec::with_capacity(46),
            buffer,
        }
    }

    /// The rows that follow belong to this batch.
    pub(crate) fn start_batch(
        &mut self,
        received_at: OffsetDateTime,
        submission: SubmissionId,
        sequence: i64,
    ) {
        self.common.clear();
        self.common.extend_from_slice(&COLUMNS.to_be_bytes());
        field(
            &mut self.common,
            &postgres_micros(received_at).to_be_bytes(),
        );
        field(&mut self.common, submission.0.as_bytes());
        field(&mut self.common, &sequence.to_be_bytes());
    }

    pub(crate) fn write(&mut self, row: &Accepted) {
        let out = &mut self.buffer;
        out.extend_from_slice(&self.common);
        let (kind, value) = parts(row.content);
        let month = i16::from(row.period.month().unwrap_or(0));
        for number in [row.period.year(), month, kind, row.position.cast_signed()] {
            field(out, &number.to_be_bytes());
        }
        field(out, row.subject.as_str().as_bytes());
        field(out, self.catalogue.code(row.indicator).as_bytes());
        match value {
            Some(value) => numeric::write(value, out),
            None => out.extend_from_slice(&NULL),
        }
    }

    /// What was written since the last [`Writer::clear`].
    pub(crate) fn written(&self) -> &[u8] {
        &self.buffer
    }

    /// Empties the buffer and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Writes the end of the data.
    pub(crate) fn finish(&mut self) {
        self.buffer.extend_from_slice(&TRAILER);
    }
}

fn parts(content: Content) -> (i16, Option<Decimal>) {
    match content {
        Content::Value(value) => (VALUE, Some(value)),
        Content::Missing => (MISSING, None),
        Content::Masked => (MASKED, None),
    }
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

fn postgres_micros(instant: OffsetDateTime) -> i64 {
    (instant.unix_timestamp() - POSTGRES_EPOCH) * 1_000_000 + i64::from(instant.microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn instants_are_counted_from_the_epoch_of_postgres() {
        assert_eq!(
            postgres_micros(datetime!(2000-01-01 00:00:01.000_002 UTC)),
            1_000_002
        );
        assert_eq!(
            postgres_micros(datetime!(1999-12-31 23:59:59.999_999 UTC)),
            -1
        );
    }
}
