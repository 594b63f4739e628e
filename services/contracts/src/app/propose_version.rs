//! C3: a new version of the text; earlier ones stay as they were.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments, contract_act};
use crate::{
    domain::contract::acts::{Act, Command},
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ProposeVersionRequest,
) -> Result<pb::Contract, Error> {
    let mut act = opened!(contract_act::ContractAct, app, call, request);
    let text = contract_act::text(request.text)?;
    act.check(Act::ProposeVersion)?;
    let (parents, before) = ([act.contract.id.to_string()], &act.contract.text.content);
    let annexes = (&*text.content.annexes, &*before.annexes);
    attachments::require_annexes_kept(act.unit.connection(), &parents, annexes).await?;
    let registry = rows::perimeter::view(act.unit.connection(), &text).await?;
    let comment = request.comment;
    act.carry_out(
        Command::ProposeVersion {
            text: Box::new(text),
            comment,
            registry,
        },
        None,
    )
    .await
}
