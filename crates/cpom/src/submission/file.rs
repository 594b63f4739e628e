//! Reads a submission file line by line, in constant memory. A line that cannot be read never stops the
//! others.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail};
use proto::targets::v1::IndicatorValue;
use tokio::sync::mpsc;

use super::{
    Batch, Batcher, RejectedRow, Rejections,
    dashboard::{Dashboard, Export},
    row::{Header, LineError, json_row},
};
use crate::text::Encoding;

/// How a file writes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Csv,
    Ndjson,
    /// The dashboard of medico-social establishments (TDP), as DIAMANT exports it.
    DiamantTdp,
    /// Beds and places of hospitals (SAE), as DIAMANT exports them.
    DiamantSae,
    /// Visits of emergency departments (RPU), as DIAMANT exports them.
    DiamantRpu,
}

impl Format {
    /// By the extension of the name.
    pub fn of(path: &Path) -> Result<Self> {
        let extension = path
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        match extension.as_str() {
            "csv" | "txt" => Ok(Self::Csv),
            "ndjson" | "jsonl" | "json" => Ok(Self::Ndjson),
            _ => bail!(
                "{} ends neither in .csv nor in .ndjson: say --format",
                path.display()
            ),
        }
    }
}

const MAX_LINE: usize = 16 * 1024;
const BOM: char = '\u{feff}';

/// Reads every row and hands out full batches, until the file ends or the receiver is gone. Returns the
/// lines that are no rows. Blocking: run it in a thread of its own.
pub fn read(
    path: &Path,
    format: Format,
    encoding: Encoding,
    batch: usize,
    batches: &mpsc::Sender<Batch>,
) -> Result<Rejections> {
    let file = File::open(path).with_context(|| format!("could not open {}", path.display()))?;
    let mut lines = Lines {
        source: BufReader::with_capacity(1 << 16, file),
        number: 0,
        encoding,
    };
    let parse = parser(format, &mut lines)?;
    let mut rejections = Rejections::default();
    let mut cutter = Batcher::new(batch);
    while let Some(line) = lines.next()? {
        let values = match line.and_then(|text| parse(&text)) {
            Ok(values) => values,
            Err(error) => {
                rejections.push(rejected(lines.number, &error));
                continue;
            }
        };
        for value in values {
            if let Some(batch) = cutter.push(lines.number, value)
                && batches.blocking_send(batch).is_err()
            {
                return Ok(rejections);
            }
        }
    }
    if let Some(last) = cutter.finish() {
        // The receiver is only gone when the submission failed, which it reports itself.
        let _ = batches.blocking_send(last);
    }
    Ok(rejections)
}

/// What a line says: its rows, none (a blank line), or an error.
type Parse = Box<dyn Fn(&str) -> Result<Vec<IndicatorValue>, LineError>>;

fn parser(format: Format, lines: &mut Lines<impl BufRead>) -> Result<Parse> {
    match format {
        Format::Ndjson => Ok(Box::new(|line| {
            unless_blank(line, |line| json_row(line).map(|row| vec![row]))
        })),
        Format::Csv => {
            let first = header(lines)?;
            let header = Header::parse(first.trim_start_matches(BOM))?;
            Ok(Box::new(move |line| {
                unless_blank(line, |line| header.row(line).map(|row| vec![row]))
            }))
        }
        Format::DiamantTdp => exported(Export::Dashboard, lines),
        Format::DiamantSae => exported(Export::Sae, lines),
        Format::DiamantRpu => exported(Export::Emergencies, lines),
    }
}

/// The rows of an export of DIAMANT.
fn exported(export: Export, lines: &mut Lines<impl BufRead>) -> Result<Parse> {
    let first = header(lines)?;
    let dashboard = Dashboard::parse(export, first.trim_start_matches(BOM))?;
    Ok(Box::new(move |line| {
        unless_blank(line, |line| dashboard.rows(line))
    }))
}

fn unless_blank(
    line: &str,
    parse: impl Fn(&str) -> Result<Vec<IndicatorValue>, LineError>,
) -> Result<Vec<IndicatorValue>, LineError> {
    let line = line.trim_start_matches(BOM);
    if line.trim().is_empty() {
        Ok(Vec::new())
    } else {
        parse(line)
    }
}

fn header(lines: &mut Lines<impl BufRead>) -> Result<String> {
    let first = lines.next()?.ok_or_else(|| anyhow!("the file is empty"))?;
    Ok(first?)
}

fn rejected(line: u64, error: &LineError) -> RejectedRow {
    RejectedRow {
        line,
        field: String::new(),
        reason: error.reason().to_owned(),
        explanation: error.to_string(),
    }
}

