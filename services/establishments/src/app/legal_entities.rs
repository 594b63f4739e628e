//! Reading legal entities.

use proto::establishments::v1::{
    GetLegalEntityRequest, LegalEntity, ListLegalEntitiesRequest, ListLegalEntitiesResponse,
};
use rpc::{Call, Error, Page};
use store::Db;

use super::scope;
use crate::{grpc::convert, store::legal_entity};

/// One legal entity, when the caller may see it.
pub async fn get(
    db: &Db,
    call: &Call,
    request: GetLegalEntityRequest,
) -> Result<LegalEntity, Error> {
    let finess = scope::finess("name", "legalEntities", &request.name)?;
    let found = legal_entity::find(db.pool(), finess, &scope::of(call)).await?;
    found
        .map(|row| convert::legal_entity(&row.entry, row.updated_at))
        .ok_or(Error::NotFound(request.name))
}

/// A page of legal entities, by FINESS number.
pub async fn list(
    db: &Db,
    call: &Call,
    request: ListLegalEntitiesRequest,
) -> Result<ListLegalEntitiesResponse, Error> {
    let region = scope::region(call, &request.region)?;
    let arguments = [request.region.as_str(), request.query.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let after: Option<String> = page.key(0)?;
    let mut rows = legal_entity::list(
        db.pool(),
        &scope::of(call),
        (region, &request.query),
        after.as_deref(),
        page.limit(),
    )
    .await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.entry.content.finess.to_string()]);
    let legal_entities = rows
        .iter()
        .map(|row| convert::legal_entity(&row.entry, row.updated_at))
        .collect();
    Ok(ListLegalEntitiesResponse {
        legal_entities,
        next_page_token,
    })
}
