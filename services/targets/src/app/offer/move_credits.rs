//! The ledger of credits: opened, credited, engaged, released, and read on any day.

use kernel::{Decimal, Reasons, legal_time::legal_day};
use proto::targets::v1 as pb;
use rpc::{Call, Error};

use super::{
    day_of,
    error::refused,
    kept::{begin, change, lock},
    region_of,
};
use crate::{
    app::App,
    domain::offer::{
        Engagement, Envelope,
        credit::{EngagementEvent, EnvelopeEvent, Movement, Releasing, position},
        defect, kept as names, sound,
    },
    grpc::{
        offer::credits::write_balance,
        planning::reading,
        scalars::{parse, parse_optional},
    },
    store::offer::{kept as table, reference},
};

pub(crate) async fn open_envelope(
    app: &App,
    call: &Call,
    request: &pb::OpenCreditEnvelopeRequest,
) -> Result<pb::CreditEnvelope, Error> {
    let region = region_of(call, &request.region)?;
    let year = reading::year("", "year", request.year).map_err(reading::one)?;
    let by = call.human()?;
    let first = Movement {
        amount: parse("amount", &request.amount)?,
        decision: request.decision.clone(),
        day: legal_day(call.at, region),
        by: by.subject().to_owned(),
    };
    let unit = claim!(app, call, request);
    let envelope = Envelope::open(year, request.origin.clone(), request.title.clone(), first);
    begin(unit, region, envelope, &EnvelopeEvent::Opened).await
}

pub(crate) async fn record(
    app: &App,
    call: &Call,
    request: &pb::RecordCreditsRequest,
) -> Result<pb::CreditEnvelope, Error> {
    let amount: Decimal = parse("amount", &request.amount)?;
    let by = call.human()?;
    let mut unit = claim!(app, call, request);
    let found = lock::<Envelope>(&mut unit, call, &request.name, &request.etag).await?;
    let movement = Movement {
        amount,
        decision: request.decision.clone(),
        day: legal_day(call.at, found.value.region),
        by: by.subject().to_owned(),
    };
    change(unit, found, movement).await
}

/// Engages credits. The row of the envelope is held, so that two engagements at once see each other.
pub(crate) async fn engage(
    app: &App,
    call: &Call,
    request: &pb::EngageCreditsRequest,
) -> Result<pb::CreditEngagement, Error> {
    let amount: Decimal = parse("amount", &request.amount)?;
    let finess = parse_optional("finess", &request.finess)?;
    let by = call.human()?;
    let not_found = || Error::NotFound(request.envelope.clone());
    let envelope = names::id_in::<Envelope>(&request.envelope).ok_or_else(not_found)?;
    let mut unit = claim!(app, call, request);
    let envelope = table::lock::<Envelope>(unit.connection(), envelope)
        .await?
        .filter(|found| call.caller.sees(found.value.region))
        .ok_or_else(not_found)?
        .value;
    envelope.value.require(amount).map_err(refused)?;
    if let Some(finess) = finess {
        let known = reference::numbers(unit.connection(), &[finess]).await?;
        if known.is_empty() {
            let why = format!("the registry does not know {finess}; import it first");
            sound(vec![defect("finess", "ESTABLISHMENT_UNKNOWN", why)]).map_err(refused)?;
        }
    }
    let engagement = Engagement {
        envelope: envelope.name(),
        amount,
        purpose: request.purpose.clone(),
        finess,
        decision: request.decision.clone(),
        day: legal_day(call.at, envelope.region),
        by: by.subject().to_owned(),
        releases: Vec::new(),
        outstanding: amount,
    };
    begin(unit, envelope.region, engagement, &EngagementEvent::Engaged).await
}

pub(crate) async fn release(
    app: &App,
    call: &Call,
    request: &pb::ReleaseCreditsRequest,
) -> Result<pb::CreditEngagement, Error> {
    let amount: Option<Decimal> = parse_optional("amount", &request.amount)?;
    let reasons = Reasons::try_from(request.reasons.clone())
        .map_err(|error| Error::invalid("reasons", error))?;
    let by = call.human()?;
    let mut unit = claim!(app, call, request);
    let found = lock::<Engagement>(&mut unit, call, &request.name, &request.etag).await?;
    let asked = Releasing {
        amount,
        reasons,
        day: legal_day(call.at, found.value.region),
        by,
    };
    change(unit, found, asked).await
}

/// The ledger at the end of a day.
pub(crate) async fn read(
    app: &App,
    call: &Call,
    request: &pb::GetCreditPositionRequest,
) -> Result<pb::CreditPosition, Error> {
    let region = region_of(call, &request.region)?;
    let as_of = day_of(call, region, &request.as_of)?;
    let pool = app.db.pool();
    // Engagements first: one that comes between the two reads belongs to an envelope that is read after it.
    let engagements = table::of_region::<Engagement>(pool, region, None).await?;
    let envelopes = table::of_region::<Envelope>(pool, region, None).await?;
    let balances = position(&envelopes, &engagements, as_of);
    Ok(pb::CreditPosition {
        region: region.to_string(),
        as_of: as_of.to_string(),
        balances: balances.iter().map(write_balance).collect(),
    })
}
