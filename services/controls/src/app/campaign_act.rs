//! What starting, sharing and closing a campaign have in common: one transaction from the etag to the answer.

use ::store::{Begun, Db};
use proto::controls::v1 as pb;
use rpc::{Call, Error, etag};
use sqlx::PgConnection;
use uuid::Uuid;

use super::append_one;
use crate::{
    domain::{
        CampaignId,
        campaign::{Command, Outstanding, Progress},
    },
    events::published,
    grpc::convert,
    store::{
        campaign::{self, Act},
        follow_up, mission,
    },
};

/// What a decision may depend on, read in the same transaction.
pub(super) struct Known {
    pub(super) progress: Progress,
    pub(super) outstanding: Outstanding,
}

/// A command, and what the event that follows it is to the row.
pub(super) struct Decided<'a, A: Fn(Uuid) -> Act> {
    pub(super) command: Command<'a>,
    pub(super) act: A,
}

/// Carries out a command on a campaign that is named with its etag.
pub(super) async fn act<'a, A: Fn(Uuid) -> Act>(
    db: &Db,
    call: &Call,
    (command, (name, given)): (&::store::Command, (&str, &str)),
    decide: impl FnOnce(&Known) -> Decided<'a, A>,
) -> Result<pb::Campaign, Error> {
    let id: CampaignId = convert::name("name", name)?;
    let mut unit = match db.command(command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let recorded = campaign::lock(unit.connection(), id)
        .await?
        .ok_or_else(|| Error::NotFound(id.to_string()))?;
    let mut campaign = recorded.campaign;
    call.caller
        .require_region(campaign.region, &call.permission)?;
    etag::check_telling(&mut unit, &campaign.id, given, campaign.version).await?;
    let progress = campaign::progress(unit.connection(), &[id]).await?;
    let known = Known {
        progress: progress.get(&id).copied().unwrap_or_default(),
        outstanding: outstanding(unit.connection(), id).await?,
    };
    let decided = decide(&known);
    for event in campaign.decide(&decided.command)? {
        campaign = campaign.evolve(&event);
        let by = append_one(&mut unit, published::campaign(&campaign, &event)?).await?;
        campaign::update(unit.connection(), &campaign, (decided.act)(by), call.at).await?;
    }
    let recorded = campaign::Recorded {
        campaign,
        updated_at: call.at,
        ..recorded
    };
    let reply = convert::campaign(&recorded, known.progress);
    unit.commit(&reply).await?;
    Ok(reply)
}

/// What is left to people in a campaign.
pub(super) async fn outstanding(
    connection: &mut PgConnection,
    id: CampaignId,
) -> Result<Outstanding, ::store::Error> {
    Ok(Outstanding {
        unread: follow_up::unread(&mut *connection, id).await?,
        missions: mission::open_in(connection, id).await?,
    })
}
