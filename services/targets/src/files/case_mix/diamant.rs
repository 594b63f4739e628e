//! Exports of DIAMANT, the data warehouse of the agencies: one line for each establishment and period, one column for
//! each figure. A figure in none of the columns known here is not read.

use super::{Count, Defect, Figure, Row, Sink, month, year};
use crate::domain::case_mix::{Measure, Mode, PmsiField};

/// Where a column goes.
struct Column {
    name: &'static str,
    field: PmsiField,
    activity: &'static str,
    mode: Mode,
    measure: Measure,
}

const fn column(
    name: &'static str,
    field: PmsiField,
    activity: &'static str,
    mode: Mode,
    measure: Measure,
) -> Column {
    Column {
        name,
        field,
        activity,
        mode,
        measure,
    }
}

pub(super) const YEARLY: [&str; 4] = [
    "finess ej",
    "finess",
    "année",
    "nombre total de séjours mco",
];

const YEARLY_FIGURES: [Column; 11] = [
    column(
        "nombre de séjours hc médecine",
        PmsiField::Mco,
        "MEDECINE",
        Mode::Full,
        Measure::Stays,
    ),
    column(
        "nombre de séjours hc chirurgie",
        PmsiField::Mco,
        "CHIRURGIE",
        Mode::Full,
        Measure::Stays,
    ),
    column(
        "nombre de séjours hc obstétrique",
        PmsiField::Mco,
        "OBSTETRIQUE",
        Mode::Full,
        Measure::Stays,
    ),
    column(
        "nombre de séjours htp/ambu médecine",
        PmsiField::Mco,
        "MEDECINE",
        Mode::Ambulatory,
        Measure::Stays,
    ),
    column(
        "nombre de séjours htp/ambu chirurgie",
        PmsiField::Mco,
        "CHIRURGIE",
        Mode::Ambulatory,
        Measure::Stays,
    ),
    column(
        "nombre de séjours htp/ambu obstétrique",
        PmsiField::Mco,
        "OBSTETRIQUE",
        Mode::Ambulatory,
        Measure::Stays,
    ),
    column(
        "nombre de journées hospit complète ssr",
        PmsiField::Smr,
        "SMR",
        Mode::Full,
        Measure::Days,
    ),
    column(
        "nombre de journées htp ssr",
        PmsiField::Smr,
        "SMR",
        Mode::PartTime,
        Measure::Days,
    ),
    column(
        "nombre total de séjours had",
        PmsiField::Had,
        "HAD",
        Mode::Full,
        Measure::Stays,
    ),
    column(
        "nb journées hospit complète psy",
        PmsiField::Psy,
        "PSY",
        Mode::Full,
        Measure::Days,
    ),
    column(
        "nb journées htp psy",
        PmsiField::Psy,
        "PSY",
        Mode::PartTime,
        Measure::Days,
    ),
];

/// A line of the yearly export.
pub(super) fn yearly(row: &Row<'_>, sink: &mut Sink<'_>) -> Result<(), Defect> {
    let text = row.required("finess")?;
    let finess = sink.finess(row, "finess", text)?;
    let of = year(row, "année", row.required("année")?)?;
    let field = sink.expected.field;
    for known in YEARLY_FIGURES.iter().filter(|known| known.field == field) {
        let figure = Figure {
            finess,
            year: of,
            month: 12,
            activity: known.activity,
            mode: known.mode,
            measure: known.measure,
        };
        let count = row.count(known.name)?;
        sink.whole(row, &figure, count)?;
    }
    Ok(())
}

pub(super) const CUMULATIVE: [&str; 5] = [
    "finess ej",
    "finess",
    "année",
    "mois",
    "nombre de séjours mensuels cumulés mco",
];

pub(super) const MONTHLY: [&str; 5] = [
    "finess ej",
    "finess",
    "année",
    "mois",
    "nombre de séjours mensuels mco",
];

