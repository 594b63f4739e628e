//! `MandateService`.

use proto::contracts::v1::{
    EndMandateRequest, ListMandatesRequest, ListMandatesResponse, Mandate, RegisterMandateRequest,
    mandate_service_server::MandateService,
};

use crate::app::{App, mandates};

/// Answers `MandateService`.
#[derive(Debug, Clone)]
pub(crate) struct Mandates(pub(crate) App);

rpc::answers! {
    MandateService for Mandates;

    fn register_mandate(app, call, request: RegisterMandateRequest) -> Mandate {
        mandates::register(app, &call, request).await?
    }
    fn end_mandate(app, call, request: EndMandateRequest) -> Mandate {
        mandates::end(app, &call, request).await?
    }
    fn list_mandates(app, call, request: ListMandatesRequest) -> ListMandatesResponse {
        mandates::list(app, &call, request).await?
    }
}
