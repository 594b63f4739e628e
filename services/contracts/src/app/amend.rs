//! What people do with an amendment, one function an act.

use proto::contracts::v1 as pb;
use rpc::{Call, Error};

use super::{
    App,
    amendment_act::{text_on, waiting},
    amendment_impact, attachments, evidence,
};
use crate::{
    domain::{
        amendment::acts::{Act, Command},
        contract::Opinion,
        perimeter::check_overlaps,
        signature::Party,
    },
    grpc::convert,
    store as rows,
};

/// The other side agrees to talk.
pub async fn open_negotiation(
    app: &App,
    call: &Call,
    request: pb::OpenAmendmentNegotiationRequest,
) -> Result<pb::Amendment, Error> {
    let act = opened!(amendment_act::AmendmentAct, app, call, request);
    act.carry_out(Command::OpenNegotiation, None).await
}

/// Other changes are proposed.
pub async fn revise(
    app: &App,
    call: &Call,
    request: pb::ReviseAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    let (changes, holders) = convert::amendment::changes_from(request.changes.as_ref())?;
    let effect_date = convert::date("effect_date", &request.effect_date)?;
    act.check(Act::Revise)?;
    let text = text_on(&mut act.unit, &act.contract, effect_date).await?;
    let parents = [act.amendment.id.to_string(), act.contract.id.to_string()];
    let before = [&*act.amendment.changes.annexes.put, &*text.content.annexes].concat();
    let annexes = (&*changes.annexes.put, &*before);
    attachments::require_annexes_kept(act.unit.connection(), &parents, annexes).await?;
    let command = Command::Revise {
        effect_date,
        changes: Box::new(changes),
        holders,
        text: Box::new(text),
    };
    act.carry_out(command, None).await
}

/// One side agrees.
pub async fn agree(
    app: &App,
    call: &Call,
    request: pb::AgreeToAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    act.check(Act::Agree)?;
    let text = act.text_before().await?;
    let later = act.later().await?;
    let registry = act.registry(&text, &later).await?;
    let overlaps = act.overlaps().await?;
    let command = Command::Agree {
        text: Box::new(text),
        later,
        registry,
        overlaps,
    };
    act.carry_out(command, None).await
}

/// A body gave its opinion.
pub async fn record_opinion(
    app: &App,
    call: &Call,
    request: pb::RecordAmendmentOpinionRequest,
) -> Result<pb::Amendment, Error> {
    let act = opened!(amendment_act::AmendmentAct, app, call, request);
    let opinion = Opinion {
        sense: convert::sense_from(request.sense())?,
        date: convert::date("date", &request.date)?,
        body: request.body,
        comment: request.comment,
    };
    act.carry_out(Command::RecordOpinion(opinion), None).await
}

/// A person has read what it would change.
pub async fn acknowledge(
    app: &App,
    call: &Call,
    request: pb::AcknowledgeImpactRequest,
) -> Result<pb::Amendment, Error> {
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    act.check(Act::AcknowledgeImpact)?;
    let text = act.text_before().await?;
    let current = amendment_impact::of_act(&mut act, &text).await?;
    let given = request
        .impact_sha256
        .parse()
        .map_err(|e| Error::invalid("impact_sha256", e))?;
    act.carry_out(Command::AcknowledgeImpact { given, current }, None)
        .await
}

/// The document that is signed, with its number.
pub async fn freeze(
    app: &App,
    call: &Call,
    request: pb::FreezeAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    act.check(Act::Freeze)?;
    let contract = act.contract.id;
    let (number, other) = rows::amendment::next_number(act.unit.connection(), contract).await?;
    if let Some(other) = other {
        return Err(waiting(other));
    }
    let text = act.text_before().await?;
    let impact = amendment_impact::of_act(&mut act, &text).await?;
    let (content, sha256) = amendment_impact::freeze(&act, number, impact)?;
    let later = act.later().await?;
    let registry = act.registry(&text, &later).await?;
    let command = Command::Freeze {
        impact,
        number,
        sha256,
        text: Box::new(text),
        later,
        registry,
    };
    act.carry_out(command, Some(&content)).await
}

/// One party signs.
pub async fn sign(
    app: &App,
    call: &Call,
    request: pb::SignAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let party: Party = request
        .party
        .parse()
        .map_err(|e| Error::invalid("party", e))?;
    let title = request.signatory_title.clone();
    let command = Command::Sign {
        party,
        sha256: request
            .document_sha256
            .parse()
            .map_err(|e| Error::invalid("document_sha256", e))?,
        title: title.clone(),
    };
    // A first look, so that no lock is held while the provider works, and nothing is signed in vain.
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    check_overlaps(&act.overlaps().await?)?;
    act.rehearse(command.clone())?;
    let document = rows::amendment::document(act.unit.connection(), act.amendment.id).await?;
    let (document, _) =
        document.ok_or_else(|| Error::internal("an amendment is signed without its document"))?;
    let contract = act.contract.clone();
    drop(act);
    let proof = evidence::make(app, call, &document, (&contract, party, &title)).await?;
    let mut act = opened!(amendment_act::AmendmentAct, app, call, request);
    check_overlaps(&act.overlaps().await?)?;
    act.keep_evidence(party, &proof).await?;
    act.carry_out(command, None).await
}

/// One party withdraws before the last signature.
pub async fn withdraw_from_signature(
    app: &App,
    call: &Call,
    request: pb::WithdrawFromAmendmentSignatureRequest,
) -> Result<pb::Amendment, Error> {
    let act = opened!(amendment_act::AmendmentAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Command::WithdrawFromSignature { reasons }, None)
        .await
}

/// The other side refuses.
pub async fn reject(
    app: &App,
    call: &Call,
    request: pb::RejectAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let act = opened!(amendment_act::AmendmentAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Command::Reject { reasons }, None).await
}

/// The side that proposed it gives up.
pub async fn withdraw(
    app: &App,
    call: &Call,
    request: pb::WithdrawAmendmentRequest,
) -> Result<pb::Amendment, Error> {
    let act = opened!(amendment_act::AmendmentAct, app, call, request);
    let reasons = convert::reasons("reasons", request.reasons)?;
    act.carry_out(Command::Withdraw { reasons }, None).await
}
