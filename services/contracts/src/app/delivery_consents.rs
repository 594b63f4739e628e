//! A legal entity says whether it receives on the portal what is sent to it (CRPA L112-15).

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use prost::Message;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, etag};
use sqlx::PgConnection;
use store::Begun;

use super::{App, scope};
use crate::{
    domain::{
        Refusal,
        consent::{Wish, decide},
    },
    events::published_procedures,
    grpc::convert,
    store as rows,
};

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetDeliveryConsentRequest,
) -> Result<pb::DeliveryConsent, Error> {
    let entity = entity_of(&request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    region_of(&mut connection, call, entity, &request.name).await?;
    let consents = rows::consent::of(&mut connection, &BTreeSet::from([entity])).await?;
    let never_said = || pb::DeliveryConsent {
        name: request.name.clone(),
        ..Default::default()
    };
    Ok(consents.first().map_or_else(never_said, convert::consent))
}

pub async fn give(
    app: &App,
    call: &Call,
    request: pb::GiveDeliveryConsentRequest,
) -> Result<pb::DeliveryConsent, Error> {
    let wish = Wish::Give {
        email: request.email.clone(),
    };
    let names = (request.name.as_str(), request.etag.as_str());
    record(app, call, names, &request.request_id, &request, wish).await
}

pub async fn withdraw(
    app: &App,
    call: &Call,
    request: pb::WithdrawDeliveryConsentRequest,
) -> Result<pb::DeliveryConsent, Error> {
    let names = (request.name.as_str(), request.etag.as_str());
    record(
        app,
        call,
        names,
        &request.request_id,
        &request,
        Wish::Withdraw,
    )
    .await
}

async fn record(
    app: &App,
    call: &Call,
    (name, tag): (&str, &str),
    request_id: &str,
    request: &impl Message,
    wish: Wish,
) -> Result<pb::DeliveryConsent, Error> {
    let person = scope::acting(call)?;
    let command = call.command(request_id, request)?;
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let entity = entity_of(name)?;
    let region = region_of(unit.connection(), call, entity, name).await?;
    let consents = rows::consent::of(unit.connection(), &BTreeSet::from([entity])).await?;
    let before = consents.first();
    if before.is_some() || !tag.is_empty() {
        let version = before.map_or(0, |consent| consent.version);
        etag::check_telling(&mut unit, &convert::consent_name(entity), tag, version).await?;
    }
    let after = decide(before, (entity, region), wish, &person, unit.at())?;
    rows::consent::save(unit.connection(), &after).await?;
    unit.append(vec![published_procedures::consent(&after)?])
        .await?;
    let reply = convert::consent(&after);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The region of an entity within the caller's scope. An entity that the copy of the registry lacks is not found, but for
/// those who act for it: that it exists is what their token says, so they learn that it has not arrived here.
async fn region_of(
    connection: &mut PgConnection,
    call: &Call,
    entity: Finess,
    name: &str,
) -> Result<Region, Error> {
    match rows::consent::region_of(connection, entity).await? {
        Some(region) if scope::sees(call, region, [&entity]) => Ok(region),
        None if call.caller.represents(&entity) => {
            Err(Refusal::EntityNotInRegistry { entity }.into())
        }
        _ => Err(Error::NotFound(name.to_owned())),
    }
}

fn entity_of(name: &str) -> Result<Finess, Error> {
    let finess = name
        .strip_prefix("legalEntities/")
        .and_then(|rest| rest.strip_suffix("/deliveryConsent"));
    convert::name("name", finess.unwrap_or_default())
}
