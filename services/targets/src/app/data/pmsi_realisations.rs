//! What the PMSI says of the indicators of objectives, beside what was submitted.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Finess;
use proto::targets::v1 as pb;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use store::Error;
use time::OffsetDateTime;

use crate::{
    domain::case_mix::{CaseMixImportId, Figure, Measure, Mode, PmsiField},
    store::case_mix::{self, EstablishmentFigure},
};

/// Figures of some subjects in a year.
pub(crate) struct PmsiFigures {
    indicators: BTreeMap<String, (PmsiField, Measure, Vec<Mode>)>,
    figures: Vec<EstablishmentFigure>,
}

impl PmsiFigures {
    /// Reads the figures that were applied up to an instant, if one is given.
    pub(crate) async fn read(
        pool: &PgPool,
        subjects: &BTreeSet<Finess>,
        year: i16,
        applied_before: Option<OffsetDateTime>,
    ) -> Result<Self, Error> {
        let numbers: Vec<String> = subjects.iter().map(ToString::to_string).collect();
        Ok(Self {
            indicators: case_mix::indicators(pool).await?,
            figures: case_mix::figures(pool, &numbers, year, None, applied_before).await?,
        })
    }

    /// What the PMSI says of an indicator; none for one that it does not measure, or a subject without figures.
    pub(crate) fn realised(&self, subject: Finess, indicator: &str) -> Option<pb::PmsiRealisation> {
        let (field, measure, modes) = self.indicators.get(indicator)?;
        let mut sum = Figure::default();
        let mut month = None;
        let mut imports: BTreeSet<CaseMixImportId> = BTreeSet::new();
        for figure in self.figures.iter().filter(|figure| {
            (figure.finess, figure.field, figure.measure) == (subject, *field, *measure)
        }) {
            month = Some(figure.month);
            imports.insert(figure.import);
            if modes.contains(&figure.mode) {
                sum.known += figure.figure.known;
                sum.masked += figure.figure.masked;
            }
        }
        let month = month?;
        let state = match (month, sum.masked) {
            (12, 0) => pb::RealisedState::Exact,
            (12, _) => pb::RealisedState::Masked,
            _ => pb::RealisedState::Incomplete,
        };
        let mut hash = Sha256::new();
        for import in &imports {
            hash.update(import.0.as_bytes());
        }
        let digest = hex::encode(hash.finalize());
        let upper = if sum.masked > 0 {
            (sum.known + 10 * sum.masked).to_string()
        } else {
            String::new()
        };
        Some(pb::PmsiRealisation {
            state: state.into(),
            value: (sum.known + sum.masked).to_string(),
            upper,
            through_month: month.into(),
            imports: imports.iter().map(ToString::to_string).collect(),
            data_version: digest.get(..16).unwrap_or_default().to_owned(),
        })
    }
}
