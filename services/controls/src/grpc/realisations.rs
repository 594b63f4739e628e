//! Asking the targets service what contracts realised in a year.

use std::{collections::HashMap, time::Duration};

use kit::{from_timestamp, timestamp};
use proto::targets::v1::{self as pb, indicator_service_client::IndicatorServiceClient};
use rpc::client::Peer;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tonic::{Request, Status};

use crate::domain::{
    ContractId, Quantity, TargetSetId,
    objective::{Measure, Realised, Submitted, SubmittedValue},
};

/// Longest time for one chunk.
const DEADLINE: Duration = Duration::from_mins(1);

/// What one contract realised, by objective.
#[derive(Debug)]
pub struct Realisation {
    pub target_set: TargetSetId,
    pub measures: HashMap<String, Measure>,
}

/// What went wrong on the way to a realisation.
#[derive(Debug, thiserror::Error)]
pub enum RealisationError {
    #[error("the targets service does not answer: {0}")]
    Away(#[from] Status),
    #[error("the targets service did not answer in time")]
    Late,
    /// Our two programs do not understand each other: nothing is measured on a guess.
    #[error("the targets service answered what cannot be used: {0}")]
    Answer(String),
}

/// What each contract realised of the targets that were frozen with it, from the values received until then. Targets
/// that followed in the same year, with an amendment, are not what it is controlled on.
pub async fn fetch(
    targets: Peer,
    region: &str,
    year: i32,
    freeze_time: OffsetDateTime,
    frozen: &[(ContractId, TargetSetId)],
) -> Result<HashMap<ContractId, Realisation>, RealisationError> {
    let mut request = Request::new(pb::StreamRealisationsRequest {
        region: region.to_owned(),
        year,
        contracts: frozen.iter().map(|(id, _)| id.to_string()).collect(),
        received_before: Some(timestamp(freeze_time)),
        target_sets: frozen.iter().map(|(_, id)| id.to_string()).collect(),
    });
    request.set_timeout(DEADLINE);
    let read = async {
        let mut stream = IndicatorServiceClient::new(targets)
            .stream_realisations(request)
            .await?
            .into_inner();
        let mut realisations = HashMap::with_capacity(frozen.len());
        while let Some(answer) = stream.message().await? {
            // Empty: nothing is in effect there yet.
            if !answer.target_set.is_empty() {
                let (contract, realisation) = realisation(answer)?;
                realisations.insert(contract, realisation);
            }
        }
        Ok(realisations)
    };
    tokio::time::timeout(DEADLINE, read)
        .await
        .unwrap_or(Err(RealisationError::Late))
}

fn unusable(error: impl std::fmt::Display) -> RealisationError {
    RealisationError::Answer(error.to_string())
}

fn realisation(
    answer: pb::ContractRealisation,
) -> Result<(ContractId, Realisation), RealisationError> {
    let contract = answer.contract.parse().map_err(unusable)?;
    let target_set = answer.target_set.parse().map_err(unusable)?;
    let measures = answer
        .objectives
        .into_iter()
        .map(|objective| Ok((objective.objective.clone(), measure(&objective)?)))
        .collect::<Result<_, RealisationError>>()?;
    Ok((
        contract,
        Realisation {
            target_set,
            measures,
        },
    ))
}

fn measure(objective: &pb::ObjectiveRealisation) -> Result<Measure, RealisationError> {
    let quantity = |text: &str| text.parse::<Quantity>().map_err(unusable);
    let realised = match objective.state() {
        pb::RealisedState::Exact => Realised::Exact(quantity(&objective.value)?),
        pb::RealisedState::Masked => {
            let (lower, upper) = (quantity(&objective.value)?, quantity(&objective.upper)?);
            if upper < lower {
                return Err(unusable(format!("{lower} to {upper} is no interval")));
            }
            Realised::Masked { lower, upper }
        }
        pb::RealisedState::Incomplete => Realised::Incomplete {
            so_far: quantity(&objective.value)?,
        },
        pb::RealisedState::Missing => Realised::Missing,
        pb::RealisedState::Unspecified => {
            return Err(unusable(format!(
                "objective {} has no state",
                objective.objective
            )));
        }
    };
    let inputs = objective
        .inputs
        .iter()
        .map(submitted)
        .collect::<Result<_, _>>()?;
    Ok(Measure { realised, inputs })
}

fn submitted(input: &pb::RealisedInput) -> Result<SubmittedValue, RealisationError> {
    let content = match input.value.as_str() {
        "MASKED" => Submitted::Masked,
        "MISSING" => Submitted::Missing,
        number => Submitted::Number(number.parse().map_err(unusable)?),
    };
    let received = input
        .receive_time
        .as_ref()
        .and_then(from_timestamp)
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_else(|| "une date inconnue".to_owned());
    Ok(SubmittedValue {
        name: format!("{} {} {}", input.indicator, input.subject, input.period),
        content,
        source: format!(
            "{}, lot {}, reçu le {received}",
            input.submission, input.sequence
        ),
    })
}
