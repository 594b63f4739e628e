//! What the registry tells.

use proto::establishments::v1::{Establishment, EstablishmentRegistered};

use super::{REGION, peers::OwnersEvent};

/// The registry tells of a site, its legal entity and its département.
pub(crate) fn registered(finess: &str, legal_entity: &str, department: &str) -> OwnersEvent {
    let name = format!("establishments/{finess}");
    let message = EstablishmentRegistered {
        establishment: Some(Establishment {
            name: name.clone(),
            finess: finess.to_owned(),
            legal_entity: format!("legalEntities/{legal_entity}"),
            region: REGION.to_owned(),
            department: department.to_owned(),
            ..Default::default()
        }),
    };
    OwnersEvent::new(("establishment", &name), 1, (&name, REGION), &message)
}
