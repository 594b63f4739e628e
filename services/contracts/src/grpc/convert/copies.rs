//! What we keep of the registry.

use kernel::finess::FinessError;
use proto::establishments::v1::{Establishment, LegalEntity, RegistryState};

use crate::store::perimeter::{EstablishmentCopy, LegalEntityCopy};

pub fn legal_entity_copy(entity: &LegalEntity) -> Result<LegalEntityCopy, FinessError> {
    Ok(LegalEntityCopy {
        finess: entity.finess.parse()?,
        title: entity.title.clone(),
        region: entity.region.clone(),
        open: entity.state() == RegistryState::Open,
    })
}

pub fn establishment_copy(site: &Establishment) -> Result<EstablishmentCopy, FinessError> {
    let owner = site
        .legal_entity
        .strip_prefix("legalEntities/")
        .unwrap_or(&site.legal_entity);
    Ok(EstablishmentCopy {
        finess: site.finess.parse()?,
        legal_entity: owner.parse()?,
        title: site.title.clone(),
        region: site.region.clone(),
        open: site.state() == RegistryState::Open,
        category: site.category.clone(),
        department: site.department.clone(),
        commune: site.commune.clone(),
    })
}
