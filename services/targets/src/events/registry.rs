//! The registry, as far as production has a place in it.

use bus::{Consumer, Envelope, Failure, Handler};
use proto::establishments::v1::{
    EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered, LegalEntityChanged,
    LegalEntityClosed, LegalEntityRegistered, RegistryState,
};
use store::Unit;

use crate::{
    grpc::scalars::id_of,
    store::registry_copy::{self, Known},
};

/// Legal entities of the registry.
pub(crate) const LEGAL_ENTITIES: Consumer = Consumer {
    name: "targets-legal-entity",
    source: "establishments",
    kind: "legal_entity",
};
/// Sites of the registry.
pub(crate) const ESTABLISHMENTS: Consumer = Consumer {
    name: "targets-establishment",
    source: "establishments",
    kind: "establishment",
};

/// What is not as its owner promised will not be on any later delivery either.
fn reject(error: impl std::fmt::Display) -> Failure {
    Failure::Reject(error.to_string())
}

/// Keeps the copy of the registry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Registry;

impl Handler for Registry {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if event.is::<LegalEntityRegistered>()
            || event.is::<LegalEntityChanged>()
            || event.is::<LegalEntityClosed>()
        {
            // The three messages have the same shape: the new state of the entity.
            let entity = event
                .decode::<LegalEntityChanged>()?
                .legal_entity
                .unwrap_or_default();
            let known = Known {
                finess: entity.finess.parse().map_err(reject)?,
                is_site: false,
                legal_entity: None,
                region: entity.region.parse().map_err(reject)?,
                commune: None,
                is_open: entity.state() == RegistryState::Open,
            };
            registry_copy::save(unit.connection(), &known).await?;
        }
        if event.is::<EstablishmentRegistered>()
            || event.is::<EstablishmentChanged>()
            || event.is::<EstablishmentClosed>()
        {
            let site = event
                .decode::<EstablishmentChanged>()?
                .establishment
                .unwrap_or_default();
            let known = Known {
                finess: site.finess.parse().map_err(reject)?,
                is_site: true,
                legal_entity: Some(id_of(&site.legal_entity).parse().map_err(reject)?),
                region: site.region.parse().map_err(reject)?,
                commune: Some(site.commune_code.clone()).filter(|code| !code.is_empty()),
                is_open: site.state() == RegistryState::Open,
            };
            registry_copy::save(unit.connection(), &known).await?;
        }
        Ok(())
    }
}
