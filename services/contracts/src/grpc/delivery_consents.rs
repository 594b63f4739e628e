//! `DeliveryConsentService`.

use proto::contracts::v1::{
    DeliveryConsent, GetDeliveryConsentRequest, GiveDeliveryConsentRequest,
    WithdrawDeliveryConsentRequest, delivery_consent_service_server::DeliveryConsentService,
};
use tonic::{Request, Response, Status};

use crate::app::{App, delivery_consents};

/// Answers `DeliveryConsentService`.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryConsents(pub(crate) App);

#[tonic::async_trait]
impl DeliveryConsentService for DeliveryConsents {
    async fn get_delivery_consent(
        &self,
        request: Request<GetDeliveryConsentRequest>,
    ) -> Result<Response<DeliveryConsent>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            delivery_consents::get(&self.0, &call, request).await?,
        ))
    }

    async fn give_delivery_consent(
        &self,
        request: Request<GiveDeliveryConsentRequest>,
    ) -> Result<Response<DeliveryConsent>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            delivery_consents::give(&self.0, &call, request).await?,
        ))
    }

    async fn withdraw_delivery_consent(
        &self,
        request: Request<WithdrawDeliveryConsentRequest>,
    ) -> Result<Response<DeliveryConsent>, Status> {
        let (call, request) = rpc::accept(request)?;
        Ok(Response::new(
            delivery_consents::withdraw(&self.0, &call, request).await?,
        ))
    }
}
