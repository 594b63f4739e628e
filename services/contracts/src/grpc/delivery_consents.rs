//! `DeliveryConsentService`.

use proto::contracts::v1::{
    DeliveryConsent, GetDeliveryConsentRequest, GiveDeliveryConsentRequest,
    WithdrawDeliveryConsentRequest, delivery_consent_service_server::DeliveryConsentService,
};

use crate::app::{App, delivery_consents};

/// Answers `DeliveryConsentService`.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryConsents(pub(crate) App);

rpc::answers! {
    DeliveryConsentService for DeliveryConsents;

    fn get_delivery_consent(app, call, request: GetDeliveryConsentRequest) -> DeliveryConsent {
        delivery_consents::get(app, &call, request).await?
    }
    fn give_delivery_consent(app, call, request: GiveDeliveryConsentRequest) -> DeliveryConsent {
        delivery_consents::give(app, &call, request).await?
    }
    fn withdraw_delivery_consent(app, call, request: WithdrawDeliveryConsentRequest)
        -> DeliveryConsent
    {
        delivery_consents::withdraw(app, &call, request).await?
    }
}
