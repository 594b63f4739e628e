//! Rows in the binary form of `COPY`, value by value.

use uuid::Uuid;

/// Signature, no flags, no extension.
const HEADER: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();
/// Object identifier of `int4`.
const INT4: i32 = 23;

/// Rows that wait to be sent.
pub(crate) struct Rows(Vec<u8>);

impl Rows {
    /// No row yet.
    pub(crate) fn new(capacity: usize) -> Self {
        let mut buffer = Vec::with_capacity(capacity);
        buffer.extend_from_slice(HEADER);
        Self(buffer)
    }

    /// Begins a row of so many columns.
    pub(crate) fn row(&mut self, columns: i16) -> &mut Self {
        self.0.extend_from_slice(&columns.to_be_bytes());
        self
    }

    fn field(&mut self, bytes: &[u8]) -> &mut Self {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.field(text.as_bytes())
    }

    pub(crate) fn uuid(&mut self, id: Uuid) -> &mut Self {
        self.field(id.as_bytes())
    }

    pub(crate) fn smallint(&mut self, number: i16) -> &mut Self {
        self.field(&number.to_be_bytes())
    }

    pub(crate) fn int(&mut self, number: i32) -> &mut Self {
        self.field(&number.to_be_bytes())
    }

    pub(crate) fn bigint(&mut self, number: i64) -> &mut Self {
        self.field(&number.to_be_bytes())
    }

    /// An array of `int` without nulls: dimensions, no nulls, type of the elements, length, first index, elements.
    pub(crate) fn ints(&mut self, numbers: &[i32]) -> &mut Self {
        let count = i32::try_from(numbers.len()).unwrap_or(i32::MAX);
        let length = count.saturating_mul(8).saturating_add(20);
        for word in [length, 1, 0, INT4, count, 1] {
            self.0.extend_from_slice(&word.to_be_bytes());
        }
        for number in numbers {
            self.0.extend_from_slice(&4i32.to_be_bytes());
            self.0.extend_from_slice(&number.to_be_bytes());
        }
        self
    }

    /// Ends the data.
    pub(crate) fn finish(&mut self) {
        self.0.extend_from_slice(&TRAILER);
    }

    /// What was written since the last [`Rows::clear`].
    pub(crate) fn written(&self) -> &[u8] {
        &self.0
    }

    /// Empties the buffer and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
