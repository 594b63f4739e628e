//! Files as spreadsheets write them: XLSX, ODS, and CSV with `;` or `,`, in UTF-8 or Windows-1252.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

/// What the columns are called, in the model and in what is read.
pub(crate) const COLUMNS: [&str; 4] = ["FINESS", "Indicateur", "Période", "Valeur"];

/// Largest number of cells that is looked at.
const MAX_CELLS: usize = 200_000;

/// The file is not a spreadsheet that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error(
        "Ce fichier n’est ni un XLSX, ni un ODS, ni un CSV lisible. Enregistrez-le dans l’un de ces formats."
    )]
    Format,
    #[error(
        "Ce fichier est trop grand pour être vérifié à l’écran. Découpez-le, ou passez par l’interface des logiciels."
    )]
    TooLarge,
    #[error("Ce fichier est vide.")]
    Empty,
}

/// The cells of the first sheet, as texts, row by row.
pub(crate) fn cells(name: &str, content: &[u8]) -> Result<Vec<Vec<String>>, Unreadable> {
    if content.is_empty() {
        return Err(Unreadable::Empty);
    }
    let lower = name.to_lowercase();
    let is_text = [".csv", ".txt"].iter().any(|end| lower.ends_with(end));
    if is_text {
        return Ok(text_cells(content));
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(content.to_vec()))
        .map_err(|_| Unreadable::Format)?;
    let range = book
        .worksheet_range_at(0)
        .ok_or(Unreadable::Empty)?
        .map_err(|_| Unreadable::Format)?;
    let (height, width) = range.get_size();
    if height.saturating_mul(width) > MAX_CELLS {
        return Err(Unreadable::TooLarge);
    }
    Ok(range
        .rows()
        .map(|row| row.iter().map(cell_text).collect())
        .collect())
}

/// A cell as it reads: a whole number without its decimals, so that a FINESS number stays one.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// A text file: the separator is the one that its first line has most of.
fn text_cells(content: &[u8]) -> Vec<Vec<String>> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let text = match std::str::from_utf8(content) {
        Ok(text) => text.to_owned(),
        // The accents of old spreadsheets: Windows-1252, whose letters are those of Latin-1.
        Err(_) => content.iter().map(|byte| char::from(*byte)).collect(),
    };
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.matches(';').count() >= first.matches(',').count() {
        ';'
    } else {
        ','
    };
    text.lines().map(|line| split(line, separator)).collect()
}

/// One line of a CSV; quotes keep separators, doubled quotes are quotes.
fn split(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            other if other == separator && !quoted => {
                cells.push(cell.trim().to_owned());
                cell.clear();
            }
            other => cell.push(other),
        }
    }
    cells.push(cell.trim().to_owned());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_is_read_with_either_separator_and_either_encoding() {
        let expected = vec![vec!["FINESS", "Période"], vec!["130786049", "2025"]];
        for content in [
            "FINESS;Période\n130786049;2025".as_bytes().to_vec(),
            "\u{feff}FINESS,Période\r\n130786049,2025\r\n"
                .as_bytes()
                .to_vec(),
            b"FINESS;P\xe9riode\n130786049;2025".to_vec(),
        ] {
            assert_eq!(cells("a.csv", &content).unwrap(), expected);
        }
        assert_eq!(split("\"a;\"\"b\"\"\";c", ';'), ["a;\"b\"", "c"]);
    }

    #[test]
    fn a_workbook_is_read_and_a_finess_number_stays_one() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "FINESS").unwrap();
        sheet.write(1, 0, 130_786_049.0).unwrap();
        sheet.write(1, 1, 12.5).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let rows = cells("a.xlsx", &bytes).unwrap();
        assert_eq!(rows[1], ["130786049", "12.5"]);
    }

    #[test]
    fn what_is_no_spreadsheet_is_said() {
        assert_eq!(cells("a.xlsx", b"%PDF-1.7"), Err(Unreadable::Format));
        assert_eq!(cells("a.csv", b""), Err(Unreadable::Empty));
    }
}