struct Lines<R> {
    source: R,
    number: u64,
    encoding: Encoding,
}

impl<R: BufRead> Lines<R> {
    /// The next line without its end, or none at the end of the file.
    fn next(&mut self) -> io::Result<Option<Result<String, LineError>>> {
        let mut bytes = Vec::new();
        let limit = MAX_LINE as u64 + 1;
        if self
            .source
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut bytes)?
            == 0
        {
            return Ok(None);
        }
        self.number += 1;
        if bytes.len() > MAX_LINE && bytes.last() != Some(&b'\n') {
            self.skip_rest_of_line()?;
            return Ok(Some(Err(LineError::TooLong(MAX_LINE))));
        }
        let text = self.encoding.decode(&bytes);
        Ok(Some(Ok(text.trim_end_matches(['\n', '\r']).to_owned())))
    }

    fn skip_rest_of_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.source.fill_buf()?;
            let (length, ended) = match buffer.iter().position(|&byte| byte == b'\n') {
                Some(place) => (place + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.source.consume(length);
            if ended {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::targets::v1::{Absence, indicator_value::Content};

    fn batches_of(name: &str, bytes: &[u8], batch: usize) -> (Vec<Batch>, Rejections) {
        let path = std::env::temp_dir().join(format!("cpom-{}-{name}", kernel::new_id()));
        std::fs::write(&path, bytes).unwrap();
        let encoding = crate::text::survey(&path).unwrap().encoding;
        let (sender, mut receiver) = mpsc::channel(100);
        let rejections = read(&path, Format::of(&path).unwrap(), encoding, batch, &sender).unwrap();
        std::fs::remove_file(&path).unwrap();
        drop(sender);
        let mut batches = Vec::new();
        while let Ok(batch) = receiver.try_recv() {
            batches.push(batch);
        }
        (batches, rejections)
    }

    #[test]
    fn a_latin_1_file_with_a_cut_line_gives_every_other_row_with_its_line_number() {
        let long = "9".repeat(MAX_LINE + 10);
        let mut file =
            b"subject;indicator;period;value\r\n130786049;MCO_STAYS;2024;1 \xe0 10\r\n".to_vec();
        file.extend_from_slice(format!("130786049;MCO_STAYS;20\r\n\r\n{long}\r\n").as_bytes());
        file.extend_from_slice(b"130786049;MCO_SESSIONS;2024;12,5");
        let (batches, rejections) = batches_of("a.csv", &file, 10);
        let [batch] = batches.as_slice() else {
            panic!("one batch expected: {batches:?}")
        };
        assert_eq!(batch.lines, [2, 6]);
        assert_eq!(
            batch.values[0].content,
            Some(Content::Absence(Absence::Masked.into()))
        );
        assert_eq!(
            batch.values[1].content,
            Some(Content::Value("12.5".to_owned()))
        );
        let reasons: Vec<_> = rejections
            .first
            .iter()
            .map(|row| (row.line, row.reason.as_str()))
            .collect();
        assert_eq!(reasons, [(3, "LINE_COLUMNS"), (5, "LINE_TOO_LONG")]);
        assert_eq!(rejections.count, 2);
    }

    #[test]
    fn json_lines_are_read_and_a_byte_order_mark_does_no_harm() {
        let row = r#"{"subject":"130786049","indicator":"MCO_STAYS","period":"2024","value":3}"#;
        let file = format!("\u{feff}{row}\n{{}}\n{row}\n");
        let (batches, rejections) = batches_of("a.ndjson", file.as_bytes(), 1);
        let lines: Vec<_> = batches
            .iter()
            .map(|batch| (batch.sequence, &batch.lines[..]))
            .collect();
        assert_eq!(lines, [(1, &[1][..]), (2, &[3])]);
        assert_eq!(rejections.first[0].reason, "LINE_JSON");
    }

    #[test]
    fn a_file_without_header_or_with_an_unknown_extension_is_refused_at_once() {
        assert!(Format::of(Path::new("values.xlsx")).is_err());
        let path = std::env::temp_dir().join(format!("cpom-{}.csv", kernel::new_id()));
        std::fs::write(&path, "130786049;MCO_STAYS;2024;7\n").unwrap();
        let (sender, _receiver) = mpsc::channel(1);
        let error = read(&path, Format::Csv, Encoding::Utf8, 10, &sender).unwrap_err();
        std::fs::remove_file(&path).unwrap();
        assert!(
            error.to_string().contains("subject;indicator;period;value"),
            "{error}"
        );
    }
}
