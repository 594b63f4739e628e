//! What goes wrong in the synthetic region: a few objectives out of tolerance, figures that are missing,
//! and rows damaged on their way.

use std::collections::BTreeMap;

use kernel::Finess;
use proto::targets::v1::IndicatorValue;

use super::{Dice, Measure, Volume};
use crate::demo::plan::{number, value};

/// What happened to one objective in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anomaly {
    /// So much of the target was realised.
    PerMille(u64),
    /// One authorised site or device less than committed.
    OneLess,
    /// More devices or sites than committed.
    OneMore,
    /// A real zero.
    ClosedInAugust,
    /// November and December were never submitted.
    LastMonthsLost,
    /// The year is said to be missing.
    NothingKnown,
}

/// The anomalies of a region.
#[derive(Debug, Clone, Default)]
pub struct Anomalies {
    by_objective: BTreeMap<(String, i32), Anomaly>,
    /// The legal entity whose submission holds damaged rows.
    damaged: Option<Finess>,
}

/// Volume, year and what happens: each strikes another objective.
const CAST: [(Volume, i32, Anomaly); 14] = [
    (Volume::Stays, 2023, Anomaly::PerMille(930)),
    (Volume::Stays, 2023, Anomaly::PerMille(1_180)),
    (Volume::Stays, 2024, Anomaly::PerMille(820)),
    (Volume::Stays, 2024, Anomaly::PerMille(1_075)),
    (Volume::Sessions, 2023, Anomaly::PerMille(1_250)),
    (Volume::Sessions, 2024, Anomaly::PerMille(880)),
    (Volume::RehabilitationDays, 2024, Anomaly::PerMille(915)),
    (Volume::CareHomeDays, 2023, Anomaly::PerMille(905)),
    (Volume::Sites, 2024, Anomaly::OneLess),
    (Volume::Devices, 2023, Anomaly::OneMore),
    (Volume::Devices, 2024, Anomaly::OneLess),
    (Volume::Stays, 2023, Anomaly::ClosedInAugust),
    (Volume::PsychiatryDays, 2024, Anomaly::LastMonthsLost),
    (Volume::Sessions, 2024, Anomaly::NothingKnown),
];

/// Smaller ones are not judged, or hidden by their masks.
const LEAST_VISIBLE: u64 = 1_000;

impl Anomalies {
    /// Chooses the objectives that are struck, each once.
    pub fn choose(measures: &[Measure], dice: &mut Dice) -> Self {
        let mut chosen = Self::default();
        let mut struck: Vec<String> = Vec::new();
        for (volume, year, anomaly) in CAST {
            let candidates: Vec<&Measure> = measures
                .iter()
                .filter(|measure| measure.volume == volume && !struck.contains(&measure.id()))
                .filter(|measure| !volume.is_activity() || measure.baseline >= LEAST_VISIBLE)
                .collect();
            if candidates.is_empty() {
                continue;
            }
            let measure = candidates[dice.place(candidates.len())];
            struck.push(measure.id());
            chosen.by_objective.insert((measure.id(), year), anomaly);
            chosen.damaged.get_or_insert(measure.entity);
        }
        chosen
    }

    /// What happened to an objective in a year, if anything.
    pub fn of(&self, measure: &Measure, year: i32) -> Option<Anomaly> {
        self.by_objective.get(&(measure.id(), year)).copied()
    }

    /// Rows that the service must refuse one by one: a negative count, a number that a spreadsheet
    /// rounded, and somebody else's site.
    pub fn damaged_rows(&self, entity: Finess, measures: &[&Measure]) -> Vec<IndicatorValue> {
        let Some(first) = measures.first().filter(|_| self.damaged == Some(entity)) else {
            return Vec::new();
        };
        // The Corsican numbers begin with 2A: this one is real in form and of another region.
        let elsewhere = "2A0000014".parse().unwrap_or(first.subject);
        vec![
            value(first.subject, "MCO_STAYS", "2024-01", number("-12")),
            value(first.subject, "MCO_STAYS", "2024-02", number("1,2E+05")),
            value(elsewhere, "MCO_STAYS", "2024-03", number("12")),
        ]
    }
}
