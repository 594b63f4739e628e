//! The agency drafts the next version of a series.

use kernel::{Region, legal_time::legal_day};
use proto::contracts::v1 as pb;
use rpc::{Call, Error};
use store::Begun;

use crate::{
    app::{App, deadlines::follow, scope},
    domain::{
        ProgrammingId, Refusal,
        programming::{
            Series,
            acts::{self, Proposal},
        },
    },
    events::programming as published,
    grpc::convert,
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::DraftProgrammingRequest,
) -> Result<pb::Programming, Error> {
    let person = scope::acting(call)?;
    let command = call.command(&request.request_id, &request)?;
    let region: Region = request
        .region
        .parse()
        .map_err(|e| Error::invalid("region", e))?;
    call.caller.require_region(region, &call.permission)?;
    let kind = convert::regime_kind_from(request.regime_kind())
        .ok_or_else(|| Error::invalid("regime_kind", "is required"))?;
    let series = Series {
        region,
        kind,
        councils: convert::programming::councils_from(&request.councils)?,
    };
    let mut unit = match app.db.command(&command).await? {
        Begun::Replayed(reply) => return Ok(reply),
        Begun::Fresh(unit) => unit,
    };
    let now = unit.at();
    let today = legal_day(now, region);
    let connection = unit.connection();
    let rule = rows::programming::rule(connection, kind, today)
        .await?
        .ok_or_else(|| Error::internal(format!("no rule of programming covers {today}")))?;
    let horizon = rule.horizon(request.first_year);
    let (lines, registry) = super::lines(connection, &request.lines, horizon).await?;
    let (number, under_way) = rows::programming::next_number(connection, &series).await?;
    if let Some(programming) = under_way {
        return Err(Refusal::ProgrammingUnderWay { programming }.into());
    }
    let proposal = Proposal {
        id: ProgrammingId::generate(),
        series,
        number,
        horizon,
        lines,
        comment: request.comment,
    };
    let draft = acts::draft(proposal, &registry, &person, now)?;
    rows::programming::insert(connection, &draft).await?;
    unit.append(vec![published::drafted(&draft)?]).await?;
    follow::programming(unit.connection(), &draft).await?;
    let reply = convert::programming::programming(&draft, false);
    unit.commit(&reply).await?;
    Ok(reply)
}
