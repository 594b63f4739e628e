//! Reading the programming, and a contract against it.

use std::collections::BTreeMap;

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};

use crate::{
    app::{App, read_contracts, scope},
    domain::{
        Programming, ProgrammingId, Side,
        programming::{State, acts::is_programmed, fits},
        regime::RegimeKind,
    },
    grpc::convert,
    store as rows,
};

/// A decision is public once it is published; until then the agency and the councils prepare it.
fn sees(call: &Call, programming: &Programming) -> bool {
    matches!(programming.state, State::Published { .. }) || super::prepares(call, programming)
}

/// One decision.
pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let id: ProgrammingId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let programming = rows::programming::find(&mut connection, id)
        .await?
        .filter(|programming| sees(call, programming))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    let today = legal_day(call.at, programming.series.region);
    let in_force = rows::programming::in_force(&mut connection, &[id], today).await?;
    let in_force = in_force.contains(&id);
    Ok(convert::programming::programming(&programming, in_force))
}

/// Decisions without their lines, newest first.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListProgrammingsRequest,
) -> Result<pb::ListProgrammingsResponse, Error> {
    let kind = convert::regime_kind_from(request.regime_kind()).map(RegimeKind::as_str);
    let mut state = convert::programming::state_filter(request.state());
    let arguments = [
        request.region.as_str(),
        kind.unwrap_or_default(),
        state.unwrap_or_default(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let mut regions = call.caller.regions();
    if scope::side(call) == Side::Establishment {
        if state.is_some_and(|state| state != "PUBLISHED") {
            return Ok(pb::ListProgrammingsResponse::default());
        }
        (state, regions) = (Some("PUBLISHED"), None);
    }
    let councils = (scope::side(call) == Side::Department).then(|| scope::departments(call));
    if councils.is_some() {
        regions = None;
    }
    let filter = rows::programming::Filter {
        councils,
        regions,
        region: convert::filter(&request.region),
        kind,
        state,
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut found = rows::programming::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut found, |p| rpc::dated_key(p.created_at, p.id.0));
    let ids: Vec<_> = found.iter().map(|programming| programming.id).collect();
    let in_force = rows::programming::in_force(&mut connection, &ids, call.at.date()).await?;
    let programmings = found
        .iter()
        .map(|programming| pb::Programming {
            lines: Vec::new(),
            ..convert::programming::programming(programming, in_force.contains(&programming.id))
        })
        .collect();
    Ok(pb::ListProgrammingsResponse {
        programmings,
        next_page_token,
    })
}

/// Each site of a contract against what is programmed today.
pub async fn check_contract(
    app: &App,
    call: &Call,
    request: pb::CheckContractProgrammingRequest,
) -> Result<pb::CheckContractProgrammingResponse, Error> {
    let contract = read_contracts::find(app, call, &request.contract).await?;
    let mut connection = app.db.pool().acquire().await?;
    let regime = rows::regime::of_code(&mut connection, &contract.legal_regime).await?;
    if !is_programmed(regime.kind) {
        return Ok(pb::CheckContractProgrammingResponse::default());
    }
    let today = legal_day(call.at, contract.region);
    let of = (contract.region, regime.kind);
    let sites = &contract.text.establishments;
    let programmed = rows::programming::of_sites(&mut connection, of, sites, today).await?;
    let years: BTreeMap<_, _> = programmed.iter().map(|(site, p)| (*site, p.year)).collect();
    let sites = fits(&contract.text, &years)
        .map(|(site, fit)| convert::programming::site(site, fit, programmed.get(&site)))
        .collect();
    Ok(pb::CheckContractProgrammingResponse { sites })
}
