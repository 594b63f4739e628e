//! `IndicatorService`.

use proto::targets::v1::{
    self as pb, indicator_service_server::IndicatorService, indicator_value::Content as Wire,
};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument as _;

use super::scalars::decimal;
use crate::{
    app::{
        App, list_indicator_values, read_submission,
        receive_batches::{self, Answer},
        stream_realisations,
    },
    domain::{Content, Realised, Received, Rejection, year_to_date},
};

/// Answers that wait for a slow client.
const WAITING: usize = 16;

pub(crate) struct Indicators(pub(crate) App);

#[tonic::async_trait]
impl IndicatorService for Indicators {
    type SubmitIndicatorsStream = ReceiverStream<Answer>;
    type StreamRealisationsStream = ReceiverStream<Result<pb::ContractRealisation, Status>>;

    async fn submit_indicators(
        &self,
        request: Request<Streaming<pb::SubmitIndicatorsRequest>>,
    ) -> Result<Response<Self::SubmitIndicatorsStream>, Status> {
        let (call, messages) = rpc::open(request)?;
        let (answers, receiver) = mpsc::channel(WAITING);
        let work = receive_batches::run(self.0.clone(), call, messages, answers);
        tokio::spawn(work.in_current_span());
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn get_submission(
        &self,
        request: Request<pb::GetSubmissionRequest>,
    ) -> Result<Response<pb::Submission>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_submission::run(&self.0, &call, &request).await?,
        ))
    }

    async fn list_submissions(
        &self,
        request: Request<pb::ListSubmissionsRequest>,
    ) -> Result<Response<pb::ListSubmissionsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_submission::list(&self.0, &call, &request).await?,
        ))
    }

    async fn list_rejected_values(
        &self,
        request: Request<pb::ListRejectedValuesRequest>,
    ) -> Result<Response<pb::ListRejectedValuesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            read_submission::rejected(&self.0, &call, &request).await?,
        ))
    }

    async fn list_indicator_values(
        &self,
        request: Request<pb::ListIndicatorValuesRequest>,
    ) -> Result<Response<pb::ListIndicatorValuesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            list_indicator_values::run(&self.0, &call, &request).await?,
        ))
    }

    async fn stream_realisations(
        &self,
        request: Request<pb::StreamRealisationsRequest>,
    ) -> Result<Response<Self::StreamRealisationsStream>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = stream_realisations::read(&call, &request)?;
        let (answers, receiver) = mpsc::channel(WAITING);
        let work = stream_realisations::run(self.0.clone(), asked, answers);
        tokio::spawn(work.in_current_span());
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

/// Writes a value as it was received.
pub(crate) fn write_received(received: &Received) -> pb::ReceivedValue {
    let content = match received.content {
        Content::Value(value) => Wire::Value(decimal(value)),
        Content::Missing => Wire::Absence(pb::Absence::Missing.into()),
        Content::Masked => Wire::Absence(pb::Absence::Masked.into()),
    };
    pb::ReceivedValue {
        value: Some(pb::IndicatorValue {
            subject: received.subject.to_string(),
            indicator: received.indicator.clone(),
            period: received.period.to_string(),
            content: Some(content),
        }),
        submission: received.submission.to_string(),
        sequence: received.sequence,
        receive_time: Some(kit::timestamp(received.received_at)),
    }
}

/// Writes a value that was left out, as it was sent.
pub(crate) fn write_kept(rejection: Rejection) -> pb::KeptRejection {
    let content = match (rejection.value, rejection.absence) {
        (Some(value), _) => Some(Wire::Value(value)),
        (None, Some(absence)) => Some(Wire::Absence(absence)),
        (None, None) => None,
    };
    pb::KeptRejection {
        sequence: rejection.sequence,
        index: rejection.position,
        value: Some(pb::IndicatorValue {
            subject: rejection.subject,
            indicator: rejection.indicator,
            period: rejection.period,
            content,
        }),
        field: rejection.field,
        reason: rejection.reason,
    }
}

/// Writes the figure of an objective and what it was computed from.
pub(crate) fn write_realisation(
    objective: &str,
    realised: Realised,
    inputs: &[Received],
) -> pb::ObjectiveRealisation {
    let none = String::new;
    let so_far = year_to_date::without_gap(inputs);
    let (state, value, upper) = match realised {
        Realised::Exact(value) => (pb::RealisedState::Exact, decimal(value), none()),
        Realised::Masked { lower, upper } => {
            (pb::RealisedState::Masked, decimal(lower), decimal(upper))
        }
        Realised::Incomplete { so_far } => (pb::RealisedState::Incomplete, decimal(so_far), none()),
        Realised::Missing => (pb::RealisedState::Missing, none(), none()),
    };
    pb::ObjectiveRealisation {
        objective: objective.to_owned(),
        state: state.into(),
        value,
        upper,
        inputs: inputs.iter().map(write_input).collect(),
        year_to_date: so_far.map(|(value, _)| decimal(value)).unwrap_or_default(),
        through_month: so_far.map_or(0, |(_, month)| month.into()),
        pmsi: None,
    }
}

fn write_input(received: &Received) -> pb::RealisedInput {
    let value = match received.content {
        Content::Value(value) => decimal(value),
        Content::Missing => "MISSING".to_owned(),
        Content::Masked => "MASKED".to_owned(),
    };
    pb::RealisedInput {
        subject: received.subject.to_string(),
        indicator: received.indicator.clone(),
        period: received.period.to_string(),
        value,
        submission: received.submission.to_string(),
        sequence: received.sequence,
        receive_time: Some(kit::timestamp(received.received_at)),
    }
}
