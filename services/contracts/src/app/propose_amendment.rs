//! A side proposes an amendment to a signed contract.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{App, amendment_act::text_on, attachments::require_annexes_kept, contract_act};
use crate::{
    domain::{
        Amendment, AmendmentId, Side,
        amendment::{
            Event, Proposal,
            acts::{Circumstances, propose},
        },
    },
    events::published,
    grpc::convert,
    store as rows,
};

pub async fn run(
    app: &App,
    call: &Call,
    request: pb::ProposeAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let (person, mut unit) = claim!(app, call, request);
    let contract = contract_act::lock(&mut unit, call, &request.contract).await?;
    let (changes, holders) = convert::amendment::changes_from(request.changes.as_ref())?;
    let proposal = Proposal {
        contract: contract.id,
        region: contract.region,
        reason: convert::amendment::reason_from(request.reason())?,
        effect_date: convert::date("effect_date", &request.effect_date)?,
        title: request.title,
        changes,
        consultations: request.consultations.into_iter().collect(),
        side: Side::Ars,
    };
    let text = text_on(&mut unit, &contract, proposal.effect_date).await?;
    let day = proposal.effect_date;
    let defence = rows::procedure_defence::concerned(unit.connection(), contract.id, day).await?;
    let proposal = proposal.consulting_defence(defence);
    let proposal = propose(proposal, &holders, &text, &contract, &person)?;
    let annexes = (&*proposal.changes.annexes.put, &*text.content.annexes);
    require_annexes_kept(unit.connection(), &[contract.id.to_string()], annexes).await?;
    let proposed = Amendment::proposed(AmendmentId::generate(), proposal.clone(), unit.at());
    rows::amendment::insert(unit.connection(), &proposed).await?;
    let event = Event::Proposed(Box::new(proposal));
    unit.append(vec![published::amendment(&proposed, &event, None)?])
        .await?;
    let regime = rows::regime::of_code(unit.connection(), &contract.legal_regime).await?;
    let circumstances = Circumstances {
        contract: &contract,
        regime: &regime,
        mandates: &[],
        now: unit.at(),
    };
    let actions = proposed.allowed_actions(Some(&person), &circumstances);
    let reply = convert::amendment::amendment(&proposed, &contract, &actions);
    unit.commit(&reply).await?;
    Ok(reply)
}
