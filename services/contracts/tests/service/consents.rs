//! Consents to the portal, and the copy of the registry they need.

use proto::contracts::v1::{
    GetDeliveryConsentRequest, GiveDeliveryConsentRequest,
    delivery_consent_service_client::DeliveryConsentServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, eventually, reason, request_id};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::support::{World, stranger};

/// An entity that the registry has just imported.
const NEW_ENTITY: &str = "750712184";

fn consent() -> GiveDeliveryConsentRequest {
    GiveDeliveryConsentRequest {
        name: format!("legalEntities/{NEW_ENTITY}/deliveryConsent"),
        etag: String::new(),
        email: "direction@nouveau.example".into(),
        request_id: request_id(),
    }
}

fn consents(world: &World, who: &Persona) -> DeliveryConsentServiceClient<Peer> {
    DeliveryConsentServiceClient::new(world.service.peer(who))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_for_an_entity_that_has_not_arrived_yet_is_told_to_try_again() {
    let world = World::new().await;
    let its_director = Persona::human("establishment_director").finess(NEW_ENTITY);
    let refused = consents(&world, &its_director)
        .give_delivery_consent(consent())
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::FailedPrecondition, "ENTITY_NOT_IN_REGISTRY".into())
    );
    assert!(refused.get_details_retry_info().is_some());
    assert!(refused.message().contains("try again"), "{refused}");
    let get = GetDeliveryConsentRequest {
        name: consent().name,
    };
    let unread = consents(&world, &its_director)
        .get_delivery_consent(get)
        .await
        .unwrap_err();
    assert_eq!(reason(&unread), "ENTITY_NOT_IN_REGISTRY");
    // Whoever does not act for it learns nothing.
    let hidden = consents(&world, &stranger())
        .give_delivery_consent(consent())
        .await
        .unwrap_err();
    assert_eq!(hidden.code(), Code::NotFound);

    world.producer.legal_entity(NEW_ENTITY, 1, true).await;
    let given = eventually("the entity has arrived", || async {
        let mut client = consents(&world, &its_director);
        client.give_delivery_consent(consent()).await.ok()
    })
    .await;
    assert!(given.into_inner().given);
}
