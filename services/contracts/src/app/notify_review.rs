//! The findings go to the establishment, which is invited to answer (CRPA L121-1, L122-1).

use kernel::legal_time::legal_day;
use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App,
    announce::{self, Sent},
};
use crate::{domain::review::act::HumanAct, grpc::convert, store as rows};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::NotifyReviewRequest,
) -> Result<pb::Review, Error> {
    let mut act = opened!(review_act::ReviewAct, app, call, request);
    let channel = convert::channel_from(request.channel());
    let message = convert::reasons("message", request.message)?;
    let region = act.review.region;
    let today = legal_day(act.unit.at(), region);
    let months = rows::regime::response_months(act.unit.connection(), region, today).await?;
    let sent = Sent {
        subject: act.review.id.to_string(),
        version: act.review.version,
        contract: act.review.contract,
        what: "une notification d’écarts",
    };
    let consented = announce::send(&mut act.unit, &sent, channel, &act.legal_entities).await?;
    act.carry_out(
        call,
        HumanAct::Notify {
            message,
            channel,
            consented,
            months,
        },
    )
    .await
}
