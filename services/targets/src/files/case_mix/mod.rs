//! Case-mix files, line by line as they arrive: a national file is never held in memory, only its cells.

mod diamant;
mod plain;
mod published;

use std::{collections::HashSet, io};

use kernel::{Finess, finess::FinessError};

use super::{
    Defect, Defects, Read,
    count::Count,
    sheet::{self, Row},
};
use crate::domain::{
    case_mix::{CaseMix, Cell, CellError, Key, Measure, Mode, PmsiField},
    demography::UNCLASSED,
    geography,
};

/// Columns of a case-mix file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Plain,
    ScansanteMco,
    SmrGme,
    DiamantYearly,
    DiamantCumulative,
    DiamantMonthly,
}

/// What a file is checked against.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) layout: Layout,
    pub(crate) field: PmsiField,
    /// Codes of the nomenclature that the file names.
    pub(crate) activities: HashSet<String>,
}

/// Reads a file; of cumulative months only the last is kept, single months are added up.
pub(crate) fn read(expected: &Expected, bytes: impl io::Read) -> Read<CaseMix> {
    let mut defects = Defects::default();
    let mut sink = Sink::new(expected);
    let lines = match expected.layout {
        Layout::Plain => {
            let mut columns = None;
            sheet::read(bytes, &plain::COLUMNS, &mut defects, |row| {
                plain::line(
                    row,
                    columns.get_or_insert_with(|| plain::Places::of(row)),
                    &mut sink,
                )
            })
        }
        Layout::ScansanteMco => sheet::read(bytes, &published::SCANSANTE, &mut defects, |row| {
            published::scansante(row, &mut sink)
        }),
        Layout::SmrGme => sheet::read(bytes, &published::SMR, &mut defects, |row| {
            published::smr(row, &mut sink)
        }),
        Layout::DiamantYearly => sheet::read(bytes, &diamant::YEARLY, &mut defects, |row| {
            diamant::yearly(row, &mut sink)
        }),
        Layout::DiamantCumulative => {
            sheet::read(bytes, &diamant::CUMULATIVE, &mut defects, |row| {
                diamant::cumulative(row, &mut sink)
            })
        }
        Layout::DiamantMonthly => sheet::read(bytes, &diamant::MONTHLY, &mut defects, |row| {
            diamant::monthly(row, &mut sink)
        }),
    };
    let Sink {
        mut content,
        mut skipped,
        ..
    } = sink;
    if expected.layout == Layout::DiamantMonthly {
        content.add_months_up();
    } else {
        skipped += content.keep_last_months();
    }
    if content.cells.is_empty() && defects.is_empty() {
        let words = format!(
            "the file has no figure of the field {}",
            expected.field.as_str()
        );
        defects.push(Defect::of_file("EMPTY_FILE", words));
    }
    Read {
        content,
        lines: lines.read,
        skipped,
        defects,
    }
}

/// A text met in one line after another, and what it was found to be.
#[derive(Debug)]
struct Last<T> {
    text: String,
    value: Option<T>,
}

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self {
            text: String::new(),
            value: None,
        }
    }
}

impl<T: Copy> Last<T> {
    fn get(&self, text: &str) -> Option<T> {
        self.value.filter(|_| self.text == text)
    }

    fn set(&mut self, text: &str, value: T) -> T {
        text.clone_into(&mut self.text);
        self.value = Some(value);
        value
    }
}

/// Where lines put their cells.
struct Sink<'a> {
    expected: &'a Expected,
    content: CaseMix,
    skipped: u64,
    finess: Last<Finess>,
    activity: Last<u32>,
    residence: Last<u32>,
}

impl<'a> Sink<'a> {
    fn new(expected: &'a Expected) -> Self {
        Self {
            expected,
            content: CaseMix::default(),
            skipped: 0,
            finess: Last::default(),
            activity: Last::default(),
            residence: Last::default(),
        }
    }

