//! A table, once: shown in a page, and exported as CSV and XLSX with French number formats.

mod column;

use std::collections::BTreeMap;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::{Decimal, text::no_formula};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use time::Date;

use self::column::Column;
use crate::{
    Failure,
    form::Form,
    pages::Exports,
    text::{dates, labels::Badge, numbers},
};

/// What stands in one place.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    /// A text that leads somewhere.
    Link(String, String),
    /// One that says the same in each row; what tells them apart is heard and not seen.
    Act(String, String, String),
    Badge(Badge),
    Number(Decimal),
    Day(Date),
    /// What is shown to the byte, and may be cut anywhere: a fingerprint.
    Hash(String),
    Empty,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn link(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Link(path.into(), text.into())
    }

    pub(crate) fn act(
        path: impl Into<String>,
        text: impl Into<String>,
        about: impl Into<String>,
    ) -> Self {
        Self::Act(path.into(), text.into(), about.into())
    }

    pub(crate) fn count(count: i64) -> Self {
        Self::Number(count.into())
    }

    pub(crate) fn yes_or_no(yes: bool) -> Self {
        Self::text(if yes { "oui" } else { "non" })
    }

    /// A day as the services write it.
    pub(crate) fn day(text: &str) -> Self {
        dates::parse(text).map_or_else(|| Self::Text(text.to_owned()), Self::Day)
    }

    /// A decimal as the services write it.
    pub(crate) fn number(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Text(text.to_owned()), Self::Number)
    }

    /// A cell of what the services tell; an empty one where they tell nothing.
    pub(crate) fn if_any<'a>(text: &'a str, cell: impl FnOnce(&'a str) -> Self) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            cell(text)
        }
    }

    /// A cell where something is so; an empty one where it is not.
    pub(crate) fn when(is_so: bool, cell: impl FnOnce() -> Self) -> Self {
        if is_so { cell() } else { Self::Empty }
    }

    /// As people read it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Link(_, text) | Self::Act(_, text, _) | Self::Hash(text) => {
                text.clone()
            }
            Self::Badge(badge) => badge.text.to_owned(),
            Self::Number(number) => numbers::decimal(*number),
            Self::Day(day) => dates::day(*day),
            Self::Empty => "—".to_owned(),
        }
    }

    pub(crate) fn href(&self) -> Option<&str> {
        match self {
            Self::Link(path, _) | Self::Act(path, ..) => Some(path),
            _ => None,
        }
    }

    /// What a link is about, for who hears it without its row.
    pub(crate) fn about(&self) -> Option<&str> {
        match self {
            Self::Act(.., about) => Some(about),
            _ => None,
        }
    }

    /// Whether it is shown to the byte.
    pub(crate) fn is_hash(&self) -> bool {
        matches!(self, Self::Hash(_))
    }

    /// Whether it reads better on one line.
    pub(crate) fn is_short(&self) -> bool {
        const LONGEST: usize = 18;
        match self {
            Self::Text(text) | Self::Link(_, text) | Self::Act(_, text, _) => {
                text.chars().count() <= LONGEST
            }
            Self::Badge(_) | Self::Number(_) | Self::Day(_) | Self::Empty => true,
            Self::Hash(_) => false,
        }
    }

    pub(crate) fn badge(&self) -> Option<Badge> {
        match self {
            Self::Badge(badge) => Some(*badge),
            _ => None,
        }
    }

    /// As a spreadsheet reads it: a decimal comma, no space between thousands, days as `22/11/2026`.
    fn exported(&self) -> String {
        match self {
            Self::Number(number) => number.normalize().to_string().replace('.', ","),
            Self::Day(day) => format!(
                "{:02}/{:02}/{}",
                day.day(),
                u8::from(day.month()),
                day.year()
            ),
            Self::Empty => String::new(),
            other => no_formula(&other.shown()),
        }
    }
}

/// Named columns, rows of cells.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Name of the exported file.
    pub(crate) name: &'static str,
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Names of rows that a picture leads to, by their place.
    anchors: BTreeMap<usize, String>,
    /// Where it can be had as a file, when it stands beside others on its page.
    pub(crate) files: Option<Exports>,
}

