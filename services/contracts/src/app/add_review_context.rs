//! The deviation is put in its context.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App, Target, attachments,
    review_act::{Opened, ReviewAct},
};
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::AddReviewContextRequest,
) -> Result<pb::Review, Error> {
    let target = Target {
        name: &request.name,
        etag: &request.etag,
        request_id: &request.request_id,
    };
    let mut act = match ReviewAct::open(app, call, target, &request).await? {
        Opened::Replayed(reply) => return Ok(*reply),
        Opened::Fresh(act) => act,
    };
    let text = convert::reasons("text", request.text)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(
        call,
        HumanAct::AddContext {
            title: request.title,
            text,
            references: request.references,
            attachments,
        },
    )
    .await
}
