//! C3: a new version of the text; earlier ones stay as they were.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target, attachments,
    contract_act::{self, ContractAct, Opened},
};
use crate::{
    domain::contract::acts::{Act, Command},
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ProposeVersionRequest,
) -> Result<pb::Contract, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let mut act = match ContractAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
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