/// How a table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Export {
    Csv,
    Xlsx,
}

impl Export {
    /// From the `format` of an address.
    pub(crate) fn asked(format: &str) -> Option<Self> {
        match format {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

impl Table {
    /// A title that ends in `#` heads a column of numbers.
    pub(crate) fn new(name: &'static str, caption: impl Into<String>, titles: &[&str]) -> Self {
        Self {
            name,
            caption: caption.into(),
            columns: titles.iter().map(|title| Column::of(title)).collect(),
            rows: Vec::new(),
            anchors: BTreeMap::new(),
            files: None,
        }
    }

    /// One of several tables of a page: it says itself where it can be had as a file.
    #[must_use]
    pub(crate) fn at(mut self, path: &str, query: &Form) -> Self {
        self.files = Some(Exports::of_one(path, query, self.name));
        self
    }

    /// The file of the table that an address names among those of its page.
    pub(crate) fn asked_among<'a>(
        query: &Form,
        tables: impl IntoIterator<Item = &'a Self>,
    ) -> Option<Result<Response, Failure>> {
        let export = Export::asked(query.text("format"))?;
        let wanted = query.text("tableau");
        let table = tables.into_iter().find(|table| table.name == wanted)?;
        Some(table.export(export))
    }

    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        for (column, cell) in self.columns.iter_mut().zip(&row) {
            column.measure(cell);
        }
        self.rows.push(row);
    }

    /// A row that a picture leads to: `#anchor`.
    pub(crate) fn push_named(&mut self, anchor: String, row: Vec<Cell>) {
        self.anchors.insert(self.rows.len(), anchor);
        self.push(row);
    }

    /// Each row with its name, for the page.
    pub(crate) fn named_rows(&self) -> impl Iterator<Item = (&Vec<Cell>, Option<&String>)> {
        let rows = self.rows.iter().enumerate();
        rows.map(move |(place, row)| (row, self.anchors.get(&place)))
    }

    /// Each cell with its column, for the page.
    pub(crate) fn cells<'a>(
        &'a self,
        row: &'a [Cell],
    ) -> impl Iterator<Item = (&'a Cell, &'a Column)> + 'a {
        row.iter().zip(&self.columns)
    }

    /// The file that was asked for.
    pub(crate) fn export(&self, as_what: Export) -> Result<Response, Failure> {
        let (content, kind, extension) = match as_what {
            Export::Csv => (self.csv().into_bytes(), "text/csv; charset=utf-8", "csv"),
            Export::Xlsx => (
                self.xlsx()
                    .map_err(|error| Failure::Internal(error.into()))?,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
            ),
        };
        Ok(attachment(
            content,
            kind,
            &format!("{}.{extension}", self.name),
        ))
    }

    /// `;` and a byte order mark: what a French spreadsheet opens without a question.
    pub(crate) fn csv(&self) -> String {
        let line = |cells: Vec<String>| {
            let quoted: Vec<String> = cells
                .into_iter()
                .map(|cell| {
                    if cell.contains([';', '"', '\n', '\r']) {
                        format!("\"{}\"", cell.replace('"', "\"\""))
                    } else {
                        cell
                    }
                })
                .collect();
            quoted.join(";") + "\r\n"
        };
        let mut text = String::from('\u{feff}');
        text += &line(
            self.columns
                .iter()
                .map(|column| column.title.clone())
                .collect(),
        );
        for row in &self.rows {
            text += &line(row.iter().map(Cell::exported).collect());
        }
        text
    }

    fn xlsx(&self) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let head = Format::new().set_bold().set_text_wrap();
        // Written the American way; a spreadsheet shows it in its reader's.
        let number = Format::new().set_num_format("#,##0.######");
        let day = Format::new().set_num_format("dd/mm/yyyy");
        for (place, column) in (0..).zip(&self.columns) {
            sheet.write_with_format(0, place, column.title.as_str(), &head)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (place, cell) in (0..).zip(row) {
                match cell {
                    Cell::Number(value) => {
                        // A cell holds a floating number, whatever is written to it: this is the only place.
                        let float: f64 = value.to_string().parse().unwrap_or_default();
                        sheet.write_with_format(line, place, float, &number)?;
                    }
                    Cell::Day(date) => {
                        let year = u16::try_from(date.year()).unwrap_or(1900);
                        let instant =
                            ExcelDateTime::from_ymd(year, date.month().into(), date.day())?;
                        sheet.write_with_format(line, place, &instant, &day)?;
                    }
                    Cell::Empty => {}
                    other => {
                        sheet.write(line, place, other.shown())?;
                    }
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let (rows, columns) = (self.rows.len(), self.columns.len());
        if let (Ok(last), Ok(width)) = (u32::try_from(rows), u16::try_from(columns))
            && width > 0
        {
            sheet.autofilter(0, 0, last, width - 1)?;
        }
        sheet.autofit();
        book.save_to_buffer()
    }
}

/// A file that the browser saves rather than shows.
pub(crate) fn attachment(content: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&disposition(name)) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    (headers, content).into_response()
}