    fn finess(&mut self, row: &Row<'_>, column: &str, text: &str) -> Result<Finess, Defect> {
        if let Some(finess) = self.finess.get(text) {
            return Ok(finess);
        }
        let finess = text.parse().map_err(|error: FinessError| {
            let lost_zero = format!("0{text}").parse::<Finess>().is_ok();
            if lost_zero {
                let words = "a spreadsheet dropped the leading zero; export the column as text";
                return row.defect(column, "SPREADSHEET_DAMAGE", words, text);
            }
            row.defect(column, "BAD_FINESS", error.to_string(), text)
        })?;
        Ok(self.finess.set(text, finess))
    }

    fn activity(&mut self, row: &Row<'_>, column: &str, text: &str) -> Result<u32, Defect> {
        if let Some(place) = self.activity.get(text) {
            return Ok(place);
        }
        if !self.expected.activities.contains(text) {
            let words = "the nomenclature that the import names does not have this code";
            return Err(row.defect(column, "UNKNOWN_ACTIVITY", words, text));
        }
        let place = self.content.activities.place(text);
        Ok(self.activity.set(text, place))
    }

    fn residence(&mut self, row: &Row<'_>, column: &str, text: &str) -> Result<u32, Defect> {
        if let Some(place) = self.residence.get(text) {
            return Ok(place);
        }
        // 99 and 99xxx: abroad or unknown.
        let code = if text.is_empty() || text.starts_with(geography::ELSEWHERE) {
            geography::ELSEWHERE
        } else {
            geography::normalised(text).ok_or_else(|| {
                let words = "a residence is an INSEE commune (13055), a département (13) or 99";
                row.defect(column, "BAD_CODE", words, text)
            })?
        };
        let place = self.content.residences.place(code);
        Ok(self.residence.set(text, place))
    }

    /// A cell without residence and class, for files that have neither.
    fn whole(&mut self, row: &Row<'_>, key: &Figure<'_>, count: Count) -> Result<(), Defect> {
        let activity = self.activity(row, "", key.activity)?;
        let residence = self.content.residences.place(geography::ELSEWHERE);
        let key = Key {
            year: key.year,
            month: key.month,
            finess: key.finess,
            activity,
            mode: key.mode,
            measure: key.measure,
            residence,
        };
        match self.set(key, UNCLASSED, count) {
            // Published tables hold some establishments twice, under an old name and a new one, with the same figures.
            Err(CellError::Repeated) => {
                self.skipped += 1;
                Ok(())
            }
            result => result.map_err(|error| refused(row, key, error)),
        }
    }

    fn put(&mut self, row: &Row<'_>, key: Key, class: usize, count: Count) -> Result<(), Defect> {
        self.set(key, class, count)
            .map_err(|error| refused(row, key, error))
    }

    fn set(&mut self, key: Key, class: usize, count: Count) -> Result<(), CellError> {
        let cell = match count {
            Count::Known(count) => Cell::Known(count),
            Count::Masked => Cell::Masked,
            Count::Absent => return Ok(()),
        };
        self.content.set(key, class, cell)
    }
}

fn refused(row: &Row<'_>, key: Key, error: CellError) -> Defect {
    match error {
        CellError::Repeated | CellError::Contradicted => {
            let words = "the same cell stands before in the file";
            row.defect("", "DUPLICATE_LINE", words, key.finess.as_str())
        }
        CellError::TooMany => {
            let words = "the file has too many combinations; cut it by year or by establishment";
            row.defect("", "FILE_TOO_RICH", words, "")
        }
    }
}

/// A figure of a file without residences.
struct Figure<'a> {
    finess: Finess,
    year: i16,
    month: u8,
    activity: &'a str,
    mode: Mode,
    measure: Measure,
}

fn year(row: &Row<'_>, column: &str, text: &str) -> Result<i16, Defect> {
    text.parse()
        .ok()
        .filter(|year| (1990..=2100).contains(year))
        .ok_or_else(|| row.defect(column, "NOT_A_YEAR", "a year has four digits", text))
}

fn month(row: &Row<'_>, column: &str, text: &str) -> Result<u8, Defect> {
    text.parse()
        .ok()
        .filter(|month| (1..=12).contains(month))
        .ok_or_else(|| row.defect(column, "NOT_A_MONTH", "a month is 1 to 12", text))
}

#[cfg(test)]
mod tests;
