//! Tasks: raised by events, completed by people.

use kernel::Finess;
use proto::contracts::v1 as pb;
use rpc::{Call, Error, Page, etag};
use store::Unit;

use super::App;
use crate::{
    domain::{
        ContractId, Task, TaskId,
        task::{Kind, SiteNews, party_closed},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// Raises a task on every contract that news of a site concern.
pub(crate) async fn site_changed(unit: &mut Unit, news: &SiteNews) -> Result<(), store::Error> {
    let concerned = rows::task::concerned(unit.connection(), Some(news.finess), None).await?;
    for contract in concerned {
        if let Some(concern) = news.concern(&contract.parties) {
            raise(
                unit,
                &contract,
                format!("establishments/{}", news.finess),
                concern,
            )
            .await?;
        }
    }
    Ok(())
}

/// Raises a task on every contract of a party that closed.
pub(crate) async fn entity_closed(unit: &mut Unit, entity: Finess) -> Result<(), store::Error> {
    let concerned = rows::task::concerned(unit.connection(), None, Some(entity)).await?;
    for contract in concerned
        .iter()
        .filter(|contract| contract.parties.contains(&entity))
    {
        raise(
            unit,
            contract,
            format!("legalEntities/{entity}"),
            party_closed(entity),
        )
        .await?;
    }
    Ok(())
}

async fn raise(
    unit: &mut Unit,
    contract: &rows::task::Concerned,
    subject: String,
    (kind, explanation): (Kind, String),
) -> Result<(), store::Error> {
    let task = Task {
        id: TaskId::generate(),
        region: contract.region,
        contract: contract.id,
        kind,
        subject,
        explanation,
        raised_at: unit.at(),
        done: None,
        version: 1,
    };
    raise_once(unit, &task).await
}

/// Writes and tells a task, unless the same one is still open.
pub(crate) async fn raise_once(unit: &mut Unit, task: &Task) -> Result<(), store::Error> {
    if rows::task::raise(unit.connection(), task).await? {
        unit.append(vec![published::task_raised(task)?]).await?;
    }
    Ok(())
}

/// Lists tasks.
pub async fn list(
    app: &App,
    call: &Call,
    request: pb::ListTasksRequest,
) -> Result<pb::ListTasksResponse, Error> {
    let include_done = request.include_done.to_string();
    let arguments = [
        request.region.as_str(),
        request.contract.as_str(),
        include_done.as_str(),
    ];
    let page = Page::read(request.page_size, &request.page_token, &arguments)?;
    let contract: Option<ContractId> = convert::name_filter("contract", &request.contract)?;
    let filter = rows::task::Filter {
        regions: call.caller.regions(),
        region: convert::filter(&request.region),
        contract: contract.map(|id| id.0),
        include_done: request.include_done,
    };
    let after = page.dated()?;
    let mut connection = app.db.pool().acquire().await?;
    let mut tasks = rows::task::list(&mut connection, &filter, after, page.limit()).await?;
    let next_page_token = page.next(&mut tasks, |t| rpc::dated_key(t.raised_at, t.id.0));
    Ok(pb::ListTasksResponse {
        tasks: tasks.iter().map(convert::task).collect(),
        next_page_token,
    })
}

/// A person has dealt with a task.
pub async fn complete(
    app: &App,
    call: &Call,
    request: pb::CompleteTaskRequest,
) -> Result<pb::Task, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let id: TaskId = convert::name("name", &request.name)?;
    let task = rows::task::lock(unit.connection(), id)
        .await?
        .filter(|task| call.caller.sees(task.region))
        .ok_or_else(|| Error::NotFound(request.name.clone()))?;
    etag::check_telling(&mut unit, &task.id, &request.etag, task.version).await?;
    let note = convert::reasons("note", request.note)?;
    let after = task.complete(note, &person, unit.at())?;
    rows::task::save(unit.connection(), &after).await?;
    unit.append(vec![published::task_completed(&after)?])
        .await?;
    let reply = convert::task(&after);
    unit.commit(&reply).await?;
    Ok(reply)
}
