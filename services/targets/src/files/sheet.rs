//! Lines of `;`-separated fields under a header line.

use std::{
    io,
    str::{self, FromStr},
};

use csv::{ByteRecord, ReaderBuilder};

use super::{
    Defect, Defects,
    count::{self, Count},
};

/// Longest text of a label, in bytes.
const TEXT_BYTES: usize = 1_000;

/// How many lines were read.
pub(super) struct Lines {
    pub(super) read: u64,
}

/// The columns of a file, by the names of its header line: case, accents’ bytes and order of the file are its own
/// affair.
pub(super) struct Columns(Vec<String>);

impl Columns {
    /// The place of a column, if the file has it.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }
}

/// One line. Values are trimmed.
pub(super) struct Row<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
    pub(super) line: u64,
}

/// Reads every line. `columns` are those it cannot do without; `each` is called line by line, and what it answers with
/// is a defect of the line.
///
/// Only what makes the file unreadable ends the reading: no header, other columns, another encoding.
pub(super) fn read<R: io::Read>(
    bytes: R,
    needed: &[&str],
    defects: &mut Defects,
    mut each: impl FnMut(&Row<'_>) -> Result<(), Defect>,
) -> Lines {
    let mut reader = ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .has_headers(false)
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    let columns = match header(&mut reader, &mut record, needed) {
        Ok(columns) => columns,
        Err(defect) => {
            defects.push(defect);
            return Lines { read: 0 };
        }
    };
    let mut lines = Lines { read: 1 };
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return lines,
            Err(error) => {
                let words = format!("the file ends in the middle: {error}");
                defects.push(Defect::of_file("UPLOAD_BROKEN", words));
                return lines;
            }
        }
        lines.read += 1;
        // Blank lines count, which are not read; and where lines end with CR LF, the position is that of the LF.
        let position = record.position().map_or(0, csv::Position::line);
        let line = position.max(lines.read);
        let is_blank = record.iter().all(<[u8]>::is_empty);
        if is_blank {
            continue;
        }
        let row = Row {
            record: &record,
            columns: &columns,
            line,
        };
        if let Err(defect) = row.is_whole().and_then(|()| each(&row)) {
            let ends = defect.reason == WRONG_ENCODING;
            defects.push(defect);
            if ends {
                return lines;
            }
        }
    }
}

const WRONG_ENCODING: &str = "WRONG_ENCODING";

fn wrong_encoding(line: u64, field: &str) -> Defect {
    let words = "the file is not UTF-8; export it again as UTF-8 (this looks like windows-1252)";
    Defect::new(line, field, WRONG_ENCODING, words, "")
}

fn header<R: io::Read>(
    reader: &mut csv::Reader<R>,
    record: &mut ByteRecord,
    needed: &[&str],
) -> Result<Columns, Defect> {
    let is_there = reader
        .read_byte_record(record)
        .map_err(|error| Defect::of_file("UPLOAD_BROKEN", error.to_string()))?;
    if !is_there {
        return Err(Defect::of_file("EMPTY_FILE", "the file has no line"));
    }
    if record
        .get(0)
        .is_some_and(|first| first.starts_with(&[0xFF, 0xFE]) || first.starts_with(&[0xFE, 0xFF]))
    {
        let words = "the file is UTF-16; export it again as UTF-8";
        return Err(Defect::new(1, "", WRONG_ENCODING, words, ""));
    }
    let name = |field: &[u8]| {
        let text = str::from_utf8(field).map_err(|_| wrong_encoding(1, ""))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        // Two spaces in a row stand in some published headers.
        Ok(text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase())
    };
    let columns = Columns(record.iter().map(name).collect::<Result<_, _>>()?);
    let missing: Vec<&str> = needed
        .iter()
        .copied()
        .filter(|name| columns.find(name).is_none())
        .collect();
    if missing.is_empty() {
        return Ok(columns);
    }
    let words = format!(
        "the first line must name the columns, separated by “;”, and lacks: {}",
        missing.join(", ")
    );
    Err(Defect::new(1, "", "MISSING_COLUMN", words, ""))
}

impl<'a> Row<'a> {
    pub(super) fn columns(&self) -> &'a Columns {
        self.columns
    }

    fn is_whole(&self) -> Result<(), Defect> {
        let (has, expected) = (self.record.len(), self.columns.0.len());
        // Exports end some lines with separators too many, and nothing after them.
        let is_padded = has > expected && self.record.iter().skip(expected).all(<[u8]>::is_empty);
        if has == expected || is_padded {
            return Ok(());
        }
        let words = format!("the line has {has} fields and the header {expected}");
        Err(Defect::new(self.line, "", "FIELD_COUNT", words, ""))
    }

    fn name(&self, place: usize) -> &str {
        self.columns.0.get(place).map_or("", String::as_str)
    }

    /// A defect of this line.
    pub(super) fn defect(
        &self,
        field: &str,
        reason: &'static str,
        explanation: impl Into<String>,
        value: &str,
    ) -> Defect {
        Defect::new(self.line, field, reason, explanation, value)
    }

    /// The text at a place; empty where the file has no such column.
    pub(super) fn at(&self, place: usize) -> Result<&'a str, Defect> {
        let field = self.record.get(place).unwrap_or_default();
        let text =
            str::from_utf8(field).map_err(|_| wrong_encoding(self.line, self.name(place)))?;
        Ok(text.trim())
    }

    /// A text that may be empty, or whose column may lack.
    pub(super) fn text(&self, column: &str) -> Result<&'a str, Defect> {
        let Some(place) = self.columns.find(column) else {
            return Ok("");
        };
        let text = self.at(place)?;
        if text.len() > TEXT_BYTES || text.chars().any(|c| c.is_ascii_control()) {
            let words = format!("at most {TEXT_BYTES} bytes, without ASCII control characters");
            return Err(self.defect(column, "BAD_TEXT", words, text));
        }
        Ok(text)
    }

    /// A text that must be there.
    pub(super) fn required(&self, column: &str) -> Result<&'a str, Defect> {
        let text = self.text(column)?;
        if text.is_empty() {
            let words = "the field is empty and the line cannot do without it";
            return Err(self.defect(column, "MISSING_FIELD", words, ""));
        }
        Ok(text)
    }

    /// A value whose type knows its own text.
    pub(super) fn parse<T: FromStr>(&self, column: &str, reason: &'static str) -> Result<T, Defect>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.required(column)?;
        text.parse()
            .map_err(|error: T::Err| self.defect(column, reason, error.to_string(), text))
    }

    /// A count at a place.
    pub(super) fn count_at(&self, place: usize) -> Result<Count, Defect> {
        let text = self.at(place)?;
        count::read(text).map_err(|error| {
            self.defect(self.name(place), error.reason(), error.explanation(), text)
        })
    }

    /// A count; not told where the file has no such column.
    pub(super) fn count(&self, column: &str) -> Result<Count, Defect> {
        match self.columns.find(column) {
            Some(place) => self.count_at(place),
            None => Ok(Count::Absent),
        }
    }

    /// A count that must be known.
    pub(super) fn known_count(&self, column: &str) -> Result<u32, Defect> {
        let text = self.required(column)?;
        match count::read(text) {
            Ok(Count::Known(count)) => Ok(count),
            Ok(Count::Masked | Count::Absent) => Err(self.defect(
                column,
                "MISSING_FIELD",
                "a number of inhabitants must be known",
                text,
            )),
            Err(error) => Err(self.defect(column, error.reason(), error.explanation(), text)),
        }
    }
}
