//! C1: a draft between the agency and legal entities.

use kernel::{Region, legal_time::legal_day};
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use store::Begun;

use super::{App, attachments, contract_act, scope};
use crate::{
    domain::{
        Contract, ContractId,
        contract::acts::{self, Circumstances},
        regime::RegimeKind,
    },
    events::published,
    grpc::convert,
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::CreateContractRequest,
) -> Result<pb::Contract, Error> {
    let person = scope::acting(call)?;
    let command = call.command(&request.request_id, &request)?;
    let region: Region = request
        .region
        .parse()
        .map_err(|e| Error::invalid("region", e))?;
    call.caller.require_region(region, &call.permission)?;
    let kind = convert::regime_kind_from(request.regime_kind()).unwrap_or(RegimeKind::Hospital);
    let text = contract_act::text(request.text)?;
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let now = unit.at();
    let connection = unit.connection();
    // Nothing is kept for a contract before there is one: its annexes come with their files in its next version.
    attachments::require_annexes_kept(connection, &[], (&*text.content.annexes, &[][..])).await?;
    let registry = rows::perimeter::view(connection, &text).await?;
    let today = legal_day(now, region);
    let regime = rows::regime::on(connection, kind, today)
        .await?
        .ok_or_else(|| Error::internal(format!("no legal regime covers {today}")))?;
    let overlaps = if regime.mandatory {
        rows::perimeter::overlaps(connection, &text, None).await?
    } else {
        Vec::new()
    };
    let rank = rows::contract::next_rank(connection, region, today.year()).await?;
    let number = acts::number(region, today.year(), rank);
    let drafted = acts::draft(region, number, text, &registry, &overlaps, (&regime, today))?;
    let draft = Contract::replay(ContractId::generate(), [(&drafted, now)])
        .ok_or_else(|| Error::internal("a draft that does not begin a history"))?;
    rows::contract::insert(connection, &draft, person.human().actor()).await?;
    unit.append(vec![published::contract_fact(&draft, &drafted)?])
        .await?;
    let circumstances = Circumstances {
        regime: &regime,
        mandates: &[],
        now,
    };
    let actions = draft.allowed_actions(Some(&person), &circumstances);
    let reply = convert::contract(&draft, &actions);
    unit.commit(&reply).await?;
    Ok(reply)
}
