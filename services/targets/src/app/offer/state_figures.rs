//! Records figures that people supply, all lines or none, and lists them.

use std::collections::BTreeSet;

use kernel::{Finess, Region};
use prost::{Message, Name};
use proto::targets::v1 as pb;
use rpc::{Call, Error, Page};
use sqlx::PgConnection;
use store::{Fact, Unit};

use super::{day_of, error::refused, region_of};
use crate::{
    app::{App, own_sites, target_sets},
    domain::{
        Defect,
        offer::{
            Allowance, AllowanceTarget, Statement, WaitingList,
            allowance_target::follow,
            defect, sound,
            statement::{check, check_own, latest, trajectory},
        },
    },
    grpc::{
        offer::{fundings, tariffs, waiting_lists},
        scalars::parse,
    },
    store::{
        contract_copy,
        offer::{reference, statement},
        registry_copy,
    },
};

/// People who wait, as establishments or others say it.
pub(crate) async fn waiting_lists(
    app: &App,
    call: &Call,
    request: &pb::RecordWaitingListsRequest,
) -> Result<pb::WaitingListRecording, Error> {
    let region = region_of(call, &request.region)?;
    let lists = waiting_lists::read(&request.waiting_lists)?;
    check("waiting_lists", &lists).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    let told: Vec<Finess> = lists.iter().map(|list| list.establishment).collect();
    require_numbers(unit.connection(), region, "waiting_lists", &told).await?;
    let message = pb::WaitingListsRecorded {
        region: region.to_string(),
        waiting_lists: request.waiting_lists.clone(),
    };
    let name = write(&mut unit, region, &lists, &message).await?;
    let reply = pb::WaitingListRecording {
        name,
        region: region.to_string(),
        lines: i32::try_from(lists.len()).unwrap_or(i32::MAX),
        create_time: Some(kit::timestamp(call.at)),
    };
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The allowances of establishments.
pub(crate) async fn allowances(
    app: &App,
    call: &Call,
    request: &pb::RecordAllowancesRequest,
) -> Result<pb::FundingRecording, Error> {
    let region = region_of(call, &request.region)?;
    let allowances = fundings::read_allowances(&request.allowances)?;
    check("allowances", &allowances).map_err(refused)?;
    let mut unit = claim!(app, call, request);
    let told: Vec<Finess> = allowances.iter().map(|one| one.establishment).collect();
    require_numbers(unit.connection(), region, "allowances", &told).await?;
    let message = pb::AllowancesRecorded {
        region: region.to_string(),
        allowances: request.allowances.clone(),
    };
    record(unit, call, region, &allowances, &message).await
}

/// What contracts are given; a departmental council records what it gives to those that it alone signs with the agency.
pub(crate) async fn fundings(
    app: &App,
    call: &Call,
    request: &pb::RecordFundingsRequest,
) -> Result<pb::FundingRecording, Error> {
    let region = region_of(call, &request.region)?;
    let fundings = fundings::read_fundings(&request.fundings)?;
    check("fundings", &fundings).map_err(refused)?;
    let councils = target_sets::councils(&call.caller);
    if councils.is_some() {
        check_own(&fundings)?;
    }
    let mut unit = claim!(app, call, request);
    let named: Vec<String> = fundings.iter().map(|one| one.contract.clone()).collect();
    let known =
        reference::contracts(unit.connection(), region, &named, councils.as_deref()).await?;
    let why = match councils {
        None => "is no contract of the region",
        Some(_) => "is no contract of the region that your council alone signs with the agency",
    };
    require("fundings", "contract", &named, &known, why)?;
    let message = pb::FundingsRecorded {
        region: region.to_string(),
        fundings: request.fundings.clone(),
    };
    record(unit, call, region, &fundings, &message).await
}

/// Writes statements about money, and ends the unit.
pub(super) async fn record<S: Statement + Sync, M: Message + Name>(
    mut unit: Unit,
    call: &Call,
    region: Region,
    statements: &[S],
    message: &M,
) -> Result<pb::FundingRecording, Error> {
    let name = write(&mut unit, region, statements, message).await?;
    let reply = pb::FundingRecording {
        name,
        region: region.to_string(),
        lines: i32::try_from(statements.len()).unwrap_or(i32::MAX),
        create_time: Some(kit::timestamp(call.at)),
    };
    unit.commit(&reply).await?;
    Ok(reply)
}

/// Writes statements and the fact that they were made; returns the name of the recording.
async fn write<S: Statement + Sync, M: Message + Name>(
    unit: &mut Unit,
    region: Region,
    statements: &[S],
    message: &M,
) -> Result<String, Error> {
    let id = kernel::new_id();
    let now = unit.at();
    statement::insert(unit.connection(), id, region, statements, now).await?;
    let name = format!("statements/{id}");
    let fact = Fact::new("statement", &name, 1, &name, region, message)?;
    unit.append(vec![fact]).await?;
    Ok(name)
}

/// Figures are those of establishments that the registry knows in the region, open or closed.
pub(super) async fn require_numbers(
    connection: &mut PgConnection,
    region: Region,
    field: &str,
    told: &[Finess],
) -> Result<(), Error> {
    let known = registry_copy::of_region(connection, region).await?;
    let why = "is not in the registry of the region; import it there first";
    require(field, "establishment", told, &known, why)
}

fn require<T: Ord + std::fmt::Display>(
    list: &str,
    field: &str,
    told: &[T],
    known: &BTreeSet<T>,
    why: &str,
) -> Result<(), Error> {
    let defects: Vec<Defect> = told
        .iter()
        .enumerate()
        .filter(|(_, one)| !known.contains(one))
        .map(|(place, one)| {
            let field = format!("{list}[{place}].{field}");
            defect(field, "UNKNOWN", format!("{one} {why}"))
        })
        .collect();
    sound(defects).map_err(refused)
}

/// The latest waiting lists on a day; an establishment reads its own, a council those of the contracts that it signs.
pub(crate) async fn list_waiting(
    app: &App,
    call: &Call,
    request: &pb::ListWaitingListsRequest,
) -> Result<pb::ListWaitingListsResponse, Error> {
    let region = region_of(call, &request.region)?;
    let as_of = day_of(call, region, &request.as_of)?;
    let page = Page::read(
        request.page_size,
        &request.page_token,
        &[&request.region, &request.establishment, &request.as_of],
    )?;
    let subjects = own_sites::among(app, call, region, &request.establishment).await?;
    let stated: Vec<WaitingList> =
        statement::current(app.db.pool(), region, subjects.as_deref()).await?;
    let place = |list: &WaitingList| (list.subject(), list.key());
    let mut found = latest(stated, as_of);
    found.sort_by_key(place);
    if let Some(after) = page.key::<String>(0)?.zip(page.key::<String>(1)?) {
        found.retain(|list| place(list) > after);
    }
    found.truncate(usize::try_from(page.limit()).unwrap_or(usize::MAX));
    let next_page_token = page.next(&mut found, |list| vec![list.subject(), list.key()]);
    Ok(pb::ListWaitingListsResponse {
        waiting_lists: found.iter().map(waiting_lists::write).collect(),
        next_page_token,
    })
}

/// The allowances of an establishment, year after year, and what they were set to be.
pub(crate) async fn list_allowances(
    app: &App,
    call: &Call,
    request: &pb::ListAllowancesRequest,
) -> Result<pb::ListAllowancesResponse, Error> {
    let establishment: Finess = parse("establishment", &request.establishment)?;
    let caller = &call.caller;
    let is_own = if caller.is_department() {
        let contracts = contract_copy::of_subject(app.db.pool(), establishment).await?;
        contracts
            .iter()
            .any(|contract| target_sets::sees(call, contract))
    } else {
        !caller.is_establishment() || caller.represents(&establishment)
    };
    let (region, _) = registry_copy::find(app.db.pool(), establishment)
        .await?
        .filter(|(region, _)| is_own && caller.sees(*region))
        .ok_or_else(|| Error::NotFound(format!("the allowances of {establishment}")))?;
    let steps = trajectory(of_establishment(app, region, establishment).await?);
    let subjects = [establishment.to_string()];
    let targets: Vec<AllowanceTarget> =
        statement::current(app.db.pool(), region, Some(&subjects)).await?;
    Ok(pb::ListAllowancesResponse {
        years: steps.iter().map(fundings::write_step).collect(),
        targets: follow(targets, &steps)
            .iter()
            .map(tariffs::write_followed)
            .collect(),
    })
}

/// The allowances on record of an establishment.
pub(crate) async fn of_establishment(
    app: &App,
    region: Region,
    establishment: Finess,
) -> Result<Vec<Allowance>, Error> {
    let subjects = [establishment.to_string()];
    Ok(statement::current(app.db.pool(), region, Some(&subjects)).await?)
}

/// Whether the caller may see a contract, and where it is.
pub(super) async fn region_of_contract(
    app: &App,
    call: &Call,
    contract: &str,
) -> Result<Region, Error> {
    let id = parse("contract", contract)?;
    let mut connection = app.db.pool().acquire().await?;
    contract_copy::find(&mut connection, id)
        .await?
        .filter(|contract| target_sets::sees(call, contract))
        .map(|contract| contract.region)
        .ok_or_else(|| Error::NotFound(contract.to_owned()))
}
