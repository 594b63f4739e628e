//! Steps of commitments: told as done by who owes them.

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use store::constraint;

use super::{
    App, amendment_act::text_on, attachments::require_kept, contract_act, deadlines::follow,
};
use crate::{
    domain::{
        Refusal, StepId,
        step::{CompletedStep, Done, StepKey},
    },
    events::published,
    grpc::convert,
    store as rows,
};

/// Records that a step is done; its deadline goes.
pub async fn complete(
    app: &App,
    call: &Call,
    request: pb::CompleteStepRequest,
) -> Result<pb::CompletedStep, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = contract_act::lock(&mut unit, call, &request.contract).await?;
    let now = unit.at();
    let today = legal_day(now, contract.region);
    let text = text_on(&mut unit, &contract, today).await?;
    let step = StepKey {
        commitment: request.commitment,
        title: request.title,
        due_date: convert::date("due_date", &request.due_date)?,
    };
    let done = Done {
        date: convert::date("done_date", &request.done_date)?,
        note: request.note,
        attachments: convert::attachments_from(request.attachments)?,
    };
    require_kept(unit.connection(), &request.contract, &done.attachments).await?;
    let completed = CompletedStep::record(
        (StepId::generate(), step, done),
        (&contract, &text),
        &person,
        (today, now),
    )?;
    if let Err(error) = rows::step::insert(unit.connection(), &completed).await {
        if constraint(&error) == Some(rows::step::ONCE) {
            return Err(Refusal::StepAlreadyDone.into());
        }
        return Err(error.into());
    }
    unit.append(vec![published::step_completed(&completed)?])
        .await?;
    follow::contract_again(unit.connection(), &contract, now).await?;
    let reply = convert::completed_step(&completed);
    unit.commit(&reply).await?;
    Ok(reply)
}
