//! The establishment answers.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, attachments};
use crate::{domain::review::act::HumanAct, grpc::convert};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::SubmitObservationsRequest,
) -> Result<pb::Review, Error> {
    let mut act = opened!(review_act::ReviewAct, app, call, request);
    let text = convert::reasons("text", request.text)?;
    let attachments = convert::attachments_from(request.attachments)?;
    attachments::require_kept(act.unit.connection(), &request.name, &attachments).await?;
    act.carry_out(call, HumanAct::SubmitObservations { text, attachments })
        .await
}
