//! `CreditService`.

use proto::targets::v1::{self as pb, credit_service_server::CreditService};
use tonic::{Request, Response, Status};

use crate::{
    app::{
        App,
        offer::{
            kept::{self, Asked},
            move_credits,
        },
    },
    domain::offer::{Engagement, Envelope},
    grpc::offer::credits::read_state,
};

pub(crate) struct Credits(pub(crate) App);

#[tonic::async_trait]
impl CreditService for Credits {
    async fn open_credit_envelope(
        &self,
        request: Request<pb::OpenCreditEnvelopeRequest>,
    ) -> Result<Response<pb::CreditEnvelope>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            move_credits::open_envelope(&self.0, &call, &request).await?,
        ))
    }

    async fn get_credit_envelope(
        &self,
        request: Request<pb::GetCreditEnvelopeRequest>,
    ) -> Result<Response<pb::CreditEnvelope>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            kept::get::<Envelope>(&self.0, &call, &request.name).await?,
        ))
    }

    async fn list_credit_envelopes(
        &self,
        request: Request<pb::ListCreditEnvelopesRequest>,
    ) -> Result<Response<pb::ListCreditEnvelopesResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = Asked {
            region: &request.region,
            state: None,
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (envelopes, next_page_token) = kept::list::<Envelope>(&self.0, &call, &asked).await?;
        Ok(Response::new(pb::ListCreditEnvelopesResponse {
            envelopes,
            next_page_token,
        }))
    }

    async fn record_credits(
        &self,
        request: Request<pb::RecordCreditsRequest>,
    ) -> Result<Response<pb::CreditEnvelope>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            move_credits::record(&self.0, &call, &request).await?,
        ))
    }

    async fn engage_credits(
        &self,
        request: Request<pb::EngageCreditsRequest>,
    ) -> Result<Response<pb::CreditEngagement>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            move_credits::engage(&self.0, &call, &request).await?,
        ))
    }

    async fn get_credit_engagement(
        &self,
        request: Request<pb::GetCreditEngagementRequest>,
    ) -> Result<Response<pb::CreditEngagement>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            kept::get::<Engagement>(&self.0, &call, &request.name).await?,
        ))
    }

    async fn list_credit_engagements(
        &self,
        request: Request<pb::ListCreditEngagementsRequest>,
    ) -> Result<Response<pb::ListCreditEngagementsResponse>, Status> {
        let (call, request) = rpc::accept(request)?;
        let asked = Asked {
            region: &request.region,
            state: read_state(request.state()),
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (engagements, next_page_token) =
            kept::list::<Engagement>(&self.0, &call, &asked).await?;
        Ok(Response::new(pb::ListCreditEngagementsResponse {
            engagements,
            next_page_token,
        }))
    }

    async fn release_credits(
        &self,
        request: Request<pb::ReleaseCreditsRequest>,
    ) -> Result<Response<pb::CreditEngagement>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            move_credits::release(&self.0, &call, &request).await?,
        ))
    }

    async fn get_credit_position(
        &self,
        request: Request<pb::GetCreditPositionRequest>,
    ) -> Result<Response<pb::CreditPosition>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            move_credits::read(&self.0, &call, &request).await?,
        ))
    }
}
