//! `CreditService`.

use proto::targets::v1::{self as pb, credit_service_server::CreditService};

use crate::{
    app::{
        App,
        offer::{kept, move_credits},
    },
    domain::offer::{Engagement, Envelope},
    grpc::offer::credits::read_state,
};

pub(crate) struct Credits(pub(crate) App);

rpc::answers! {
    CreditService for Credits;

    fn open_credit_envelope(app, call, request: pb::OpenCreditEnvelopeRequest)
        -> pb::CreditEnvelope
    {
        move_credits::open_envelope(app, &call, &request).await?
    }
    fn get_credit_envelope(app, call, request: pb::GetCreditEnvelopeRequest) -> pb::CreditEnvelope {
        kept::get::<Envelope>(app, &call, &request.name).await?
    }
    fn list_credit_envelopes(app, call, request: pb::ListCreditEnvelopesRequest)
        -> pb::ListCreditEnvelopesResponse
    {
        let asked = asked!(request, None);
        let (envelopes, next_page_token) = kept::list::<Envelope>(app, &call, &asked).await?;
        pb::ListCreditEnvelopesResponse { envelopes, next_page_token }
    }
    fn record_credits(app, call, request: pb::RecordCreditsRequest) -> pb::CreditEnvelope {
        move_credits::record(app, &call, &request).await?
    }
    fn engage_credits(app, call, request: pb::EngageCreditsRequest) -> pb::CreditEngagement {
        move_credits::engage(app, &call, &request).await?
    }
    fn get_credit_engagement(app, call, request: pb::GetCreditEngagementRequest)
        -> pb::CreditEngagement
    {
        kept::get::<Engagement>(app, &call, &request.name).await?
    }
    fn list_credit_engagements(app, call, request: pb::ListCreditEngagementsRequest)
        -> pb::ListCreditEngagementsResponse
    {
        let asked = asked!(request, read_state(request.state()));
        let (engagements, next_page_token) = kept::list::<Engagement>(app, &call, &asked).await?;
        pb::ListCreditEngagementsResponse { engagements, next_page_token }
    }
    fn release_credits(app, call, request: pb::ReleaseCreditsRequest) -> pb::CreditEngagement {
        move_credits::release(app, &call, &request).await?
    }
    fn get_credit_position(app, call, request: pb::GetCreditPositionRequest) -> pb::CreditPosition {
        move_credits::read(app, &call, &request).await?
    }
}