/// Columns of one line for each establishment and month.
struct ByMonth {
    /// Activity, its column of all stays and its column of those without a night.
    stays: [(&'static str, &'static str, &'static str); 3],
    days: [(&'static str, Mode); 2],
    /// Figures are of the month alone.
    adds_up: bool,
}

impl ByMonth {
    fn count(&self, row: &Row<'_>, column: &str) -> Result<Count, Defect> {
        let count = row.count(column)?;
        if self.adds_up && count == Count::Masked {
            let words =
                "months are added up, and one that is masked cannot be; take the cumulative export";
            return Err(row.defect(column, "MASKED_MONTH", words, ""));
        }
        Ok(count)
    }
}

const CUMULATIVE_FIGURES: ByMonth = ByMonth {
    stays: [
        (
            "MEDECINE",
            "nombre de séjours mensuels cumulés médecine",
            "nombre de séjours mensuels cumulés htp/ambu médecine",
        ),
        (
            "CHIRURGIE",
            "nombre de séjours mensuels cumulés chirurgie",
            "nombre de séjours mensuels cumulés htp/ambu chirurgie",
        ),
        (
            "OBSTETRIQUE",
            "nombre de séjours mensuels cumulés obstétrique",
            "nombre de séjours mensuels cumulés htp/ambu obstétrique",
        ),
    ],
    days: [
        (
            "nombre de journées cumulées mensuelles hospit complète ssr",
            Mode::Full,
        ),
        (
            "nombre de journées cumulées mensuelles htp ssr",
            Mode::PartTime,
        ),
    ],
    adds_up: false,
};

const MONTHLY_FIGURES: ByMonth = ByMonth {
    stays: [
        (
            "MEDECINE",
            "nombre de séjours mensuels médecine",
            "nombre de séjours mensuels htp/ambu médecine",
        ),
        (
            "CHIRURGIE",
            "nombre de séjours mensuels chirurgie",
            "nombre de séjours mensuels htp/ambu chirurgie",
        ),
        (
            "OBSTETRIQUE",
            "nombre de séjours mensuels obstétrique",
            "nombre de séjours mensuels htp/ambu obstétrique",
        ),
    ],
    days: [
        (
            "nombre de journées mensuelles hospit complète ssr",
            Mode::Full,
        ),
        ("nombre de journées mensuelles htp ssr", Mode::PartTime),
    ],
    adds_up: true,
};

/// A line of the cumulative export.
pub(super) fn cumulative(row: &Row<'_>, sink: &mut Sink<'_>) -> Result<(), Defect> {
    by_month(row, sink, &CUMULATIVE_FIGURES)
}

/// A line of the export of single months.
pub(super) fn monthly(row: &Row<'_>, sink: &mut Sink<'_>) -> Result<(), Defect> {
    by_month(row, sink, &MONTHLY_FIGURES)
}

fn by_month(row: &Row<'_>, sink: &mut Sink<'_>, columns: &ByMonth) -> Result<(), Defect> {
    let text = row.required("finess")?;
    let finess = sink.finess(row, "finess", text)?;
    let of = year(row, "année", row.required("année")?)?;
    let through = month(row, "mois", row.required("mois")?)?;
    let figure = |activity, mode, measure| Figure {
        finess,
        year: of,
        month: through,
        activity,
        mode,
        measure,
    };
    match sink.expected.field {
        PmsiField::Mco => {
            for (activity, all, ambulatory) in columns.stays {
                let without_night = columns.count(row, ambulatory)?;
                let with_night = difference(row, all, columns.count(row, all)?, without_night)?;
                sink.whole(
                    row,
                    &figure(activity, Mode::Full, Measure::Stays),
                    with_night,
                )?;
                sink.whole(
                    row,
                    &figure(activity, Mode::Ambulatory, Measure::Stays),
                    without_night,
                )?;
            }
        }
        PmsiField::Smr => {
            for (name, mode) in columns.days {
                let days = columns.count(row, name)?;
                sink.whole(row, &figure("SMR", mode, Measure::Days), days)?;
            }
        }
        PmsiField::Had | PmsiField::Psy => {}
    }
    Ok(())
}

/// Stays with a night: all but those without. Not known when one of the two is masked.
fn difference(row: &Row<'_>, column: &str, all: Count, part: Count) -> Result<Count, Defect> {
    match (all, part) {
        (Count::Known(all), Count::Known(part)) => {
            all.checked_sub(part).map(Count::Known).ok_or_else(|| {
                let words =
                    format!("there are fewer stays in all than stays without a night ({part})");
                row.defect(column, "INCONSISTENT", words, &all.to_string())
            })
        }
        (all, Count::Absent) => Ok(all),
        (Count::Masked | Count::Absent, _) | (_, Count::Masked) => Ok(Count::Absent),
    }
}
