//! Adds to a dialogue what people said, or closes it.

use rpc::{Call, Error, etag};

use super::error::refused;
use crate::{
    app::App,
    domain::planning::{dialogue::DialogueCommand, secrecy::check_flows},
    events::planning as published,
    grpc::{planning::dialogues, scalars::parse},
    store::planning::{Dated, dialogue, inflection},
};

/// What every change names.
pub(crate) struct Change<'a> {
    pub(crate) name: &'a str,
    pub(crate) etag: &'a str,
    pub(crate) request_id: &'a str,
}

pub(crate) async fn run(
    app: &App,
    call: &Call,
    change: Change<'_>,
    request: &impl prost::Message,
    mut asked: DialogueCommand,
) -> Result<proto::targets::v1::TerritoryDialogue, Error> {
    let id = parse("name", change.name)?;
    let mut unit = claim!(app, call.command(change.request_id, request)?);
    let found = super::lock_dialogue(&mut unit, call, id).await?;
    etag::check_telling(&mut unit, &found.value.id, change.etag, found.value.version).await?;
    if let DialogueCommand::Close { undecided, .. } = &mut asked {
        *undecided = inflection::count_proposed(unit.connection(), id).await?;
    }
    if let DialogueCommand::RecordDiagnosis(finding) = &asked {
        let (region, cited) = (found.value.region, &finding.evidence);
        super::check_evidence(unit.connection(), call, region, "finding", cited).await?;
    }
    if let DialogueCommand::RetainProjection(retained) = &asked {
        let region = found.value.region;
        let largest_hidden = super::largest_hidden(unit.connection(), call, region).await?;
        check_flows(&retained.input.flows, largest_hidden).map_err(refused)?;
    }
    let event = found.value.decide(asked).map_err(refused)?;
    let changed = found.value.evolve(&event);
    dialogue::update(unit.connection(), &changed, call.at).await?;
    unit.append(vec![published::dialogue(&changed, &event)?])
        .await?;
    let reply = dialogues::write(&Dated {
        value: changed,
        created_at: found.created_at,
        updated_at: call.at,
    });
    unit.commit(&reply).await?;
    Ok(reply)
}
