//! Reads financial figures with the imports they come from.

use std::collections::BTreeMap;

use kernel::Finess;
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};

use crate::{
    app::{App, own_sites},
    grpc::{
        data::finances::{write_figure, write_import},
        scalars::parse,
    },
    store::{
        finances::{self, Current},
        registry_copy,
    },
};

/// Agencies see the establishments of their regions, establishments themselves and their sites, councils the sites of the
/// contracts that they sign.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListFinanceFiguresRequest,
) -> Result<pb::ListFinanceFiguresResponse, Error> {
    let finess: Finess = parse("finess", &request.finess)?;
    let year = i16::try_from(request.year).map_err(|error| Error::invalid("year", error))?;
    let year_text = request.year.to_string();
    let arguments = [request.finess.as_str(), year_text.as_str()];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let not_found = || Error::NotFound(format!("the finances of {finess}"));
    let known = registry_copy::find(app.db.pool(), finess).await?;
    let (region, legal_entity) = known
        .filter(|(region, _)| call.caller.sees(*region))
        .ok_or_else(not_found)?;
    let is_seen = if call.caller.is_establishment() {
        let entity = legal_entity.is_some_and(|entity| call.caller.represents(&entity));
        entity || call.caller.represents(&finess)
    } else {
        let own = own_sites::among(app, call, region, finess.as_str()).await?;
        own.is_none_or(|own| !own.is_empty())
    };
    if !is_seen {
        return Err(not_found());
    }
    let numbers = [finess.to_string()];
    let year = Some(year).filter(|year| *year != 0);
    let figures = finances::current(app.db.pool(), &numbers, year).await?;
    let after: Option<usize> = page.key(0)?;
    let mut figures: Vec<(usize, Current)> = figures
        .into_iter()
        .enumerate()
        .filter(|(place, _)| after.is_none_or(|after| *place > after))
        .collect();
    let next_page_token = page.next(&mut figures, |(place, _)| vec![place.to_string()]);
    let imports: BTreeMap<String, pb::FinanceImport> = figures
        .iter()
        .map(|(_, figure)| (figure.import.id.to_string(), write_import(&figure.import)))
        .collect();
    Ok(pb::ListFinanceFiguresResponse {
        figures: figures
            .iter()
            .map(|(_, figure)| write_figure(figure))
            .collect(),
        imports: imports.into_values().collect(),
        next_page_token,
    })
}
