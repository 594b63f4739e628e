//! Reading contracts, their versions and their documents.

use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page};

use super::{App, scope};
use crate::{
    domain::{Contract, ContractId, content::Annex, contract::acts::Circumstances},
    grpc::convert,
    store as rows,
};

/// A contract the caller may see, or nothing.
pub(crate) async fn find(app: &App, call: &Call, name: &str) -> Result<Contract, Error> {
    let id: ContractId = convert::name("name", name)?;
    let mut connection = app.db.pool().acquire().await?;
    let not_found = || Error::NotFound(name.to_owned());
    let contract = rows::contract::find(&mut connection, id)
        .await?
        .ok_or_else(not_found)?;
    scope::visible(&mut connection, call, contract)
        .await?
        .ok_or_else(not_found)
}

pub async fn get(
    app: &App,
    call: &Call,
    request: pb::GetContractRequest,
) -> Result<pb::Contract, Error> {
    let contract = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let regime = rows::regime::of_code(&mut connection, &contract.legal_regime).await?;
    let viewer = scope::viewer(call);
    let mandates = match &viewer {
        Some(person) => scope::mandates(&mut connection, person, contract.region).await?,
        None => Vec::new(),
    };
    let circumstances = Circumstances {
        regime: &regime,
        mandates: &mandates,
        now: call.at,
    };
    let actions = contract.allowed_actions(viewer.as_ref(), &circumstances);
    let completed = rows::step::of_contract(&mut connection, contract.id).await?;
    let annexes = &contract.text.content.annexes;
    let kept = if annexes.iter().any(Annex::is_file) {
        rows::kept_file::of(&mut connection, &[contract.id.to_string()]).await?
    } else {
        Vec::new()
    };
    Ok(pb::Contract {
        completed_steps: completed.iter().map(convert::completed_step).collect(),
        annex_files: convert::content::annex_files(annexes, &kept),
        ..convert::contract(&contract, &actions)
    })
}

pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListContractsRequest,
) -> Result<pb::ListContractsResponse, Error> {
    let state = convert::contract_state_filter(request.state());
    let arguments = [
        request.region.as_str(),
        &request.legal_entity,
        state.unwrap_or_default(),
        &request.query,
        request.kind().as_str_name(),
        &request.department,
        &request.ending_before,
        if request.amendment_to_sign {
            "to sign"
        } else {
            ""
        },
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let filter = rows::contract::Filter {
        scope: scope::of_list(call),
        region: convert::filter(&request.region),
        legal_entity: convert::legal_entity_filter(&request.legal_entity)?,
        state,
        kind: convert::regime_kind_from(request.kind()),
        department: convert::filter(&request.department),
        ending_before: convert::date_filter("ending_before", &request.ending_before)?,
        amendment_to_sign: request.amendment_to_sign,
        words: request.query,
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut contracts = rows::contract::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut contracts, |c| rpc::dated_key(c.created_at, c.id.0));
    let contracts = contracts
        .iter()
        .map(|contract| convert::contract(contract, &[]))
        .collect();
    Ok(pb::ListContractsResponse {
        contracts,
        next_page_token,
    })
}

pub async fn versions(
    app: &App,
    call: &Call,
    request: pb::ListContractVersionsRequest,
) -> Result<pb::ListContractVersionsResponse, Error> {
    let contract = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let versions = rows::contract::versions(&mut connection, contract.id).await?;
    let mut annexes = versions.iter().flat_map(|one| &one.text.content.annexes);
    let kept = if annexes.any(Annex::is_file) {
        rows::kept_file::of(&mut connection, &[contract.id.to_string()]).await?
    } else {
        Vec::new()
    };
    let versions = versions.iter().map(|one| convert::version(one, &kept));
    Ok(pb::ListContractVersionsResponse {
        versions: versions.collect(),
    })
}

pub async fn frozen_document(
    app: &App,
    call: &Call,
    request: pb::GetFrozenDocumentRequest,
) -> Result<pb::FrozenDocument, Error> {
    let contract = find(app, call, &request.name).await?;
    let mut connection = app.db.pool().acquire().await?;
    let (content, hash) = rows::contract::document(&mut connection, contract.id)
        .await?
        .ok_or_else(|| Error::NotFound(format!("the frozen document of {}", request.name)))?;
    Ok(pb::FrozenDocument {
        contract: request.name,
        content,
        sha256: hash.to_string(),
    })
}
