//! Lists the values of one subject, the current ones or all that were ever received.

use kernel::Finess;
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use time::OffsetDateTime;

use super::{App, target_sets};
use crate::{
    domain::Perimeter,
    grpc::{indicators, scalars::parse},
    store::{
        contract_copy,
        indicator_value::{self, Filter, Place},
    },
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::ListIndicatorValuesRequest,
) -> Result<pb::ListIndicatorValuesResponse, Error> {
    let subject: Finess = parse("subject", &request.subject)?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[
            &request.subject,
            &request.indicator,
            &request.year.to_string(),
            &request.include_superseded.to_string(),
        ],
    )?;
    require_visible(app, call, subject).await?;
    let filter = Filter {
        subject,
        indicator: Some(request.indicator.as_str()).filter(|code| !code.is_empty()),
        year: Some(year).filter(|year| *year != 0),
        include_superseded: request.include_superseded,
        after: after(&page)?,
    };
    let mut values = indicator_value::list(app.db.pool(), &filter, page.limit()).await?;
    let next_page_token = page.next(&mut values, |listed| key(&listed.place));
    let values = values
        .iter()
        .map(|listed| indicators::write_received(&listed.value))
        .collect();
    Ok(pb::ListIndicatorValuesResponse {
        values,
        next_page_token,
    })
}

/// A subject is visible where a contract in the caller's regions names it, to an establishment when it is
/// its own, to a departmental council when the contract is one it signs.
async fn require_visible(app: &App, call: &Call, subject: Finess) -> Result<(), Error> {
    let caller = &call.caller;
    let mut contracts = contract_copy::of_subject(app.db.pool(), subject).await?;
    contracts.retain(|contract| {
        let is_own = !caller.is_department() || target_sets::sees(call, contract);
        caller.sees(contract.region) && is_own
    });
    let own = caller.is_establishment().then(|| caller.finess());
    if contracts.is_empty() || !Perimeter::new(own, &contracts).owns(subject) {
        return Err(Error::NotFound(format!("the activity of {subject}")));
    }
    Ok(())
}

fn key(place: &Place) -> Vec<String> {
    vec![
        place.indicator.clone(),
        place.year.to_string(),
        place.month.to_string(),
        place.received_at.unix_timestamp_nanos().to_string(),
        place.submission.to_string(),
        place.sequence.to_string(),
        place.position.to_string(),
    ]
}

fn after(page: &Page) -> Result<Option<Place>, Error> {
    let Some(indicator) = page.key(0)? else {
        return Ok(None);
    };
    let damaged = || Error::invalid("page_token", "is not a token of this method");
    let nanos: i128 = page.key(3)?.ok_or_else(damaged)?;
    Ok(Some(Place {
        indicator,
        year: page.key(1)?.ok_or_else(damaged)?,
        month: page.key(2)?.ok_or_else(damaged)?,
        received_at: OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|_| damaged())?,
        submission: page.key(4)?.ok_or_else(damaged)?,
        sequence: page.key(5)?.ok_or_else(damaged)?,
        position: page.key(6)?.ok_or_else(damaged)?,
    }))
}
