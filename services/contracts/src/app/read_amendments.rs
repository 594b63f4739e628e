//! Reading amendments, and contracts as they make them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};
use sqlx::PgConnection;
use time::Date;

use super::{App, read_contracts, scope};
use crate::{
    domain::{
        Amendment, AmendmentId, Contract, ContractId, ContractText,
        amendment::{acts::Circumstances, consolidated},
    },
    grpc::convert,
    store::{
        self as rows,
        amendment::{Of, Signed},
    },
};

/// An amendment and its contract, if the caller may see them.
pub(super) async fn find(
    app: &App,
    call: &Call,
    name: &str,
) -> Result<(Amendment, Contract), Error> {
    let id: AmendmentId = convert::name("name", name)?;
    let not_found = || Error::NotFound(name.to_owned());
    let mut connection = app.db.pool().acquire().await?;
    let amendment = rows::amendment::find(&mut connection, id)
        .await?
        .ok_or_else(not_found)?;
    let contract = rows::contract::find(&mut connection, amendment.contract)
        .await?
        .ok_or_else(not_found)?;
    let contract = scope::visible_amendment(&mut connection, call, (contract, &amendment))
        .await?
        .ok_or_else(not_found)?;
    Ok((amendment, contract))
}

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let (amendment, contract) = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let regime = rows::regime::of_code(&mut connection, &contract.legal_regime).await?;
    let viewer = scope::viewer(call);
    let mandates = match &viewer {
        Some(person) => scope::mandates(&mut connection, person, contract.region).await?,
        None => Vec::new(),
    };
    let circumstances = Circumstances {
        contract: &contract,
        regime: &regime,
        mandates: &mandates,
        now: call.at,
    };
    let actions = amendment.allowed_actions(viewer.as_ref(), &circumstances);
    let kept = if amendment.changes.names_files() {
        let parents = [amendment.id.to_string(), amendment.contract.to_string()];
        rows::kept_file::of(&mut connection, &parents).await?
    } else {
        Vec::new()
    };
    Ok(pb::Amendment {
        annex_files: convert::content::annex_files(&amendment.changes.annexes.put, &kept),
        ..convert::amendment::amendment(&amendment, &contract, &actions)
    })
}

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListAmendmentsRequest,
) -> Result<pb::ListAmendmentsResponse, Error> {
    let open = if request.open { "open" } else { "" };
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[request.contract.as_str(), open],
    )?;
    let mut contracts = BTreeMap::new();
    let of = if request.contract.is_empty() {
        Of::Scope(scope::of_list(call))
    } else {
        let contract = read_contracts::find(app, call, &request.contract).await?;
        let id = contract.id;
        contracts.insert(id, contract);
        Of::Contract(id)
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let (which, limit) = ((&of, request.open), page.limit());
    let mut amendments = rows::amendment::list(&mut connection, which, after, limit).await?;
    let next_page_token = page.next(&mut amendments, |a| rpc::dated_key(a.created_at, a.id.0));
    let amended: BTreeSet<ContractId> = amendments.iter().map(|one| one.contract).collect();
    let others: Vec<ContractId> = amended
        .into_iter()
        .filter(|id| !contracts.contains_key(id))
        .collect();
    if !others.is_empty() {
        let others = rows::contract::some(&mut connection, &others).await?;
        contracts.extend(others.into_iter().map(|one| (one.id, one)));
    }
    let told = |amendment: &Amendment| {
        let contract = contracts.get(&amendment.contract)?;
        Some(convert::amendment::amendment(amendment, contract, &[]))
    };
    Ok(pb::ListAmendmentsResponse {
        amendments: amendments.iter().filter_map(told).collect(),
        next_page_token,
    })
}

pub async fn document(
    app: &App,
    call: &Call,
    request: pb::GetAmendmentDocumentRequest,
) -> Result<pb::AmendmentDocument, Error> {
    let (amendment, _) = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let (content, hash) = rows::amendment::document(&mut connection, amendment.id)
        .await?
        .ok_or_else(|| Error::NotFound(format!("the frozen document of {}", request.name)))?;
    Ok(pb::AmendmentDocument {
        amendment: request.name,
        content,
        sha256: hash.to_string(),
    })
}

/// The contract on a day: its signed text with the amendments in effect.
pub async fn consolidated_contract(
    app: &App,
    call: &Call,
    request: pb::GetConsolidatedContractRequest,
) -> Result<pb::ConsolidatedContract, Error> {
    let id: ContractId = convert::name("name", &request.name)?;
    let mut connection = app.db.pool().acquire().await?;
    let not_found = || Error::NotFound(request.name.clone());
    let (region, signed) = rows::contract::current_text(&mut connection, id)
        .await?
        .ok_or_else(not_found)?;
    let as_of = match request.as_of.as_str() {
        "" => legal_day(call.at, region),
        text => convert::date("as_of", text)?,
    };
    let (text, amendments) = on(&mut connection, id, &signed, as_of).await?;
    // Parties to the signed text, and those that are on the day.
    if !scope::sees_text(call, region, &signed) && !scope::sees_text(call, region, &text) {
        return Err(not_found());
    }
    Ok(pb::ConsolidatedContract {
        contract: request.name,
        as_of: as_of.to_string(),
        text: Some(convert::text(&text)),
        amendments: amendments.iter().map(convert::amendment::applied).collect(),
    })
}

/// The fold, and what went into it.
pub(super) async fn on(
    connection: &mut PgConnection,
    contract: ContractId,
    text: &ContractText,
    day: Date,
) -> Result<(ContractText, Vec<Signed>), store::Error> {
    let signed = rows::amendment::signed(connection, contract, day).await?;
    let amendments = signed.iter().map(|a| (a.effect_date, a.number, &a.changes));
    let text = consolidated(text, amendments, day);
    Ok((text, signed))
}