/// A name with accents is told twice: plainly, and as RFC 5987 writes it.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    if plain == name {
        return format!("attachment; filename=\"{name}\"");
    }
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader as _, Xlsx};
    use time::macros::date;

    use super::*;

    fn table() -> Table {
        let mut table = Table::new("essai", "Essai", &["Nom", "Valeur#", "Jour"]);
        table.push(vec![
            Cell::text("Centre ; « A »"),
            Cell::number("1234.5"),
            Cell::Day(date!(2026 - 11 - 02)),
        ]);
        table.push(vec![
            Cell::text("=HYPERLINK(1)"),
            Cell::Empty,
            Cell::day("bientôt"),
        ]);
        table
    }

    #[test]
    fn a_csv_opens_in_a_french_spreadsheet() {
        assert_eq!(
            table().csv(),
            "\u{feff}Nom;Valeur;Jour\r\n\"Centre ; « A »\";1234,5;02/11/2026\r\n'=HYPERLINK(1);;bientôt\r\n"
        );
    }

    #[test]
    fn a_workbook_holds_numbers_and_days_not_texts() {
        let bytes = table().xlsx().unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(range.get((1, 1)), Some(&Data::Float(1234.5)));
        assert!(matches!(range.get((1, 2)), Some(Data::DateTime(_))));
        assert_eq!(
            range.get((2, 0)),
            Some(&Data::String("=HYPERLINK(1)".into())),
            "a text is a text there: no formula"
        );
    }

    #[test]
    fn a_file_keeps_its_name_whatever_it_holds() {
        assert_eq!(disposition("a b.csv"), "attachment; filename=\"a b.csv\"");
        assert_eq!(
            disposition("pièce \"1\".pdf"),
            "attachment; filename=\"pi_ce _1_.pdf\"; filename*=UTF-8''pi%C3%A8ce%20%221%22.pdf"
        );
    }

    #[test]
    fn links_that_say_the_same_are_told_apart_where_they_are_heard() {
        let act = Cell::act("/contrats/1#fin", "mettre fin", "contrat 93-2026-0042");
        assert_eq!(act.shown(), "mettre fin");
        assert_eq!(act.href(), Some("/contrats/1#fin"));
        assert_eq!(act.about(), Some("contrat 93-2026-0042"));
        assert_eq!(act.exported(), "mettre fin");
        assert_eq!(Cell::link("/contrats/1", "93-2026-0042").about(), None);
    }

    #[test]
    fn a_fingerprint_is_shown_to_the_byte() {
        let hash = Cell::Hash("00ff".to_owned());
        assert!(hash.is_hash() && !hash.is_short() && !Cell::text("00ff").is_hash());
        assert_eq!(
            (hash.shown(), hash.exported()),
            ("00ff".to_owned(), "00ff".to_owned())
        );
    }

    #[test]
    fn a_page_shows_numbers_in_french() {
        assert_eq!(Cell::number("1234.5").shown(), "1\u{202f}234,5");
        assert_eq!(Cell::Empty.shown(), "—");
    }
}
