//! The plain layout: one line for each cell.

use super::{Defect, Row, Sink, month, year};
use crate::domain::{
    case_mix::{Key, Measure, Mode},
    demography::{AgeClass, Sex, UNCLASSED, stratum},
};

pub(super) const COLUMNS: [&str; 12] = [
    "finess",
    "year",
    "month",
    "activity",
    "mode",
    "residence",
    "age_class",
    "sex",
    "stays",
    "patients",
    "days",
    "sessions",
];

const MEASURES: [Measure; 4] = [
    Measure::Stays,
    Measure::Patients,
    Measure::Days,
    Measure::Sessions,
];

/// Where the columns are: looked up once, not in ten million lines.
pub(super) struct Places([usize; COLUMNS.len()]);

impl Places {
    pub(super) fn of(row: &Row<'_>) -> Self {
        Self(COLUMNS.map(|name| row.columns().find(name).unwrap_or(usize::MAX)))
    }
}

pub(super) fn line(row: &Row<'_>, places: &Places, sink: &mut Sink<'_>) -> Result<(), Defect> {
    let [
        finess,
        year_at,
        month_at,
        activity,
        mode,
        residence,
        age,
        sex,
        counts @ ..,
    ] = places.0;
    let mut key = Key {
        finess: sink.finess(row, "finess", row.at(finess)?)?,
        year: year(row, "year", row.at(year_at)?)?,
        month: month(row, "month", row.at(month_at)?)?,
        activity: sink.activity(row, "activity", row.at(activity)?)?,
        mode: read_mode(row, row.at(mode)?)?,
        residence: sink.residence(row, "residence", row.at(residence)?)?,
        measure: Measure::Stays,
    };
    let class = class(row, row.at(age)?, row.at(sex)?)?;
    for (measure, place) in MEASURES.into_iter().zip(counts) {
        key.measure = measure;
        let count = row.count_at(place)?;
        sink.put(row, key, class, count)?;
    }
    Ok(())
}

fn read_mode(row: &Row<'_>, text: &str) -> Result<Mode, Defect> {
    match text {
        "HC" => Ok(Mode::Full),
        "AMBU" => Ok(Mode::Ambulatory),
        "SEANCE" => Ok(Mode::Session),
        "HTP" => Ok(Mode::PartTime),
        _ => Err(row.defect(
            "mode",
            "BAD_CODE",
            "a mode is HC, AMBU, SEANCE or HTP",
            text,
        )),
    }
}

fn class(row: &Row<'_>, age: &str, sex: &str) -> Result<usize, Defect> {
    if age.is_empty() || sex.is_empty() {
        return Ok(UNCLASSED);
    }
    let sex =
        Sex::read(sex).ok_or_else(|| row.defect("sex", "BAD_CODE", "the sex is 1 or 2", sex))?;
    let age = AgeClass::read(age).ok_or_else(|| {
        let words = "five-year classes are 0-4, 5-9 … 90-94, 95+";
        row.defect("age_class", "BAD_CODE", words, age)
    })?;
    Ok(stratum(sex, age))
}
