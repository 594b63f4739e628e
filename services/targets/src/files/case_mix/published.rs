//! Tables that ATIH publishes by establishment: no residence, no age.

use super::{Defect, Figure, Row, Sink, month, year};
use crate::domain::case_mix::{Measure, Mode};

/// Columns of the `ScanSanté` table of stays.
pub(super) const SCANSANTE: [&str; 6] = [
    "annee",
    "finess",
    "periode",
    "sejours_hc",
    "sejours_hp",
    "seances",
];

/// A line of `ScanSanté` MCO: stays with and without a night, and sessions.
pub(super) fn scansante(row: &Row<'_>, sink: &mut Sink<'_>) -> Result<(), Defect> {
    let finess = row.required("finess")?;
    let period = row.text("periode")?;
    if period.is_empty() {
        // Some lines do not say up to which month they count: nothing can be made of them.
        sink.skipped += 1;
        return Ok(());
    }
    let figure = |activity, mode, measure, finess| -> Result<Figure<'_>, Defect> {
        Ok(Figure {
            finess,
            year: year(row, "annee", row.required("annee")?)?,
            month: month(row, "periode", period.trim_start_matches('M'))?,
            activity,
            mode,
            measure,
        })
    };
    let finess = sink.finess(row, "finess", finess)?;
    for (column, mode, measure) in [
        ("sejours_hc", Mode::Full, Measure::Stays),
        ("sejours_hp", Mode::Ambulatory, Measure::Stays),
        ("seances", Mode::Session, Measure::Sessions),
    ] {
        let count = row.count(column)?;
        sink.whole(row, &figure("MCO", mode, measure, finess)?, count)?;
    }
    Ok(())
}

/// Columns of the SMR case-mix.
pub(super) const SMR: [&str; 7] = [
    "finess",
    "periode",
    "cm",
    "gn",
    "gme",
    "nb_journees_hc",
    "nb_journees_hp",
];

/// A line of the SMR case-mix. Lines without GME are subtotals of the others.
pub(super) fn smr(row: &Row<'_>, sink: &mut Sink<'_>) -> Result<(), Defect> {
    let gme = row.text("gme")?;
    let finess = row.required("finess")?;
    if gme.is_empty() || finess == "Total" {
        sink.skipped += 1;
        return Ok(());
    }
    let finess = sink.finess(row, "finess", finess)?;
    let period = row.required("periode")?;
    let (of, through) = period.split_once('-').ok_or_else(|| {
        row.defect(
            "periode",
            "NOT_A_MONTH",
            "a period is written YYYY-MM",
            period,
        )
    })?;
    for (column, mode) in [
        ("nb_journees_hc", Mode::Full),
        ("nb_journees_hp", Mode::PartTime),
    ] {
        let figure = Figure {
            finess,
            year: year(row, "periode", of)?,
            month: month(row, "periode", through)?,
            activity: gme,
            mode,
            measure: Measure::Days,
        };
        let count = row.count(column)?;
        sink.whole(row, &figure, count)?;
    }
    Ok(())
}
