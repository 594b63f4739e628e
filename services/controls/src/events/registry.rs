//! The registry, as far as it tells where sites are.

use ::store::Unit;
use bus::{Consumer, Envelope, Failure, Handler};
use proto::establishments::v1::{
    EstablishmentChanged, EstablishmentClosed, EstablishmentRegistered,
};

use crate::store::site_copy::{self, SiteCopy};

/// Sites of the registry.
pub const SITES: Consumer = Consumer {
    name: "controls-establishment",
    source: "establishments",
    kind: "establishment",
};

/// Keeps the copy of the sites.
#[derive(Debug, Clone, Copy)]
pub struct SiteCopier;

impl Handler for SiteCopier {
    async fn handle(&self, unit: &mut Unit, event: &Envelope) -> Result<(), Failure> {
        if event.is::<EstablishmentRegistered>()
            || event.is::<EstablishmentChanged>()
            || event.is::<EstablishmentClosed>()
        {
            // The three messages have the same shape: the new state of the site.
            let told: EstablishmentChanged = event.decode()?;
            let site = told.establishment.unwrap_or_default();
            if site.finess.is_empty() {
                return Err(Failure::Reject("a site without its number".to_owned()));
            }
            let owner = site.legal_entity.rsplit('/').next();
            let copy = SiteCopy {
                legal_entity: owner.unwrap_or_default().to_owned(),
                // A registry that says none, or one that is none: the number tells it then.
                department: site.department.parse().ok(),
                finess: site.finess,
            };
            site_copy::put(unit.connection(), &copy).await?;
        }
        Ok(())
    }
}
