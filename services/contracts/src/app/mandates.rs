//! Mandates and published delegations of signature.

use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page, etag};
use store::Begun;

use super::{App, scope};
use crate::{
    domain::{Mandate, MandateId, mandate::Terms},
    events::published,
    grpc::convert,
    store as rows,
};

/// Records an act that lets somebody sign.
pub async fn register(
    app: &App,
    call: &Call,
    request: pb::RegisterMandateRequest,
) -> Result<pb::Mandate, Error> {
    let person = scope::acting(call)?;
    let region = request
        .region
        .parse()
        .map_err(|e| Error::invalid("region", e))?;
    call.caller.require_region(region, &call.permission)?;
    let mut unit = match app
        .db
        .command(&call.command(&request.request_id, &request)?)
        .await?
    {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let valid_to = match request.valid_to.as_str() {
        "" => None,
        text => Some(convert::date("valid_to", text)?),
    };
    let terms = Terms {
        matters: convert::matters_from(request.matters()),
        contract: convert::name_filter("contract", &request.contract)?,
        party: request
            .party
            .parse()
            .map_err(|e| Error::invalid("party", e))?,
        subject: request.subject,
        title: request.title,
        act: request.act,
        publication_date: convert::date("publication_date", &request.publication_date)?,
        valid_from: convert::date("valid_from", &request.valid_from)?,
        valid_to,
    };
    let mandate = Mandate::register(MandateId::generate(), region, terms, &person, unit.at())?;
    rows::mandate::insert(unit.connection(), &mandate).await?;
    unit.append(vec![published::mandate_registered(&mandate)?])
        .await?;
    let reply = convert::mandate(&mandate);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Ends one from a day on.
pub async fn end(
    app: &App,
    call: &Call,
    request: pb::EndMandateRequest,
) -> Result<pb::Mandate, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let id: MandateId = convert::name("name", &request.name)?;
    let mandate = rows::mandate::lock(unit.connection(), id)
        .await?
        .filter(|mandate| call.caller.sees(mandate.region))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    etag::check_telling(&mut unit, &mandate.id, &request.etag, mandate.version).await?;
    let reasons = convert::reasons("reasons", request.reasons)?;
    let after = mandate.end(convert::date("valid_to", &request.valid_to)?, &person)?;
    rows::mandate::save(unit.connection(), &after).await?;
    unit.append(vec![published::mandate_ended(&after, &reasons)?])
        .await?;
    let reply = convert::mandate(&after);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Lists mandates.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListMandatesRequest,
) -> Result<pb::ListMandatesResponse, Error> {
    let arguments = [request.region.as_str(), request.party.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::mandate::Filter {
        regions: call.caller.regions(),
        region: convert::filter(&request.region),
        party: convert::filter(&request.party),
        of_parties: scope::parties(call),
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut mandates = rows::mandate::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut mandates, |m| rpc::dated_key(m.created_at, m.id.0));
    Ok(pb::ListMandatesResponse {
        mandates: mandates.iter().map(convert::mandate).collect(),
        next_page_token,
    })
}
