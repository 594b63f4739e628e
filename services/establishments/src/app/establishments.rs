//! Reading establishments.

use proto::establishments::v1::{
    Establishment, GetEstablishmentRequest, ListEstablishmentsRequest, ListEstablishmentsResponse,
};
use rpc::{Call, Error, Page};
use store::Db;

use super::scope;
use crate::{
    grpc::convert,
    store::establishment::{self, Filter},
};

/// One establishment, when the caller may see it.
pub async fn get(
    db: &Db,
    call: &Call,
    request: GetEstablishmentRequest,
) -> Result<Establishment, Error> {
    let finess = scope::finess("name", "establishments", &request.name)?;
    let found = establishment::find(db.pool(), finess, &scope::of(call)).await?;
    found
        .map(|row| convert::establishment(&row.entry, row.updated_at))
        .ok_or(Error::NotFound(request.name))
}

/// A page of establishments, by FINESS number.
pub async fn list(
    db: &Db,
    call: &Call,
    request: ListEstablishmentsRequest,
) -> Result<ListEstablishmentsResponse, Error> {
    let arguments = [
        request.region.as_str(),
        request.legal_entity.as_str(),
        request.query.as_str(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let legal_entity = match request.legal_entity.as_str() {
        "" => None,
        name => Some(scope::finess("legal_entity", "legalEntities", name)?),
    };
    let filter = Filter {
        region: scope::region(call, &request.region)?,
        legal_entity,
        words: &request.query,
    };
    let after: Option<String> = page.key(0)?;
    let mut rows = establishment::list(
        db.pool(),
        &scope::of(call),
        &filter,
        after.as_deref(),
        page.limit(),
    )
    .await?;
    let next_page_token = page.next(&mut rows, |row| vec![row.entry.content.finess.to_string()]);
    let establishments = rows
        .iter()
        .map(|row| convert::establishment(&row.entry, row.updated_at))
        .collect();
    Ok(ListEstablishmentsResponse {
        establishments,
        next_page_token,
    })
}
