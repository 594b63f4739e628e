//! `RealisationService`.

use kernel::Decimal;
use proto::targets::v1::{self as pb, realisation_service_server::RealisationService};

use super::scalars::decimal;
use crate::{
    app::{App, year_to_date as use_case},
    domain::{
        Objective, Realised, Target,
        year_to_date::{self, ToDate},
    },
};

pub(crate) struct Realisations(pub(crate) App);

rpc::answers! {
    RealisationService for Realisations;

    fn get_year_to_date(app, call, request: pb::GetYearToDateRequest) -> pb::YearToDate {
        use_case::run(app, &call, &request).await?
    }
}

/// Writes one objective beside the part of its target for the months so far.
pub(crate) fn write(
    objective: &Objective,
    target: Option<Target>,
    part: Option<(Decimal, Decimal)>,
    so_far: &ToDate,
) -> pb::ObjectiveToDate {
    let (target_lower, target_upper) = both(target.map(|target| match target {
        Target::Point(value) => (value, value),
        Target::Band { min, max } => (min, max),
    }));
    let (to_date_lower, to_date_upper) =
        both(part.map(|(lower, upper)| (lower.normalize(), upper.normalize())));
    let progress = part.and_then(|part| year_to_date::progress(so_far.realised, part));
    let none = String::new;
    let (state, value, upper) = match so_far.realised {
        Realised::Exact(value) => (pb::RealisedState::Exact, decimal(value), none()),
        Realised::Masked { lower, upper } => {
            (pb::RealisedState::Masked, decimal(lower), decimal(upper))
        }
        Realised::Incomplete { so_far } => (pb::RealisedState::Incomplete, decimal(so_far), none()),
        Realised::Missing => (pb::RealisedState::Missing, none(), none()),
    };
    pb::ObjectiveToDate {
        objective: objective.id.clone(),
        subject: objective.subject.to_string(),
        indicator: objective.indicator.clone(),
        target_lower,
        target_upper,
        to_date_lower,
        to_date_upper,
        state: state.into(),
        value,
        upper,
        missing_months: so_far
            .missing_months
            .iter()
            .map(|month| i32::from(*month))
            .collect(),
        progress_percent: progress
            .map(|percent| decimal(percent.normalize()))
            .unwrap_or_default(),
    }
}

fn both(bounds: Option<(Decimal, Decimal)>) -> (String, String) {
    bounds
        .map(|(lower, upper)| (decimal(lower), decimal(upper)))
        .unwrap_or_default()
}
