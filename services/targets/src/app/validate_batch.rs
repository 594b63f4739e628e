//! Checks the rows of a batch against the caller's perimeter.

use kernel::{Finess, Region};
use prost::Message as _;
use proto::targets::v1::{self as pb, indicator_value::Content};
use rpc::{Call, Error};
use sha2::{Digest as _, Sha256};

use super::App;
use crate::{
    domain::{
        Accepted, Catalogue, Perimeter, Refusal, Rejection, Row, RowDefect, indicator,
        indicator::Written, rejection,
    },
    store::contract_copy,
};

/// Values of one batch, at most.
pub(crate) const MAX_VALUES: usize = 10_000;

/// A batch whose rows are checked, ready to be stored.
pub(crate) struct Checked {
    pub(crate) sequence: i64,
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) rejected: Vec<pb::RejectedValue>,
    /// The first of these, for those who come back to them.
    pub(crate) kept: Vec<Rejection>,
    pub(crate) sha256: [u8; 32],
}

/// Checks batches of one stream. The perimeter is read once, and again whenever a row would be refused
/// because of the contracts this service knew a moment ago: a contract just in force is seen at once.
pub(crate) struct Checker {
    app: App,
    region: Region,
    /// None for an agency, which reports for its whole region.
    own: Option<Vec<Finess>>,
    perimeter: Perimeter,
    encoded: Vec<u8>,
}

impl Checker {
    pub(crate) async fn new(app: App, call: &Call, region: Region) -> Result<Self, Error> {
        let caller = &call.caller;
        let own = caller.is_establishment().then(|| caller.finess().to_vec());
        let perimeter = read_perimeter(&app, region, own.as_deref()).await?;
        Ok(Self {
            app,
            region,
            own,
            perimeter,
            encoded: Vec::new(),
        })
    }

    pub(crate) async fn check(&mut self, batch: &pb::IndicatorBatch) -> Result<Checked, Error> {
        if batch.values.len() > MAX_VALUES {
            let received = batch.values.len();
            return Err(Refusal::BatchTooLarge {
                received,
                limit: MAX_VALUES,
            }
            .into());
        }
        let mut rows = check_rows(&batch.values, &self.perimeter, &self.app.catalogue);
        if rows
            .defects
            .iter()
            .any(|(_, defect)| defect.depends_on_contracts())
        {
            self.perimeter = read_perimeter(&self.app, self.region, self.own.as_deref()).await?;
            rows = check_rows(&batch.values, &self.perimeter, &self.app.catalogue);
        }
        self.encoded.clear();
        batch.encode(&mut self.encoded).map_err(Error::internal)?;
        let rejected = rows
            .defects
            .iter()
            .filter_map(|(place, defect)| Some(explain(*place, *defect, batch.values.get(*place)?)))
            .collect();
        let kept = rows
            .defects
            .iter()
            .take(rejection::MOST_KEPT)
            .filter_map(|(place, defect)| {
                let value = batch.values.get(*place)?;
                Some(keep(batch.sequence, *place, *defect, value))
            })
            .collect();
        Ok(Checked {
            sequence: batch.sequence,
            accepted: rows.accepted,
            rejected,
            kept,
            sha256: Sha256::digest(&self.encoded).into(),
        })
    }
}

async fn read_perimeter(
    app: &App,
    region: Region,
    own: Option<&[Finess]>,
) -> Result<Perimeter, Error> {
    Ok(Perimeter::new(
        own,
        &contract_copy::of_region(app.db.pool(), region).await?,
    ))
}

struct CheckedRows {
    accepted: Vec<Accepted>,
    /// Places of the rows that were left out.
    defects: Vec<(usize, RowDefect)>,
}

fn check_rows(
    values: &[pb::IndicatorValue],
    perimeter: &Perimeter,
    catalogue: &Catalogue,
) -> CheckedRows {
    let mut accepted = Vec::with_capacity(values.len());
    let mut defects = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let position = u16::try_from(place).unwrap_or(u16::MAX);
        match indicator::validate(row(value), position, perimeter, catalogue) {
            Ok(row) => accepted.push(row),
            Err(defect) => defects.push((place, defect)),
        }
    }
    CheckedRows { accepted, defects }
}

fn row(value: &pb::IndicatorValue) -> Row<'_> {
    let content = match &value.content {
        Some(Content::Value(text)) => Written::Value(text),
        Some(Content::Absence(absence)) => match pb::Absence::try_from(*absence) {
            Ok(pb::Absence::Missing) => Written::Missing,
            Ok(pb::Absence::Masked) => Written::Masked,
            Ok(pb::Absence::Unspecified) | Err(_) => Written::Nothing,
        },
        None => Written::Nothing,
    };
    Row {
        subject: &value.subject,
        indicator: &value.indicator,
        period: &value.period,
        content,
    }
}

fn keep(sequence: i64, place: usize, defect: RowDefect, value: &pb::IndicatorValue) -> Rejection {
    let position = i32::try_from(place).unwrap_or(i32::MAX);
    let absence = match value.content {
        Some(Content::Absence(absence)) => Some(absence),
        Some(Content::Value(_)) | None => None,
    };
    Rejection::of(sequence, position, row(value), absence, defect)
}

fn explain(place: usize, defect: RowDefect, value: &pb::IndicatorValue) -> pb::RejectedValue {
    pb::RejectedValue {
        index: i32::try_from(place).unwrap_or(i32::MAX),
        field: defect.field().to_owned(),
        reason: defect.reason().to_owned(),
        explanation: defect.explain(row(value)),
    }
}
