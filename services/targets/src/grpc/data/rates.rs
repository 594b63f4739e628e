//! `RateService`.

use proto::targets::v1::{self as pb, rate_service_server::RateService};

use crate::{
    app::{
        App,
        data::{compute_flows, compute_rates, publish_rates, territory_context},
    },
    domain::rates::{Cases, Outcome, is_significant},
};

pub(crate) struct Rates(pub(crate) App);

rpc::answers! {
    RateService for Rates;

    fn compute_rates(app, call, request: pb::ComputeRatesRequest) -> pb::ComputeRatesResponse {
        compute_rates::run(app, &call, &request).await?
    }
    fn compute_flows(app, call, request: pb::ComputeFlowsRequest) -> pb::ComputeFlowsResponse {
        compute_flows::run(app, &call, &request).await?
    }
    fn publish_rates(app, call, request: pb::PublishRatesRequest) -> pb::PublishedRateSet {
        publish_rates::run(app, &call, &request).await?
    }
    fn get_territory_context(app, call, request: pb::GetTerritoryContextRequest)
        -> pb::TerritoryContext
    {
        territory_context::run(app, &call, &request).await?
    }
}

/// One line of a table of rates.
pub(crate) struct Line<'a> {
    pub(crate) territory: &'a str,
    pub(crate) activity: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) cases: &'a Cases,
    pub(crate) population: i64,
    /// Only stays have an ambulatory share.
    pub(crate) of_stays: bool,
}

/// Writes a line.
pub(crate) fn write_rate(line: &Line<'_>) -> pb::Rate {
    let rate = pb::Rate {
        territory: line.territory.to_owned(),
        activity: line.activity.to_owned(),
        cases: line.cases.total(),
        population: line.population,
        ..Default::default()
    };
    let ambulatory_share = ambulatory_share(line);
    let ambulatory_cases = if line.of_stays {
        line.cases.ambulatory
    } else {
        0
    };
    match line.outcome {
        Outcome::Known(rates) => pb::Rate {
            state: pb::RateState::Known.into(),
            crude: rates.crude,
            direct: rates.direct,
            expected: rates.expected,
            index: rates.index,
            index_low: rates.index_low,
            index_high: rates.index_high,
            indirect: rates.indirect,
            significant: is_significant(&rates),
            ambulatory_cases,
            ambulatory_share,
            ..rate
        },
        Outcome::NoReference { crude } => pb::Rate {
            state: pb::RateState::NoReference.into(),
            crude,
            ambulatory_cases,
            ambulatory_share,
            ..rate
        },
        Outcome::Masked { lower, upper } => pb::Rate {
            state: pb::RateState::Masked.into(),
            cases: lower,
            cases_upper: upper,
            ..rate
        },
    }
}

/// Cases without a night among all but sessions (taux de chirurgie ambulatoire, for an activity of surgery).
fn ambulatory_share(line: &Line<'_>) -> Option<f64> {
    let part = u64::try_from(line.cases.ambulatory).ok()?;
    let whole = u64::try_from(line.cases.without_sessions).ok()?;
    line.of_stays
        .then(|| statistics::flows::share(part, whole))
        .flatten()
}
